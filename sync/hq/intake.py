"""Intake: what devices send is verified, kept once, and counted, in one transaction each.

The guarantees (docs/formats/sync.md): an answer says what is on the disk; receiving twice is harmless; a
gap is named, not filled; the same number with another hash is a fork, and both branches are kept; a kind
of event this version does not know is kept like any other. It knows wire values and tables, not HTTP,
and opens no sealed part.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, and_, delete, func, insert, select, tuple_, update

from kiosk.core import cbor
from kiosk.core.acts import Key, Kind, Merge, read_public, sign_key_in
from kiosk.core.clock import WallClock
from kiosk.core.counts import count_one
from kiosk.core.events import GENESIS, MAX_HEADER, Event
from kiosk.core.household import Mode
from kiosk.core.ids import HOUSEHOLD_SIZE, DeviceId, HouseholdId
from kiosk.core.roll import Entry, fold_merged
from kiosk.errors import Malformed
from sync.hq import tables
from sync.hq.database import Database, lock_households
from sync.hq.refusals import Refused, bad_signature, revoked, unknown_device
from sync.wire import Batch, CountsReport, Registration, Segment, is_signed

Head = tuple[int, bytes]
"""Number and hash of the last event HQ has of a device; (0, 32 zero bytes) before any."""

AnyRow = Row[*tuple[Any, ...]]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a segment was not taken as it is."""

    device: DeviceId
    first: int
    code: str
    """`unknown_device`, `revoked`, `bad_signature`, `gap` or `fork`."""
    send_from: int | None = None
    """With `gap`: the number HQ needs next."""
    parted: int | None = None
    """With `fork`: the first number under which HQ has another event, where it lies in this segment."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What HQ has now of each device in a batch, and what it could not take."""

    heads: Mapping[DeviceId, Head]
    troubles: Sequence[Trouble] = ()


@dataclass(frozen=True, slots=True)
class Registered:
    """A device HQ knows, from now on or from before."""

    device: DeviceId
    head: Head
    shelter: str
    mode: Mode


@dataclass(slots=True)
class _Device:
    """A device's row while its segments are taken."""

    id: DeviceId
    sign_key: bytes
    shelter: str
    mode: int
    seq: int
    hash: bytes
    revoked: bool
    forked: bool = False
    rows: list[dict[str, Any]] = field(default_factory=list)
    borders: dict[int, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, row: AnyRow) -> _Device:
        return cls(
            DeviceId(row.id),
            row.sign_key,
            row.shelter,
            row.mode,
            row.head_seq,
            row.head_hash,
            row.revoked_at is not None,
        )


class Intake:
    """The front door for devices."""

    def __init__(self, database: Database, clock: WallClock = time.time) -> None:
        self._database = database
        self._clock = clock

    def now(self) -> int:
        """Milliseconds since 1970 of HQ's clock."""
        return int(self._clock() * 1000)

    def heads(self, devices: Iterable[DeviceId]) -> dict[DeviceId, Head]:
        """HQ's heads of these devices; unknown ones are left out."""
        table = tables.device
        with self._database.read() as connection:
            rows = connection.execute(
                select(table.c.id, table.c.head_seq, table.c.head_hash).where(table.c.id.in_(list(devices)))
            )
            return {DeviceId(row.id): (row.head_seq, row.head_hash) for row in rows}

    def register(self, registration: Registration, message: bytes, signature: bytes) -> Registered:
        """Take a device in by the token of its opening sheet, with its first segment. Idempotent.

        Raises:
            Refused: `unknown_token`, `revoked`, `too_many_devices`, `not_a_registration` or
                `bad_signature`.
        """
        segment = registration.segment
        first = segment.events[0]
        key = sign_key_in(first)
        if segment.first != 1 or segment.previous != GENESIS or first.kind != Kind.DEVICE or key is None:
            raise Refused(
                "not_a_registration",
                "登録の 内容が 正しくありません。",
                "a registration begins with the device's own first event",
            )
        if not is_signed(key, message, signature) or not segment.is_signed_by(key):
            raise bad_signature()
        with self._database.write() as connection:
            device = _lock(connection, [segment.device]).get(segment.device)
            if device is None:
                device = self._admit(connection, registration, key)
            elif device.revoked:
                raise revoked()
            self._take(connection, device, segment)  # a fork is kept here and answered when it is pushed
            self._finish(connection, [device])
        return Registered(device.id, (device.seq, device.hash), device.shelter, Mode(device.mode))

    def _admit(self, connection: Connection, registration: Registration, key: bytes) -> _Device:
        """Write a new device down, if its sheet's series still has room."""
        series, device, segment = tables.series, tables.device, registration.segment
        found = connection.execute(
            select(series)
            .where(series.c.token_hash == sha256(registration.token).digest())
            .with_for_update()  # two laptops with the last place wait for each other
        ).one_or_none()
        if found is None or segment.events[0].public.get(Key.SERIES, found.id) != found.id:
            raise Refused(
                "unknown_token",
                "この 開設シートを 本部は 知りません。本部に 連絡してください。",
                "HQ does not know this opening sheet",
            )
        if found.revoked_at is not None:
            raise revoked()
        used = connection.scalar(select(func.count()).select_from(device).where(device.c.series == found.id))
        if used is None or used >= found.device_cap:
            raise Refused(
                "too_many_devices",
                "この 開設シートで 登録できる 台数を 超えました。本部に 連絡してください。",
                f"this opening sheet has registered its {found.device_cap} devices",
            )
        now = self.now()
        connection.execute(
            insert(device).values(
                id=segment.device,
                sign_key=key,
                series=found.id,
                shelter=found.shelter,
                mode=found.mode,
                registered_at=now,
                seen_at=now,
                head_seq=0,
                head_hash=GENESIS,
            )
        )
        self._succeed(connection, segment.events[0].public.get(Key.BEFORE), found)
        return _Device(segment.device, key, found.shelter, found.mode, 0, GENESIS, revoked=False)

    def _succeed(self, connection: Connection, before: object, series: AnyRow) -> None:
        """A restored laptop goes on as a new device: it counts for the one it was, and people are told.

        Its own report holds what the former device had reported. The former one's events stay and are counted
        as ever; should it report again, it is still alive somewhere, and both are shown.
        """
        if not isinstance(before, bytes):
            return
        device, report = tables.device, tables.report
        former = connection.scalar(
            select(device.c.id).where(
                device.c.id == before, device.c.shelter == series.shelter, device.c.mode == series.mode
            )
        )
        if former is not None:
            connection.execute(delete(report).where(report.c.device == former))
            connection.execute(update(device).where(device.c.id == former).values(forked_at=self.now()))

    def report(self, report: CountsReport, message: bytes, signature: bytes) -> Head:
        """Take a device's own counts; an older report never covers a newer one. Returns HQ's head.

        Raises:
            Refused: `unknown_device`, `revoked` or `bad_signature`.
        """
        table = tables.report
        with self._database.write() as connection:
            device = _lock(connection, [report.device]).get(report.device)
            if device is None:
                raise unknown_device()
            if device.revoked:
                raise revoked()
            if not is_signed(device.sign_key, message, signature):
                raise bad_signature()
            values = {
                "upto": report.upto,
                "at": report.at,
                "mode": report.mode,
                "incident": report.incident,
                "figures": json.dumps(dict(report.values), sort_keys=True),
                "by_method": json.dumps(dict(report.by_method), sort_keys=True),
                "received_at": self.now(),
            }
            before = connection.scalar(select(table.c.at).where(table.c.device == device.id))
            if before is None:
                connection.execute(insert(table).values(device=device.id, **values))
            elif before < report.at:
                connection.execute(update(table).where(table.c.device == device.id).values(**values))
            self._finish(connection, [device])
            return device.seq, device.hash

    def receive(self, batch: Batch) -> Taken:
        """Take whole segments. What is good in a batch is kept, whatever stands beside it."""
        troubles = []
        with self._database.write() as connection:
            devices = _lock(connection, {segment.device for segment in batch.segments})
            for segment in batch.segments:
                device = devices.get(segment.device)
                if device is None:
                    trouble: Trouble | None = Trouble(segment.device, segment.first, "unknown_device")
                else:
                    trouble = self._take(connection, device, segment)
                if trouble is not None:
                    troubles.append(trouble)
            self._finish(connection, devices.values())
        return Taken({key: (device.seq, device.hash) for key, device in devices.items()}, troubles)

    def _take(self, connection: Connection, device: _Device, segment: Segment) -> Trouble | None:
        """Verify one segment and put what is new on the device's pile."""

        def trouble(code: str, send_from: int | None = None) -> Trouble:
            return Trouble(segment.device, segment.first, code, send_from)

        if device.revoked:
            return trouble("revoked")
        if not segment.is_signed_by(device.sign_key):
            return trouble("bad_signature")
        if segment.first > device.seq + 1:
            return trouble("gap", device.seq + 1)
        if not self._agrees(connection, device, segment):
            self._keep_branch(connection, device, segment)
            device.forked = True
            parted = self._parted(connection, device, segment)
            return Trouble(segment.device, segment.first, "fork", parted=parted)
        for event, digest in zip(segment.events, segment.hashes(), strict=True):
            if event.seq > device.seq:
                device.rows.append(_row(event, digest, self.now()))
                device.seq, device.hash = event.seq, digest
        device.borders[segment.last] = segment.signature
        return None

    def _agrees(self, connection: Connection, device: _Device, segment: Segment) -> bool:
        """Whether a segment continues or repeats what HQ has: compared by hash, event by event.

        Because hashes chain, the last number both have decides for all before it.
        """
        shared = min(segment.last, device.seq)
        ours = self._hash_of(connection, device, shared)
        theirs = segment.hashes()[shared - segment.first] if shared >= segment.first else segment.previous
        return ours == theirs

    def _parted(self, connection: Connection, device: _Device, segment: Segment) -> int | None:
        """The number from which on a segment's events are others than HQ's; None if they parted before it."""
        if self._hash_of(connection, device, segment.first - 1) != segment.previous:
            return None
        return next(
            event.seq
            for event, digest in zip(segment.events, segment.hashes(), strict=True)
            if self._hash_of(connection, device, event.seq) != digest
        )

    def _hash_of(self, connection: Connection, device: _Device, seq: int) -> bytes | None:
        if seq == device.seq:
            return device.hash
        if seq == 0:
            return GENESIS
        waiting = next((row["hash"] for row in device.rows if row["seq"] == seq), None)
        if waiting is not None:
            return bytes(waiting)
        table = tables.event
        return connection.scalar(
            select(table.c.hash).where(and_(table.c.device == device.id, table.c.seq == seq))
        )

    def _keep_branch(self, connection: Connection, device: _Device, segment: Segment) -> None:
        """Keep the events of another branch beside the log; those that agree are in the log already."""
        table, previous = tables.branch, segment.previous
        for event, digest in zip(segment.events, segment.hashes(), strict=True):
            row = _row(event, digest, self.now())
            del row["household"]
            known = connection.execute(
                select(table.c.hash).where(
                    and_(table.c.device == device.id, table.c.seq == event.seq, table.c.hash == digest)
                )
            ).first()
            if known is None and self._hash_of(connection, device, event.seq) != digest:
                connection.execute(insert(table).values(previous=previous, **row))
            previous = digest

    def _finish(self, connection: Connection, devices: Iterable[_Device]) -> None:
        """Write the piles, the heads and the standings that follow, in this transaction."""
        touched: set[tuple[int, bytes]] = set()
        for device in devices:
            if device.revoked:
                continue
            if device.rows:
                connection.execute(insert(tables.event), device.rows)
                touched |= {(device.mode, row["household"]) for row in device.rows if row["household"]}
                device.rows = []
            _keep_borders(connection, device)
            now = self.now()
            changed = {"head_seq": device.seq, "head_hash": device.hash, "seen_at": now}
            if device.forked:
                changed["forked_at"] = now
            connection.execute(update(tables.device).where(tables.device.c.id == device.id).values(**changed))
        refold(connection, touched)


def _keep_borders(connection: Connection, device: _Device) -> None:
    """Keep the signatures that came, so that what they vouch for can be given back."""
    table = tables.border
    for part in _parts(sorted(device.borders)):
        here = select(table.c.seq).where(and_(table.c.device == device.id, table.c.seq.in_(part)))
        known = set(connection.scalars(here))
        new = [
            {"device": device.id, "seq": seq, "signature": device.borders[seq]}
            for seq in part
            if seq not in known
        ]
        if new:
            connection.execute(insert(table), new)
    device.borders = {}


def refold(connection: Connection, households: Iterable[tuple[int, bytes]]) -> None:
    """Write the standing of these (mode, household) pairs anew, from every event HQ has about them.

    Events whose own mode is not their device's are kept and never counted: drill and disaster do not mix
    because a device says so, but because its opening sheet did.
    """
    pairs = sorted(_with_partners(connection, set(households)))
    if not pairs:
        return
    lock_households(connection, (household for _, household in pairs))
    entries: dict[tuple[int, bytes], list[Entry]] = {pair: [] for pair in pairs}
    shelters: dict[bytes, str] = {}
    for row in _events_of(connection, [household for _, household in pairs]):
        entry = _entry(row)
        mine = entries.get((row.mode, row.household))
        if entry is not None and mine is not None:
            mine.append(entry)
            shelters[row.device] = row.shelter
    table = tables.standing
    rows = []
    for mode in sorted({mode for mode, _ in pairs}):
        of_mode = {HouseholdId(home): found for (one, home), found in entries.items() if one == mode}
        rows += [
            {
                "household": household,
                "mode": mode,
                "shelter": shelters[standing.device],
                "incident": standing.incident,
                "whereabouts": int(standing.whereabouts),
                "method": int(standing.method),
                "receptions": standing.receptions,
                "received_at": standing.received_at,
                "source_device": standing.source[0],
                "source_seq": standing.source[1],
                **count_one(standing).to_dict(),
            }
            for household, standing in fold_merged(of_mode).items()
        ]
    for part in _parts(pairs):
        connection.execute(table.delete().where(tuple_(table.c.mode, table.c.household).in_(part)))
    if rows:
        connection.execute(insert(table), rows)


def _with_partners(connection: Connection, pairs: set[tuple[int, bytes]]) -> set[tuple[int, bytes]]:
    """These households, and all that are merged with them, near or far."""
    event, device = tables.event, tables.device
    merges = connection.execute(
        select(event.c.household, event.c.public, device.c.mode)
        .join_from(event, device)
        .where(event.c.kind == Kind.MERGE.value)
    ).all()
    links = set()
    for row in merges:
        with suppress(Malformed):
            act = read_public(Kind.MERGE, cbor.loads(row.public, limit=MAX_HEADER))
            if isinstance(act, Merge):
                links.add(((row.mode, bytes(act.household)), (row.mode, bytes(act.into))))
    found, growing = pairs, bool(links)
    while growing:
        more = {one for link in links if found & set(link) for one in link} - found
        found, growing = found | more, bool(more)
    return found


def _events_of(connection: Connection, households: Sequence[bytes]) -> Iterator[AnyRow]:
    event, device = tables.event, tables.device
    for part in _parts(households):
        yield from connection.execute(
            select(
                event.c.device,
                event.c.seq,
                event.c.at,
                event.c.kind,
                event.c.public,
                event.c.household,
                device.c.mode,
                device.c.shelter,
            )
            .join_from(event, device)
            .where(event.c.household.in_(part))
        )


def _parts(items: Sequence[Item], size: int = 200) -> Iterator[Sequence[Item]]:
    """A few at a time: databases limit how many values a statement may carry."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _entry(row: AnyRow) -> Entry | None:
    try:
        act = read_public(row.kind, cbor.loads(row.public, limit=MAX_HEADER))
    except Malformed:
        return None
    if getattr(act, "mode", row.mode) != row.mode:
        return None
    return Entry(row.at, DeviceId(row.device), row.seq, act)


def _row(event: Event, digest: bytes, now: int) -> dict[str, Any]:
    household = event.public.get(Key.HOUSEHOLD)
    return {
        "device": event.device,
        "seq": event.seq,
        "at": event.at,
        "kind": event.kind,
        "public": cbor.dumps(dict(event.public)),
        "sealed": event.sealed,
        "sealed_hash": event.sealed_hash,
        "hash": digest,
        # Of any kind, known or not: a later version folds what this one only keeps.
        "household": household if isinstance(household, bytes) and len(household) == HOUSEHOLD_SIZE else None,
        "received_at": now,
    }


def _lock(connection: Connection, devices: Iterable[DeviceId]) -> dict[DeviceId, _Device]:
    """The rows of these devices, held until the transaction ends, always in the same order."""
    table = tables.device
    rows = connection.execute(
        select(table).where(table.c.id.in_(sorted(devices))).order_by(table.c.id).with_for_update()
    )
    return {DeviceId(row.id): _Device.of(row) for row in rows}
