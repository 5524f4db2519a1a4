"""The municipality's pass key: passes sealed to it (`ESR2:`) tell nothing to whoever photographs them.

    key id (8 bytes) ‖ encapsulated key (32 bytes) ‖ ciphertext and tag

HPKE (RFC 9180) in its base mode with X25519, HKDF-SHA256 and AES-128-GCM; a new ephemeral key each time. Only
a desk that holds the private half opens one, and a desk of another municipality does not. It refuses to know
what is sealed: the signature is inside, and is judged after opening.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from kiosk.errors import KnownError, Malformed

KEY_SIZE = 32
KID_SIZE = 8
OVERHEAD = KID_SIZE + 32 + 16
"""Bytes that sealing adds: key id, encapsulated key, tag."""
INFO = b"ESR2 pass\0"
"""Begins HPKE's `info`; the key id follows, so that a pass resealed under another id does not open."""

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)


def kid_of(public: bytes) -> bytes:
    """A pass key's id: 8 bytes of the SHA-256 of its 32 public bytes."""
    return sha256(public).digest()[:KID_SIZE]


def seal(signed: bytes, public: bytes) -> bytes:
    """`signed` readable with the private half of `public` (32 bytes) only.

    Raises:
        KnownError: `bad_key` when `public` is no X25519 key.
    """
    kid = kid_of(public)
    try:
        return kid + _SUITE.encrypt(signed, X25519PublicKey.from_public_bytes(public), info=INFO + kid)
    except ValueError as error:
        raise _bad_key() from error


@dataclass(frozen=True, slots=True)
class PassKey:
    """The private half; kept at desks that may read sealed passes, and shown nowhere."""

    private: X25519PrivateKey = field(repr=False)
    public: bytes = field(init=False)
    """32 bytes: what issuers seal to."""

    def __post_init__(self) -> None:
        """Work out the public half once: every sealed pass asks for its id."""
        object.__setattr__(self, "public", self.private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> PassKey:
        """A fresh key from the system's randomness."""
        return cls(X25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes, passphrase: bytes | None = None) -> PassKey:
        """Read a private key (PKCS 8 in PEM).

        Raises:
            KnownError: `bad_key` for anything else, another kind of key, or a wrong passphrase.
        """
        try:
            private = load_pem_private_key(pem, passphrase)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise _bad_key() from error
        if not isinstance(private, X25519PrivateKey):
            raise _bad_key()
        return cls(private)

    def to_pem(self, passphrase: bytes | None = None) -> bytes:
        """The private key, encrypted when there is a passphrase."""
        protection = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)

    @property
    def kid(self) -> bytes:
        """8 bytes at the beginning of every pass sealed to this key."""
        return kid_of(self.public)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed.

        Raises:
            Malformed: `bad_signature` when it was altered, or was never sealed to this key.
        """
        try:
            return _SUITE.decrypt(sealed[KID_SIZE:], self.private, info=INFO + sealed[:KID_SIZE])
        except (InvalidTag, ValueError) as error:
            raise Malformed("bad_signature", "a sealed pass that was altered") from error


def _bad_key() -> KnownError:
    return KnownError(
        "bad_key",
        "受付証を ひらく かぎでは ありません。",
        "this is no pass key (X25519), or the passphrase does not open it",
    )
