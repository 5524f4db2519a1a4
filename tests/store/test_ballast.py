"""A full disk: what was kept in reserve lets the desk go on, and staff are told while there is still time."""

from __future__ import annotations

import pytest

from kiosk.core.household import Method
from kiosk.core.notices import DISK_SENTENCES, Disk
from kiosk.desk import Arrival
from kiosk.errors import KnownError
from kiosk.store import ballast
from kiosk.store.ballast import LOW, SIZE, Ballast


class Room:
    """A disk with so much free."""

    def __init__(self, free):
        self.free = free

    def __call__(self, _folder):
        return self.free


@pytest.fixture
def room():
    return Room(10 * LOW)


@pytest.fixture
def kept(tmp_path, room):
    return Ballast(tmp_path, free=room)


def full():
    return KnownError("disk_full", "ディスク", "full")


def test_the_ballast_really_takes_room(kept, tmp_path):
    """It is no sparse file: its blocks are there."""
    assert kept.lay()
    status = (tmp_path / ballast.NAME).stat()
    assert status.st_size == SIZE
    assert status.st_blocks * 512 >= SIZE


def test_it_is_thrown_once(kept):
    """What was thrown is gone; there is no second one to throw."""
    kept.lay()
    assert kept.throw()
    assert not kept.throw()


def test_it_does_not_take_the_last_room_of_a_full_disk(kept, room):
    """It comes back only when there is room for more than it."""
    room.free = LOW
    assert not kept.lay()
    room.free = LOW + SIZE
    assert kept.lay()


def test_a_low_disk_is_told_before_it_is_full(kept, room):
    """Staff hear of it while everything still works."""
    kept.lay()
    assert kept.disk is Disk.ROOM
    room.free = LOW - 1
    assert kept.disk is Disk.LOW
    assert DISK_SENTENCES[kept.disk]


def test_a_disk_without_its_ballast_is_low(kept):
    """When the reserve is spent, somebody should make room even if it seems that there is some."""
    kept.lay()
    kept.throw()
    assert kept.disk is Disk.LOW


def test_a_refusal_stands_until_there_is_room_or_something_was_written(kept, room):
    """The state goes back by itself, with nobody pressing anything."""
    kept.lay()
    room.free = 0
    kept.refused(full())
    assert kept.disk is Disk.FULL
    room.free = SIZE
    assert kept.disk is Disk.LOW
    room.free = 0
    kept.wrote()
    assert kept.disk is Disk.LOW


@pytest.mark.parametrize(("code", "disk"), [("read_only", Disk.READ_ONLY), ("disk_unwritable", Disk.FAILING)])
def test_a_disk_that_takes_nothing_is_told_as_what_it_is(kept, code, disk):
    """Read-only and failing disks need other hands than a full one."""
    kept.refused(KnownError(code, "ディスク"))
    assert kept.disk is disk
    kept.refused(KnownError("store_damaged", "データ"))  # not the disk's
    assert kept.disk is disk
    kept.wrote()
    assert kept.disk is not disk


def test_a_reception_that_does_not_fit_takes_the_ballasts_room(ledger, desk, monkeypatch):
    """The disk is full, the ballast goes, and the household is received all the same."""
    monkeypatch.setattr(ballast, "LOW", 0)
    ledger.rest()
    connection = ledger.parts.connection
    connection.execute("PRAGMA max_page_count = 1").fetchall()  # SQLite keeps at least what there is

    def throw(real=ledger.parts.ballast.throw):
        connection.execute("PRAGMA max_page_count = 1000000").fetchall()
        return real()

    monkeypatch.setattr(Ballast, "throw", lambda _: throw())
    for _ in range(60):
        people = [desk.new_person(name="山田　花子") for _ in range(9)]
        desk.receive(Arrival(Method.DESK, desk.new_household(people, note="x" * 400)))
    assert len(ledger.households()) == 60
    assert not (ledger.parts.data / ballast.NAME).exists()
    assert ledger.disk is Disk.LOW
    ledger.rest()
    assert ledger.disk is Disk.ROOM
