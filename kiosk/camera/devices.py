"""Which cameras are attached, and how to find one again: by its identity, not by its number.

A camera's number changes when it is plugged in again, and differs between the ways of opening it. Linux
tells identities itself; elsewhere the window, which has Qt, hands in what it sees (`Cameras.offer`). It
refuses to know how a camera is opened.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SYSTEM = Path("/")


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera that is attached now."""

    id: str
    """What stays the same when it is plugged in again (into another socket: where it has a serial number)."""
    name: str
    """What it calls itself, for people."""
    number: int
    """What OpenCV calls it now."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The camera that somebody chose."""

    id: str
    name: str = ""


def on_linux(root: Path = SYSTEM) -> tuple[Camera, ...]:
    """The cameras that the kernel shows, by number. `root` is the root of the file system."""
    identities = {**_links(root / "dev/v4l/by-path"), **_links(root / "dev/v4l/by-id")}
    found = []
    for place in (root / "sys/class/video4linux").glob("video*"):
        number = _number(place.name)
        # A webcam has a second node that gives only data about its pictures.
        if number is None or _word(place / "index") not in ("", "0"):
            continue
        name = _word(place / "name") or place.name
        found.append(Camera(identities.get(place.name, f"{name} {place.name}"), name, number))
    return tuple(sorted(found, key=lambda camera: camera.number))


def on_this_system() -> tuple[Camera, ...]:
    """What this system tells without Qt: on Linux all cameras, elsewhere none."""
    return on_linux() if sys.platform == "linux" else ()


def _links(folder: Path) -> dict[str, str]:
    """Node (`video0`) → the name of the link that names its device for good."""
    try:
        return {link.resolve().name: link.name for link in sorted(folder.iterdir())}
    except OSError:
        return {}


def _number(node: str) -> int | None:
    match = re.fullmatch(r"video([0-9]{1,4})", node)
    return int(match[1]) if match else None


def _word(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""


def choose(attached: Iterable[Camera], choice: Choice | None) -> Camera | None:
    """The camera to open: the chosen one; else one of the same name; else the first; None without any.

    Another camera than the chosen one is better than none: people at the desk see its picture and can
    choose again.
    """
    cameras = tuple(attached)
    if choice is not None:
        same = [one for one in cameras if one.id == choice.id]
        same += [one for one in cameras if one.name == choice.name]
        cameras = (*same, *cameras)
    return cameras[0] if cameras else None


class Cameras:
    """The cameras of this machine: what its system tells, or what the window was told by Qt.

    Any thread may call.
    """

    def __init__(self, look: Callable[[], tuple[Camera, ...]] = on_this_system) -> None:
        self._look = look
        self._offered: tuple[Camera, ...] = ()
        self._lock = threading.Lock()

    def offer(self, seen: Iterable[tuple[str, str]]) -> None:
        """Take in all cameras that the window sees now, as (id, name), in its order.

        Their numbers are their places in that order: the best guess where the system does not tell.
        """
        cameras = tuple(Camera(id_, name, place) for place, (id_, name) in enumerate(seen))
        with self._lock:
            self._offered = cameras

    def attached(self) -> tuple[Camera, ...]:
        """All cameras now."""
        own = self._look()
        with self._lock:
            return own or self._offered


class Finder:
    """Where the wanted camera is now; asked before each opening.

    A camera asked for by number is known by its identity once it was opened, so that it is found again
    when the system gives it another number.
    """

    def __init__(
        self,
        cameras: Cameras,
        *,
        number: int | None = None,
        choice: Choice | None = None,
        strict: bool = False,
    ) -> None:
        """By number; or by choice, `strict`ly that one or else another; or any camera, without either."""
        self._cameras = cameras
        self._number = number
        self._choice = choice
        self._strict = strict

    def numbers(self) -> Iterator[int]:
        """The numbers to try, best first; none when it is known not to be attached."""
        attached = self._cameras.attached()
        known = [one.number for one in attached if self._choice and one.id == self._choice.id]
        if self._number is not None or self._strict:
            yield from known or ([] if self._number is None else [self._number])
        elif chosen := choose(attached, self._choice):
            yield chosen.number
        elif self._choice is None:
            yield 0  # nothing is told of cameras here, which does not mean that there is none

    def opened(self, number: int) -> None:
        """Tell that this number gave pictures."""
        if self._choice is None:
            for camera in self._cameras.attached():
                if camera.number == number:
                    self._choice = Choice(camera.id, camera.name)
