"""The public part of an act: a map with small integer keys, enough to count and nothing that names.

Listed in docs/formats/events.md; numbers never change their meaning.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kiosk.core.acts.values import (
    Act,
    Amend,
    AmendPublic,
    Area,
    Away,
    Fullness,
    Join,
    JoinPublic,
    Kind,
    Leave,
    Merge,
    Move,
    Note,
    Opening,
    Presence,
    PublicAct,
    Receive,
    ReceivePublic,
    Return,
    Shelter,
    Tallies,
    Tally,
    Timing,
    Unknown,
    Void,
)
from kiosk.core.events import Event
from kiosk.core.household import Household, Method, Mode, Person, Stay
from kiosk.core.ids import (
    DEVICE_SIZE,
    HOUSEHOLD_SIZE,
    INCIDENT_SIZE,
    PERSON_SIZE,
    HouseholdId,
    IncidentId,
    PersonId,
    device_id,
)
from kiosk.errors import Malformed

MAX_COUNT = 1 << 53


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
    REMOVED = 12
    WHO = 13
    INTO = 14
    SAME = 15
    SIGN_KEY = 16
    TRANSPORT_KEY = 17
    AGREEMENT_KEY = 18
    WRAPPED_SEALING = 19
    SHELTER = 20
    SERIES = 21
    SOFTWARE = 22
    BEFORE = 23
    """The device id this laptop had before a restore."""
    SUPPLIES = 24
    OPENING = 25
    OPENED_AT = 26
    CLOSED_AT = 27
    CAPACITY = 28
    FULLNESS = 29
    STAFF = 30
    HELPERS = 31
    CHECKED_AT = 32
    AREAS = 33
    AGAIN = 34
    """Device and number of the event that this one says again: HQ has another one under them."""


_SHELTER_NUMBERS = {
    Key.OPENED_AT: "opened_at",
    Key.CLOSED_AT: "closed_at",
    Key.CAPACITY: "capacity",
    Key.STAFF: "staff",
    Key.HELPERS: "helpers",
    Key.CHECKED_AT: "checked_at",
}


# -- writing ---------------------------------------------------------------------------------------------


def public_part(act: Act) -> dict[int, Any]:  # noqa: C901 - one line or two for each kind, best read as a list
    """The public map of an act (without `Key.COMMIT`, which the ledger adds). Empty fields are left out."""
    part: dict[int, Any] = {Key.MODE: int(act.mode)}
    if act.incident is not None:
        part[Key.INCIDENT] = act.incident
    match act:
        case Receive():
            _write_household(part, act.household, voluntary=act.voluntary)
            part[Key.METHOD] = int(act.method)
            if act.timing is not None:
                timing = act.timing
                part[Key.TIMING] = [timing.session, timing.start, timing.taken, timing.machine]
        case Amend():
            _write_household(part, act.household, voluntary=act.voluntary)
            part[Key.REMOVED] = b"".join(act.removed)
        case Join():
            part[Key.HOUSEHOLD] = act.household
            part[Key.PERSONS] = _pack(act.members)
        case Leave() | Away() | Return() | Move():
            part[Key.HOUSEHOLD] = act.household
            part[Key.WHO] = b"".join(act.persons)
            if isinstance(act, Move):
                part[Key.SHELTER] = act.shelter
        case Merge():
            part[Key.HOUSEHOLD] = act.household
            part[Key.INTO] = act.into
            part[Key.SAME] = b"".join(mine + theirs for mine, theirs in act.same)
        case Void():
            part[Key.HOUSEHOLD] = act.household
            part[Key.TARGET_DEVICE] = act.target_device
            part[Key.TARGET_SEQ] = act.target_seq
        case Note():
            if act.household is not None:
                part[Key.HOUSEHOLD] = act.household
        case Shelter():
            part[Key.OPENING] = int(act.opening)
            part[Key.FULLNESS] = int(act.fullness)
            part |= {key: getattr(act, name) for key, name in _SHELTER_NUMBERS.items() if getattr(act, name)}
            part[Key.AREAS] = [[area.name, area.capacity] for area in act.areas]
    return {key: value for key, value in part.items() if key not in _LEFT_OUT or value}


_LEFT_OUT = frozenset({Key.REMOVED, Key.WHO, Key.SAME, Key.SHELTER, Key.SUPPLIES, Key.VOLUNTARY, Key.AREAS})


def _write_household(part: dict[int, Any], home: Household, *, voluntary: bool) -> None:
    part[Key.HOUSEHOLD] = home.id
    part[Key.PERSONS] = _pack(home.members)
    part[Key.STAY] = int(home.stay)
    part[Key.SUPPLIES] = home.supplies
    part[Key.VOLUNTARY] = voluntary


def _pack(people: Iterable[Person]) -> bytes:
    return b"".join(person.id + bytes([Tally.of(person).to_byte()]) for person in people)


# -- reading ---------------------------------------------------------------------------------------------


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


def sized(value: object, size: int) -> bytes:
    """An identifier of `size` bytes, or `Malformed`."""
    if not isinstance(value, bytes) or len(value) != size:
        raise Malformed("malformed", "an identifier of the wrong size")
    return value


def natural(value: object) -> int:
    """A whole number from 0, or `Malformed`."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MAX_COUNT:
        raise Malformed("malformed", "a number out of range")
    return value


def _circumstances(part: Mapping[int, Any]) -> tuple[Mode, IncidentId | None]:
    incident = part.get(Key.INCIDENT)
    return (
        Mode(natural(part[Key.MODE])),
        None if incident is None else IncidentId(sized(incident, INCIDENT_SIZE)),
    )


def _common(part: Mapping[int, Any]) -> tuple[Mode, IncidentId | None, HouseholdId]:
    return *_circumstances(part), HouseholdId(sized(part[Key.HOUSEHOLD], HOUSEHOLD_SIZE))


def _rows(packed: object, width: int) -> list[bytes]:
    if not isinstance(packed, bytes) or len(packed) % width:
        raise Malformed("malformed", "a list of persons")
    return [packed[place : place + width] for place in range(0, len(packed), width)]


def _tallies(part: Mapping[int, Any]) -> Tallies:
    rows = _rows(part[Key.PERSONS], PERSON_SIZE + 1)
    return tuple((PersonId(row[:PERSON_SIZE]), Tally.from_byte(row[PERSON_SIZE])) for row in rows)


def _persons(part: Mapping[int, Any], key: Key) -> tuple[PersonId, ...]:
    return tuple(PersonId(row) for row in _rows(part.get(key, b""), PERSON_SIZE))


def _read_receive(part: Mapping[int, Any]) -> ReceivePublic:
    mode, incident, household = _common(part)
    timing = part.get(Key.TIMING)
    if timing is not None and (not isinstance(timing, list) or len(timing) < 4):
        raise Malformed("malformed", "timing")
    return ReceivePublic(
        mode,
        incident,
        Method(natural(part[Key.METHOD])),
        household,
        _tallies(part),
        Stay(natural(part[Key.STAY])),
        None if timing is None else Timing(*(natural(number) for number in timing[:4])),
        bool(part.get(Key.VOLUNTARY, False)),
        natural(part.get(Key.SUPPLIES, 0)),
    )


def _read_amend(part: Mapping[int, Any]) -> AmendPublic:
    return AmendPublic(
        *_common(part),
        _tallies(part),
        _persons(part, Key.REMOVED),
        Stay(natural(part[Key.STAY])),
        bool(part.get(Key.VOLUNTARY, False)),
        natural(part.get(Key.SUPPLIES, 0)),
    )


def _read_join(part: Mapping[int, Any]) -> JoinPublic:
    return JoinPublic(*_common(part), _tallies(part))


def _presence(kind: type[Leave | Away | Return]) -> Callable[[Mapping[int, Any]], Presence]:
    return lambda part: kind(*_common(part), _persons(part, Key.WHO))


def _read_move(part: Mapping[int, Any]) -> Move:
    shelter = part.get(Key.SHELTER, "")
    if not isinstance(shelter, str):
        raise Malformed("malformed", "a shelter")
    return Move(*_common(part), shelter, _persons(part, Key.WHO))


def _read_merge(part: Mapping[int, Any]) -> Merge:
    pairs = _rows(part.get(Key.SAME, b""), 2 * PERSON_SIZE)
    return Merge(
        *_common(part),
        HouseholdId(sized(part[Key.INTO], HOUSEHOLD_SIZE)),
        tuple((PersonId(pair[:PERSON_SIZE]), PersonId(pair[PERSON_SIZE:])) for pair in pairs),
    )


def _read_void(part: Mapping[int, Any]) -> Void:
    target = sized(part[Key.TARGET_DEVICE], DEVICE_SIZE)
    return Void(*_common(part), target, natural(part[Key.TARGET_SEQ]))


def _read_note(part: Mapping[int, Any]) -> Note:
    household = part.get(Key.HOUSEHOLD)
    return Note(
        *_circumstances(part), None if household is None else HouseholdId(sized(household, HOUSEHOLD_SIZE))
    )


def _read_shelter(part: Mapping[int, Any]) -> Shelter:
    mode, incident = _circumstances(part)
    return Shelter(
        mode,
        incident,
        Opening(natural(part[Key.OPENING])),
        fullness=Fullness(natural(part.get(Key.FULLNESS, 0))),
        areas=tuple(_area(row) for row in part.get(Key.AREAS, [])),
        **{name: natural(part.get(key, 0)) for key, name in _SHELTER_NUMBERS.items()},
    )


def _area(row: list[Any]) -> Area:
    name, capacity = row[:2]
    if not isinstance(name, str):
        raise Malformed("malformed", "an area's name")
    return Area(name, natural(capacity))


_READERS: dict[str, Callable[[Mapping[int, Any]], PublicAct]] = {
    Kind.RECEIVE: _read_receive,
    Kind.AMEND: _read_amend,
    Kind.JOIN: _read_join,
    Kind.LEAVE: _presence(Leave),
    Kind.AWAY: _presence(Away),
    Kind.RETURN: _presence(Return),
    Kind.MOVE: _read_move,
    Kind.MERGE: _read_merge,
    Kind.VOID: _read_void,
    Kind.NOTE: _read_note,
    Kind.SHELTER: _read_shelter,
}


def sign_key_in(first: Event) -> bytes | None:
    """The key (32 bytes) in a device's first words, if it is the one its id comes from."""
    key = first.public.get(Key.SIGN_KEY)
    return key if isinstance(key, bytes) and device_id(key) == first.device else None
