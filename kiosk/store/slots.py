"""Key slots: the database's random key, wrapped once for each person who may open it.

A staff slot is AES-256-GCM under Argon2id of a passphrase; the recovery slot is HPKE to the
municipality's records key, so that only the holder of the master can open a laptop whose staff are
gone. The file is canonical CBOR, kept twice, and holds nothing that opens the store by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from kiosk.core import cbor, keys
from kiosk.core.ids import Randomness
from kiosk.errors import KnownError, Malformed
from kiosk.files import write_whole
from kiosk.store.cipher import StoreKey

FORMAT = 1
NAMES = ("keys.cbor", "keys.copy.cbor")
RECOVERY_PURPOSE = b"ESR1 store key"
LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id's cost. The default takes about 0.3 s on an office laptop."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1


STAFF_COST = Cost()


@dataclass(frozen=True, slots=True)
class StaffSlot:
    """One person's way in."""

    name: str
    role: str
    salt: bytes
    cost: Cost
    nonce: bytes
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class KeySlots:
    """All ways into one store."""

    store: bytes
    """The store's id, 16 bytes: bound into every slot, so that slots can not be swapped between stores."""
    staff: tuple[StaffSlot, ...]
    recovery: bytes
    """The store key, HPKE-wrapped to the records key."""


def staff_slot(
    store: bytes,
    name: str,
    role: str,
    passphrase: str,
    key: StoreKey,
    randomness: Randomness,
    cost: Cost = STAFF_COST,
) -> StaffSlot:
    """Wrap the store key for one person."""
    salt, nonce = randomness(16), randomness(12)
    secret = _stretch(passphrase, salt, cost, store, name)
    return StaffSlot(
        name,
        role,
        salt,
        cost,
        nonce,
        AESGCM(secret).encrypt(nonce, key.to_bytes(), _bound(store, name, role)),
    )


def recovery_slot(records_key: bytes, key: StoreKey) -> bytes:
    """Wrap the store key for the municipality's records officer."""
    return keys.wrap(records_key, key.to_bytes(), RECOVERY_PURPOSE)


def open_recovery(slots: KeySlots, records: X25519PrivateKey) -> StoreKey:
    """Open a store with the municipality's master at hand."""
    return StoreKey.from_bytes(keys.unwrap(records, slots.recovery, RECOVERY_PURPOSE))


def unlock(slots: KeySlots, passphrase: str, name: str | None = None) -> tuple[StoreKey, StaffSlot]:
    """Find the slot that this passphrase opens, trying only `name`'s when given.

    Raises:
        KnownError: `wrong_passphrase`.
    """
    for slot in slots.staff:
        if name is not None and slot.name != name:
            continue
        secret = _stretch(passphrase, slot.salt, slot.cost, slots.store, slot.name)
        try:
            plain = AESGCM(secret).decrypt(
                slot.nonce, slot.wrapped, _bound(slots.store, slot.name, slot.role)
            )
        except InvalidTag:
            continue
        return StoreKey.from_bytes(plain), slot
    raise KnownError("wrong_passphrase", "パスワードが ちがいます。", "the passphrase opens no key slot")


def _stretch(passphrase: str, salt: bytes, cost: Cost, store: bytes, name: str) -> bytes:
    return Argon2id(
        salt=salt,
        length=32,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
        ad=store + name.encode(),
    ).derive(passphrase.encode())


def _bound(store: bytes, name: str, role: str) -> bytes:
    return cbor.dumps([store, name, role])


def save(folder: Path, slots: KeySlots) -> None:
    """Write both copies, each whole or not at all."""
    data = cbor.dumps(
        [
            FORMAT,
            slots.store,
            [
                [s.name, s.role, s.salt, s.cost.memory_kib, s.cost.passes, s.cost.lanes, s.nonce, s.wrapped]
                for s in slots.staff
            ],
            slots.recovery,
        ]
    )
    for name in NAMES:
        write_whole(folder / name, data)


def load(folder: Path) -> KeySlots:
    """Read the slots from whichever copy is whole.

    Raises:
        KnownError: `not_opened` when there is no store here, `slots_damaged` when both copies are bad.
    """
    if not any((folder / name).exists() for name in NAMES):
        raise KnownError(
            "not_opened",
            "このパソコンは まだ 避難所の受付に なっていません。開設シートを 読ませてください。",
            "this folder is not a kiosk yet: use `kiosk open-shelter` with an opening sheet",
        )
    for name in NAMES:
        if (found := load_copy(folder / name)) is not None:
            return found
    raise KnownError(
        "slots_damaged", "鍵のファイルが こわれています。", "both copies of the key slots are damaged"
    )


def load_copy(path: Path) -> KeySlots | None:
    """One copy of the slots, or None when it is missing or damaged."""
    try:
        return _read(path.read_bytes())
    except (OSError, Malformed):
        return None


def _read(data: bytes) -> KeySlots:
    value = cbor.loads(data, limit=LIMIT)
    try:
        form, store, rows, recovery = value
        if form != FORMAT:
            raise Malformed("unknown_format", "key slots of another version")
        staff = tuple(
            StaffSlot(name, role, salt, Cost(memory, passes, lanes), nonce, wrapped)
            for name, role, salt, memory, passes, lanes, nonce, wrapped in rows
        )
    except (ValueError, TypeError) as error:
        raise Malformed("malformed", "not key slots") from error
    return KeySlots(store, staff, recovery)


def describe(slots: KeySlots) -> list[Mapping[str, Any]]:
    """Who can open this store, for `kiosk doctor`: no secrets."""
    return [{"name": slot.name, "role": slot.role} for slot in slots.staff]
