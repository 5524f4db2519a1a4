"""Giving a laptop back what it sent, when it has lost it: whole segments, as signed as they came.

Only the laptop itself is answered: the ask is signed with its transport key, whose public half stands in its
first words, and it may ask for its own events and for those of the devices it was before, of the same shelter
and mode. HQ makes the segments anew, each ending where one ended that the device signed; the laptop believes
no more of them than of a file it finds. What was erased here comes back as erased. It opens no sealed part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from kiosk.core import cbor
from kiosk.core.acts import Key
from kiosk.core.events import GENESIS, MAX_HEADER, Event
from kiosk.core.ids import DeviceId
from sync.hq import tables
from sync.hq.database import Database
from sync.hq.refusals import Refused, bad_signature, revoked, unknown_device
from sync.wire import MAX_EVENTS, MAX_SEGMENT, SEGMENT_TARGET, Ask, encode_batch, encode_segment, is_signed

ENOUGH = 64 * 1024
"""Bytes of one answer, or one segment that is larger: a slow link carries it in the time the laptop waits."""
_FRAME = 512
"""Bytes of a segment that are not events, at most."""

AnyRow = Row[*tuple[Any, ...]]
GivesBack = Callable[[Ask, bytes, bytes], bytes]
"""A batch (`sync.wire.encode_batch`) for an ask, its signed message and its signature."""


def giving_back(database: Database) -> GivesBack:
    """What HQ answers when a laptop asks for its events, over one database.

    Raises, when called:
        Refused: `unknown_device`, `revoked`, `bad_signature`, `not_yours`.
    """

    def give(ask: Ask, message: bytes, signature: bytes) -> bytes:
        with database.read() as connection:
            until = _until(connection, ask, message, signature)
            return encode_batch(_enough(_segments(connection, ask.device, ask.after, until)))

    return give


def _until(connection: Connection, ask: Ask, message: bytes, signature: bytes) -> int | None:
    """Up to when events came in that the asker may have, by HQ's clock; None for all.

    What comes of a former device after its successor is known, another laptop wrote: a copy.
    """
    asker = _device(connection, ask.asker)
    if asker is None:
        raise unknown_device()
    if asker.revoked_at is not None:
        raise revoked()
    key = _first_words(connection, ask.asker).get(Key.TRANSPORT_KEY)
    if not isinstance(key, bytes) or not is_signed(key, message, signature):
        raise bad_signature()
    was = _was(connection, asker)
    if ask.device not in was:
        raise Refused(
            "not_yours", "この 端末の 記録では ありません。", "these are not events of the laptop that asks"
        )
    return was[ask.device]


def _was(connection: Connection, asker: AnyRow) -> dict[DeviceId, int | None]:
    """The device itself and those it was before, as each one's signed first words say; until when each."""
    found: dict[DeviceId, int | None] = {}
    device: AnyRow | None = asker
    until: int | None = None
    while device is not None and (device.shelter, device.mode) == (asker.shelter, asker.mode):
        found[DeviceId(device.id)] = until
        before = _first_words(connection, DeviceId(device.id)).get(Key.BEFORE)
        if not isinstance(before, bytes) or before in found:
            break
        until = device.registered_at
        device = _device(connection, DeviceId(before))
    return found


def _device(connection: Connection, device: DeviceId) -> AnyRow | None:
    return connection.execute(select(tables.device).where(tables.device.c.id == device)).one_or_none()


def _first_words(connection: Connection, device: DeviceId) -> dict[int, Any]:
    event = tables.event
    public = connection.scalar(select(event.c.public).where(and_(event.c.device == device, event.c.seq == 1)))
    value = {} if public is None else cbor.loads(public, limit=MAX_HEADER)
    return value if isinstance(value, dict) else {}


def _enough(segments: Iterator[tuple[int, bytes]]) -> Iterator[bytes]:
    size = events = 0
    for count, data in segments:
        events += count
        if events > MAX_EVENTS:  # more than a batch may hold
            return
        yield data
        size += len(data)
        if size >= ENOUGH:
            return


def _segments(
    connection: Connection, device: DeviceId, after: int, until: int | None
) -> Iterator[tuple[int, bytes]]:
    """Segments of a device past event `after`, and how many events are in each; none where no signature is.

    Each is as long as a desk's own, whatever the pieces in which its events came.
    """
    previous = _hash_at(connection, device, after)
    while previous is not None:
        rows = _events(connection, device, after, until)
        signatures = _borders(connection, device, after)
        end, weight = 0, _FRAME
        for count, row in enumerate(rows, 1):
            weight += len(row.public) + len(row.sealed or row.sealed_hash) + len(row.kind) + 32
            if weight > (SEGMENT_TARGET if end else MAX_SEGMENT):
                break
            if row.seq in signatures:
                end = count
        if not end:
            return
        last = rows[end - 1]
        yield end, encode_segment([_event(row) for row in rows[:end]], previous, signatures[last.seq])
        after, previous = last.seq, last.hash


def _events(connection: Connection, device: DeviceId, after: int, until: int | None) -> list[AnyRow]:
    event = tables.event
    mine = and_(event.c.device == device, event.c.seq > after, event.c.seq <= after + MAX_EVENTS)
    rows = connection.execute(select(event).where(mine).order_by(event.c.seq))
    return list(takewhile(lambda row: until is None or row.received_at <= until, rows))


def _borders(connection: Connection, device: DeviceId, after: int) -> dict[int, bytes]:
    border = tables.border
    mine = and_(border.c.device == device, border.c.seq > after, border.c.seq <= after + MAX_EVENTS)
    return {row.seq: row.signature for row in connection.execute(select(border).where(mine))}


def _hash_at(connection: Connection, device: DeviceId, seq: int) -> bytes | None:
    if seq == 0:
        return GENESIS
    event = tables.event
    return connection.scalar(select(event.c.hash).where(and_(event.c.device == device, event.c.seq == seq)))


def _event(row: AnyRow) -> Event:
    public = cbor.loads(row.public, limit=MAX_HEADER)
    return Event(DeviceId(row.device), row.seq, row.at, row.kind, public, row.sealed, row.sealed_hash)
