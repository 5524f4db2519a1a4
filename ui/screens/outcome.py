"""How it ended: received, here already, gone or back, or a moment's wait."""

from __future__ import annotations

import datetime as dt

from kiosk.flow import (
    Back,
    Change,
    Changed,
    Digit,
    Done,
    FamilyOpened,
    NeedsOpened,
    Receiving,
    Seen,
    SimilarWanted,
    SlipWanted,
    Tapping,
    Undoing,
    Writing,
    wait_of,
)
from ui import theme
from ui.screens import people
from ui.screens.base import Screen
from ui.screens.result import Result
from ui.stage import Ambient, Stage
from ui.widgets.buttons import Kind
from ui.widgets.text import Text
from ui.words import Phrase

MANY = (2, 3, 4, 5, 6)
"""Heads a card's holder may come with, one touch each."""


_MARKS = {"moved_in": "ok"}
"""How a mark is meant; others say that something should be looked at."""


class DoneScreen(Result[Done]):
    """受け付けました."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        self.undo = self.button(
            "done.undo", Back(), icon="undo-2", cap="Esc", sub="done.undo_sub", kind=Kind.QUIET, height=96
        )
        self.family = self.button("done.family", FamilyOpened(), icon="users", cap="F", height=96)
        self.needs = self.button("done.needs", NeedsOpened(), icon="heart-pulse", cap="N", height=96)
        for place, (button, width) in enumerate(((self.undo, 300), (self.family, 250), (self.needs, 300))):
            button.setFixedWidth(px(width))
            self.foot.insertWidget(place, button)
        self.title.say(self.words("done.title"))
        self.title.paint_in(theme.GREEN_DEEP)
        self.sign.show_icon("check", theme.ON_FILL, theme.GREEN)
        self.note.say(self.words("done.subtitle"))
        self.ask = Text(self.scale, theme.LEAD, bold=True, align=theme.ALIGN_RIGHT)
        self.ask.say(self.words("done.how_many"))
        labels = [self.words.plain("people.count", n=n) for n in MANY]
        self.many = self.choices(labels, lambda at: Digit(MANY[at]), keys=[str(n) for n in MANY])
        self.content.addLayout(self.centred(self.ask, *self.many, spacing=12))
        self.similar = self.deed("done.similar", SimilarWanted(), "users", "K", kind=Kind.QUIET)
        self.content.addWidget(self.similar)

    def show_state(self, state: Done) -> None:
        """The number, the people, what may be told now, and a mark if the pass had one."""
        members = state.row.household.members
        self.show_row(state.row, members, wait_of(state) or 0)
        mark = next((mark for mark in sorted(state.marks) if f"done.{mark}" in self.words), None)
        self.mark.setVisible(mark is not None)
        self.note.setVisible(mark is None and not state.asks_family)
        for widget in (self.ask, *self.many):
            widget.setVisible(state.asks_family)
        self.similar.setVisible(bool(state.similar))
        if state.similar:
            self.similar.say(self.words("done.similar", number=state.similar[0].number))
        if mark is not None:
            self.mark.show_message(_MARKS.get(mark, "attention"), self.words(f"done.{mark}"), Phrase(()))


class SeenScreen(Result[Seen]):
    """もう すんでいます."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        home = self.button("button.home", Back(), icon="arrow-left", cap="Esc", kind=Kind.QUIET, height=96)
        home.setFixedWidth(self.scale.px(400))
        self.foot.insertWidget(0, home)
        self.title.say(self.words("seen.title"))
        self.title.paint_in(theme.PRIMARY)
        self.sign.show_icon("info", theme.ON_FILL, theme.PRIMARY)
        self.mark.hide()
        self._now = dt.datetime.now(dt.UTC)

    def show_ambient(self, ambient: Ambient) -> None:
        """When they came is told by today's clock."""
        self._now = ambient.now

    def show_state(self, state: Seen) -> None:
        """The number they were given then, and when that was."""
        self.note.say(self.words("seen.subtitle", time=people.received_at(state.row, self._now)))
        self.show_row(state.row, state.row.household.members, wait_of(state) or 0)


_CHANGES: dict[Change, str] = {
    Change.OUT: "footprints",
    Change.LEFT: "door-open",
    Change.BACK: "house",
    Change.MOVED: "arrow-right",
    Change.JOINED: "user-plus",
    Change.TIED: "nfc",
    Change.MERGED: "git-merge",
}


class ChangedScreen(Result[Changed]):
    """いってらっしゃい, おかえりなさい: who it was, and one key to take it back."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.undo = self.button(
            "done.undo", Back(), icon="undo-2", cap="Esc", sub="done.undo_sub", kind=Kind.QUIET, height=96
        )
        self.undo.setFixedWidth(self.scale.px(400))
        self.foot.insertWidget(0, self.undo)
        self.slip = self.button("changed.slip", SlipWanted(), icon="qr-code", cap="T", height=96)
        self.slip.setFixedWidth(self.scale.px(340))
        self.foot.insertWidget(1, self.slip)
        self.title.paint_in(theme.GREEN_DEEP)
        self.mark.hide()

    def show_state(self, state: Changed) -> None:
        """What is so now."""
        key = f"changed.{state.change.value}"
        self.sign.show_icon(_CHANGES.get(state.change, "check"), theme.ON_FILL, theme.GREEN)
        self.title.say(self.words(f"{key}.title"))
        self.note.say(self.words(f"{key}.note"))
        self.slip.setVisible(state.change is Change.MOVED)
        members = state.row.household.members
        about = [person for person in members if person.id in state.persons]
        self.show_row(state.row, about or members, wait_of(state) or 0)


class WaitScreen(Screen[Receiving | Undoing | Writing | Tapping]):
    """Only seen when the disk is slow."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        layout = self.rows()
        self.text = Text(self.scale, theme.HEADING, bold=True, align=theme.ALIGN_CENTRE)
        layout.addStretch()
        layout.addWidget(self.text)
        layout.addStretch()

    def show_state(self, state: Receiving | Undoing | Writing | Tapping) -> None:
        """What is being written."""
        words = {Undoing: "wait.undoing", Writing: "wait.writing", Tapping: "wait.writing"}
        self.text.say(self.words(words.get(type(state), "wait.receiving")))
