"""A laptop loses its evening and HQ has it: everybody is on the list again, and no number is given twice."""

from __future__ import annotations

import shutil

from joined import codes, desk_of, proven, receive, synced, unlocked
from kiosk.core.acts import Key
from kiosk.store import backup, restoring
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
