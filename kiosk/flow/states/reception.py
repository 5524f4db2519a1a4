"""What the screens of a reception draw: from the locked desk over the ways in to the number."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from kiosk.core.acts import Source
from kiosk.core.dates import BirthDate
from kiosk.core.household import NAME_GAP, Household, Method, Person, Sex
from kiosk.core.names import romaji_to_kana, search_key
from kiosk.desk import Arrival, Transfer
from kiosk.flow.dating import birth_of, is_whole
from kiosk.flow.inputs import CodeAccepted
from kiosk.flow.kinds import Armed, State
from kiosk.flow.states.face import Face
from kiosk.flow.states.stay import HouseholdCard, MemberCard
from kiosk.flow.values import FACE_HELPS, NO_DIGITS, OLDEST, TONES, TOWNS_SHOWN, Secret, Tone, Town
from kiosk.ports import RosterRow
from kiosk.timing import Stopwatch


@dataclass(frozen=True, slots=True)
class Locked(State):
    """The store is closed. `asks` tells whether a passphrase is wanted; `sentence` what went wrong."""

    asks: bool = True
    checking: bool = False
    code: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Just:
    """Who was shown their number a moment ago."""

    row: RosterRow = field(repr=False)
    source: Source = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ready(Armed):
    """Both ways in are armed; nobody is at the desk. `just` is forgotten after a few seconds."""

    just: Just | None = None


@dataclass(frozen=True, slots=True)
class Pin(State):
    """A card lies on the reader and wants its four digits."""

    stopwatch: Stopwatch
    digits: Secret = NO_DIGITS
    wrong: bool = False
    tries_left: int | None = None


@dataclass(frozen=True, slots=True)
class Reading(State):
    """The digits are with the card. `face` is where they come from when what is printed opens it."""

    stopwatch: Stopwatch
    face: Face | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Family(State):
    """Who of this household is here? `here` holds positions in `household.members`.

    `row` is the household as it was received; whoever is unticked did not come, whoever is added is new.
    """

    row: RosterRow = field(repr=False)
    household: Household = field(repr=False)
    here: frozenset[int]
    then: Done | HouseholdCard = field(repr=False)
    """Where it goes on, with the household as it is then."""
    nobody: bool = False
    """入る was chosen with nobody here."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was told so far at an asked entry."""

    stopwatch: Stopwatch | None
    today: dt.date
    towns: tuple[Town, ...] = ()
    people: tuple[Person, ...] = field(default=(), repr=False)
    town: str = field(default="", repr=False)
    no_address: bool = False
    correcting: MemberCard | None = field(default=None, repr=False)
    """Whose details are asked for later, of a household that was received."""

    @property
    def family_name(self) -> str:
        """What the next member's name likely begins with, the gap included."""
        for person in reversed(self.people):
            family, gap, _ = (person.kana or "").partition(NAME_GAP)
            if family and gap:
                return family + gap
        return ""


@dataclass(frozen=True, slots=True)
class AskName(State):
    """Asked entry: a name in kana, as typed so far. After the first person, nothing typed means: no more."""

    asked: Asked
    kana: str = field(default="", repr=False)
    missing: bool = False

    @property
    def told(self) -> str:
        """The name as it will be written down."""
        return romaji_to_kana(self.kana, finished=True).strip()

    @property
    def nobody_more(self) -> bool:
        """Whether Enter goes on to the town: there is somebody, and nothing new was typed."""
        return bool(self.asked.people) and self.told in {"", self.asked.family_name.strip()}


@dataclass(frozen=True, slots=True)
class AskBirth(State):
    """Asked entry: `S550217`, `19800217`, an age in years, or as much of a date as is known."""

    asked: Asked
    kana: str = field(repr=False)
    sex: Sex = Sex.UNKNOWN
    provisional: bool = False
    text: str = field(default="", repr=False)
    wrong: bool = False

    @property
    def whole(self) -> bool:
        """Whether no digit is missing: then the page turns by itself."""
        return is_whole(self.text)

    @property
    def birth(self) -> BirthDate | None:
        """The date, once year, year and month, or all is there and it is not in the future."""
        birth = birth_of(self.text)
        if birth is None:
            return None
        today = self.asked.today
        known = birth.year * 10_000 + (birth.month or 1) * 100 + (birth.day or 1)
        return birth if known <= today.year * 10_000 + today.month * 100 + today.day else None

    @property
    def age(self) -> int | None:
        """Years, where up to three digits say an age and no date."""
        if not self.text.isdigit() or len(self.text) > 3 or int(self.text) > OLDEST:
            return None
        return int(self.text)


@dataclass(frozen=True, slots=True)
class AskTown(State):
    """Asked entry, last page: who is coming, from which town, and who of them may be here already."""

    asked: Asked
    text: str = field(default="", repr=False)
    picked: int | None = None
    similar: tuple[RosterRow, ...] = field(default=(), repr=False)

    @property
    def choices(self) -> tuple[Town, ...]:
        """The first towns whose name or kana begins with the text."""
        key = search_key(self.text)
        fitting = (
            town
            for town in self.asked.towns
            if search_key(town.kana).startswith(key) or search_key(town.name).startswith(key)
        )
        return tuple(town for town, _ in zip(fitting, range(TOWNS_SHOWN), strict=False))

    @property
    def town(self) -> str:
        """The town as it will be written down; empty when not told."""
        if self.asked.no_address:
            return ""
        if self.picked is not None:
            return self.choices[self.picked].name
        return romaji_to_kana(self.text, finished=True).strip() or self.asked.town


@dataclass(frozen=True, slots=True)
class AskCount(State):
    """How many came, nothing else."""

    stopwatch: Stopwatch
    text: str = ""

    @property
    def count(self) -> int:
        """Persons; 0 before a digit."""
        return int(self.text or "0")


@dataclass(frozen=True, slots=True)
class Receiving(State):
    """The ledger is writing; nothing is promised yet."""

    arrival: Arrival | Transfer = field(repr=False)
    marks: frozenset[str] = frozenset()
    again: bool = False
    """Its code was before the camera a moment ago: if it is here already, nothing is asked."""
    next: CodeAccepted | None = field(default=None, repr=False)
    """A second phone in the same picture: its turn comes after this household was shown its number."""


@dataclass(frozen=True, slots=True)
class Done(Armed):
    """受け付けました: it is in the log. It can be taken back while this shows."""

    row: RosterRow = field(repr=False)
    source: Source | None = field(default=None, repr=False)
    marks: frozenset[str] = frozenset()
    next: CodeAccepted | None = field(default=None, repr=False)
    similar: tuple[RosterRow, ...] = field(default=(), repr=False)
    """Households that may be the same family: staff may look."""

    @property
    def asks_family(self) -> bool:
        """Whether the card's holder may say with how many they came: a card tells of one person only."""
        return self.row.method is Method.CARD and len(self.row.household.members) == 1


@dataclass(frozen=True, slots=True)
class Undoing(State):
    """The ledger is writing that something is taken back."""

    row: RosterRow = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seen(Armed):
    """もう すんでいます: this household was shown its number a moment ago."""

    row: RosterRow = field(repr=False)
    source: Source | None = field(default=None, repr=False)
    next: CodeAccepted | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Notice(Armed):
    """Something to say: what happened and what to do. Every way in stays open behind it.

    `code` chooses words and tone; `sentence` is what the ledger said, shown when the words know no better.
    `retry` is a household that is not written down yet; `back` where staff were when it happened.
    """

    code: str
    sentence: str = ""
    stopwatch: Stopwatch | None = None
    retry: Arrival | Transfer | None = field(default=None, repr=False)
    back: State | None = field(default=None, repr=False)

    @property
    def tone(self) -> Tone:
        """How it looks and sounds."""
        return TONES.get(self.code, "error")

    @property
    def offers_face(self) -> bool:
        """Whether what is printed on the card may open it all the same."""
        return self.code in FACE_HELPS and self.stopwatch is not None


@dataclass(frozen=True, slots=True)
class Help(Armed):
    """くわしく: what to do about a notice, step by step."""

    notice: Notice
