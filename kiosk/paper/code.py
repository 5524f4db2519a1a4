"""Draws a text as a QR code, as picture files and for terminals.

The one place of the kiosk that knows segno. It refuses to know what the text says.
"""

from __future__ import annotations

import io

import segno

QUIET = 4
"""Empty modules around a code, as its standard asks (ISO/IEC 18004, 9.1)."""
ERROR_CORRECTION = "m"


def make(text: str) -> segno.QRCode:
    """The code at correction level M, or better where that costs no size."""
    return segno.make_qr(text, error=ERROR_CORRECTION)


def rows(text: str) -> list[bytearray]:
    """The modules, row by row, 1 dark and 0 light, without the quiet zone."""
    return list(make(text).matrix)


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


def fitting_png(text: str, side: int) -> bytes:
    """A PNG of at most `side` pixels, as large as whole pixels a module allow: for screens."""
    drawn = make(text)
    out = io.BytesIO()
    drawn.save(out, kind="png", scale=max(1, side // drawn.symbol_size(border=QUIET)[0]), border=QUIET)
    return out.getvalue()
