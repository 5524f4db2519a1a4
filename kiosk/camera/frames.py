"""Where frames come from: a webcam, a picture, a folder of pictures, a video, a stream, or a drawing.

One `FrameSource` for all. One thread owns a source: it alone opens, reads and releases (some drivers
crash otherwise). From a live source the newest frame wins: it lies in a slot, never in a queue, so that
what is read is what is held up now. It refuses to know what a frame shows.
"""

from __future__ import annotations

import enum
import sys
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from kiosk.camera import picture
from kiosk.core.clock import MonotonicClock
from kiosk.errors import KnownError

# A missing camera is our sentence to say, not a library's on stderr.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

WIDTH, HEIGHT, PER_SECOND = 1280, 720, 30
OPEN_TIMEOUT_MS, READ_TIMEOUT_MS = 3000, 2000
STALL = 2.5
"""Seconds without a new frame after which a live source counts as stalled."""
BACK_OFF = (0.2, 0.4, 0.8, 1.5)
"""Seconds before each try to open a lost source again; the last one repeats."""
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm"})


class Pace(enum.Enum):
    """How a source's frames follow each other."""

    LIVE = enum.auto()
    """They come whether or not anyone reads them, and the newest is the one that matters."""
    PLAYED = enum.auto()
    """One soon after the other, each to be read: a video."""
    STILLS = enum.auto()
    """Each for itself, and worth a thorough look: pictures."""


STEP = {Pace.PLAYED: 1 / PER_SECOND, Pace.STILLS: 2.0}
"""Seconds that pass from frame to frame where no clock runs: two pictures are two sightings."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame."""

    number: int
    """Its place in its source, from 1."""
    at: float
    """Seconds: of the monotonic clock when a live frame came, else of the source's own time."""
    image: np.ndarray
    """Grey or BGR bytes."""


class FrameSource(Protocol):
    """Something that gives frames. All calls come from one thread; open may follow a release."""

    pace: Pace

    def open(self) -> None:
        """Make ready to read.

        Raises:
            KnownError: `no_camera`, `no_file`, `not_a_picture`, `not_a_video` or `no_stream`.
        """

    def read(self) -> np.ndarray | None:
        """The next frame, or None at the end.

        Raises:
            KnownError: `camera_lost` when a live source gives no more; it may be opened again.
        """

    def release(self) -> None:
        """Let go of it; harmless when it was not open."""


class Pictures:
    """A picture, or the pictures of a folder in the order of their names.

    A file that is no picture is left out of a folder, and refused alone.
    """

    pace = Pace.STILLS

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: list[Path] = []

    def open(self) -> None:
        """List what there is."""
        if self._path.is_dir():
            self._waiting = sorted(file for file in self._path.iterdir() if file.suffix.lower() in PICTURES)
        else:
            self._waiting = [self._path]

    def read(self) -> np.ndarray | None:
        """The next picture."""
        while self._waiting:
            try:
                return picture.load(self._waiting.pop(0))
            except KnownError:
                if not self._path.is_dir():
                    raise
        return None

    def release(self) -> None:
        """Forget the rest."""
        self._waiting = []


class _Capture:
    """What webcams, videos and streams share: one cv2.VideoCapture."""

    pace = Pace.LIVE

    def __init__(self) -> None:
        self._capture: cv2.VideoCapture | None = None

    def _try(self, target: int | str, backend: int, parameters: list[int]) -> bool:
        self.release()
        try:
            capture = cv2.VideoCapture(target, backend, parameters)
        except cv2.error:
            return False
        if not capture.isOpened():
            capture.release()
            return False
        self._capture = capture
        return True

    def _next(self) -> np.ndarray | None:
        if self._capture is None:
            return None
        try:
            came, image = self._capture.read()
        except cv2.error:
            return None
        return image if came and image is not None and image.size else None

    def release(self) -> None:
        """Close the device or file."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None


class Webcam(_Capture):
    """A webcam by its index, asked for 1280 by 720."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self._index = index

    def open(self) -> None:
        """Open it by the first way that gives a frame."""
        for backend in self._backends():
            if not self._try(self._index, backend, []) or self._capture is None:
                continue
            # DirectShow takes the format only after the size; the others do not mind.
            self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
            self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
            self._capture.set(cv2.CAP_PROP_FPS, PER_SECOND)
            self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            # isOpened() is true of cameras that never give a frame.
            if self._next() is not None:
                return
        self.release()
        raise KnownError(
            "no_camera",
            "カメラが 見つかりません。ケーブルを たしかめてください。",
            "no camera was found: check its cable",
        )

    @staticmethod
    def _backends() -> tuple[int, ...]:
        if sys.platform == "win32":
            return (cv2.CAP_DSHOW, cv2.CAP_MSMF)
        return (cv2.CAP_V4L2,) if sys.platform == "linux" else (cv2.CAP_ANY,)

    def read(self) -> np.ndarray | None:
        """The next frame."""
        image = self._next()
        if image is None:
            raise _lost()
        return image


class Stream(_Capture):
    """A camera on the network, by its URL (http, https, rtsp)."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def open(self) -> None:
        """Connect, with limits on how long anything may take."""
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, OPEN_TIMEOUT_MS]
        limits += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_TIMEOUT_MS]
        if not self._try(self._url, cv2.CAP_FFMPEG, limits):
            raise KnownError(
                "no_stream",
                "ネットワークの カメラに つながりません。",
                "the camera at this address does not answer",
            )

    def read(self) -> np.ndarray | None:
        """The next frame."""
        image = self._next()
        if image is None:
            raise _lost()
        return image


class Video(_Capture):
    """A video file, every frame in order."""

    pace = Pace.PLAYED

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def open(self) -> None:
        """Open the file."""
        if not self._try(str(self._path), cv2.CAP_ANY, []):
            raise KnownError(
                "not_a_video",
                "写真や 動画として 読めない ファイルです。",
                "this file is neither a picture nor a video",
            )

    def read(self) -> np.ndarray | None:
        """The next frame."""
        return self._next()


class Drawn:
    """Frames drawn by the program itself, as often as a webcam would give them: demonstration, practice."""

    pace = Pace.LIVE

    def __init__(
        self,
        draw: Callable[[], np.ndarray | None],
        per_second: float = PER_SECOND,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._draw = draw
        self._pause = 1 / per_second
        self._sleep = sleep

    def open(self) -> None:
        """Nothing to open."""

    def read(self) -> np.ndarray | None:
        """Wait as long as a webcam would, and draw."""
        self._sleep(self._pause)
        return self._draw()

    def release(self) -> None:
        """Nothing to release."""


def _lost() -> KnownError:
    return KnownError(
        "camera_lost",
        "カメラの 画像が 届きません。ケーブルを たしかめてください。",
        "the camera stopped giving pictures: check its cable",
    )


def open_source(name: str) -> FrameSource:
    """The source that a name means: `camera:0`, a URL, or the path of a picture, a folder or a video.

    Raises:
        KnownError: `no_file` for a path where nothing is.
    """
    kind, _, rest = name.partition(":")
    if kind == "camera" and rest.isascii() and rest.isdecimal():
        return Webcam(int(rest))
    if kind.lower() in ("http", "https", "rtsp") and rest.startswith("//"):
        return Stream(name)
    path = Path(name)
    try:
        path.stat()
    except (OSError, ValueError) as error:
        raise KnownError(
            "no_file", "その ファイルは ありません。", "there is no such file, folder or camera (camera:0)"
        ) from error
    return Pictures(path) if path.is_dir() or path.suffix.lower() in PICTURES else Video(path)


def in_order(source: FrameSource) -> Generator[Frame]:
    """Every frame of a source that is not live, read in the caller's thread."""
    try:
        source.open()
        number = 0
        while (image := source.read()) is not None:
            number += 1
            yield Frame(number, number * STEP[source.pace], image)
    finally:
        source.release()


class Grabber:
    """The thread that owns a source: it reads as fast as frames come and keeps only the newest.

    A source that is lost is opened again, ever more patiently; `problem` tells what is wrong meanwhile.
    """

    def __init__(self, source: FrameSource, clock: MonotonicClock = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._changed = threading.Condition()
        self._newest: Frame | None = None
        self._problem: KnownError | None = None
        self._stopping = threading.Event()
        self._started = clock()
        self._over = False
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._started = self._clock()
        self._thread.start()

    def stop(self) -> None:
        """Stop reading and wait until the source is released."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STALL + OPEN_TIMEOUT_MS / 1000)

    @property
    def newest(self) -> Frame | None:
        """The newest frame; its image is not to be written to."""
        with self._changed:
            return self._newest

    @property
    def over(self) -> bool:
        """The source came to its end, or was stopped."""
        return self._over

    @property
    def problem(self) -> KnownError | None:
        """Why no frames come, or None while they do."""
        with self._changed:
            if self._problem is not None or self._over:
                return self._problem
            last = self._newest.at if self._newest else self._started
        return _lost() if self._clock() - last > STALL else None

    def wait(self, after: int, seconds: float) -> Frame | None:
        """The newest frame with a number above `after`, or None when none comes within `seconds`."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._over or (self._newest is not None and self._newest.number > after), seconds
            )
            newest = self._newest
        return newest if newest is not None and newest.number > after else None

    def _run(self) -> None:
        tries = 0
        while not self._stopping.is_set():
            before = self._newest
            try:
                self._source.open()
                self._read_on()
                break
            except KnownError as error:
                with self._changed:
                    self._problem = error
                    self._changed.notify_all()
            finally:
                self._source.release()
            tries = 0 if self._newest is not before else tries + 1
            self._stopping.wait(BACK_OFF[min(tries, len(BACK_OFF) - 1)])
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def _read_on(self) -> None:
        while not self._stopping.is_set():
            image = self._source.read()
            if image is None:
                return
            image.flags.writeable = False
            with self._changed:
                number = self._newest.number + 1 if self._newest else 1
                self._newest = Frame(number, self._clock(), image)
                self._problem = None
                self._changed.notify_all()
