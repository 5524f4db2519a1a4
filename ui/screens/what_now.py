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
from ui.screens.base import Screen
from ui.screens.members import MemberList, WhoCard
from ui.stage import Ambient, Stage
from ui.widgets.buttons import BigButton, Kind
from ui.widgets.choices import choose
from ui.widgets.panels import EDGE, Card
from ui.widgets.text import Text
from ui.words import Phrase

ICONS = {
    Change.BACK: ("house", "R"),
    Change.OUT: ("footprints", "O"),
    Change.LEFT: ("door-open", "L"),
    Change.MOVED: ("bus", "M"),
}


class WhatNowScreen(Screen[WhatNow]):
    """The household at the left, what it may do at the right."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._now = dt.datetime.now(dt.UTC)
        layout = self.rows(margin=theme.MARGIN - EDGE, top=12, spacing=4)
        middle = (self._who(), self._what())
        layout.addLayout(self.across(*middle, shares=(11, 10), spacing=8), 1)
        layout.addLayout(self._where())
        layout.addLayout(self._others())
        self._state: WhatNow | None = None

    def _who(self) -> Card:
        self.since = Text(self.scale, theme.SMALL, bold=True, colour=theme.GREEN_DEEP)
        self.hint = self.line("what_now.tick", size=theme.SMALL)
        self.who = WhoCard(self, self.since, self.hint)
        self.members = MemberList(self, self.who.content, Chosen, self._show_members, ticks=True, height=48)
        self.who.content.addStretch()
        return self.who

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

    def show_ambient(self, ambient: Ambient) -> None:
        """Ages need today, and so does when they came."""
        self._now = ambient.now

    def show_state(self, state: WhatNow) -> None:
        """The household, and what can be said of those chosen."""
        self._state = state
        self.who.show_household(state.row)
        self.since.say(self.words("what_now.since", time=people.received_at(state.row, self._now)))
        self.hint.setVisible(len(state.row.household.members) > 1)
        self._show_members(self.members.first)
        goes = any(change is not Change.BACK for change in state.offers)
        self.where.setVisible(goes)
        choose(self.destinations, state.destination)
        for choice in self.destinations:
            choice.setVisible(goes)
        for change, button in self.going.items():
            button.setVisible(change in state.offers)
            first = state.offers[:1] == (change,)
            button.become(Kind.FIRST if first else Kind.SECOND, "Enter" if first else ICONS[change][1])

    def _show_members(self, first: int) -> None:
        """From this one on: nothing is chosen by turning the page."""
        if (state := self._state) is not None:
            today = self._now.date()
            self.members.show_from(
                state.row, first, state.chosen, lambda person: people.detail(self.words, person, today)
            )

    def left(self) -> None:
        """Names go with the household."""
        self._state = None
        self.who.forget()
        self.since.say(Phrase(()))
        self.members.forget()
