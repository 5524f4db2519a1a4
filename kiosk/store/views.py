"""The views: what follows from the log for each household, kept ready for the screens.

Every view can be thrown away and made again from the log. The household view is written in the event's
own transaction. The index by which names are found follows a moment later, off the way of a reception:
one name has a dozen keys in a dozen places of the disk, and nobody waits for them while being received.
A question always brings the index up to date first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kiosk.core import acts
from kiosk.core.acts import EventId, Merge, PersonalPart, Source, Topic
from kiosk.core.card import Card, Opened, card
from kiosk.core.counts import Counts
from kiosk.core.finding import questions, terms_of
from kiosk.core.ids import DeviceId, HouseholdId, PersonId
from kiosk.core.roll import Entry, Whereabouts, fold_merged
from kiosk.ports import RosterRow
from kiosk.store.cipher import Connection
from kiosk.store.household_row import COLUMNS, NOT_LISTED, ROW, ROW_COLUMNS, SAVE, Row, roster_row
from kiosk.store.log import Log
from kiosk.store.name_index import NameIndex
from kiosk.store.totals import TOTALLED, Sums

_TABLES = ("search_through", "token", "household")


class Views:
    """The views of one log. Every call that writes belongs into the caller's transaction."""

    def __init__(self, connection: Connection, log: Log) -> None:
        self._connection = connection
        self._log = log
        self._names = NameIndex(connection)
        # Links of merges: kept in memory, because nearly always there is none. One too many does no harm.
        self._links = {
            (entry.act.household, entry.act.into)
            for entry in log.of_kind(Merge)
            if isinstance(entry.act, Merge)
        }
        self._totals: Sums | None = None
        self._newest_place: int | None = None

    # -- keeping up with the log -----------------------------------------------------------------------

    def take(self, entry: Entry, part: PersonalPart | None = None) -> None:
        """Bring the household view up to date with an event just written."""
        self.save(self.follow(entry, part))

    def follow(self, entry: Entry, part: PersonalPart | None = None) -> list[Row]:
        """The rows that follow from the log and one event more, which may stand in it already.

        `part`, its personal part opened, spares opening what was only just sealed. Nothing is written.
        """
        household = getattr(entry.act, "household", None)
        if household is None:
            return []
        if isinstance(entry.act, Merge):
            self._links.add((entry.act.household, entry.act.into))
        group = {one: list(self._log.entries(one, but=entry)) for one in self.group(household)}
        group[household].append(entry)
        return self._made(group, {} if part is None else {(entry.device, entry.seq): part})

    def save(self, rows: Iterable[Row]) -> None:
        """Write rows that `follow` made."""
        for row in rows:
            if self._totals is not None:
                before = self._connection.execute(
                    f"SELECT {TOTALLED} FROM household WHERE id = ?",  # noqa: S608 - our own column names
                    (row.standing.household,),
                ).fetchone()
                if before is not None:
                    self._totals.add(before, -1)
                self._totals.add(row.totalled)
            place = self._place(row, None)
            self._save(place, row)
            self._newest_place = max(place, self._newest())

    def forget_totals(self) -> None:
        """Sum up anew when next asked: a transaction came to nothing, or all rows are made anew."""
        self._totals = None
        self._newest_place = None

    def refresh(self, household: HouseholdId) -> set[HouseholdId]:
        """Make the rows of a household, and of those it is merged with, anew from the log; which they are."""
        group = {one: list(self._log.entries(one)) for one in self.group(household)}
        self.save(self._made(group, {}))
        return set(group)

    def _made(
        self, group: Mapping[HouseholdId, Sequence[Entry]], known: Mapping[EventId, PersonalPart]
    ) -> list[Row]:
        return list(self._rows(self._opened(group, known)))

    def _opened(
        self, group: Mapping[HouseholdId, Sequence[Entry]], known: Mapping[EventId, PersonalPart]
    ) -> dict[HouseholdId, list[Opened]]:
        """Entries with their personal parts: those `known` already, and the others opened."""
        return {
            one: [
                (entry, known.get((entry.device, entry.seq)) or self._log.open_part(entry))
                for entry in entries
            ]
            for one, entries in group.items()
        }

    def _rows(self, opened: Mapping[HouseholdId, Sequence[Opened]]) -> Iterator[Row]:
        """The rows of households that belong together."""
        group = {one: [entry for entry, _ in pairs] for one, pairs in opened.items()}
        for one, standing in fold_merged(group).items():
            made = card(standing, opened[one], _others(opened, one))
            if made is not None:
                own = standing.device in self._log.held
                tied = any(part.topic is Topic.TOKEN for _, part in opened[one])
                yield Row.of(standing, made, own=own, tied=tied)

    def group(self, household: HouseholdId) -> set[HouseholdId]:
        """The household and all that are merged with it, near or far."""
        group, growing = {household}, bool(self._links)
        while growing:
            more = {one for link in self._links if group & set(link) for one in link} - group
            group, growing = group | more, bool(more)
        return group

    def _save(self, place: int, row: Row) -> None:
        self._connection.execute(SAVE, (place, *row.columns))
        if not row.tied:
            return
        # A tie that was taken back is tied no longer.
        self._connection.execute("DELETE FROM token WHERE household = ?", (row.standing.household,))
        for person, token in row.card.tokens:
            self._connection.execute(
                "INSERT OR REPLACE INTO token VALUES (?, ?, ?)", (token, row.standing.household, person)
            )

    def _newest(self) -> int:
        """No household stands at a later place. Read once: a reception is nearly always the newest."""
        if self._newest_place is None:
            row = self._connection.execute("SELECT coalesce(max(place), 0) FROM household").fetchone()
            self._newest_place = int(row[0])
        return self._newest_place

    def _place(self, row: Row, taken: set[int] | None) -> int:
        """Where the household stands among the others: at the time of its reception.

        `taken`: the places that are, where all rows are made anew and nobody need be asked.
        """
        place = row.standing.received_at
        if taken is None and place > self._newest():
            return place
        # Two laptops may have received in the same millisecond.
        if taken is None:
            while self._connection.execute(
                "SELECT 1 FROM household WHERE place = ? AND id <> ?", (place, row.standing.household)
            ).fetchone():
                place += 1
            return place
        while place in taken:
            place += 1
        taken.add(place)
        return place

    def is_indexed(self, device: DeviceId, seq: int) -> bool:
        """Whether names of this event, and of those before it, can be found."""
        return self._indexed_through(device) >= seq

    def index_names(self) -> None:
        """Bring the index of names up to date with the log."""
        changed: set[HouseholdId] = set()
        for device in self._log.devices():
            through = self._indexed_through(device)
            rows = self._connection.execute(
                "SELECT DISTINCT household FROM event WHERE device = ? AND seq > ? AND household IS NOT NULL",
                (device, through),
            ).fetchall()
            changed |= {one for (household,) in rows for one in self.group(HouseholdId(household))}
        self._names.put(self._filed(household) for household in changed)
        self._is_indexed_now()

    def _is_indexed_now(self) -> None:
        for device in self._log.devices():
            self._connection.execute(
                "INSERT INTO search_through VALUES (?, ?)"
                " ON CONFLICT (device) DO UPDATE SET seq = excluded.seq",
                (device, self._log.newest(device).seq),
            )

    def _indexed_through(self, device: DeviceId) -> int:
        row = self._connection.execute(
            "SELECT seq FROM search_through WHERE device = ?", (device,)
        ).fetchone()
        return 0 if row is None else int(row[0])

    def index(self, households: Iterable[HouseholdId]) -> None:
        """Bring the index of names up to date for some households, leaving no trace of what it held."""
        self._names.put(self._filed(household) for household in households)
        self._names.wipe()

    def _filed(self, household: HouseholdId) -> tuple[HouseholdId, int, set[str], bool]:
        """What a household is filed under; nothing when it is not listed."""
        row = self._connection.execute(
            "SELECT place, card, number, secrecy FROM household"  # noqa: S608 - two numbers of our own
            f" WHERE id = ? AND whereabouts NOT IN {NOT_LISTED}",
            (household,),
        ).fetchone()
        if row is None:
            return household, 0, set(), False
        place, packed, number, secrecy = row
        return household, place, terms_of(acts.unpack_card(household, packed), number), bool(secrecy)

    def rebuild(self) -> None:
        """Throw the views away and make them again from the log."""
        self.forget_totals()
        self._names.clear()
        for table in _TABLES:
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
        self._names.put(self._made_anew())
        self._is_indexed_now()

    def _made_anew(self) -> Iterator[tuple[HouseholdId, int, set[str], bool]]:
        """Write every row, and tell what each household is filed under."""
        stored, taken = self._log.by_household(), set[int]()
        while stored:
            group = self.group(next(iter(stored)))
            opened = {one: [self._log.opened(event) for event in stored.pop(one, ())] for one in group}
            for row in self._rows(opened):
                place = self._place(row, taken)
                self._save(place, row)
                if row.standing.whereabouts not in (Whereabouts.VOID, Whereabouts.MERGED):
                    terms = terms_of(row.card.household, row.card.number)
                    yield row.standing.household, place, terms, row.card.household.secrecy

    def contents(self) -> list[list[tuple[Any, ...]]]:
        """Everything the views hold, in an order of its own, to be compared."""
        columns = ", ".join(COLUMNS[1:])  # the place depends on who came first where two times are equal
        return [
            self._connection.execute(f"SELECT {what} FROM {table} ORDER BY 1, 2").fetchall()  # noqa: S608 - names of our own
            for what, table in (
                ("household, terms", "indexed"),
                ("*", "search_through"),
                ("*", "token"),
                (columns, "household"),
            )
        ]

    def is_index_whole(self) -> bool:
        """Whether whoever was filed can be found."""
        return self._names.is_whole()

    # -- asking ----------------------------------------------------------------------------------------

    def last_number(self, desk: str) -> int:
        """The highest reception number this desk gave; 0 before the first."""
        row = self._connection.execute(
            "SELECT coalesce(max(CAST(substr(number, ?) AS INTEGER)), 0) FROM household WHERE number LIKE ?",
            (len(desk) + 2, f"{desk}-%"),
        ).fetchone()
        return int(row[0])

    def find_source(self, source: Source) -> RosterRow | None:
        """The household once received from this pass or card, whatever its standing."""
        row = self._row(
            f"{ROW} WHERE from_key = ? AND from_issuer = ? AND from_method = ? ORDER BY place DESC LIMIT 1",
            (source.key, source.issuer, int(source.method)),
        )
        return row if row is None else self._followed(row)

    def find_token(self, token: bytes) -> tuple[RosterRow, PersonId] | None:
        """Whose return token this is."""
        found = self._connection.execute(
            "SELECT household, person FROM token WHERE token = ?", (token,)
        ).fetchone()
        row = None if found is None else self.get(HouseholdId(found[0]))
        return None if row is None else (self._followed(row), PersonId(found[1]))

    def _followed(self, row: RosterRow) -> RosterRow:
        """The household that counts a merged one."""
        seen = {row.household.id}
        while row.merged_into is not None and row.merged_into not in seen:
            seen.add(row.merged_into)
            row = self.get(row.merged_into) or row
        return row

    def get(self, household: HouseholdId) -> RosterRow | None:
        """One household."""
        return self._row(f"{ROW} WHERE id = ?", (household,))

    def card(self, household: HouseholdId) -> Card | None:
        """One household's card, worked out from the log: also which events set its secrecy."""
        group = {one: list(self._log.entries(one)) for one in self.group(household)}
        standing = fold_merged(group).get(household)
        if standing is None:
            return None
        opened = self._opened(group, {})
        return card(standing, opened[household], _others(opened, household))

    def _row(self, sql: str, parameters: Sequence[object]) -> RosterRow | None:
        row = self._connection.execute(sql, parameters).fetchone()
        return None if row is None else roster_row(row)

    def roster(self, text: str, limit: int, *, secret: bool) -> list[RosterRow]:
        """Households found by `text`, best first, or all; in each rank the newest first.

        Those under secrecy only if `secret`.
        """
        wanted = f"whereabouts NOT IN {NOT_LISTED}" + ("" if secret else " AND NOT secrecy")
        if not text or text.isspace():
            rows = self._connection.execute(f"{ROW} WHERE {wanted} ORDER BY place DESC LIMIT ?", (limit,))
            return [roster_row(row) for row in rows]
        places = self._names.find(questions(text), limit, secret=secret)
        rows = self._connection.execute(
            f"SELECT place, {ROW_COLUMNS} FROM household"  # noqa: S608 - question marks and our own columns
            f" WHERE place IN ({', '.join('?' * len(places))}) AND {wanted}",
            places,
        )
        found = {place: row for place, *row in rows}
        return [roster_row(found[place]) for place in places if place in found]

    def counts(self, *, own: bool = False) -> Counts:
        """This shelter's figures now; with `own`, of those only whom this laptop was the last to put in."""
        return Counts(*(self._summed().own if own else self._summed().every).figures)

    def by_method(self, *, own: bool = False) -> dict[str, int]:
        """Households ever received and not taken back, by method, zeros kept; merged ones count as one."""
        return dict((self._summed().own if own else self._summed().every).by_method)

    def _summed(self) -> Sums:
        """The sums over all rows. Read once, then kept up: they are asked for at every reception."""
        if self._totals is None:
            self._totals = Sums()
            for row in self._connection.execute(f"SELECT {TOTALLED} FROM household"):  # noqa: S608 - our own column names
                self._totals.add(row)
        return self._totals

    def households(self) -> list[HouseholdId]:
        """Every household received and not taken back, the merged ones too."""
        rows = self._connection.execute(
            "SELECT id FROM household WHERE whereabouts <> ?", (int(Whereabouts.VOID),)
        )
        return [HouseholdId(row[0]) for row in rows]


def _others(opened: Mapping[HouseholdId, Sequence[Opened]], household: HouseholdId) -> list[Opened]:
    """What the households say that one is merged with."""
    return [pair for other, pairs in opened.items() if other != household for pair in pairs]
