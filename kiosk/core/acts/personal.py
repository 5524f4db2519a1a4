"""The personal part of an act: a map with small integer keys, to be sealed.

Listed in docs/formats/events.md; numbers never change their meaning. Whatever a strange device sealed,
reading it ends in values of the right kind or in `Malformed`.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.core import cbor
from kiosk.core.acts.public import natural, sized
from kiosk.core.acts.values import (
    Act,
    Amend,
    AmendPublic,
    Away,
    EventId,
    Join,
    JoinPublic,
    Leave,
    Move,
    Note,
    Receive,
    ReceivePublic,
    Source,
    Tallies,
    Topic,
)
from kiosk.core.dates import BirthDate
from kiosk.core.household import (
    Consent,
    Household,
    Method,
    Person,
    Pet,
    PetKind,
    Relation,
    Sex,
    Stay,
    needs_from_bits,
    needs_to_bits,
)
from kiosk.core.ids import DEVICE_SIZE, HOUSEHOLD_SIZE, PERSON_SIZE, HouseholdId, PersonId
from kiosk.core.sealing import MAX_PLAIN
from kiosk.errors import Malformed

MAX_AGE = 150


class Personal(enum.IntEnum):
    """Keys of the personal part."""

    PERSONS = 1
    ABSENT = 2
    POSTCODE = 3
    ADDRESS = 4
    PHONE = 5
    SECRECY = 6
    NOTE = 7
    NUMBER = 8
    SOURCE = 9
    STAFF = 10
    NO_ADDRESS = 11
    AREA = 12
    PETS = 13
    LANGUAGES = 14
    EMBASSY = 15
    CONSENT = 16
    DESTINATION = 17
    REASON = 18
    TOPIC = 19
    ACTION = 20
    ABOUT = 21
    CLEARS = 22
    PERSON = 23
    TOKEN = 24
    STAY = 25
    """In views only: an event says it in its public part."""
    SUPPLIES = 26
    """As STAY."""


# -- writing ---------------------------------------------------------------------------------------------


def personal_part(act: Act, staff: str) -> bytes:
    """The canonical bytes to seal; empty when there is nothing to say. Empty fields are not written."""
    part: dict[int, Any] = {}
    match act:
        case Receive():
            part = _household_part(act.household) | {
                Personal.NUMBER: act.number,
                Personal.SOURCE: None if act.source is None else _source_row(act.source),
            }
        case Amend():
            part = _household_part(act.household)
        case Join():
            part = {Personal.PERSONS: _rows(act.members)}
        case Leave() | Away() | Move():
            part = {Personal.DESTINATION: act.destination}
        case Note():
            part = {
                Personal.TOPIC: int(act.topic or 0),
                Personal.ACTION: act.action,
                Personal.REASON: act.reason,
                Personal.ABOUT: list(act.about),
                Personal.CLEARS: [[device, seq] for device, seq in act.clears],
                Personal.PERSON: act.person,
                Personal.TOKEN: act.token,
            }
        case _:
            pass
    part[Personal.STAFF] = staff
    written = {int(key): value for key, value in part.items() if value}
    return cbor.dumps(written) if written or isinstance(act, Receive) else b""


def _household_part(home: Household) -> dict[int, Any]:
    return {
        Personal.PERSONS: _rows(home.members),
        Personal.ABSENT: _identified(home.absent),
        Personal.POSTCODE: home.postcode,
        Personal.ADDRESS: home.address,
        Personal.PHONE: home.phone,
        Personal.SECRECY: home.secrecy,
        Personal.NOTE: home.note,
        Personal.NO_ADDRESS: home.no_address,
        Personal.AREA: home.area,
        Personal.PETS: [[int(pet.kind), pet.number] for pet in home.pets],
        Personal.LANGUAGES: list(home.languages),
        Personal.EMBASSY: home.embassy,
        Personal.CONSENT: int(home.consent),
    }


def _rows(people: Iterable[Person]) -> list[list[Any]]:
    rows = [_person_row(person) for person in people]
    return rows if any(rows) else []  # nothing is known of anybody


def _identified(people: Iterable[Person]) -> list[list[Any]]:
    return [[person.id, int(person.sex), *_person_row(person)] for person in people]


def _person_row(person: Person) -> list[Any]:
    """Shortest spelling: trailing empty fields are left out. An age is written one higher: 0 is unknown."""
    row: list[Any] = [
        person.name or "",
        person.kana or "",
        person.birth.to_int() if person.birth else 0,
        int(person.relation),
        needs_to_bits(person.needs),
        person.note,
        0 if person.age is None else person.age + 1,
        int(person.provisional),
    ]
    while row and not row[-1]:
        row.pop()
    return row


def _source_row(source: Source) -> list[Any]:
    return [int(source.method), source.issuer, source.key, source.revision]


def pack_card(home: Household) -> bytes:
    """A household's card for the views: the personal part with the ids of its members."""
    part = _household_part(home) | {
        Personal.PERSONS: _identified(home.members),
        Personal.STAY: int(home.stay),
        Personal.SUPPLIES: home.supplies,
    }
    return cbor.dumps({int(key): value for key, value in part.items() if value})


def unpack_card(household: HouseholdId, packed: bytes) -> Household:
    """The inverse of `pack_card`, for what stood in a view of ours.

    The cipher vouches for it and we wrote it, so nothing is checked again: a keystroke opens fifty of these.
    """
    part: dict[int, Any] = cbor.loads_own(packed)
    said = part.get
    return Household(
        household,
        tuple([_own_person(*row) for row in said(_PERSONS, ())]),
        said(_POSTCODE, ""),
        said(_ADDRESS, ""),
        said(_PHONE, ""),
        _STAYS[part[_STAY]],
        _SECRECY in part,
        said(_NOTE, ""),
        tuple([_own_person(*row) for row in said(_ABSENT, ())]),
        _NO_ADDRESS in part,
        said(_AREA, ""),
        tuple([Pet(PetKind(kind), number) for kind, number in said(_PETS, ())]),
        tuple(said(_LANGUAGES, ())),
        said(_EMBASSY, ""),
        _CONSENTS[said(_CONSENT, 0)],
        said(_SUPPLIES, 0),
    )


def _own_person(  # noqa: PLR0913, PLR0917 - a row of `_identified`, as it lies in the card
    identity: bytes,
    sex: int,
    name: str = "",
    kana: str = "",
    birth: int = 0,
    relation: int = 0,
    needs: int = 0,
    note: str = "",
    age: int = 0,
    provisional: int = 0,
) -> Person:
    return Person(
        PersonId(identity),
        name or None,
        kana or None,
        _birth(birth) if birth else None,
        _SEXES[sex],
        _RELATIONS[relation],
        needs_from_bits(needs),
        note,
        age - 1 if age else None,
        provisional != 0,
    )


# Asking an enumeration for a member, or for one of its values, costs more than reading the card.
_PERSONS = int(Personal.PERSONS)
_ABSENT = int(Personal.ABSENT)
_POSTCODE = int(Personal.POSTCODE)
_ADDRESS = int(Personal.ADDRESS)
_PHONE = int(Personal.PHONE)
_SECRECY = int(Personal.SECRECY)
_NOTE = int(Personal.NOTE)
_NO_ADDRESS = int(Personal.NO_ADDRESS)
_AREA = int(Personal.AREA)
_PETS = int(Personal.PETS)
_LANGUAGES = int(Personal.LANGUAGES)
_EMBASSY = int(Personal.EMBASSY)
_CONSENT = int(Personal.CONSENT)
_STAY = int(Personal.STAY)
_SUPPLIES = int(Personal.SUPPLIES)
_STAYS = {int(stay): stay for stay in Stay}
_SEXES = {int(sex): sex for sex in Sex}
_RELATIONS = {int(relation): relation for relation in Relation}
_CONSENTS = {int(consent): consent for consent in Consent}


# -- reading ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonalPart:
    """The opened personal part of an act, joined with its public part.

    `household` is what a reception or an amendment says; `members` whoever the act tells something of.
    """

    household: Household | None = None
    members: tuple[Person, ...] = ()
    number: str = ""
    source: Source | None = None
    staff: str = ""
    destination: str = ""
    topic: Topic | None = None
    action: str = ""
    reason: str = ""
    about: tuple[bytes, ...] = ()
    clears: tuple[EventId, ...] = ()
    person: PersonId | None = None
    token: bytes = b""


def part_of(act: Act, staff: str) -> PersonalPart:
    """The personal part of an act at hand, as `read_personal` gives it back."""
    match act:
        case Receive():
            return PersonalPart(act.household, act.household.members, act.number, act.source, staff)
        case Amend():
            return PersonalPart(act.household, act.household.members, staff=staff)
        case Join():
            return PersonalPart(members=act.members, staff=staff)
        case Leave() | Away() | Move():
            return PersonalPart(staff=staff, destination=act.destination)
        case Note():
            return PersonalPart(
                staff=staff,
                topic=act.topic,
                action=act.action,
                reason=act.reason,
                about=act.about,
                clears=act.clears,
                person=act.person,
                token=act.token,
            )
        case _:
            return PersonalPart(staff=staff)


def read_personal(public: object, plain: bytes) -> PersonalPart:
    """Join an opened personal part with its public part (what `read_public` gave).

    Raises:
        Malformed: `malformed` or `not_canonical`.
    """
    part = cbor.loads(plain, limit=MAX_PLAIN) if plain else {}
    try:
        return _read(public, part)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise Malformed("malformed", "the personal part of an event") from error


def _read(public: object, part: Mapping[int, Any]) -> PersonalPart:
    household: Household | None = None
    members: tuple[Person, ...] = ()
    if isinstance(public, ReceivePublic | AmendPublic | JoinPublic):
        members = _joined(public.persons, part)
    if isinstance(public, ReceivePublic | AmendPublic):
        household = _household(public.household, part, members, public.stay, public.supplies)
    source, topic, person = (part.get(key) for key in (Personal.SOURCE, Personal.TOPIC, Personal.PERSON))
    return PersonalPart(
        household,
        members,
        _text(part, Personal.NUMBER),
        None if source is None else _source(source),
        _text(part, Personal.STAFF),
        _text(part, Personal.DESTINATION),
        Topic(topic) if topic in set(Topic) else None,
        _text(part, Personal.ACTION),
        _text(part, Personal.REASON),
        tuple(sized(one, HOUSEHOLD_SIZE) for one in part.get(Personal.ABOUT, [])),
        tuple((sized(row[0], DEVICE_SIZE), natural(row[1])) for row in part.get(Personal.CLEARS, [])),
        None if person is None else PersonId(sized(person, PERSON_SIZE)),
        _bytes(part.get(Personal.TOKEN, b"")),
    )


def _joined(persons: Tallies, part: Mapping[int, Any]) -> tuple[Person, ...]:
    rows = part.get(Personal.PERSONS) or [[] for _ in persons]
    return tuple(
        _person(identity, tally.sex, row) for (identity, tally), row in zip(persons, rows, strict=True)
    )


def _household(
    identity: HouseholdId, part: Mapping[int, Any], members: tuple[Person, ...], stay: Stay, supplies: int
) -> Household:
    return Household(
        identity,
        members,
        _text(part, Personal.POSTCODE),
        _text(part, Personal.ADDRESS),
        _text(part, Personal.PHONE),
        stay,
        bool(part.get(Personal.SECRECY, False)),
        _text(part, Personal.NOTE),
        _read_identified(part, Personal.ABSENT),
        bool(part.get(Personal.NO_ADDRESS, False)),
        _text(part, Personal.AREA),
        tuple(Pet(PetKind(kind), natural(number)) for kind, number, *_ in part.get(Personal.PETS, [])),
        tuple(_checked(language) for language in part.get(Personal.LANGUAGES, [])),
        _text(part, Personal.EMBASSY),
        Consent(natural(part.get(Personal.CONSENT, 0))),
        natural(supplies),
    )


def _read_identified(part: Mapping[int, Any], key: Personal) -> tuple[Person, ...]:
    return tuple(
        _person(PersonId(sized(row[0], PERSON_SIZE)), Sex(row[1]), row[2:]) for row in part.get(key, [])
    )


def _person(identity: PersonId, sex: Sex, row: list[Any]) -> Person:
    empty: list[Any] = ["", "", 0, 0, 0, "", 0, 0]
    name, kana, birth, relation, needs, note, age, provisional = [*row[:8], *empty[len(row) :]]
    if natural(age) > MAX_AGE + 1:
        raise Malformed("malformed", "an age")
    return Person(
        identity,
        _checked(name) or None,
        _checked(kana) or None,
        _birth(natural(birth)) if birth else None,
        sex,
        Relation(relation),
        needs_from_bits(needs),
        _checked(note),
        age - 1 if age else None,
        bool(provisional),
    )


_birth = functools.lru_cache(2048)(BirthDate.from_int)
"""A roster's rows hold the same days again and again."""


def _checked(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("malformed", "something else where a text belongs")
    return value


def _text(part: Mapping[int, Any], key: Personal) -> str:
    return _checked(part.get(key, ""))


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise Malformed("malformed", "something else where a key belongs")
    return value


def _source(row: list[Any]) -> Source:
    method, issuer, key, revision = row[:4]
    return Source(Method(method), _checked(issuer), _bytes(key), natural(revision))
