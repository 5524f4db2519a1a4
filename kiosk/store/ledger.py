"""The ledger: append an act, keep the views, answer the roster. One connection, one thread.

An append is one transaction: the event, its view, synced to disk. When `append` returns, the act is
kept whatever happens next; if it raises, nothing was written and nothing may be acknowledged. What HQ
learns is cut into segments by `publish`, afterwards and off the critical path.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kiosk.core import acts
from kiosk.core.acts import Act, Key, Kind, Note, PersonalPart, Receive, Shelter, Source
from kiosk.core.card import Card
from kiosk.core.clock import HybridClock, MonotonicClock, WallClock
from kiosk.core.counts import Counts
from kiosk.core.events import Event
from kiosk.core.household import Mode
from kiosk.core.ids import DeviceId, HouseholdId, PersonId
from kiosk.errors import KnownError, Malformed
from kiosk.ports import Committed, IntakeRow, RosterRow
from kiosk.store.cipher import Database, DatabaseError, translated
from kiosk.store.identity import Identity
from kiosk.store.log import Head, Log
from kiosk.store.segments import Segments
from kiosk.store.views import Views
from sync import outbox, wire


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
        self._connection = database.conn
        self._identity = identity
        self._outbox = outbox_folder
        self._mode = mode
        self._monotonic = monotonic
        self._desk = desk
        self._log = Log(self._connection, identity)
        self._views = Views(self._connection, self._log)
        self._segments = Segments(self._connection, self._log, outbox_folder)
        self.device: DeviceId = identity.device
        self._clock = HybridClock(wall, self._log.newest_time())
        self._head = self._log.newest()
        self._last_number = self._views.last_number(desk)

    @property
    def identity(self) -> Identity:
        """The device's own keys: to open what was wrapped to it, and to vouch for what it shows."""
        return self._identity

    # -- writing ---------------------------------------------------------------------------------------

    def append(self, act: Act, staff: str = "") -> Committed:
        """Write one act: event and view in one transaction, synced to disk when this returns.

        Raises:
            KnownError: `disk_full`, `read_only`, `store_damaged`: nothing was written.
        """
        begun = self._monotonic()
        household = acts.household_of(act)
        event = self._write(
            acts.kind_of(act),
            acts.public_part(act),
            acts.personal_part(act, staff),
            household,
            acts.part_of(act, staff),
        )
        took = self._took(begun)
        if isinstance(act, Receive) and act.number == self.next_number():
            self._last_number += 1
        return Committed(event.device, event.seq, event.at, household, took)

    def append_plain(self, kind: Kind, public: dict[int, Any], personal: bytes = b"") -> Event:
        """Write an event that is about no household: the device's first words, staff, an incident."""
        begun = self._monotonic()
        event = self._write(kind, public, personal)
        self._took(begun)
        return event

    def _took(self, begun: float) -> int:
        took = max(0, round((self._monotonic() - begun) * 1e6))
        self._head = Head(self._head.seq, self._head.hash, took)
        return took

    def _write(
        self,
        kind: Kind,
        public: dict[int, Any],
        plain: bytes,
        household: HouseholdId | None = None,
        part: PersonalPart | None = None,
    ) -> Event:
        if self._head.commit_us is not None:
            public[Key.COMMIT] = self._head.commit_us
        with self._transaction():
            event, digest = self._log.append(self._head, self._clock.now(), kind, public, plain, household)
            self._views.take(event, part)
        self._head = Head(event.seq, digest)
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

    def rebuild(self) -> None:
        """Throw the views away and make them again from the log."""
        with self._transaction():
            self._views.rebuild()

    # -- the roster ------------------------------------------------------------------------------------

    @property
    def head(self) -> tuple[int, bytes]:
        """Number and hash of this device's newest event."""
        return self._head.seq, self._head.hash

    def find_source(self, source: Source) -> RosterRow | None:
        """The household once received from this pass or card, whatever its standing."""
        return self._views.find_source(source)

    def get(self, household: HouseholdId) -> RosterRow | None:
        """One household."""
        return self._views.get(household)

    def card(self, household: HouseholdId) -> Card | None:
        """One household's card, worked out from the log."""
        return self._views.card(household)

    def find_token(self, token: bytes) -> tuple[RosterRow, PersonId] | None:
        """Whose return token this is, by its keyed hash."""
        return self._views.find_token(token)

    def shelter(self) -> Shelter | None:
        """The shelter's state as last said; None before anybody said."""
        said = [entry for entry in self._log.of_kind(Shelter) if isinstance(entry.act, Shelter)]
        latest = max(said, key=lambda entry: entry.order, default=None)
        return latest.act if latest is not None and isinstance(latest.act, Shelter) else None

    def notes(self) -> list[tuple[int, PersonalPart]]:
        """Every note of this device with its time, in order: among them who looked at what, and why."""
        return [(entry.at, self._log.open_part(entry)) for entry in self._log.of_kind(Note)]

    def roster(self, text: str = "", limit: int = 50, *, secret: bool = False) -> list[RosterRow]:
        """Households found by `text` (kana, name, number), newest first; under secrecy only if `secret`."""
        if text and not self._views.is_indexed(self.device, self._head.seq):
            # A disk that is full must not keep anybody from being found who was indexed before.
            with contextlib.suppress(KnownError), self._transaction():
                self._views.index_names()
        return self._views.roster(text, limit, secret=secret)

    def counts(self) -> Counts:
        """This shelter's figures now."""
        return self._views.counts()

    def by_method(self) -> dict[str, int]:
        """Households ever received and not taken back, by method, zeros kept."""
        return self._views.by_method()

    def intakes(self) -> list[IntakeRow]:
        """Every timed reception that stands, in order of the log."""
        return self._log.intakes(self._head)

    def next_number(self) -> str:
        """The next reception number, like A-012."""
        return f"{self._desk}-{self._last_number + 1:03}"

    def households(self) -> list[HouseholdId]:
        """Every household received and not taken back."""
        return self._views.households()

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
        with self._transaction():
            borders = self._segments.cut()
            self._views.index_names()
        for first, last in borders:
            self._segments.lay(first, last)
        return len(borders)

    def lay_missing(self) -> None:
        """Lay again every segment whose file is not in the outbox."""
        self._segments.lay_missing()

    def segment(self, first: int, last: int) -> bytes:
        """The bytes of one segment."""
        return self._segments.segment(first, last)

    # -- looking after itself --------------------------------------------------------------------------

    def problems(self) -> list[str]:
        """Everything that is not as it must be: chain, signatures, seals, views. Empty when all is well.

        Words only, no personal data.
        """
        try:
            found = self._log.problems()
            if not found and not self._views_follow():
                found.append("the views differ from the log")
        except (DatabaseError, Malformed) as error:
            return [f"the store can not be read: {type(error).__name__}"]
        integrity = [row[0] for row in self._connection.execute("PRAGMA quick_check").fetchall()]
        return found + [f"database: {line}" for line in integrity if line != "ok"]

    def _views_follow(self) -> bool:
        """Whether the log would make the same views; what stands is left as it is."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._views.index_names()
            before = self._views.contents()
            self._views.rebuild()
            return before == self._views.contents()
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
