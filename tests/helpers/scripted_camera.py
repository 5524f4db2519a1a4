"""A camera that fails when it is told to: unplugged, hanging, frozen, dark, slow, or gone for good."""

from __future__ import annotations

import threading
import time

import numpy as np

from kiosk.camera.frames import Pace
from kiosk.camera.health import trouble


class Plug:
    """The cable: whoever holds it decides what the camera does. Any thread may call."""

    def __init__(self, picture=None, per_second=200.0):
        self.picture = np.full((48, 64), 120, np.uint8) if picture is None else picture
        self.per_second = per_second
        self.there = True
        self.frozen = self.dark = False
        self.hanging = threading.Event()
        self.hanging.set()
        self.opened = self.released = self.read = 0
        self.open_now = 0
        self.threads = set()
        self._number = 0

    def hang(self):
        """From now on every call stays in the driver, until `recover`."""
        self.hanging.clear()

    def recover(self):
        self.hanging.set()

    def camera(self):
        return ScriptedCamera(self)

    def shown(self):
        """What its sensor sees: never twice the same, unless it is frozen."""
        image = np.zeros_like(self.picture) if self.dark else self.picture.copy()
        if not self.frozen:
            self._number += 1
        image.reshape(-1)[0] = self._number % 20
        return image


class ScriptedCamera:
    """A `FrameSource` on a plug."""

    pace = Pace.LIVE
    sensor = True

    def __init__(self, plug):
        self._plug = plug
        self._open = False

    def _called(self):
        self._plug.threads.add(threading.get_ident())
        self._plug.hanging.wait()

    def open(self):
        self._called()
        if not self._plug.there:
            raise trouble("no_camera")
        self._plug.opened += 1
        self._plug.open_now += 1
        self._open = True

    def read(self):
        time.sleep(1 / self._plug.per_second)
        self._called()
        if not self._plug.there:
            raise trouble("camera_lost")
        self._plug.read += 1
        return self._plug.shown()

    def release(self):
        self._plug.threads.add(threading.get_ident())
        if self._open:
            self._open = False
            self._plug.released += 1
            self._plug.open_now -= 1
