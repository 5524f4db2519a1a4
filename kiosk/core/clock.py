"""Hybrid logical clock: wall time where it can be had, order always.

A value is one integer: milliseconds since 1970 in the upper 48 bits, a counter in the lower 16. It
orders the display and the fold; it is never a cursor and never decides what is a duplicate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

WallClock = Callable[[], float]
"""Seconds since 1970, like `time.time`: may jump."""
MonotonicClock = Callable[[], float]
"""Seconds from anywhere, like `time.monotonic`: never goes back."""

JAPAN = dt.timezone(dt.timedelta(hours=9), "JST")
"""The zone in which every time is read. It knows no summer time: no zone file is needed."""

MAX_LEAD_MS = 5 * 60_000
"""A foreign clock further ahead than this is not followed: one laptop in 2030 must not drag all there."""


class HybridClock:
    """Gives strictly rising values, whatever the wall clock does.

    A wall clock that was wrong by years and is put right is followed back down only as far as order
    allows: `last` is never undercut.
    """

    def __init__(self, wall: WallClock, last: int = 0) -> None:
        self._wall = wall
        self.last = last

    def now(self) -> int:
        """The next value, greater than every one before."""
        self.last = max(self.last + 1, int(self._wall() * 1000) << 16)
        return self.last

    def saw(self, foreign: int) -> None:
        """Take note of a value from another device, unless its clock is far ahead of ours."""
        if foreign >> 16 <= int(self._wall() * 1000) + MAX_LEAD_MS:
            self.last = max(self.last, foreign)


def milliseconds(at: int) -> int:
    """Milliseconds since 1970 of a clock value."""
    return at >> 16


def moment(at: int) -> dt.datetime:
    """The wall time of a clock value, in UTC."""
    return dt.datetime.fromtimestamp((at >> 16) / 1000, tz=dt.UTC)
