"""What all screens have in common: they are built once, then shown states."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kiosk.flow import Back, Input
from ui import theme
from ui.stage import Ambient, Stage
from ui.widgets.buttons import BigButton, Kind
from ui.widgets.panels import Ground
from ui.widgets.text import Text

State = TypeVar("State")


class Screen(Ground, Generic[State]):
    """One screen: draws states of its kind. It decides nothing and remembers nothing of people."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage, self.scale, self.words, self.hands = stage, stage.scale, stage.words, stage.hands

    def show_state(self, state: State) -> None:
        """Draw this."""

    def show_ambient(self, ambient: Ambient) -> None:
        """Draw what is around."""

    def entered(self) -> None:
        """The screen was just put up: give the focus to where the hands will be."""
        self.setFocus()

    def left(self) -> None:
        """The screen was just taken down: forget what people told."""

    # Small builders that keep the screens' own code about the screen.

    def rows(self, *, margin: float = theme.MARGIN, top: float = 24, spacing: float = 16) -> QVBoxLayout:
        """The screen's own layout, top to bottom."""
        px = self.scale.px
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(margin), px(top), px(margin), px(24))
        layout.setSpacing(px(spacing))
        return layout

    def columns(self, *, margin: float = theme.MARGIN, top: float = 24, spacing: float = 20) -> QHBoxLayout:
        """The screen's own layout, left to right."""
        px = self.scale.px
        layout = QHBoxLayout(self)
        layout.setContentsMargins(px(margin), px(top), px(margin), px(24))
        layout.setSpacing(px(spacing))
        return layout

    def heading(self, key: str, *, size: float = theme.HEADING, wrap: bool = False) -> Text:
        """A screen's heading."""
        text = Text(self.scale, size, bold=True, wrap=wrap)
        text.say(self.words(key))
        return text

    def line(self, key: str = "", *, size: float = theme.BODY, wrap: bool = False) -> Text:
        """A quieter line."""
        text = Text(self.scale, size, colour=theme.INK_SOFT, wrap=wrap)
        if key:
            text.say(self.words(key))
        return text

    def beside(self, number: float, unit: Text, size: float) -> QVBoxLayout:
        """A unit of `size` whose foot stands on the line of a number of size `number` beside it."""
        column = QVBoxLayout()
        column.addStretch()
        column.addWidget(unit)
        column.addSpacing(self.scale.px(0.34 * (number - size)))
        return column

    def button(
        self,
        key: str,
        event: Input,
        *,
        icon: str = "",
        cap: str = "",
        sub: str = "",
        kind: Kind = Kind.SECOND,
        size: float = theme.LEAD,
        height: float = 84,
    ) -> BigButton:
        """A button that puts an input."""
        button = BigButton(
            self.scale,
            self.words.standing(key),
            icon=icon,
            key=cap,
            subtitle=self.words.standing(sub).plain,
            kind=kind,
            size=size,
            height=height,
        )
        button.clicked.connect(lambda: self.hands.put(event))
        return button

    def deed(
        self, key: str, event: Input, icon: str, cap: str = "", *, kind: Kind = Kind.SECOND
    ) -> BigButton:
        """A button of a row of several: as high as a finger needs, in the size of running text."""
        return self.button(key, event, icon=icon, cap=cap, kind=kind, size=theme.BODY, height=theme.TARGET)

    def back_button(self, key: str = "button.cancel", *, height: float = 84) -> BigButton:
        """Esc."""
        return self.button(key, Back(), icon="x", cap="Esc", kind=Kind.QUIET, height=height)

    def asked_button(
        self, key: str, *, sub: str = "", size: float = theme.LEAD, height: float = theme.TARGET_FIRST
    ) -> BigButton:
        """F1: asked entry. The bridge starts its stopwatch."""
        button = BigButton(
            self.scale,
            self.words.standing(key),
            icon="keyboard",
            key="F1",
            subtitle=self.words.standing(sub).plain,
            size=size,
            height=height,
        )
        button.clicked.connect(self.hands.open_asked)
        return button

    def count_button(
        self, key: str, *, sub: str = "", size: float = theme.LEAD, height: float = theme.TARGET_FIRST
    ) -> BigButton:
        """F5: count-only. The bridge starts its stopwatch."""
        button = BigButton(
            self.scale,
            self.words.standing(key),
            icon="users",
            key="F5",
            subtitle=self.words.standing(sub).plain,
            kind=Kind.QUIET,
            size=size,
            height=height,
        )
        button.clicked.connect(self.hands.open_count)
        return button
