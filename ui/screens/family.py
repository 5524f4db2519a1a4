"""家族: who of this household is here now."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kiosk.flow import Chosen, Enter, Everyone, Family, NeedsOpened, Plus
from ui import theme
from ui.screens import people
from ui.screens.base import Screen
from ui.stage import Ambient, Stage
from ui.widgets.buttons import Kind
from ui.widgets.panels import EDGE, Card, Sign
from ui.widgets.text import Text
from ui.widgets.tiles import PersonTile
from ui.words import Phrase

TALL, LOW = 204, 136
COLUMNS = 2


class FamilyScreen(Screen[Family]):
    """Tiles, and how many go in."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        self._today: dt.date | None = None
        self._state: Family | None = None
        layout = self.columns(margin=theme.MARGIN - EDGE, top=16, spacing=16)
        left = QVBoxLayout()
        left.setSpacing(px(8))
        left.setContentsMargins(px(8), 0, 0, 0)
        left.addWidget(self.heading("family.title"))
        left.addWidget(self.line("family.subtitle"))
        left.addWidget(self._tiles_area(), 1)
        self.plus = self.button("button.plus", Plus(), icon="user-plus", cap="+")
        self.cancel = self.back_button()
        self.needs = self.button("family.needs", NeedsOpened(), icon="heart-pulse", cap="N")
        left.addLayout(self.across(self.plus, self.needs, self.cancel, shares=(9, 10, 7)))
        layout.addLayout(left, 1)
        layout.addWidget(self._sum())

    def _tiles_area(self) -> QWidget:
        px = self.scale.px
        self.tiles: list[PersonTile] = []
        board = QWidget()
        board.setAutoFillBackground(False)
        self._grid = QGridLayout(board)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(24))
        self._grid.setVerticalSpacing(px(16))
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        # Whoever was added last is seen: the range only changes with the number of tiles.
        scroll = area.verticalScrollBar()
        scroll.rangeChanged.connect(lambda _low, high: scroll.setValue(high))
        area.setWidget(board)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setStyleSheet(
            "QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"
            + theme.scroll_bar(self.scale, 16)
        )
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def _sum(self) -> QWidget:
        px = self.scale.px
        card = Card(self.scale, padding=24)
        card.setFixedWidth(px(390))
        centre = theme.ALIGN_CENTRE
        self.of = Text(self.scale, theme.LEAD, bold=True, colour=theme.INK_SOFT, align=centre)
        right = theme.ALIGN_RIGHT
        self.number = Text(self.scale, theme.HUGE, bold=True, colour=theme.PRIMARY, align=right, tight=True)
        unit = Text(self.scale, theme.NAME, bold=True)
        unit.say(self.words("people.unit"))
        row = QHBoxLayout()
        row.setSpacing(px(12))
        row.addStretch()
        row.addWidget(self.number)
        row.addLayout(self.beside(theme.HUGE * 0.8, unit, theme.NAME))
        row.addStretch()
        self.enters = Text(self.scale, theme.SMALL, align=centre, wrap=True)
        self._house = Sign(self.scale, 30)
        self._house.show_icon("house", theme.INK_SOFT)
        self.address = Text(self.scale, theme.SMALL, wrap=True)
        self.enter = self.button(
            "family.enter",
            Enter(),
            icon="arrow-right",
            cap="Enter",
            kind=Kind.FIRST,
            size=theme.PANEL,
            height=128,
        )
        self.everyone = self.button("button.everyone", Everyone(), icon="check-check", cap="A")
        content = card.content
        content.setSpacing(px(12))
        content.addWidget(self.of)
        content.addLayout(row)
        content.addWidget(self.enters)
        content.addLayout(self.across(self._house, self.address, shares=(0, 1), spacing=12))
        content.addStretch()
        content.addWidget(self.enter)
        content.addWidget(self.everyone)
        return card

    def show_ambient(self, ambient: Ambient) -> None:
        """Ages need today."""
        today = ambient.now.date()
        if today != self._today:
            self._today = today
            if self._state is not None:
                self.show_state(self._state)

    def show_state(self, state: Family) -> None:
        """The tiles as they stand."""
        self._state = state
        members = state.household.members
        unnamed = self.words.plain("people.nameless")
        self._have(len(members))
        for place, (tile, person) in enumerate(zip(self.tiles, members, strict=True)):
            kana = person.kana if person.name and person.kana else ""
            about = people.detail(self.words, person, self._today) if self._today else ""
            key = str(place + 1) if place < 9 else ""
            tile.show_person(person.called or unnamed, kana, about, key, here=place in state.here)
            tile.show_needs(people.needs(self.words, person))
        family = people.family_name(members)
        self.of.say(self.words("family.of", name=family) if family else Phrase(()))
        self.number.say(Phrase.of(str(len(state.here))))
        if state.nobody:
            self.enters.say(self.words("family.nobody"))
        else:
            self.enters.say(self.words("family.enters", n=len(state.here)))
        self.enters.paint_in(theme.RED if state.nobody else theme.INK)
        address = people.neighbourhood(state.household.address)
        self.address.say(Phrase.of(address))
        self._house.setVisible(bool(address))

    def _have(self, count: int) -> None:
        """So many tiles, at the height that fits them."""
        while len(self.tiles) > count:
            tile = self.tiles.pop()
            self._grid.removeWidget(tile)
            tile.deleteLater()
        while len(self.tiles) < count:
            place = len(self.tiles)
            tile = PersonTile(
                self.scale, here=self.words.plain("family.here"), away=self.words.plain("family.away")
            )
            tile.clicked.connect(lambda _=False, index=place: self.hands.put(Chosen(index)))
            self.tiles.append(tile)
            self._grid.addWidget(tile, place // COLUMNS, place % COLUMNS)
            tile.show()
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        for tile in self.tiles:
            tile.setFixedHeight(self.scale.px(TALL if count <= 4 else LOW))

    def entered(self) -> None:
        """Enter goes in."""
        self.enter.setFocus(Qt.FocusReason.OtherFocusReason)

    def left(self) -> None:
        """Names leave the screen with the family."""
        self._state = None
        self._have(0)
        self.of.say(Phrase(()))
        self.address.say(Phrase(()))
