"""The household pass `ESR1:`: a household signed by its city, small enough for one QR code.

    ESR1: + Base45( COSE_Sign1, tag 18 )        payload = raw deflate( canonical CBOR claims )

docs/formats/pass.md is the whole format. The order of work is the safety of it: size, structure, issuer,
signature, and only then inflating and reading. What comes from a camera is refused by a returned value;
a text that may hold a My Number is refused without being kept. This module knows no camera, no screen and
no clock, and never decides whether a household was here before.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

import resources
from kiosk.core import base45, cbor, ids
from kiosk.core.acts import Source
from kiosk.core.dates import BirthDate
from kiosk.core.household import (
    NAME_GAP,
    Household,
    Method,
    Needs,
    Person,
    Relation,
    Sex,
    needs_from_bits,
    needs_to_bits,
)
from kiosk.core.ids import Randomness
from kiosk.core.trust import Algorithm, Issuer, TrustList
from kiosk.errors import KnownError, Malformed

PREFIX = "ESR1:"
SCHEMA = 1
DICTIONARY = 1
HOUSEHOLD_KEY_SIZE = 8
PASS_ID_SIZE = 8
SIGNATURE_SIZE = 64
MAX_TEXT = 7089
"""Characters: no QR code holds more."""
MAX_SIGNED = 4096
MAX_CLAIMS = 16 * 1024
MAX_MEMBERS = 40
MAX_CODE_TEXT = 970
"""Letters that fit a version 20 code at error correction M; a larger code is too fine for a webcam."""
EARLY_TOLERANCE = 300
"""Seconds by which an issuer's clock may be ahead of a desk's before a pass is marked as early."""

PublicKey: TypeAlias = Ed25519PublicKey | ec.EllipticCurvePublicKey
PrivateKey: TypeAlias = Ed25519PrivateKey | ec.EllipticCurvePrivateKey
Mark: TypeAlias = Literal["expired", "not_yet_valid"]
Refusal: TypeAlias = Literal[
    "unknown_issuer", "bad_signature", "malformed", "not_a_pass", "my_number_discarded"
]


@dataclass(frozen=True, slots=True)
class Member:
    """One person on a pass. None is "not known"; texts are exactly as signed."""

    family: str | None
    given: str | None
    family_kana: str | None = None
    given_kana: str | None = None
    birth: BirthDate | None = None
    sex: Sex = Sex.UNKNOWN
    relation: Relation = Relation.UNKNOWN
    needs: Needs = frozenset()
    note: str = ""

    @property
    def name(self) -> str | None:
        """Family and given name joined by U+3000, or what there is of them."""
        return _joined(self.family, self.given)

    @property
    def kana(self) -> str | None:
        """The same of the kana."""
        return _joined(self.family_kana, self.given_kana)


def _joined(family: str | None, given: str | None) -> str | None:
    return NAME_GAP.join(part for part in (family, given) if part is not None) or None


@dataclass(frozen=True, slots=True)
class PassHousehold:
    """A household as its city wrote it on the pass."""

    key: bytes
    """8 bytes, the household's own number with this issuer: the same on every pass it is given."""
    members: tuple[Member, ...]
    revision: int = 1
    """Rises with every new pass for this household; a lower one never overwrites a higher one."""
    postcode: str = ""
    address: str = ""
    phone: str = ""
    home_shelter: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A pass whose signature stands. Times are seconds since 1970."""

    issuer: str
    issued: int
    expires: int
    pass_id: bytes
    household: PassHousehold
    marks: tuple[Mark, ...] = ()
    """What staff should know; the household is received all the same, because a disaster outlasts an
    expiry and a kiosk's clock may be wrong."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Not a pass this desk can believe; ask the household instead."""

    code: Refusal


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


def verify(text: str, trust: TrustList, now: float) -> Accepted | Refused:
    """Check and read the text of a code; `now` is in seconds since 1970.

    Never raises, whatever the text, and keeps nothing of a text that may hold a My Number. A key whose
    validity does not cover the moment of issue, and a pass that names another issuer than its key's, are
    `unknown_issuer`.
    """
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        return Refused("not_a_pass")
    try:
        return _open(text, trust, now)
    except Malformed as error:
        if error.code in _BELIEF:
            return Refused(_BELIEF[error.code])
        if holds_my_number(text):
            return Refused("my_number_discarded")
        return Refused("malformed" if text.startswith(PREFIX) else "not_a_pass")


_BELIEF: dict[str, Refusal] = {"unknown_issuer": "unknown_issuer", "bad_signature": "bad_signature"}
"""Refusals of a text that is formed like a pass: its signed bytes are no My Number in the clear."""


def _open(text: str, trust: TrustList, now: float) -> Accepted:
    if not text.startswith(PREFIX):
        raise Malformed("not_a_pass", "not a household pass")
    sign1 = _Sign1.read(base45.decode(text.removeprefix(PREFIX)))
    issuer = trust.find(sign1.kid)
    if issuer is None:
        raise _unknown_issuer()
    if issuer.algorithm is not sign1.algorithm or not sign1.is_signed_by(public_key(issuer)):
        raise Malformed("bad_signature", "the signature does not fit")
    accepted = _read_claims(_inflate(sign1), now)
    if accepted.issuer != issuer.issuer or not _covers(issuer, accepted.issued):
        raise _unknown_issuer()
    return accepted


def _unknown_issuer() -> Malformed:
    return Malformed("unknown_issuer", "signed with a key that is not known here")


def open_cose_sign1(data: bytes, keys: Mapping[bytes, PublicKey]) -> bytes:
    """The signed payload, as it stands (a pass's is still packed), of one COSE_Sign1.

    Strict: tag 18 and no other, `alg` (ES256 or EdDSA) and `kid` in the protected header with at most
    our dictionary label beside them, an empty unprotected header, canonical CBOR, at most 4096 bytes.
    `keys` maps a `kid` to its public key.

    Raises:
        Malformed: `too_large`, `malformed`, `not_canonical`, `too_deep`; `unknown_issuer` for a `kid`
            without a key; `bad_signature`.
    """
    sign1 = _Sign1.read(data)
    key = keys.get(sign1.kid)
    if key is None:
        raise _unknown_issuer()
    if not sign1.is_signed_by(key):
        raise Malformed("bad_signature", "the signature does not fit")
    return sign1.payload


def issue(
    household: PassHousehold, key: IssuerKey, *, issued: int, expires: int, randomness: Randomness
) -> str:
    """The text of a pass. Times are seconds since 1970; `randomness` gives the pass's own id.

    Raises:
        Malformed: for a household that `verify` would refuse (`malformed`).
        KnownError: `my_number_discarded` for a text with a 12-digit number in it; `pass_too_large` when
            the code would be finer than a webcam can be expected to read.
    """
    members = household.members
    texts = [household.address, *(part for m in members for part in (m.name, m.kana, m.note) if part)]
    if any(holds_my_number(part) for part in texts):
        raise KnownError(
            "my_number_discarded",
            "12けたの 番号は 受付証に 入れられません。",
            "a pass never holds a 12-digit number, which could be a My Number",
        )
    claims = cbor.dumps(
        {
            _Claim.ISS: key.issuer,
            _Claim.EXP: expires,
            _Claim.IAT: issued,
            _Claim.CTI: randomness(PASS_ID_SIZE),
            _Claim.HOUSEHOLD: _household_row(household),
        }
    )
    _read_claims(claims, issued)  # nothing is ever signed that would not be accepted
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, _dictionary(DICTIONARY))
    payload = packer.compress(claims) + packer.flush()
    trusted = key.trusted()
    protected = cbor.dumps(
        {_Header.ALG: int(trusted.algorithm), _Header.KID: trusted.kid, _Header.DICTIONARY: DICTIONARY}
    )
    signature = key.sign(_to_be_signed(protected, payload))
    text = PREFIX + base45.encode(_TAG + cbor.dumps([protected, {}, payload, signature]))
    if len(text) > MAX_CODE_TEXT:
        raise KnownError(
            "pass_too_large",
            "内容が 多くて 1つの コードに 入りません。メモを 短く してください。",
            "too much for one code: shorten the notes",
        )
    return text


def to_household(accepted: Accepted, randomness: Randomness) -> tuple[Household, Source]:
    """The household as the desk receives it, under fresh ids, and where it was read from."""
    home = accepted.household
    members = tuple(
        Person(
            ids.new_person(randomness),
            member.name,
            member.kana,
            member.birth,
            member.sex,
            member.relation,
            member.needs,
            member.note,
        )
        for member in home.members
    )
    household = Household(ids.new_household(randomness), members, home.postcode, home.address, home.phone)
    return household, Source(Method.APP, accepted.issuer, home.key, home.revision)


_GAP = r"[\W_]{0,3}"
_SPACED = r"[\W_]{1,3}"
_MY_NUMBER = re.compile(
    rf"(?<!\d)(?:\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}|\d{{6}}{_GAP}\d{{6}}|\d{{3}}(?:{_SPACED}\d{{3}}){{3}}"
    rf"|\d{{2}}(?:{_SPACED}\d{{2}}){{5}}|\d(?:{_SPACED}\d){{11}})(?!\d)"
)


def holds_my_number(text: str) -> bool:
    """Whether twelve digits stand alone in `text`, together or in equal groups, in any script's digits.

    The back of a My Number card carries the number in a QR code, and staff may not collect it. The check
    digit is not asked: a number that is none costs nothing when it is dropped.
    """
    return _MY_NUMBER.search(text) is not None


# --- COSE_Sign1 (RFC 9052, section 4.2) ---------------------------------------------------------------

_TAG = b"\xd2"
"""Tag 18 in its one canonical spelling."""


class _Header:
    ALG, KID, DICTIONARY = 1, 4, -65537


class _Claim:
    ISS, EXP, IAT, CTI, HOUSEHOLD = 1, 4, 6, 7, -65537


@dataclass(frozen=True, slots=True)
class _Sign1:
    """The parts of one COSE_Sign1, well formed and not yet believed."""

    protected: bytes
    algorithm: Algorithm
    kid: bytes
    dictionary: int | None
    payload: bytes
    signature: bytes

    @classmethod
    def read(cls, data: bytes) -> _Sign1:
        if len(data) > MAX_SIGNED:
            raise Malformed("too_large", f"more than {MAX_SIGNED} bytes")
        if data[:1] != _TAG:
            raise Malformed("malformed", "not a tagged COSE_Sign1")
        parts = cbor.loads(bytes(data[1:]), limit=MAX_SIGNED)
        if not isinstance(parts, list) or len(parts) != 4:
            raise Malformed("malformed", "not a COSE_Sign1")
        protected, unprotected, payload, signature = parts
        if unprotected != {} or any(not isinstance(part, bytes) for part in (protected, payload, signature)):
            raise Malformed("malformed", "a part of the COSE_Sign1 is of the wrong kind")
        header = cbor.loads(protected, limit=MAX_SIGNED, depth=1)
        if not isinstance(header, dict) or any(type(label) is not int for label in header):
            raise Malformed("malformed", "the protected header is not a map of numbered labels")
        if not {_Header.ALG, _Header.KID} <= header.keys() <= {_Header.ALG, _Header.KID, _Header.DICTIONARY}:
            raise Malformed("malformed", "the protected header holds other labels than it must")
        alg, kid, dictionary = header[_Header.ALG], header[_Header.KID], header.get(_Header.DICTIONARY)
        if type(alg) is not int or alg not in tuple(Algorithm):
            raise Malformed("malformed", "an algorithm that is not allowed")
        if not isinstance(kid, bytes) or not (dictionary is None or type(dictionary) is int):
            raise Malformed("malformed", "a label of the protected header is of the wrong kind")
        if len(signature) != SIGNATURE_SIZE:
            raise Malformed("malformed", "a signature of the wrong size")
        return cls(protected, Algorithm(alg), kid, dictionary, payload, signature)

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


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor.dumps(["Signature1", protected, b"", payload])


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


def _covers(issuer: Issuer, moment: int) -> bool:
    return issuer.valid_from <= moment and (not issuer.valid_to or moment <= issuer.valid_to)


# --- the claims ---------------------------------------------------------------------------------------


@functools.cache
def _dictionary(number: int) -> bytes:
    return resources.read_bytes(f"dictionaries/pass-{number}.dict")


def _inflate(sign1: _Sign1) -> bytes:
    if sign1.dictionary != DICTIONARY:
        raise Malformed("malformed", "packed with another dictionary")
    reader = zlib.decompressobj(-15, _dictionary(DICTIONARY))
    try:
        claims = reader.decompress(sign1.payload, MAX_CLAIMS + 1)
    except zlib.error as error:
        raise Malformed("malformed", "bad compression") from error
    if len(claims) > MAX_CLAIMS:
        raise Malformed("too_large", f"more than {MAX_CLAIMS} bytes inside")
    if not reader.eof or reader.unused_data:
        raise Malformed("malformed", "bad compression")
    return claims


_EPOCH = dt.date(1900, 1, 1)
_LAST_DAY = (dt.date(2200, 12, 31) - _EPOCH).days
_MAX_TIME = 1 << 40
_MUNICIPALITY = re.compile(r"\d{6}", re.ASCII)
_POSTCODE = re.compile(r"(\d{7})?", re.ASCII)
_HIDDEN = frozenset("\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction or the line: on a screen they could make one name look like another."""


def _read_claims(data: bytes, now: float) -> Accepted:
    claims = cbor.loads(data, limit=MAX_CLAIMS)
    wanted = {_Claim.ISS, _Claim.EXP, _Claim.IAT, _Claim.CTI, _Claim.HOUSEHOLD}
    if not isinstance(claims, dict) or claims.keys() != wanted or any(type(key) is not int for key in claims):
        raise Malformed("malformed", "not the claims of a pass")
    issuer, pass_id = claims[_Claim.ISS], claims[_Claim.CTI]
    issued, expires = (_number(claims[key], _MAX_TIME) for key in (_Claim.IAT, _Claim.EXP))
    if not isinstance(issuer, str) or not _MUNICIPALITY.fullmatch(issuer) or expires <= issued:
        raise Malformed("malformed", "an issuer or a validity that can not be")
    marks: list[Mark] = []
    if now > expires:
        marks.append("expired")
    if now < issued - EARLY_TOLERANCE:
        marks.append("not_yet_valid")
    household = _read_household(claims[_Claim.HOUSEHOLD])
    return Accepted(issuer, issued, expires, _sized(pass_id, PASS_ID_SIZE), household, tuple(marks))


def _household_row(household: PassHousehold) -> list[Any]:
    return [
        SCHEMA,
        household.key,
        household.revision,
        household.postcode,
        household.address,
        household.phone,
        household.home_shelter,
        [_member_row(member) for member in household.members],
    ]


def _read_household(row: Any) -> PassHousehold:  # noqa: ANN401 - what CBOR gave
    """Items after the known ones are of a later version and are ignored."""
    if not isinstance(row, list) or len(row) < 8 or row[0] != SCHEMA or type(row[0]) is not int:
        raise Malformed("malformed", "a household of another schema")
    _, key, revision, postcode, address, phone, home_shelter, members = row[:8]
    if not isinstance(members, list) or not 1 <= len(members) <= MAX_MEMBERS:
        raise Malformed("malformed", "a household without members, or with too many")
    if not _POSTCODE.fullmatch(_text(postcode, 7)):
        raise Malformed("malformed", "a postcode that can not be")
    return PassHousehold(
        _sized(key, HOUSEHOLD_KEY_SIZE),
        tuple(_read_member(member) for member in members),
        _number(revision, 1 << 32),
        postcode,
        _text(address, 200),
        _text(phone, 32),
        _text(home_shelter, 32),
    )


def _member_row(member: Member) -> list[Any]:
    row = [
        member.family,
        member.given,
        member.family_kana,
        member.given_kana,
        _birth_value(member.birth),
        int(member.sex),
        int(member.relation),
        needs_to_bits(member.needs),
    ]
    return [*row, member.note] if member.note else row


def _read_member(row: Any) -> Member:  # noqa: ANN401 - what CBOR gave
    if not isinstance(row, list) or len(row) < 8:
        raise Malformed("malformed", "not a member of a household")
    family, given, family_kana, given_kana = (_name(part) for part in row[:4])
    sex, relation = _number(row[5], 10), _number(row[6], 1 << 16)
    if sex not in tuple(Sex):
        raise Malformed("malformed", "a sex that ISO 5218 does not know")
    return Member(
        family,
        given,
        family_kana,
        given_kana,
        _read_birth(row[4]),
        Sex(sex),
        # A relation of a later version is one this desk can not name: no reason to turn anyone away.
        Relation(relation) if relation in tuple(Relation) else Relation.UNKNOWN,
        needs_from_bits(_number(row[7], 1 << 53)),
        _text(row[8], 200) if len(row) > 8 else "",
    )


def _birth_value(birth: BirthDate | None) -> int | list[int] | None:
    if birth is None:
        return None
    if birth.month and birth.day and birth.year >= _EPOCH.year:
        return (dt.date(birth.year, birth.month, birth.day) - _EPOCH).days
    return [birth.year, birth.month, birth.day]


def _read_birth(value: Any) -> BirthDate | None:  # noqa: ANN401 - what CBOR gave
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 3:
        birth = BirthDate(*(_number(part, 10_000) for part in value))
        if _birth_value(birth) != value:
            raise Malformed("malformed", "a full date is written as one number")
        return birth
    day = _EPOCH + dt.timedelta(days=_number(value, _LAST_DAY + 1))
    return BirthDate(day.year, day.month, day.day)


def _number(value: Any, below: int) -> int:  # noqa: ANN401 - what CBOR gave
    if type(value) is not int or not 0 <= value < below:
        raise Malformed("malformed", "a number out of range")
    return value


def _sized(value: Any, size: int) -> bytes:  # noqa: ANN401 - what CBOR gave
    if not isinstance(value, bytes) or len(value) != size:
        raise Malformed("malformed", "an identifier of the wrong size")
    return value


def _text(value: Any, limit: int) -> str:  # noqa: ANN401 - what CBOR gave
    if not isinstance(value, str) or len(value) > limit:
        raise Malformed("malformed", "not a text, or too long")
    if any(letter in _HIDDEN or unicodedata.category(letter) in ("Cc", "Cs") for letter in value):
        raise Malformed("malformed", "a text with control characters")
    return value


def _name(value: Any) -> str | None:  # noqa: ANN401 - what CBOR gave
    if value is None:
        return None
    if not _text(value, 80) or value != value.strip(NAME_GAP):
        raise Malformed("malformed", "an empty name")
    return str(value)
