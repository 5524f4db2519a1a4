"""The municipality's keys: one master secret, from which a root and a records key pair come.

The master (32 bytes) is kept offline by the records officer. HQ's service holds only public halves and
an operations key that the root certified; it counts, and can read no name. Pure: no files, no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.errors import Malformed

Master = NewType("Master", bytes)
"""32 random bytes."""

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _derive(master: Master, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=b"ESR1 master", info=purpose.encode()).derive(master)


@dataclass(frozen=True, slots=True)
class MunicipalKeys:
    """What the master gives: never leaves the officer's hands."""

    root: Ed25519PrivateKey
    records: X25519PrivateKey

    @classmethod
    def derive(cls, master: Master) -> MunicipalKeys:
        """Both pairs, the same every time."""
        return cls(
            Ed25519PrivateKey.from_private_bytes(_derive(master, "root")),
            X25519PrivateKey.from_private_bytes(_derive(master, "records")),
        )

    @property
    def root_public(self) -> bytes:
        """32 bytes, on every opening sheet."""
        return self.root.public_key().public_bytes_raw()

    @property
    def records_public(self) -> bytes:
        """32 bytes, on every opening sheet."""
        return self.records.public_key().public_bytes_raw()


def transfer_key(master: Master, mode: int) -> bytes:
    """32 bytes that seal transfer slips between the shelters of one municipality in one mode."""
    return _derive(master, f"transfer {int(mode)}")


def registration_token(master: Master, series: bytes) -> bytes:
    """The 16-byte token of an opening sheet's series: the same sheet can be printed again, only here."""
    return _derive(master, f"token {series.hex()}")[:16]


def wrap(public_key: bytes, secret: bytes, purpose: bytes) -> bytes:
    """HPKE (RFC 9180, X25519, HKDF-SHA256, AES-256-GCM): only the owner of the key opens `secret`."""
    return _SUITE.encrypt(secret, X25519PublicKey.from_public_bytes(public_key), info=purpose)


def unwrap(private_key: X25519PrivateKey, wrapped: bytes, purpose: bytes) -> bytes:
    """Open what `wrap` made.

    Raises:
        Malformed: `wrong_key`.
    """
    try:
        return _SUITE.decrypt(wrapped, private_key, info=purpose)
    except (InvalidTag, ValueError) as error:
        raise Malformed("wrong_key", "the key does not open this") from error
