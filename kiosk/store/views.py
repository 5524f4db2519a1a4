"""The views: what follows from the log for each household, kept ready for the screens.

Every view can be thrown away and made again from the log. The household view is written in the event's
own transaction. The index by which names are found follows a moment later, off the way of a reception:
one name has a dozen keys in a dozen places of the disk, and nobody waits for them while being received.
A question always brings the index up to date first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from itertools import chain
from typing import Any

from kiosk.core import acts, cbor, events
from kiosk.core.acts import Kind, PersonalReceive, ReceivePublic, Source
from kiosk.core.counts import Counts, count_one
from kiosk.core.events import Event
from kiosk.core.household import Method, Person
from kiosk.core.ids import DeviceId, HouseholdId
from kiosk.core.names import search_key
from kiosk.core.roll import Entry, Standing, Whereabouts, fold
from kiosk.errors import BugError
from kiosk.ports import RosterRow
from kiosk.store.cipher import Connection
from kiosk.store.log import Log

COUNT_COLUMNS = tuple(field.name for field in fields(Counts))
_COLUMNS = (
    "place",
    "id",
    "mode",
    "whereabouts",
    "method",
    "received_at",
    "receptions",
    "number",
    "source_device",
    "source_seq",
    "from_method",
    "from_issuer",
    "from_key",
    "public",
    "personal",
    *COUNT_COLUMNS,
)
_SAVE = (
    f"INSERT INTO household ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 - our own column names
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS)}"
)
_ROW = (
    "SELECT public, personal, number, method, whereabouts, received_at, source_device, source_seq"
    " FROM household"
)
_TABLES = ("search", "search_through", "household")
_VOID = int(Whereabouts.VOID)


class Views:
    """The views of one log. Every call that writes belongs into the caller's transaction."""

    def __init__(self, connection: Connection, log: Log) -> None:
        self._connection = connection
        self._log = log

    # -- keeping up with the log -----------------------------------------------------------------------

    def take(self, event: Event, personal: PersonalReceive | None = None, plain: bytes = b"") -> None:
        """Bring the household view up to date with an event just written.

        `personal` and `plain`, its personal part opened and as bytes, spare opening what was only just
        sealed.
        """
        act = acts.read_public(event.kind, event.public)
        if isinstance(act, acts.Unknown):
            return
        entry = Entry(event.at, event.device, event.seq, act)
        standing = fold(chain(self._log.entries(act.household, but=event), (entry,)))
        if standing is None:
            return
        if personal is not None and standing.source == (event.device, event.seq):
            self._save(standing, event.packed_public, plain, personal)
        else:
            device, seq = standing.source
            packed, opened = self._log.public(device, seq), self._log.open(device, seq)
            self._save(standing, packed, opened, _personal(packed, opened))

    def _save(self, standing: Standing, packed: bytes, plain: bytes, personal: PersonalReceive) -> None:
        source, counted = personal.source, count_one(standing)
        self._connection.execute(
            _SAVE,
            (
                self._place(standing),
                standing.household,
                int(standing.mode),
                int(standing.whereabouts),
                int(standing.method),
                standing.received_at,
                standing.receptions,
                personal.number,
                *standing.source,
                None if source is None else int(source.method),
                None if source is None else source.issuer,
                None if source is None else source.key,
                packed,
                plain,
                *(getattr(counted, name) for name in COUNT_COLUMNS),
            ),
        )

    def _place(self, standing: Standing) -> int:
        """Where the household stands among the others: at the time of its reception."""
        place = standing.received_at
        # Two laptops may have received in the same millisecond.
        while self._connection.execute(
            "SELECT 1 FROM household WHERE place = ? AND id <> ?", (place, standing.household)
        ).fetchone():
            place += 1
        return place

    def is_indexed(self, device: DeviceId, seq: int) -> bool:
        """Whether names of this event, and of those before it, can be found."""
        return self._indexed_through(device) >= seq

    def index_names(self) -> None:
        """Bring the index of names up to date with the log."""
        for device in self._log.devices():
            through = self._indexed_through(device)
            rows = self._connection.execute(
                "SELECT DISTINCT household FROM event WHERE device = ? AND seq > ? AND household IS NOT NULL",
                (device, through),
            ).fetchall()
            for (household,) in rows:
                self._index(household)
            self._connection.execute(
                "INSERT INTO search_through SELECT device, max(seq) FROM event WHERE device = ?"
                " ON CONFLICT (device) DO UPDATE SET seq = excluded.seq",
                (device,),
            )

    def _indexed_through(self, device: DeviceId) -> int:
        row = self._connection.execute(
            "SELECT seq FROM search_through WHERE device = ?", (device,)
        ).fetchone()
        return 0 if row is None else int(row[0])

    def _index(self, household: bytes) -> None:
        row = self._connection.execute(
            "SELECT public, personal FROM household WHERE id = ? AND whereabouts <> ?", (household, _VOID)
        ).fetchone()
        wanted = set() if row is None else _search_keys(_personal(*row))
        known = {
            key
            for (key,) in self._connection.execute("SELECT key FROM search WHERE household = ?", (household,))
        }
        self._connection.executemany(
            "DELETE FROM search WHERE key = ? AND household = ?", [(key, household) for key in known - wanted]
        )
        self._connection.executemany(
            "INSERT INTO search VALUES (?, ?)", [(key, household) for key in wanted - known]
        )

    def rebuild(self) -> None:
        """Throw the views away and make them again from the log."""
        for table in _TABLES:
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
        for device in self._log.devices():
            for event in self._log.events(device):
                self.take(event)
        self.index_names()

    def contents(self) -> list[list[tuple[Any, ...]]]:
        """Everything the views hold, in an order of its own, to be compared."""
        columns = ", ".join(_COLUMNS[1:])  # the place depends on who came first where two times are equal
        return [
            self._connection.execute(f"SELECT {what} FROM {table} ORDER BY 1, 2").fetchall()  # noqa: S608 - names of our own
            for what, table in (("*", "search"), ("*", "search_through"), (columns, "household"))
        ]

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
        return self._row(
            f"{_ROW} WHERE from_key = ? AND from_issuer = ? AND from_method = ? ORDER BY place DESC LIMIT 1",
            (source.key, source.issuer, int(source.method)),
        )

    def get(self, household: HouseholdId) -> RosterRow | None:
        """One household."""
        return self._row(f"{_ROW} WHERE id = ?", (household,))

    def _row(self, sql: str, parameters: Sequence[object]) -> RosterRow | None:
        row = self._connection.execute(sql, parameters).fetchone()
        return None if row is None else _roster_row(row)

    def roster(self, text: str, limit: int) -> list[RosterRow]:
        """Households whose search key begins with `text` (kana, name or number), newest first."""
        key = search_key(text)
        if key:
            where = "id IN (SELECT household FROM search WHERE key >= ? AND key < ?) AND"
            parameters: tuple[object, ...] = (key, key + "\U0010ffff")
        else:
            where, parameters = "", ()
        rows = self._connection.execute(
            f"{_ROW} WHERE {where} whereabouts <> ? ORDER BY place DESC LIMIT ?",
            (*parameters, _VOID, limit),
        )
        return [_roster_row(row) for row in rows]

    def counts(self) -> Counts:
        """This shelter's figures now."""
        sums = ", ".join(f"coalesce(sum({name}), 0)" for name in COUNT_COLUMNS)
        return Counts(*self._connection.execute(f"SELECT {sums} FROM household").fetchone())  # noqa: S608 - our own column names

    def by_method(self) -> dict[str, int]:
        """Households ever received and not taken back, by method, zeros kept."""
        result = dict.fromkeys((method.word for method in Method), 0)
        rows = self._connection.execute(
            "SELECT method, count(*) FROM household WHERE whereabouts <> ? GROUP BY method", (_VOID,)
        )
        return result | {Method(method).word: number for method, number in rows}

    def households(self) -> list[HouseholdId]:
        """Every household received and not taken back."""
        rows = self._connection.execute("SELECT id FROM household WHERE whereabouts <> ?", (_VOID,))
        return [HouseholdId(row[0]) for row in rows]


def _personal(packed: bytes, plain: bytes) -> PersonalReceive:
    public = acts.read_public(Kind.RECEIVE, cbor.loads(packed, limit=events.MAX_HEADER))
    if not isinstance(public, ReceivePublic):
        raise BugError("a household's source is a reception")
    return acts.read_personal(public, plain)


def _roster_row(row: Sequence[Any]) -> RosterRow:
    packed, plain, number, method, whereabouts, received_at, device, seq = row
    return RosterRow(
        _personal(packed, plain).household,
        number,
        Method(method),
        Whereabouts(whereabouts),
        received_at,
        DeviceId(device),
        seq,
    )


def _search_keys(personal: PersonalReceive) -> set[str]:
    """What a household is found by: kana and name, whole and from the given name on, and its number."""
    people: Iterable[Person] = (*personal.household.members, *personal.household.absent)
    texts = {personal.number}.union(*map(_spoken, people))
    return {key for key in map(search_key, texts) if key}


def _spoken(person: Person) -> set[str]:
    whole = {text for text in (person.name, person.kana) if text}
    return whole | {text.partition("\u3000")[2] for text in whole}
