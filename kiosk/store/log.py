"""The log in the database: events appended once, read back, opened, verified.

It knows events as bytes, hashes, signatures and seals. What they mean for a household is `views`; when a
transaction begins and ends is `ledger`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from kiosk.core import acts, cbor, events
from kiosk.core.acts import Key, Kind, PersonalPart, ReceivePublic, Void
from kiosk.core.events import Event
from kiosk.core.ids import DeviceId, HouseholdId
from kiosk.core.roll import Entry
from kiosk.core.sealing import seal, unseal
from kiosk.errors import BugError, Malformed
from kiosk.ports import IntakeRow
from kiosk.store.cipher import Connection
from kiosk.store.identity import Identity

_APPEND = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_EVENT = "SELECT seq, at, kind, public, sealed, sealed_hash FROM event WHERE device = ?"


@dataclass(frozen=True, slots=True)
class Head:
    """This device's newest event: its number, its hash, and how long its commit took if that is known."""

    seq: int = 0
    hash: bytes = events.GENESIS
    commit_us: int | None = None


class Log:
    """The events of one database. Every call that writes belongs into the caller's transaction."""

    def __init__(self, connection: Connection, identity: Identity) -> None:
        self._connection = connection
        self._identity = identity
        self.device = identity.device

    def newest(self) -> Head:
        """The head as it stands in the database."""
        row = self._connection.execute(
            "SELECT seq, hash FROM event WHERE device = ? ORDER BY seq DESC LIMIT 1", (self.device,)
        ).fetchone()
        return Head() if row is None else Head(row[0], bytes(row[1]))

    def newest_time(self) -> int:
        """The latest clock value of any device's newest event; 0 in an empty log."""
        rows = self._connection.execute(
            "SELECT max(seq), at FROM event GROUP BY device"  # SQLite: `at` of the row that holds the maximum
        ).fetchall()
        return max((at for _, at in rows), default=0)

    def append(
        self,
        before: Head,
        at: int,
        kind: Kind,
        public: Mapping[int, Any],
        plain: bytes,
        household: bytes | None,
    ) -> tuple[Event, bytes]:
        """Write this device's next event; returns it and its hash.

        Raises:
            Malformed: when no such event may be.
        """
        sealing = self._identity.sealing
        event = Event.write(
            self.device,
            before.seq + 1,
            at,
            kind,
            {int(key): value for key, value in public.items()},
            lambda header: seal(sealing, plain, [header, before.hash]),
        )
        events.check(event)
        digest = event.hash(before.hash)
        signature = events.sign_head(self._identity.sign, self.device, event.seq, digest)
        self._connection.execute(
            _APPEND,
            (
                self.device,
                event.seq,
                at,
                str(kind),
                event.packed_public,
                household,
                event.sealed,
                event.sealed_hash,
                digest,
                signature,
            ),
        )
        return event, digest

    # -- reading ---------------------------------------------------------------------------------------

    def devices(self) -> list[DeviceId]:
        """Every device that has events here."""
        return [DeviceId(row[0]) for row in self._connection.execute("SELECT DISTINCT device FROM event")]

    def events(self, device: DeviceId | None = None, after: int = 0) -> Iterator[Event]:
        """The events of one device (this one if not said) with numbers above `after`, in their order."""
        device = device or self.device
        rows = self._connection.execute(f"{_EVENT} AND seq > ? ORDER BY seq", (device, after))
        for seq, at, kind, public, sealed, sealed_hash in rows:
            yield Event(device, seq, at, kind, _public(public), sealed, sealed_hash)

    def of_kind(self, kind: type[acts.Act]) -> Iterator[Entry]:
        """Every entry of one kind of act; of the rare ones, which have an index."""
        rows = self._connection.execute(
            "SELECT at, device, seq, kind, public FROM event WHERE kind = ?", (str(acts.KINDS[kind]),)
        )
        for at, device, seq, name, public in rows:
            yield Entry(at, DeviceId(device), seq, acts.read_public(name, _public(public)))

    def open_part(self, entry: Entry) -> PersonalPart:
        """The personal part of an entry; empty where it was erased or is not ours to open."""
        plain = self.open(entry.device, entry.seq) if entry.device == self.device else b""
        return acts.read_personal(entry.act, plain)

    def entries(self, household: HouseholdId, but: Event | None = None) -> Iterator[Entry]:
        """What the fold needs of the events about one household, `but` one."""
        rows = self._connection.execute(
            "SELECT at, device, seq, kind, public FROM event WHERE household = ?", (household,)
        )
        for at, device, seq, kind, public in rows:
            if but is None or (device, seq) != (but.device, but.seq):
                yield Entry(at, DeviceId(device), seq, acts.read_public(kind, _public(public)))

    def public(self, device: DeviceId, seq: int) -> bytes:
        """The public part of one event, as bytes."""
        (public,) = self._one("SELECT public FROM event WHERE device = ? AND seq = ?", (device, seq))
        return bytes(public)

    def hash_at(self, device: DeviceId, seq: int) -> bytes:
        """The hash of one event; of number 0, the hash before the first."""
        if seq == 0:
            return events.GENESIS
        (digest,) = self._one("SELECT hash FROM event WHERE device = ? AND seq = ?", (device, seq))
        return bytes(digest)

    def signature(self, device: DeviceId, seq: int) -> bytes:
        """The head signature made when this event was the newest."""
        (signature,) = self._one("SELECT signature FROM event WHERE device = ? AND seq = ?", (device, seq))
        return bytes(signature)

    def open(self, device: DeviceId, seq: int) -> bytes:
        """The personal part of an event of this device; empty when it was erased."""
        (event,) = islice(self.events(device, seq - 1), 1)
        return unseal(
            self._identity.sealing, event.sealed or b"", [event.header, self.hash_at(device, seq - 1)]
        )

    def intakes(self, newest: Head) -> list[IntakeRow]:
        """Every timed reception of this device that stands, in order of the log.

        How long an event's commit took stands in the event after it.
        """
        found: dict[int, tuple[Event, ReceivePublic]] = {}
        commits: dict[int, int] = {newest.seq: newest.commit_us or 0}
        for event in self.events():
            if Key.COMMIT in event.public:
                commits[event.seq - 1] = event.public[Key.COMMIT]
            act = acts.read_public(event.kind, event.public)
            if isinstance(act, ReceivePublic) and act.timing is not None:
                found[event.seq] = event, act
            elif isinstance(act, Void) and act.target_device == self.device:
                found.pop(act.target_seq, None)
        return [
            IntakeRow(
                event.at,
                act.method,
                len(act.persons),
                act.timing,
                commits.get(seq, newest.commit_us or 0),
            )
            for seq, (event, act) in found.items()
            if act.timing is not None
        ]

    def _one(self, sql: str, parameters: tuple[object, ...]) -> tuple[Any, ...]:
        row = self._connection.execute(sql, parameters).fetchone()
        if row is None:
            raise BugError("an event that must be there is not")
        return tuple(row)

    # -- verifying -------------------------------------------------------------------------------------

    def problems(self) -> list[str]:
        """Whatever is not as it must be in this device's chain, signatures and seals; words only."""
        found: list[str] = []
        chain, expected = events.GENESIS, 1
        rows = self._connection.execute(
            "SELECT seq, hash, signature FROM event WHERE device = ? ORDER BY seq", (self.device,)
        ).fetchall()
        for event, (seq, digest, signature) in zip(self.events(), rows, strict=True):
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


def _public(packed: bytes) -> Mapping[int, Any]:
    public: Mapping[int, Any] = cbor.loads(packed, limit=events.MAX_HEADER)
    return public
