"""A stopwatch says when a household was first seen, how long it took, and whose time it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.acts import Timing
from kiosk.timing import Session
from played_time import HandClock

seconds = st.floats(0, 3600, allow_nan=False)


@pytest.fixture
def clock():
    return HandClock(4711.25)


@pytest.fixture
def session(clock):
    return Session(clock, 1_760_000_000)


def test_the_clock_starts_at_first_sight(clock, session):
    """A code that was located 0.4 s before anybody looked starts its stopwatch there."""
    clock.turn(10)
    seen = clock()
    clock.turn(0.4)
    stopwatch = session.stopwatch(seen)
    clock.turn(1)
    assert stopwatch.reading() == Timing(1_760_000_000, 10_000, 1_400, 0)


def test_without_an_earlier_sight_it_starts_now(clock, session):
    """The key that opens asked entry is the start."""
    clock.turn(2)
    stopwatch = session.stopwatch()
    clock.turn(3)
    assert stopwatch.elapsed == pytest.approx(3)
    assert stopwatch.reading() == Timing(1_760_000_000, 2_000, 3_000, 0)


def test_machine_time_is_what_the_program_took(clock, session):
    """Work inside and work done elsewhere add up; waiting for people does not count."""
    stopwatch = session.stopwatch()
    with stopwatch.machine():
        clock.turn(0.25)
    clock.turn(5)
    stopwatch.add_machine(0.1)
    assert stopwatch.reading() == Timing(1_760_000_000, 0, 5_250, 350)


def test_machine_time_counts_when_the_work_fails(clock, session):
    """A card that was pulled out early still took the reader's time."""
    stopwatch = session.stopwatch()

    def pulled_out():
        with stopwatch.machine():
            clock.turn(0.5)
            raise TimeoutError

    with pytest.raises(TimeoutError):
        pulled_out()
    assert stopwatch.reading().machine == 500


def test_sight_before_the_session_is_its_start(clock, session):
    """A frame older than the session starts no stopwatch in the past of zero."""
    assert session.stopwatch(clock() - 5).reading().start == 0


@given(st.lists(st.tuples(st.booleans(), seconds), max_size=20), seconds)
def test_the_machine_never_took_longer_than_everything(parts, elsewhere):
    """Whatever happened, 0 ≤ machine ≤ taken, so that what is left for people is never negative."""
    clock = HandClock(4711.25)
    stopwatch = Session(clock, 1).stopwatch()
    for machine, lasted in parts:
        if machine:
            with stopwatch.machine():
                clock.turn(lasted)
        else:
            clock.turn(lasted)
    stopwatch.add_machine(elsewhere)
    timing = stopwatch.reading()
    assert 0 <= timing.machine <= timing.taken
    assert timing.taken == pytest.approx(1000 * sum(lasted for _, lasted in parts), abs=1)
