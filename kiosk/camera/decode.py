"""Reads the QR codes in one frame: zxing-cpp always, and one second look in turn where it finds nothing.

The order was measured, not guessed: zxing-cpp alone reads most in a tenth of the time; each of the other
looks reads some frames that it does not. It only reads; what a text means is not known here.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import cv2
import numpy as np
import zxingcpp
from pyzbar import pyzbar

from kiosk.camera.picture import Reading, as_grey, at_most

SMALLEST_CODE = 21
"""Modules a side of a version 1 code: no frame narrower than that holds one."""
SECOND_LOOK_SIDE = 1920
"""Second looks work on at most this many pixels a side: a still may be larger than any webcam's frame."""
UPSCALE = 1.6


class Decoder:
    """The cascade of one camera: it remembers whose turn the second look is."""

    def __init__(self) -> None:
        self._turns = itertools.cycle(_SECOND_LOOKS)

    def read(self, frame: np.ndarray, *, thorough: bool = False) -> Reading:
        """Read a grey (rows, columns) or BGR (rows, columns, 3) frame of bytes.

        A live frame gets at most one second look, because the next frame comes soon; a still is looked
        at `thorough`ly, by all of them.

        Raises:
            Malformed: `bad_frame` for any other array, or for one too large.
        """
        grey = as_grey(frame)
        if min(grey.shape) < SMALLEST_CODE:
            return Reading()
        first = _zxing(grey)
        if first.texts:
            return first
        located = first.located
        smaller = at_most(grey, SECOND_LOOK_SIDE)
        for look in _SECOND_LOOKS if thorough else (next(self._turns),):
            second = look(smaller)
            located = located or second.located
            if second.texts:
                return Reading(second.texts, located=True)
        return Reading((), located)


_QR_ONLY = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def _zxing(grey: np.ndarray) -> Reading:
    found = zxingcpp.read_barcodes(
        grey,
        formats=_QR_ONLY,
        text_mode=zxingcpp.TextMode.Plain,
        return_errors=True,
    )
    texts = dict.fromkeys(code.text for code in found if code.valid and code.text)
    return Reading(tuple(texts), bool(found))


def _zxing_upscaled(grey: np.ndarray) -> Reading:
    factor = min(UPSCALE, SECOND_LOOK_SIDE / max(grey.shape))
    return _zxing(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC))


def _adaptive(grey: np.ndarray) -> np.ndarray:
    return cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 31, 5)


def read_with_pyzbar(grey: np.ndarray) -> Reading:
    """Pyzbar alone on a grey frame: one of the second looks, and the peer that `kiosk bench` measures."""
    try:
        found = pyzbar.decode(grey, symbols=[pyzbar.ZBarSymbol.QRCODE])
        texts = dict.fromkeys(code.data.decode() for code in found if code.data)
    except Exception:  # noqa: BLE001 - libzbar's wrapper raises what it likes on odd symbols, and this is only a second look
        return Reading()
    return Reading(tuple(texts), bool(found))


_SECOND_LOOKS: tuple[Callable[[np.ndarray], Reading], ...] = (
    _zxing_upscaled,
    lambda grey: read_with_pyzbar(_adaptive(grey)),
    lambda grey: _zxing(_adaptive(grey)),
    read_with_pyzbar,
)


_here = Decoder()


def read_codes(frame: np.ndarray) -> list[str]:
    """The texts of the QR codes in a frame, read by the live cascade in this process.

    `frame` is grey (rows, columns) or BGR (rows, columns, 3), of bytes. An unreadable frame gives an
    empty list.

    Raises:
        Malformed: `bad_frame` for any other array, or for one too large.
    """
    return list(_here.read(frame).texts)
