"""Puts what was chosen for this laptop into effect in the window: its dress, its sounds, what moves.

By night the desk changes its dress of itself, but only between two visitors: a screen that somebody fills in
is never built anew under their hands.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from kiosk import flow
from kiosk.settings import Settings, Theme, Volume
from ui import theme
from ui.stage import Ambient
from ui.theme import Dress, Look
from ui.window import Window

NIGHT_BEGINS, NIGHT_ENDS = 21, 6
"""Hours of the shelter's clock: when lights are usually put out, and when people get up."""
_BETWEEN = (flow.Ready, flow.Locked, flow.SettingsPage)


def dress_for(settings: Settings, hour: int) -> Dress:
    """What to wear at this hour."""
    night = hour >= NIGHT_BEGINS or hour < NIGHT_ENDS
    if settings.theme is Theme.AUTO:
        return Dress.NIGHT if night else Dress.LIGHT
    return Dress.NIGHT if settings.theme is Theme.NIGHT else Dress.LIGHT


class Comfort(QObject):
    """One window's comfort; told of settings, states and the time."""

    lock_minutes = Signal(int)

    def __init__(self, window: Window, settings: Settings, play: Callable[[str], None]) -> None:
        super().__init__(window)
        self._window, self._settings, self._play = window, settings, play
        self._hour: int | None = None
        self._between = True

    @property
    def quiet(self) -> bool:
        """Whether sounds are played softly."""
        volume = self._settings.volume
        return volume is Volume.SOFT or (volume is Volume.AUTO and theme.worn().dress is Dress.NIGHT)

    def settle(self, settings: Settings) -> None:
        """These hold from now on."""
        self._settings = settings
        self.lock_minutes.emit(settings.lock_minutes)
        self._dress()

    def show_ambient(self, ambient: Ambient) -> None:
        """The time passes."""
        self._hour = ambient.now.hour
        self._dress()

    def stepped(self, state: flow.State) -> None:
        """The desk shows this now."""
        self._between = isinstance(state, _BETWEEN)
        self._dress()

    def sound(self, name: str) -> None:
        """Let it be heard, if anything shall be."""
        if self._settings.volume is not Volume.OFF:
            self._play(name)

    def _dress(self) -> None:
        if self._hour is None or not self._between:
            return
        look = Look(dress_for(self._settings, self._hour), still=self._settings.still)
        if look != theme.worn():
            theme.dress(look)
            QApplication.setPalette(theme.palette())
            self._window.redress()
