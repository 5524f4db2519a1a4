"""What every screen is given: a scale, words, and hands to pass on what was pressed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from kiosk.core.counts import Counts
from kiosk.core.household import Mode
from kiosk.flow import Input
from ui.station import Frame, Surroundings
from ui.theme import Scale
from ui.words import Words


@dataclass(frozen=True, slots=True)
class Place:
    """What never changes while the program runs: which desk this is."""

    shelter_name: str
    desk_label: str
    mode: Mode
    capacity: int | None


@dataclass(frozen=True, slots=True)
class Ambient:
    """What changes by itself around any state: time, devices, the way to HQ, the head-count."""

    now: dt.datetime
    surroundings: Surroundings
    counts: Counts | None = None


class Hands(Protocol):
    """Where a screen puts what a person did; implemented by the bridge."""

    def put(self, event: Input) -> None:
        """Something happened."""

    def open_asked(self) -> None:
        """F1: the stopwatch starts with this key."""

    def open_count(self) -> None:
        """F5: the stopwatch starts with this key."""

    def latest_frame(self) -> Frame | None:
        """The camera's newest picture."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A screen's means."""

    scale: Scale
    words: Words
    place: Place
    hands: Hands
