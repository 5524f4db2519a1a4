"""A laptop loses its evening and HQ has it: everybody is on the list again, and no number is given twice."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from joined import codes, desk_of, proven, receive, synced, unlocked
from kiosk.core.acts import Key
from kiosk.store import backup, opening, reopening, restoring, salvage
from kiosk.store.cipher import StoreKey
from kiosk.store.entrance import prove
from people import BOSS_SECRET
from sync import outbox
from sync.hq.erasure import erase_household

NOW = 1_700_000_000.0


def evening(data, hq):
    """Four more households, one of which has left again, all at HQ; what the roster then says."""
    with unlocked(data) as store:
        desk = desk_of(store)
        rows = [receive(desk, name) for name in ("四", "五", "六", "七")]
        desk.leave(rows[1].household.id, [one.id for one in rows[1].household.members])
    assert synced(data, hq) == "synced"
    with unlocked(data) as store:
        return listed(store)


def listed(store):
    return {row.number: (row.household.id, row.whereabouts) for row in store.ledger.roster(limit=100)}


def lies_in_inbox(data):
    return outbox.segments(outbox.inbox(data))


def test_a_disk_put_back_to_the_afternoon_gets_its_evening_from_hq(data, hq, tmp_path):
    """All of the folder is an old state, so nothing on the laptop can know; HQ does, and gives it back."""
    afternoon = tmp_path / "afternoon"
    shutil.copytree(data, afternoon)
    evenings = evening(data, hq)
    counted = proven(hq)
    assert synced(afternoon, hq) == "hq_ahead"
    assert lies_in_inbox(afternoon)
    with unlocked(afternoon) as store:
        assert codes(store) == ["taken_back"]
        assert listed(store) == evenings
        # The laptop of the evening may still be there: under the old id nothing is ever written again.
        (words,) = store.ledger.parts.log.events()
        assert Key.BEFORE in words.public
        before = store.ledger.parts.views.contents()
        store.ledger.rebuild()
        assert store.ledger.parts.views.contents() == before
        assert receive(desk_of(store), "八").number not in evenings
        assert store.ledger.problems(deep=True) == []
    assert not lies_in_inbox(afternoon)
    assert synced(afternoon, hq) == "synced"
    assert proven(hq) == (counted[0] + 2, counted[1] + 1)
    with unlocked(afternoon) as store:
        assert codes(store) == []


def test_a_backup_of_the_afternoon_on_another_laptop_gets_the_evening_from_hq(data, hq, tmp_path):
    """The laptop itself is gone: what came to HQ since the backup is on the new one after its next start."""
    with unlocked(data) as store:
        made = backup.write(store, tmp_path, lambda: NOW)
    evenings = evening(data, hq)
    other = tmp_path / "other"
    restoring.restore(made.path, other, BOSS_SECRET, wall=lambda: NOW)
    with unlocked(other) as store:
        night = receive(desk_of(store), "八")
        assert len(listed(store)) == 3 + 1
    assert synced(other, hq) == "synced"
    with unlocked(other) as store:
        assert codes(store) == ["taken_back"]
        assert listed(store) == evenings | {night.number: listed(store)[night.number]}
        assert store.ledger.problems(deep=True) == []
    assert not lies_in_inbox(other)
    assert synced(other, hq) == "synced"


def test_what_hq_erased_is_counted_and_not_named(data, hq, tmp_path):
    """A household that was erased at HQ comes back as a number of people, without a word of who."""
    afternoon = tmp_path / "afternoon"
    shutil.copytree(data, afternoon)
    evening(data, hq)
    with unlocked(data) as store:
        (gone,) = store.ledger.roster("六")
        counts = store.ledger.counts()
    with hq.database.write() as connection:
        assert erase_household(connection, gone.household.id) == 1
    synced(afternoon, hq)
    with unlocked(afternoon) as store:
        assert store.ledger.counts() == counts
        assert store.ledger.roster("六") == []
        assert len(store.ledger.roster("七")) == 1
        assert store.ledger.problems(deep=True) == []


def test_a_lost_end_without_files_comes_back_although_the_laptop_went_on(data, hq):
    """Database and outbox both lost their end; the laptop goes on as another, and is made whole later."""
    evenings = evening(data, hq)
    spare = data.with_name("spare")
    with unlocked(data) as store:
        device = store.ledger.device
        store.ledger.parts.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        receive(desk_of(store), "九")
        store.ledger.publish()
        shutil.copytree(data, spare)
    synced(data, hq)
    for name in outbox.segments(outbox.folder(spare)):
        if name.last > 6:
            (outbox.folder(spare) / str(name)).unlink()
    (spare / "store.db-wal").unlink()
    with unlocked(spare) as store:
        assert "log_cut" in codes(store)
        assert store.ledger.device != device
        receive(desk_of(store), "十")
    assert synced(spare, hq) == "synced"
    with unlocked(spare) as store:
        assert codes(store) == ["taken_back"]
        assert set(evenings) < set(listed(store))
        assert len(listed(store)) == len(evenings) + 2
        assert store.ledger.problems(deep=True) == []


def put_back(data, hq, tmp_path):
    """The folder of the afternoon, told that HQ is ahead, with the evening in its inbox; and the evening."""
    afternoon = tmp_path / "afternoon"
    shutil.copytree(data, afternoon)
    evenings = evening(data, hq)
    assert synced(afternoon, hq) == "hq_ahead"
    return afternoon, evenings


def received_before_the_lock(folder, tmp_path):
    """A household is received under the old id while the evening already waits in the inbox."""
    aside, heads = tmp_path / "aside", outbox.folder(folder) / outbox.HEADS
    told = heads.read_bytes()
    shutil.move(outbox.inbox(folder), aside)
    heads.unlink()
    with unlocked(folder) as store:
        row = receive(desk_of(store), "夜", persons=5)
    shutil.move(aside, outbox.inbox(folder))
    heads.write_bytes(told)
    return row


def settled(folder, hq):
    """A few starts and attempts later: what the laptop then says, and how the last attempt went."""
    state = ""
    for _ in range(3):
        state = synced(folder, hq)
        with unlocked(folder):
            pass
    with unlocked(folder) as store:
        assert store.ledger.problems(deep=True) == []
        return state, codes(store), listed(store)


@pytest.mark.parametrize("pushed", [True, False], ids=["before the restart", "after it"])
def test_whoever_was_received_before_the_restart_is_counted_too(data, hq, tmp_path, pushed):
    """Under numbers that HQ knows as others': said again under the new id, whenever HQ hears of it."""
    folder, _ = put_back(data, hq, tmp_path)
    counted = proven(hq)
    row = received_before_the_lock(folder, tmp_path)
    if pushed:
        assert synced(folder, hq) == "fork"
    state, told, roster = settled(folder, hq)
    assert (state, told) == ("synced", [])
    assert row.number in roster
    assert proven(hq) == (counted[0] + 5, counted[1] + 1)
    assert not lies_in_inbox(folder)


@pytest.mark.parametrize("place", ["_see_that_it_is_sound", "_go_on_anew"])
def test_cut_off_between_the_two_the_laptop_still_goes_on_as_another(data, hq, tmp_path, monkeypatch, place):
    """The evening is in the log, the new id is not: the next start remembers what the first one meant."""
    folder, evenings = put_back(data, hq, tmp_path)
    before = outbox.read_link(outbox.folder(folder)).device

    def ends(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(reopening, place, ends)
        with pytest.raises(KeyboardInterrupt), unlocked(folder):
            pass
    with unlocked(folder) as store:
        assert listed(store) == evenings
        assert store.ledger.device != before


def test_what_was_erased_here_stays_erased_in_what_comes_back(data, hq, tmp_path):
    """HQ never heard of the erasure, and gives a later amendment of the same household back."""
    with unlocked(data) as store:
        made = backup.write(store, tmp_path, lambda: NOW)
    with unlocked(data) as store:
        (row,) = store.ledger.roster("三")
        desk_of(store).amend(replace(row.household, phone="090-9999-8888"))
    assert synced(data, hq) == "synced"
    other = tmp_path / "other"
    restoring.restore(made.path, other, BOSS_SECRET, wall=lambda: NOW)
    with unlocked(other) as store:
        store.ledger.erase(row.household.id, "主任", "本人の 申し出")
    synced(other, hq)
    with unlocked(other) as store:
        assert codes(store) == ["taken_back"]
        assert store.ledger.roster("三") == []
        (gone,) = [one for one in store.ledger.roster(limit=9) if one.household.id == row.household.id]
        assert gone.household.phone == ""
        assert store.ledger.problems(deep=True) == []
    assert not lies_in_inbox(other)


def test_a_damaged_file_in_the_inbox_is_fetched_again(data, hq, tmp_path):
    """It is told once, goes, and HQ is asked for what it held."""
    folder, evenings = put_back(data, hq, tmp_path)
    (name,) = lies_in_inbox(folder)
    path = outbox.inbox(folder) / str(name)
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    with unlocked(folder) as store:
        assert "segment_damaged" in codes(store)
    assert not lies_in_inbox(folder)
    state, told, roster = settled(folder, hq)
    assert (state, told, roster) == ("synced", [], evenings)


def test_a_file_that_can_not_be_deleted_keeps_nobody_out(data, hq, tmp_path, monkeypatch):
    """On some systems whoever reads a file holds it: it goes at the next start."""
    folder, evenings = put_back(data, hq, tmp_path)
    deleted = Path.unlink

    def held(path, **how):
        if path.parent.name == "inbox":
            raise PermissionError(13, "in use")
        deleted(path, **how)

    with monkeypatch.context() as busy:
        busy.setattr(Path, "unlink", held)
        with unlocked(folder) as store:
            assert listed(store) == evenings
        assert lies_in_inbox(folder)
    with unlocked(folder) as store:
        assert codes(store) == []
    assert not lies_in_inbox(folder)


def test_a_mended_store_that_hq_completed_is_another_device_too(data, hq, tmp_path):
    """`kiosk check --repair` takes in what HQ gave back, and the next start goes on under a new id."""
    folder, evenings = put_back(data, hq, tmp_path)
    before = outbox.read_link(outbox.folder(folder)).device
    keys = [StoreKey.from_bytes(one) for one in prove(folder, BOSS_SECRET).keys]
    salvage.salvage(folder, keys, opening.read_sheet(folder), lambda: NOW)
    with unlocked(folder) as store:
        assert listed(store) == evenings
        assert store.ledger.device != before


def test_mending_prefers_what_only_the_wreck_has_to_hqs_branch(data, hq, tmp_path):
    """A reception that stood in the damaged database alone is not given up for HQ's other event."""
    folder, _ = put_back(data, hq, tmp_path)
    row = received_before_the_lock(folder, tmp_path)
    newest = outbox.segments(outbox.folder(folder))[-1]
    (outbox.folder(folder) / str(newest)).unlink()
    keys = [StoreKey.from_bytes(one) for one in prove(folder, BOSS_SECRET).keys]
    salvage.salvage(folder, keys, opening.read_sheet(folder), lambda: NOW)
    with unlocked(folder) as store:
        assert row.number in listed(store)


def test_a_copy_that_lives_on_does_not_fill_this_laptop(data, hq, tmp_path):
    """What the former device says after its successor is known, another laptop said: it is not given."""
    folder, evenings = put_back(data, hq, tmp_path)
    with unlocked(folder):
        pass
    hq.now += 60
    assert synced(folder, hq) == "synced"
    hq.now += 60
    with unlocked(data) as store:
        receive(desk_of(store), "九")
    synced(data, hq)
    assert synced(folder, hq) == "synced"
    assert not lies_in_inbox(folder)
    with unlocked(folder) as store:
        assert codes(store) == []
        assert listed(store) == evenings
