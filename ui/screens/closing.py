"""避難所を とじる: how things stand, a second person, and the certificate of what was erased."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from kiosk.flow import Closing, ClosingPair, Enter, Erased, TrialWanted
from ui import theme
from ui.screens.base import Screen
from ui.screens.papers import PairForm, broken, show_outlets
from ui.stage import Stage
from ui.widgets.buttons import Kind
from ui.widgets.panels import EDGE, Card, Message, Sign, SignedLines
from ui.widgets.text import Text
from ui.words import Phrase

FACTS = ("sent", "people", "erased")
LINES = 14


class ClosingScreen(Screen[Closing]):
    """Three things to know before, each with its sign and words."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        words = self.words
        layout = self.rows(margin=88, top=16, spacing=8)
        layout.addWidget(self.heading("closing.title", size=theme.NAME))
        card = Card(self.scale, padding=28)
        named = {name: words(f"closing.{name}") for name in FACTS}
        self.facts = SignedLines(self.scale, named, size=theme.LEAD, side=56, across=20, down=18)
        card.content.addLayout(self.facts)
        card.content.addStretch()
        self.message = Message(self.scale)
        card.content.addWidget(self.message)
        layout.addWidget(card, 1)
        self.again = self.button(
            "closing.again", TrialWanted("sync"), icon="refresh-cw", cap="R", size=theme.BODY, height=96
        )
        self.enter = self.button(
            "closing.go_on",
            Enter(),
            icon="arrow-right",
            cap="Enter",
            kind=Kind.FIRST,
            size=theme.BODY,
            height=96,
        )
        foot = (self.back_button(height=96), self.again, self.enter)
        layout.addLayout(self.across(*foot, shares=(1, 1, 1), spacing=12, edge=EDGE))

    def show_state(self, state: Closing) -> None:
        """As it was looked just now."""
        words, facts = self.words, state.facts
        self.show_wrong(self.message, state.code, state.sentence)
        self.enter.setVisible(facts is not None)
        self.again.setVisible(facts is not None)
        if facts is None:
            self.facts.wait(Phrase.of("–"))
            return
        self._tell(
            "sent",
            words("closing.unsent", n=facts.unsent) if facts.unsent else words("closing.all_sent"),
            well=not facts.unsent,
        )
        there = words("closing.here", households=facts.households, persons=facts.persons)
        self._tell("people", there if facts.persons else words("closing.nobody"), well=not facts.persons)
        self.facts.tell("erased", words("closing.erased_what"), "triangle-alert", theme.RED)

    def _tell(self, name: str, told: Phrase, *, well: bool) -> None:
        icon, ink = ("circle-check", theme.GREEN) if well else ("triangle-alert", theme.ORANGE)
        self.facts.tell(name, told, icon, ink)


class ClosingPairScreen(PairForm[ClosingPair]):
    """A second supervisor says so with their own passphrase; the certificate goes to a stick."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "closing.reason", padding=22, spacing=8)
        self.content.addWidget(self.heading("closing.pair", size=theme.PANEL, wrap=True))
        self.ask("closing.where")
        self.end("closing.erase", "trash-2", back="button.cancel", sub="closing.erase_sub", kind=Kind.FINAL)

    def show_state(self, state: ClosingPair) -> None:
        """As filled in so far."""
        self.form.show_field(self.form.texts[0], there=state.forced)
        show_outlets(self.words, self.outlets, state.back.outlets, state.outlet)
        rule = "closing.rule_forced" if state.forced else "closing.rule"
        self.show_pair(state, state.reason, state.who, rule=rule)


class ErasedScreen(Screen[Erased]):
    """The certificate, as it lies on the stick."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        layout = self.rows(margin=88, top=8, spacing=4)
        head = QHBoxLayout()
        head.setSpacing(px(20))
        sign = Sign(self.scale, 64)
        sign.show_icon("check", theme.ON_FILL, theme.GREEN)
        head.addWidget(sign)
        head.addWidget(self.heading("erased.title", size=theme.NAME), 1)
        layout.addLayout(head)
        self.where = Text(self.scale, theme.BODY, bold=True, wrap=True)
        layout.addWidget(self.where)
        card = Card(self.scale, padding=18)
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(20))
        grid.setVerticalSpacing(0)
        self.lines = [
            (Text(self.scale, theme.FINE, colour=theme.INK_SOFT), Text(self.scale, theme.FINE, wrap=True))
            for _ in range(LINES)
        ]
        for place, (name, value) in enumerate(self.lines):
            grid.addWidget(name, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, place, 1)
        grid.setColumnStretch(1, 1)
        card.content.addLayout(grid)
        card.content.addStretch()
        layout.addWidget(card, 1)
        layout.addWidget(
            self.button("erased.enter", Enter(), icon="log-out", cap="Enter", kind=Kind.FIRST, height=96)
        )

    def show_state(self, state: Erased) -> None:
        """Line by line; the signature, which nobody reads, stays in the file."""
        self.where.say(self.words("erased.where", where=broken(state.where)))
        told = [line.partition("：") for line in state.certificate.splitlines() if "：" in line][:-1]
        for place, (name, value) in enumerate(self.lines):
            there = place < len(told)
            name.setVisible(there)
            value.setVisible(there)
            if there:
                name.say(Phrase.of(told[place][0]))
                value.say(Phrase.of(told[place][2]))

    def left(self) -> None:
        """Nobody's name stays."""
        for _, value in self.lines:
            value.say(Phrase(()))
