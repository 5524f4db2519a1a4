"""Tries a camera for two seconds: does it open, how often do pictures come, and do they show anything?

For `kiosk doctor`, on a camera that nobody else uses now. No picture is kept, and what one shows is not
looked at: only its light, and whether it lives (`kiosk.camera.health`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from kiosk.camera.frames import FrameSource
from kiosk.camera.health import DARK_AFTER, FROZEN_AFTER, Health
from kiosk.core.clock import MonotonicClock

SECONDS = max(DARK_AFTER, FROZEN_AFTER) + 0.2
LEAST_FRAMES = 5
"""A camera's first pictures come late; this many more are taken in any case."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a camera was like."""

    width: int
    height: int
    per_second: float
    light: float
    """Mean of the newest picture, 0 to 255."""
    problem: str
    """`camera_dark`, `camera_frozen`, or nothing."""
    opened_ms: float
    """Until the first picture."""
    form: str
    """What the driver says the pictures travel as (`MJPG`, `YUYV`); empty where it does not say."""


def try_out(source: FrameSource, seconds: float = SECONDS, clock: MonotonicClock = time.monotonic) -> Trial:
    """Open a camera, look at it for a while, and release it.

    Raises:
        KnownError: `no_camera` when it does not open, `camera_lost` when pictures stop coming.
    """
    begun, health, count = clock(), Health(), 0
    try:
        source.open()
        newest = _next(source)
        since = now = clock()
        health.saw(now, newest)
        while now - since < seconds or count < LEAST_FRAMES:
            newest, count = _next(source), count + 1
            now = clock()
            health.saw(now, newest)
        form = str(getattr(source, "form", ""))
    finally:
        source.release()
    return Trial(
        width=newest.shape[1],
        height=newest.shape[0],
        per_second=round(count / (now - since), 1) if now > since else 0.0,
        light=round(float(newest[::16, ::16].mean()), 1),
        problem=health.problem,
        opened_ms=round((since - begun) * 1000, 1),
        form=form,
    )


def _next(source: FrameSource) -> np.ndarray:
    image = source.read()
    if image is None:
        raise EOFError  # a camera has no end; a video played as one does
    return image
