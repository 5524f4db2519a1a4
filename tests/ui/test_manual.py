"""The manual shows the screens as they are."""

from __future__ import annotations

import cv2
import numpy as np

from tests.helpers import manual


def test_the_manual_shows_the_screens_as_they_are(qtbot):  # noqa: ARG001 - Qt must be up
    """Every picture of a screen in docs/manual is what the program draws; if not, `./run manual` draws it."""
    stale = []
    for name, now in manual.drawn():
        kept = cv2.imread(str(manual.FOLDER / f"{name}.png"))
        if kept is None or not manual.alike(kept, now):
            stale.append(name)
    assert not stale


def test_the_manual_shows_screens_that_exist_and_keeps_no_others(qtbot):  # noqa: ARG001 - as above
    """Each picture that a page names is a screen, and no picture lies there that no page names."""
    drawn = {name for name, _ in manual.drawn()}
    assert drawn == manual.named() == {path.stem for path in manual.FOLDER.glob("*.png")}


def test_a_changed_word_is_a_changed_picture():
    """One word more on a screen makes its picture stale; another rounding of colours does not."""
    page = np.full((512, 911, 3), 240, np.uint8)
    rounded = page + np.random.default_rng(1).integers(-4, 4, page.shape).astype(np.uint8)
    written = page.copy()
    cv2.putText(written, "word", (300, 200), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (20, 20, 20), 2)
    assert manual.alike(page, rounded)
    assert not manual.alike(page, written)
