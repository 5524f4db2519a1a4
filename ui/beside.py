"""The window for the evacuees' side, joined to the running desk: there when it was chosen and has a screen.

It opens on a screen that is not the desk's own, when one is plugged in, and is gone with it. What it shows is
`ui.guest`'s to say; here it only follows the desk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from kiosk import flow
from kiosk.settings import Settings
from ui import theme
from ui.guest import GuestWindow, view
from ui.window import Window
from ui.words import BASE, Words

SHORT = (flow.Receiving, flow.Undoing, flow.Writing, flow.Tapping)
"""Milliseconds of writing: what was shown stays, and nothing flickers."""

Elsewhere = Callable[[], QRect | None]
"""Where there is another screen than the desk's; None where there is none."""


class GuestSide(QObject):
    """Told of states, languages and settings; opens and closes the window for guests."""

    def __init__(
        self,
        window: Window,
        settings: Settings,
        today: Callable[[], dt.date],
        language: str = BASE,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        super().__init__(window)
        self._desk, self._today, self._own = window, today, language
        self._language = language
        self._wanted = settings.second_window
        self._elsewhere = elsewhere or self._another_screen
        self._state: flow.State = flow.Locked()
        self._look = theme.worn()
        self._closed = False
        self.window: GuestWindow | None = None
        app = QApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenAdded.connect(self._screens_changed)
            app.screenRemoved.connect(self._screens_changed)

    def begin(self) -> None:
        """The desk is painted: open beside it, if it was chosen."""
        self._open_or_close()

    def settle(self, settings: Settings) -> None:
        """These hold from now on."""
        self._wanted = settings.second_window
        self._open_or_close()

    def stepped(self, state: flow.State) -> None:
        """The desk shows this now."""
        if isinstance(state, SHORT):
            return
        self._state = state
        self._show()

    def spoken(self, language: str) -> None:
        """The visitor reads this language; empty means the desk's own."""
        self._language = language or self._own
        if self.window is not None and self.window.language != self._language:
            self.window.speak(self._language)
        self._show()

    def close(self) -> None:
        """The desk closes."""
        self._closed = True
        self._open_or_close()

    def _screens_changed(self, *_: object) -> None:
        self._open_or_close()

    def _another_screen(self) -> QRect | None:
        own = self._desk.screen()
        return next((one.geometry() for one in QGuiApplication.screens() if one is not own), None)

    def _open_or_close(self) -> None:
        place = self._elsewhere() if self._wanted and not self._closed else None
        if place is None:
            if self.window is not None:
                self.window.close()
                self.window.deleteLater()
                self.window = None
            return
        if self.window is None:
            self.window = GuestWindow(self._language)
        self.window.setGeometry(place)
        self._show()
        self.window.show()
        # Whatever the system made of showing it: keys are the desk's.
        self._desk.activateWindow()

    def _show(self) -> None:
        if self.window is None:
            return
        if self._look != theme.worn():
            self._look = theme.worn()
            self.window.redress()
        self.window.show_view(view(self._state, Words(self._language), self._today()))
