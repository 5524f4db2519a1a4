"""Going on under a new device id: after a restore, or when the log is known to have lost its end.

Numbers that were given once must never be given again: whoever has the lost events, HQ or another desk,
would see two different events under one number. So the laptop becomes a new device. Its log so far stays,
as the log of a device of the past whose seals still open here; its reception numbers get a label of their
own, so that none is handed out twice.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.core.acts import Key, Kind
from kiosk.core.clock import HybridClock, WallClock
from kiosk.core.ids import DeviceId, Randomness
from kiosk.core.sealing import SealingKey
from kiosk.core.sheet import OpeningSheet
from kiosk.store.cipher import Connection, Database
from kiosk.store.identity import Identity
from kiosk.store.log import Head
from kiosk.store.parts import Parts
from sync import outbox, wire
from sync.outbox import SegmentName

GENERATION = "generation"
"""Note in the store: the how many-th device this laptop is, from the second on."""
_HELD, _FORMER = "held/", "former/"


def read_secrets(connection: Connection) -> tuple[Identity, dict[DeviceId, SealingKey]]:
    """The device's keys, and the sealing keys of the devices it was before."""
    secrets = dict(connection.execute("SELECT name, value FROM secret").fetchall())
    held = {
        DeviceId(bytes.fromhex(name.removeprefix(_HELD))): SealingKey(value)
        for name, value in secrets.items()
        if name.startswith(_HELD)
    }
    return Identity.from_secrets(secrets), held


def succeed(
    database: Database,
    before: Parts,
    sheet: OpeningSheet,
    transport: Ed25519PrivateKey,
    wall: WallClock,
    randomness: Randomness,
) -> Parts:
    """Become a new device, and write its first words. Belongs into the caller's transaction.

    What must be on the disk beside the database is laid by `lay_first_words`, now or at the next start.
    """
    connection, former = before.connection, before.identity
    # What others wrapped to this laptop must still open: the agreement key goes on.
    identity = Identity(
        Ed25519PrivateKey.from_private_bytes(randomness(32)), SealingKey(randomness(64)), former.agreement
    )
    _, held = read_secrets(connection)
    held[former.device] = former.sealing
    kept = [
        *identity.to_secrets().items(),
        *((_HELD + device.hex(), key) for device, key in held.items()),
        *((_FORMER + device, words) for device, words in _former(connection)),
        # To make the former device known at HQ, if it never was. Its signing key is not kept.
        *((_FORMER + former.device.hex(), words) for words in _registration(before, sheet)),
    ]
    connection.execute("DELETE FROM secret")
    connection.executemany("INSERT INTO secret VALUES (?, ?)", kept)
    parts = Parts.of(database, before.data, identity, held)
    parts.remember(GENERATION, str(int(before.note(GENERATION) or 1) + 1))
    clock = HybridClock(wall, max(parts.log.newest_times().values(), default=0))
    public = identity.first_words(sheet, transport.public_key().public_bytes_raw())
    parts.log.append(Head(), clock.now(), Kind.DEVICE, public | {Key.BEFORE: bytes(former.device)}, b"", None)
    return parts


def label(parts: Parts, letter: str) -> str:
    """What stands before a desk's reception numbers: its letter, and which of its devices this is: A, A2."""
    generation = parts.note(GENERATION)
    return letter if generation is None else letter + generation


def lay_first_words(parts: Parts, sheet: OpeningSheet) -> None:
    """Lay the link and the registrations of this device and of those before it, if they do not lie there.

    Raises:
        KnownError: `disk_full`, `disk_unwritable`, `outbox_unreadable`.
    """
    folder, device = parts.outbox, parts.identity.device
    link = outbox.read_link(folder)
    if link is not None and link.device == device and outbox.read_registration(folder) is not None:
        return
    for former, words in _former(parts.connection):
        outbox.write_registration(folder, words, DeviceId(bytes.fromhex(former)))
    for words in _registration(parts, sheet):
        outbox.write_registration(folder, words)
    # Last: until the link names the new device, the next start does all of this again.
    outbox.write_link(folder, outbox.Link(sheet.hq_url, sheet.ca_pin, device))


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
    return [(name.removeprefix(_FORMER), bytes(value)) for name, value in rows.fetchall()]
