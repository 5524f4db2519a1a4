"""What the pages of an asked entry share: the question left, what is known and where to go right."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk.core.household import Person
from kiosk.flow import Enter
from ui import theme
from ui.screens import people
from ui.screens.base import Screen, State
from ui.stage import Stage
from ui.widgets.buttons import Kind
from ui.widgets.fields import Field
from ui.widgets.panels import EDGE, Card, Pill
from ui.widgets.text import NameLabel, Text
from ui.words import Phrase

LISTED = 5
"""People listed by name beside the question; more are counted."""
SIDE = 432


class Page(Screen[State]):
    """One question. What was typed and who was told of leave the widgets with the page."""

    field: Field | None = None
    members: Members | None = None

    def __init__(self, stage: Stage, name: str) -> None:
        super().__init__(stage)
        px = self.scale.px
        layout = self.columns(margin=theme.MARGIN - EDGE, top=20, spacing=12)
        self.card = Card(self.scale, padding=32)
        self.card.content.setSpacing(px(12))
        head = QHBoxLayout()
        self.title = self.heading(f"{name}.title")
        head.addWidget(self.title, 1)
        if f"{name}.step" in self.words:
            step = Pill(self.scale)
            step.show_state(self.words.plain(f"{name}.step"), "", theme.INK_SOFT)
            head.addWidget(step)
        self.card.content.addLayout(head)
        self.subtitle = self.line(f"{name}.subtitle", wrap=True)
        self.card.content.addWidget(self.subtitle)
        layout.addWidget(self.card, 1)
        self.side = QVBoxLayout()
        self.side.setSpacing(px(14))
        self.side.setContentsMargins(0, px(8), px(8), px(8))
        holder = QWidget()
        holder.setFixedWidth(px(SIDE))
        holder.setLayout(self.side)
        layout.addWidget(holder)

    def next_button(self, key: str = "button.next", *, back: bool = True, height: float = 112) -> None:
        """Enter, large, at the side, and Esc below unless the pad has it."""
        self.next = self.button(
            key, Enter(), icon="arrow-right", cap="Enter", kind=Kind.FIRST, size=theme.PANEL, height=height
        )
        self.side.addWidget(self.next)
        if back:
            self.side.addWidget(self.back_button("button.return", height=theme.TARGET))

    def entered(self) -> None:
        """Type at once where something is typed."""
        if self.field is None:
            super().entered()
        else:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def left(self) -> None:
        """Nothing typed stays, nor can Ctrl+Z bring it back."""
        if self.field is not None:
            self.field.setText("")
        if self.members is not None:
            self.members.show_people((), dt.date.min)


class Members(Card):
    """Who was written down so far."""

    def __init__(self, stage: Stage, title: str) -> None:
        super().__init__(stage.scale, padding=20)
        self._words = stage.words
        self.head = Text(stage.scale, theme.BODY, bold=True, colour=theme.INK_SOFT)
        self.head.say(stage.words(title))
        self.content.addWidget(self.head)
        self.names = [NameLabel(stage.scale, theme.LEAD) for _ in range(LISTED)]
        self.details = [Text(stage.scale, theme.SMALL, colour=theme.INK_SOFT) for _ in range(LISTED)]
        for name, detail in zip(self.names, self.details, strict=True):
            row = QHBoxLayout()
            row.addWidget(name, 1)
            row.addWidget(detail)
            self.content.addLayout(row)
        self.total = Text(stage.scale, theme.LEAD, bold=True, colour=theme.PRIMARY)
        self.content.addWidget(self.total)
        self.content.addStretch()

    def show_people(self, persons: tuple[Person, ...], today: dt.date) -> None:
        """The last few by name, all by number."""
        shown = persons[-LISTED:]
        unnamed = self._words.plain("people.not_known")
        for place, (name, detail) in enumerate(zip(self.names, self.details, strict=True)):
            person = shown[place] if place < len(shown) else None
            name.show_name((person.called or unnamed) if person else "")
            told = people.detail(self._words, person, today) if person else ""
            detail.say(Phrase.of(told))
            name.setVisible(person is not None)
            detail.setVisible(person is not None)
        self.total.say(self._words("people.count", n=len(persons)))
        self.setVisible(bool(persons))
