"""Acts: what each kind of event says, as values, and how it is written into the two parts of an event.

The public part is a map with small integer keys (`Key`), enough to count and nothing that names. The
personal part is sealed. Both are listed in docs/formats/events.md; numbers never change their meaning.
Kinds this version does not know decode to `Unknown` and are kept and relayed.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.core import cbor
from kiosk.core.dates import BirthDate
from kiosk.core.household import (
    Household,
    Method,
    Mode,
    Need,
    Person,
    Relation,
    Sex,
    Stay,
    needs_from_bits,
    needs_to_bits,
)
from kiosk.core.ids import HOUSEHOLD_SIZE, PERSON_SIZE, HouseholdId, IncidentId, PersonId
from kiosk.core.sealing import MAX_PLAIN
from kiosk.errors import Malformed


class Key(enum.IntEnum):
    """Keys of the public part."""

    INCIDENT = 1
    MODE = 2
    HOUSEHOLD = 3
    PERSONS = 4
    METHOD = 5
    STAY = 6
    TIMING = 7
    COMMIT = 8
    """Microseconds the device's previous commit took: it is known only afterwards."""
    TARGET_DEVICE = 9
    TARGET_SEQ = 10
    VOLUNTARY = 11
    SIGN_KEY = 16
    TRANSPORT_KEY = 17
    AGREEMENT_KEY = 18
    WRAPPED_SEALING = 19
    SHELTER = 20
    SERIES = 21
    SOFTWARE = 22
    BEFORE = 23
    """The device id this laptop had before a restore."""


class Kind(enum.StrEnum):
    """The kinds this version writes."""

    DEVICE = "device"
    STAFF = "staff"
    INCIDENT = "incident"
    RECEIVE = "receive"
    VOID = "void"
    LEAVE = "leave"


_SEX_BITS = {Sex.UNKNOWN: 0, Sex.MALE: 1, Sex.FEMALE: 2, Sex.NOT_APPLICABLE: 3}
_SEX_FROM_BITS = {bits: sex for sex, bits in _SEX_BITS.items()}


@dataclass(frozen=True, slots=True)
class Tally:
    """One person in the public part: enough to count, one byte.

    Bits 0-1 sex (0 unknown, 1 male, 2 female, 3 not applicable), 2 infant, 3 care, 4 fever, 5 injury,
    6 device that needs power, 7 provisional (保護者確認待ち).
    """

    sex: Sex = Sex.UNKNOWN
    infant: bool = False
    care: bool = False
    fever: bool = False
    injury: bool = False
    power: bool = False
    provisional: bool = False

    @classmethod
    def of(cls, person: Person) -> Tally:
        """The countable part of a person."""
        return cls(
            person.sex,
            person.infant,
            person.care,
            Need.FEVER in person.needs,
            Need.INJURY in person.needs,
            Need.MEDICAL_POWER in person.needs,
        )

    def to_byte(self) -> int:
        """The byte."""
        flags = (self.infant, self.care, self.fever, self.injury, self.power, self.provisional)
        return _SEX_BITS[self.sex] | sum(flag << place for place, flag in enumerate(flags, 2))

    @classmethod
    def from_byte(cls, byte: int) -> Tally:
        """The inverse; every byte has a meaning."""
        return cls(_SEX_FROM_BITS[byte & 3], *(bool(byte >> place & 1) for place in range(2, 8)))


@dataclass(frozen=True, slots=True)
class Timing:
    """One intake's stopwatch, in milliseconds of the device's monotonic clock.

    `session` tells one run of the program from another (monotonic clocks start anywhere); `start` counts
    from the session's begin; `taken` from first sight to the hand-over to the ledger (the commit that
    follows is `Key.COMMIT` of the next event); `machine` is the part the program itself took.
    """

    session: int
    start: int
    taken: int
    machine: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a household was read from, to recognise it when it comes again.

    For a pass: issuer, household id in the pass and revision. For a card: the name and birth as read.
    Lives in the sealed part only.
    """

    method: Method
    issuer: str = ""
    key: bytes = b""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Receive:
    """受付: a household came."""

    mode: Mode
    incident: IncidentId | None
    method: Method
    household: Household
    number: str = ""
    source: Source | None = None
    timing: Timing | None = None
    staff: str = ""
    voluntary: bool = False


@dataclass(frozen=True, slots=True)
class ReceivePublic:
    """What anyone who holds the log can see of a reception."""

    mode: Mode
    incident: IncidentId | None
    method: Method
    household: HouseholdId
    persons: tuple[tuple[PersonId, Tally], ...]
    stay: Stay
    timing: Timing | None
    voluntary: bool


@dataclass(frozen=True, slots=True)
class Void:
    """取り消し: an event of this or another device is taken back by a person; the log keeps both."""

    mode: Mode
    incident: IncidentId | None
    household: HouseholdId
    target_device: bytes
    target_seq: int


@dataclass(frozen=True, slots=True)
class Leave:
    """退所: a household left for good."""

    mode: Mode
    incident: IncidentId | None
    household: HouseholdId


@dataclass(frozen=True, slots=True)
class Unknown:
    """A kind of a later version: stored, relayed, not counted."""

    kind: str


Act = Receive | Void | Leave
PublicAct = ReceivePublic | Void | Leave | Unknown


def public_part(act: Act) -> dict[int, Any]:
    """The public map of an act (without `Key.COMMIT`, which the ledger adds)."""
    part: dict[int, Any] = {Key.MODE: int(act.mode)}
    if act.incident is not None:
        part[Key.INCIDENT] = act.incident
    match act:
        case Receive():
            part[Key.HOUSEHOLD] = act.household.id
            part[Key.PERSONS] = b"".join(p.id + bytes([Tally.of(p).to_byte()]) for p in act.household.members)
            part[Key.METHOD] = int(act.method)
            part[Key.STAY] = int(act.household.stay)
            if act.timing is not None:
                part[Key.TIMING] = [
                    act.timing.session,
                    act.timing.start,
                    act.timing.taken,
                    act.timing.machine,
                ]
            if act.voluntary:
                part[Key.VOLUNTARY] = True
        case Void():
            part[Key.HOUSEHOLD] = act.household
            part[Key.TARGET_DEVICE] = act.target_device
            part[Key.TARGET_SEQ] = act.target_seq
        case Leave():
            part[Key.HOUSEHOLD] = act.household
    return part


def kind_of(act: Act) -> Kind:
    """The kind an act is written under."""
    return {Receive: Kind.RECEIVE, Void: Kind.VOID, Leave: Kind.LEAVE}[type(act)]


def read_public(kind: str, part: Mapping[int, Any]) -> PublicAct:
    """Read a public map.

    Raises:
        Malformed: `malformed` when a kind we know lacks what it must say.
    """
    reader = _READERS.get(kind)
    if reader is None:
        return Unknown(kind)
    try:
        return reader(part)
    except Malformed:
        raise
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise Malformed("malformed", f"the public part of a {kind} event") from error


def _sized(value: object, size: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != size:
        raise Malformed("malformed", "an identifier of the wrong size")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 53:
        raise Malformed("malformed", "a number out of range")
    return value


def _common(part: Mapping[int, Any]) -> tuple[Mode, IncidentId | None, HouseholdId]:
    incident = part.get(Key.INCIDENT)
    return (
        Mode(_count(part[Key.MODE])),
        None if incident is None else IncidentId(_sized(incident, 8)),
        HouseholdId(_sized(part[Key.HOUSEHOLD], HOUSEHOLD_SIZE)),
    )


def _read_receive(part: Mapping[int, Any]) -> ReceivePublic:
    mode, incident, household = _common(part)
    packed, width = part[Key.PERSONS], PERSON_SIZE + 1
    if not isinstance(packed, bytes) or len(packed) % width:
        raise Malformed("malformed", "persons")
    rows = [packed[place : place + width] for place in range(0, len(packed), width)]
    timing = part.get(Key.TIMING)
    if timing is not None and (not isinstance(timing, list) or len(timing) < 4):
        raise Malformed("malformed", "timing")
    return ReceivePublic(
        mode,
        incident,
        Method(_count(part[Key.METHOD])),
        household,
        tuple((PersonId(row[:PERSON_SIZE]), Tally.from_byte(row[PERSON_SIZE])) for row in rows),
        Stay(_count(part[Key.STAY])),
        None if timing is None else Timing(*(_count(number) for number in timing[:4])),
        bool(part.get(Key.VOLUNTARY, False)),
    )


def _read_void(part: Mapping[int, Any]) -> Void:
    mode, incident, household = _common(part)
    return Void(mode, incident, household, _sized(part[Key.TARGET_DEVICE], 16), _count(part[Key.TARGET_SEQ]))


def _read_leave(part: Mapping[int, Any]) -> Leave:
    return Leave(*_common(part))


_READERS: dict[str, Callable[[Mapping[int, Any]], PublicAct]] = {
    Kind.RECEIVE: _read_receive,
    Kind.VOID: _read_void,
    Kind.LEAVE: _read_leave,
}


class Personal(enum.IntEnum):
    """Keys of the personal part of a reception."""

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


def personal_part(act: Act, staff: str) -> bytes:
    """The canonical bytes to seal. Empty fields are not written."""
    if not isinstance(act, Receive):
        return cbor.dumps({int(Personal.STAFF): staff}) if staff else b""
    home = act.household
    part: dict[int, Any] = {
        Personal.PERSONS: [_person_row(person) for person in home.members],
        Personal.ABSENT: [[person.id, int(person.sex), *_person_row(person)] for person in home.absent],
        Personal.POSTCODE: home.postcode,
        Personal.ADDRESS: home.address,
        Personal.PHONE: home.phone,
        Personal.SECRECY: home.secrecy,
        Personal.NOTE: home.note,
        Personal.NUMBER: act.number,
        Personal.STAFF: staff,
    }
    if act.source is not None:
        part[Personal.SOURCE] = [
            int(act.source.method),
            act.source.issuer,
            act.source.key,
            act.source.revision,
        ]
    if not any(part[Personal.PERSONS]):  # nothing is known of anybody
        del part[Personal.PERSONS]
    return cbor.dumps({int(key): value for key, value in part.items() if value})


def _person_row(person: Person) -> list[Any]:
    """Shortest spelling: trailing empty fields are left out."""
    row: list[Any] = [
        person.name or "",
        person.kana or "",
        person.birth.to_int() if person.birth else 0,
        int(person.relation),
        needs_to_bits(person.needs),
        person.note,
    ]
    while row and not row[-1]:
        row.pop()
    return row


def _person(identity: PersonId, sex: Sex, row: list[Any]) -> Person:
    empty: list[Any] = ["", "", 0, 0, 0, ""]
    name, kana, birth, relation, needs, note = [*row[:6], *empty[len(row) :]]
    return Person(
        identity,
        _text(name) or None,
        _text(kana) or None,
        BirthDate.from_int(_count(birth)) if birth else None,
        sex,
        Relation(relation),
        needs_from_bits(needs),
        _text(note),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("malformed", "something else where a text belongs")
    return value


def _source(row: list[Any]) -> Source:
    method, issuer, key, revision = row[:4]
    if not isinstance(key, bytes):
        raise Malformed("malformed", "something else where a key belongs")
    return Source(Method(method), _text(issuer), key, _count(revision))


@dataclass(frozen=True, slots=True)
class PersonalReceive:
    """The opened personal part of a reception, joined with its public part."""

    household: Household
    number: str
    source: Source | None
    staff: str


def read_personal(public: ReceivePublic, plain: bytes) -> PersonalReceive:
    """Join an opened personal part with its public part.

    Raises:
        Malformed: `malformed` or `not_canonical`.
    """
    part = cbor.loads(plain, limit=MAX_PLAIN) if plain else {}
    try:
        rows: list[list[Any]] = part.get(Personal.PERSONS) or [[] for _ in public.persons]
        source = part.get(Personal.SOURCE)
        return PersonalReceive(
            Household(
                public.household,
                tuple(
                    _person(identity, tally.sex, row)
                    for (identity, tally), row in zip(public.persons, rows, strict=True)
                ),
                _text(part.get(Personal.POSTCODE, "")),
                _text(part.get(Personal.ADDRESS, "")),
                _text(part.get(Personal.PHONE, "")),
                public.stay,
                bool(part.get(Personal.SECRECY, False)),
                _text(part.get(Personal.NOTE, "")),
                tuple(
                    _person(PersonId(_sized(row[0], PERSON_SIZE)), Sex(row[1]), row[2:])
                    for row in part.get(Personal.ABSENT, [])
                ),
            ),
            _text(part.get(Personal.NUMBER, "")),
            None if source is None else _source(source),
            _text(part.get(Personal.STAFF, "")),
        )
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise Malformed("malformed", "the personal part of a reception") from error
