"""What all good ends have in common: a word, a large number, the household, the rest of the wait."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kiosk.core.household import Person
from kiosk.flow import DONE_SECONDS
from kiosk.ports import RosterRow
from ui import theme
from ui.screens import people
from ui.screens.base import Screen, State
from ui.stage import Stage
from ui.widgets.panels import EDGE, Card, Message, Sign, TimeLine
from ui.widgets.text import NameLabel, Text
from ui.words import Phrase

TICK_MS = 100


class Result(Screen[State]):
    """A number as large as it can be, the household, and what remains of the wait."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        layout = self.rows(margin=theme.MARGIN - EDGE, top=20, spacing=8)
        layout.addWidget(self._card(), 1)
        layout.addLayout(self._foot())
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._count_down)
        self._since = QElapsedTimer()
        self._whole = DONE_SECONDS

    def _card(self) -> Card:
        px, centre = self.scale.px, theme.ALIGN_CENTRE
        card = Card(self.scale, padding=20)
        self.sign = Sign(self.scale, 80)
        self.title = Text(self.scale, theme.DISPLAY, bold=True)
        self.label = Text(self.scale, theme.LEAD, colour=theme.INK_SOFT, align=centre)
        self.label.say(self.words("done.number"))
        self.number = Text(self.scale, theme.HUGE, bold=True, colour=theme.PRIMARY, align=centre, tight=True)
        self.who = NameLabel(self.scale, theme.NAME)
        self.count = Text(self.scale, theme.NAME, bold=True, colour=theme.PRIMARY)
        self.note = Text(self.scale, theme.BODY, colour=theme.INK_SOFT, align=centre, wrap=True)
        self.mark = Message(self.scale)
        marks = QHBoxLayout()
        marks.addStretch(1)
        marks.addWidget(self.mark, 6)
        marks.addStretch(1)
        content = self.content = card.content
        content.setSpacing(px(8))
        content.addStretch()
        content.addLayout(self.centred(self.sign, self.title, spacing=20))
        content.addWidget(self.label)
        content.addWidget(self.number)
        content.addLayout(self.centred(self.who, self.count, spacing=40))
        content.addWidget(self.note)
        content.addStretch()
        content.addLayout(marks)
        return card

    def _foot(self) -> QHBoxLayout:
        px = self.scale.px
        self.foot = self.across(edge=EDGE)
        self.line_left = TimeLine(self.scale)
        self.seconds = Text(self.scale, theme.SMALL, colour=theme.INK_SOFT)
        wait = QVBoxLayout()
        wait.setSpacing(px(4))
        wait.addStretch()
        wait.addWidget(self.seconds)
        wait.addWidget(self.line_left)
        wait.addStretch()
        self.foot.addLayout(wait, 1)
        return self.foot

    def show_row(self, row: RosterRow, persons: Sequence[Person], seconds: float) -> None:
        """The number of a row and whom of it this is about; the wait starts anew."""
        self.number.say(Phrase.of(row.number))
        who = people.first_and_others(self.words, persons)
        self.who.show_name(who)
        self.who.setVisible(bool(who))
        self.count.say(self.words("people.count", n=len(persons)))
        self._whole = seconds
        self._since.start()
        self._count_down()

    def _count_down(self) -> None:
        # Only drawn here: the flow's own timer leads on.
        left = self._whole - self._since.elapsed() / 1000
        self.line_left.show_left(left / self._whole)
        self.seconds.say(self.words("done.back", n=max(0, round(left + 0.4))))

    def entered(self) -> None:
        """Let the line run."""
        super().entered()
        self._tick.start()

    def left(self) -> None:
        """Names go with the household."""
        self._tick.stop()
        for text in (self.number, self.who, self.count):
            text.say(Phrase(()))
