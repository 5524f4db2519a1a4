"""かさなり: pairs of households in which somebody stands twice, and two of them side by side."""

from __future__ import annotations

import datetime as dt

from PySide6.QtWidgets import QHBoxLayout

from kiosk.core.clock import moment
from kiosk.core.ids import PersonId
from kiosk.flow import Back, Compare, Doubles, Enter
from kiosk.ports import RosterRow
from ui import theme
from ui.screens import people
from ui.screens.base import Screen
from ui.screens.table import TableScreen
from ui.stage import Ambient, Stage
from ui.widgets.buttons import Kind
from ui.widgets.facts import MemberRow
from ui.widgets.panels import EDGE, Card, Pill
from ui.widgets.text import NameLabel, Text
from ui.words import Phrase

COLUMNS = {"left": 0, "right": 0, "same": 200}
PEOPLE = 5
"""Members shown side by side; more are counted."""


class DoublesScreen(TableScreen[Doubles]):
    """A list to go through."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "doubles", COLUMNS)
        self.choose_by_touch()
        self.open = self.button("doubles.open", Enter(), icon="copy", cap="Enter", kind=Kind.FIRST, height=84)
        self.lines.addLayout(self.head("doubles"))
        self.lines.addWidget(self.card, 1)
        foot = (self.back_button("button.return"), self.open)
        self.lines.addLayout(self.across(*foot, shares=(1, 1), edge=EDGE))
        self._shown: object = None

    def show_state(self, state: Doubles) -> None:
        """The pairs."""
        words, pairs = self.words, state.pairs or ()
        key = "doubles.looking" if state.pairs is None else "doubles.none"
        self.show_table(Phrase.of(state.sentence) if state.sentence else words(key), there=bool(pairs))
        self.open.setEnabled(bool(pairs))
        if pairs is not self._shown:
            self._shown = pairs
            self.table.cells.show_rows(
                [
                    (
                        self._row(pair.left),
                        self._row(pair.right),
                        words.plain("people.count", n=len(pair.same)),
                    )
                    for pair in pairs
                ]
            )
        self.table.choose(state.at)

    def _row(self, row: RosterRow) -> str:
        return f"{row.number}　{people.named(self.words, row.household.members)}"

    def left(self) -> None:
        """No name stays."""
        super().left()
        self._shown = None


class _Side(Card):
    """One of the two households."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.scale, padding=20)
        self._words, scale = stage.words, stage.scale
        self.content.setSpacing(scale.px(8))
        self.number = Text(scale, theme.HEADING, bold=True, colour=theme.PRIMARY)
        self.method = Pill(scale)
        self.time = Text(scale, theme.BODY, colour=theme.INK_SOFT, align=theme.ALIGN_RIGHT)
        head = QHBoxLayout()
        head.setSpacing(scale.px(16))
        head.addWidget(self.number)
        head.addWidget(self.method)
        head.addWidget(self.time, 1)
        self.content.addLayout(head)
        self.where = NameLabel(scale, theme.BODY, bold=False)
        self.content.addWidget(self.where)
        self.members = [MemberRow(scale) for _ in range(PEOPLE)]
        for row in self.members:
            row.setEnabled(False)
            self.content.addWidget(row)
        self.more = Text(scale, theme.SMALL, colour=theme.INK_SOFT)
        self.content.addWidget(self.more)
        self.content.addStretch()

    def show_row(
        self, row: RosterRow | None, same: frozenset[PersonId], today: dt.date, zone: dt.tzinfo | None
    ) -> None:
        """One household; whoever stands in both is marked."""
        members = () if row is None else row.household.members
        words = self._words
        self.number.say(Phrase.of("" if row is None else row.number))
        self.method.show_state(
            "" if row is None else words.plain(f"method.{row.method.name}"), "", theme.INK_SOFT
        )
        time = "" if row is None else moment(row.received_at).astimezone(zone).strftime("%H:%M")
        self.time.say(Phrase.of(time))
        self.where.show_name("" if row is None else people.neighbourhood(row.household.address))
        for place, tile in enumerate(self.members):
            tile.setVisible(place < len(members))
            if place < len(members):
                person = members[place]
                both = person.id in same
                tile.show_person(
                    person.called or words.plain("people.nth", n=place + 1),
                    people.detail(words, person, today),
                    words.plain("compare.same") if both else "",
                    chosen=both,
                    ink=theme.PRIMARY,
                )
        more = len(members) - PEOPLE
        self.more.setVisible(more > 0)
        self.more.say(words("compare.more", n=more))


class CompareScreen(Screen[Compare]):
    """One family or two? What would be is said before it is done."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._today = dt.date.min
        self._zone: dt.tzinfo | None = None
        layout = self.rows(margin=theme.MARGIN - EDGE, top=12, spacing=4)
        layout.addLayout(self.across(self.heading("compare.title"), shares=(1,), edge=EDGE))
        self.sides = (_Side(stage), _Side(stage))
        layout.addLayout(self.across(*self.sides, shares=(1, 1), spacing=8), 1)
        self.told = Text(self.scale, theme.BODY, align=theme.ALIGN_CENTRE)
        layout.addWidget(self.told)
        self.two = self.button("compare.two", Back(), icon="x", cap="Esc", kind=Kind.QUIET, height=96)
        self.one = self.button(
            "compare.one", Enter(), icon="git-merge", cap="Enter", kind=Kind.FIRST, height=96
        )
        layout.addLayout(self.across(self.two, self.one, shares=(1, 1), edge=EDGE))

    def show_ambient(self, ambient: Ambient) -> None:
        """Ages need today, times a zone."""
        self._today, self._zone = ambient.now.date(), ambient.now.tzinfo

    def show_state(self, state: Compare) -> None:
        """Both, and what would come of them."""
        pair = state.double
        same = frozenset(one for both in pair.same for one in both)
        for side, row in zip(self.sides, (pair.left, pair.right), strict=True):
            side.show_row(row, same, self._today, self._zone)
        self.told.say(self.words("compare.together", number=pair.left.number, n=pair.together))

    def left(self) -> None:
        """No name stays."""
        for side in self.sides:
            side.show_row(None, frozenset(), self._today, self._zone)
