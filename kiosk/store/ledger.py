"""The ledger: append an act, keep the views, answer the roster. One connection, one thread.

An append is one transaction: the event, its view, synced to disk. When `append` returns, the act is
kept whatever happens next; if it raises, nothing was written and nothing may be acknowledged. What HQ
learns is cut into segments by `publish`, afterwards and off the critical path.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from kiosk.core import acts, cbor
from kiosk.core.acts import Act, Key, Kind, Note, Personal, PersonalPart, Receive, Shelter, Source
from kiosk.core.card import Card
from kiosk.core.clock import HybridClock, MonotonicClock, WallClock
from kiosk.core.counts import Counts
from kiosk.core.events import Event
from kiosk.core.household import Mode
from kiosk.core.ids import DeviceId, HouseholdId, PersonId
from kiosk.core.notices import Disk, Notice
from kiosk.errors import KnownError
from kiosk.ports import Committed, IntakeRow, RosterRow
from kiosk.store import erasure, inspection
from kiosk.store.cipher import DatabaseError, translating
from kiosk.store.identity import Identity
from kiosk.store.log import Head, entry_of
from kiosk.store.parts import Parts
from kiosk.store.succession import label
from sync import outbox, wire
from sync.outbox import SegmentName

Written = TypeVar("Written")


LAST_NUMBER = "last number/"
"""Note in the store: the last reception number given under a label, when the views no longer show it."""
LOGS = "logs"
"""Note in the store: how many write-ahead logs were begun."""
COMMITS_A_LOG = 20
"""So many commits stand in one write-ahead log, about 150 pages: what is short can not lose much."""


class Ledger:
    """The log of this laptop and the views made from it."""

    def __init__(
        self,
        parts: Parts,
        mode: Mode,
        wall: WallClock = time.time,
        monotonic: MonotonicClock = time.monotonic,
        desk: str = "A",
        notices: Sequence[Notice] = (),
    ) -> None:
        self.parts = parts
        self.notices = tuple(notices)
        """What staff should know of how this store was found."""
        self._connection = parts.connection
        self._identity = parts.identity
        self._mode = mode
        self._monotonic = monotonic
        self._log = parts.log
        self._views = parts.views
        self._segments = parts.segments
        self.device: DeviceId = parts.identity.device
        times = self._log.newest_times()
        self._clock = HybridClock(wall, times.pop(self.device, 0))
        for at in times.values():
            self._clock.saw(at)
        self._head = self._log.newest()
        self._commits = 0
        self._transaction_us = 0
        self._desk = label(parts, desk)
        given = int(parts.note(LAST_NUMBER + self._desk) or 0)
        self._last_number = max(self._views.last_number(self._desk), given)

    @property
    def identity(self) -> Identity:
        """The device's own keys: to open what was wrapped to it, and to vouch for what it shows."""
        return self._identity

    # -- writing ---------------------------------------------------------------------------------------

    @translating()
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
        return Committed(event.device, event.seq, event.at, household, took, self._transaction_us)

    @translating()
    def append_plain(self, kind: Kind, public: dict[int, Any], personal: bytes = b"") -> Event:
        """Write an event that is about no household: the device's first words, staff, an incident."""
        begun = self._monotonic()
        event = self._write(kind, public, personal)
        self._took(begun)
        return event

    @translating()
    def append_again(
        self, kind: Kind, public: dict[int, Any], personal: bytes, household: bytes | None
    ) -> Event:
        """Write an event whose public and personal part stand in another log already."""
        part = acts.read_personal(acts.read_public(kind, public), personal)
        about = None if household is None else HouseholdId(household)
        return self._write(kind, public, personal, about, part)

    def _took(self, begun: float) -> int:
        took = _microseconds(self._monotonic() - begun)
        self._head = Head(self._head.seq, self._head.hash, took)
        return took

    def _write(
        self,
        kind: Kind,
        public: dict[int, Any],
        plain: bytes,
        household: HouseholdId | None = None,
        part: PersonalPart | None = None,
        also: Callable[[], object] = lambda: None,
    ) -> Event:
        if self._head.commit_us is not None:
            public[Key.COMMIT] = self._head.commit_us

        # All that needs no disk comes first: the transaction only writes two rows.
        event, head = self._log.compose(self._head, self._clock.now(), kind, public, plain)
        rows = self._views.follow(entry_of(event), part)

        def write() -> None:
            begun = self._monotonic()
            with self._transaction():
                self._log.put(event, head.hash, head.signature, household)
                self._views.save(rows)
                also()
            self._transaction_us = _microseconds(self._monotonic() - begun)

        self._written(write)
        self._head = Head(event.seq, head.hash)
        # Only now: a witness that is ahead of the log says that the log has lost something.
        self.parts.witness.say(head)
        self._keep_short()
        return event

    @translating()
    def erase(self, household: HouseholdId, staff: str, reason: str) -> None:
        """Erase what is known of a household, and of those merged with it, for good; see `erasure`.

        The counts stay, and so does every chain. Where the disk fails after the commit, the rest is done at
        the next start.

        Raises:
            KnownError: `not_in_roster`, and as `append`.
        """
        if self._views.get(household) is None:
            raise KnownError("not_in_roster", "この世帯は 名簿に ありません。", "no such household here")

        def erase() -> None:
            erasure.erase(self.parts, household)
            # The number goes with the names; it must not be given again.
            self.parts.remember(LAST_NUMBER + self._desk, str(self._last_number))

        self._write(
            Kind.ERASE,
            {Key.MODE: int(self._mode), Key.HOUSEHOLD: household},
            cbor.dumps({int(Personal.STAFF): staff, int(Personal.REASON): reason}),
            also=erase,
        )
        erasure.finish(self.parts)
        # A log that is put back to before must learn of the erasure from its own segments.
        self.publish()

    def _written(self, write: Callable[[], Written]) -> Written:
        """Write; on a full disk once more, with the ballast's room."""
        ballast = self.parts.ballast
        try:
            written = write()
        except KnownError as error:
            if error.code != "disk_full" or not ballast.throw():
                ballast.refused(error)
                raise
            try:
                written = write()
            except KnownError as again:
                ballast.refused(again)
                raise
        ballast.wrote()
        return written

    def _keep_short(self) -> None:
        """Put the write-ahead log into the database every few commits, and begin it anew.

        Left to itself, SQLite lets a log that was put away lie as it is until the next commit, still to be
        read at a start: damaged then, what is left of it would cover newer pages with older ones. So a
        commit follows at once. The file keeps its size: growing again would cost every commit.
        """
        if self._commits < COMMITS_A_LOG:
            return
        with contextlib.suppress(DatabaseError, KnownError):
            # On a disk that is full or failing this waits; it must not make a failure of what is committed.
            self._connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
            with self._transaction():
                self.parts.remember(LOGS, str(int(self.parts.note(LOGS) or 0) + 1))
        self._commits = 0

    def rest(self) -> None:
        """For when the desk has time, and before it locks: everything to its place."""
        with contextlib.suppress(DatabaseError):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._commits = 0
        self.parts.witness.sync()
        self.parts.ballast.lay()

    @property
    def disk(self) -> Disk:
        """Whether the disk takes what is written. Cheap, and may be asked from any thread."""
        return self.parts.ballast.disk

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self.parts.transaction():
            yield
        self._commits += 1

    @translating()
    def rebuild(self) -> None:
        """Throw the views away and make them again from the log."""
        with self._transaction():
            self._views.rebuild()

    # -- the roster ------------------------------------------------------------------------------------

    @property
    def head(self) -> tuple[int, bytes]:
        """Number and hash of this device's newest event."""
        return self._head.seq, self._head.hash

    @translating()
    def find_source(self, source: Source) -> RosterRow | None:
        """The household once received from this pass or card, whatever its standing."""
        return self._views.find_source(source)

    @translating()
    def get(self, household: HouseholdId) -> RosterRow | None:
        """One household."""
        return self._views.get(household)

    @translating()
    def card(self, household: HouseholdId) -> Card | None:
        """One household's card, worked out from the log."""
        return self._views.card(household)

    @translating()
    def find_token(self, token: bytes) -> tuple[RosterRow, PersonId] | None:
        """Whose return token this is, by its keyed hash."""
        return self._views.find_token(token)

    @translating()
    def author(self, device: DeviceId, seq: int) -> str:
        """Who did what an event says; empty where it does not say, or can not be opened."""
        return self._log.author(device, seq)

    def shelter(self) -> Shelter | None:
        """The shelter's state as last said; None before anybody said."""
        said = [entry for entry in self._log.of_kind(Shelter) if isinstance(entry.act, Shelter)]
        latest = max(said, key=lambda entry: entry.order, default=None)
        return latest.act if latest is not None and isinstance(latest.act, Shelter) else None

    @translating()
    def notes(self) -> list[tuple[int, PersonalPart]]:
        """Every note of this device with its time, in order: among them who looked at what, and why."""
        return [(entry.at, self._log.open_part(entry)) for entry in self._log.of_kind(Note)]

    @translating()
    def roster(self, text: str = "", limit: int = 50, *, secret: bool = False) -> list[RosterRow]:
        """Households found by `text` (kana, name, number), newest first; under secrecy only if `secret`."""
        if text and not self._views.is_indexed(self.device, self._head.seq):
            # A disk that is full must not keep anybody from being found who was indexed before.
            with contextlib.suppress(KnownError), self._transaction():
                self._views.index_names()
        return self._views.roster(text, limit, secret=secret)

    @translating()
    def counts(self) -> Counts:
        """This shelter's figures now."""
        return self._views.counts()

    @translating()
    def by_method(self) -> dict[str, int]:
        """Households ever received and not taken back, by method, zeros kept."""
        return self._views.by_method()

    @translating()
    def intakes(self) -> list[IntakeRow]:
        """Every timed reception that stands, in order of the log."""
        return self._log.intakes(self._head)

    def next_number(self) -> str:
        """The next reception number, like A-012."""
        return f"{self._desk}-{self._last_number + 1:03}"

    @translating()
    def households(self) -> list[HouseholdId]:
        """Every household received and not taken back."""
        return self._views.households()

    # -- the back door ---------------------------------------------------------------------------------

    @translating()
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
            self._views.counts(own=True).to_dict(),
            self._views.by_method(own=True),
        )
        counts = wire.encode_counts(report, self._identity.sign)
        names = self._written(lambda: self._lay(counts))
        self._keep_short()
        self.parts.witness.sync()
        self.parts.ballast.lay()
        return len(names)

    def _lay(self, counts: bytes) -> list[SegmentName]:
        outbox.write_counts(self.parts.outbox, counts)
        with self._transaction():
            names = self._segments.cut()
            self._views.index_names()
        for name in names:
            self._segments.lay(name)
        return names

    @translating()
    def lay_missing(self) -> None:
        """Lay again every segment whose file is not in the outbox."""
        self._segments.lay_missing()

    @translating()
    def segment(self, first: int, last: int) -> bytes:
        """The bytes of one segment of this device."""
        return self._segments.segment(SegmentName(self.device, first, last))

    # -- looking after itself --------------------------------------------------------------------------

    def problems(self, *, deep: bool = False) -> list[str]:
        """Everything that is not as it must be, in words without personal data; see `inspection`."""
        return [finding.says for finding in inspection.inspect(self.parts, deep=deep)]

    def close(self) -> None:
        """Put the write-ahead log into the database and close."""
        self.parts.witness.close()
        try:
            with translating():
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            self._connection.close()


def _microseconds(seconds: float) -> int:
    return max(0, round(seconds * 1e6))
