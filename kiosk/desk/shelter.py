"""The shelter as a whole: how it stands, its figures, and what is looked over."""

from __future__ import annotations

from dataclasses import replace

from kiosk import overview
from kiosk.core.access import Action
from kiosk.core.acts import Shelter
from kiosk.core.counts import Counts
from kiosk.core.ids import HouseholdId
from kiosk.desk.seeing import Seeing
from kiosk.desk.values import EVERYBODY
from kiosk.overview import Double, Looking, ShiftSheet
from kiosk.ports import Committed


class Overseeing(Seeing):
    """Looking over everything."""

    def report_shelter(self, state: Shelter) -> Committed:
        """避難所の状況: opening, fullness, staff, as somebody just looked."""
        self._access.check(Action.SHELTER_STATE)
        return self._append(replace(state, mode=self._mode, incident=self._incident()))

    def shelter(self) -> Shelter:
        """The shelter's state as last said."""
        return self._ledger.shelter() or Shelter(self._mode, self._incident())

    def counts(self) -> Counts:
        """The shelter's figures now."""
        self._access.check(Action.COUNTS_VIEW)
        return self._ledger.counts()

    def doubles(self) -> tuple[Double, ...]:
        """Pairs of households in which somebody seems to stand twice, without those under secrecy."""
        self._access.check(Action.MERGE)
        return overview.doubles(self.roster("", EVERYBODY))

    def areas(self) -> dict[str, int]:
        """Persons who are here, by area; those under secrecy are counted and not named."""
        self._access.check(Action.COUNTS_VIEW)
        return overview.by_area(self._ledger.roster("", EVERYBODY, secret=True))

    def lookings(self) -> tuple[Looking, ...]:
        """Who looked at what, newest first, by the numbers of the households."""
        self._access.check(Action.AUDIT_VIEW)
        notes = self._ledger.notes()
        about = {HouseholdId(one) for _, part in notes for one in part.about}
        rows = {one: self._ledger.get(one) for one in about}
        return overview.lookings(notes, {one: row.number for one, row in rows.items() if row is not None})

    def shift_sheet(self) -> ShiftSheet:
        """What the next shift has to know."""
        self._access.check(Action.HANDOVER_SHEET)
        return overview.shift_sheet(self.roster("", EVERYBODY), self.counts(), self.shelter())
