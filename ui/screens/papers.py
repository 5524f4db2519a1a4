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
)
from ui import theme
from ui.screens import people
from ui.screens.base import Screen
from ui.screens.form import Filled, FormScreen
from ui.stage import Stage
from ui.theme import Scale
from ui.widgets.buttons import Kind
from ui.widgets.choices import Choice, choose, offer
from ui.widgets.codes import CodeView
from ui.widgets.fields import LONGEST_NOTE
from ui.widgets.languages import LanguageBar
from ui.widgets.panels import Card, Message
from ui.widgets.text import NameLabel, Text
from ui.words import BREAK, Phrase, Words

OUTLETS = 3
CODE = 560


def show_outlets(words: Words, choices: Sequence[Choice], outlets: Sequence[Outlet], chosen: int) -> None:
    """These, by what people call them, and which of them."""
    named = [words.plain(f"outlet.{outlet.kind.value}", name=outlet.name) for outlet in outlets]
    offer(choices, named, chosen)


def verb(outlets: Sequence[Outlet], chosen: int) -> str:
    """What is done with the one chosen, a key of the words: it is printed there, or put there."""
    printed = bool(outlets) and outlets[chosen].kind is OutletKind.PRINTER
    return "papers.print" if printed else "papers.enter"


class PairForm(FormScreen[Filled]):
    """Where something goes, why, and with whom: a second person, who says so with their own passphrase."""

    def __init__(self, stage: Stage, reason: str, *, padding: float, spacing: float) -> None:
        texts, secrets = (reason, "papers.who"), ("papers.secret",)
        super().__init__(stage, texts, secrets, together=True, padding=padding, spacing=spacing)
        self.form.texts[0].setMaxLength(LONGEST_NOTE)
        self.outlets = self.choices([""] * OUTLETS, OutletSaid)

    def ask(self, where: str) -> None:
        """The places under a line, then the form, and room above what is said of it."""
        self.content.addWidget(self.line(where))
        self.content.addLayout(self.across(*self.outlets, spacing=8))
        self.content.addWidget(self.form)
        self.content.addStretch()
        self.content.addWidget(self.said)

    def show_pair(self, state: Filled, reason: str, who: str, *, rule: str) -> None:
        """As filled in so far: whoever typed a name need not do so again."""
        self.show_form(state, reason, who or self.form.texts[1].text(), rule=rule)


class TakeOutScreen(PairForm[TakeOut]):
    """Which list at the top, then where to, why, and with whom."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "papers.reason", padding=20, spacing=6)
        content = self.content
        content.addWidget(self.heading("papers.title", size=theme.PANEL))
        self.papers = self.choices([self.words.plain(f"papers.{paper.value}") for paper in Paper], PaperSaid)
        content.addLayout(self.across(*self.papers, spacing=8))
        self.hint = self.line(size=theme.SMALL, wrap=True)
        content.addWidget(self.hint)
        self.ask("papers.where")
        self.end("papers.enter", "file-down", back="button.return")

    def show_state(self, state: TakeOut) -> None:
        """As chosen and filled in so far."""
        words, paper = self.words, state.paper
        choose(self.papers, tuple(Paper).index(paper))
        self.hint.say(words(f"papers.{paper.value}_sub"))
        show_outlets(words, self.outlets, state.fitting, state.outlet)
        reason, who = self.form.texts
        self.form.show_field(reason, there=paper.wants_reason)
        self.form.show_field(who, there=paper.wants_second)
        self.form.show_field(self.form.secrets[0], there=paper.wants_second)
        self.enter.say(words(verb(state.fitting, state.outlet)))
        rule = "papers.rule_two" if paper.wants_second else "papers.rule"
        self.show_pair(state, state.reason, state.who, rule=rule)


class TakenOutScreen(Screen[TakenOut]):
    """Where it is, and what becomes of it when it is not needed any more."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        centre = theme.ALIGN_CENTRE
        content = self.one_card(margin=160, top=24, padding=40, spacing=16)
        self.title = Text(self.scale, theme.HEADING, bold=True, align=centre, wrap=True)
        self.title.say(self.words("taken_out.title"))
        self.where = Text(self.scale, theme.LEAD, bold=True, align=centre, wrap=True)
        self.count = Text(self.scale, theme.LEAD, colour=theme.INK_SOFT, align=centre)
        self.after = Text(self.scale, theme.BODY, colour=theme.INK_SOFT, align=centre, wrap=True)
        self.after.say(self.words("taken_out.after"))
        content.addStretch()
        content.addLayout(self.large_sign("check", theme.ON_FILL, theme.GREEN))
        for widget in (self.title, self.where, self.count, self.after):
            content.addWidget(widget)
        content.addStretch()
        content.addWidget(
            self.button("button.return", Enter(), icon="check", cap="Enter", kind=Kind.FIRST, height=96)
        )

    def show_state(self, state: TakenOut) -> None:
        """Where, and how many."""
        self.where.say(Phrase.of(broken(state.where)))
        self.count.setVisible(state.households > 0)
        self.count.say(self.words("taken_out.count", households=state.households, persons=state.persons))


def broken(path: str) -> str:
    """A path that may be set in several lines: there is no space in it by itself."""
    return re.sub(r"([/\\_])", rf"\1{BREAK}", path)


def framed(scale: Scale, view: CodeView) -> Card:
    """A code in the middle of its card."""
    card = Card(scale, padding=8)
    card.content.addStretch()
    card.content.addWidget(view)
    card.content.addStretch()
    return card


class ShelterCodeScreen(Screen[ShelterCode]):
    """As large as the screen allows, for phones held by a queue."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, words = self.scale.px, self.words
        rows = self.rows(margin=24, top=8, spacing=8)
        layout = QHBoxLayout()
        layout.setSpacing(px(16))
        rows.addLayout(layout, 1)
        self.view = CodeView(self.scale, words.plain("shelter_code.view"), CODE)
        layout.addWidget(framed(self.scale, self.view))
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
        self.show_wrong(self.message, state.code, state.sentence)

    def left(self) -> None:
        """An old code is not shown again."""
        self.view.show_code(None)


class SlipScreen(Screen[SlipShown]):
    """The next shelter's desk reads it off this screen's photograph, or off paper."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        layout = self.columns(margin=24, top=12, spacing=16)
        self.view = CodeView(self.scale, self.words.plain("slip.view"), CODE + 60)
        layout.addWidget(framed(self.scale, self.view))
        right = QVBoxLayout()
        right.setSpacing(px(10))
        right.addWidget(self.heading("slip.title", size=theme.NAME))
        self.number = Text(self.scale, theme.HEADING, bold=True, colour=theme.PRIMARY)
        self.who = NameLabel(self.scale, theme.TITLE, wrap=True)
        right.addWidget(self.number)
        right.addWidget(self.who)
        right.addWidget(self.line("slip.body", wrap=True))
        right.addStretch()
        self.message = Message(self.scale, wrap=True)  # beside the code there is half a line's width
        right.addWidget(self.message)
        self.where = self.line("papers.where")
        right.addWidget(self.where)
        self.outlets = self.choices([""] * OUTLETS, OutletSaid)
        right.addLayout(self.across(*self.outlets, spacing=8))
        self.enter = self.button(
            "papers.enter", Enter(), icon="file-down", cap="Enter", kind=Kind.FIRST, height=theme.TARGET_FIRST
        )
        back = self.back_button("button.return", height=theme.TARGET_FIRST)
        right.addLayout(self.across(back, self.enter, shares=(1, 1), spacing=12))
        layout.addLayout(right, 1)

    def show_state(self, state: SlipShown) -> None:
        """Whose it is, and where it may go."""
        words, row = self.words, state.row
        self.view.show_code(state.png)
        self.number.say(Phrase.of(row.number))
        self.who.show_name(people.named(words, row.household.members))
        show_outlets(words, self.outlets, state.outlets, state.outlet)
        self.where.setVisible(bool(state.outlets))
        self.enter.setVisible(state.png is not None)
        self.enter.say(words(verb(state.outlets, state.outlet)))
        if state.where and not state.code:
            self.message.setVisible(True)
            self.message.show_message("ok", words("taken_out.title"), Phrase.of(broken(state.where)))
        else:
            self.show_wrong(self.message, state.code, state.sentence)

    def left(self) -> None:
        """Nobody's slip stays."""
        self.view.show_code(None)
        self.number.say(Phrase(()))
        self.who.show_name("")
