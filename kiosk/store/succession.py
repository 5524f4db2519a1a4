"""Going on under a new device id: after a restore, or when the log is known to have lost its end.

Numbers that were given once must never be given again: whoever has the lost events, HQ or another desk,
would see two different events under one number. So the laptop becomes a new device. Its log so far stays,
as the log of a device of the past whose seals still open here; its reception numbers get a label of their
own, so that none is handed out twice.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.core.acts import Key, Kind
from kiosk.core.clock import HybridClock, WallClock
from kiosk.core.ids import DeviceId, Randomness
from kiosk.core.sealing import SealingKey
from kiosk.core.sheet import OpeningSheet
from kiosk.errors import KnownError
from kiosk.store.cipher import Connection, Database
from kiosk.store.identity import Identity
from kiosk.store.log import Head
from kiosk.store.parts import LABEL, LOST, Parts
from sync import outbox, wire
from sync.outbox import SegmentName

HELD, FORMER = "held/", "former/"
"""Secrets of the devices this laptop was: the key that opens their seals; how they register at HQ."""


def read_secrets(connection: Connection) -> tuple[Identity, dict[DeviceId, SealingKey]]:
    """The device's keys, and the sealing keys of the devices it was before."""
    secrets = dict(connection.execute("SELECT name, value FROM secret").fetchall())
    held = {
        DeviceId(bytes.fromhex(name.removeprefix(HELD))): SealingKey(value)
        for name, value in secrets.items()
        if name.startswith(HELD)
    }
    return Identity.from_secrets(secrets), held


def succeed(
    database: Database,
    before: Parts,
    sheet: OpeningSheet,
    transport: Ed25519PrivateKey,
    known: int,
    wall: WallClock,
    randomness: Randomness,
) -> Parts:
    """Become a new device, and write its first words. Belongs into the caller's transaction.

    `known` is the newest event of the former device that anybody knows of: what is missing is told from now
    on.
    What must be on the disk beside the database is laid by `lay_first_words`, now or at the next start.
    """
    connection, former = before.connection, before.identity
    if known > before.log.newest().seq:
        before.remember(LOST + former.device.hex(), str(known))
    # What others wrapped to this laptop must still open: the agreement key goes on.
    identity = Identity(
        Ed25519PrivateKey.from_private_bytes(randomness(32)), SealingKey(randomness(64)), former.agreement
    )
    _, held = read_secrets(connection)
    held[former.device] = former.sealing
    kept = dict(_former(connection)) | {
        # To make the former device known at HQ, if it never was. Its signing key is not kept.
        former.device.hex(): words
        for words in _registration(before, sheet)
    }
    secrets = (
        identity.to_secrets()
        | {HELD + device.hex(): key for device, key in held.items()}
        | {FORMER + device: words for device, words in kept.items()}
    )
    connection.execute("DELETE FROM secret")
    connection.executemany("INSERT INTO secret VALUES (?, ?)", list(secrets.items()))
    parts = Parts.of(database, before.data, identity, held)
    parts.remember(LABEL, _new_label(connection, identity.device))
    clock = HybridClock(wall, max(parts.log.newest_times().values(), default=0))
    public = identity.first_words(sheet, transport.public_key().public_bytes_raw())
    parts.log.append(Head(), clock.now(), Kind.DEVICE, public | {Key.BEFORE: bytes(former.device)}, b"", None)
    return parts


def label(parts: Parts, letter: str) -> str:
    """What stands before a desk's reception numbers: its letter, and two digits after a restore: A, A37."""
    return letter + (parts.note(LABEL) or "")


def _new_label(connection: Connection, device: DeviceId) -> str:
    """Two digits under which no number was given here.

    They come from the device's id: two laptops restored from one backup know nothing of each other.
    """
    start = int.from_bytes(device[:4], "big")
    labels = [str(10 + (start + step) % 90) for step in range(90)]
    taken = "SELECT EXISTS (SELECT 1 FROM household WHERE number LIKE ?)"
    free = (one for one in labels if not connection.execute(taken, (f"_{one}-%",)).fetchone()[0])
    return next(free, labels[0])


def lay_first_words(parts: Parts, sheet: OpeningSheet, *, anew: bool = False) -> None:
    """Lay the link and the registrations of this device and of those before it, unless they lie there.

    Raises:
        KnownError: `disk_full`, `disk_unwritable`, `outbox_unreadable`.
    """
    folder, device = parts.outbox, parts.identity.device
    wanted = outbox.Link(sheet.hq_url, sheet.ca_pin, device)
    if not anew and _link(folder) == wanted and outbox.read_registration(folder) is not None:
        return
    for former, words in _former(parts.connection):
        outbox.write_registration(folder, words, DeviceId(bytes.fromhex(former)))
    for words in _registration(parts, sheet):
        outbox.write_registration(folder, words)
    # Last: until the link names the new device, the next start does all of this again.
    outbox.write_link(folder, wanted)


def _link(folder: Path) -> outbox.Link | None:
    try:
        return outbox.read_link(folder)
    except KnownError:
        return None  # damaged: it says nothing that the store does not know


def _registration(parts: Parts, sheet: OpeningSheet) -> list[bytes]:
    """The registration of a store's present device; none when its own first words are lost."""
    device = parts.identity.device
    if parts.log.newest().seq == 0:
        return []
    first = SegmentName(device, 1, 1)
    if parts.log.signature(device, 1) is None:  # it came back inside a segment, which is signed at its end
        first = next(name for name in parts.segments.remembered() if (name.device, name.first) == (device, 1))
    return [wire.encode_registration(sheet.token, parts.segments.segment(first), parts.identity.sign)]


def _former(connection: Connection) -> list[tuple[str, bytes]]:
    rows = connection.execute("SELECT name, value FROM secret WHERE substr(name, 1, 7) = 'former/'")
    return [(name.removeprefix(FORMER), bytes(value)) for name, value in rows.fetchall()]
