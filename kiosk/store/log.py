"""The log in the database: events appended once, read back, opened, verified.

It knows events as bytes, hashes, signatures and seals. What they mean for a household is `views`; when a
transaction begins and ends is `ledger`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from kiosk.core import acts, cbor, events
from kiosk.core.acts import EventId, Key, Kind, PersonalPart, ReceivePublic, Void, sign_key_in
from kiosk.core.events import Event
from kiosk.core.ids import DeviceId, HouseholdId
from kiosk.core.roll import Entry
from kiosk.core.sealing import SealingKey, seal, unseal
from kiosk.errors import BugError
from kiosk.ports import IntakeRow
from kiosk.store.cipher import Connection
from kiosk.store.identity import Identity
from kiosk.store.witness import SignedHead

_APPEND = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
# From one device to the next by the primary key; DISTINCT would read the whole log at every start.
_DEVICES = (
    "WITH RECURSIVE found (device) AS (SELECT min(device) FROM event UNION ALL"
    " SELECT (SELECT min(device) FROM event WHERE device > found.device) FROM found"
    " WHERE found.device IS NOT NULL) SELECT device FROM found WHERE device IS NOT NULL"
)
_EVENT = "SELECT seq, at, kind, public, sealed, sealed_hash FROM event WHERE device = ?"


@dataclass(frozen=True, slots=True)
class Head:
    """This device's newest event: its number, its hash, and how long its commit took if that is known."""

    seq: int = 0
    hash: bytes = events.GENESIS
    commit_us: int | None = None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as its row has it, not looked into yet, and the hash before it."""

    at: int
    device: DeviceId
    seq: int
    kind: str
    public: bytes
    sealed: bytes | None
    previous: bytes


class Log:
    """The events of one database. Every call that writes belongs into the caller's transaction."""

    def __init__(
        self,
        connection: Connection,
        identity: Identity,
        held: Mapping[DeviceId, SealingKey] | None = None,
    ) -> None:
        self._connection = connection
        self._identity = identity
        self.device = identity.device
        self._keys = {**(held or {}), identity.device: identity.sealing}

    @property
    def held(self) -> AbstractSet[DeviceId]:
        """The devices whose seals open here: this one, and those this laptop was before a restore."""
        return self._keys.keys()

    def newest(self, device: DeviceId | None = None) -> Head:
        """The head of one device (this one if not said) as it stands in the database."""
        row = self._connection.execute(
            "SELECT seq, hash FROM event WHERE device = ? ORDER BY seq DESC LIMIT 1", (device or self.device,)
        ).fetchone()
        return Head() if row is None else Head(row[0], bytes(row[1]))

    def newest_times(self) -> dict[DeviceId, int]:
        """The clock value of each device's newest event."""
        newest = "SELECT at FROM event WHERE device = ? ORDER BY seq DESC LIMIT 1"
        return {device: self._one(newest, (device,))[0] for device in self.devices()}

    def signed_head(self) -> SignedHead | None:
        """This device's head with its signature, to be kept elsewhere; None in an empty log."""
        row = self._connection.execute(
            "SELECT seq, hash, signature FROM event WHERE device = ? ORDER BY seq DESC LIMIT 1",
            (self.device,),
        ).fetchone()
        if row is None or row[2] is None:
            return None
        return SignedHead(self.device, row[0], bytes(row[1]), bytes(row[2]), self._identity.sign_public)

    def append(
        self,
        before: Head,
        at: int,
        kind: Kind,
        public: Mapping[int, Any],
        plain: bytes,
        household: bytes | None,
    ) -> tuple[Event, SignedHead]:
        """Write this device's next event; returns it and the head it makes.

        Raises:
            Malformed: when no such event may be.
        """
        event, head = self.compose(before, at, kind, public, plain)
        self.put(event, head.hash, head.signature, household)
        return event, head

    def compose(
        self, before: Head, at: int, kind: Kind, public: Mapping[int, Any], plain: bytes
    ) -> tuple[Event, SignedHead]:
        """This device's next event, sealed, and the head it makes, signed. Nothing is written yet.

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
        return event, SignedHead(self.device, event.seq, digest, signature, self._identity.sign_public)

    def put(self, event: Event, digest: bytes, signature: bytes | None, household: bytes | None) -> None:
        """Write an event as it is: one just made, or one that came in and was verified."""
        self._connection.execute(
            _APPEND,
            (
                event.device,
                event.seq,
                event.at,
                str(event.kind),
                event.packed_public,
                household,
                event.sealed,
                event.sealed_hash,
                digest,
                signature,
            ),
        )

    # -- reading ---------------------------------------------------------------------------------------

    def devices(self) -> list[DeviceId]:
        """Every device that has events here."""
        return [DeviceId(row[0]) for row in self._connection.execute(_DEVICES)]

    def events(
        self, device: DeviceId | None = None, after: int = 0, upto: int = events.LAST_SEQ
    ) -> Iterator[Event]:
        """The events of one device (this one if not said): after one number, up to another."""
        device = device or self.device
        rows = self._connection.execute(
            f"{_EVENT} AND seq > ? AND seq <= ? ORDER BY seq", (device, after, upto)
        )
        for seq, at, kind, public, sealed, sealed_hash in rows:
            yield Event(device, seq, at, kind, _public(public), sealed, sealed_hash)

    def of_kind(self, kind: type[acts.Act]) -> Iterator[Entry]:
        """Every entry of one kind of act; of the rare ones, which have an index."""
        rows = self._connection.execute(
            "SELECT at, device, seq, kind, public FROM event WHERE kind = ?", (str(acts.KINDS[kind]),)
        )
        for at, device, seq, name, public in rows:
            yield Entry(at, DeviceId(device), seq, acts.read_public(name, _public(public)))

    def author(self, device: DeviceId, seq: int) -> str:
        """Who did what an event says; empty where it does not say, or can not be opened."""
        event = next(self.events(device, seq - 1, seq), None)
        if event is None:
            return ""
        act = acts.read_public(event.kind, event.public)
        return self.open_part(Entry(event.at, event.device, seq, act)).staff

    def open_part(self, entry: Entry) -> PersonalPart:
        """The personal part of an entry; empty where it was erased or is not ours to open."""
        return acts.read_personal(entry.act, self.open(entry.device, entry.seq))

    def households(self) -> list[HouseholdId]:
        """Every household that an event is about."""
        rows = self._connection.execute(
            "SELECT DISTINCT household FROM event WHERE household IS NOT NULL ORDER BY household"
        )
        return [HouseholdId(household) for (household,) in rows.fetchall()]

    def entries(self, household: HouseholdId, but: Entry | None = None) -> Iterator[Entry]:
        """What the fold needs of the events about one household, `but` one."""
        rows = self._connection.execute(
            "SELECT at, device, seq, kind, public FROM event WHERE household = ?", (household,)
        )
        for at, device, seq, kind, public in rows:
            if but is None or (device, seq) != (but.device, but.seq):
                yield Entry(at, DeviceId(device), seq, acts.read_public(kind, _public(public)))

    def by_household(self) -> dict[HouseholdId, list[StoredEvent]]:
        """Every event about a household, in one pass through the log, by household.

        The log is read once, from its beginning: households lie scattered in it, and a page is decrypted
        each time it is asked for.
        """
        found: dict[HouseholdId, list[StoredEvent]] = {}
        for device in self.devices():
            previous = events.GENESIS
            rows = self._connection.execute(
                "SELECT at, seq, kind, public, sealed, household, hash FROM event"
                " WHERE device = ? ORDER BY seq",
                (device,),
            )
            for at, seq, kind, public, sealed, household, digest in rows:
                if household is not None:
                    stored = StoredEvent(at, device, seq, kind, public, sealed, previous)
                    found.setdefault(HouseholdId(household), []).append(stored)
                previous = digest
        return found

    def opened(self, stored: StoredEvent) -> tuple[Entry, PersonalPart]:
        """What a stored event says in public, and its personal part as for `open_part`."""
        act = acts.read_public(stored.kind, cbor.loads_own(stored.public))
        entry = Entry(stored.at, stored.device, stored.seq, act)
        key = self._keys.get(stored.device)
        plain = b""
        if key is not None and stored.sealed:
            header = events.header(stored.device, stored.seq, stored.at, stored.kind, stored.public)
            plain = unseal(key, stored.sealed, [header, stored.previous])
        return entry, acts.read_personal(act, plain)

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

    def signature(self, device: DeviceId, seq: int) -> bytes | None:
        """The head signature made when this event was the newest; None if it came inside a segment."""
        (signature,) = self._one("SELECT signature FROM event WHERE device = ? AND seq = ?", (device, seq))
        return None if signature is None else bytes(signature)

    def sign_key(self, device: DeviceId) -> bytes | None:
        """The public key a device signs with, from its first words; None if these are not here."""
        if device == self.device:
            return self._identity.sign_public
        first = next(self.events(device, upto=1), None)
        return None if first is None else sign_key_in(first)

    def open(self, device: DeviceId, seq: int) -> bytes:
        """The personal part of an event; empty when it was erased, or when its key is not held here."""
        if device not in self._keys:
            return b""
        (event,) = self.events(device, seq - 1, seq)
        return self.unsealed(event, self.hash_at(device, seq - 1))

    def unsealed(self, event: Event, previous: bytes) -> bytes:
        """The personal part of an event that follows `previous`; empty as for `open`.

        Raises:
            Malformed: when its seal does not open with the key that is held here.
        """
        key = self._keys.get(event.device)
        if key is None or not event.sealed:
            return b""
        return unseal(key, event.sealed, [event.header, previous])

    def intakes(self, newest: Head) -> list[IntakeRow]:
        """Every timed reception that stands, of this laptop and of what it was before, in order of the logs.

        How long an event's commit took stands in the event after it.
        """
        found: dict[EventId, tuple[Event, ReceivePublic]] = {}
        commits: dict[EventId, int] = {(self.device, newest.seq): newest.commit_us or 0}
        voided: set[EventId] = set()
        for device in sorted(self.held):
            for event in self.events(device):
                if Key.COMMIT in event.public:
                    commits[device, event.seq - 1] = event.public[Key.COMMIT]
                act = acts.read_public(event.kind, event.public)
                if isinstance(act, ReceivePublic) and act.timing is not None:
                    found[device, event.seq] = event, act
                elif isinstance(act, Void):
                    voided.add((bytes(act.target_device), act.target_seq))
        return [
            IntakeRow(
                event.at,
                act.method,
                len(act.persons),
                act.timing,
                commits.get(which, newest.commit_us or 0),
            )
            for which, (event, act) in found.items()
            if act.timing is not None and which not in voided
        ]

    def _one(self, sql: str, parameters: tuple[object, ...]) -> tuple[Any, ...]:
        row = self._connection.execute(sql, parameters).fetchone()
        if row is None:
            raise BugError("an event that must be there is not")
        return tuple(row)


def entry_of(event: Event) -> Entry:
    """What the fold needs of an event."""
    return Entry(event.at, event.device, event.seq, acts.read_public(event.kind, event.public))


def _public(packed: bytes) -> Mapping[int, Any]:
    public: Mapping[int, Any] = cbor.loads(packed, limit=events.MAX_HEADER)
    return public
