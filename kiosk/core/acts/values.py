"""Acts: what people do at a desk, each one event of the log, as plain values.

Every act says in which mode and incident and, but for those about the shelter as a whole, about which
household. An act is written in two parts (`public`, `personal`); what follows from many is `roll` and
`card`. Kinds this version does not know are `Unknown`: kept, relayed, not counted.
"""

from __future__ import annotations

import enum
import functools
from dataclasses import dataclass, field

from kiosk.core.household import Household, Method, Mode, Need, Person, Sex, Stay
from kiosk.core.ids import HouseholdId, IncidentId, PersonId

EventId = tuple[bytes, int]
"""Device and number: what an event *is*."""


class Kind(enum.StrEnum):
    """The kinds this version writes."""

    DEVICE = "device"
    STAFF = "staff"
    INCIDENT = "incident"
    SHELTER = "shelter"
    RECEIVE = "receive"
    AMEND = "amend"
    JOIN = "join"
    LEAVE = "leave"
    AWAY = "away"
    RETURN = "return"
    MOVE = "move"
    MERGE = "merge"
    VOID = "void"
    NOTE = "note"
    ERASE = "erase"
    """The personal parts of a household were erased for good; see `kiosk.store.erasure`."""


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
            person.provisional,
        )

    def to_byte(self) -> int:
        """The byte."""
        flags = (self.infant, self.care, self.fever, self.injury, self.power, self.provisional)
        return _SEX_BITS[self.sex] | sum(flag << place for place, flag in enumerate(flags, 2))

    @classmethod
    @functools.cache
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

    For a pass: issuer, household id in the pass and revision. For a card: a hash of name, birth and sex as
    read. Lives in the sealed part only.
    """

    method: Method
    issuer: str = ""
    key: bytes = b""
    revision: int = 0


# -- what a desk does ------------------------------------------------------------------------------------


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
class Amend:
    """記入・訂正: the household's card is now as said here; `removed` were entered by mistake.

    Members that another desk added meanwhile stay.
    """

    mode: Mode
    incident: IncidentId | None
    household: Household
    removed: tuple[PersonId, ...] = ()
    voluntary: bool = False


@dataclass(frozen=True, slots=True)
class Join:
    """追加: members of a household that is here came later."""

    mode: Mode
    incident: IncidentId | None
    household: HouseholdId
    members: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Leave:
    """退所: members left for good; all of them when none is named."""

    mode: Mode
    incident: IncidentId | None
    household: HouseholdId
    persons: tuple[PersonId, ...] = ()
    destination: str = field(default="", compare=False)
    """Sealed: not in what is read from the public part."""


@dataclass(frozen=True, slots=True)
class Away:
    """一時外出: members went out and will be back; all of them when none is named."""

    mode: Mode
    incident: IncidentId | None
    household: HouseholdId
    persons: tuple[PersonId, ...] = ()
    destination: str = field(default="", compare=False)
    """As in `Leave`."""


@dataclass(frozen=True, slots=True)
class Return:
    """再入所: members who were away, or had left, are here again; all of them when none is named."""

    mode: Mode
    incident: IncidentId | None
    household: HouseholdId
    persons: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """転出: members went on to another shelter, by its id if it is known; all when none is named."""

    mode: Mode
    incident: IncidentId | None
    household: HouseholdId
    shelter: str = ""
    persons: tuple[PersonId, ...] = ()
    destination: str = field(default="", compare=False)
    """As in `Leave`."""


@dataclass(frozen=True, slots=True)
class Merge:
    """統合: `household` is the same as `into`; `same` pairs its members with those of `into`."""

    mode: Mode
    incident: IncidentId | None
    household: HouseholdId
    into: HouseholdId
    same: tuple[tuple[PersonId, PersonId], ...] = ()


@dataclass(frozen=True, slots=True)
class Void:
    """取り消し: an event of this or another device is taken back by a person; the log keeps both."""

    mode: Mode
    incident: IncidentId | None
    household: HouseholdId
    target_device: bytes
    target_seq: int


class Topic(enum.IntEnum):
    """What a note is about: sealed, so that only key holders can tell one note from another."""

    SECRECY_SET = 1
    SECRECY_CLEARED = 2
    TOKEN = 3
    SEEN = 4


@dataclass(frozen=True, slots=True)
class Note:
    """Something only key holders may know, about one household or about several (an audit entry).

    `clears` names the events whose secrecy is lifted: one that the clearing desk had not seen stays set.
    """

    mode: Mode
    incident: IncidentId | None
    household: HouseholdId | None
    topic: Topic | None = field(default=None, compare=False)
    action: str = field(default="", compare=False)
    """What was seen or done, a word of `kiosk.core.access`."""
    reason: str = field(default="", compare=False)
    about: tuple[bytes, ...] = field(default=(), compare=False)
    """Households, by id."""
    clears: tuple[EventId, ...] = field(default=(), compare=False)
    person: PersonId | None = field(default=None, compare=False)
    token: bytes = field(default=b"", compare=False)
    """Keyed hash of a contactless card's id."""


class Opening(enum.IntEnum):
    """開設状況."""

    NOT_OPENED = 0
    OPENED = 1
    CLOSED = 2
    UNKNOWN = 3
    PERMANENT = 4


class Fullness(enum.IntEnum):
    """定員状況, in the words of L-Alert."""

    UNKNOWN = 0
    SPACE = 1
    CROWDED = 2
    FULL = 3


@dataclass(frozen=True, slots=True)
class Area:
    """A room or area of the shelter, and how many people it holds (0: nobody said)."""

    name: str
    capacity: int = 0


@dataclass(frozen=True, slots=True)
class Shelter:
    """避難所の状況, as HQ must report it. `checked_at` is when somebody looked, not when it is sent.

    Times are seconds since 1970, 0 where unknown.
    """

    mode: Mode
    incident: IncidentId | None
    opening: Opening = Opening.UNKNOWN
    opened_at: int = 0
    closed_at: int = 0
    capacity: int = 0
    fullness: Fullness = Fullness.UNKNOWN
    staff: int = 0
    """職員数."""
    helpers: int = 0
    """応援者数."""
    checked_at: int = 0
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """A kind of a later version: stored, relayed, not counted."""

    kind: str


Presence = Leave | Away | Return | Move
Act = Receive | Amend | Join | Presence | Merge | Void | Note | Shelter


# -- what anyone who holds the log can see ---------------------------------------------------------------

Tallies = tuple[tuple[PersonId, Tally], ...]


@dataclass(frozen=True, slots=True)
class ReceivePublic:
    """The public part of a reception."""

    mode: Mode
    incident: IncidentId | None
    method: Method
    household: HouseholdId
    persons: Tallies
    stay: Stay
    timing: Timing | None
    voluntary: bool
    supplies: int = 0


@dataclass(frozen=True, slots=True)
class AmendPublic:
    """The public part of an amendment."""

    mode: Mode
    incident: IncidentId | None
    household: HouseholdId
    persons: Tallies
    removed: tuple[PersonId, ...]
    stay: Stay
    voluntary: bool
    supplies: int = 0


@dataclass(frozen=True, slots=True)
class JoinPublic:
    """The public part of members who came later."""

    mode: Mode
    incident: IncidentId | None
    household: HouseholdId
    persons: Tallies


PublicAct = ReceivePublic | AmendPublic | JoinPublic | Presence | Merge | Void | Note | Shelter | Unknown

KINDS: dict[type[Act], Kind] = {
    Receive: Kind.RECEIVE,
    Amend: Kind.AMEND,
    Join: Kind.JOIN,
    Leave: Kind.LEAVE,
    Away: Kind.AWAY,
    Return: Kind.RETURN,
    Move: Kind.MOVE,
    Merge: Kind.MERGE,
    Void: Kind.VOID,
    Note: Kind.NOTE,
    Shelter: Kind.SHELTER,
}


def kind_of(act: Act) -> Kind:
    """The kind an act is written under."""
    return KINDS[type(act)]


def household_of(act: Act) -> HouseholdId | None:
    """The household an act is about; None for the shelter's own."""
    match act:
        case Receive() | Amend():
            return act.household.id
        case Shelter():
            return None
        case _:
            return act.household
