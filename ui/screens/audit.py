"""見た人の 記録: who looked at personal data, when, why, and at which households."""

from __future__ import annotations

import datetime as dt

from kiosk.core.clock import moment
from kiosk.flow import AUDIT_SHOWN, Audit, More, RowMoved
from kiosk.overview import Looking
from ui import theme
from ui.screens.table import TableScreen
from ui.stage import Ambient, Stage
from ui.widgets.panels import EDGE
from ui.widgets.text import Text
from ui.words import Phrase

COLUMNS = {"time": 200, "staff": 210, "action": 340, "numbers": 220, "reason": 0}

NAMED = 2
"""Reception numbers that fit beside each other."""


class AuditScreen(TableScreen[Audit]):
    """A table, newest first. Names of those looked at are not in it: numbers are enough to ask."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "audit", COLUMNS)
        self._zone: dt.tzinfo | None = None
        self.table.verticalHeader().setDefaultSectionSize(self.scale.px(56))
        self.count = Text(self.scale, theme.BODY, bold=True, colour=theme.INK_SOFT, align=theme.ALIGN_RIGHT)
        head = self.head("audit")
        head.addWidget(self.count)
        self.newer = self.button("audit.newer", RowMoved(-1), icon="arrow-left", cap="↑", height=84)
        self.older = self.button("audit.older", More(), icon="arrow-right", cap="↓", height=84)
        self.lines.addLayout(head)
        self.lines.addWidget(self.card, 1)
        foot = (self.back_button("button.return"), self.newer, self.older)
        self.lines.addLayout(self.across(*foot, edge=EDGE))

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
        said = Phrase.of(state.sentence) if state.sentence else self.words(key)
        self.show_table(said, there=bool(entries))
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
