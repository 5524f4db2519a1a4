"""見た人の 記録: who looked at personal data, when, why, and at which households."""

from __future__ import annotations

import datetime as dt

from PySide6.QtWidgets import QHBoxLayout

from kiosk.core.clock import moment
from kiosk.flow import AUDIT_SHOWN, Audit, More, RowMoved
from kiosk.overview import Looking
from ui import theme
from ui.screens.base import Screen
from ui.stage import Ambient, Stage
from ui.widgets.panels import Card
from ui.widgets.table import Table
from ui.widgets.text import Text
from ui.words import Phrase

COLUMNS = {"time": 200, "staff": 210, "action": 340, "numbers": 220, "reason": 0}

NAMED = 2
"""Reception numbers that fit beside each other."""


class AuditScreen(Screen[Audit]):
    """A table, newest first. Names of those looked at are not in it: numbers are enough to ask."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, words = self.scale.px, self.words
        self._zone: dt.tzinfo | None = None
        layout = self.rows(margin=theme.MARGIN - 8, top=16, spacing=4)
        head = QHBoxLayout()
        head.setSpacing(px(24))
        head.setContentsMargins(px(8), 0, px(8), 0)
        head.addWidget(self.heading("audit.title", size=theme.NAME))
        head.addWidget(self.line("audit.subtitle"), 1)
        self.count = Text(self.scale, theme.BODY, bold=True, colour=theme.INK_SOFT, align=theme.ALIGN_RIGHT)
        head.addWidget(self.count)
        layout.addLayout(head)
        card = Card(self.scale, padding=16)
        heads = [words.plain(f"audit.{name}") for name in COLUMNS]
        self.table = Table(self.scale, words.plain("audit.title"), heads, tuple(COLUMNS.values()))
        self.table.verticalHeader().setDefaultSectionSize(px(56))
        self.empty = Text(self.scale, theme.TITLE, colour=theme.INK_SOFT, align=theme.ALIGN_CENTRE, wrap=True)
        card.content.addWidget(self.table, 1)
        card.content.addWidget(self.empty)
        layout.addWidget(card, 1)
        foot = QHBoxLayout()
        foot.setSpacing(px(16))
        foot.setContentsMargins(px(8), 0, px(8), 0)
        self.newer = self.button("audit.newer", RowMoved(-1), icon="arrow-left", cap="↑", height=84)
        self.older = self.button("audit.older", More(), icon="arrow-right", cap="↓", height=84)
        foot.addWidget(self.back_button("button.return"))
        foot.addWidget(self.newer)
        foot.addWidget(self.older)
        layout.addLayout(foot)

    def show_ambient(self, ambient: Ambient) -> None:
        """Times are shown in the shelter's zone."""
        self._zone = ambient.now.tzinfo

    def show_state(self, state: Audit) -> None:
        """One page of it."""
        entries = state.entries or ()
        page = entries[state.first : state.first + AUDIT_SHOWN]
        self.table.cells.show_rows([self._row(entry) for entry in page])
        self.count.say(self.words("audit.count", n=len(entries)))
        key = "audit.reading" if state.entries is None else "audit.none"
        self.empty.say(Phrase.of(state.sentence) if state.sentence else self.words(key))
        self.empty.setVisible(not entries)
        self.table.setVisible(bool(entries))
        self.newer.setVisible(state.first > 0)
        self.older.setVisible(state.first + AUDIT_SHOWN < len(entries))

    def _row(self, entry: Looking) -> tuple[str, ...]:
        words, key = self.words, f"looked.{entry.action}"
        return (
            moment(entry.at).astimezone(self._zone).strftime("%m/%d %H:%M"),
            entry.staff or words.plain("audit.nobody"),
            words.plain(key) if key in words else entry.action,
            self._numbers([number for number in entry.numbers if number]),
            entry.reason,
        )

    def _numbers(self, numbers: list[str]) -> str:
        """One or two are named; a list of everybody is counted."""
        if len(numbers) <= NAMED:
            return "・".join(numbers)
        return self.words.plain("audit.more", first=numbers[0], n=len(numbers) - 1)

    def left(self) -> None:
        """Nothing stays."""
        self.table.cells.show_rows(())
