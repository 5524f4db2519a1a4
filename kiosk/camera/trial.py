"""Tries a camera for a second: does it open, how often do pictures come, and do they show anything?

For `kiosk doctor`, on a camera that nobody else uses now. No picture is kept, and what one shows is not
looked at: only its light, and whether it differs from the one before.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kiosk.camera.frames import FrameSource
from kiosk.core.clock import MonotonicClock

SECONDS = 1.0
LEAST_FRAMES = 5
"""A camera's first pictures come late and dark; this many are taken in any case."""
DARK = 12
"""Of 255: a lens cap, or a room in which no code can be read."""
EVERY = 8
"""Every so many pixels a way are enough to tell light from dark, and a picture from the same again."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a second of a camera was like."""

    width: int
    height: int
    per_second: float
    light: float
    """Mean of the newest picture, 0 to 255."""
    is_dark: bool
    is_frozen: bool
    """All pictures were the same to the last bit, which no lens does."""
    opened_ms: float
    """Until the first picture."""
    form: str
    """What the driver says the pictures travel as (`MJPG`, `YUYV`); empty where it does not say."""


def try_out(source: FrameSource, seconds: float = SECONDS, clock: MonotonicClock = time.monotonic) -> Trial:
    """Open a camera, look at it for a while, and release it.

    Raises:
        KnownError: `no_camera` when it does not open, `camera_lost` when pictures stop coming.
    """
    begun = clock()
    try:
        source.open()
        first = _next(source)
        opened = since = clock()
        lights, same, count = _light(first), True, 0
        before = newest = first
        while clock() - since < seconds or count < LEAST_FRAMES:
            newest = _next(source)
            count += 1
            same = same and np.array_equal(before[::EVERY, ::EVERY], newest[::EVERY, ::EVERY])
            before, lights = newest, _light(newest)
        took = clock() - since
        form = str(getattr(source, "form", ""))
    finally:
        source.release()
    return Trial(
        width=newest.shape[1],
        height=newest.shape[0],
        per_second=round(count / took, 1) if took > 0 else 0.0,
        light=round(lights[0], 1),
        is_dark=lights[1] < DARK,
        is_frozen=bool(same),
        opened_ms=round((opened - begun) * 1000, 1),
        form=form,
    )


def _next(source: FrameSource) -> np.ndarray:
    image = source.read()
    if image is None:
        raise EOFError  # a camera has no end; a video played as one does
    return image


def _light(image: np.ndarray) -> tuple[float, float]:
    """The mean of a picture, and its brightest hundredth: a room at night has a lamp in it, a cap has not."""
    few = image[::EVERY, ::EVERY]
    return float(few.mean()), float(np.percentile(few, 99))


@dataclass(frozen=True, slots=True)
class Found:
    """A camera that the system lists."""

    index: int
    """The number that `camera:0` takes."""
    name: str
    """What the system calls it; empty where it does not say."""
    is_allowed: bool = True
    """Whether this user may open it."""


def found(root: Path = Path("/")) -> Sequence[Found] | None:
    """The cameras that Linux lists, by number; None where a system does not list them without a window.

    Each camera shows itself several times: the first of its nodes gives pictures, the others tell about
    them.
    """
    listed = root / "sys/class/video4linux"
    if not (root / "sys/class").is_dir():
        return None
    cameras = []
    for node in listed.glob("video*"):
        number = node.name.removeprefix("video")
        if number.isdecimal() and _says(node / "index") in ("0", ""):
            device = root / "dev" / node.name
            cameras.append(Found(int(number), _says(node / "name"), _may_open(device)))
    return sorted(cameras, key=lambda camera: camera.index)


def _may_open(device: Path) -> bool:
    try:
        with device.open("rb"):
            return True
    except PermissionError:
        return False
    except OSError:
        return True  # busy or gone is another matter, and told by trying it


def _says(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
