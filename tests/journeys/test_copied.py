"""A laptop is copied, and both go on: nobody is lost, nobody is counted twice, and both are told."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import replace

import pytest

from at_desk import supervisor
from joined import codes, desk_of, proven, receive, synced, unlocked
from kiosk.core.acts import Key
from kiosk.core.household import Method
from kiosk.core.roll import Whereabouts
from kiosk.desk import Arrival
from kiosk.errors import KnownError
from kiosk.store import closing
from kiosk.store.ledger import Ledger
from kiosk.timing import Session
from sync import outbox
from sync.runner import Runner


def test_times_of_before_stand_in_the_report_of_after(data, hq, tmp_path):
    """A laptop that goes on as another device reports all of its receptions, each once."""
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    with unlocked(data) as store:
        timed(store, 5)
    synced(data, hq)
    with unlocked(copy) as store:
        timed(store, 2)
        timed(store, 3)
    synced(copy, hq)
    with unlocked(copy) as store:
        assert "said_again" in codes(store)
        assert sorted(row.persons for row in store.ledger.intakes()) == [2, 3]


def timed(store, persons):
    """A reception with a stopwatch."""
    desk = desk_of(store)
    watch = Session(lambda: 1.0, 1).stopwatch()
    desk.receive(Arrival(Method.COUNT, desk.heads(persons), None, watch))


def busy(folder):
    """What the copy's desk did before anybody knew; returns what its roster then said."""
    with unlocked(folder) as store:
        desk = desk_of(store)
        first, second, third = (receive(desk, name, persons=3) for name in ("写一", "写二", "写三"))
        desk.add_members(first.household.id, [desk.new_person(name="あとから　来た")])
        desk.leave(first.household.id, [first.household.members[0].id])
        desk.amend(replace(second.household, phone="090-1111-2222", area="和室"))
        desk.keep_secret(second.household.id)
        desk.undo(desk.away(second.household.id))
        desk.undo(third)
        fourth, fifth = receive(desk, "写四", persons=1), receive(desk, "写五", persons=1)
        desk.keep_secret(fourth.household.id)
        desk.end_secrecy(fourth.household.id, "本人の 申し出", supervisor("主任", 7).actor)
        pair = fifth.household.members[0].id, fourth.household.members[0].id
        desk.merge(fifth.household.id, fourth.household.id, [pair])
        return picture(store.ledger)


def picture(ledger):
    """All that a roster says, but when and by which event."""
    rows = ledger.roster(limit=1000, secret=True)
    return ledger.counts(), {
        (row.household, row.number, row.method, row.whereabouts, row.receptions, tuple(row.elsewhere.items()))
        for row in rows
    }


def test_both_branches_of_a_copied_laptop_are_counted_once(data, hq, tmp_path):
    """The second one hears of the fork, goes on as a new device, and says again what was not counted."""
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    with unlocked(data) as store:
        receive(desk_of(store), "元", persons=5)
        original = store.ledger.device
    assert synced(data, hq) == "synced"
    said = busy(copy)
    assert synced(copy, hq) == "fork"
    with unlocked(copy) as store:
        assert "said_again" in codes(store)
        assert store.ledger.device != original
        assert picture(store.ledger) == said
        assert store.ledger.problems(deep=True) == []
        before = store.ledger.parts.views.contents()
        store.ledger.rebuild()
        assert store.ledger.parts.views.contents() == before
    assert synced(copy, hq) == "synced"
    # Three of two, the original's of five; of the copy's 3 + 1 - 1, 3 and 1, nobody of the third.
    assert proven(hq) == (3 * 2 + 5 + 3 + 3 + 1, 3 + 1 + 3)
    with contextlib.closing(Runner(outbox.folder(copy))) as runner:
        runner.round()
        # HQ is not sent again what it would refuse again.
        assert runner.requests == 1
    with unlocked(copy) as store:
        assert codes(store) == []
        assert closing.unsent(store.ledger.parts) == 0
        assert picture(store.ledger) == said
    with unlocked(data) as store:
        assert codes(store) == []


@pytest.mark.parametrize("written", [0, 1, 2, 3, 5, 9])
def test_what_a_crash_leaves_unsaid_is_said_at_the_next_start(data, hq, tmp_path, monkeypatch, written):
    """Wherever it was cut off, each event is said again once."""
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    with unlocked(data) as store:
        receive(desk_of(store), "元", persons=5)
    synced(data, hq)
    said = busy(copy)
    synced(copy, hq)
    real, done = Ledger.append_again, []

    def full(ledger, *how):
        if len(done) == written:
            raise KnownError("disk_full", "いっぱいです。", "full")
        done.append(how)
        return real(ledger, *how)

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "append_again", full)
        with unlocked(copy) as store:
            assert "other_branch" in codes(store)
    for time in range(3):
        with unlocked(copy) as store:
            assert ("said_again" in codes(store)) == (time == 0)
            assert picture(store.ledger) == said
            again = [
                tuple(one.public[Key.AGAIN])
                for one in store.ledger.parts.log.events()
                if Key.AGAIN in one.public
            ]
            assert len(again) == len(set(again))
    assert synced(copy, hq) == "synced"
    assert proven(hq) == (3 * 2 + 5 + 3 + 3 + 1, 3 + 1 + 3)


def test_until_hq_says_where_they_part_the_copy_only_tells_of_it(data, hq, tmp_path):
    """An HQ of an earlier version says no number: both are kept, and staff are told at each start."""
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    with unlocked(data) as store:
        receive(desk_of(store), "元", persons=5)
    synced(data, hq)
    busy(copy)
    synced(copy, hq)
    (outbox.folder(copy) / outbox.PARTED).unlink()
    for _ in range(2):
        with unlocked(copy) as store:
            assert codes(store) == ["other_branch"]
            assert {row.whereabouts for row in store.ledger.roster(limit=99)} == {Whereabouts.HERE}
