"""Garbage is looked for on the window's thread alone.

Python takes cycles that nothing reaches apart on whichever thread happens to allocate next. A widget in one
of them, destroyed on the desk's or a device's thread, ends the process without a word. So while a window is
open, Python does not begin by itself: a timer on the window's thread asks what is due by Python's own
thresholds. It knows no screen.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000
"""A busy desk makes a few thousand objects a second, most of which need no collector to go."""


class Sweeper(QObject):
    """`begin` and `end` on the window's thread."""

    def __init__(self) -> None:
        super().__init__()
        self._was_on = True
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.sweep)

    def begin(self) -> None:
        """From now on nothing is collected but here."""
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer.start()

    def end(self) -> None:
        """As it was before."""
        self._timer.stop()
        if self._was_on:
            gc.enable()

    def sweep(self) -> None:
        """Collect the oldest generation that is due, and with it the younger ones."""
        due = zip(gc.get_count(), gc.get_threshold(), strict=True)
        for generation, (count, threshold) in reversed(list(enumerate(due))):
            if threshold and count > threshold:
                gc.collect(generation)
                return
