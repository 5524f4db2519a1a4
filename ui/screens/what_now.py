"""どう しますか: a household that is known goes out, leaves, is back, or moves on, by one touch."""

from __future__ import annotations

import datetime as dt

from PySide6.QtWidgets import QHBoxLayout

from kiosk.flow import (
    Back,
    CardWanted,
    Change,
    Chosen,
    DestinationChosen,
    Going,
    TieWanted,
    WhatNow,
)
from kiosk.flow.choices import DESTINATIONS
from ui import theme
from ui.screens import people
from ui.screens.base import EDGE, Screen
from ui.stage import Ambient, Stage
from ui.widgets.buttons import BigButton, Kind
from ui.widgets.choices import Choice
from ui.widgets.facts import MemberRow
from ui.widgets.panels import Card
from ui.widgets.text import NameLabel, Text
from ui.words import Phrase

ICONS = {
    Change.BACK: ("house", "R"),
    Change.OUT: ("footprints", "O"),
    Change.LEFT: ("door-open", "L"),
    Change.MOVED: ("bus", "M"),
}
ROWS = 4
"""Members shown by name at a time; with more the list moves with what is chosen."""


class WhatNowScreen(Screen[WhatNow]):
    """The household at the left, what it may do at the right."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        self._now = dt.datetime.now(dt.UTC)
        self._page = 0
        layout = self.rows(margin=theme.MARGIN - 8, top=12, spacing=4)
        middle = QHBoxLayout()
        middle.setSpacing(px(8))
        middle.addWidget(self._who(), 11)
        middle.addWidget(self._what(), 10)
        layout.addLayout(middle, 1)
        layout.addLayout(self._where())
        layout.addLayout(self._others())
        self._state: WhatNow | None = None

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
        self.since = Text(self.scale, theme.SMALL, bold=True, colour=theme.GREEN_DEEP)
        left.content.addWidget(self.since)
        self.hint = self.line("what_now.tick", size=theme.SMALL)
        left.content.addWidget(self.hint)
        self.members = [MemberRow(self.scale, ticks=True) for _ in range(ROWS)]
        for place, row in enumerate(self.members):
            row.clicked.connect(lambda _=False, at=place: self.hands.put(Chosen(self._page * ROWS + at)))
            left.content.addWidget(row)
        self.further = Choice(self.scale, "", height=48)
        self.further.clicked.connect(self._turn)
        left.content.addWidget(self.further)
        left.content.addStretch()
        return left

    def _what(self) -> Card:
        px = self.scale.px
        right = Card(self.scale, padding=24)
        right.content.setSpacing(px(12))
        right.content.addWidget(self.heading("what_now.title", size=theme.NAME))
        self.going: dict[Change, BigButton] = {}
        for change, (icon, key) in ICONS.items():
            button = self.button(
                f"what_now.{change.value}",
                Going(change),
                icon=icon,
                cap=key,
                sub=f"what_now.{change.value}_sub",
                size=theme.PANEL,
                height=theme.TARGET_FIRST,
            )
            self.going[change] = button
            right.content.addWidget(button)
        right.content.addStretch()
        return right

    def _where(self) -> QHBoxLayout:
        px = self.scale.px
        self.where = self.line("what_now.where", size=theme.SMALL)
        labels = [self.words.plain(f"destination.{key}") for key in DESTINATIONS]
        self.destinations = self.choices(labels, DestinationChosen, height=72)
        shares = (0, *(1 for _ in labels))
        row = self.across(self.where, *self.destinations, shares=shares, spacing=10)
        row.setContentsMargins(px(12), 0, px(8), px(6))
        return row

    def _others(self) -> QHBoxLayout:
        self.card = self.deed("what_now.card", CardWanted(), "id-card", "C", kind=Kind.QUIET)
        self.tie = self.deed("what_now.tie", TieWanted(), "nfc", "T", kind=Kind.QUIET)
        self.nothing = self.deed("what_now.nothing", Back(), "x", "Esc", kind=Kind.QUIET)
        return self.across(self.card, self.tie, self.nothing, shares=(1, 1, 1), edge=EDGE)

    def _turn(self) -> None:
        """Show the next members: nothing is chosen by that."""
        if self._state is not None:
            pages = -(-len(self._state.row.household.members) // ROWS)
            self._page = (self._page + 1) % pages
            self._show_members(self._state)

    def show_ambient(self, ambient: Ambient) -> None:
        """Ages need today, and so does when they came."""
        self._now = ambient.now

    def show_state(self, state: WhatNow) -> None:
        """The household, and what can be said of those chosen."""
        self._state = state
        words, members = self.words, state.row.household.members
        self.number.say(Phrase.of(state.row.number))
        self.who.show_name(people.first_and_others(words, members))
        self.since.say(words("what_now.since", time=people.received_at(state.row, self._now)))
        many = len(members) > 1
        self.hint.setVisible(many)
        self._page = min(self._page, max(0, -(-len(members) // ROWS) - 1))
        self._show_members(state)
        goes = any(change is not Change.BACK for change in state.offers)
        self.where.setVisible(goes)
        for place, choice in enumerate(self.destinations):
            choice.setVisible(goes)
            choice.setChecked(state.destination == place)
        for change, button in self.going.items():
            button.setVisible(change in state.offers)
            first = state.offers[:1] == (change,)
            button.become(Kind.FIRST if first else Kind.SECOND, "Enter" if first else ICONS[change][1])

    def _show_members(self, state: WhatNow) -> None:
        words, members = self.words, state.row.household.members
        many = len(members) > 1
        for place, row in enumerate(self.members):
            index = self._page * ROWS + place
            row.setVisible(many and index < len(members))
            if index < len(members):
                person = members[index]
                row.show_person(
                    person.called or words.plain("people.nth", n=index + 1),
                    people.detail(words, person, self._now.date()),
                    people.whereabouts(words, state.row, person),
                    str(index + 1) if index < 9 else "",
                    chosen=index in state.chosen,
                    ink=theme.ORANGE if person.id in state.row.elsewhere else theme.GREEN_DEEP,
                )
        self.further.setVisible(len(members) > ROWS)
        self.further.say(words.plain("what_now.further", first=self._page * ROWS + 1, of=len(members)))

    def left(self) -> None:
        """Names go with the household."""
        self._state = None
        self._page = 0
        self.number.say(Phrase(()))
        self.who.show_name("")
        self.since.say(Phrase(()))
        for row in self.members:
            row.show_person("", "", "", chosen=False)
