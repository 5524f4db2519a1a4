"""What stands at a laptop, and what any station tells its window of it: camera, power and time.

It refuses to know whether the laptop is a desk already: stores, cards and HQ.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from card_reader.channel import ReaderPort
from kiosk.camera import remembered
from kiosk.camera.devices import Cameras
from kiosk.core.clock import JAPAN, MonotonicClock
from kiosk.laptop import power
from kiosk.timing import Session, Stopwatch
from kiosk.wiring.codes import CodeSide
from ui.station import Device, Frame, Surroundings

if TYPE_CHECKING:
    from kiosk.camera.frames import FrameSource

POWER_SECONDS = 30
"""The window asks each second; a battery changes no faster than this."""


@dataclass(frozen=True, slots=True)
class Devices:
    """What stands at a desk: a camera (None when there is none) and card readers (None as well).

    `camera` makes the source that is to be opened now, anew each time; `cameras` is where the window tells
    which it sees.
    """

    camera: Callable[[], FrameSource] | None
    reader: Callable[[], ReaderPort] | None
    cameras: Cameras | None = None


def real_devices(data: Path, camera: str = "") -> Devices:
    """PC/SC, and the camera named so, or without a name the one that was chosen on this laptop."""
    cameras = Cameras()

    def source() -> FrameSource:
        from kiosk.camera import frames  # noqa: PLC0415 - OpenCV is loaded after the first picture of the window

        if camera:
            return frames.open_source(camera, cameras)
        return frames.chosen_camera(remembered.read(data), cameras)

    def port() -> ReaderPort:
        from card_reader.pcsc import PcscPort  # noqa: PLC0415 - a machine without PC/SC still runs the desk

        return PcscPort()

    return Devices(source, port, cameras)


class AnyStation:
    """The part of a `ui.station.Station` that is the same with a shelter and without."""

    capacity: int | None = None

    def __init__(self, devices: Devices, clock: MonotonicClock) -> None:
        """`clock` is that of the session and its stopwatches."""
        self._devices = devices
        self._session = Session(clock, int(time.time()))
        self._codes: CodeSide | None = None
        self._power: tuple[float, tuple[int | None, bool]] = (float("-inf"), (None, True))

    def latest_frame(self) -> Frame | None:
        """The newest camera picture."""
        return None if self._codes is None else self._codes.latest_frame()

    def cameras_seen(self, seen: Sequence[tuple[str, str]]) -> None:
        """Take in the cameras that the window sees, as (id, name), and look for ours at once."""
        if self._devices.cameras is not None:
            self._devices.cameras.offer(seen)
        if self._codes is not None:
            self._codes.wake()

    def surroundings(self) -> Surroundings:
        """The camera and the power, as last known; no reader and no HQ."""
        now = self._session.clock()
        if now - self._power[0] > POWER_SECONDS:
            told = power.read()
            self._power = (now, (told.percent, told.plugged is not False))
        percent, charging = self._power[1]
        camera = Device.OFF if self._devices.camera is None else Device.STARTING
        code = says = ""
        if self._codes is not None:
            camera, (code, says) = self._codes.device, self._codes.says
        return Surroundings(
            camera, Device.OFF, battery=percent, charging=charging, camera_code=code, camera_says=says
        )

    def now(self) -> dt.datetime:
        """Japan's time."""
        return dt.datetime.now(JAPAN)

    def stopwatch(self) -> Stopwatch:
        """Started now."""
        return self._session.stopwatch()
