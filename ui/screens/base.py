"""What all screens have in common: they are built once, then shown states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk.flow import Back, Input, Letter
from ui import theme
from ui.stage import Ambient, Stage
from ui.widgets.buttons import BigButton, Kind
from ui.widgets.choices import Choice
from ui.widgets.panels import EDGE, Card, Ground, Message, Sign
from ui.widgets.text import Text
from ui.words import Phrase

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

    def one_card(self, *, margin: float, top: float, padding: float, spacing: float) -> QVBoxLayout:
        """What is in the one card that fills the screen, top to bottom."""
        card = Card(self.scale, padding)
        card.content.setSpacing(self.scale.px(spacing))
        self.rows(margin=margin, top=top).addWidget(card, 1)
        return card.content

    def across(
        self, *widgets: QWidget, shares: Sequence[int] = (), spacing: float = 16, edge: float = 0
    ) -> QHBoxLayout:
        """Widgets beside each other, each with its share of the room; without shares as wide as they like."""
        px = self.scale.px
        row = QHBoxLayout()
        row.setSpacing(px(spacing))
        row.setContentsMargins(px(edge), 0, px(edge), 0)
        for place, widget in enumerate(widgets):
            row.addWidget(widget, shares[place] if shares else 0)
        return row

    def centred(self, *widgets: QWidget, spacing: float = 16) -> QHBoxLayout:
        """Widgets beside each other in the middle of the line."""
        row = self.across(*widgets, spacing=spacing)
        row.insertStretch(0)
        row.addStretch()
        return row

    def head(self, name: str, *, edge: float = EDGE) -> QHBoxLayout:
        """Heading and subtitle of a screen in one line; more may be added at its end."""
        heading, subtitle = self.heading(f"{name}.title", size=theme.NAME), self.line(f"{name}.subtitle")
        return self.across(heading, subtitle, shares=(0, 1), spacing=24, edge=edge)

    def large_sign(self, icon: str, ink: QColor, fill: QColor) -> QHBoxLayout:
        """What this is about, as a large sign in the middle."""
        sign = Sign(self.scale, 96)
        sign.show_icon(icon, ink, fill)
        return self.centred(sign)

    def wrong(self, code: str, sentence: str) -> Phrase:
        """What went wrong: in the words of the screens, or in the sentence that came with it."""
        key = f"form.{code}"
        return self.words(key) if key in self.words else Phrase.of(sentence)

    def show_wrong(self, message: Message, code: str, sentence: str) -> None:
        """The same in a message, which is not there while nothing is wrong."""
        message.setVisible(bool(code))
        if code:
            message.show_message("error", self.wrong(code, sentence), Phrase(()))

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
        press: Input | Callable[[], object],
        *,
        icon: str = "",
        cap: str = "",
        sub: str = "",
        kind: Kind = Kind.SECOND,
        size: float = theme.LEAD,
        height: float = 84,
    ) -> BigButton:
        """A button that puts an input, or does what is the screen's own."""
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
        button.clicked.connect(press if callable(press) else lambda: self.hands.put(press))
        return button

    def deed(
        self, key: str, event: Input, icon: str, cap: str = "", *, kind: Kind = Kind.SECOND
    ) -> BigButton:
        """A button of a row of several: as high as a finger needs, in the size of running text."""
        return self.button(key, event, icon=icon, cap=cap, kind=kind, size=theme.BODY, height=theme.TARGET)

    def choices(
        self,
        labels: Sequence[str],
        said: Callable[[int], Input],
        *,
        keys: Sequence[str] = (),
        height: float = theme.TARGET,
    ) -> list[Choice]:
        """A button for each label; `said` makes the input that says which of them, by its place."""
        choices = [
            Choice(self.scale, label, key=keys[place] if keys else "", height=height)
            for place, label in enumerate(labels)
        ]
        for place, choice in enumerate(choices):
            choice.clicked.connect(lambda _=False, at=place: self.hands.put(said(at)))
        return choices

    def era_choices(self, letters: Sequence[str]) -> dict[str, Choice]:
        """The eras of a birth date, by their letters, which are also their keys."""
        labels = [self.words.plain(f"ask_birth.era_{letter}") for letter in letters]
        choices = self.choices(labels, lambda at: Letter(letters[at]), keys=letters)
        return dict(zip(letters, choices, strict=True))

    def back_button(self, key: str = "button.cancel", *, height: float = 84) -> BigButton:
        """Esc."""
        return self.button(key, Back(), icon="x", cap="Esc", kind=Kind.QUIET, height=height)

    def asked_button(
        self, key: str, *, sub: str = "", size: float = theme.LEAD, height: float = theme.TARGET_FIRST
    ) -> BigButton:
        """F1: asked entry. The bridge starts its stopwatch."""
        press = self.hands.open_asked
        return self.button(key, press, icon="keyboard", cap="F1", sub=sub, size=size, height=height)

    def count_button(
        self, key: str, *, sub: str = "", size: float = theme.LEAD, height: float = theme.TARGET_FIRST
    ) -> BigButton:
        """F5: count-only. The bridge starts its stopwatch."""
        press, kind = self.hands.open_count, Kind.QUIET
        return self.button(key, press, icon="users", cap="F5", sub=sub, kind=kind, size=size, height=height)
