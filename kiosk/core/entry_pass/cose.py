"""Who signed it: one COSE_Sign1 (RFC 9052, section 4.2), made and opened strictly.

Tag 18 in its one spelling, the algorithm and the key id protected, nothing unprotected, canonical CBOR. It
refuses to know what was signed: a payload comes out as it went in, and only when its signature stands.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from kiosk.core import cbor
from kiosk.core.trust import Algorithm, Issuer
from kiosk.errors import Malformed

SIGNATURE_SIZE = 64
MAX_SIGNED = 4096
TAG = b"\xd2"
"""Tag 18 in its one canonical spelling."""

PublicKey: TypeAlias = Ed25519PublicKey | ec.EllipticCurvePublicKey


class Header:
    """Labels of the protected header."""

    ALG, KID, DICTIONARY = 1, 4, -65537


@dataclass(frozen=True, slots=True)
class Sign1:
    """The parts of one COSE_Sign1, well formed and not yet believed."""

    protected: bytes
    algorithm: Algorithm
    kid: bytes
    dictionary: int | None
    payload: bytes
    signature: bytes

    @classmethod
    def read(cls, data: bytes) -> Sign1:
        """Take it apart.

        Raises:
            Malformed: `too_large`, `malformed`, `not_canonical`, `too_deep`.
        """
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise Malformed("malformed", "not bytes")
        if len(data) > MAX_SIGNED:
            raise Malformed("too_large", f"more than {MAX_SIGNED} bytes")
        if data[:1] != TAG:
            raise Malformed("malformed", "not a tagged COSE_Sign1")
        parts = cbor.loads(bytes(data[1:]), limit=MAX_SIGNED)
        if not isinstance(parts, list) or len(parts) != 4:
            raise Malformed("malformed", "not a COSE_Sign1")
        protected, unprotected, payload, signature = parts
        if unprotected != {} or any(not isinstance(part, bytes) for part in (protected, payload, signature)):
            raise Malformed("malformed", "a part of the COSE_Sign1 is of the wrong kind")
        algorithm, kid, dictionary = _read_header(protected)
        if len(signature) != SIGNATURE_SIZE:
            raise Malformed("malformed", "a signature of the wrong size")
        return cls(protected, algorithm, kid, dictionary, payload, signature)

    def is_signed_by(self, key: PublicKey) -> bool:
        """Whether `key` made the signature, by the algorithm that the header names."""
        message = _to_be_signed(self.protected, self.payload)
        try:
            if isinstance(key, Ed25519PublicKey):
                if self.algorithm is not Algorithm.EDDSA:
                    return False
                key.verify(self.signature, message)
                return True
            if self.algorithm is not Algorithm.ES256 or not isinstance(key.curve, ec.SECP256R1):
                return False
            r, s = (int.from_bytes(self.signature[half], "big") for half in (slice(32), slice(32, None)))
            key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


def _read_header(protected: bytes) -> tuple[Algorithm, bytes, int | None]:
    header = cbor.loads(protected, limit=MAX_SIGNED, depth=1)
    if not isinstance(header, dict) or any(type(label) is not int for label in header):
        raise Malformed("malformed", "the protected header is not a map of numbered labels")
    if not {Header.ALG, Header.KID} <= header.keys() <= {Header.ALG, Header.KID, Header.DICTIONARY}:
        raise Malformed("malformed", "the protected header holds other labels than it must")
    alg, kid, dictionary = header[Header.ALG], header[Header.KID], header.get(Header.DICTIONARY)
    if type(alg) is not int or alg not in tuple(Algorithm):
        raise Malformed("malformed", "an algorithm that is not allowed")
    if not isinstance(kid, bytes) or not (dictionary is None or type(dictionary) is int):
        raise Malformed("malformed", "a label of the protected header is of the wrong kind")
    return Algorithm(alg), kid, dictionary


def make_sign1(payload: bytes, issuer: Issuer, dictionary: int, sign: Callable[[bytes], bytes]) -> bytes:
    """The bytes of one COSE_Sign1 around `payload`; `sign` gives the 64-byte signature of a message."""
    protected = cbor.dumps(
        {Header.ALG: int(issuer.algorithm), Header.KID: issuer.kid, Header.DICTIONARY: dictionary}
    )
    return TAG + cbor.dumps([protected, {}, payload, sign(_to_be_signed(protected, payload))])


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor.dumps(["Signature1", protected, b"", payload])


def open_cose_sign1(data: bytes, keys: Mapping[bytes, PublicKey]) -> bytes:
    """The signed payload, as it stands (a pass's is still packed), of one COSE_Sign1.

    Strict: tag 18 and no other, `alg` (ES256 or EdDSA) and `kid` in the protected header with at most
    our dictionary label beside them, an empty unprotected header, canonical CBOR, at most 4096 bytes.
    `keys` maps a `kid` to its public key.

    Raises:
        Malformed: `too_large`, `malformed`, `not_canonical`, `too_deep`; `unknown_issuer` for a `kid`
            without a key; `bad_signature`.
    """
    sign1 = Sign1.read(data)
    key = keys.get(sign1.kid)
    if key is None:
        raise unknown_issuer()
    if not sign1.is_signed_by(key):
        raise bad_signature()
    return sign1.payload


def unknown_issuer() -> Malformed:
    """What is raised for a key that is not known here."""
    return Malformed("unknown_issuer", "signed with a key that is not known here")


def bad_signature() -> Malformed:
    """What is raised for a signature that does not fit."""
    return Malformed("bad_signature", "the signature does not fit")


@functools.lru_cache(maxsize=64)
def public_key(issuer: Issuer) -> PublicKey:
    """The public key of an issuer.

    Raises:
        Malformed: `malformed` when the trust list's bytes are no key of its algorithm.
    """
    try:
        if issuer.algorithm is Algorithm.EDDSA:
            return Ed25519PublicKey.from_public_bytes(issuer.key)
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), issuer.key)
    except ValueError as error:
        raise Malformed("malformed", "a key of the trust list is no key") from error
