"""When a desk locks itself: after minutes without anybody, and after hours in any case.

Pure: it counts on a clock that is passed in, which never goes back and goes on while the laptop sleeps. How
a lock is carried out (the process that holds the key ends) is the launcher's.
"""

from __future__ import annotations

import enum

from kiosk.core.clock import MonotonicClock
from kiosk.errors import KnownError

IDLE_MINUTES = range(1, 11)
DEFAULT_IDLE_MINUTES = 3
SHIFT_SECONDS = 12 * 3600.0
EXIT_LOCKED = 75
"""A desk's process ends with this code when it locks: it is to be started again."""


class Lock(enum.Enum):
    """Why a desk locks."""

    IDLE = "idle"
    SHIFT = "shift"
    """So many hours after it was unlocked, whoever is there."""
    ASKED = "asked"


class AutoLock:
    """The clock of one unlocked desk; make it when the desk was unlocked.

    Once it is over it stays over: a key pressed after the time, on a laptop that slept, opens nothing.
    """

    def __init__(self, clock: MonotonicClock, idle_minutes: int = DEFAULT_IDLE_MINUTES) -> None:
        """Begin now.

        Raises:
            KnownError: `bad_lock_time` unless 1 to 10 minutes.
        """
        self._clock = clock
        self._idle = _seconds(idle_minutes)
        self._begun = self._touched = self._latest = clock()
        self._over: Lock | None = None

    def wait(self, idle_minutes: int) -> None:
        """Somebody who is there chose another time. What is over stays over.

        Raises:
            KnownError: `bad_lock_time` unless 1 to 10 minutes.
        """
        seconds = _seconds(idle_minutes)
        if self.due() is None:
            self._idle = seconds

    def touched(self) -> None:
        """Somebody is there: a key, a touch, a household received."""
        if self.due() is None:
            self._touched = self._latest

    def ask(self) -> None:
        """Lock now."""
        if self.due() is None:
            self._over = Lock.ASKED

    def due(self) -> Lock | None:
        """Why the desk must lock now; None while it may stay open."""
        # A clock that went back would open the desk for longer: only its forward steps count.
        self._latest = max(self._latest, self._clock())
        if self._over is None:
            if self._latest - self._begun >= SHIFT_SECONDS:
                self._over = Lock.SHIFT
            elif self._latest - self._touched >= self._idle:
                self._over = Lock.IDLE
        return self._over

    def left(self) -> float:
        """Seconds until it locks if nobody comes; 0 when it is due."""
        if self.due() is not None:
            return 0.0
        return min(self._idle - (self._latest - self._touched), SHIFT_SECONDS - (self._latest - self._begun))


def _seconds(idle_minutes: int) -> float:
    if idle_minutes not in IDLE_MINUTES:
        raise KnownError(
            "bad_lock_time",
            "ロックまでの 時間は 1分から 10分までです。",
            "the desk locks after 1 to 10 minutes",
        )
    return idle_minutes * 60.0
