"""A hand before the real window: presses and types as people do, counts it, and waits for what is painted.

For measurements and promises about effort. It knows keys, widgets and paint; what a way of being received
is, and how much effort it may take, is asked elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from kiosk.errors import KnownError
from kiosk.flow import State
from ui.app import application, joined
from ui.bridge import Bridge
from ui.station import Station
from ui.window import Window

SECONDS = 10.0
"""Longer than any screen takes to come."""
NAMED = {
    "Enter": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "F1": Qt.Key.Key_F1,
    "F2": Qt.Key.Key_F2,
    "F3": Qt.Key.Key_F3,
    "F5": Qt.Key.Key_F5,
}


class _Paints(QObject):
    """Counts the paints of one window's widgets."""

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self._window = window
        self.seen = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes nothing away."""
        if (
            event.type() == QEvent.Type.Paint
            and isinstance(watched, QWidget)
            and watched.window() is self._window
        ):
            self.seen += 1
        return False


class Hand:
    """One person at one desk. `pressed` counts keys and touches; `painted` holds seconds to each paint."""

    def __init__(self, station: Station) -> None:
        self._app = application()
        self.bridge: Bridge
        self.window: Window
        self.bridge, self.window = joined(station)
        self._paints = _Paints(self.window)
        self._app.installEventFilter(self._paints)
        self.pressed = 0
        self.painted: list[float] = []
        self.window.show()
        self.window.activateWindow()

    def key(self, name: str) -> None:
        """Press one key, by its name in `NAMED` or as the letter on it."""
        target = QApplication.focusWidget() or self.window
        if name in NAMED:
            self._feel(lambda: QTest.keyClick(target, NAMED[name]))
        else:
            self._feel(lambda: QTest.keyClicks(target, name))

    def write(self, *keys: str) -> None:
        """Press these keys: names of keys, and texts letter by letter."""
        for text in keys:
            for key in [text] if text in NAMED else text:
                self.key(key)

    def touch(self, button: QAbstractButton) -> None:
        """Touch it; hidden or disabled it can not be touched."""
        if not (button.isVisible() and button.isEnabled()):
            raise KnownError(
                "no_button",
                "ボタンが 見えません。",
                f"there is no {button.objectName() or 'button'} to touch",
            )
        self._feel(lambda: QTest.mouseClick(button, Qt.MouseButton.LeftButton))

    def wait(self, kind: type[State]) -> State:
        """Wait for a state to be there and drawn; returns it.

        Raises:
            KnownError: `no_such_screen`: it did not come.
        """
        self.until(lambda: isinstance(self.bridge.state, kind))
        return self.bridge.state

    def until(self, so: Callable[[], bool]) -> None:
        """Let the window live until it is so."""
        ends = time.perf_counter() + SECONDS
        while not so():
            if time.perf_counter() > ends:
                raise KnownError(
                    "no_such_screen",
                    "画面が 出ません。",
                    f"waited in vain, at {type(self.bridge.state).__name__}",
                )
            self._live()

    def seen_after(self, deed: Callable[[], None]) -> float:
        """Seconds from something that is not a press (a code before the camera) to the next paint."""
        before, begun = self._paints.seen, time.perf_counter()
        deed()
        self.until(lambda: self._paints.seen > before)
        return time.perf_counter() - begun

    def leave(self) -> None:
        """Close the window and its desk."""
        self._app.removeEventFilter(self._paints)
        self.window.close()
        self.bridge.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _feel(self, press: Callable[[], None]) -> None:
        self.pressed += 1
        self.painted.append(self.seen_after(press))

    def _live(self) -> None:
        self._app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
        # The program's own loop deletes what was put off; turned by hand, Qt keeps it for ever.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
