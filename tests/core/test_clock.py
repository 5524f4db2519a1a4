"""The hybrid clock orders, whatever the wall clock does."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.clock import MAX_LEAD_MS, HybridClock, milliseconds, moment

walls = st.floats(0, 4e9, allow_nan=False)


@given(st.lists(walls, min_size=1, max_size=30), st.integers(0, 2**62))
def test_values_always_rise(readings, last):
    """A wall clock that stands still or jumps years back never repeats or undercuts a value."""
    hands = iter(readings)
    clock = HybridClock(lambda: next(hands), last)
    values = [clock.now() for _ in readings]
    assert values == sorted(set(values))
    assert values[0] > last


@given(walls)
def test_time_can_be_read_from_a_value(wall):
    """When the wall clock is right, a value tells its millisecond."""
    value = HybridClock(lambda: wall).now()
    assert milliseconds(value) == int(wall * 1000)
    assert abs(moment(value) - dt.datetime.fromtimestamp(wall, dt.UTC)) <= dt.timedelta(milliseconds=1)


@given(walls, st.integers(0, MAX_LEAD_MS))
def test_what_was_seen_comes_before(wall, lead):
    """After another desk's value, ours is later, though our wall clock is behind."""
    clock = HybridClock(lambda: wall)
    foreign = (int(wall * 1000) + lead) << 16 | 7
    clock.saw(foreign)
    assert clock.now() > foreign


@given(walls, st.integers(1, 2**40))
def test_a_clock_far_ahead_is_not_followed(wall, beyond):
    """One laptop that lives in 2030 drags nobody there."""
    clock = HybridClock(lambda: wall)
    clock.saw((int(wall * 1000) + MAX_LEAD_MS + beyond) << 16)
    assert milliseconds(clock.now()) == int(wall * 1000)


def test_many_acts_in_one_millisecond():
    """70,000 values in one millisecond still rise; they borrow from the next."""
    clock = HybridClock(lambda: 1.0)
    values = [clock.now() for _ in range(70_000)]
    assert len(set(values)) == 70_000
    assert milliseconds(values[-1]) == 1001
