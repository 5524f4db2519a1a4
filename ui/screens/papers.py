"""What leaves the desk: lists on paper and in files, the shelter's code for phones, a transfer slip."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kiosk.flow import (
    Enter,
    LanguageChosen,
    Outlet,
    OutletKind,
    OutletSaid,
    Paper,
    PaperSaid,
    ShelterCode,
    SlipShown,
    TakenOut,
    TakeOut,
    Typed,
)
from ui import theme
from ui.screens import people
from ui.screens.base import Screen
from ui.screens.founding import said
from ui.screens.keeping import show_said
from ui.stage import Stage
from ui.widgets.buttons import BigButton, Choice, Kind
from ui.widgets.codes import CodeView
from ui.widgets.form import Form
from ui.widgets.languages import LanguageBar
from ui.widgets.panels import Card, Message, Sign
from ui.widgets.text import NameLabel, Text
from ui.words import BREAK, Phrase, Words

OUTLETS = 3
CODE = 560


def outlet_name(words: Words, outlet: Outlet) -> str:
    """Where it goes, for people."""
    return words.plain(f"outlet.{outlet.kind.value}", name=outlet.name)


class Outlets:
    """A row of places to put something, one of them chosen."""

    def __init__(self, screen: Screen[TakeOut] | Screen[SlipShown]) -> None:
        self._words = screen.words
        self.row = QHBoxLayout()
        self.row.setSpacing(screen.scale.px(8))
        self.choices = [Choice(screen.scale, "", height=theme.TARGET) for _ in range(OUTLETS)]
        for place, choice in enumerate(self.choices):
            choice.clicked.connect(lambda _=False, at=place: screen.hands.put(OutletSaid(at)))
            self.row.addWidget(choice)

    def show_outlets(self, outlets: Sequence[Outlet], chosen: int) -> None:
        """These, and which of them."""
        for place, choice in enumerate(self.choices):
            choice.setVisible(place < len(outlets))
            if place < len(outlets):
                choice.say(outlet_name(self._words, outlets[place]))
                choice.setChecked(place == chosen)


class TakeOutScreen(Screen[TakeOut]):
    """Which list at the top, then where to, why, and with whom."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, words = self.scale.px, self.words
        layout = self.rows(margin=88, top=2, spacing=0)
        card = Card(self.scale, padding=20)
        content = card.content
        content.setSpacing(px(6))
        content.addWidget(self.heading("papers.title", size=theme.PANEL))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.papers = [
            Choice(self.scale, words.plain(f"papers.{paper.value}"), height=theme.TARGET) for paper in Paper
        ]
        for place, choice in enumerate(self.papers):
            choice.clicked.connect(lambda _=False, at=place: self.hands.put(PaperSaid(at)))
            row.addWidget(choice)
        content.addLayout(row)
        self.hint = self.line(size=theme.SMALL, wrap=True)
        content.addWidget(self.hint)
        content.addWidget(self.line("papers.where"))
        self.outlets = Outlets(self)
        content.addLayout(self.outlets.row)
        keys = ("papers.reason", "papers.who")
        self.form = Form(self.scale, words, keys, ("papers.secret",), together=True)
        self.form.sent.connect(self._send)
        self.form.texts[0].typed.connect(lambda text: self.hands.put(Typed(text)))
        self.form.texts[0].setMaxLength(200)
        content.addWidget(self.form)
        content.addStretch()
        self.said = Text(self.scale, theme.BODY, bold=True, colour=theme.RED, wrap=True)
        content.addWidget(self.said)
        foot = QHBoxLayout()
        foot.setSpacing(px(16))
        self.enter = BigButton(
            self.scale,
            words.plain("papers.enter"),
            icon="file-down",
            key="Enter",
            kind=Kind.FIRST,
            height=theme.TARGET_FIRST,
        )
        self.enter.clicked.connect(self._send)
        foot.addWidget(self.back_button("button.return", height=theme.TARGET_FIRST), 1)
        foot.addWidget(self.enter, 2)
        content.addLayout(foot)
        layout.addWidget(card, 1)

    def _send(self) -> None:
        self.hands.put(self.form.filled())

    def show_state(self, state: TakeOut) -> None:
        """As chosen and filled in so far."""
        words, paper = self.words, state.paper
        for choice, one in zip(self.papers, Paper, strict=True):
            choice.setChecked(one is paper)
        self.hint.say(words(f"papers.{paper.value}_sub"))
        self.outlets.show_outlets(state.fitting, state.outlet)
        reason, who = self.form.texts
        self.form.show_field(reason, there=paper.wants_reason)
        self.form.show_field(who, there=paper.wants_second)
        self.form.show_field(self.form.secrets[0], there=paper.wants_second)
        self.form.show_texts(state.reason, state.who or who.text(), wipe=bool(state.code))
        rule = "papers.rule_two" if paper.wants_second else "papers.rule"
        show_said(self.said, words, self.form, state.missing, state.code, state.sentence, rule)
        printed = bool(state.fitting) and state.fitting[state.outlet].kind is OutletKind.PRINTER
        self.enter.say(words("papers.print" if printed else "papers.enter"))
        if self.isVisible() and (state.code or state.missing is not None):
            self.form.begin()

    def entered(self) -> None:
        """Type at once."""
        self.form.begin()

    def left(self) -> None:
        """Nothing stays."""
        self.form.forget()


class TakenOutScreen(Screen[TakenOut]):
    """Where it is, and what becomes of it when it is not needed any more."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, centre = self.scale.px, theme.ALIGN_CENTRE
        layout = self.rows(margin=160, top=24)
        card = Card(self.scale, padding=40)
        content = card.content
        content.setSpacing(px(16))
        sign = Sign(self.scale, 96)
        sign.show_icon("check", theme.ON_FILL, theme.GREEN)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(sign)
        row.addStretch()
        self.title = Text(self.scale, theme.HEADING, bold=True, align=centre, wrap=True)
        self.title.say(self.words("taken_out.title"))
        self.where = Text(self.scale, theme.LEAD, bold=True, align=centre, wrap=True)
        self.count = Text(self.scale, theme.LEAD, colour=theme.INK_SOFT, align=centre)
        self.after = Text(self.scale, theme.BODY, colour=theme.INK_SOFT, align=centre, wrap=True)
        self.after.say(self.words("taken_out.after"))
        content.addStretch()
        content.addLayout(row)
        for widget in (self.title, self.where, self.count, self.after):
            content.addWidget(widget)
        content.addStretch()
        content.addWidget(
            self.button("button.return", Enter(), icon="check", cap="Enter", kind=Kind.FIRST, height=96)
        )
        layout.addWidget(card, 1)

    def show_state(self, state: TakenOut) -> None:
        """Where, and how many."""
        self.where.say(Phrase.of(broken(state.where)))
        self.count.setVisible(state.households > 0)
        self.count.say(self.words("taken_out.count", households=state.households, persons=state.persons))


def broken(path: str) -> str:
    """A path that may be set in several lines: there is no space in it by itself."""
    return re.sub(r"([/\\_])", rf"\1{BREAK}", path)


class ShelterCodeScreen(Screen[ShelterCode]):
    """As large as the screen allows, for phones held by a queue."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, words = self.scale.px, self.words
        rows = self.rows(margin=24, top=8, spacing=8)
        layout = QHBoxLayout()
        layout.setSpacing(px(16))
        rows.addLayout(layout, 1)
        left = Card(self.scale, padding=8)
        self.view = CodeView(self.scale, words.plain("shelter_code.view"), CODE)
        left.content.addStretch()
        left.content.addWidget(self.view)
        left.content.addStretch()
        layout.addWidget(left)
        right = QVBoxLayout()
        right.setSpacing(px(14))
        right.addWidget(self.heading("shelter_code.title", wrap=True))
        self.name = NameLabel(self.scale, theme.NAME, wrap=True)
        right.addWidget(self.name)
        right.addWidget(self.line("shelter_code.body", size=theme.LEAD, wrap=True))
        self.message = Message(self.scale)
        right.addWidget(self.message)
        right.addStretch()
        self.languages = LanguageBar(
            self.scale, words, lambda language: self.hands.put(LanguageChosen(language))
        )
        right.addWidget(self.back_button("button.return", height=84))
        rows.addWidget(self.languages)
        layout.addLayout(right, 1)
        self.name.show_name(stage.place.shelter_name)

    def show_state(self, state: ShelterCode) -> None:
        """This minute's."""
        self.view.show_code(state.png)
        self.message.setVisible(bool(state.code))
        if state.code:
            self.message.show_message("error", said(self.words, state.code, state.sentence), Phrase(()))

    def left(self) -> None:
        """An old code is not shown again."""
        self.view.show_code(None)


class SlipScreen(Screen[SlipShown]):
    """The next shelter's desk reads it off this screen's photograph, or off paper."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, words = self.scale.px, self.words
        layout = self.columns(margin=24, top=12, spacing=16)
        left = Card(self.scale, padding=8)
        self.view = CodeView(self.scale, words.plain("slip.view"), CODE + 60)
        left.content.addStretch()
        left.content.addWidget(self.view)
        left.content.addStretch()
        layout.addWidget(left)
        right = QVBoxLayout()
        right.setSpacing(px(10))
        right.addWidget(self.heading("slip.title", size=theme.NAME))
        self.number = Text(self.scale, theme.HEADING, bold=True, colour=theme.PRIMARY)
        self.who = NameLabel(self.scale, theme.TITLE, wrap=True)
        right.addWidget(self.number)
        right.addWidget(self.who)
        right.addWidget(self.line("slip.body", wrap=True))
        right.addStretch()
        self.message = Message(self.scale)
        right.addWidget(self.message)
        right.addWidget(self.line("papers.where"))
        self.outlets = Outlets(self)
        right.addLayout(self.outlets.row)
        foot = QHBoxLayout()
        foot.setSpacing(px(12))
        self.enter = self.button(
            "papers.enter", Enter(), icon="file-down", cap="Enter", kind=Kind.FIRST, height=theme.TARGET_FIRST
        )
        foot.addWidget(self.back_button("button.return", height=theme.TARGET_FIRST), 1)
        foot.addWidget(self.enter, 1)
        right.addLayout(foot)
        layout.addLayout(right, 1)

    def show_state(self, state: SlipShown) -> None:
        """Whose it is, and where it may go."""
        words, row = self.words, state.row
        self.view.show_code(state.png)
        self.number.say(Phrase.of(row.number))
        members = row.household.members
        self.who.show_name(people.first_and_others(words, members) or words.plain("people.unnamed"))
        self.outlets.show_outlets(state.outlets, state.outlet)
        self.enter.setVisible(state.png is not None)
        printed = bool(state.outlets) and state.outlets[state.outlet].kind is OutletKind.PRINTER
        self.enter.say(words("papers.print" if printed else "papers.enter"))
        self.message.setVisible(bool(state.code or state.where))
        if state.code:
            self.message.show_message("error", said(words, state.code, state.sentence), Phrase(()))
        elif state.where:
            self.message.show_message("ok", words("taken_out.title"), Phrase.of(broken(state.where)))

    def left(self) -> None:
        """Nobody's slip stays."""
        self.view.show_code(None)
        self.number.say(Phrase(()))
        self.who.show_name("")
