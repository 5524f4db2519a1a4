"""聞き取り, a name: in kana, with the sex where it is told. After the first person it asks for the next."""

from __future__ import annotations

from kiosk.core.household import Sex
from kiosk.flow import AskName, NotKnown, SexSaid, Typed
from kiosk.flow.choices import SEXES
from ui import theme
from ui.screens.asked import Members, Page
from ui.stage import Stage
from ui.widgets.buttons import Kind
from ui.widgets.fields import KanaField
from ui.widgets.text import Text


class AskNameScreen(Page[AskName]):
    """The same page for the first person, for each further one, and for somebody to be corrected."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "ask_name")
        px, words = self.scale.px, self.words
        self.field = KanaField(self.scale, words.plain("ask_name.field"), theme.DISPLAY, height=112)
        self.field.typed.connect(lambda text: self.hands.put(Typed(text)))
        content = self.card.content
        content.addSpacing(px(8))
        content.addWidget(self.field)
        content.addWidget(self.line("ask_name.example"))
        self.missing = Text(self.scale, theme.BODY, bold=True, colour=theme.RED, wrap=True)
        self.missing.say(words("ask_name.missing"))
        content.addWidget(self.missing)
        content.addStretch()
        asked = self.line("ask_name.sex")
        content.addWidget(asked)
        sexes = [
            self.button(f"sex.{sex.name}", SexSaid(place), icon="arrow-right", cap=str(place + 1), height=96)
            for place, sex in enumerate(SEXES)
            if sex is not Sex.UNKNOWN
        ]
        content.addLayout(self.across(*sexes))
        self.members = Members(stage, "ask_name.members")
        self.side.addWidget(self.members)
        self.side.addStretch()
        self.unknown = self.button(
            "ask_name.unknown",
            NotKnown(),
            icon="circle-question-mark",
            cap="0",
            sub="ask_name.unknown_sub",
            kind=Kind.QUIET,
            size=theme.BODY,
            height=84,
        )
        self.side.addWidget(self.unknown)
        self.next_button()

    def show_state(self, state: AskName) -> None:
        """The name as typed, and where Enter leads."""
        first = not state.asked.people
        correcting = state.asked.correcting is not None
        which = "correct" if correcting else "title" if first else "more"
        self.title.say(self.words(f"ask_name.{which}"))
        self.subtitle.say(self.words("ask_name.subtitle" if first else "ask_name.more_sub"))
        if self.field is not None:
            self.field.show_text(state.kana)
        self.missing.setVisible(state.missing)
        self.next.say(self.words("ask_name.nobody_more" if state.nobody_more else "ask_name.next"))
        self.unknown.setVisible(not correcting)
        if self.members is not None:
            self.members.show_people(state.asked.people, state.asked.today)
