"""When a code was first seen, and when it is a new one: a fold over what the frames show.

A code held up is told once, however many frames show it, and again only after it was gone for a while;
then it is said how long it was gone, because somebody who shows the same phone twice wants to hear
"already done". It is told with the moment of the first frame in which it was located, because there an
intake's stopwatch starts. No clock is read here.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.camera.picture import Reading

GONE = 1.0
"""Seconds out of sight after which a code held up again is a new sighting."""
HELD = 3.0
"""Seconds for which a code that is located and can not be read is still the one that was read before: the
lamp moved over it, not another phone."""
AGAIN = 10.0
"""Seconds for which a code is remembered after it was last seen."""
LONGEST = 30.0
"""Seconds after which something located and never read is furniture, not a phone held up."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A code was held up."""

    text: str
    first_seen: float
    """The moment of the first frame in which it was located."""
    gone: float | None = None
    """Seconds since it was last seen; None when that is longer ago than `AGAIN`, or never was."""


@dataclass(slots=True)
class _Shown:
    read: float
    seen: float


class Sightings:
    """The codes before one camera."""

    def __init__(self) -> None:
        self._shown: dict[str, _Shown] = {}
        self._since: float | None = None
        self._located = 0.0

    def saw(self, at: float, reading: Reading) -> list[Sighting]:
        """Take in the frame of moment `at`; returns each newly held up code."""
        if self._since is not None and (at - self._located > GONE or at - self._since > LONGEST):
            self._since = None
        self._shown = {text: one for text, one in self._shown.items() if at - one.seen <= AGAIN}
        there = {text for text, one in self._shown.items() if at - one.seen <= GONE}
        new = [text for text in reading.texts if text not in there]
        gone = {text: at - self._shown[text].seen for text in new if text in self._shown}
        self._shown.update({text: _Shown(at, at) for text in reading.texts})
        if reading.located and not reading.texts:
            for text in there:
                if at - self._shown[text].read <= HELD:
                    self._shown[text].seen = at
        if reading.located:
            self._located = at
            # An old code still in view starts nobody's stopwatch.
            self._since = (at if self._since is None else self._since) if new or not reading.texts else None
        if not new:
            return []
        first = at if self._since is None else self._since
        self._since = None
        return [Sighting(text, first, gone.get(text)) for text in new]
