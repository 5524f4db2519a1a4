"""One person of a household's card, corrected with one touch each; and the reason that ends a secrecy."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from kiosk.core.household import Relation
from kiosk.flow import (
    EndingSaid,
    EndingSecrecy,
    Letter,
    MemberCard,
    NeedsOpened,
    RelationSaid,
    Secret,
    SexSaid,
    TieWanted,
)
from kiosk.flow.choices import RELATIONS, SEXES
from ui import theme
from ui.screens import people
from ui.screens.base import Screen
from ui.stage import Ambient, Stage
from ui.widgets.buttons import Kind
from ui.widgets.fields import LONGEST_NOTE, Field, SecretField
from ui.widgets.panels import EDGE, Card
from ui.widgets.text import NameLabel, Text
from ui.words import Phrase


class MemberScreen(Screen[MemberCard]):
    """What can be said of one person."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, words = self.scale.px, self.words
        self._today = dt.date.min
        layout = self.columns(margin=theme.MARGIN - EDGE, top=20, spacing=12)
        left = Card(self.scale, padding=28)
        left.content.setSpacing(px(12))
        self.name = NameLabel(self.scale, theme.HEADING)
        self.about = Text(self.scale, theme.TITLE, colour=theme.INK_SOFT)
        left.content.addWidget(self.name)
        left.content.addWidget(self.about)
        left.content.addSpacing(px(8))
        left.content.addWidget(self.line("member.sex"))
        keys = [str(place + 1) for place in range(len(SEXES))]
        self.sexes = self.choices([words.plain(f"sex.{sex.name}") for sex in SEXES], SexSaid, keys=keys)
        left.content.addLayout(self.across(*self.sexes, spacing=12))
        left.content.addWidget(self.line("member.relation"))
        grid = QGridLayout()
        grid.setSpacing(px(10))
        relations = [words.plain(f"relation.{relation.name}") for relation in RELATIONS]
        self.relations = self.choices(relations, RelationSaid)
        for place, choice in enumerate(self.relations):
            grid.addWidget(choice, place // 3, place % 3)
        left.content.addLayout(grid)
        left.content.addStretch()
        layout.addWidget(left, 5)
        right = Card(self.scale, padding=20)
        right.content.setSpacing(px(8))
        self.ask = self.asked_button("member.ask", sub="member.ask_sub")
        self.needs = self.button(
            "member.needs", NeedsOpened(), icon="heart-pulse", cap="T", height=theme.TARGET
        )
        self.tie = self.button("member.tie", TieWanted(), icon="nfc", cap="C", height=theme.TARGET)
        self.represent = self.button(
            "member.represent", Letter("R"), icon="crown", cap="R", height=theme.TARGET
        )
        self.provisional = self.button(
            "member.provisional", Letter("P"), icon="clock", cap="P", height=theme.TARGET
        )
        self.mistake = self.button(
            "member.mistake", Letter("X"), icon="user-x", cap="X", sub="member.mistake_sub", kind=Kind.QUIET
        )
        for button in (self.ask, self.needs, self.tie, self.represent, self.provisional, self.mistake):
            right.content.addWidget(button)
        right.content.addStretch()
        right.content.addWidget(self.back_button("button.return", height=theme.TARGET))
        layout.addWidget(right, 4)

    def show_ambient(self, ambient: Ambient) -> None:
        """Ages need today."""
        self._today = ambient.now.date()

    def show_state(self, state: MemberCard) -> None:
        """The person as they are written down."""
        words, person = self.words, state.member
        self.name.show_name(person.called or words.plain("people.nth", n=state.card.person + 1))
        self.about.say(Phrase.of(people.detail(words, person, self._today) or words.plain("card.unsaid")))
        for choice, sex in zip(self.sexes, SEXES, strict=True):
            choice.setChecked(person.sex is sex)
        for choice, relation in zip(self.relations, RELATIONS, strict=True):
            choice.setChecked(person.relation is relation)
        self.represent.setVisible(person.relation is not Relation.HEAD)
        self.provisional.say(words("member.not_provisional" if person.provisional else "member.provisional"))

    def left(self) -> None:
        """Nothing stays."""
        self.name.show_name("")
        self.about.say(Phrase(()))


class EndingSecrecyScreen(Screen[EndingSecrecy]):
    """Why may it be known again, and who says so beside the one at the desk?"""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, words = self.scale.px, self.words
        layout = self.rows(margin=120, top=12)
        layout.addStretch()
        card = Card(self.scale, padding=32)
        card.content.setSpacing(px(8))
        card.content.addWidget(self.heading("ending.title", size=theme.PANEL, wrap=True))
        card.content.addWidget(self.line("ending.subtitle", wrap=True))
        self.reason, self.who, self.secret = (
            kind(self.scale, words.plain(f"ending.{key}"), theme.BODY, height=theme.TARGET)
            for key, kind in (("reason", Field), ("who", Field), ("secret", SecretField))
        )
        self.reason.setMaxLength(LONGEST_NOTE)
        card.content.addWidget(self.line("ending.reason"))
        card.content.addWidget(self.reason)
        second = QHBoxLayout()
        second.setSpacing(px(16))
        for key, field in (("who", self.who), ("secret", self.secret)):
            column = QVBoxLayout()
            column.addWidget(self.line(f"ending.{key}"))
            column.addWidget(field)
            second.addLayout(column)
        card.content.addLayout(second)
        for field in (self.reason, self.who, self.secret):
            field.returnPressed.connect(self._enter)
        self.missing = Text(self.scale, theme.BODY, bold=True, colour=theme.RED)
        self.missing.say(words("ending.missing"))
        card.content.addWidget(self.missing)
        self.enter = self.button(
            "ending.enter", self._enter, icon="eye", cap="Enter", kind=Kind.FIRST, height=96
        )
        card.content.addLayout(self.across(self.back_button(height=96), self.enter, shares=(1, 1)))
        layout.addWidget(card)
        layout.addStretch()

    def _enter(self) -> None:
        self.hands.put(EndingSaid(self.reason.text(), self.who.text(), Secret(self.secret.text())))

    def show_state(self, state: EndingSecrecy) -> None:
        """What was said so far; a secret is typed anew."""
        self.reason.show_text(state.reason)
        self.who.show_text(state.who)
        self.secret.clear()
        self.missing.setVisible(state.missing)

    def entered(self) -> None:
        """Type at once."""
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def left(self) -> None:
        """Nothing stays."""
        for field in (self.reason, self.who, self.secret):
            field.clear()
