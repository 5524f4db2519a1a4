"""The device's own keys: made on the device, kept inside the encrypted store, never exported.

Only the transport key lies outside, in a file of its own, since it is the sync process's, which never holds
the store's key. It is made and told to HQ in the first event, so that requests can be signed one day without
registering every laptop anew; nothing uses it yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk import __version__
from kiosk.core import keys
from kiosk.core.acts import Key
from kiosk.core.ids import DeviceId, Randomness, device_id
from kiosk.core.sealing import KEY_SIZE, SealingKey
from kiosk.core.sheet import OpeningSheet

SEALING_PURPOSE = b"ESR1 sealing key"


@dataclass(frozen=True, slots=True)
class Identity:
    """One device: its id follows from its signing key."""

    sign: Ed25519PrivateKey
    sealing: SealingKey
    agreement: X25519PrivateKey

    @classmethod
    def make(cls, randomness: Randomness) -> Identity:
        """Fresh keys."""
        return cls(
            Ed25519PrivateKey.from_private_bytes(randomness(32)),
            SealingKey(randomness(KEY_SIZE)),
            X25519PrivateKey.from_private_bytes(randomness(32)),
        )

    @property
    def sign_public(self) -> bytes:
        """32 bytes."""
        return self.sign.public_key().public_bytes_raw()

    @property
    def device(self) -> DeviceId:
        """The device's id."""
        return device_id(self.sign_public)

    def to_secrets(self) -> dict[str, bytes]:
        """For the store's `secret` table."""
        return {
            "sign": self.sign.private_bytes_raw(),
            "sealing": self.sealing,
            "agreement": self.agreement.private_bytes_raw(),
        }

    @classmethod
    def from_secrets(cls, secrets: dict[str, bytes]) -> Identity:
        """The inverse of `to_secrets`."""
        return cls(
            Ed25519PrivateKey.from_private_bytes(secrets["sign"]),
            SealingKey(secrets["sealing"]),
            X25519PrivateKey.from_private_bytes(secrets["agreement"]),
        )

    def first_words(self, sheet: OpeningSheet, transport_public: bytes) -> dict[int, Any]:
        """The public part of the device's first event: its keys, and whose it is.

        The sealing key is wrapped to the municipality's records key, so that the officer, and nobody
        at HQ's service, can open what this device seals.
        """
        return {
            Key.MODE: int(sheet.mode),
            Key.SIGN_KEY: self.sign_public,
            Key.TRANSPORT_KEY: transport_public,
            Key.AGREEMENT_KEY: self.agreement.public_key().public_bytes_raw(),
            Key.WRAPPED_SEALING: keys.wrap(sheet.records_key, self.sealing, SEALING_PURPOSE),
            Key.SHELTER: sheet.shelter,
            Key.SERIES: sheet.series,
            Key.SOFTWARE: __version__,
        }
