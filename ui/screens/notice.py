"""What happened and what to do; and, step by step, what staff can do about it. Every way in stays open."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kiosk.flow import Back, Enter, Help, HelpShown, Notice, NotKnown
from ui import theme
from ui.screens.base import Screen
from ui.stage import Stage
from ui.widgets.buttons import Kind
from ui.widgets.panels import EDGE, Card, Sign
from ui.widgets.text import Text
from ui.words import Phrase, Words

_SIGNS = {
    "ok": ("circle-check", theme.GREEN),
    "attention": ("info", theme.ORANGE),
    "error": ("triangle-alert", theme.RED),
}
STEPS = 3


def helped(words: Words, code: str) -> str:
    """Under which key the steps for a code stand: its own, or what always helps."""
    return f"help.{code}" if f"help.{code}.1" in words else "help.other"


def _ways(screen: Screen[Any]) -> Text:
    """That every way in stays open: the buttons below."""
    ways = Text(screen.scale, theme.BODY, colour=theme.INK_SOFT, align=theme.ALIGN_CENTRE)
    ways.say(screen.words("notice.ways"))
    return ways


class NoticeScreen(Screen[Notice]):
    """What happened, what to do, and every other way in."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        layout = self.rows(margin=theme.MARGIN - EDGE, top=20, spacing=8)
        card = Card(self.scale, padding=48)
        self.sign = Sign(self.scale, 120)
        self.first = Text(self.scale, theme.LEAD, bold=True, colour=theme.RED)
        self.title = Text(self.scale, theme.SIGN, bold=True, wrap=True)
        self.todo = Text(self.scale, theme.TITLE, colour=theme.INK_SOFT, wrap=True)
        texts = QVBoxLayout()
        texts.setSpacing(px(16))
        texts.addStretch()
        for text in (self.first, self.title, self.todo):
            texts.addWidget(text)
        texts.addStretch()
        row = QHBoxLayout()
        row.setSpacing(px(48))
        row.addWidget(self.sign, alignment=Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(texts, 1)
        card.content.addLayout(row, 1)
        self.help = self.button(
            "notice.help",
            HelpShown(),
            icon="circle-question-mark",
            cap="H",
            kind=Kind.QUIET,
            size=theme.BODY,
            height=theme.TARGET,
        )
        self.help.setFixedWidth(px(420))
        card.content.addWidget(self.help, alignment=Qt.AlignmentFlag.AlignRight)
        layout.addWidget(card, 1)
        layout.addWidget(_ways(self))
        self.again = self.button(
            "button.again", Enter(), icon="rotate-ccw", cap="Enter", kind=Kind.FIRST, height=96
        )
        self.face = self.button(
            "notice.face", NotKnown(), icon="id-card", cap="B", kind=Kind.FIRST, size=theme.BODY, height=96
        )
        self.ask = self.asked_button("ready.ask", sub="ready.ask_sub")
        self.count = self.count_button("ready.count")
        self.home = self.button(
            "button.home", Back(), icon="arrow-left", cap="Esc", kind=Kind.QUIET, height=96
        )
        foot = (self.again, self.face, self.ask, self.count, self.home)
        layout.addLayout(self.across(*foot, shares=(4, 5, 5, 3, 4), edge=EDGE))

    def show_state(self, state: Notice) -> None:
        """Our words where we have some, else the ledger's sentence."""
        words, key = self.words, f"notice.{state.code}"
        icon, ink = _SIGNS[state.tone]
        self.sign.show_icon(icon, ink)
        self.title.paint_in(theme.INK if state.tone == "attention" else ink)
        known = f"{key}.title" in words
        self.title.say(words(f"{key}.title" if known else "notice.other.title"))
        self.todo.say(words(f"{key}.todo") if known else Phrase.of(state.sentence))
        waiting = state.retry is not None or state.back is not None
        self.first.setVisible(waiting)
        self.first.say(words("notice.retry_first" if state.retry is not None else "notice.not_written"))
        self.again.setVisible(waiting)
        self.face.setVisible(state.offers_face)
        # A card holder is one person: F5 still works, its button makes room.
        self.count.setVisible(not state.offers_face)
        self.help.setVisible(state.tone != "ok")


class HelpScreen(Screen[Help]):
    """Three steps, larger than any manual."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        layout = self.rows(margin=theme.MARGIN - EDGE, top=20, spacing=8)
        card = Card(self.scale, padding=40)
        card.content.setSpacing(px(20))
        self.title = Text(self.scale, theme.NAME, bold=True, wrap=True)
        card.content.addWidget(self.title)
        self.steps: list[Text] = []
        for number in range(1, STEPS + 1):
            row = QHBoxLayout()
            row.setSpacing(px(24))
            disc = Text(self.scale, theme.HEADING, bold=True, colour=theme.PRIMARY, align=theme.ALIGN_CENTRE)
            disc.say(Phrase.of(str(number)))
            disc.setFixedWidth(px(56))
            step = Text(self.scale, theme.TITLE, wrap=True)
            self.steps.append(step)
            row.addWidget(disc, alignment=Qt.AlignmentFlag.AlignTop)
            row.addWidget(step, 1)
            card.content.addLayout(row)
        card.content.addStretch()
        self.call = Text(self.scale, theme.BODY, colour=theme.INK_SOFT, wrap=True)
        self.call.say(self.words("help.call"))
        card.content.addWidget(self.call)
        layout.addWidget(card, 1)
        layout.addWidget(_ways(self))
        ask, count = self.asked_button("ready.ask", sub="ready.ask_sub"), self.count_button("ready.count")
        back = self.button("button.return", Back(), icon="arrow-left", cap="Esc", kind=Kind.FIRST, height=96)
        layout.addLayout(self.across(ask, count, back, shares=(5, 3, 4), edge=EDGE))

    def show_state(self, state: Help) -> None:
        """The steps for this notice."""
        words, code = self.words, state.notice.code
        key = f"notice.{code}.title"
        self.title.say(words(key if key in words else "notice.other.title"))
        steps = helped(words, code)
        for number, step in enumerate(self.steps, 1):
            step.say(words(f"{steps}.{number}"))
