"""How long somebody waits after wrong secrets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.tries import LONGEST, Moment, Tries, wait_after


def test_the_wait_doubles_and_ends_at_five_minutes():
    """1, 2, 4 … 256, 300 seconds, and never more."""
    assert [wait_after(number) for number in range(11)] == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300]
    assert wait_after(10**9) == LONGEST


def test_a_hundred_wrong_secrets_take_hours():
    """Who guesses at the lock screen gets nowhere in a night."""
    assert sum(map(wait_after, range(1, 101))) > 7 * 3600


@given(st.integers(1, 200), st.floats(0, 1e6), st.floats(0, 400))
def test_the_wait_runs_off_once_and_is_never_for_ever(failures, begun, passed):
    """What is left shrinks by the time that passed, to nothing."""
    tries = Tries(failures, Moment("a", begun))
    left = tries.left(Moment("a", begun + passed))
    assert abs(left - max(0.0, wait_after(failures) - passed)) < 1e-6
    assert tries.left(Moment("a", begun + LONGEST)) < 1e-6


@given(st.integers(1, 200), st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_restart_gives_nothing_away(failures, begun, now):
    """In another run of the laptop the whole wait is still to come."""
    assert Tries(failures, Moment("a", begun)).left(Moment("b", now)) == wait_after(failures)


def test_a_clock_that_went_back_gives_nothing_away():
    """The same word for another run: the whole wait."""
    assert Tries(5, Moment("a", 100.0)).left(Moment("a", 99.0)) == wait_after(5)
