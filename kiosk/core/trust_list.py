r"""How issuers reach a desk: as rows of a trust file, and as a list that the municipality's root signed.

    ESRT1: + Base45( CBOR [ body, Ed25519 signature over "ESR1 trust\0" ‖ body ] )
    body     CBOR [ 1, municipality, number, [ [issuer, algorithm, key, from, to, status], … ] ]

docs/formats/trust.md is the whole format. A desk believes a list when it is signed by the root key of its own
opening sheet, whoever brought it. It refuses to know files, clocks and networks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.core import base45, cbor
from kiosk.core.entry_pass.cose import public_key
from kiosk.core.trust import Algorithm, Issuer
from kiosk.errors import Malformed

PREFIX = "ESRT1:"
DOMAIN = b"ESR1 trust\0"
FORMAT = 1
MAX_LIST = 32 * 1024
"""Bytes beneath Base45: some 400 issuers."""
_ACTIVE, _REVOKED = 0, 1
_MAX_TIME = 1 << 40
_WORDS = {Algorithm.ES256: "ES256", Algorithm.EDDSA: "EdDSA"}
_FROM_WORD = {word: algorithm for algorithm, word in _WORDS.items()}


@dataclass(frozen=True, slots=True)
class SignedList:
    """The issuers that a municipality believes from now on."""

    municipality: str
    """Six digits."""
    number: int
    """Rises with every list; the tools take the seconds since 1970. A lower one never replaces a higher."""
    issuers: tuple[Issuer, ...]


def write(signed: SignedList, root: Ed25519PrivateKey) -> str:
    """The text of the list, in letters that also a QR code or an e-mail carries unharmed."""
    rows = [
        [
            one.issuer,
            int(one.algorithm),
            one.key,
            one.valid_from,
            one.valid_to,
            _REVOKED if one.revoked else _ACTIVE,
        ]
        for one in signed.issuers
    ]
    body = cbor.dumps([FORMAT, signed.municipality, signed.number, rows])
    return PREFIX + base45.encode(cbor.dumps([body, root.sign(DOMAIN + body)]))


def read(text: str, root_key: bytes) -> SignedList:
    """Read and check a list under the root key (32 bytes) of a desk's opening sheet.

    Raises:
        Malformed: `not_a_trust_list` for any other text; `bad_signature` when it was altered or is of
            another municipality; `unknown_format`; else `malformed`, `not_canonical`, `too_deep`,
            `too_large`.
    """
    if not isinstance(text, str) or not text.startswith(PREFIX):
        raise Malformed("not_a_trust_list", "this is not a trust list")
    letters = text.removeprefix(PREFIX)
    if len(letters) > MAX_LIST * 3 // 2:
        raise Malformed("too_large", f"more than {MAX_LIST} bytes")
    outer = cbor.loads(base45.decode(letters), limit=MAX_LIST)
    try:
        body, signature = outer
        if not isinstance(body, bytes) or not isinstance(signature, bytes):
            raise _malformed()
        Ed25519PublicKey.from_public_bytes(root_key).verify(signature, DOMAIN + body)
        value = cbor.loads(body, limit=MAX_LIST)
        if not isinstance(value, list) or not value or type(value[0]) is not int or value[0] != FORMAT:
            raise Malformed("unknown_format", "a trust list of another version")
        _, municipality, number, rows = value
        if not _is_code(municipality) or not _is_natural(number) or not isinstance(rows, list):
            raise _malformed()
        issuers = tuple(_issuer(*row) for row in rows)
    except InvalidSignature as error:
        raise Malformed(
            "bad_signature", "the trust list was altered, or is another municipality's"
        ) from error
    except (ValueError, TypeError) as error:
        raise _malformed() from error
    if len({one.kid for one in issuers}) != len(issuers):
        raise Malformed("malformed", "a key stands twice in the trust list")
    return SignedList(municipality, number, issuers)


def read_own(text: str, root_key: bytes, municipality: str) -> SignedList:
    """Read a list for a desk or an HQ of this municipality.

    Raises:
        Malformed: as `read`; `bad_signature` also when the root signed it in another municipality's name.
    """
    signed = read(text, root_key)
    if signed.municipality != municipality:
        raise Malformed("bad_signature", "a trust list of another municipality")
    return signed


def number_of(text: str) -> int:
    """The number that a list says it has, for whoever only carries it: nothing else of it is checked.

    Raises:
        Malformed: as `read`, but for the signature.
    """
    if not text.startswith(PREFIX) or len(text) > len(PREFIX) + MAX_LIST * 3 // 2:
        raise Malformed("not_a_trust_list", "this is not a trust list")
    try:
        body, _ = cbor.loads(base45.decode(text.removeprefix(PREFIX)), limit=MAX_LIST)
        number = cbor.loads(body, limit=MAX_LIST)[2]
    except (ValueError, TypeError, IndexError, KeyError) as error:
        raise _malformed() from error
    if not _is_natural(number):
        raise _malformed()
    return int(number)


def _issuer(
    issuer: object, algorithm: object, key: object, valid_from: object, valid_to: object, status: object
) -> Issuer:
    if (
        not isinstance(issuer, str)
        or not _is_code(issuer)
        or type(algorithm) is not int
        or not isinstance(key, bytes)
        or type(valid_from) is not int
        or type(valid_to) is not int
        or not _is_natural(valid_from)
        or not _is_natural(valid_to)
    ):
        raise _malformed()
    # A status of a later version is one this desk does not understand: it is safer not to believe the key.
    revoked = not (type(status) is int and status == _ACTIVE)
    one = Issuer(issuer, Algorithm(algorithm), key, valid_from, valid_to, revoked)
    public_key(one)
    return one


def _is_code(value: object) -> bool:
    return isinstance(value, str) and len(value) == 6 and value.isascii() and value.isdecimal()


def _is_natural(value: object) -> bool:
    return type(value) is int and 0 <= value < _MAX_TIME


def _malformed() -> Malformed:
    return Malformed("malformed", "not a trust list")


def believed(sheet: Sequence[Issuer], lists: Iterable[SignedList]) -> tuple[Issuer, ...]:
    """The issuers that count: those of the opening sheet, as the newest list has them, and what it adds.

    A key that the list does not name stays as the sheet had it: one is withdrawn in words (revoked), never
    by silence, so that a list cut short turns no family away.
    """
    newest = max(lists, key=lambda one: one.number, default=None)
    if newest is None:
        return tuple(sheet)
    named = {one.kid for one in newest.issuers}
    return newest.issuers + tuple(one for one in sheet if one.kid not in named)


def to_row(issuer: Issuer) -> dict[str, Any]:
    """One issuer as a row of a trust file (JSON); `kid` is told for people and is not read back."""
    return {
        "issuer": issuer.issuer,
        "algorithm": _WORDS[issuer.algorithm],
        "key": issuer.key.hex(),
        "kid": issuer.kid.hex(),
        "valid_from": issuer.valid_from,
        "valid_to": issuer.valid_to,
        "revoked": issuer.revoked,
    }


def from_rows(value: object) -> tuple[Issuer, ...]:
    """The issuers of a trust file, whole and once each.

    Raises:
        Malformed: `malformed` for anything else.
    """
    if not isinstance(value, list):
        raise Malformed("malformed", "not a list of issuers")
    issuers = tuple(_from_row(row) for row in value)
    if len({one.kid for one in issuers}) != len(issuers):
        raise Malformed("malformed", "a key stands twice")
    return issuers


def _from_row(row: object) -> Issuer:
    try:
        if not isinstance(row, dict):
            raise _malformed()
        revoked = row.get("revoked", False)
        if not isinstance(revoked, bool) or str(row["algorithm"]) not in _FROM_WORD:
            raise _malformed()
        one = _issuer(
            row["issuer"],
            int(_FROM_WORD[row["algorithm"]]),
            bytes.fromhex(row["key"]),
            row.get("valid_from", 0),
            row.get("valid_to", 0),
            _ACTIVE,
        )
    except (KeyError, ValueError, TypeError) as error:
        raise Malformed("malformed", "not an issuer") from error
    return replace(one, revoked=revoked)
