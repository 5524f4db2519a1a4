"""戻り用カード: who of the household, and where to put the card that shall stand for them."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kiosk.flow import Back, PersonChosen, TyingToken
from ui import theme
from ui.screens import people
from ui.screens.base import Screen
from ui.screens.members import MemberList, WhoCard
from ui.stage import Stage
from ui.widgets.buttons import Kind
from ui.widgets.panels import EDGE, Card
from ui.widgets.views import CardArt


class TyingTokenScreen(Screen[TyingToken]):
    """The household at the left, the reader and what to do at the right."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        layout = self.rows(margin=theme.MARGIN - EDGE, top=20, spacing=8)
        middle = (self._who(), self._what())
        layout.addLayout(self.across(*middle, shares=(10, 11), spacing=8), 1)
        foot = self.across(edge=EDGE)
        foot.addStretch(11)
        self.back = self.button(
            "button.return", Back(), icon="arrow-left", cap="Esc", kind=Kind.QUIET, height=theme.TARGET_FIRST
        )
        foot.addWidget(self.back, 10)
        layout.addLayout(foot)

    def _who(self) -> Card:
        self.hint = self.line("tie.whose", size=theme.SMALL)
        self.who = WhoCard(self, self.hint)
        self.members = MemberList(self, self.who.content, PersonChosen)
        self.who.content.addStretch()
        return self.who

    def _what(self) -> Card:
        px, words = self.scale.px, self.words
        right = Card(self.scale, padding=36)
        right.content.setSpacing(px(16))
        right.content.addWidget(self.heading("tie.title", size=theme.NAME, wrap=True))
        row = QHBoxLayout()
        row.setSpacing(px(24))
        row.addWidget(CardArt(self.scale, words.plain("ready.card_art"), ""))
        told = QVBoxLayout()
        told.setSpacing(px(16))
        told.addStretch()
        for key in ("tie.which", "tie.kept"):
            told.addWidget(self.line(key, wrap=True))
        told.addStretch()
        row.addLayout(told, 1)
        right.content.addLayout(row, 1)
        return right

    def show_state(self, state: TyingToken) -> None:
        """The household, and for whom the card will stand."""
        self.who.show_household(state.row)
        self.hint.setVisible(len(state.row.household.members) > 1)
        self.members.show_around(state.row, state.person, lambda person: people.relation(self.words, person))

    def left(self) -> None:
        """Names go with the household."""
        self.who.forget()
        self.members.forget()
