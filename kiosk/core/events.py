"""Events: every act at the desk, appended once, never changed. The format is docs/formats/events.md.

An event is a *header* (device, number, time, kind, public part: enough to count, nothing that names)
and a *sealed* part (names and the rest). Its hash covers the hash of the sealed part, not its bytes, so
a sealed part can be erased later and the chain still stands:

    hash = SHA-256(previous hash ‖ header ‖ SHA-256(sealed))

This module knows bytes, hashes and signatures. What the kinds mean is `acts` and `roll`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.core import cbor
from kiosk.core.ids import DEVICE_SIZE, DeviceId
from kiosk.errors import Malformed

FORMAT = 1
GENESIS = bytes(32)
"""The hash before a device's first event."""
HEAD_DOMAIN = b"ESR1 head\0"
MAX_HEADER = 4096
MAX_SEALED = 16 * 1024
MAX_KIND = 24
HASH_SIZE, SIGNATURE_SIZE = 32, 64
LAST_SEQ = (1 << 53) - 1
"""No device writes more events than that."""

Public = Mapping[int, Any]


@dataclass(frozen=True)  # without slots: what was packed once is remembered
class Event:
    """One event as stored and sent.

    `at` is a hybrid logical clock value (`kiosk.core.clock`); `seq` counts 1, 2, 3 … per device.
    `sealed` is None when it was erased; `sealed_hash` always stands.
    """

    device: DeviceId
    seq: int
    at: int
    kind: str
    public: Public
    sealed: bytes | None
    sealed_hash: bytes

    @classmethod
    def make(cls, device: DeviceId, seq: int, at: int, kind: str, public: Public, sealed: bytes) -> Event:
        """An event with its sealed part at hand."""
        return cls(device, seq, at, kind, public, sealed, sha256(sealed).digest())

    @classmethod
    def write(
        cls, device: DeviceId, seq: int, at: int, kind: str, public: Public, seal: Callable[[bytes], bytes]
    ) -> Event:
        """A new event; `seal` makes its sealed part, bound to the header it is handed."""
        bare = cls(device, seq, at, kind, public, None, b"")
        event = cls.make(device, seq, at, kind, public, seal(bare.header))
        # Both were just packed for the seal: not again for the hash and the database.
        event.__dict__.update(packed_public=bare.packed_public, header=bare.header)
        return event

    @cached_property
    def packed_public(self) -> bytes:
        """The canonical bytes of the public part."""
        return cbor.dumps(dict(self.public))

    @cached_property
    def header(self) -> bytes:
        """The canonical bytes of everything but the sealed part.

        Also the data that a sealed part is bound to, together with the previous hash.
        """
        return header(self.device, self.seq, self.at, self.kind, self.packed_public)

    def hash(self, previous: bytes) -> bytes:
        """The event's hash, given the hash of the device's event before it."""
        return chained(previous, self.header, self.sealed_hash)


def header(device: DeviceId, seq: int, at: int, kind: str, packed_public: bytes) -> bytes:
    """The canonical bytes of an event's header, from its public part as bytes."""
    # The last item of an array is its own bytes at the end of the array's.
    return cbor.dumps([FORMAT, device, seq, at, kind, None])[:-1] + packed_public


def chained(previous: bytes, header: bytes, sealed_hash: bytes) -> bytes:
    """An event's hash."""
    return sha256(previous + header + sealed_hash).digest()


def check(event: Event) -> None:
    """Refuse an event whose envelope can not be; unknown kinds and public keys are fine.

    Raises:
        Malformed: `malformed` or `too_large`.
    """
    if len(event.device) != DEVICE_SIZE or not 0 < event.seq <= LAST_SEQ or not 0 <= event.at < 1 << 63:
        raise Malformed("malformed", "bad event numbers")
    if not 0 < len(event.kind) <= MAX_KIND or not all(
        "a" <= letter <= "z" or letter == "_" for letter in event.kind
    ):
        raise Malformed("malformed", "bad event kind")
    if any(not isinstance(key, int) or isinstance(key, bool) or key < 0 for key in event.public):
        raise Malformed("malformed", "public keys are small numbers")
    if len(event.header) > MAX_HEADER or len(event.sealed or b"") > MAX_SEALED:
        raise Malformed("too_large", "event too large")
    if len(event.sealed_hash) != HASH_SIZE:
        raise Malformed("malformed", "bad hash")
    if event.sealed is not None and sha256(event.sealed).digest() != event.sealed_hash:
        raise Malformed("malformed", "sealed part and its hash differ")


def head_message(device: DeviceId, seq: int, digest: bytes) -> bytes:
    """What a device signs to vouch for its event `seq` and, through the chain, for all before it."""
    return HEAD_DOMAIN + device + seq.to_bytes(8, "big") + digest


def sign_head(key: Ed25519PrivateKey, device: DeviceId, seq: int, digest: bytes) -> bytes:
    """The head signature, 64 bytes."""
    return key.sign(head_message(device, seq, digest))


def head_is_signed(public_key: bytes, device: DeviceId, seq: int, digest: bytes, signature: bytes) -> bool:
    """Whether the owner of `public_key` (32 bytes) signed this head."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, head_message(device, seq, digest))
    except (InvalidSignature, ValueError):
        return False
    return True
