"""名ぼ: found as it is typed, sifted with one key, opened with Enter."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from kiosk.core.clock import moment
from kiosk.core.roll import Whereabouts
from kiosk.flow import Back, Enter, OutOpened, Roster, ShowChosen, Typed
from kiosk.flow.choices import Show
from kiosk.ports import RosterRow
from ui import theme
from ui.screens import people
from ui.screens.table import TableScreen
from ui.stage import Ambient, Stage
from ui.widgets.buttons import Kind
from ui.widgets.fields import SearchField
from ui.widgets.panels import EDGE
from ui.widgets.text import Text
from ui.words import Phrase

COLUMNS = {"number": 128, "name": 0, "people": 110, "method": 140, "time": 110, "whereabouts": 220}
SHOWS = {Show.HERE: "F6", Show.AWAY: "F7", Show.LEFT: "F8", Show.DOUBLE: "F9"}


class RosterScreen(TableScreen[Roster]):
    """A field, four sieves, a table."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "roster", COLUMNS, called="table", top=12, spacing=2)
        self.choose_by_touch()
        words = self.words
        self._zone: dt.tzinfo | None = None
        self._rows: tuple[RosterRow, ...] = ()
        self.title = self.heading("roster.title", size=theme.NAME)
        self.field = SearchField(self.scale, words.plain("roster.field"), theme.TITLE, height=theme.TARGET)
        self.field.setPlaceholderText(words.plain("roster.field"))
        self.field.typed.connect(lambda text: self.hands.put(Typed(text)))
        self.found = Text(self.scale, theme.BODY, bold=True, colour=theme.INK_SOFT, align=theme.ALIGN_RIGHT)
        head = (self.title, self.field, self.found)
        self.lines.addLayout(self.across(*head, shares=(0, 1, 0), spacing=20, edge=EDGE))
        shows, keys = [*SHOWS], [*SHOWS.values()]
        labels = [words.plain(f"roster.show_{show.value}") for show in shows]
        choices = self.choices(labels, lambda at: ShowChosen(shows[at]), keys=keys)
        self.shows = dict(zip(shows, choices, strict=True))
        sieves = self.across(*self.shows.values(), spacing=12)
        sieves.setContentsMargins(self.scale.px(EDGE), self.scale.px(6), self.scale.px(EDGE), 0)
        self.lines.addLayout(sieves)
        self.lines.addWidget(self.card, 1)
        self.open = self.deed("roster.open", Enter(), "id-card", "Enter")
        self.out = self.deed("roster.out", OutOpened(), "footprints", "F3")
        home = self.deed("button.home", Back(), "arrow-left", "Esc", kind=Kind.QUIET)
        arrows = self.line("roster.arrows", size=theme.SMALL)
        self.lines.addLayout(self.across(arrows, self.open, self.out, home, edge=EDGE))

    def show_ambient(self, ambient: Ambient) -> None:
        """Times are shown in the shelter's zone."""
        self._zone = ambient.now.tzinfo

    def show_state(self, state: Roster) -> None:
        """The rows found, as far as they are to be shown."""
        shown = state.shown
        self.title.say(self.words("roster.title_going" if state.going else "roster.title"))
        self.field.show_text(state.text)
        self.found.say(self.words("roster.found", n=len(shown)))
        said = Phrase.of(state.sentence) if state.sentence else self.words("roster.empty")
        self.show_table(said, there=bool(shown))
        # What went wrong is said below the rows that were found before.
        self.empty.setVisible(bool(state.sentence) or not shown)
        for show, choice in self.shows.items():
            choice.setChecked(state.show is show)
        going = state.going
        self.open.setVisible(not going)
        self.out.become(Kind.FIRST if going else Kind.SECOND, "Enter" if going else "F3")
        if shown != self._rows:
            self._rows = shown
            self._fill(shown)
        self.table.choose(state.at)

    def _fill(self, rows: tuple[RosterRow, ...]) -> None:
        words = self.words
        inks: dict[tuple[int, int], QColor] = {}
        texts: list[tuple[str, ...]] = []
        where, name_at = list(COLUMNS).index("whereabouts"), list(COLUMNS).index("name")
        for line, row in enumerate(rows):
            members = row.household.members
            name = people.named(words, members)
            if row.receptions > 1:
                name = words.plain("roster.doubled", name=name, n=row.receptions)
                inks[line, name_at] = theme.ORANGE
            if row.whereabouts is not Whereabouts.HERE or row.elsewhere:
                inks[line, where] = theme.ORANGE
            texts.append(
                (
                    row.number,
                    name,
                    str(len(members)),
                    words.plain(f"method.{row.method.name}"),
                    moment(row.received_at).astimezone(self._zone).strftime("%H:%M"),
                    self._whereabouts(row),
                )
            )
        self.table.cells.show_rows(texts, inks)

    def _whereabouts(self, row: RosterRow) -> str:
        """Where the household is; how many are out when some of them are."""
        out = sum(place is Whereabouts.AWAY for place in row.elsewhere.values())
        if row.whereabouts is Whereabouts.HERE and out:
            return self.words.plain("roster.some_out", n=out)
        return self.words.plain(f"whereabouts.{row.whereabouts.name}")

    def entered(self) -> None:
        """Type at once."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def left(self) -> None:
        """No name stays behind a closed roster."""
        super().left()
        self.field.setText("")
        self._rows = ()
