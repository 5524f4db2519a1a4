"""The manual's pictures: the screens it shows, drawn by the program itself and made small.

Run as a program it draws every picture anew that a page of docs/manual names; a test tells when that is due.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "images" / "desk"
WIDTH = 911
"""Pixels: two thirds of the reference window."""
_BLOCK = 16
_ALIKE = 24
"""Of 255: what the mean grey of a block of 16 x 16 pixels may differ by. A changed word differs by more."""


def named() -> set[str]:
    """The screens that the manual shows."""
    pages = (ROOT / "docs" / "manual").glob("*.md")
    return {
        name
        for page in pages
        for name in re.findall(r"images/desk/([\w-]+)\.png", page.read_text(encoding="utf-8"))
    }


def drawn() -> Iterator[tuple[str, np.ndarray]]:
    """Each of these screens as it is now, small, in colour."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ui import pictures

    with tempfile.TemporaryDirectory() as folder:
        for path in pictures.render(Path(folder), only=named()):
            whole = cv2.imread(str(path))
            assert whole is not None
            height = round(whole.shape[0] * WIDTH / whole.shape[1])
            yield path.stem, cv2.resize(whole, (WIDTH, height), interpolation=cv2.INTER_AREA)


def alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether a reader would take one picture for the other."""
    if one.shape != other.shape:
        return False
    return float(np.abs(_blocks(one) - _blocks(other)).max()) <= _ALIKE


def _blocks(picture: np.ndarray) -> np.ndarray:
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    size = grey.shape[1] // _BLOCK, grey.shape[0] // _BLOCK
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(float)


def draw() -> int:
    """Draw them all anew; how many."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    count = 0
    for name, picture in drawn():
        _save(picture, FOLDER / f"{name}.png")
        count += 1
    return count


def _save(picture: np.ndarray, path: Path) -> None:
    """As a PNG of the 256 colours it has most of, which takes a third of the room: areas are flat."""
    from PySide6.QtGui import QImage

    height, width = picture.shape[:2]
    pixels = picture.reshape(-1, 3).astype(np.int32)
    colours, places, counts = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    palette = colours[np.argsort(-counts)[:256]]
    nearest = np.array([np.abs(palette - colour).sum(axis=1).argmin() for colour in colours], np.uint8)
    flat = nearest[places.reshape(-1)].tobytes()
    image = QImage(flat, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable([0xFF000000 | red << 16 | green << 8 | blue for blue, green, red in palette.tolist()])
    image.save(str(path))


if __name__ == "__main__":
    print(f"{draw()} pictures in {FOLDER.relative_to(ROOT)}")  # noqa: T201 - a program run by hand
