"""Time as a test plays it: a clock turned by hand, and waiting for what others do."""

from __future__ import annotations

import time

PATIENCE = 20.0
"""Seconds: a loaded machine is not a broken one."""


class HandClock:
    """A clock that a test turns; reading it moves it by `step`."""

    def __init__(self, now=0.0, step=0.0):
        self.now, self.step = now, step

    def __call__(self):
        self.now += self.step
        return self.now

    def turn(self, seconds):
        """Let so much time pass."""
        self.now += seconds


def wait_until(condition, what="what was waited for", seconds=PATIENCE):
    """Return when the condition holds.

    Raises:
        TimeoutError: `what` did not happen in time.
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.002)
