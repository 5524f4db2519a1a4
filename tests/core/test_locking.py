"""When a desk locks itself, on a clock that a test turns."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.locking import SHIFT_SECONDS, AutoLock, Lock
from kiosk.errors import KnownError
from played_time import HandClock


@pytest.fixture
def clock():
    return HandClock(5_000.0)


def test_it_locks_after_three_minutes_without_anybody(clock):
    """Nobody there for 3 minutes: locked, not sooner."""
    lock = AutoLock(clock)
    clock.turn(179)
    assert lock.due() is None
    assert lock.left() == pytest.approx(1)
    clock.turn(1)
    assert lock.due() is Lock.IDLE
    assert lock.left() == 0


def test_somebody_there_keeps_it_open(clock):
    """Each touch begins the three minutes anew."""
    lock = AutoLock(clock)
    for _ in range(100):
        clock.turn(179)
        lock.touched()
        assert lock.due() is None


def test_it_locks_after_twelve_hours_whoever_is_there(clock):
    """A shift ends, though the desk was never left alone."""
    lock = AutoLock(clock)
    for _ in range(12 * 60 - 1):
        clock.turn(60)
        lock.touched()
        assert lock.due() is None
    clock.turn(60)
    lock.touched()
    assert lock.due() is Lock.SHIFT


def test_a_key_after_the_time_opens_nothing(clock):
    """A laptop that was shut for eight hours is locked, whatever is pressed first."""
    lock = AutoLock(clock)
    clock.turn(8 * 3600)
    lock.touched()
    assert lock.due() is Lock.IDLE


def test_it_locks_when_asked(clock):
    """Somebody goes away and says so."""
    lock = AutoLock(clock)
    lock.ask()
    assert lock.due() is Lock.ASKED
    lock.touched()
    assert lock.due() is Lock.ASKED


@pytest.mark.parametrize("minutes", [1, 3, 10])
def test_the_minutes_can_be_chosen(clock, minutes):
    """One minute where the public stands close, ten in a room of one's own."""
    lock = AutoLock(clock, minutes)
    clock.turn(minutes * 60 - 0.5)
    assert lock.due() is None
    clock.turn(0.5)
    assert lock.due() is Lock.IDLE


@pytest.mark.parametrize("minutes", [0, 11, -3])
def test_never_is_no_choice(clock, minutes):
    """Less than a minute or more than ten is refused."""
    with pytest.raises(KnownError, match="bad_lock_time"):
        AutoLock(clock, minutes)


@given(st.lists(st.floats(-3600, 3600), max_size=40), st.randoms(use_true_random=False))
def test_a_clock_that_jumps_never_opens_it_for_longer(jumps, order: random.Random):
    """However a broken clock goes back and forth, forward time since the last touch is at most 3 minutes."""
    clock = HandClock(5_000.0)
    lock = AutoLock(clock)
    latest = touched = begun = clock.now
    for jump in jumps:
        clock.turn(jump)
        latest = max(latest, clock.now)
        if latest - touched >= 180 or latest - begun >= SHIFT_SECONDS:
            assert lock.due() is not None
            break
        assert lock.due() is None
        if order.random() < 0.5:
            lock.touched()
            touched = latest


def test_another_time_holds_from_now_on(clock):
    """Who is there and chooses 10 minutes has 10; what is over stays over."""
    lock = AutoLock(clock)
    clock.turn(100)
    lock.wait(10)
    clock.turn(400)
    assert lock.due() is None
    lock.wait(1)
    assert lock.due() is Lock.IDLE
    lock.wait(10)
    assert lock.due() is Lock.IDLE
    with pytest.raises(KnownError):
        AutoLock(clock).wait(11)
