"""What leaves the desk in numbers: searches, rosters, household cards, the hand-over sheet.

Whatever names somebody is in the log first: who took it, of whom, why. Households under secrecy are on no
list, whoever asks; a person's needs are on it only for those who may know them and asked for them. It refuses
to know how a list is written.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kiosk.core.access import Access, Action, Actor
from kiosk.core.clock import JAPAN
from kiosk.core.finding import number_key
from kiosk.core.household import Household, Person, Stay
from kiosk.desk import Desk
from kiosk.errors import KnownError
from kiosk.ports import Ledger, RosterRow
from kiosk.reports.handover import HandOver, Reporting
from sync import outbox

EVERYBODY = 1_000_000
"""More households than a shelter ever holds."""


class Lists:
    """The lists of one desk, for whoever stands there."""

    def __init__(self, desk: Desk, ledger: Ledger, access: Access) -> None:
        self._desk = desk
        self._ledger = ledger
        self._access = access

    def search(self, text: str = "", limit: int = 50) -> Sequence[RosterRow]:
        """Households found by `text`, or the newest: for a screen that is not wiped, so it is written down.

        Raises:
            KnownError: `not_allowed`, `not_audited`.
        """
        rows = self._desk.roster(text, limit)
        self._write_down("search" if text else "list", rows)
        return [_plain(row) for row in rows]

    def everybody(
        self, action: Action, reason: str, second: Actor | None = None, *, needs: bool = False
    ) -> Sequence[RosterRow]:
        """Every household, for a list that is taken out; `needs` with what is in confidence.

        Raises:
            KnownError: `not_allowed`, `reason_needed`, `second_person_needed`, `not_audited`.
        """
        self._access.check(action, reason=reason, second=second)
        rows = self._confided(self._ledger.roster(limit=EVERYBODY), reason, needs=needs)
        self._write_down(action, rows, reason, second)
        return rows

    def one(self, called: str, reason: str, *, needs: bool = False) -> RosterRow:
        """One household's card to be printed, by its reception number or id.

        Raises:
            KnownError: `not_allowed`, `not_in_roster` (also where nobody may know), `not_audited`.
        """
        self._access.check(Action.PRINT_CARD, reason=reason)
        number = number_key(called)
        found = [
            row
            for row in self._ledger.roster(limit=EVERYBODY)
            if number == number_key(row.number) or called.lower() == row.household.id.hex()
        ]
        if not found:
            raise KnownError(
                "not_in_roster", "この世帯は 名簿に ありません。", "no such household in the roster"
            )
        rows = self._confided(found[:1], reason, needs=needs)
        self._write_down(Action.PRINT_CARD, rows, reason)
        return rows[0]

    def hand_over(self) -> HandOver:
        """How things stand, for the next shift.

        Raises:
            KnownError: `not_allowed`, `not_audited`.
        """
        self._access.check(Action.HANDOVER_SHEET)
        everybody = self._ledger.roster(limit=EVERYBODY, secret=True)
        occupied: Counter[str] = Counter()
        for row in everybody:
            if row.household.stay is Stay.SHELTER:
                occupied[row.household.area] += len(row.present)
        self._desk.write_down(Action.HANDOVER_SHEET, [])
        return HandOver(
            self._ledger.counts(),
            self._ledger.by_method(),
            self._desk.shelter(),
            dict(+occupied),
            [_plain(row) for row in everybody if not row.household.secrecy],
        )

    def _confided(self, rows: Sequence[RosterRow], reason: str, *, needs: bool) -> Sequence[RosterRow]:
        if not needs:
            return [_plain(row) for row in rows]
        self._access.check(Action.HEALTH_VIEW, reason=reason)
        return rows

    def _write_down(
        self, action: str, rows: Sequence[RosterRow], reason: str = "", second: Actor | None = None
    ) -> None:
        self._desk.write_down(action, [row.household.id for row in rows], reason, second)


def reporting(data: Path, *, linked: bool) -> Reporting:
    """How the reporting to HQ stands, as the sync process last said; `linked`: whether there is an HQ."""
    status = outbox.read_status(outbox.folder(data)) if linked else None
    if status is None:
        return Reporting(linked)
    last = status.last_contact
    moment = None if last is None else dt.datetime.fromtimestamp(last / 1000, JAPAN)
    return Reporting(linked, status.unsent_events, moment)


def _plain(row: RosterRow) -> RosterRow:
    """The row without what is told in confidence."""

    def person(one: Person) -> Person:
        return replace(one, needs=frozenset(), note="")

    home: Household = row.household
    members, absent = tuple(map(person, home.members)), tuple(map(person, home.absent))
    return replace(row, household=replace(home, members=members, absent=absent))
