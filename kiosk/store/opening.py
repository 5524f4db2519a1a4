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

from kiosk.core import key_slots
from kiosk.core import sheet as sheets
from kiosk.core import staff as staff_rules
from kiosk.core.access import Access, Actor, Role
from kiosk.core.acts import Kind
from kiosk.core.clock import MonotonicClock, WallClock
from kiosk.core.household import Mode
from kiosk.core.ids import Randomness
from kiosk.core.sheet import OpeningSheet
from kiosk.errors import KnownError
from kiosk.files import write_whole
from kiosk.store import device, opened_as, slots, spare
from kiosk.store.cipher import StoreKey, connect, translating
from kiosk.store.entrance import Proven, prove
from kiosk.store.gate import Gate
from kiosk.store.identity import Identity
from kiosk.store.ledger import Ledger
from kiosk.store.parts import DATABASE, Parts
from kiosk.store.reopening import reopen
from kiosk.store.schema import migrations
from kiosk.store.vault import Vault
from sync import outbox, wire

PRACTICE_PASSPHRASE = "practice"  # noqa: S105 - opens invented people only
"""Of stores made for practice and tests only: they hold invented people."""
PRACTICE_NAME = "practice"
PRACTICE_COST = key_slots.Cost(memory_kib=64, passes=1)


@dataclass(frozen=True, slots=True)
class Staff:
    """Who opens the store first: a supervisor."""

    name: str
    passphrase: str
    cost: key_slots.Cost = key_slots.STAFF_COST

    def __repr__(self) -> str:
        """Without the passphrase."""
        return f"Staff({self.name!r})"


PRACTICE_STAFF = Staff(PRACTICE_NAME, PRACTICE_PASSPHRASE, cost=PRACTICE_COST)


def is_opened(data: Path) -> bool:
    """Whether this folder is a shelter's kiosk."""
    return any((data / name).exists() for name in slots.NAMES)


def is_practice(data: Path) -> bool:
    """Whether this folder is a practice store, which opens without a prompt."""
    return is_opened(data) and any(slot.name == PRACTICE_NAME for slot in slots.load(data).staff)


@translating()
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
        KnownError: `already_opened`, `bad_staff_name`, `weak_passphrase`, `passphrase_needed`, `disk_full`;
            Malformed for a bad sheet.
    """
    sheet = sheets.read(sheet_text)
    if is_opened(data):
        raise KnownError(
            "already_opened",
            "このパソコンは もう 避難所の受付に なっています。",
            "this folder is already a kiosk",
        )
    store = randomness(key_slots.STORE_SIZE)
    slot = new_slot(store, staff.name, Role.SUPERVISOR, staff.passphrase, randomness, staff.cost)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    for leftover in data.glob(DATABASE + "*"):
        leftover.unlink()
    key = StoreKey(randomness(32), randomness(16))
    identity = Identity.make(randomness)
    transport = Ed25519PrivateKey.from_private_bytes(randomness(32))
    database = connect(data / DATABASE, key)
    migrations.apply(database)
    database.conn.executemany("INSERT INTO secret VALUES (?, ?)", list(identity.to_secrets().items()))
    parts = Parts.of(database, data, identity)
    opened_as.write(parts, sheet_text, desk)
    ledger = Ledger(parts, sheet.mode, wall)
    ledger.append_plain(Kind.DEVICE, identity.first_words(sheet, transport.public_key().public_bytes_raw()))
    ledger.publish()
    write_whole(data / outbox.TRANSPORT, transport.private_bytes_raw())
    first = ledger.segment(1, 1)
    outbox.write_registration(
        outbox.folder(data), wire.encode_registration(sheet.token, first, identity.sign)
    )
    outbox.write_link(outbox.folder(data), outbox.Link(sheet.hq_url, sheet.ca_pin, identity.device))
    ledger.close()
    slots.save(data, key_slots.KeySlots.write(store, 1, sheet.records_key, (slot,), (key.to_bytes(),)))
    return sheet


def read_sheet(data: Path) -> OpeningSheet:
    """The sheet this kiosk was opened with; needs no key.

    Raises:
        KnownError: `not_opened`, `sheet_unreadable`.
    """
    slots.load(data)
    return opened_as.read_sheet(data)


def new_slot(
    store: bytes,
    name: str,
    role: Role,
    secret: str,
    randomness: Randomness,
    cost: key_slots.Cost = key_slots.STAFF_COST,
    identity: bytes | None = None,
) -> key_slots.StaffSlot:
    """A way in for somebody, on this laptop only unless the secret stands alone.

    `identity` is the account's id where it had one before.

    Raises:
        KnownError: `bad_staff_name`, `weak_passphrase`, `weak_pin`, `passphrase_needed`, `disk_full`.
    """
    name = staff_rules.judge_name(name)
    # A practice store leaves nothing behind outside its folder: everybody knows its secret anyway.
    invented = name == PRACTICE_NAME and secret == PRACTICE_PASSPHRASE
    kind = staff_rules.SecretKind.PASSPHRASE if invented else staff_rules.judge(secret, role, name)
    if name == PRACTICE_NAME and not invented:
        raise KnownError(
            "bad_staff_name",
            f"「{PRACTICE_NAME}」は 練習用の 名前です。ほかの 名前に してください。",
            f"the name {PRACTICE_NAME} belongs to stores of invented people",
        )
    alone = invented or staff_rules.stands_alone(secret, kind)
    return key_slots.make_slot(
        store,
        Actor(identity or randomness(key_slots.STAFF_SIZE), name, role),
        kind,
        secret,
        None if alone else device.make(store, randomness),
        randomness,
        cost,
    )


@dataclass(frozen=True, slots=True)
class OpenStore:
    """An unlocked store: who opened it, what they may do, its ledger and its keys."""

    ledger: Ledger
    sheet: OpeningSheet
    actor: Actor
    vault: Vault

    @property
    def staff(self) -> str:
        """The name of who opened it."""
        return self.actor.name

    @property
    def access(self) -> Access:
        """What they may do."""
        return Access(self.actor)

    def close(self) -> None:
        """Put everything on the disk and close.

        Raises:
            KnownError: `disk_full`, `disk_unwritable`, `read_only`, `store_damaged`.
        """
        if self.vault.is_closed:
            self.ledger.parts.witness.close()
        else:
            self.ledger.close()


def unlock(
    data: Path,
    passphrase: str,
    wall: WallClock = time.time,
    monotonic: MonotonicClock = time.monotonic,
    *,
    name: str | None = None,
    gate: Gate | None = None,
) -> OpenStore:
    """Open a store with a staff member's passphrase or PIN. Use the ledger on this thread only.

    Without a `name` every slot is tried. What a crash left unfinished is finished.

    Raises:
        KnownError: `not_opened`, `wrong_passphrase`, `must_wait`, `other_laptop`, `no_such_staff`,
            `slots_altered`, `store_in_use`, `store_damaged`, `store_missing`, `sheet_unreadable`,
            `disk_full`.
    """
    return opened(data, prove(data, passphrase, name, gate), wall, monotonic)


def opened(
    data: Path,
    proven: Proven,
    wall: WallClock = time.time,
    monotonic: MonotonicClock = time.monotonic,
) -> OpenStore:
    """The store of somebody who proved who they are.

    Raises:
        KnownError: as `unlock`, from `store_in_use` on.
    """
    store = _opened(data, proven, wall, monotonic)
    try:
        store.vault.resume()
    except KnownError:
        # The change of the key could not be finished, and has closed the database: what it was, it is still.
        store.close()
        return _opened(data, proven, wall, monotonic)
    return store


def _opened(data: Path, proven: Proven, wall: WallClock, monotonic: MonotonicClock) -> OpenStore:
    return _store(Vault.opened(data / DATABASE, proven), proven.actor, wall, monotonic)


def _store(vault: Vault, actor: Actor, wall: WallClock, monotonic: MonotonicClock) -> OpenStore:
    try:
        ledger = reopen(vault.database, vault.data, wall, monotonic, os.urandom)
        spare.keep(vault.data, vault.key, vault.database.conn)
        return OpenStore(ledger, opened_as.sheet_of(ledger.parts), actor, vault)
    except BaseException:
        vault.database.close()
        raise


@contextmanager
def unlocked(data: Path, passphrase: str, name: str | None = None) -> Iterator[OpenStore]:
    """`unlock`, closed again at the end."""
    store = unlock(data, passphrase, name=name)
    try:
        yield store
    finally:
        store.close()


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
