"""Stopwatches: how long a reception took, by the definitions of docs/manual/timing.md.

An intake starts at the first sight of the household at the desk (card detected, first frame in which the
code is located, the key that opens asked entry) and ends when the event is committed. *Machine* time is
what the program took; *human* time is the rest. Clocks are passed in; nothing here sleeps or prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.core.acts import Timing
from kiosk.core.clock import MonotonicClock


class Session:
    """One run of the program: the zero from which its stopwatches count.

    `number` tells runs apart, because monotonic clocks start anywhere; seconds since 1970 at the start
    of the run serve well.
    """

    def __init__(self, clock: MonotonicClock, number: int) -> None:
        self.clock = clock
        self.number = number
        self._zero = clock()

    def stopwatch(self, seen: float | None = None) -> Stopwatch:
        """A running stopwatch, started now or at the earlier reading `seen` of the same clock."""
        return Stopwatch(self, self.clock() if seen is None else seen)

    def since_start(self, reading: float) -> int:
        """Milliseconds from the session's start to a reading of its clock."""
        return max(0, round((reading - self._zero) * 1000))


class Stopwatch:
    """One intake's clock: started at first sight, read when the event is handed to the ledger."""

    def __init__(self, session: Session, started: float) -> None:
        self._session = session
        self._started = started
        self._machine = 0.0

    @property
    def elapsed(self) -> float:
        """Seconds since first sight."""
        return self._session.clock() - self._started

    @contextmanager
    def machine(self) -> Iterator[None]:
        """Time spent inside is the program's, not the people's."""
        begun = self._session.clock()
        try:
            yield
        finally:
            self.add_machine(self._session.clock() - begun)

    def add_machine(self, seconds: float) -> None:
        """Add time the program took elsewhere (the decoder's process, the card reader's thread)."""
        self._machine += seconds

    def reading(self) -> Timing:
        """The timing block, now."""
        taken = max(0, round(self.elapsed * 1000))
        machine = min(taken, round(self._machine * 1000))
        return Timing(self._session.number, self._session.since_start(self._started), taken, machine)
