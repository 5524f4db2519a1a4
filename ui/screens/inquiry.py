"""安否照会: somebody asks for somebody. What may not be told and what is not known look and read the same."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt

from kiosk.flow import Chosen, Enter, Inquiry, Typed
from ui import theme
from ui.screens import people
from ui.screens.base import Screen
from ui.stage import Ambient, Stage
from ui.widgets.buttons import Kind
from ui.widgets.facts import MemberRow
from ui.widgets.fields import KanaField
from ui.widgets.panels import EDGE, Card, Sign
from ui.widgets.text import Text
from ui.words import Phrase

TOLD = 4
"""People told of by name; more are counted: then the name alone is not enough."""


class InquiryScreen(Screen[Inquiry]):
    """The question at the left, the answer to be read out at the right."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, words = self.scale.px, self.words
        self._today = dt.date.min
        layout = self.columns(margin=theme.MARGIN - EDGE, top=20, spacing=12)
        left = Card(self.scale, padding=32)
        left.content.setSpacing(px(12))
        left.content.addWidget(self.heading("inquiry.title"))
        left.content.addWidget(self.line("inquiry.name"))
        self.field = KanaField(self.scale, words.plain("inquiry.name"), theme.NAME, height=88)
        self.field.typed.connect(lambda text: self.hands.put(Typed(text)))
        left.content.addWidget(self.field)
        left.content.addSpacing(px(8))
        left.content.addWidget(self.line("inquiry.who"))
        labels = [words.plain(f"inquiry.{key}") for key in ("relative", "other")]
        self.who = self.choices(labels, Chosen, keys=("1", "2"), height=84)
        left.content.addLayout(self.across(*self.who, spacing=12))
        self.missing = Text(self.scale, theme.BODY, bold=True, colour=theme.RED, wrap=True)
        left.content.addWidget(self.missing)
        left.content.addStretch()
        left.content.addWidget(self.line("inquiry.logged", size=theme.SMALL, wrap=True))
        self.ask = self.button(
            "inquiry.ask", Enter(), icon="search", cap="Enter", kind=Kind.FIRST, size=theme.PANEL, height=96
        )
        back = self.back_button("button.return", height=96)
        left.content.addLayout(self.across(back, self.ask, shares=(2, 3), spacing=12))
        layout.addWidget(left, 1)
        right = Card(self.scale, padding=32)
        right.content.setSpacing(px(12))
        self.sign = Sign(self.scale, 72)
        right.content.addWidget(self.sign, alignment=Qt.AlignmentFlag.AlignHCenter)
        self.answer = Text(self.scale, theme.NAME, bold=True, align=theme.ALIGN_CENTRE, wrap=True)
        self.say = Text(self.scale, theme.LEAD, colour=theme.INK_SOFT, align=theme.ALIGN_CENTRE, wrap=True)
        right.content.addWidget(self.answer)
        self.people = [MemberRow(self.scale) for _ in range(TOLD)]
        for tile in self.people:
            tile.setEnabled(False)
            right.content.addWidget(tile)
        right.content.addWidget(self.say)
        right.content.addStretch()
        layout.addWidget(right, 1)

    def show_ambient(self, ambient: Ambient) -> None:
        """Ages need today."""
        self._today = ambient.now.date()

    def show_state(self, state: Inquiry) -> None:
        """The question as it stands, and the answer as it is to be given."""
        words = self.words
        self.field.show_text(state.text)
        for place, choice in enumerate(self.who):
            choice.setChecked(state.relative is (place == 0))
        self.missing.setVisible(bool(state.missing or state.sentence))
        if state.missing:
            self.missing.say(words(f"inquiry.missing_{state.missing}"))
        elif state.sentence:
            self.missing.say(Phrase.of(state.sentence))
        told = state.named
        for place, tile in enumerate(self.people):
            tile.setVisible(place < len(told))
            if place < len(told):
                person = told[place]
                tile.show_person(
                    people.called(words, person), people.age_of(words, person, self._today), "", chosen=False
                )
        if state.answer is None:
            self.sign.show_icon("message-circle-question-mark", theme.PRIMARY, theme.PRIMARY_TINT)
            self.answer.say(words("inquiry.waiting"))
            self.say.say(words("inquiry.waiting_sub"))
        elif told:
            self.sign.show_icon("check", theme.ON_FILL, theme.GREEN)
            self.answer.say(words("inquiry.told"))
            self.say.say(words("inquiry.told_sub"))
        else:
            self.sign.show_icon("info", theme.PRIMARY, theme.PRIMARY_TINT)
            self.answer.say(words("inquiry.untold"))
            self.say.say(words("inquiry.untold_sub"))

    def entered(self) -> None:
        """Type at once."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def left(self) -> None:
        """Neither the question nor the answer stays."""
        self.field.setText("")
        for tile in self.people:
            tile.show_person("", "", "", chosen=False)
