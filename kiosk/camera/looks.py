"""The ways to look at one picture for QR codes: zxing-cpp or zbar, on the picture or on a preparation of it.

Each look is a function from a grey picture to what it shows. Which of them are worth their time, and in
which order, was measured and stands in `LOOKS`; `kiosk.camera.decode` spends the time. It refuses to know
what a text means, how long a frame may take, and what was looked at before.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import cv2
import numpy as np
import zxingcpp

from kiosk.camera.picture import Reading, at_most

LARGEST_SIDE = 2048
"""A preparation never enlarges a picture beyond so many pixels a side: it is still one of a live frame."""
UPSCALE = 2.5
ZBAR_SIDE = 1024
"""Pixels a side that zbar gets: it reads as much, in half the time."""
BORDER = 80
"""Pixels by which a picture is mirrored outward: as much of a code's corner as can be mended that way."""

# Micro and rectangular codes are left out: one square on a wall is enough to start their decoders, and
# nobody issues a pass in one.
_MODEL_2 = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2)
_LOCAL = zxingcpp.Binarizer.LocalAverage
_WHOLE = zxingcpp.Binarizer.GlobalHistogram


def zxing(grey: np.ndarray, binarizer: zxingcpp.Binarizer = _LOCAL) -> Reading:
    """What zxing-cpp alone sees in a grey picture: the first look, and a peer in `kiosk bench`."""
    try:
        found = zxingcpp.read_barcodes(
            grey,
            formats=_MODEL_2,
            binarizer=binarizer,
            text_mode=zxingcpp.TextMode.Plain,
            return_errors=True,
        )
        texts = dict.fromkeys(code.text for code in found if code.valid and code.text)
    except Exception:  # noqa: BLE001 - a library in C++ raises what it likes on odd symbols, and another frame follows
        return Reading()
    return Reading(tuple(texts), bool(found))


def zbar(grey: np.ndarray) -> Reading:
    """What pyzbar alone sees in a grey picture; nothing where zbar is not installed."""
    library = _pyzbar()
    if library is None:
        return Reading()
    try:
        found = library.decode(grey, symbols=[library.ZBarSymbol.QRCODE])
        texts = dict.fromkeys(code.data.decode() for code in found if code.data)
    except Exception:  # noqa: BLE001 - libzbar's wrapper raises what it likes on odd symbols, and this is only a second look
        return Reading()
    return Reading(tuple(texts), bool(found))


def has_zbar() -> bool:
    """Whether zbar is on this machine. Without it a few hard frames more are not read, nothing else."""
    return _pyzbar() is not None


@functools.cache
def _pyzbar() -> ModuleType | None:
    try:
        from pyzbar import pyzbar  # noqa: PLC0415 - looks for the system's libzbar when imported, and raises without it
    except (ImportError, OSError):
        return None
    return pyzbar  # type: ignore[no-any-return] # it ships no types


# Preparations: each from a grey picture to a grey picture.


def _larger(grey: np.ndarray) -> np.ndarray:
    """Modules of two pixels become larger ones, which a sampler can tell apart."""
    factor = min(UPSCALE, LARGEST_SIDE / max(grey.shape))
    return cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)


def _soft(grey: np.ndarray) -> np.ndarray:
    """Less of a dark sensor's noise, and of the beat between two grids."""
    return cv2.GaussianBlur(grey, (0, 0), 1.0)


def _crisp(grey: np.ndarray) -> np.ndarray:
    """Edges that a lens or a hand smeared, steeper."""
    return cv2.addWeighted(grey, 2.5, cv2.GaussianBlur(grey, (0, 0), 2.0), -1.5, 0)


def _full_range(grey: np.ndarray) -> np.ndarray:
    """A dark picture over all 256 greys: zxing takes less than 24 of them for a bare wall."""
    low, high = np.percentile(grey[::4, ::4], (1, 99))
    steps = (np.arange(256, dtype=np.float64) - low) * (255 / max(high - low, 1.0))
    return cv2.LUT(grey, np.clip(steps, 0, 255).astype(np.uint8))


def _black_white(grey: np.ndarray, around: int, below: int) -> np.ndarray:
    """Black where darker by `below` than the mean of `around` pixels: evens out lamps, shade and bands."""
    return cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, around, below)


def _mirrored(grey: np.ndarray) -> np.ndarray:
    """With a border of mirrored picture: a finder square that the frame's edge halves is whole again."""
    reach = min(BORDER, min(grey.shape) - 1)
    return cv2.copyMakeBorder(grey, reach, reach, reach, reach, cv2.BORDER_REFLECT_101)


def _framed(grey: np.ndarray, dark: int) -> np.ndarray:
    """With a dark line of `dark` pixels and a light margin around.

    A code that the frame's edge robs of its outermost modules gets its finder squares' rims back, and one
    that lost only its quiet zone gets a new one.
    """
    low, high = (int(value) for value in np.percentile(grey[::8, ::8], (3, 90)))
    lined = cv2.copyMakeBorder(grey, dark, dark, dark, dark, cv2.BORDER_CONSTANT, value=(low,))
    return cv2.copyMakeBorder(lined, 24, 24, 24, 24, cv2.BORDER_CONSTANT, value=(high,))


@dataclass(frozen=True, slots=True)
class Look:
    """One way to look."""

    name: str
    cost: float
    """How long it takes on a hard frame, in times of the first look."""
    read: Callable[[np.ndarray], Reading]
    most_squares: float = math.inf
    """It is for live pictures with no more places than this, by `Crowd.rows`, that may be a corner square."""


LOOKS: tuple[Look, ...] = (
    Look("framed", 0.4, lambda grey: zxing(_framed(grey, 3), _WHOLE)),
    Look("mirrored", 0.4, lambda grey: zxing(_mirrored(grey), _WHOLE)),
    Look("black_white", 0.8, lambda grey: zxing(_black_white(grey, 21, 3), _WHOLE)),
    Look("soft_black_white", 0.7, lambda grey: zxing(_black_white(_soft(grey), 31, 3), _WHOLE)),
    Look("larger", 2.2, lambda grey: zxing(_larger(grey))),
    Look("full_range", 2.2, lambda grey: zxing(_larger(_full_range(_soft(grey))))),
    Look("crisp", 2.4, lambda grey: zxing(_larger(_crisp(grey)))),
    # Where there are more, it may take a tenth of a second, and nothing else tells beforehand.
    Look("zbar", 6.0, lambda grey: zbar(_black_white(at_most(grey, ZBAR_SIDE), 31, 5)), most_squares=120),
)
