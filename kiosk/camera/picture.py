"""One picture as an array: what every part of this room accepts, how a file becomes one, what it may show.

It refuses to know where a picture comes from and what it shows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from kiosk.errors import KnownError, Malformed

MAX_SIDE = 4096
MAX_PIXELS = 4096 * 2304
MAX_FILE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reading:
    """What one frame shows."""

    texts: tuple[str, ...] = ()
    """Each text once, in the order found."""
    located: bool = False
    """A code was seen, whether or not it could be read: here an intake's stopwatch starts."""


def as_grey(frame: np.ndarray) -> np.ndarray:
    """A grey (rows, columns) or BGR (rows, columns, 3) frame of bytes as a contiguous grey one.

    A frame larger than any camera's is thinned out to `MAX_PIXELS` at most.

    Raises:
        Malformed: `bad_frame` for any other array, or one without pixels.
    """
    if not isinstance(frame, np.ndarray) or frame.dtype != np.uint8:
        raise Malformed("bad_frame", "a frame is an array of bytes")
    if frame.ndim not in (2, 3) or (frame.ndim == 3 and frame.shape[2] not in (1, 3)):
        raise Malformed("bad_frame", "a frame is grey or BGR")
    high, wide = frame.shape[:2]
    if not high or not wide:
        raise Malformed("bad_frame", "a frame has pixels")
    step = max(math.ceil(max(high, wide) / MAX_SIDE), math.ceil(math.sqrt(high * wide / MAX_PIXELS)))
    # Without a copy and without averaging: a huge frame must not cost more than a large one.
    thin = frame[::step, ::step]
    if thin.ndim == 3 and thin.shape[2] == 3:
        return cv2.cvtColor(thin, cv2.COLOR_BGR2GRAY)
    return np.ascontiguousarray(thin.reshape(thin.shape[:2]))


def at_most(image: np.ndarray, side: int) -> np.ndarray:
    """The picture, shrunk so that neither side is longer than `side` pixels."""
    factor = side / max(image.shape[:2])
    if factor >= 1:
        return image
    high, wide = (max(1, round(length * factor)) for length in image.shape[:2])
    return cv2.resize(image, (wide, high), interpolation=cv2.INTER_AREA)


def load(path: Path) -> np.ndarray:
    """The picture in a file, BGR, shrunk to what `as_grey` accepts.

    Raises:
        KnownError: `not_a_picture`; `no_file` when it can not be read.
    """
    try:
        with path.open("rb") as file:
            # Not cv2.imread: on Windows it can not open a path with Japanese letters.
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise KnownError("no_file", "ファイルを 読めません。", "the file can not be read") from error
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    except cv2.error:
        image = None
    if image is None or len(data) > MAX_FILE:
        raise KnownError("not_a_picture", "写真として 読めない ファイルです。", "this file is not a picture")
    return at_most(image, 2400)
