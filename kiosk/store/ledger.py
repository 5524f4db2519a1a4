"""The ledger: append an act, keep the views, answer the roster. One connection, one thread.

An append is one transaction: the event, its views, synced to disk. When `append` returns, the act is
kept whatever happens next; if it raises, nothing was written and nothing may be acknowledged. What HQ
learns is cut into segments by `publish`, afterwards and off the critical path.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from kiosk.core import acts, cbor, events
from kiosk.core.acts import Act, Key, Kind, PersonalReceive, Receive, ReceivePublic, Source, Timing
from kiosk.core.clock import HybridClock, MonotonicClock, WallClock
from kiosk.core.counts import Counts, count_one
from kiosk.core.events import Event
from kiosk.core.household import Method, Mode, Person
from kiosk.core.ids import DeviceId, HouseholdId
from kiosk.core.names import search_key
from kiosk.core.roll import Entry, Standing, Whereabouts, fold
from kiosk.core.sealing import seal, unseal
from kiosk.errors import BugError, Malformed
from kiosk.ports import Committed, IntakeRow, RosterRow
from kiosk.store.cipher import Database, DatabaseError, translated
from kiosk.store.identity import Identity
from sync import outbox, wire

COUNT_COLUMNS = tuple(field.name for field in fields(Counts))
_HOUSEHOLD_COLUMNS = (
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
)
_ROW = (
    "SELECT public, personal, number, method, whereabouts, received_at, source_device, source_seq"
    " FROM household"
)
_COLUMNS = (*_HOUSEHOLD_COLUMNS, *COUNT_COLUMNS)
_SAVE_HOUSEHOLD = (
    f"INSERT OR REPLACE INTO household ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 - our own column names
)


@dataclass(slots=True)
class _Head:
    seq: int
    hash: bytes
    commit_us: int | None


class Ledger:
    """The log of one device and the views made from it."""

    def __init__(
        self,
        database: Database,
        identity: Identity,
        outbox_folder: Path,
        mode: Mode,
        wall: WallClock = time.time,
        monotonic: MonotonicClock = time.monotonic,
        desk: str = "A",
    ) -> None:
        self._db = database
        self._connection = database.conn
        self._identity = identity
        self._outbox = outbox_folder
        self._mode = mode
        self._monotonic = monotonic
        self._desk = desk
        self.device: DeviceId = identity.device
        (last_at,) = self._one("SELECT coalesce(max(at), 0) FROM event")
        self._clock = HybridClock(wall, last_at)
        self._head = self._read_head()
        (self._last_number,) = self._one(
            "SELECT coalesce(max(CAST(substr(number, ?) AS INTEGER)), 0) FROM household WHERE number LIKE ?",
            (len(desk) + 2, f"{desk}-%"),
        )

    # -- writing ---------------------------------------------------------------------------------------

    def append(self, act: Act, staff: str = "") -> Committed:
        """Write one act: event and views in one transaction, synced to disk when this returns.

        Raises:
            KnownError: `disk_full`, `read_only`, `store_damaged`: nothing was written.
        """
        household = act.household.id if isinstance(act, Receive) else act.household
        begun = self._monotonic()
        event = self._write(
            acts.kind_of(act), acts.public_part(act), acts.personal_part(act, staff), household, begun
        )
        if isinstance(act, Receive) and act.number == self.next_number():
            self._last_number += 1
        return Committed(event.device, event.seq, event.at, household, self._head.commit_us or 0)

    def append_plain(self, kind: Kind, public: dict[int, Any], personal: bytes = b"") -> Event:
        """Write an event that is about no household: the device's first words, staff, an incident."""
        return self._write(kind, public, personal, None, self._monotonic())

    def _write(
        self, kind: Kind, public: dict[int, Any], plain: bytes, household: HouseholdId | None, begun: float
    ) -> Event:
        before = self._head
        if before.commit_us is not None:
            public[Key.COMMIT] = before.commit_us
        seq, at = before.seq + 1, self._clock.now()
        public = {int(key): value for key, value in public.items()}
        head = events.header(self.device, seq, at, kind, public)
        sealed = seal(self._identity.sealing, plain, [head, before.hash])
        event = Event.make(self.device, seq, at, kind, public, sealed)
        events.check(event)
        digest = event.hash(before.hash)
        signature = events.sign_head(self._identity.sign, self.device, seq, digest)
        with self._transaction():
            self._connection.execute(
                "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    self.device,
                    seq,
                    at,
                    str(kind),
                    cbor.dumps(public),
                    household,
                    sealed,
                    event.sealed_hash,
                    digest,
                    signature,
                ),
            )
            self._view_event(event, plain)
        self._head = _Head(seq, digest, max(0, round((self._monotonic() - begun) * 1e6)))
        return event

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except DatabaseError as error:
            self._roll_back()
            raise translated(error) from error
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        # A full disk has often rolled back by itself; rolling back again would hide the first error.
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    # -- views -----------------------------------------------------------------------------------------

    def _view_event(self, event: Event, plain: bytes | None) -> None:
        """Bring the views up to date with one event of the log; `plain` spares opening its sealed part."""
        if Key.COMMIT in event.public:
            self._connection.execute(
                "UPDATE intake SET commit_us = ? WHERE device = ? AND seq = ?",
                (event.public[Key.COMMIT], event.device, event.seq - 1),
            )
        act = acts.read_public(event.kind, event.public)
        if isinstance(act, acts.Unknown):
            return
        if isinstance(act, ReceivePublic) and act.timing is not None:
            timing = act.timing
            self._connection.execute(
                "INSERT OR REPLACE INTO intake VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                (
                    event.device,
                    event.seq,
                    event.at,
                    int(act.method),
                    len(act.persons),
                    timing.session,
                    timing.start,
                    timing.taken,
                    timing.machine,
                ),
            )
        if isinstance(act, acts.Void):
            self._connection.execute(
                "DELETE FROM intake WHERE device = ? AND seq = ?", (act.target_device, act.target_seq)
            )
        standing = fold(self._entries(act.household))
        if standing is not None:
            known = plain if standing.source == (event.device, event.seq) else None
            self._save(standing, known)

    def _entries(self, household: HouseholdId) -> Iterator[Entry]:
        rows = self._connection.execute(
            "SELECT at, device, seq, kind, public FROM event WHERE household = ?", (household,)
        )
        for at, device, seq, kind, public in rows:
            yield Entry(
                at, DeviceId(device), seq, acts.read_public(kind, cbor.loads(public, limit=events.MAX_HEADER))
            )

    def _save(self, standing: Standing, plain: bytes | None) -> None:
        device, seq = standing.source
        if plain is None:
            plain = self._open(device, seq)
        (packed,) = self._one("SELECT public FROM event WHERE device = ? AND seq = ?", (device, seq))
        personal = _personal(packed, plain)
        source = personal.source
        counted = count_one(standing)
        self._connection.execute(
            _SAVE_HOUSEHOLD,
            (
                standing.household,
                int(standing.mode),
                int(standing.whereabouts),
                int(standing.method),
                standing.received_at,
                standing.receptions,
                personal.number,
                device,
                seq,
                None if source is None else int(source.method),
                None if source is None else source.issuer,
                None if source is None else source.key,
                packed,
                plain,
                *(getattr(counted, name) for name in COUNT_COLUMNS),
            ),
        )
        if standing.whereabouts is not Whereabouts.VOID:
            self._connection.executemany(
                "INSERT OR IGNORE INTO search VALUES (?, ?)",
                [(key, standing.household) for key in _search_keys(personal)],
            )

    def rebuild(self) -> None:
        """Throw the views away and make them again from the log."""
        with self._transaction():
            for table in ("search", "household", "intake"):
                self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - three names of our own
            for event in self._log():
                self._view_event(event, None)

    # -- reading the log -------------------------------------------------------------------------------

    def _read_head(self) -> _Head:
        row = self._connection.execute(
            "SELECT seq, hash FROM event WHERE device = ? ORDER BY seq DESC LIMIT 1", (self.device,)
        ).fetchone()
        return _Head(0, events.GENESIS, None) if row is None else _Head(row[0], row[1], None)

    @property
    def head(self) -> tuple[int, bytes]:
        """Number and hash of this device's newest event."""
        return self._head.seq, self._head.hash

    def _log(self, after: int = 0) -> Iterator[Event]:
        rows = self._connection.execute(
            "SELECT seq, at, kind, public, sealed, sealed_hash FROM event"
            " WHERE device = ? AND seq > ? ORDER BY seq",
            (self.device, after),
        )
        for seq, at, kind, public, sealed, sealed_hash in rows:
            yield Event(
                self.device, seq, at, kind, cbor.loads(public, limit=events.MAX_HEADER), sealed, sealed_hash
            )

    def _hash_at(self, device: DeviceId, seq: int) -> bytes:
        if seq == 0:
            return events.GENESIS
        (digest,) = self._one("SELECT hash FROM event WHERE device = ? AND seq = ?", (device, seq))
        return bytes(digest)

    def _open(self, device: DeviceId, seq: int) -> bytes:
        """The personal part of an event of this device."""
        at, kind, public, sealed = self._one(
            "SELECT at, kind, public, sealed FROM event WHERE device = ? AND seq = ?", (device, seq)
        )
        if sealed is None:
            return b""
        head = events.header(device, seq, at, kind, cbor.loads(public, limit=events.MAX_HEADER))
        return unseal(self._identity.sealing, sealed, [head, self._hash_at(device, seq - 1)])

    def _one(self, sql: str, parameters: Sequence[object] = ()) -> tuple[Any, ...]:
        row = self._connection.execute(sql, parameters).fetchone()
        if row is None:
            raise BugError("a row that must be there is not")
        return tuple(row)

    # -- the roster ------------------------------------------------------------------------------------

    def find_source(self, source: Source) -> RosterRow | None:
        """The household once received from this pass or card, whatever its standing."""
        return self._roster_row(
            _ROW
            + " WHERE from_key = ? AND from_issuer = ? AND from_method = ? ORDER BY received_at DESC LIMIT 1",
            (source.key, source.issuer, int(source.method)),
        )

    def get(self, household: HouseholdId) -> RosterRow | None:
        """One household."""
        return self._roster_row(_ROW + " WHERE id = ?", (household,))

    def _roster_row(self, sql: str, parameters: Sequence[object]) -> RosterRow | None:
        row = self._connection.execute(sql, parameters).fetchone()
        return None if row is None else _roster_row(row)

    def roster(self, text: str = "", limit: int = 50) -> list[RosterRow]:
        """Households whose search key begins with `text` (kana, name or number), newest first."""
        key = search_key(text)
        if key:
            where = " WHERE id IN (SELECT household FROM search WHERE key >= ? AND key < ?)"
            parameters: tuple[object, ...] = (key, key + "\U0010ffff")
        else:
            where, parameters = "", ()
        kept = f"{' AND' if where else ' WHERE'} whereabouts <> {int(Whereabouts.VOID)}"
        rows = self._connection.execute(
            _ROW + where + kept + " ORDER BY received_at DESC LIMIT ?", (*parameters, limit)
        )
        return [_roster_row(row) for row in rows]

    def counts(self) -> Counts:
        """This shelter's figures now."""
        sums = ", ".join(f"coalesce(sum({name}), 0)" for name in COUNT_COLUMNS)
        return Counts(*self._one(f"SELECT {sums} FROM household"))  # noqa: S608 - our own column names

    def by_method(self) -> dict[str, int]:
        """Households ever received and not taken back, by method, zeros kept."""
        result = dict.fromkeys((method.word for method in Method), 0)
        rows = self._connection.execute(
            "SELECT method, count(*) FROM household WHERE whereabouts <> ? GROUP BY method",
            (int(Whereabouts.VOID),),
        )
        return result | {Method(method).word: number for method, number in rows}

    def intakes(self) -> list[IntakeRow]:
        """Every timed reception that stands, in order of the log."""
        rows = self._connection.execute(
            "SELECT at, method, persons, session, start, taken, machine, commit_us FROM intake ORDER BY at"
        )
        newest = self._head.commit_us or 0
        return [
            IntakeRow(
                at,
                Method(method),
                persons,
                Timing(session, start, taken, machine),
                newest if commit is None else commit,
            )
            for at, method, persons, session, start, taken, machine, commit in rows
        ]

    def next_number(self) -> str:
        """The next reception number, like A-012."""
        return f"{self._desk}-{self._last_number + 1:03}"

    def households(self) -> list[HouseholdId]:
        """Every household received and not taken back."""
        rows = self._connection.execute(
            "SELECT id FROM household WHERE whereabouts <> ?", (int(Whereabouts.VOID),)
        )
        return [HouseholdId(row[0]) for row in rows]

    # -- the back door ---------------------------------------------------------------------------------

    def publish(self) -> int:
        """Lay what HQ shall learn: the counts, then every event not yet in a segment.

        Returns how many segments were laid. Not part of any acknowledgement: what fails here is laid by
        the next call or the next start.

        Raises:
            KnownError: `disk_full`, `disk_unwritable`.
        """
        report = wire.CountsReport(
            self.device,
            self._head.seq,
            self._clock.last,
            int(self._mode),
            None,
            self.counts().to_dict(),
            self.by_method(),
        )
        outbox.write_counts(self._outbox, wire.encode_counts(report, self._identity.sign))
        return self._cut()

    def _cut(self) -> int:
        """Cut the events since the last segment into segments and lay them.

        The borders are written down before a file appears, so that after a crash the same segment has
        the same bytes.
        """
        (last,) = self._one("SELECT coalesce(max(last), 0) FROM segment WHERE device = ?", (self.device,))
        borders: list[tuple[int, int]] = []
        first, size = last + 1, 0
        for event in self._log(last):
            weight = len(event.header) + len(event.sealed or b"")
            if size and size + weight > wire.SEGMENT_TARGET - 512:
                borders.append((first, event.seq - 1))
                first, size = event.seq, 0
            size += weight
        if size:
            borders.append((first, self._head.seq))
        if not borders:
            return 0
        with self._transaction():
            self._connection.executemany(
                "INSERT INTO segment VALUES (?, ?, ?)", [(self.device, begin, end) for begin, end in borders]
            )
        for begin, end in borders:
            self._lay(begin, end)
        return len(borders)

    def lay_missing(self) -> None:
        """Lay again every segment whose file is not in the outbox."""
        here = {(name.first, name.last) for name in outbox.segments(self._outbox, self.device)}
        rows = self._connection.execute(
            "SELECT first, last FROM segment WHERE device = ?", (self.device,)
        ).fetchall()
        for first, last in rows:
            if (first, last) not in here:
                self._lay(first, last)

    def _lay(self, first: int, last: int) -> None:
        outbox.write_segment(self._outbox, self.device, first, last, self.segment(first, last))

    def segment(self, first: int, last: int) -> bytes:
        """The bytes of one segment."""
        run = [event for event in self._log(first - 1) if event.seq <= last]
        (signature,) = self._one(
            "SELECT signature FROM event WHERE device = ? AND seq = ?", (self.device, last)
        )
        return wire.encode_segment(run, self._hash_at(self.device, first - 1), signature)

    # -- looking after itself --------------------------------------------------------------------------

    def problems(self) -> list[str]:
        """Everything that is not as it must be: chain, signatures, seals, views. Empty when all is well.

        Words only, no personal data.
        """
        try:
            found = self._log_problems()
            if not found and self._views() != self._views_made_again():
                found.append("the views differ from the log")
        except (DatabaseError, Malformed) as error:
            return [f"the store can not be read: {type(error).__name__}"]
        integrity = [row[0] for row in self._connection.execute("PRAGMA quick_check").fetchall()]
        return found + [f"database: {line}" for line in integrity if line != "ok"]

    def _log_problems(self) -> list[str]:
        found: list[str] = []
        chain, expected = events.GENESIS, 1
        rows = self._connection.execute(
            "SELECT seq, hash, signature FROM event WHERE device = ? ORDER BY seq", (self.device,)
        ).fetchall()
        for event, (seq, digest, signature) in zip(self._log(), rows, strict=True):
            try:
                events.check(event)
                if event.sealed:
                    unseal(self._identity.sealing, event.sealed, [event.header, chain])
            except Malformed as error:
                found.append(f"event {seq}: {error.code}")
            chain = event.hash(chain)
            if seq != expected or chain != digest:
                found.append(f"event {seq}: the chain is broken")
                return found
            if signature and not events.head_is_signed(
                self._identity.sign_public, self.device, seq, chain, signature
            ):
                found.append(f"event {seq}: the signature does not fit")
            expected += 1
        return found

    def _views(self) -> list[list[tuple[Any, ...]]]:
        return [
            self._connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()  # noqa: S608 - our own names
            for table in ("household", "search")
        ]

    def _views_made_again(self) -> list[list[tuple[Any, ...]]]:
        """The views as the log would make them; what stands is left as it is."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for table in ("search", "household", "intake"):
                self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - three names of our own
            for event in self._log():
                self._view_event(event, None)
            return self._views()
        finally:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Put the write-ahead log into the database and close."""
        try:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except DatabaseError as error:
            raise translated(error) from error
        finally:
            self._connection.close()


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
    texts = {personal.number}
    for person in (*personal.household.members, *personal.household.absent):
        texts |= _spoken(person)
    return {key for key in map(search_key, texts) if key}


def _spoken(person: Person) -> set[str]:
    whole = {text for text in (person.name, person.kana) if text}
    return whole | {text.partition("\u3000")[2] for text in whole}
