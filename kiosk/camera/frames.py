"""Where frames come from: a webcam, a picture, a folder of pictures, a video, a stream, or a drawing.

One `FrameSource` for all. One thread owns a source: it alone opens, reads and releases (some drivers
crash otherwise); for live sources that is `kiosk.camera.grabber`'s. It refuses to know what a frame shows.
"""

from __future__ import annotations

import enum
import re
import sys
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from kiosk.camera import picture
from kiosk.camera.devices import Cameras, Choice, Finder
from kiosk.camera.health import trouble
from kiosk.errors import KnownError

# A missing camera is our sentence to say, not a library's on stderr.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

WIDTH, HEIGHT, PER_SECOND = 1280, 720, 30
OPEN_TIMEOUT_MS, READ_TIMEOUT_MS = 3000, 2000
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
    sensor: bool
    """It is a chip at this computer, whose noise never gives the same picture twice."""

    def open(self) -> None:
        """Make ready to read.

        Raises:
            KnownError: `no_camera no_stream no_file no_pictures not_a_video`.
        """

    def read(self) -> np.ndarray | None:
        """The next frame, or None at the end.

        Raises:
            KnownError: `camera_lost` when a live source gives no more and may be opened again;
                `not_a_picture` for a picture alone.
        """

    def release(self) -> None:
        """Let go of it; harmless when it was not open."""


class Pictures:
    """A picture, or the pictures of a folder in the order of their names.

    A file that is no picture is left out of a folder, and refused alone.
    """

    pace = Pace.STILLS
    sensor = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: list[Path] = []
        self.skipped = 0
        """Files of the folder that should be pictures and are none."""

    def open(self) -> None:
        """List what there is."""
        self.skipped = 0
        if not self._path.is_dir():
            self._waiting = [self._path]
            return
        try:
            files = sorted(self._path.iterdir())
        except OSError as error:
            raise _no_file() from error
        self._waiting = [file for file in files if file.suffix.lower() in PICTURES]
        if not self._waiting:
            raise KnownError(
                "no_pictures",
                "この フォルダーに 写真が ありません。",
                "there are no pictures in this folder",
            )

    def read(self) -> np.ndarray | None:
        """The next picture."""
        while self._waiting:
            try:
                return picture.load(self._waiting.pop(0))
            except KnownError:
                if not self._path.is_dir():
                    raise
                self.skipped += 1
        return None

    def release(self) -> None:
        """Forget the rest."""
        self._waiting = []


class _Capture:
    """What webcams, videos and streams share: one cv2.VideoCapture."""

    pace = Pace.LIVE
    sensor = True

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

    @property
    def form(self) -> str:
        """What the driver says its pictures travel as (`MJPG`, `YUYV`); empty where it does not say."""
        if self._capture is None:
            return ""
        number = int(self._capture.get(cv2.CAP_PROP_FOURCC))
        letters = (number & 0xFFFFFFFF).to_bytes(4, "little").decode("ascii", "replace")
        return letters.strip() if letters.isprintable() else ""

    def release(self) -> None:
        """Close the device or file."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None


_FORMAT = {
    cv2.CAP_PROP_FRAME_WIDTH: WIDTH,
    cv2.CAP_PROP_FRAME_HEIGHT: HEIGHT,
    cv2.CAP_PROP_FPS: PER_SECOND,
    # Uncompressed, USB 2 carries four pictures of this size a second.
    cv2.CAP_PROP_FOURCC: cv2.VideoWriter.fourcc(*"MJPG"),
}
_SIZE_FIRST = (
    cv2.CAP_PROP_FRAME_WIDTH,
    cv2.CAP_PROP_FRAME_HEIGHT,
    cv2.CAP_PROP_FPS,
    cv2.CAP_PROP_FOURCC,
)
_CODING_FIRST = (_SIZE_FIRST[-1], *_SIZE_FIRST[:-1])
WAYS: dict[str, Sequence[tuple[int, Sequence[int]]]] = {
    # DirectShow takes the coding only after the size, and Video4Linux offers sizes by the coding it has.
    "win32": ((cv2.CAP_DSHOW, _SIZE_FIRST), (cv2.CAP_MSMF, _SIZE_FIRST)),
    "linux": ((cv2.CAP_V4L2, _CODING_FIRST),),
}
"""Ways to open a webcam by system: OpenCV's backend, and the order in which it takes what it is asked."""
_ANY_WAY: Sequence[tuple[int, Sequence[int]]] = ((cv2.CAP_ANY, _SIZE_FIRST),)


class Webcam(_Capture):
    """A webcam, asked for 1280 by 720; `finder` tells its number each time it is opened."""

    def __init__(self, finder: Finder) -> None:
        super().__init__()
        self._finder = finder

    def open(self) -> None:
        """Open it by the first way that gives a frame."""
        for number in self._finder.numbers():
            for backend, order in WAYS.get(sys.platform, _ANY_WAY):
                if self._opened(number, backend, order):
                    self._finder.opened(number)
                    return
        self.release()
        raise trouble("no_camera")

    def _opened(self, number: int, backend: int, order: Sequence[int]) -> bool:
        if not self._try(number, backend, []) or self._capture is None:
            return False
        coding = cv2.CAP_PROP_FOURCC
        try:
            for wanted in order:
                self._capture.set(wanted, _FORMAT[wanted])
            if int(self._capture.get(coding)) != _FORMAT[coding]:
                # Some drivers go back to their own coding when the size is set, and take ours then.
                self._capture.set(coding, _FORMAT[coding])
        except cv2.error:
            return False
        # isOpened() is true of cameras that never give a frame.
        return self._next() is not None

    def read(self) -> np.ndarray | None:
        """The next frame."""
        image = self._next()
        if image is None:
            raise trouble("camera_lost")
        return image


class Stream(_Capture):
    """A camera on the network, by its URL (http, https, rtsp)."""

    # What was compressed on its way may come out the same twice, and as long as bytes come the camera lives.
    sensor = False

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def open(self) -> None:
        """Connect, with limits on how long anything may take."""
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, OPEN_TIMEOUT_MS]
        limits += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_TIMEOUT_MS]
        if not self._try(self._url, cv2.CAP_FFMPEG, limits):
            raise trouble("no_stream")

    def read(self) -> np.ndarray | None:
        """The next frame."""
        image = self._next()
        if image is None:
            raise trouble("camera_lost")
        return image


class Video(_Capture):
    """A video file, every frame in order."""

    pace = Pace.PLAYED
    sensor = False

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
    sensor = False

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


def open_source(name: str, cameras: Cameras | None = None) -> FrameSource:
    """The source that a name means: `camera:0`, a URL, or the path of a picture, a folder or a video.

    `camera:` may also be followed by a camera's id. `cameras` tells which there are.

    Raises:
        KnownError: `no_file` for a path where nothing is; `no_camera` for a camera without number or id.
    """
    kind, _, rest = name.partition(":")
    # On Windows a path begins with one letter and a colon.
    if kind.lower() == "camera":
        return Webcam(_finder(rest, cameras or Cameras()))
    if kind.lower() in ("http", "https", "rtsp") and rest.startswith("//"):
        return Stream(name)
    path = Path(name)
    if node := re.fullmatch(r"/dev/video([0-9]{1,4})", name):
        return Webcam(_finder(node[1], cameras or Cameras()))
    try:
        there = path.is_dir() or path.is_file()
    except (OSError, ValueError):
        there = False
    if not there:
        # A pipe or a device would be waited for without end.
        raise _no_file()
    return Pictures(path) if path.is_dir() or path.suffix.lower() in PICTURES else Video(path)


def chosen_camera(choice: Choice | None, cameras: Cameras) -> FrameSource:
    """The camera that people chose here; the best there is while it is away or none was chosen."""
    return Webcam(Finder(cameras, choice=choice))


def _no_file() -> KnownError:
    return KnownError(
        "no_file", "その ファイルや フォルダーは ありません。", "there is no such file or folder"
    )


def _finder(rest: str, cameras: Cameras) -> Finder:
    if rest.isascii() and rest.isdecimal() and len(rest) <= 4:
        return Finder(cameras, number=int(rest))
    if not rest:
        raise KnownError(
            "no_camera",
            "カメラの 番号を つけてください（例 camera:0）。",
            "a camera is named by its number, as in camera:0",
        )
    return Finder(cameras, choice=Choice(rest), strict=True)


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
