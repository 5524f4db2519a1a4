"""How many places of a picture look like a code's corner square, before a decoder tries every three of them.

A wall full of squares, or of noise, takes a decoder seconds, and no drawn room and no code has so many. This
is an estimate from a few rows that costs a third of a millisecond; it reads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

ROWS = 64
_SPREAD = (np.arange(ROWS) * 0.6180339887498949) % 1
"""Rows by the golden ratio: evenly strewn, and in step with no pattern."""
MOST_IN_ROWS, MOST_SQUARES = 4000, 900
"""More than ever in a drawn frame, with or without a code: noise comes to 3000 and 660. At these a decoder
takes some 80 ms for a frame, and beyond them whole seconds."""
BOTH_IN_ROWS, BOTH_SQUARES = 3000, 600
"""And of both together, when neither alone is too much."""
MANY_IN_ROWS, MANY_SQUARES = 1000, 250
"""Drawn frames with so many are noisy ones; a look may take longer at them than at a picture of a code."""
SOME_IN_ROWS, SOME_SQUARES = 400, 80


@dataclass(frozen=True, slots=True)
class Crowd:
    """How crowded a picture is."""

    rows: int
    """Runs of dark and light on `ROWS` rows that are as long as 1 : 1 : 3 : 1 : 1."""
    squares: float
    """How many squares these would be, as far as the column through their middle fits too."""

    @property
    def too_many(self) -> bool:
        """More than any decoder should be given."""
        both = self.rows > BOTH_IN_ROWS and self.squares > BOTH_SQUARES
        return both or self.rows > MOST_IN_ROWS or self.squares > MOST_SQUARES

    @property
    def many(self) -> bool:
        """Enough that looks may be slow."""
        return self.rows > MANY_IN_ROWS or self.squares > MANY_SQUARES

    @property
    def some(self) -> bool:
        """More than on a picture of a few codes: a larger one than a webcam's need not be looked at whole."""
        return self.rows > SOME_IN_ROWS or self.squares > SOME_SQUARES

    @classmethod
    def of(cls, grey: np.ndarray) -> Self:
        """Of a grey picture (rows, columns) of bytes."""
        high, wide = grey.shape
        chosen = np.unique((_SPREAD * high).astype(np.intp))
        rows = grey[chosen]
        light = (rows > rows.mean(axis=1, keepdims=True)).ravel()
        edges = np.flatnonzero(light[1:] != light[:-1])
        if len(edges) < 6:
            return cls(0, 0.0)
        runs = np.diff(edges).astype(np.float32)
        five = [runs[place : len(runs) - 4 + place] for place in range(5)]
        module = sum(five[1:], five[0]) / 7
        fits = np.abs(five[2] - 3 * module) < module + 0.5
        for place in (0, 1, 3, 4):
            fits &= np.abs(five[place] - module) < module / 2 + 0.5
        found = np.flatnonzero(fits)
        # Fewer rows than were wanted say the less, not fewer squares.
        count = len(found) * ROWS // len(chosen)
        middle, size = (edges[found + 2] + edges[found + 3] + 1) // 2, module[found]
        fits = _fits_column(grey, chosen[middle // wide], middle % wide, size)
        # Each is met by as many of the rows as its middle of three modules is high.
        return cls(count, float((high / (len(chosen) * 3 * size[fits])).sum()))


def _fits_column(grey: np.ndarray, row: np.ndarray, column: np.ndarray, module: np.ndarray) -> np.ndarray:
    """Whether the column through each place goes dark, light, dark, light, dark, or the other way round."""

    def at(modules: int) -> np.ndarray:
        rows = np.rint(row + modules * module).astype(np.intp)
        taken: np.ndarray = grey[np.clip(rows, 0, len(grey) - 1), column]
        return taken

    ring = np.stack([at(-2), at(2)])
    rest = np.stack([at(-3), at(-1), at(0), at(1), at(3)])
    fits: np.ndarray = (ring.min(axis=0) > rest.max(axis=0)) | (ring.max(axis=0) < rest.min(axis=0))
    return fits
