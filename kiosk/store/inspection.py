"""Is everything that was acknowledged still here, and unchanged? What `kiosk check` looks at.

Quick: every device's chain, the newest head signatures, the views against the log, the database's own
structure, and what the witness and HQ say of our head. Deep, besides: every seal and every signature, the
outbox byte for byte, every page's authentication code, both copies of the key slots, the opening sheet.
It finds and says; it changes nothing. Words only, no personal data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from kiosk.core import cbor, events
from kiosk.core.events import Event
from kiosk.core.ids import DeviceId
from kiosk.errors import KioskError, KnownError, Malformed
from kiosk.store import opened_as, slots, witness
from kiosk.store.cipher import Connection, DatabaseError
from kiosk.store.parts import LOST, Parts
from sync import outbox, wire

_VIEWED = ("household", "token", "indexed", "search_through")
_COVERED = (*_VIEWED, "search")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be; `code` is stable, `says` is for people."""

    code: str
    says: str


def inspect(parts: Parts, *, deep: bool = False) -> list[Finding]:
    """Everything that is not as it must be; empty when all is well."""
    found: list[Finding] = []
    for look in (*_QUICK, *(_DEEP if deep else ())):
        try:
            found += look(parts)
        except (DatabaseError, KioskError) as error:
            code = error.code if isinstance(error, KnownError) else type(error).__name__
            found.append(
                Finding("unreadable", f"the store can not be read ({look.__name__.strip('_')}: {code})")
            )
    return found


# -- quick -----------------------------------------------------------------------------------------------


def _chains(parts: Parts) -> Iterator[Finding]:
    for device in parts.log.devices():
        yield from chain(parts, device)


def chain(parts: Parts, device: DeviceId, after: int = 0) -> Iterator[Finding]:
    """Whether each event past `after` follows the one before, and whether the newest is signed."""
    name = _called(parts, device)
    rows = parts.connection.execute(
        "SELECT seq, at, kind, public, sealed, sealed_hash, hash, signature FROM event"
        " WHERE device = ? AND seq > ? ORDER BY seq",
        (device, after),
    )
    expected, previous = after + 1, parts.log.hash_at(device, after)
    signature: bytes | None = None
    for seq, at, kind, public, sealed, sealed_hash, digest, signed in rows:
        header = events.header(device, seq, at, kind, public)
        previous = events.chained(previous, header, sealed_hash)
        if seq != expected or previous != digest:
            yield Finding("chain_broken", f"{name}event {seq}: the chain is broken")
            return
        if sealed is not None and sha256(sealed).digest() != sealed_hash:
            yield Finding("sealed_part_changed", f"{name}event {seq}: the sealed part was changed")
        expected, signature = seq + 1, signed
    if expected > after + 1 and not _is_signed(parts, device, expected - 1, previous, signature):
        yield Finding("head_not_signed", f"{name}event {expected - 1}: the signature does not fit")


def _is_signed(parts: Parts, device: DeviceId, seq: int, digest: bytes, signature: bytes | None) -> bool:
    key = parts.log.sign_key(device)
    return (
        key is not None
        and signature is not None
        and events.head_is_signed(key, device, seq, digest, signature)
    )


def _called(parts: Parts, device: DeviceId) -> str:
    """Nothing for this device's own log, which is nearly always meant."""
    return "" if device == parts.log.device else f"device {device.hex()[:8]}: "


def _lost(parts: Parts) -> Iterator[Finding]:
    for device, upto in parts.notes(LOST).items():
        here = parts.log.newest(DeviceId(bytes.fromhex(device))).seq
        if here < int(upto):
            yield Finding(
                "log_cut", f"device {device[:8]}: {int(upto) - here} events after event {here} are lost"
            )


def _heads(parts: Parts) -> Iterator[Finding]:
    for seq, digest, who in witnessed(parts):
        newest = parts.log.newest()
        if seq > newest.seq:
            yield Finding("log_cut", f"the log ends at event {newest.seq}, {who} knows of event {seq}")
        elif digest and parts.log.hash_at(parts.log.device, seq) != digest:
            yield Finding("other_branch", f"event {seq} is not the one that {who} knows")


def witnessed(parts: Parts) -> Iterator[tuple[int, bytes, str]]:
    """What others know of this device's head: number, hash if they know it, and who."""
    device = parts.log.device
    for head in witness.read(parts.data / witness.NAME):
        if head.device == device:
            yield head.seq, head.hash, "the witness"
    acknowledged = outbox.read_heads(parts.outbox).get(device)
    if acknowledged is not None and acknowledged[0] > 0:
        yield *acknowledged, "HQ"
    for name in outbox.segments(parts.outbox, device)[-1:]:
        yield name.last, b"", "the outbox"


def structure(parts: Parts) -> Iterator[Finding]:
    """What SQLite says of its own structure."""
    for (line,) in parts.connection.execute("PRAGMA quick_check"):
        if line != "ok":
            yield Finding("database_damaged", f"database: {line}")


def _views(parts: Parts) -> Iterator[Finding]:
    if not views_follow(parts):
        yield Finding("views_differ", "the views differ from the log")
    if not parts.views.is_index_whole():
        yield Finding("views_differ", "the index of names differs from what was filed")


def views_follow(parts: Parts) -> bool:
    """Whether the log would make the views that stand here.

    They are made once more in memory, beside those that stand: a temporary table covers the one of the
    same name. So a full disk can be checked as well.
    """
    connection = parts.connection
    names = [name for name in _COVERED if _schema(connection, name)]
    indexed = parts.views.is_indexed(parts.log.device, parts.log.newest().seq)
    connection.execute("BEGIN")
    try:
        for name in names:
            for statement in _schema(connection, name):
                connection.execute(_temporary(statement))
        parts.views.rebuild()
        # Names are indexed after a reception; what is not indexed yet is no difference.
        late = () if indexed else ("indexed", "search_through")
        return all(_same(connection, name) for name in _VIEWED if name not in late)
    finally:
        connection.execute("ROLLBACK")  # the temporary tables go with it


def _schema(connection: Connection, table: str) -> list[str]:
    rows = connection.execute(
        "SELECT sql FROM main.sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC",
        (table,),
    )
    return [str(sql) for (sql,) in rows]


def _temporary(statement: str) -> str:
    made = statement.replace("CREATE TABLE ", "CREATE TABLE temp.", 1)
    made = made.replace("CREATE VIRTUAL TABLE ", "CREATE VIRTUAL TABLE temp.", 1)
    return made.replace("CREATE INDEX ", "CREATE INDEX temp.", 1)


def _same(connection: Connection, table: str) -> bool:
    columns = [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")]
    # The place depends on who came first where two times are equal.
    listed = ", ".join(column for column in columns if column != "place")
    for one, other in (("main", "temp"), ("temp", "main")):
        row = connection.execute(
            f"SELECT EXISTS (SELECT {listed} FROM {one}.{table}"  # noqa: S608 - names from our own schema
            f" EXCEPT SELECT {listed} FROM {other}.{table})"
        ).fetchone()
        if row[0]:
            return False
    return True


# -- deep ------------------------------------------------------------------------------------------------


def _seals(parts: Parts) -> Iterator[Finding]:
    for device in parts.log.devices():
        name, previous, key = _called(parts, device), events.GENESIS, parts.log.sign_key(device)
        rows = parts.connection.execute(
            "SELECT seq, at, kind, public, sealed, sealed_hash, hash, signature FROM event"
            " WHERE device = ? ORDER BY seq",
            (device,),
        )
        for seq, at, kind, public, sealed, sealed_hash, digest, signature in rows:
            try:
                event = Event(
                    device, seq, at, kind, cbor.loads(public, limit=events.MAX_HEADER), sealed, sealed_hash
                )
                events.check(event)
                parts.log.unsealed(event, previous)
            except Malformed as error:
                yield Finding("event_damaged", f"{name}event {seq}: {error.code}")
            fits = key and signature and events.head_is_signed(key, device, seq, digest, signature)
            if signature is not None and not fits:
                yield Finding("not_signed", f"{name}event {seq}: the signature does not fit")
            previous = digest


def _segments(parts: Parts) -> Iterator[Finding]:
    known = set(parts.segments.remembered())
    for name in sorted(known):
        data = outbox.read_segment(parts.outbox, name)
        if data is None:
            yield Finding("segment_missing", f"outbox: {name} is not there")
        elif data != parts.segments.segment(name):
            yield Finding("segment_damaged", f"outbox: {name} is not what the log says")
    for device in sorted(parts.log.held):
        for name in outbox.segments(parts.outbox, device):
            if name not in known:
                yield Finding("segment_unknown", f"outbox: {name} was not laid from this log")


def _first_words(parts: Parts) -> Iterator[Finding]:
    """What HQ is told first must be this device's, or it would be refused for ever."""
    data = outbox.read_registration(parts.outbox)
    try:
        registration, message, signature = wire.decode_registration(data or b"")
        fits = registration.segment.device == parts.log.device and wire.is_signed(
            parts.identity.sign_public, message, signature
        )
    except Malformed:
        fits = False
    if not fits:
        yield Finding("registration_damaged", "outbox: the registration is not this device's")


def _pages(parts: Parts) -> Iterator[Finding]:
    # What lies in the write-ahead log would be called damaged: first into the database with it.
    busy, *_ = parts.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        yield Finding("unreadable", "the write-ahead log can not be put into the database")
        return
    lines = [row[0] for row in parts.connection.execute("PRAGMA cipher_integrity_check")]
    lines += [row[0] for row in parts.connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
    for line in lines:
        yield Finding("database_damaged", f"database: {line}")


def _slots(parts: Parts) -> Iterator[Finding]:
    copies: dict[str, Any] = {}
    for name in slots.NAMES:
        try:
            copies[name] = (parts.data / name).read_bytes()
        except OSError:
            yield Finding("slots_damaged", f"{name} can not be read")
    if len(set(copies.values())) > 1:
        yield Finding("slots_damaged", "the two copies of the key slots differ")
    slots.load(parts.data)


def _witness(parts: Parts) -> Iterator[Finding]:
    if witness.damaged_places(parts.data / witness.NAME):
        yield Finding("witness_damaged", "the head witness is damaged")


def _sheet(parts: Parts) -> Iterator[Finding]:
    if opened_as.damaged(parts):
        yield Finding("sheet_damaged", "a copy of the opening sheet or of the desk's letter was changed")


_Look = Callable[[Parts], Iterator[Finding]]
_QUICK: tuple[_Look, ...] = (_chains, _lost, _heads, structure, _views)
_DEEP: tuple[_Look, ...] = (_seals, _segments, _first_words, _pages, _slots, _witness, _sheet)
