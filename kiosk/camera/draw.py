"""Codes as arrays of pixels, for the frames that tests and demonstrations photograph.

How a code is drawn is `kiosk.paper.code`'s. It refuses to know what the text says.
"""

from __future__ import annotations

import numpy as np

from kiosk.paper.code import QUIET, make, png, svg, terminal

__all__ = ["QUIET", "make", "modules", "png", "svg", "terminal"]


def modules(text: str) -> np.ndarray:
    """The code as a square array of bytes, 0 dark and 255 light, one a module, with its quiet zone."""
    rows = [[0 if dark else 255 for dark in row] for row in make(text).matrix]
    return np.pad(np.array(rows, np.uint8), QUIET, constant_values=255)
