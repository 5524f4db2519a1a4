"""聞き取り, the town: the last page, from which the household is received or joins one that is here."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout

from kiosk.flow import TOWNS_SHOWN, AskTown, Chosen, NotKnown, Plus, SimilarWanted, Typed
from ui import theme
from ui.screens import people
from ui.screens.asked import Members, Page
from ui.stage import Stage
from ui.widgets.buttons import Kind
from ui.widgets.choices import Choice
from ui.widgets.fields import KanaField
from ui.widgets.text import Text
from ui.widgets.tiles import TownTile


class AskTownScreen(Page[AskTown]):
    """Towns to pick by two letters or a digit; beside them who is coming, and who of them may be here."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "ask_town")
        px, words = self.scale.px, self.words
        content = self.card.content
        self.field = KanaField(self.scale, words.plain("ask_town.field"), theme.NAME, height=theme.TARGET)
        self.field.typed.connect(lambda text: self.hands.put(Typed(text)))
        content.addWidget(self.field)
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(10))
        grid.setVerticalSpacing(px(8))
        self.towns = [TownTile(self.scale, place + 1) for place in range(TOWNS_SHOWN)]
        for place, tile in enumerate(self.towns):
            tile.clicked.connect(lambda _=False, index=place: self.hands.put(Chosen(index)))
            grid.addWidget(tile, place % 4, place // 4)
            grid.setRowMinimumHeight(place % 4, tile.height())
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        content.addLayout(grid)
        self.none = Text(self.scale, theme.BODY, bold=True, colour=theme.ORANGE, wrap=True)
        self.none.say(words("ask_town.none"))
        content.addWidget(self.none)
        content.addStretch()
        self.members = Members(stage, "ask_town.of")
        self.side.addWidget(self.members, 1)
        self.join = self.button(
            "ask_town.join",
            SimilarWanted(),
            icon="users",
            cap="9",
            sub="ask_town.join_sub",
            kind=Kind.SECOND,
            size=theme.BODY,
            height=84,
        )
        self.side.addWidget(self.join)
        self.plus = self.deed("button.plus", Plus(), "user-plus", "+")
        self.untold = Choice(self.scale, words.plain("ask_town.untold"), key="0", height=theme.TARGET)
        self.untold.clicked.connect(lambda: self.hands.put(NotKnown()))
        self.side.addLayout(self.across(self.plus, self.untold, shares=(1, 1), spacing=12))
        self.next_button("button.enter_shelter", height=104)

    def show_state(self, state: AskTown) -> None:
        """The towns that fit, who will be received, and who may be of the same family."""
        if self.field is not None:
            self.field.show_text(state.text)
            self.field.setPlaceholderText(state.asked.town)
        untold = state.asked.no_address
        choices = () if untold else state.choices
        for place, tile in enumerate(self.towns):
            tile.setVisible(place < len(choices))
            if place < len(choices):
                town = choices[place]
                tile.show_town(town.name, town.kana, picked=state.picked == place)
        self.untold.setChecked(untold)
        self.none.setVisible(bool(state.text) and not choices and not untold)
        if self.members is not None:
            self.members.show_people(state.asked.people, state.asked.today)
        self.join.setVisible(bool(state.similar))
        if state.similar:
            row = state.similar[0]
            who = people.first_and_others(self.words, row.household.members)
            self.join.say(
                self.words("ask_town.join"),
                self.words.plain("ask_town.join_sub", number=row.number, name=who),
            )

    def left(self) -> None:
        """Nor does anybody's name stay on a button."""
        super().left()
        if self.field is not None:
            self.field.setPlaceholderText("")
        self.join.say(self.words("ask_town.join"), "")
