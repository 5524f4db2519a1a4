"""Draws a text as a QR code: for phones, paper and the frames that tests and demonstrations photograph.

The one place that knows segno. It refuses to know what the text says.
"""

from __future__ import annotations

import io

import numpy as np
import segno

QUIET = 4
"""Empty modules around a code, as its standard asks (ISO/IEC 18004, 9.1)."""
ERROR_CORRECTION = "m"


def make(text: str) -> segno.QRCode:
    """The code at correction level M, or better where that costs no size."""
    return segno.make_qr(text, error=ERROR_CORRECTION)


def modules(text: str) -> np.ndarray:
    """The code as a square array of bytes, 0 dark and 255 light, one a module, with its quiet zone."""
    rows = [[0 if dark else 255 for dark in row] for row in make(text).matrix]
    return np.pad(np.array(rows, np.uint8), QUIET, constant_values=255)


def png(text: str, scale: int = 8) -> bytes:
    """A PNG, `scale` pixels a module."""
    out = io.BytesIO()
    make(text).save(out, kind="png", scale=scale, border=QUIET)
    return out.getvalue()


def svg(text: str, scale: int = 8) -> bytes:
    """An SVG document."""
    out = io.BytesIO()
    make(text).save(out, kind="svg", scale=scale, border=QUIET, light="white")
    return out.getvalue()


def terminal(text: str) -> str:
    """The code in half blocks, for a terminal with a light-on-dark or dark-on-light screen alike."""
    out = io.StringIO()
    make(text).terminal(out, border=QUIET, compact=True)
    return out.getvalue()
