"""Key slots: the ways into one store, as values and as bytes.

Each member of staff has a key pair. The private half lies here under the person's secret (Argon2id, with
the laptop's own secret where that is asked for); the store's key is wrapped to the public half. So the
store's key can be changed for everybody while only one of them is there, which is what removing somebody
takes. One more wrap opens with the municipality's records key. A slot file holds nothing that opens a
store by itself. The format is docs/formats/keys.md.

Pure: it knows no file and no database; where the two copies lie is `kiosk.store.slots`.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.core import cbor, keys, staff
from kiosk.core.access import Actor, role_of
from kiosk.core.ids import Randomness
from kiosk.core.staff import SecretKind
from kiosk.errors import KnownError, Malformed

FORMAT = 2
STORE_SIZE, STAFF_SIZE, STORE_KEY_SIZE = 16, 8, 48
MAX_STAFF = 100
MAX_FILE = 64 * 1024
MAX_MEMORY_KIB, MAX_PASSES, MAX_LANES = 1024 * 1024, 32, 16
"""A slot that asks for more was not written by us, and would only stop the desk."""
_STAFF_DOMAIN, _RECOVERY_DOMAIN = b"ESR1 staff slot\0", b"ESR1 recovery slot\0"
_CHECK_DOMAIN, _MAC_PURPOSE = b"ESR1 key slots\0", b"ESR1 key slots mac"


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id's cost. The default takes about 0.3 s on an office laptop."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1


STAFF_COST = Cost()


@dataclass(frozen=True, slots=True)
class StaffSlot:
    """One person's way in. Holds nothing secret that the person's own secret does not cover."""

    id: bytes
    """8 bytes, for good."""
    name: str
    role: str
    kind: SecretKind
    bound: bool
    """Opens only together with the laptop's own secret."""
    salt: bytes
    cost: Cost
    public: bytes
    """32 bytes, X25519."""
    nonce: bytes
    sealed: bytes
    """The private half, AES-256-GCM under what Argon2id makes of the secret."""

    @property
    def actor(self) -> Actor:
        """Who this is, for `kiosk.core.access`."""
        return Actor(self.id, self.name, role_of(self.role))


@dataclass(frozen=True, slots=True)
class Wraps:
    """One key of the store, wrapped for everybody."""

    staff: tuple[bytes, ...]
    """For each staff slot, in their order."""
    recovery: bytes
    mac: bytes
    """By a key made of this store key, over everything: only who could open it may have written it."""


@dataclass(frozen=True, slots=True)
class KeySlots:
    """All ways into one store."""

    store: bytes
    """The store's id, 16 bytes: bound into every slot, so that slots can not be swapped between stores."""
    serial: int
    """Counts the versions of this file: of two whole copies the higher is the newer."""
    records_key: bytes
    """The municipality's public records key, 32 bytes."""
    staff: tuple[StaffSlot, ...]
    wraps: tuple[Wraps, ...]
    """The store's keys, newest last: two while the key is being changed, otherwise one."""

    @property
    def recovery(self) -> bytes:
        """The newest key as only the municipality's officer can open it."""
        return self.wraps[-1].recovery

    def find(self, name: str) -> StaffSlot:
        """Somebody by name.

        Raises:
            KnownError: `no_such_staff`.
        """
        for slot in self.staff:
            if slot.name == name:
                return slot
        raise KnownError("no_such_staff", "その 名前の 人は いません。", "there is no such staff account")

    # -- bytes -----------------------------------------------------------------------------------------

    def to_bytes(self) -> bytes:
        """The file."""
        body = self._body()
        entries = [[list(one.staff), one.recovery, one.mac] for one in self.wraps]
        return cbor.dumps([FORMAT, body, entries, _check(body, entries)])

    @classmethod
    def from_bytes(cls, data: bytes) -> KeySlots:
        """The inverse of `to_bytes`. Every changed bit is noticed; who changed it is `verify`'s to tell.

        Raises:
            Malformed: `unknown_format` for another version, `malformed` for what is damaged.
        """
        value = cbor.loads(data, limit=MAX_FILE)
        if not isinstance(value, list) or not value:
            raise Malformed("malformed", "not key slots")
        if value[0] != FORMAT:
            raise Malformed("unknown_format", "key slots of another version")
        try:
            _, body, entries, check = value
            if not hmac.compare_digest(check, _check(body, entries)):
                raise Malformed("malformed", "the key slots are damaged")
            store, serial, records_key, rows = cbor.loads(body, limit=MAX_FILE)
            slots = cls(
                sized(store, STORE_SIZE),
                whole(serial),
                sized(records_key, 32),
                tuple(read_slot(row) for row in rows),
                tuple(
                    Wraps(tuple(map(some, wrapped)), some(recovery), sized(mac, 32))
                    for wrapped, recovery, mac in entries
                ),
            )
        except (ValueError, TypeError) as error:
            raise Malformed("malformed", "not key slots") from error
        if not 1 <= len(slots.wraps) <= 2 or len(slots.staff) > MAX_STAFF:
            raise Malformed("malformed", "not key slots")
        if any(len(one.staff) != len(slots.staff) for one in slots.wraps):
            raise Malformed("malformed", "not key slots")
        return slots

    def _body(self) -> bytes:
        return cbor.dumps([self.store, self.serial, self.records_key, [slot_row(one) for one in self.staff]])

    # -- keys ------------------------------------------------------------------------------------------

    @classmethod
    def write(
        cls,
        store: bytes,
        serial: int,
        records_key: bytes,
        staff: Sequence[StaffSlot],
        store_keys: Sequence[bytes],
    ) -> KeySlots:
        """Wrap the store's keys (48 bytes each, newest last) for everybody, and vouch for it."""
        wraps = tuple(
            Wraps(
                tuple(wrap_for(store, slot, key) for slot in staff),
                keys.wrap(records_key, key, _RECOVERY_DOMAIN + store),
                b"",
            )
            for key in store_keys
        )
        bare = cls(store, serial, records_key, tuple(staff), wraps)
        return replace(
            bare,
            wraps=tuple(replace(one, mac=bare._mac(key)) for one, key in zip(wraps, store_keys, strict=True)),
        )

    def open(self, slot: StaffSlot, private: X25519PrivateKey) -> tuple[bytes, ...]:
        """The store's keys, newest last, with one person's private half.

        Raises:
            Malformed: `wrong_key` when the slots were put together by somebody who may not.
        """
        place = self.staff.index(slot)
        return tuple(unwrap_for(self.store, slot, private, one.staff[place]) for one in self.wraps)

    def open_with_master(self, records: X25519PrivateKey) -> tuple[bytes, ...]:
        """The store's keys, newest last, with the municipality's master at hand.

        Raises:
            Malformed: `wrong_key`.
        """
        return open_recovery(self.store, tuple(one.recovery for one in self.wraps), records)

    def verify(self, store_keys: Sequence[bytes]) -> bool:
        """Whether everything here was written by somebody who had these keys: names, roles, every way in."""
        return len(store_keys) == len(self.wraps) and all(
            hmac.compare_digest(one.mac, self._mac(key))
            for one, key in zip(self.wraps, store_keys, strict=True)
        )

    def _mac(self, store_key: bytes) -> bytes:
        key = HKDF(SHA256(), 32, salt=None, info=_MAC_PURPOSE).derive(store_key)
        bare = [[list(one.staff), one.recovery] for one in self.wraps]
        return hmac.digest(key, cbor.dumps([FORMAT, self._body(), bare]), sha256)


def _check(body: bytes, entries: list[Any]) -> bytes:
    return sha256(_CHECK_DOMAIN + cbor.dumps([FORMAT, body, entries])).digest()


def wrap_for(store: bytes, slot: StaffSlot, store_key: bytes) -> bytes:
    """A store key that only this slot opens."""
    return keys.wrap(slot.public, store_key, _STAFF_DOMAIN + store + slot.id)


def unwrap_for(store: bytes, slot: StaffSlot, private: X25519PrivateKey, wrapped: bytes) -> bytes:
    """The inverse of `wrap_for`.

    Raises:
        Malformed: `wrong_key`.
    """
    return sized(keys.unwrap(private, wrapped, _STAFF_DOMAIN + store + slot.id), STORE_KEY_SIZE)


def open_recovery(store: bytes, wrapped: Sequence[bytes], records: X25519PrivateKey) -> tuple[bytes, ...]:
    """Store keys out of recovery wraps.

    Raises:
        Malformed: `wrong_key`.
    """
    return tuple(
        sized(keys.unwrap(records, one, _RECOVERY_DOMAIN + store), STORE_KEY_SIZE) for one in wrapped
    )


# -- one slot ------------------------------------------------------------------------------------------


def make_slot(
    store: bytes,
    who: Actor,
    kind: SecretKind,
    secret: str,
    device: bytes | None,
    randomness: Randomness,
    cost: Cost = STAFF_COST,
) -> StaffSlot:
    """A new way in for one person; with `device`, the laptop's own secret, only on this laptop."""
    private = X25519PrivateKey.from_private_bytes(randomness(32))
    slot = StaffSlot(
        who.id,
        who.name,
        str(who.role or ""),
        kind,
        device is not None,
        randomness(16),
        cost,
        private.public_key().public_bytes_raw(),
        randomness(12),
        b"",
    )
    cover = AESGCM(_stretch(store, slot, secret, device))
    return replace(slot, sealed=cover.encrypt(slot.nonce, private.private_bytes_raw(), _bound(store, slot)))


def open_slot(store: bytes, slot: StaffSlot, secret: str, device: bytes | None) -> X25519PrivateKey | None:
    """The private half of a slot, or None when the secret is not the right one.

    Takes the slot's cost in time and memory. `device` is the laptop's own secret, if it has one; a bound
    slot without it is None.
    """
    if slot.bound and device is None:
        return None
    cover = AESGCM(_stretch(store, slot, secret, device if slot.bound else None))
    try:
        return X25519PrivateKey.from_private_bytes(
            cover.decrypt(slot.nonce, slot.sealed, _bound(store, slot))
        )
    except (InvalidTag, ValueError):
        return None


def _stretch(store: bytes, slot: StaffSlot, secret: str, device: bytes | None) -> bytes:
    return Argon2id(
        salt=slot.salt,
        length=32,
        iterations=slot.cost.passes,
        lanes=slot.cost.lanes,
        memory_cost=slot.cost.memory_kib,
        ad=_STAFF_DOMAIN + store + slot.id,
        secret=device,
    ).derive(staff.written(secret))


def _bound(store: bytes, slot: StaffSlot) -> bytes:
    # Not the name: it may be changed by a supervisor. A role may not: it is decided when a slot is made.
    return _STAFF_DOMAIN + cbor.dumps([store, slot.id, slot.role, int(slot.kind), slot.bound, slot.public])


def slot_row(slot: StaffSlot) -> list[Any]:
    """A slot as a row of the file."""
    cost = slot.cost
    return [
        slot.id,
        slot.name,
        slot.role,
        int(slot.kind),
        slot.bound,
        slot.salt,
        [cost.memory_kib, cost.passes, cost.lanes],
        slot.public,
        slot.nonce,
        slot.sealed,
    ]


def read_slot(row: Any) -> StaffSlot:  # noqa: ANN401 - decoded CBOR, of which nothing is known yet
    """The inverse of `slot_row`.

    Raises:
        Malformed: for anything else.
    """
    try:
        identity, name, role, kind, bound, salt, (memory, passes, lanes), public, nonce, sealed = row
        slot = StaffSlot(
            sized(identity, STAFF_SIZE),
            name,
            role,
            SecretKind(kind),
            bound,
            sized(salt, 16),
            Cost(whole(memory), whole(passes), whole(lanes)),
            sized(public, 32),
            sized(nonce, 12),
            sized(sealed, 48),
        )
    except (ValueError, TypeError) as error:
        raise Malformed("malformed", "not a key slot") from error
    cost = slot.cost
    if not isinstance(name, str) or not isinstance(role, str) or not isinstance(bound, bool):
        raise Malformed("malformed", "not a key slot")
    if not 8 * cost.lanes <= cost.memory_kib <= MAX_MEMORY_KIB or not 1 <= cost.passes <= MAX_PASSES:
        raise Malformed("malformed", "a key slot asks for too much")
    if not 1 <= cost.lanes <= MAX_LANES:
        raise Malformed("malformed", "a key slot asks for too much")
    return slot


def sized(value: Any, size: int) -> bytes:  # noqa: ANN401 - as in read_slot
    """`value`, if it is that many bytes.

    Raises:
        Malformed: `malformed`.
    """
    if not isinstance(value, bytes) or len(value) != size:
        raise Malformed("malformed", "a field of the wrong size")
    return value


def some(value: Any) -> bytes:  # noqa: ANN401 - as in read_slot
    """`value`, if it is bytes.

    Raises:
        Malformed: `malformed`.
    """
    if not isinstance(value, bytes):
        raise Malformed("malformed", "a field of the wrong kind")
    return value


def whole(value: Any) -> int:  # noqa: ANN401 - as in read_slot
    """`value`, if it is a number from 0.

    Raises:
        Malformed: `malformed`.
    """
    if type(value) is not int or value < 0:
        raise Malformed("malformed", "a field of the wrong kind")
    return value
