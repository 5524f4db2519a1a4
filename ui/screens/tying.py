"""戻り用カード: who of the household, and where to put the card that shall stand for them."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kiosk.flow import Back, PersonChosen, TyingToken
from ui import theme
from ui.screens import people
from ui.screens.base import Screen
from ui.stage import Stage
from ui.widgets.buttons import Kind
from ui.widgets.choices import Choice
from ui.widgets.facts import MemberRow
from ui.widgets.panels import Card
from ui.widgets.text import NameLabel, Text
from ui.widgets.views import CardArt
from ui.words import Phrase

ROWS = 4
"""Members shown at a time."""


class TyingTokenScreen(Screen[TyingToken]):
    """The household at the left, the reader and what to do at the right."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        self._first = self._next = 0
        layout = self.rows(margin=theme.MARGIN - 8, top=20, spacing=8)
        middle = QHBoxLayout()
        middle.setSpacing(px(8))
        middle.addWidget(self._who(), 10)
        middle.addWidget(self._what(), 11)
        layout.addLayout(middle, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(px(8), 0, px(8), 0)
        foot.addStretch(11)
        self.back = self.button(
            "button.return", Back(), icon="arrow-left", cap="Esc", kind=Kind.QUIET, height=theme.TARGET_FIRST
        )
        foot.addWidget(self.back, 10)
        layout.addLayout(foot)

    def _who(self) -> Card:
        px = self.scale.px
        left = Card(self.scale, padding=24)
        left.content.setSpacing(px(8))
        self.number = Text(self.scale, theme.DISPLAY, bold=True, colour=theme.PRIMARY, tight=True)
        self.who = NameLabel(self.scale, theme.TITLE)
        head = QHBoxLayout()
        head.setSpacing(px(20))
        head.addWidget(self.number)
        head.addWidget(self.who, 1)
        left.content.addLayout(head)
        self.hint = self.line("tie.whose", size=theme.SMALL)
        left.content.addWidget(self.hint)
        self.members = [MemberRow(self.scale) for _ in range(ROWS)]
        for place, row in enumerate(self.members):
            row.clicked.connect(lambda _=False, at=place: self.hands.put(PersonChosen(self._first + at)))
            left.content.addWidget(row)
        self.further = Choice(self.scale, "", height=theme.TARGET)
        self.further.clicked.connect(lambda: self.hands.put(PersonChosen(self._next)))
        left.content.addWidget(self.further)
        left.content.addStretch()
        return left

    def _what(self) -> Card:
        px, words = self.scale.px, self.words
        right = Card(self.scale, padding=36)
        right.content.setSpacing(px(16))
        right.content.addWidget(self.heading("tie.title", size=theme.NAME, wrap=True))
        row = QHBoxLayout()
        row.setSpacing(px(24))
        row.addWidget(CardArt(self.scale, words.plain("ready.card_art"), ""))
        told = QVBoxLayout()
        told.setSpacing(px(16))
        told.addStretch()
        for key in ("tie.which", "tie.kept"):
            told.addWidget(self.line(key, wrap=True))
        told.addStretch()
        row.addLayout(told, 1)
        right.content.addLayout(row, 1)
        return right

    def show_state(self, state: TyingToken) -> None:
        """The household, and for whom the card will stand."""
        words, row, members = self.words, state.row, state.row.household.members
        self.number.say(Phrase.of(row.number))
        self.who.show_name(people.first_and_others(words, members) or words.plain("people.unnamed"))
        rows = ROWS if len(members) <= ROWS else ROWS - 1
        self._first = state.person // rows * rows
        for place, tile in enumerate(self.members):
            index = self._first + place
            tile.setVisible(place < rows and index < len(members))
            if index < len(members):
                person = members[index]
                tile.show_person(
                    person.called or words.plain("people.nth", n=index + 1),
                    people.relation(words, person),
                    people.whereabouts(words, row, person),
                    str(index + 1) if index < 9 else "",
                    chosen=index == state.person,
                    ink=theme.ORANGE if person.id in row.elsewhere else theme.GREEN_DEEP,
                )
        self.hint.setVisible(len(members) > 1)
        self.further.setVisible(len(members) > ROWS)
        self._next = 0 if self._first + rows >= len(members) else self._first + rows
        self.further.say(words.plain("what_now.further", first=self._first + 1, of=len(members)))

    def left(self) -> None:
        """Names go with the household."""
        self.number.say(Phrase(()))
        self.who.show_name("")
        for tile in self.members:
            tile.show_person("", "", "", chosen=False)
