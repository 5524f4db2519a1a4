"""How long somebody waits after wrong secrets: longer each time, never for ever, and nothing is wiped.

Pure: the wait is counted on a clock that counts from the laptop's start, so that setting the calendar gains
nothing; after a restart it is served anew. Whoever can copy the disk guesses elsewhere anyway: against them
stands what a guess costs (`kiosk.core.key_slots`), not this.
"""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 300.0
DOUBT = 9
"""Failures assumed where the note of them is damaged: as many as lead to the longest wait."""


def wait_after(failures: int) -> float:
    """Seconds to wait after so many failures in a row: 0, 1, 2, 4 … 256, and 300 from then on."""
    if failures <= 0:
        return 0.0
    return min(LONGEST, float(1 << min(failures - 1, 30)))


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in one run of the laptop."""

    boot: str
    """Tells one run from another."""
    seconds: float
    """Since that run began: never goes back."""


@dataclass(frozen=True, slots=True)
class Tries:
    """The failures of one way in since it last opened."""

    failures: int
    last: Moment
    """When the last one was made, or when the wait was begun anew after a restart."""

    def left(self, now: Moment) -> float:
        """Seconds still to wait."""
        if not self.is_of(now):
            return wait_after(self.failures)
        return max(0.0, wait_after(self.failures) - (now.seconds - self.last.seconds))

    def is_of(self, now: Moment) -> bool:
        """Whether the wait is counted in the present run of the laptop."""
        return now.boot == self.last.boot and now.seconds >= self.last.seconds

    def failed(self, now: Moment) -> Tries:
        """One more."""
        return Tries(self.failures + 1, now)
