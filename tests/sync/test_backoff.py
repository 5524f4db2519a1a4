"""Waiting: never long, never in step, never for ever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync.backoff import CAP, Backoff


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=200))
def test_a_wait_is_anything_up_to_a_bound_that_doubles_to_a_minute(fractions):
    """However often it fails, the wait stays under the bound and the bound under a minute."""
    given_out = iter(fractions)
    backoff = Backoff(lambda: next(given_out))
    for failures, fraction in enumerate(fractions):
        assert backoff.wait() == fraction * min(CAP, 2.0**failures)


def test_success_starts_small_again():
    """After it worked once, the next failure is answered quickly."""
    backoff = Backoff(lambda: 0.999)
    for _ in range(5000):
        assert backoff.wait() < CAP
    backoff.reset()
    assert backoff.wait() < 1
