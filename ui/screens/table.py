"""What all tables have in common: rows to read or to choose from, and words where there are none."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.flow import Chosen
from ui import theme
from ui.screens.base import Screen, State
from ui.stage import Stage
from ui.widgets.panels import EDGE, Card
from ui.widgets.table import Table
from ui.widgets.text import Text
from ui.words import Phrase


class TableScreen(Screen[State]):
    """A card with a table, which a screen puts where it wants it among its `lines`."""

    def __init__(
        self,
        stage: Stage,
        name: str,
        columns: Mapping[str, int],
        *,
        called: str = "title",
        top: float = 16,
        spacing: float = 4,
    ) -> None:
        """`columns`: widths by key, 0 takes what is left. `called`: the key of what the table is called."""
        super().__init__(stage)
        words = self.words
        self.lines = self.rows(margin=theme.MARGIN - EDGE, top=top, spacing=spacing)
        self.card = Card(self.scale, padding=16)
        heads = [words.plain(f"{name}.{column}") for column in columns]
        self.table = Table(self.scale, words.plain(f"{name}.{called}"), heads, tuple(columns.values()))
        self.empty = Text(self.scale, theme.TITLE, colour=theme.INK_SOFT, align=theme.ALIGN_CENTRE, wrap=True)
        self.card.content.addWidget(self.table, 1)
        self.card.content.addWidget(self.empty)

    def choose_by_touch(self) -> None:
        """A row that is touched is said to be chosen."""
        self.table.touched.connect(lambda row: self.hands.put(Chosen(row)))

    def show_table(self, empty: Phrase, *, there: bool) -> None:
        """The table when there are rows, `empty` in its place when there are none."""
        self.empty.say(empty)
        self.empty.setVisible(not there)
        self.table.setVisible(there)

    def left(self) -> None:
        """Nobody's row stays."""
        self.table.cells.show_rows(())
