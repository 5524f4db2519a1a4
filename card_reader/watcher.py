"""Notices readers and cards as they come and go, and tells.

A thread of our own that looks ten times a second. pyscard's CardMonitor is not used: its thread dies
with a traceback when the system's card service stops, its observers hear nothing of it, and Windows
stops that service whenever the last reader is unplugged. Here a service that is gone simply looks
like readers that are gone, and looking goes on.

It refuses to know what is on a card; it never opens one.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Self, TypeAlias

from card_reader.channel import Clock, Presence, ReaderPort
from card_reader.errors import CardError

log = logging.getLogger(__name__)

What: TypeAlias = Literal["reader_came", "reader_gone", "card_came", "card_gone"]

LOOK_EVERY_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something came or went. `at` is the watcher's clock, in seconds: a stopwatch may start there."""

    what: What
    reader: str
    at: float


def differences(before: Mapping[str, Presence], now: Mapping[str, Presence]) -> list[tuple[What, str]]:
    """Tell what happened between two looks, in an order in which it may have happened.

    A card that is there both times, but with another number of changes, went and came.
    """
    seen: list[tuple[What, str]] = []
    for name, was in before.items():
        there = now.get(name)
        if was.card and (there is None or not there.card or there.changes != was.changes):
            seen.append(("card_gone", name))
        if there is None:
            seen.append(("reader_gone", name))
    for name, there in now.items():
        was_there = before.get(name)
        if was_there is None:
            seen.append(("reader_came", name))
        fresh = was_there is None or not was_there.card or there.changes != was_there.changes
        if there.card and fresh:
            seen.append(("card_came", name))
    return seen


class Watcher:
    """Looks at a port from its own thread and tells every `Sighting`, until stopped.

    `tell` is called in the watcher's thread and should only pass the value on. Use as a context, or
    call `start` and `stop`.
    """

    def __init__(
        self,
        port: ReaderPort,
        tell: Callable[[Sighting], None],
        *,
        clock: Clock = time.monotonic,
        every: float = LOOK_EVERY_SECONDS,
    ) -> None:
        self._port = port
        self._tell = tell
        self._clock = clock
        self._every = every
        self._last: Mapping[str, Presence] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def there(self) -> Mapping[str, Presence]:
        """What the last look saw: readers by name. Never waits, unlike a look, so a window may ask it."""
        return self._last

    def look(self) -> None:
        """Look once and tell what changed; what the thread does over and over."""
        try:
            now = self._port.look()
        except CardError as error:
            if self._last:
                log.warning("the card service is not there (%s); still looking", error.code)
            now = {}
        at = self._clock()
        before, self._last = self._last, now
        for what, reader in differences(before, now):
            self._tell(Sighting(what, reader, at))

    def start(self) -> None:
        """Begin to look. Starting twice is starting once."""
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="card-watcher", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop looking, and return when the thread has ended."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.look()
            except Exception:
                # A bug in whoever listens, or in a driver, must not leave the desk blind for the
                # rest of the night.
                log.exception("a look at the card readers failed; looking goes on")
            self._stop.wait(self._every)
