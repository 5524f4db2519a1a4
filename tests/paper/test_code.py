"""What is drawn is read again, exactly."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest

from kiosk.camera.decode import read_codes
from kiosk.paper import code

TEXTS = ["ESR1:HELLO", "https://example.org/", "ESRH1:" + "0123456789 $%*+-./:" * 40]


def picture(png):
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)


@pytest.mark.parametrize("text", TEXTS)
def test_a_picture_is_read_back(text):
    """A PNG of a code says what it was made of."""
    assert read_codes(picture(code.png(text, 4))) == [text]


@pytest.mark.parametrize("text", TEXTS)
def test_rows_are_the_code(text):
    """The modules that paper is drawn from are those of the picture."""
    grid = np.pad(1 - np.array(code.rows(text), np.uint8), code.QUIET, constant_values=1) * 255
    assert (np.kron(grid, np.ones((3, 3), np.uint8)) == picture(code.png(text, 3))).all()


@pytest.mark.parametrize("side", [200, 480, 700, 1080])
def test_a_screen_is_filled(side):
    """A full-screen code is as large as fits, in whole pixels a module."""
    for text in TEXTS:
        drawn = picture(code.fitting_png(text, side))
        modules = len(code.rows(text)) + 2 * code.QUIET
        assert drawn.shape[0] == drawn.shape[1] == side // modules * modules


def test_svg_and_terminal_draw_too():
    """A drawing for the web and one for a terminal have their form."""
    assert code.svg(TEXTS[0]).startswith(b"<?xml")
    assert len(code.terminal(TEXTS[0]).splitlines()) > 10
    assert io.BytesIO(code.png(TEXTS[0])).read(4) == b"\x89PNG"
