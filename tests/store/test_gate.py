"""Who tried too often waits, and no restart, clock or spoilt file changes that."""

from __future__ import annotations

import pytest

from kiosk.core.tries import LONGEST, Moment
from kiosk.errors import KnownError
from kiosk.store import gate as gates
from kiosk.store.gate import ANYBODY, Gate, MustWait

WHO = b"somebody"


class Laptop:
    """A laptop's clock; waiting moves it."""

    def __init__(self):
        self.boot, self.seconds, self.waited = "first", 100.0, 0.0

    def now(self):
        return Moment(self.boot, self.seconds)

    def sleep(self, seconds):
        self.seconds += seconds
        self.waited += seconds

    def restart(self):
        self.boot += "+"
        self.seconds = 30.0


@pytest.fixture
def laptop():
    return Laptop()


@pytest.fixture
def gate(tmp_path, laptop):
    def make():
        return Gate(tmp_path, laptop.now, laptop.sleep)

    return make


def test_a_hundred_wrong_tries_take_more_than_half_an_hour(gate, laptop):
    """Each try ends the program and starts it again: nothing is forgotten."""
    begun, waits = laptop.seconds, []
    for _ in range(100):
        while True:
            try:
                gate().enter(WHO)
                break
            except MustWait as told:
                waits.append(told.seconds)
                laptop.seconds += told.seconds
    assert laptop.seconds - begun > 7 * 3600
    assert waits == sorted(waits)
    assert max(waits) == LONGEST


def test_a_short_wait_is_waited_here(gate, laptop):
    """Somebody who mistyped once or twice is not turned away, only slowed down."""
    for expected in (0, 1, 2, 4):
        before = laptop.waited
        gate().enter(WHO)
        assert laptop.waited - before == pytest.approx(expected)


def test_being_told_to_wait_is_no_try(gate, laptop):
    """Pressing Enter again during the wait makes it no longer."""
    for _ in range(4):
        gate().enter(WHO)
    for _ in range(10):
        with pytest.raises(MustWait):
            gate().enter(WHO)
    assert gate().failures(WHO) == 4
    laptop.seconds += 8
    gate().enter(WHO)


def test_a_try_that_was_cut_off_counts(gate):
    """Ending the program in the middle of a try gains nothing."""
    gate().enter(WHO)
    assert gate().failures(WHO) == 1


def test_opening_forgets_the_failures(gate, laptop):
    """The right secret ends it, for that way in only."""
    for _ in range(4):
        gate().enter(WHO)
        gate().enter(b"another!")
    gate().opened(WHO)
    before = laptop.waited
    gate().enter(WHO)
    assert laptop.waited == before
    with pytest.raises(MustWait):
        gate().enter(b"another!")


def test_a_restart_begins_the_wait_anew_but_only_once(gate, laptop):
    """Switching off and on gains nothing, and nobody waits for ever."""
    for _ in range(7):
        while True:
            try:
                gate().enter(WHO)
                break
            except MustWait as told:
                laptop.seconds += told.seconds
    laptop.seconds += 60
    laptop.restart()
    with pytest.raises(MustWait) as told:
        gate().enter(WHO)
    assert told.value.seconds == 64
    laptop.seconds += 62
    gate().enter(WHO)


@pytest.mark.parametrize("seconds", [-1e9, -1.0, 0.0])
def test_a_clock_set_back_gains_nothing(gate, laptop, seconds):
    """The wait is begun anew."""
    for _ in range(4):
        gate().enter(WHO)
    laptop.seconds += seconds
    with pytest.raises(MustWait):
        gate().enter(WHO)


@pytest.mark.parametrize("data", [b"", b"spoilt", b"\x82\x01\x81\x84\x01\x02\x60\x03"])
def test_a_spoilt_note_costs_one_long_wait(tmp_path, gate, laptop, data):
    """Spoiling the file does not make guessing free, and does not keep staff out."""
    (tmp_path / gates.FILE).write_bytes(data)
    with pytest.raises(MustWait) as told:
        gate().enter(WHO)
    assert told.value.seconds == 256
    laptop.seconds += told.value.seconds
    gate().enter(WHO)
    gate().opened(WHO)
    gate().enter(ANYBODY)


def test_a_disk_that_can_not_be_written_keeps_nobody_out(gate, laptop, monkeypatch):
    """On a full disk a try costs a few seconds instead of a note."""

    def full(*_arguments):
        raise KnownError("disk_full", "ディスクが いっぱいです。", "the disk is full")

    monkeypatch.setattr(gates, "write_whole", full)
    for _ in range(5):
        before = laptop.waited
        gate().enter(WHO)
        assert laptop.waited - before == gates.PATIENCE


def test_a_wait_is_told_in_seconds():
    """Staff and programs read how long."""
    told = MustWait(63.2)
    assert (told.code, told.seconds, told.extra) == ("must_wait", 64, {"seconds": 64})
    assert "64秒" in told.sentence


def test_the_laptops_own_clock(tmp_path):
    """The real clock goes forward, and names this run of the laptop the same each time."""
    first, second = gates.this_moment(), gates.this_moment()
    assert first.boot == second.boot
    assert first.seconds <= second.seconds
    assert Gate(tmp_path).failures(WHO) == 0
