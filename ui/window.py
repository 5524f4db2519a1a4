"""The window: a header, the screen of the present state, and the keys that work everywhere."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from kiosk import flow
from kiosk.flow import State
from kiosk.flow.choices import Show
from ui import fonts, theme
from ui.keytips import KeyTips
from ui.screens import SCREENS
from ui.screens.base import Screen
from ui.screens.outcome import WaitScreen
from ui.stage import Ambient, Hands, Place, Stage
from ui.theme import Scale
from ui.widgets.header import Header
from ui.words import BASE, Words

WAIT_MS = 300
"""A write shorter than this shows no screen of its own: the picture would only flicker."""
WARM_MS = 200
"""Between two screens built ahead: a press in between waits for one of them at most."""
SOON: tuple[type, ...] = (
    flow.TyingToken,
    flow.Seen,
    flow.Face,
    flow.Needs,
    flow.Family,
    flow.Roster,
    flow.AskTown,
    flow.Changed,
    flow.WhatNow,
    flow.Notice,
    flow.AskCount,
    flow.AskBirth,
    flow.AskName,
    flow.Pin,
    flow.Done,
)
"""What a queue soon needs, the likeliest last."""
LEAST_WIDTH, LEAST_HEIGHT = 640, 360
"""1280x720 at a scaling of 200 %: these are pixels of the system's scale."""

_KEYS: dict[int, flow.Input] = {
    Qt.Key.Key_Return: flow.Enter(),
    Qt.Key.Key_Enter: flow.Enter(),
    Qt.Key.Key_Escape: flow.Back(),
    Qt.Key.Key_Backspace: flow.Erase(),
    Qt.Key.Key_F2: flow.RosterOpened(),
    Qt.Key.Key_F3: flow.OutOpened(),
    Qt.Key.Key_F6: flow.ShowChosen(Show.HERE),
    Qt.Key.Key_F7: flow.ShowChosen(Show.AWAY),
    Qt.Key.Key_F8: flow.ShowChosen(Show.LEFT),
    Qt.Key.Key_F9: flow.ShowChosen(Show.DOUBLE),
    Qt.Key.Key_Up: flow.RowMoved(-1),
    Qt.Key.Key_Down: flow.RowMoved(1),
}
_REPEATED = frozenset({Qt.Key.Key_Backspace, Qt.Key.Key_Up, Qt.Key.Key_Down})
"""Keys that may be held; any other that is held was only pressed for long."""


class Window(QWidget):
    """Draws states. Screens are built when first needed, and anew at another size or language."""

    first_painted = Signal()
    closed = Signal()

    def __init__(self, place: Place, hands: Hands, language: str = BASE) -> None:
        super().__init__()
        self._place, self._hands, self._own_language = place, hands, language
        self._words = Words(language)
        self._scale = Scale(1.0, fonts.load(language))
        self._state: State | None = None
        self._ambient: Ambient | None = None
        self._painted = False
        self._screens: dict[type, Screen[Any]] = {}
        self._up: Screen[Any] | None = None
        self._header: Header | None = None
        self._stack: QStackedWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(WAIT_MS)
        self._waiting.timeout.connect(self._put_up)
        self._cold: list[type[Screen[Any]]] = []
        self._warming = QTimer(self)
        self._warming.setInterval(WARM_MS)
        self._warming.timeout.connect(self._warm_one)
        self._tips = KeyTips(self)
        self.setPalette(theme.palette())
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self.setWindowTitle(place.shelter_name)
        self.resize(theme.WIDTH, theme.HEIGHT)
        self._build()

    @property
    def screen_shown(self) -> Screen[Any] | None:
        """The screen now up."""
        return self._up

    @property
    def language(self) -> str:
        """The language now shown."""
        return self._words.language

    def show_state(self, state: State) -> None:
        """Draw a state; a short write leaves the screen before it up."""
        self._state = state
        if SCREENS[type(state)] is WaitScreen and self.screen_shown is not None:
            if not self._waiting.isActive():
                self._waiting.start()
            return
        self._waiting.stop()
        self._put_up()

    def show_ambient(self, ambient: Ambient) -> None:
        """Draw what is around: on the header and on the screen that is up."""
        self._ambient = ambient
        if self._header is not None:
            self._header.show_ambient(ambient)
        if self.screen_shown is not None:
            self.screen_shown.show_ambient(ambient)

    def speak(self, language: str) -> None:
        """Show another language; empty means the desk's own."""
        wanted = language or self._own_language
        if wanted != self._words.language:
            self._words = Words(wanted)
            self._scale = Scale(self._scale.factor, fonts.load(wanted))
            self._build()

    def redress(self) -> None:
        """The colours are others now: everything is built anew in them."""
        self.setPalette(theme.palette())
        self._build()

    def warm(self) -> None:
        """Build what comes next while nobody waits: a screen's first picture shall not be its slowest."""
        self._cold = [
            kind for kind in dict.fromkeys(map(SCREENS.__getitem__, SOON)) if kind not in self._screens
        ]
        self._warming.start()

    def _warm_one(self) -> None:
        if not self._cold or self._stack is None:
            self._warming.stop()
        elif (kind := self._cold.pop()) not in self._screens:
            self._built(kind)

    def _built(self, kind: type[Screen[Any]]) -> Screen[Any]:
        stage = Stage(self._scale, self._words, self._place, self._hands)
        screen = self._screens[kind] = kind(stage)
        if self._stack is not None:
            self._stack.addWidget(screen)
        return screen

    def _put_up(self) -> None:
        if self._state is None or self._stack is None:
            return
        self._tips.another_state()
        kind = SCREENS[type(self._state)]
        screen = self._screens.get(kind)
        if screen is None:
            screen = self._built(kind)
        before = self._up
        if self._ambient is not None:
            screen.show_ambient(self._ambient)
        screen.show_state(self._state)
        if self._header is not None:
            self._header.show_state(self._state)
        if before is not screen:
            self._stack.setCurrentWidget(screen)
            self._up = screen
            if before is not None:
                before.left()
            screen.entered()

    def _build(self) -> None:
        """Everything anew: for a scale or a language a screen is made once and never patched."""
        if self._up is not None:
            self._up.left()
            self._up = None
        for old in (self._header, self._stack):
            if old is not None:
                self._layout.removeWidget(old)
                old.hide()
                old.deleteLater()
        self._screens.clear()
        stage = Stage(self._scale, self._words, self._place, self._hands)
        self._header = Header(stage)
        self._stack = QStackedWidget()
        self._layout.addWidget(self._header)
        self._layout.addWidget(self._stack, 1)
        if self._ambient is not None:
            self._header.show_ambient(self._ambient)
        self._put_up()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size is another scale."""
        super().resizeEvent(event)
        if (scale := self._scale.follow(self.width(), self.height())) is not self._scale:
            self._scale = scale
            self._build()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once that there is a picture: loading may begin."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            # Bound to this window: one that is gone before its turn has nobody left to tell.
            QTimer.singleShot(0, self, self._tell_painted)

    def _tell_painted(self) -> None:
        self.first_painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is always possible; what is on its way is written first."""
        self.closed.emit()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no field wanted: the same keys in every screen, answered by the flow's table."""
        key, text = event.key(), event.text()
        if event.isAutoRepeat() and key not in _REPEATED:
            return
        if key == Qt.Key.Key_F1:
            self._hands.open_asked()
        elif key == Qt.Key.Key_F5:
            self._hands.open_count()
        elif key in _KEYS:
            self._hands.put(_KEYS[key])
        elif text == "+":
            self._hands.put(flow.Plus())
        elif text.isascii() and text.isdigit():
            self._hands.put(flow.Digit(int(text)))
        elif text.isascii() and text.isalpha():
            self._hands.put(flow.Letter(text.upper()))
        else:
            super().keyPressEvent(event)
