"""Making a store from an opening sheet, and opening one that stands.

The key slots are written last: until they stand, nothing here counts as opened, and a try that was cut
off is thrown away by the next one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.core import sheet as sheets
from kiosk.core.acts import Kind
from kiosk.core.clock import MonotonicClock, WallClock
from kiosk.core.household import Mode
from kiosk.core.ids import Randomness
from kiosk.core.sheet import OpeningSheet
from kiosk.errors import KnownError
from kiosk.files import write_whole
from kiosk.store import slots
from kiosk.store.cipher import StoreKey, connect
from kiosk.store.identity import Identity
from kiosk.store.ledger import Ledger
from kiosk.store.parts import DATABASE, Parts
from kiosk.store.reopening import reopen
from kiosk.store.schema import migrations
from sync import outbox, wire

SHEET, DESK, TRANSPORT = "sheet.txt", "desk.txt", "transport.key"
MIN_PASSPHRASE = 6
PRACTICE_PASSPHRASE = "practice"  # noqa: S105 - opens invented people only
"""Of stores made for practice and tests only: they hold invented people."""
PRACTICE_NAME = "practice"
PRACTICE_COST = slots.Cost(memory_kib=64, passes=1)


@dataclass(frozen=True, slots=True)
class Staff:
    """Who opens the store."""

    name: str
    passphrase: str
    role: str = "supervisor"
    cost: slots.Cost = slots.STAFF_COST

    def __repr__(self) -> str:
        """Without the passphrase."""
        return f"Staff({self.name!r}, role={self.role!r})"


PRACTICE_STAFF = Staff(PRACTICE_NAME, PRACTICE_PASSPHRASE, cost=PRACTICE_COST)


def is_opened(data: Path) -> bool:
    """Whether this folder is a shelter's kiosk."""
    return any((data / name).exists() for name in slots.NAMES)


def is_practice(data: Path) -> bool:
    """Whether this folder is a practice store, which opens without a prompt."""
    return is_opened(data) and any(slot.name == PRACTICE_NAME for slot in slots.load(data).staff)


def open_shelter(
    data: Path,
    sheet_text: str,
    staff: Staff,
    randomness: Randomness = os.urandom,
    wall: WallClock = time.time,
    desk: str = "A",
) -> OpeningSheet:
    """Make this folder a shelter's kiosk, with no network.

    `desk` is the letter before its reception numbers: A at the first laptop of a shelter, B at the second.

    Raises:
        KnownError: `already_opened`, `weak_passphrase`, `disk_full`; Malformed for a bad sheet.
    """
    sheet = sheets.read(sheet_text)
    if is_opened(data):
        raise KnownError(
            "already_opened",
            "このパソコンは もう 避難所の受付に なっています。",
            "this folder is already a kiosk",
        )
    if len(staff.passphrase) < MIN_PASSPHRASE:
        raise KnownError(
            "weak_passphrase",
            f"パスワードは {MIN_PASSPHRASE}文字 以上に してください。",
            f"the passphrase must have at least {MIN_PASSPHRASE} characters",
        )
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    for leftover in data.glob(DATABASE + "*"):
        leftover.unlink()
    key = StoreKey(randomness(32), randomness(16))
    identity = Identity.make(randomness)
    transport = Ed25519PrivateKey.from_private_bytes(randomness(32))
    database = connect(data / DATABASE, key)
    migrations.apply(database)
    database.conn.executemany("INSERT INTO secret VALUES (?, ?)", list(identity.to_secrets().items()))
    ledger = Ledger(Parts.of(database, data, identity), sheet.mode, wall)
    ledger.append_plain(Kind.DEVICE, identity.first_words(sheet, transport.public_key().public_bytes_raw()))
    ledger.publish()
    write_whole(data / TRANSPORT, transport.private_bytes_raw())
    write_whole(data / SHEET, sheet_text.encode())
    write_whole(data / DESK, desk.encode())
    first = ledger.segment(1, 1)
    outbox.write_registration(
        outbox.folder(data), wire.encode_registration(sheet.token, first, identity.sign)
    )
    outbox.write_link(outbox.folder(data), outbox.Link(sheet.hq_url, sheet.ca_pin, identity.device))
    ledger.close()
    store = randomness(16)
    slots.save(
        data,
        slots.KeySlots(
            store,
            (slots.staff_slot(store, staff.name, staff.role, staff.passphrase, key, randomness, staff.cost),),
            slots.recovery_slot(sheet.records_key, key),
        ),
    )
    return sheet


def read_sheet(data: Path) -> OpeningSheet:
    """The sheet this kiosk was opened with; needs no key.

    Raises:
        KnownError: `not_opened`.
    """
    slots.load(data)
    return sheets.read((data / SHEET).read_text())


def read_desk(data: Path) -> str:
    """The letter before this laptop's reception numbers; needs no key."""
    try:
        letter = (data / DESK).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return "A"  # a lost letter stops nobody: numbers are for people, ids are what counts
    return letter[:1] if letter[:1].isalpha() else "A"


@dataclass(frozen=True, slots=True)
class OpenStore:
    """An unlocked store: who opened it, and its ledger."""

    ledger: Ledger
    sheet: OpeningSheet
    staff: str
    role: str


def unlock(
    data: Path,
    passphrase: str,
    wall: WallClock = time.time,
    monotonic: MonotonicClock = time.monotonic,
) -> OpenStore:
    """Open a store with a staff passphrase. Use the ledger on this thread only.

    Raises:
        KnownError: `not_opened`, `wrong_passphrase`, `store_in_use`, `store_damaged`, `disk_full`.
    """
    sheet = read_sheet(data)
    key, slot = slots.unlock(slots.load(data), passphrase)
    return OpenStore(_open_ledger(data, key, sheet, wall, monotonic), sheet, slot.name, slot.role)


def _open_ledger(
    data: Path, key: StoreKey, sheet: OpeningSheet, wall: WallClock, monotonic: MonotonicClock
) -> Ledger:
    database = connect(data / DATABASE, key)
    try:
        return reopen(database, data, sheet, read_desk(data), wall, monotonic, os.urandom)
    except BaseException:
        database.close()
        raise


@contextmanager
def unlocked(data: Path, passphrase: str) -> Iterator[OpenStore]:
    """`unlock`, closed again at the end."""
    store = unlock(data, passphrase)
    try:
        yield store
    finally:
        store.ledger.close()


def practice_sheet(randomness: Randomness = os.urandom, mode: Mode = Mode.DRILL) -> str:
    """The text of a sheet of no municipality, for stores that hold invented people only."""
    root = Ed25519PrivateKey.from_private_bytes(randomness(32))
    records = X25519PrivateKey.from_private_bytes(randomness(32))
    return sheets.write(
        OpeningSheet(
            series=randomness(8),
            mode=mode,
            municipality="000000",
            shelter="practice",
            name="練習用避難所",
            hq_url="",
            ca_pin=b"",
            root_key=root.public_key().public_bytes_raw(),
            records_key=records.public_key().public_bytes_raw(),
            transfer_key=randomness(32),
            token=randomness(16),
        ),
        root,
    )
