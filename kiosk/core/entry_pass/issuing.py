"""The city's side: its signing key, and passes made with it.

It holds itself to the desk's rules, so that nothing is signed that would not be read, and refuses to know
where keys are kept and how codes are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from kiosk.core import base45, pass_key
from kiosk.core.entry_pass import claims, halves, packing
from kiosk.core.entry_pass.claims import PASS_ID_SIZE, Claims, PassHousehold
from kiosk.core.entry_pass.cose import MAX_SIGNED, make_sign1
from kiosk.core.entry_pass.reading import PREFIX, SEALED_PREFIX
from kiosk.core.ids import Randomness
from kiosk.core.trust import Algorithm, Issuer
from kiosk.errors import KnownError, Malformed

PrivateKey: TypeAlias = Ed25519PrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A city's signing key: Ed25519 (EdDSA) or P-256 (ES256)."""

    issuer: str
    private: PrivateKey

    @classmethod
    def generate(cls, issuer: str, algorithm: Algorithm = Algorithm.ES256) -> IssuerKey:
        """A fresh key pair from the system's randomness."""
        if algorithm is Algorithm.EDDSA:
            return cls(issuer, Ed25519PrivateKey.generate())
        return cls(issuer, ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_pem(cls, issuer: str, pem: bytes, passphrase: bytes | None = None) -> IssuerKey:
        """Read a private key (PKCS 8 in PEM).

        Raises:
            KnownError: `bad_key` for anything else, another kind of key, or a wrong passphrase.
        """
        try:
            private = load_pem_private_key(pem, passphrase)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise KnownError(
                "bad_key",
                "発行の かぎを 読めません。",
                "the key can not be read, or the passphrase does not open it",
            ) from error
        if isinstance(private, Ed25519PrivateKey) or (
            isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, ec.SECP256R1)
        ):
            return cls(issuer, private)
        raise KnownError(
            "bad_key", "発行の かぎでは ありません。", "a pass is signed with Ed25519 or P-256 only"
        )

    def to_pem(self, passphrase: bytes | None = None) -> bytes:
        """The private key, encrypted when there is a passphrase."""
        protection = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)

    def trusted(self, valid_from: int = 0, valid_to: int = 0) -> Issuer:
        """The public half, as a desk's trust list holds it."""
        if isinstance(self.private, Ed25519PrivateKey):
            return Issuer(
                self.issuer,
                Algorithm.EDDSA,
                self.private.public_key().public_bytes_raw(),
                valid_from,
                valid_to,
            )
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        return Issuer(self.issuer, Algorithm.ES256, point, valid_from, valid_to)

    def sign(self, message: bytes) -> bytes:
        """64 bytes; the same message always gives the same signature."""
        if isinstance(self.private, Ed25519PrivateKey):
            return self.private.sign(message)
        r, s = decode_dss_signature(
            self.private.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        )
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def issue(
    household: PassHousehold,
    key: IssuerKey,
    *,
    issued: int,
    expires: int,
    randomness: Randomness,
    seal_to: bytes | None = None,
) -> str:
    """The text of a pass that is one code. Times are seconds since 1970; `randomness` gives the pass's id.

    With `seal_to`, the 32 public bytes of a municipality's pass key, only its desks can read the pass.

    Raises:
        Malformed: for a household that `verify` would refuse (`malformed`).
        KnownError: `my_number_discarded` for a text with a 12-digit number in it; `pass_too_large` when
            the code would be finer than a webcam can be expected to read; `bad_key` for a bad `seal_to`.
    """
    text = _issue(household, key, issued, expires, randomness, seal_to)
    if len(text) > halves.MAX_CODE_TEXT:
        raise halves.too_large()
    return text


def issue_codes(
    household: PassHousehold,
    key: IssuerKey,
    *,
    issued: int,
    expires: int,
    randomness: Randomness,
    seal_to: bytes | None = None,
) -> tuple[str, ...]:
    """As `issue`, for one code or, where a household needs it, for two: the text of each.

    Raises:
        Malformed, KnownError: as `issue`, with `pass_too_large` only when two codes are not enough.
    """
    return halves.codes(_issue(household, key, issued, expires, randomness, seal_to))


def _issue(
    household: PassHousehold,
    key: IssuerKey,
    issued: int,
    expires: int,
    randomness: Randomness,
    seal_to: bytes | None,
) -> str:
    try:
        said = claims.write(Claims(key.issuer, issued, expires, randomness(PASS_ID_SIZE), household))
    except Malformed as error:
        if error.code == "my_number_discarded":
            raise KnownError(
                "my_number_discarded",
                "12けたの 番号は 受付証に 入れられません。",
                "a pass never holds a 12-digit number, which could be a My Number",
            ) from error
        raise
    signed = make_sign1(packing.pack(said), key.trusted(), packing.DICTIONARY, key.sign)
    if len(signed) > MAX_SIGNED:
        raise halves.too_large()
    if seal_to is None:
        return PREFIX + base45.encode(signed)
    return SEALED_PREFIX + base45.encode(pass_key.seal(signed, seal_to))
