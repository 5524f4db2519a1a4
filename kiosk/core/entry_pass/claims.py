"""What a pass says: the claims as plain values, and their one spelling in canonical CBOR.

Every rule of the tables in docs/formats/pass.md is here, for writing and for reading alike: nothing can be
signed that would not be read. It refuses to know signatures, compression and codes.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kiosk.core import cbor
from kiosk.core.dates import BirthDate
from kiosk.core.entry_pass.my_number import holds_my_number
from kiosk.core.entry_pass.packing import MAX_CLAIMS
from kiosk.core.household import (
    NAME_GAP,
    Needs,
    Relation,
    Sex,
    needs_from_bits,
    needs_to_bits,
)
from kiosk.errors import Malformed

SCHEMA = 1
HOUSEHOLD_KEY_SIZE = 8
PASS_ID_SIZE = 8
MAX_MEMBERS = 40


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
class Claims:
    """Everything that is signed. Times are seconds since 1970."""

    issuer: str
    issued: int
    expires: int
    pass_id: bytes
    household: PassHousehold


class _Claim:
    ISS, EXP, IAT, CTI, HOUSEHOLD = 1, 4, 6, 7, -65537


_ALL_CLAIMS = {_Claim.ISS, _Claim.EXP, _Claim.IAT, _Claim.CTI, _Claim.HOUSEHOLD}
_EPOCH = dt.date(1900, 1, 1)
_LAST_DAY = (dt.date(2200, 12, 31) - _EPOCH).days
_MAX_TIME = 1 << 40
_MUNICIPALITY = re.compile(r"\d{6}", re.ASCII)
_POSTCODE = re.compile(r"(\d{7})?", re.ASCII)
_ABROAD = re.compile(r"\+\d", re.ASCII)
HIDDEN = frozenset("\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction or the line: on a screen they could make one name look like another."""


def write(claims: Claims) -> bytes:
    """The bytes that are packed and signed.

    Raises:
        Malformed: as `read`, for claims that `read` would refuse.
    """
    data = cbor.dumps(
        {
            _Claim.ISS: claims.issuer,
            _Claim.EXP: claims.expires,
            _Claim.IAT: claims.issued,
            _Claim.CTI: claims.pass_id,
            _Claim.HOUSEHOLD: _household_row(claims.household),
        }
    )
    read(data)  # nothing is ever signed that would not be accepted
    return data


def read(data: bytes) -> Claims:
    """The claims in inflated bytes.

    Raises:
        Malformed: `malformed`, `not_canonical`, `too_deep`, `too_large`; `my_number_discarded` when a
            text holds twelve digits that could be a My Number.
    """
    claims = cbor.loads(data, limit=MAX_CLAIMS)
    if (
        not isinstance(claims, dict)
        or claims.keys() != _ALL_CLAIMS
        or any(type(k) is not int for k in claims)
    ):
        raise Malformed("malformed", "not the claims of a pass")
    issuer = claims[_Claim.ISS]
    issued, expires = (_number(claims[key], _MAX_TIME) for key in (_Claim.IAT, _Claim.EXP))
    if not isinstance(issuer, str) or not _MUNICIPALITY.fullmatch(issuer) or expires <= issued:
        raise Malformed("malformed", "an issuer or a validity that can not be")
    household = _read_household(claims[_Claim.HOUSEHOLD])
    if any(holds_my_number(text) for text in _texts(household)):
        raise Malformed("my_number_discarded", "a text that may hold a My Number")
    return Claims(issuer, issued, expires, _sized(claims[_Claim.CTI], PASS_ID_SIZE), household)


def _texts(household: PassHousehold) -> Iterator[str]:
    """Every text in which someone could have written a My Number, joined as a desk would show it."""
    yield household.address
    # +81 90 1234 5678 has twelve digits too, and says what it is; so has many a shelter's id.
    if not _ABROAD.match(household.phone):
        yield household.phone
    for member in household.members:
        yield from (part for part in (member.name, member.kana, member.note) if part)


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
        # A name beside its reading: the family's repeats as one piece, and common ones are in the dictionary.
        member.family,
        member.family_kana,
        member.given,
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
    family, family_kana, given, given_kana = (_name(part) for part in row[:4])
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
    if any(letter in HIDDEN or unicodedata.category(letter) in ("Cc", "Cs") for letter in value):
        raise Malformed("malformed", "a text with control characters")
    return value


def _name(value: Any) -> str | None:  # noqa: ANN401 - what CBOR gave
    if value is None:
        return None
    if not _text(value, 80) or value != value.strip(NAME_GAP):
        raise Malformed("malformed", "an empty name")
    return str(value)
