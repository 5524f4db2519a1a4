"""What is examined: a laptop, the data folder of its kiosk, and the ways to its devices.

Everything that a check asks of the world goes through here, so that a test can play any world.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kiosk.core.clock import MonotonicClock, WallClock
from kiosk.core.ids import DeviceId
from kiosk.laptop import timekeeping
from kiosk.laptop.power import Ask, ask
from kiosk.store import outside

if TYPE_CHECKING:
    from card_reader.channel import ReaderPort
    from kiosk.camera.devices import Camera
    from kiosk.camera.frames import FrameSource
    from sync.client import Answer


class Hq(Protocol):
    """What is asked of HQ: `sync.client.HqClient`, or a working fake."""

    def heads(self, device: DeviceId) -> Answer:
        """What HQ has of a device; the asking changes nothing there."""

    def close(self) -> None:
        """Let go."""


def _port() -> AbstractContextManager[ReaderPort]:
    from card_reader.pcsc import PcscPort  # noqa: PLC0415 - a laptop without PC/SC is examined too

    return contextlib.closing(PcscPort())


def _camera(number: int) -> FrameSource:
    from kiosk.camera import frames  # noqa: PLC0415 - a library that does not load fails its own check

    return frames.open_source(f"camera:{number}")


def _cameras(root: Path, platform: str) -> Sequence[Camera] | None:
    from kiosk.camera.devices import on_linux  # noqa: PLC0415 - as in _camera

    return on_linux(root) if platform == "linux" else None


def _hq(url: str) -> Hq:
    from sync.client import HqClient  # noqa: PLC0415 - as in _camera

    return HqClient(url)


@dataclass(frozen=True, slots=True)
class Patient:
    """One laptop. Only `data` must be given; the rest is this computer as it is."""

    data: Path
    root: Path = Path("/")
    """Below it lie `/proc`, `/sys` and the like."""
    platform: str = sys.platform
    wall: WallClock = time.time
    monotonic: MonotonicClock = time.monotonic
    seconds_east: Callable[[], int] = timekeeping.seconds_east
    is_synchronised: Callable[[], bool | None] = timekeeping.is_synchronised
    built: Callable[[], float | None] = timekeeping.built
    ask: Ask = ask
    port: Callable[[], AbstractContextManager[ReaderPort]] = _port
    """The readers; ImportError where PC/SC's library does not load."""
    camera: Callable[[int], FrameSource] = _camera
    cameras: Callable[[Path, str], Sequence[Camera] | None] = _cameras
    """Below a root, on a platform; None where cameras are not listed without a window."""
    hq: Callable[[str], Hq] = _hq

    def desk_runs(self) -> bool:
        """Whether a desk has the store open now, and with it, most likely, the camera and the reader."""
        return outside.is_in_use(self.data) is True
