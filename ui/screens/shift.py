"""引きつぎ: what the next shift has to know, on one screen; then the desk is locked for them."""

from __future__ import annotations

import datetime as dt

from PySide6.QtWidgets import QHBoxLayout

from kiosk.flow import Enter, Paper, PaperSaid, Shift
from kiosk.overview import ShiftSheet
from ui import theme
from ui.screens.base import Screen
from ui.screens.people import numbers
from ui.stage import Ambient, Stage
from ui.widgets.buttons import Kind
from ui.widgets.header import sync_words
from ui.widgets.panels import EDGE, Card, SignedLines
from ui.widgets.text import Text
from ui.words import Phrase

HANDOVER = tuple(Paper).index(Paper.HANDOVER)
FIGURES = ("persons", "households", "outside", "care", "infants", "fever")
OPEN = ("away", "provisional", "nameless", "doubled", "unsent", "checked")
_ICONS = {
    "away": "footprints",
    "provisional": "clock",
    "nameless": "users",
    "doubled": "copy",
    "unsent": "cloud-upload",
    "checked": "eye",
}
STALE = dt.timedelta(hours=2)
"""A look at the shelter older than this is to be done anew."""
LISTED = 6
"""Reception numbers named; more are counted."""


class ShiftScreen(Screen[Shift]):
    """Figures above, what is open below."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        words = self.words
        self._ambient: Ambient | None = None
        self._state: Shift | None = None
        layout = self.rows(margin=theme.MARGIN - 2 * EDGE, top=10, spacing=2)
        layout.addLayout(self.head("shift", edge=12))
        figures = QHBoxLayout()
        figures.setSpacing(0)
        self.figures: dict[str, Text] = {}
        for name in FIGURES:
            card = Card(self.scale, padding=12)
            card.content.setSpacing(0)
            label = Text(self.scale, theme.FINE, colour=theme.INK_SOFT, align=theme.ALIGN_CENTRE)
            label.say(words(f"shift.{name}"))
            number = Text(
                self.scale, 48, bold=True, colour=theme.PRIMARY, align=theme.ALIGN_CENTRE, tight=True
            )
            card.content.addWidget(label)
            card.content.addWidget(number)
            self.figures[name] = number
            figures.addWidget(card)
        layout.addLayout(figures)
        card = Card(self.scale, padding=24)
        named = {name: words(f"shift.{name}") for name in OPEN}
        self.open = SignedLines(self.scale, named, size=theme.BODY, side=36, across=16, down=10)
        card.content.addLayout(self.open)
        card.content.addStretch()
        layout.addWidget(card, 1)
        self.lock = self.button(
            "shift.lock", Enter(), icon="lock", cap="Enter", sub="shift.lock_sub", kind=Kind.FIRST, height=96
        )
        self.out = self.button(
            "shift.out", PaperSaid(HANDOVER), icon="printer", cap="P", size=theme.BODY, height=96
        )
        foot = (self.back_button("button.return", height=96), self.out, self.lock)
        layout.addLayout(self.across(*foot, shares=(1, 1, 2), edge=EDGE))

    def show_ambient(self, ambient: Ambient) -> None:
        """What waits to be sent is part of the sheet."""
        self._ambient = ambient
        if self._state is not None:
            self.show_state(self._state)

    def show_state(self, state: Shift) -> None:
        """The sheet."""
        self._state = state
        sheet = state.sheet
        if sheet is None:
            for text in self.figures.values():
                text.say(Phrase.of("–"))
            self.open.wait(Phrase.of(state.sentence or "–"))
            return
        counts = sheet.counts
        said = {
            "persons": counts.persons,
            "households": counts.households,
            "outside": counts.outside_persons,
            "care": counts.care,
            "infants": counts.infants,
            "fever": counts.fever,
        }
        for name, number in said.items():
            self.figures[name].say(Phrase.of(str(number)))
        for name in OPEN:
            told, settled = self._told(name, sheet)
            icon, ink = ("circle-check", theme.GREEN) if settled else (_ICONS[name], theme.ORANGE)
            self.open.tell(name, told, icon, ink)

    def _told(self, name: str, sheet: ShiftSheet) -> tuple[Phrase, bool]:
        """What there is to say, and whether it is settled."""
        words = self.words
        rows = {"away": sheet.away, "provisional": sheet.provisional, "nameless": sheet.nameless}
        if name == "unsent":
            return self._unsent()
        if name == "checked":
            return self._checked(sheet)
        which = rows.get(name, ())
        if name == "doubled" and sheet.doubled:
            return words("shift.pairs", n=sheet.doubled), False
        if which:
            return words("shift.rows", n=len(which), numbers=numbers(which, LISTED)), False
        return words("shift.none"), True

    def _unsent(self) -> tuple[Phrase, bool]:
        if self._ambient is None:
            return Phrase(()), True
        sync = self._ambient.surroundings.sync
        return Phrase.of(sync_words(self.words, sync, self._ambient.now)), not sync.unsent

    def _checked(self, sheet: ShiftSheet) -> tuple[Phrase, bool]:
        checked = sheet.shelter.checked_at
        if not checked or self._ambient is None:
            return self.words("shelter.never"), False
        looked = dt.datetime.fromtimestamp(checked, self._ambient.now.tzinfo)
        said = self.words(
            "shift.looked",
            time=looked.strftime("%m/%d %H:%M"),
            staff=sheet.shelter.staff,
            helpers=sheet.shelter.helpers,
        )
        return said, self._ambient.now - looked < STALE

    def left(self) -> None:
        """Nothing stays."""
        self._state = None
