"""When a code was first seen, and when it is a new one: a fold over what the frames show.

A code held up is told once, however many frames show it, and again only after it was gone for a while.
It is told with the moment of the first frame in which it was located, because there an intake's stopwatch
starts. No clock is read here.
"""

from __future__ import annotations

from kiosk.camera.picture import Reading

GONE = 1.0
"""Seconds out of sight after which a code held up again is a new sighting."""
LONGEST = 30.0
"""Seconds after which something located and never read is furniture, not a phone held up."""


class Sightings:
    """The codes before one camera."""

    def __init__(self) -> None:
        self._shown: dict[str, float] = {}
        self._since: float | None = None
        self._located = 0.0

    def saw(self, at: float, reading: Reading) -> list[tuple[str, float]]:
        """Take in the frame of moment `at`; returns each newly read text with its first sight."""
        if self._since is not None and (at - self._located > GONE or at - self._since > LONGEST):
            self._since = None
        self._shown = {text: last for text, last in self._shown.items() if at - last <= GONE}
        new = [text for text in reading.texts if text not in self._shown]
        self._shown.update(dict.fromkeys(reading.texts, at))
        if reading.located:
            self._located = at
            # An old code still in view starts nobody's stopwatch.
            self._since = (at if self._since is None else self._since) if new or not reading.texts else None
        if not new:
            return []
        first = at if self._since is None else self._since
        self._since = None
        return [(text, first) for text in new]
