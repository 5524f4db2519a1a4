"""聞き取り, a birth date: era and digits, western, as much as is known, or just an age."""

from __future__ import annotations

from kiosk.core.dates import ERAS
from kiosk.flow import AskBirth, Digit, Erase, NotKnown
from ui import theme
from ui.screens import people
from ui.screens.asked import Page
from ui.stage import Stage
from ui.widgets.pad import Pad
from ui.widgets.text import NameLabel, Text
from ui.words import Phrase


class AskBirthScreen(Page[AskBirth]):
    """The last digit turns the page."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "ask_birth")
        px = self.scale.px
        content = self.card.content
        self.eras = self.era_choices([letter for letter, _, _ in reversed(ERAS)])
        content.addLayout(self.across(*self.eras.values(), spacing=10))
        content.addStretch()
        self.name = NameLabel(self.scale, theme.TITLE)
        content.addWidget(self.name)
        self.date = Text(self.scale, theme.DISPLAY, bold=True)
        self.date.setAccessibleDescription(self.words.plain("ask_birth.field"))
        self.date.setFixedHeight(px(96))
        content.addWidget(self.date)
        self.reading = Text(self.scale, theme.TITLE, bold=True, colour=theme.GREEN_DEEP)
        content.addWidget(self.reading)
        content.addStretch()
        self.hint = Text(self.scale, theme.BODY, colour=theme.INK_SOFT, wrap=True)
        content.addWidget(self.hint)
        self.pad = Pad(self.scale, self.words, ("ask_birth.skip", ""), ("button.erase", "delete"), spacing=12)
        self.pad.digit.connect(lambda value: self.hands.put(Digit(value)))
        self.pad.right.connect(lambda: self.hands.put(Erase()))
        self.pad.left.connect(lambda: self.hands.put(NotKnown()))
        self.side.addWidget(self.pad, 1)
        self.next_button(height=104)

    def show_state(self, state: AskBirth) -> None:
        """What was typed, as a date with blanks or an age, and what it says."""
        for letter, choice in self.eras.items():
            choice.setChecked(state.text.startswith(letter))
        self.name.show_name(state.kana or self.words.plain("people.not_known"))
        aged = state.age is not None
        self.date.say(
            self.words("people.age", n=state.age)
            if aged
            else Phrase.of(people.date_with_blanks(self.words, state.text))
        )
        self.reading.say(self._said(state))
        self.hint.say(self.words("ask_birth.wrong" if state.wrong else "ask_birth.unknown_hint"))
        self.hint.paint_in(theme.RED if state.wrong else theme.INK_SOFT)

    def _said(self, state: AskBirth) -> Phrase:
        birth = state.birth
        if birth is not None:
            date = f"{birth.year}年" if state.text[:1].isalpha() else birth.wareki
            shown = people.age(self.words, birth, state.asked.today)
            return self.words("ask_birth.shown", date=date, age=shown)
        return self.words("ask_birth.only_age") if state.age is not None else Phrase(())

    def left(self) -> None:
        """Nothing stays."""
        for text in (self.date, self.reading, self.name):
            text.say(Phrase(()))
