"""Making a damaged database anew from what is left: the outbox, the inbox, and whatever can still be read.

Every event lies a second time in a segment of the outbox, sealed and signed; the newest few only in the
database, where one damaged page does not spoil the others. The device's keys come from the database or from
their spare. What is put together is verified like anything else, the damaged files are moved aside, and the
next start compares the result with the witness and tells what could not be saved.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kiosk.core import cbor, events
from kiosk.core.clock import WallClock
from kiosk.core.events import Event
from kiosk.core.ids import DeviceId, Randomness
from kiosk.core.sheet import OpeningSheet
from kiosk.errors import KnownError, Malformed
from kiosk.files import put_in_place, sync_folder, written_down
from kiosk.store import erasure, inspection, spare, succession
from kiosk.store.cipher import Database, DatabaseError, StoreKey, connect, connect_newest, translating
from kiosk.store.parts import ANEW, DATABASE, WAL, Parts, aside
from kiosk.store.reopening import transport_key
from kiosk.store.schema import migrations
from kiosk.store.segments import household_of
from sync import outbox

MADE = DATABASE + ".salvaged"
_TABLES = ("secret", "meta")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What came of it."""

    events: int
    """In the new database, of all devices."""
    from_segments: int
    """Of those, from the outbox and the inbox."""
    new_device: bool
    """The laptop goes on as a new device, because what it was is not known for sure."""
    aside: Path
    """Where the damaged files are."""


class _Wreck:
    """The damaged database: each question on its own, since the cipher gives up after the first bad page."""

    def __init__(self, path: Path, keys: list[StoreKey]) -> None:
        self._path = path
        self._keys = keys
        self._database: Database | None = None

    def ask(self, question: Callable[[Database], Read]) -> Read | None:
        """An answer, or None when that part can not be read."""
        try:
            if self._database is None:
                self._database, _ = connect_newest(self._path, self._keys)
            return question(self._database)
        except (DatabaseError, MemoryError, KnownError):
            self.close()
            return None

    def close(self) -> None:
        if self._database is not None:
            with contextlib.suppress(DatabaseError):
                self._database.close()
            self._database = None


@translating()
def salvage(
    data: Path,
    keys: list[StoreKey],
    sheet: OpeningSheet,
    wall: WallClock,
    randomness: Randomness = os.urandom,
) -> Salvaged:
    """Make the database of a data folder anew; nobody may have it open. `keys`: the store's, newest last.

    Raises:
        KnownError: `keys_lost` when neither the database nor the spare tells the device's keys: only a
            backup helps then; `disk_full`, `disk_unwritable`.
    """
    for leftover in data.glob(MADE + "*"):
        leftover.unlink()
    wreck = _Wreck(data / DATABASE, keys)
    try:
        kept = {table: wreck.ask(_rows_of(table)) for table in _TABLES}
        secrets = dict(kept["secret"] or ()) or _spare(data, keys)
        if not secrets:
            raise KnownError(
                "keys_lost",
                "この パソコンの 鍵が こわれています。バックアップから もどしてください。",
                "neither the database nor the spare holds the device's keys: restore a backup",
            )
        # What only the database knew, its label of numbers among it, may be lost: then it is a new device.
        sure = bool(kept["secret"]) and kept["meta"] is not None
        made, segments = _make(data, keys[-1], secrets, dict(kept["meta"] or ()), wreck)
        try:
            if not sure:
                _succeed(made, sheet, wall, randomness)
            total = sum(made.log.newest(device).seq for device in made.log.devices())
            made.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            made.connection.close()
    finally:
        wreck.close()
    return Salvaged(total, segments, not sure, _swap(data, int(wall() * 1000)))


def _rows_of(table: str) -> Callable[[Database], list[tuple[str, bytes]]]:
    return lambda database: list(database.conn.execute(f"SELECT name, value FROM {table}").fetchall())  # noqa: S608 - a name of our own


def _spare(data: Path, keys: list[StoreKey]) -> dict[str, bytes] | None:
    """The device's keys from their spare, under whichever of the store's keys it was sealed."""
    found = (spare.read(data, key) for key in reversed(keys))
    return next((secrets for secrets in found if secrets), None)


def _make(
    data: Path, key: StoreKey, secrets: dict[str, bytes], notes: dict[str, object], wreck: _Wreck
) -> tuple[Parts, int]:
    database = connect(data / MADE, key)
    migrations.apply(database)
    connection = database.conn
    connection.executemany("INSERT INTO secret VALUES (?, ?)", list(secrets.items()))
    connection.executemany("INSERT INTO meta VALUES (?, ?)", list(notes.items()))
    identity, held = succession.read_secrets(connection)
    parts = Parts.of(database, data, identity, held)
    from_segments = 0
    with parts.transaction():
        for device in sorted({*parts.log.held, *(name.device for name in outbox.segments(parts.outbox))}):
            from_segments += _bring(parts, device, wreck)
        for device in parts.log.devices():
            erasure.again(parts, list(parts.log.events(device)))
        parts.segments.adopt()
        parts.views.rebuild()
    return parts, from_segments


def _bring(parts: Parts, device: DeviceId, wreck: _Wreck) -> int:
    """Every event of a device that can be had, in order; how many came from segments.

    What HQ gave back comes last: after another branch, what only the wreck has would never fit.
    """
    count = 0
    while True:
        before = parts.log.newest(device).seq
        count += len(parts.segments.take_back(device, parts.outbox).events)
        while (row := wreck.ask(_event_after(device, parts.log.newest(device).seq))) is not None:
            if not _put(parts, device, row):
                break
        if parts.log.newest(device).seq > before:
            continue
        came = len(parts.segments.take_back(device, outbox.inbox(parts.data)).events)
        if not came:
            return count
        count += came
        if device == parts.log.device:
            parts.remember(ANEW + device.hex(), "")


_Row = tuple[int, int, str, bytes, bytes | None, bytes, bytes, bytes | None]


def _event_after(device: DeviceId, seq: int) -> Callable[[Database], _Row | None]:
    def question(database: Database) -> _Row | None:
        row = database.conn.execute(
            "SELECT seq, at, kind, public, sealed, sealed_hash, hash, signature FROM event"
            " WHERE device = ? AND seq = ?",
            (device, seq + 1),
        ).fetchone()
        return None if row is None else tuple(row)

    return question


def _put(parts: Parts, device: DeviceId, row: _Row) -> bool:
    """Write an event that the wreck still had, if it follows; whether it did."""
    seq, at, kind, public, sealed, sealed_hash, digest, signature = row
    try:
        event = Event(device, seq, at, kind, cbor.loads(public, limit=events.MAX_HEADER), sealed, sealed_hash)
        events.check(event)
        previous = parts.log.hash_at(device, seq - 1)
        parts.log.unsealed(event, previous)
    except Malformed:
        return False
    if event.hash(previous) != digest:
        return False
    parts.log.put(event, digest, signature, household_of(event))
    return True


def _succeed(made: Parts, sheet: OpeningSheet, wall: WallClock, randomness: Randomness) -> None:
    known = max((seq for seq, _, _ in inspection.witnessed(made)), default=0)
    transport = transport_key(made.data, randomness)
    with made.transaction():
        succession.succeed(Database(made.connection), made, sheet, transport, known, wall, randomness)


def _swap(data: Path, now: int) -> Path:
    folder = aside(data, "damaged", now)
    with written_down():
        # The write-ahead log first: it belongs to the damaged file and must never meet the new one.
        for name in (WAL, DATABASE):
            if (data / name).exists():
                (data / name).replace(folder / name)
        sync_folder(folder)
    put_in_place(data / MADE, data / DATABASE)
    return folder
