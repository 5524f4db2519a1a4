"""The desk's screens as a table: (state, input) → next state and what shall be done.

States say what a screen draws, inputs what people, devices and the ledger said, effects what the bridge
has to do next. There is no Qt here, no clock and no device: everything comes in as a value. A pair that
is neither in `TABLE` nor in `IGNORED` is our bug. Secret digits and passphrases never show in a `repr`.

Rules that hold everywhere: a code is received the moment it is decoded, and can be taken back for a
while; the fourth digit submits; the last try of a card is never spent; one broken device closes one way
in, never the desk; a household that could not be written down stays on the screen for another try.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from kiosk.core.acts import Source
from kiosk.core.dates import BirthDate
from kiosk.core.household import NAME_GAP, Household, Method, Person
from kiosk.core.ids import HouseholdId, PersonId
from kiosk.core.names import romaji_to_kana, search_key
from kiosk.desk import MAX_HEADS, AlreadyHere, Arrival, Received
from kiosk.errors import BugError, Malformed
from kiosk.ports import RosterRow
from kiosk.timing import Stopwatch

PIN_DIGITS = 4
DONE_SECONDS = 6.0
NEXT_SECONDS = 2.5
NOTICE_SECONDS = 15.0
PIN_SECONDS = 60.0
READ_SECONDS = 20.0
FAMILY_SECONDS = 180.0
VISITOR_SECONDS = 60.0
TOWNS_SHOWN = 8

NO_PERSON_ID = PersonId(b"")
NO_HOUSEHOLD_ID = HouseholdId(b"")
"""Ids of people the flow made up: the desk gives real ones when it receives them."""

Language = str
"""A file of resources/words (`ja`, `ja-easy`, `en` ...); the empty string is the desk's own language."""


class Secret:
    """A passphrase or digits: compared and handed on, never printed."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the card or the key slot and nobody else."""
        return self._text

    def __len__(self) -> int:
        return len(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __repr__(self) -> str:
        return f"Secret({len(self._text)} characters)"


NO_DIGITS = Secret()


@dataclass(frozen=True, slots=True)
class Town:
    """A town people come from: its name as written in addresses, and its kana to find it by."""

    name: str
    kana: str


class Work(enum.Enum):
    """What the desk's thread was doing when it failed."""

    OPEN = "open"
    RECEIVE = "receive"
    UNDO = "undo"
    ROSTER = "roster"


Tone = Literal["ok", "attention", "error"]
SoundName = Literal["ok", "attention", "error", "tick"]

# States ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Locked:
    """The store is closed. `asks` tells whether a passphrase is wanted; `sentence` what went wrong."""

    asks: bool = True
    checking: bool = False
    code: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """Both ways in are armed; nobody is at the desk."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A card lies on the reader and wants its four digits."""

    stopwatch: Stopwatch
    digits: Secret = NO_DIGITS
    wrong: bool = False
    tries_left: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The digits are with the card."""

    stopwatch: Stopwatch


@dataclass(frozen=True, slots=True)
class Family:
    """Who of this household is here? `here` holds positions in `household.members`."""

    stopwatch: Stopwatch
    method: Method
    household: Household = field(repr=False)
    here: frozenset[int]
    source: Source | None = field(default=None, repr=False)
    nobody: bool = False
    """入る was chosen with nobody here."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was told so far at an asked entry."""

    stopwatch: Stopwatch
    today: dt.date
    towns: tuple[Town, ...] = ()
    people: tuple[Person, ...] = field(default=(), repr=False)
    town: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AskName:
    """Asked entry, page 1: the name in kana, as typed so far."""

    asked: Asked
    kana: str = field(default="", repr=False)
    missing: bool = False


@dataclass(frozen=True, slots=True)
class AskBirth:
    """Asked entry, page 2: the birth date as `S550217` or `19800217`, as typed so far."""

    asked: Asked
    kana: str = field(repr=False)
    text: str = field(default="", repr=False)
    wrong: bool = False

    @property
    def birth(self) -> BirthDate | None:
        """The date, once it is one and not in the future."""
        if len(self.text) != _birth_length(self.text):
            return None
        try:
            birth = BirthDate.parse(self.text)
        except Malformed:
            return None
        today = self.asked.today
        return birth if birth.to_int() <= today.year * 10_000 + today.month * 100 + today.day else None


@dataclass(frozen=True, slots=True)
class AskTown:
    """Asked entry, page 3: who is coming, and from which town."""

    asked: Asked
    text: str = field(default="", repr=False)
    picked: int | None = None

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
        if self.picked is not None:
            return self.choices[self.picked].name
        return romaji_to_kana(self.text, finished=True).strip() or self.asked.town


@dataclass(frozen=True, slots=True)
class AskCount:
    """How many came, nothing else."""

    stopwatch: Stopwatch
    text: str = ""

    @property
    def count(self) -> int:
        """Persons; 0 before a digit."""
        return int(self.text or "0")


@dataclass(frozen=True, slots=True)
class Receiving:
    """The ledger is writing; nothing is promised yet."""

    arrival: Arrival = field(repr=False)
    marks: frozenset[str] = frozenset()
    next: CodeAccepted | None = field(default=None, repr=False)
    """A second phone in the same picture: its turn comes after this household was shown its number."""


@dataclass(frozen=True, slots=True)
class Done:
    """受け付けました: it is in the log. It can be taken back while this shows."""

    row: RosterRow = field(repr=False)
    source: Source | None = field(default=None, repr=False)
    marks: frozenset[str] = frozenset()
    next: CodeAccepted | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Undoing:
    """The ledger is writing that a reception is taken back."""

    row: RosterRow = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """もう すんでいます: this household is here already."""

    row: RosterRow = field(repr=False)
    source: Source | None = field(default=None, repr=False)
    next: CodeAccepted | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to say: what happened and what to do. Every way in stays open behind it.

    `code` chooses words and tone; `sentence` is what the ledger said, shown when the words know no better.
    `retry` is a household that is not written down yet.
    """

    code: str
    sentence: str = ""
    stopwatch: Stopwatch | None = None
    retry: Arrival | None = field(default=None, repr=False)

    @property
    def tone(self) -> Tone:
        """How it looks and sounds."""
        return TONES.get(self.code, "error")


@dataclass(frozen=True, slots=True)
class Roster:
    """名簿: the households here, found by the beginning of a name."""

    text: str = field(default="", repr=False)
    rows: tuple[RosterRow, ...] = field(default=(), repr=False)
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """What only staff need: roster, count-only, close."""


State = (
    Locked
    | Ready
    | Pin
    | Reading
    | Family
    | AskName
    | AskBirth
    | AskTown
    | AskCount
    | Receiving
    | Done
    | Undoing
    | Seen
    | Notice
    | Roster
    | Staff
)

# Inputs ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CodeAccepted:
    """A pass was recognised; the stopwatch runs since its code was first located."""

    household: Household = field(repr=False)
    source: Source = field(repr=False)
    stopwatch: Stopwatch
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CodeRefused:
    """A code that is no pass of ours: `unknown_issuer bad_signature malformed not_a_pass ...`."""

    code: str


@dataclass(frozen=True, slots=True)
class CardPlaced:
    """A card was detected; its stopwatch runs since then."""

    stopwatch: Stopwatch


@dataclass(frozen=True, slots=True)
class CardRemoved:
    """The card was taken away."""


@dataclass(frozen=True, slots=True)
class CardRead:
    """The card told its holder: a household of one; ids may be empty."""

    household: Household = field(repr=False)
    source: Source = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardFailed:
    """The card told nothing, for one of the reader's reasons (`wrong_secret blocked card_removed ...`)."""

    code: str
    tries_left: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    """A camera or reader came or went."""

    device: Literal["camera", "reader"]
    working: bool


@dataclass(frozen=True, slots=True)
class Digit:
    """A digit was pressed, on the screen or on a keyboard: 0 to 9."""

    value: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter was pressed where no text is being typed: upper case."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Typed:
    """The text field now holds this."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enter:
    """決定: Enter, or the screen's first button."""


@dataclass(frozen=True, slots=True)
class Back:
    """Esc: やめる, もどる, ちがう."""


@dataclass(frozen=True, slots=True)
class Erase:
    """Backspace where no text is being typed."""


@dataclass(frozen=True, slots=True)
class Everyone:
    """全員 います."""


@dataclass(frozen=True, slots=True)
class Plus:
    """One more person."""


@dataclass(frozen=True, slots=True)
class NotKnown:
    """わからない: the answer to this question is not known."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The tile at this position, from 0."""

    index: int


@dataclass(frozen=True, slots=True)
class AskOpened:
    """F1: start an asked entry."""

    stopwatch: Stopwatch
    today: dt.date
    towns: tuple[Town, ...] = ()


@dataclass(frozen=True, slots=True)
class CountOpened:
    """F5: start a count-only entry."""

    stopwatch: Stopwatch


@dataclass(frozen=True, slots=True)
class RosterOpened:
    """F2: open the roster."""


@dataclass(frozen=True, slots=True)
class StaffOpened:
    """係の人用."""


@dataclass(frozen=True, slots=True)
class HelpWanted:
    """係の人を よぶ."""


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """The visitor reads another language."""

    language: Language


@dataclass(frozen=True, slots=True)
class PassphraseEntered:
    """Staff typed their passphrase."""

    passphrase: Secret


@dataclass(frozen=True, slots=True)
class QuitWanted:
    """Close the desk."""


@dataclass(frozen=True, slots=True)
class TimeUp:
    """The state's timer ran out."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The store is open."""


@dataclass(frozen=True, slots=True)
class Undone:
    """The reception is taken back, durably."""


@dataclass(frozen=True, slots=True)
class RosterFound:
    """What the roster holds for a text."""

    text: str = field(repr=False)
    rows: tuple[RosterRow, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failed:
    """The desk could not do it: `code` for programs, `sentence` for staff."""

    work: Work
    code: str
    sentence: str = ""


Input = (
    CodeAccepted
    | CodeRefused
    | CardPlaced
    | CardRemoved
    | CardRead
    | CardFailed
    | DeviceChanged
    | Digit
    | Letter
    | Typed
    | Enter
    | Back
    | Erase
    | Everyone
    | Plus
    | NotKnown
    | Chosen
    | AskOpened
    | CountOpened
    | RosterOpened
    | StaffOpened
    | HelpWanted
    | LanguageChosen
    | PassphraseEntered
    | QuitWanted
    | TimeUp
    | Opened
    | Received
    | AlreadyHere
    | Undone
    | RosterFound
    | Failed
)

# Effects ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """Open the store, with a passphrase where one is wanted; answered by Opened or Failed."""

    passphrase: Secret | None = None


@dataclass(frozen=True, slots=True)
class ReadCard:
    """Give the digits to the card; answered by CardRead or CardFailed."""

    digits: Secret


@dataclass(frozen=True, slots=True)
class Receive:
    """Write a household down; answered by Received, AlreadyHere or Failed."""

    arrival: Arrival = field(repr=False)


@dataclass(frozen=True, slots=True)
class Undo:
    """Take a reception back; answered by Undone or Failed."""

    row: RosterRow = field(repr=False)


@dataclass(frozen=True, slots=True)
class FindRoster:
    """Look names up; answered by RosterFound or Failed."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Send TimeUp after these seconds. A timer ends with the state it was started for."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Sound:
    """Let it be heard; never the only sign."""

    name: SoundName


@dataclass(frozen=True, slots=True)
class Speak:
    """Show the words of this language; empty means the desk's own."""

    language: Language


@dataclass(frozen=True, slots=True)
class Quit:
    """Close the window, lock the store."""


Effect = OpenDesk | ReadCard | Receive | Undo | FindRoster | StartTimer | Sound | Speak | Quit


@dataclass(frozen=True, slots=True)
class Step:
    """Where an input leads."""

    state: State
    effects: tuple[Effect, ...] = ()


# Answers ---------------------------------------------------------------------------------------------

TONES: Mapping[str, Tone] = {
    "undone": "ok",
    "help_called": "ok",
    "card_removed": "attention",
    "no_card": "attention",
    "not_a_pass": "attention",
    "unknown_issuer": "attention",
    "malformed": "attention",
    "sealed": "attention",
    "half": "attention",
    "not_my_number_card": "attention",
    "card_malformed": "attention",
    "two_cards": "attention",
    "driving_licence": "attention",
    "residence_card": "attention",
    "passport": "attention",
    "felica": "attention",
    "timeout": "attention",
    "no_pin_set": "attention",
    "my_number_discarded": "attention",
    # Nobody is accused on a screen: a refused pass or a blocked card is a matter for help, not alarm.
    "bad_signature": "attention",
    "last_try_refused": "attention",
    "blocked": "attention",
}
"""What a person can go on from at once; anything else is an error of a device or ours."""

_READING_TIME: Mapping[type, float] = {
    # At the ready screen the visitor may just walk away: the next one finds the desk's own language.
    Ready: VISITOR_SECONDS,
    Pin: PIN_SECONDS,
    Family: FAMILY_SECONDS,
    Done: DONE_SECONDS,
    Seen: DONE_SECONDS,
    Notice: NOTICE_SECONDS,
}
"""Whoever changes the language has the state's whole time to read it."""


def begin(*, asks: bool) -> Step:
    """The first step: ask for the passphrase, or open the desk at once where none is wanted."""
    return Step(Locked()) if asks else Step(Locked(asks=False, checking=True), (OpenDesk(),))


def takes_staff(state: State) -> bool:
    """Whether 係の人用 leads anywhere now: a button that does nothing is not shown."""
    return (type(state), StaffOpened) in TABLE


def watches_codes(state: State) -> bool:
    """Whether the camera shall look for codes; it forgets what it saw when it stops.

    It goes on while a reception is taken back: the phone still held up must not come in again at once.
    """
    return (type(state), CodeAccepted) in TABLE or isinstance(state, Undoing)


def step(state: State, event: Input) -> Step:
    """The answer to an input; an ignored one leaves the state as it is.

    Raises:
        BugError: the pair was never thought of.
    """
    pair = (type(state), type(event))
    if pair in TABLE:
        return TABLE[pair](state, event)
    if pair[1] in IGNORED.get(pair[0], frozenset()):
        return Step(state)
    # Only the types are named: states and inputs hold what people told.
    raise BugError(f"no answer for {pair[1].__name__} in {pair[0].__name__}")


def _home(*effects: Effect) -> Step:
    """Back to ready, in the desk's own language for the next visitor."""
    return Step(Ready(), (*effects, Speak("")))


def _notice(
    code: str, sentence: str = "", stopwatch: Stopwatch | None = None, retry: Arrival | None = None
) -> Step:
    state = Notice(code, sentence, stopwatch, retry)
    wait: tuple[Effect, ...] = () if retry else (StartTimer(NOTICE_SECONDS),)
    return Step(state, (Sound(state.tone), *wait))


def _go_home(_state: State, _event: Input) -> Step:
    return _home()


def _quit(state: State, _event: Input) -> Step:
    return Step(state, (Quit(),))


def _speak(state: State, event: LanguageChosen) -> Step:
    kept = isinstance(state, Notice) and state.retry is not None
    wait = () if kept else (StartTimer(_READING_TIME[type(state)]),)
    return Step(state, (Speak(event.language), *wait))


def _receive(arrival: Arrival, marks: frozenset[str] = frozenset()) -> Step:
    return Step(Receiving(arrival, marks), (Receive(arrival),))


# Locked


def _open(_state: Locked, event: PassphraseEntered) -> Step:
    return Step(Locked(checking=True), (OpenDesk(event.passphrase),))


def _open_again(state: Locked, _event: Enter) -> Step:
    if state.asks or state.checking:
        return Step(state)
    return begin(asks=False)


def _not_opened(state: Locked, event: Failed) -> Step:
    return Step(Locked(asks=state.asks, code=event.code, sentence=event.sentence), (Sound("error"),))


# The ways in


def _code(state: State, event: CodeAccepted) -> Step:
    # The phone is often still held up when the screen says done.
    if isinstance(state, (Done, Seen)) and state.source == event.source:
        return Step(state)
    return _receive(Arrival(Method.APP, event.household, event.source, event.stopwatch), event.marks)


def _refused(state: State, event: CodeRefused) -> Step:
    # Another sight of the same code must not ring again.
    if isinstance(state, Notice) and state.code == event.code:
        return Step(state)
    return _notice(event.code)


def _card(_state: State, event: CardPlaced) -> Step:
    return Step(Pin(event.stopwatch), (Sound("attention"), StartTimer(PIN_SECONDS)))


def _card_failed(state: State, event: CardFailed) -> Step:
    stopwatch = state.stopwatch if isinstance(state, (Pin, Reading, Notice)) else None
    if event.code == "wrong_secret" and stopwatch is not None:
        if event.tries_left is None or event.tries_left > 1:
            wrong = Pin(stopwatch, wrong=True, tries_left=event.tries_left)
            return Step(wrong, (Sound("error"), StartTimer(PIN_SECONDS)))
        return _notice("last_try_refused" if event.tries_left else "blocked", stopwatch=stopwatch)
    return _notice(event.code, stopwatch=stopwatch)


def _ask(state: State, event: AskOpened) -> Step:
    # Whoever came by card first was first seen then.
    earlier = state.stopwatch if isinstance(state, (Pin, Notice)) else None
    return Step(AskName(Asked(earlier or event.stopwatch, event.today, event.towns)))


def _count(_state: State, event: CountOpened) -> Step:
    return Step(AskCount(event.stopwatch))


def _roster(_state: State, _event: RosterOpened) -> Step:
    return Step(Roster(), (FindRoster(""),))


def _staff(_state: State, _event: StaffOpened) -> Step:
    return Step(Staff())


def _help(_state: State, _event: HelpWanted) -> Step:
    return Step(Notice("help_called"), (Sound("attention"), StartTimer(NOTICE_SECONDS)))


# Card


def _pin_digit(state: Pin, event: Digit) -> Step:
    digits = Secret(f"{state.digits.reveal()}{event.value}")
    if len(digits) == PIN_DIGITS:
        return Step(Reading(state.stopwatch), (Sound("tick"), ReadCard(digits), StartTimer(READ_SECONDS)))
    return Step(Pin(state.stopwatch, digits), (Sound("tick"), StartTimer(PIN_SECONDS)))


def _pin_erase(state: Pin, _event: Erase) -> Step:
    shorter = Secret(state.digits.reveal()[:-1])
    return Step(replace(state, digits=shorter), (Sound("tick"), StartTimer(PIN_SECONDS)))


def _card_gone(state: Pin, _event: CardRemoved) -> Step:
    return _notice("card_removed", stopwatch=state.stopwatch)


def _reader_gone(state: Pin, event: DeviceChanged) -> Step:
    if event.device == "reader" and not event.working:
        return _notice("reader_lost", stopwatch=state.stopwatch)
    return Step(state)


def _card_silent(state: Reading, _event: TimeUp) -> Step:
    return _notice("timeout", stopwatch=state.stopwatch)


def _card_read(state: Reading, event: CardRead) -> Step:
    everyone = frozenset(range(len(event.household.members)))
    family = Family(state.stopwatch, Method.CARD, event.household, everyone, event.source)
    return Step(family, (Sound("ok"), StartTimer(FAMILY_SECONDS)))


# Family


def _toggle(state: Family, index: int) -> Step:
    if not 0 <= index < len(state.household.members):
        return Step(state)
    return Step(replace(state, here=state.here ^ {index}, nobody=False), (StartTimer(FAMILY_SECONDS),))


def _family_digit(state: Family, event: Digit) -> Step:
    return _toggle(state, event.value - 1)


def _family_chosen(state: Family, event: Chosen) -> Step:
    return _toggle(state, event.index)


def _everyone(state: Family, _event: Input) -> Step:
    everyone = frozenset(range(len(state.household.members)))
    return Step(replace(state, here=everyone, nobody=False), (StartTimer(FAMILY_SECONDS),))


def _family_letter(state: Family, event: Letter) -> Step:
    return _everyone(state, event) if event.value == "A" else Step(state)


def _family_plus(state: Family, _event: Plus) -> Step:
    members = state.household.members
    if len(members) >= MAX_HEADS:
        return Step(state, (Sound("attention"),))
    bigger = replace(state.household, members=(*members, Person(NO_PERSON_ID)))
    here = state.here | {len(members)}
    return Step(replace(state, household=bigger, here=here, nobody=False), (StartTimer(FAMILY_SECONDS),))


def _family_enter(state: Family, _event: Enter) -> Step:
    if not state.here:
        return Step(replace(state, nobody=True), (Sound("attention"), StartTimer(FAMILY_SECONDS)))
    people = state.household.members
    household = replace(
        state.household,
        members=tuple(person for place, person in enumerate(people) if place in state.here),
        absent=tuple(person for place, person in enumerate(people) if place not in state.here),
    )
    return _receive(Arrival(state.method, household, state.source, state.stopwatch))


# Asked entry


def _name_typed(state: AskName, event: Typed) -> Step:
    return Step(AskName(state.asked, event.text))


def _name_enter(state: AskName, _event: Enter) -> Step:
    kana = romaji_to_kana(state.kana, finished=True).strip()
    if not kana:
        return Step(replace(state, missing=True), (Sound("attention"),))
    return Step(AskBirth(state.asked, kana))


def _name_back(state: AskName, _event: Back) -> Step:
    return Step(AskTown(state.asked)) if state.asked.people else _home()


def _birth_length(text: str) -> int:
    return 7 if text[:1].isalpha() else 8


def _birth_digit(state: AskBirth, event: Digit) -> Step:
    if len(state.text) >= _birth_length(state.text):
        return Step(state)
    return Step(replace(state, text=f"{state.text}{event.value}", wrong=False), (Sound("tick"),))


def _birth_letter(state: AskBirth, event: Letter) -> Step:
    """An era; chosen after the digits it still goes to the front, or takes another era's place."""
    if event.value not in tuple("MTSHR"):
        return Step(state)
    digits = state.text.lstrip("MTSHR")[:6]
    # The same era once more takes it away again: the date is western after all.
    era = "" if state.text.startswith(event.value) else event.value
    return Step(replace(state, text=era + digits, wrong=False), (Sound("tick"),))


def _birth_erase(state: AskBirth, _event: Erase) -> Step:
    return Step(replace(state, text=state.text[:-1], wrong=False), (Sound("tick"),))


def _birth_not_known(state: AskBirth, event: NotKnown) -> Step:
    return _birth_enter(replace(state, text=""), event)


def _birth_enter(state: AskBirth, _event: Input) -> Step:
    if state.text and state.birth is None:
        return Step(replace(state, wrong=True), (Sound("attention"),))
    person = Person(NO_PERSON_ID, kana=state.kana, birth=state.birth)
    return Step(AskTown(replace(state.asked, people=(*state.asked.people, person))))


def _birth_back(state: AskBirth, _event: Back) -> Step:
    return Step(AskName(state.asked, state.kana))


def _town_typed(state: AskTown, event: Typed) -> Step:
    typed = AskTown(state.asked, event.text)
    return Step(replace(typed, picked=0) if event.text and typed.choices else typed)


def _town_pick(state: AskTown, index: int) -> Step:
    if not 0 <= index < len(state.choices):
        return Step(state)
    return Step(replace(state, picked=None if state.picked == index else index))


def _town_chosen(state: AskTown, event: Chosen) -> Step:
    return _town_pick(state, event.index)


def _town_digit(state: AskTown, event: Digit) -> Step:
    return _town_pick(state, event.value - 1)


def _town_plus(state: AskTown, _event: Plus) -> Step:
    """The next of the family: same town, and the family name is likely the same too."""
    asked = replace(state.asked, town=state.town)
    if len(asked.people) >= MAX_HEADS:
        return Step(state, (Sound("attention"),))
    family, gap, _ = (asked.people[-1].kana or "").partition(NAME_GAP)
    return Step(AskName(asked, family + gap if gap else ""))


def _town_enter(state: AskTown, _event: Enter) -> Step:
    household = Household(NO_HOUSEHOLD_ID, state.asked.people, address=state.town)
    return _receive(Arrival(Method.DESK, household, None, state.asked.stopwatch))


def _town_back(state: AskTown, _event: Back) -> Step:
    """Back to the last person's birth date."""
    *others, last = state.asked.people
    asked = replace(state.asked, people=tuple(others), town=state.town)
    text = "" if last.birth is None else str(last.birth.to_int())
    return Step(AskBirth(asked, last.kana or "", text))


# Count-only


def _count_digit(state: AskCount, event: Digit) -> Step:
    text = f"{state.text}{event.value}".lstrip("0")
    if not text or int(text) > MAX_HEADS:
        return Step(state)
    return Step(replace(state, text=text), (Sound("tick"),))


def _count_erase(state: AskCount, _event: Erase) -> Step:
    return Step(replace(state, text=state.text[:-1]), (Sound("tick"),))


def _count_enter(state: AskCount, _event: Enter) -> Step:
    if not state.count:
        return Step(state, (Sound("attention"),))
    heads = tuple(Person(NO_PERSON_ID) for _ in range(state.count))
    household = Household(NO_HOUSEHOLD_ID, heads)
    return _receive(Arrival(Method.COUNT, household, None, state.stopwatch))


# The ledger's answers


def _second_code(state: Receiving, event: CodeAccepted) -> Step:
    return Step(state if event.source == state.arrival.source else replace(state, next=event))


def _received(state: Receiving, event: Received) -> Step:
    done = Done(event.row, state.arrival.source, state.marks, state.next)
    return Step(done, (Sound("ok"), StartTimer(NEXT_SECONDS if state.next else DONE_SECONDS)))


def _already_here(state: Receiving, event: AlreadyHere) -> Step:
    seen = Seen(event.row, state.arrival.source, state.next)
    return Step(seen, (Sound("attention"), StartTimer(NEXT_SECONDS if state.next else DONE_SECONDS)))


def _shown(state: Done | Seen, _event: Input) -> Step:
    return _code(state, state.next) if state.next is not None else _home()


def _not_received(state: Receiving, event: Failed) -> Step:
    if event.work is not Work.RECEIVE:
        return Step(state)
    return _notice(event.code, event.sentence, state.arrival.stopwatch, state.arrival)


def _undo(state: Done, _event: Back) -> Step:
    return Step(Undoing(state.row), (Undo(state.row),))


def _undone(_state: Undoing, _event: Undone) -> Step:
    return _notice("undone")


def _not_undone(state: Undoing, event: Failed) -> Step:
    return _notice(event.code, event.sentence) if event.work is Work.UNDO else Step(state)


def _again(state: Notice, _event: Enter) -> Step:
    return _receive(state.retry) if state.retry is not None else _home()


# Roster


def _roster_typed(state: Roster, event: Typed) -> Step:
    return Step(
        replace(state, text=event.text), (FindRoster(event.text.rstrip("abcdefghijklmnopqrstuvwxyz")),)
    )


def _roster_found(state: Roster, event: RosterFound) -> Step:
    # An answer to an earlier text is older than what is typed now; its own answer follows.
    if event.text != state.text.rstrip("abcdefghijklmnopqrstuvwxyz"):
        return Step(state)
    return Step(replace(state, rows=event.rows, sentence=""))


def _roster_failed(state: Roster, event: Failed) -> Step:
    return Step(replace(state, sentence=event.sentence)) if event.work is Work.ROSTER else Step(state)


# The table -------------------------------------------------------------------------------------------

Answer = Callable[[Any, Any], Step]

_ARMED: Mapping[type, Answer] = {
    CodeAccepted: _code,
    CodeRefused: _refused,
    CardPlaced: _card,
    CardFailed: _card_failed,
    AskOpened: _ask,
    CountOpened: _count,
    RosterOpened: _roster,
    StaffOpened: _staff,
    HelpWanted: _help,
    LanguageChosen: _speak,
}
"""Where any way in may be taken at once."""

_WAYS: Mapping[type, Mapping[type, Answer]] = {
    Locked: {
        PassphraseEntered: _open,
        Enter: _open_again,
        Opened: _go_home,
        Failed: _not_opened,
        QuitWanted: _quit,
    },
    Ready: {**_ARMED, TimeUp: _go_home},
    Pin: {
        CodeAccepted: _code,
        CardPlaced: _card,
        CardFailed: _card_failed,
        CardRemoved: _card_gone,
        DeviceChanged: _reader_gone,
        AskOpened: _ask,
        LanguageChosen: _speak,
        Digit: _pin_digit,
        Erase: _pin_erase,
        Back: _go_home,
        TimeUp: _go_home,
    },
    Reading: {CardRead: _card_read, CardFailed: _card_failed, TimeUp: _card_silent},
    Family: {
        Digit: _family_digit,
        Chosen: _family_chosen,
        Letter: _family_letter,
        Everyone: _everyone,
        Plus: _family_plus,
        Enter: _family_enter,
        LanguageChosen: _speak,
        Back: _go_home,
        TimeUp: _go_home,
    },
    AskName: {Typed: _name_typed, Enter: _name_enter, Back: _name_back},
    AskBirth: {
        Digit: _birth_digit,
        Letter: _birth_letter,
        Erase: _birth_erase,
        NotKnown: _birth_not_known,
        Enter: _birth_enter,
        Back: _birth_back,
    },
    AskTown: {
        Typed: _town_typed,
        Digit: _town_digit,
        Chosen: _town_chosen,
        Plus: _town_plus,
        Enter: _town_enter,
        Back: _town_back,
    },
    AskCount: {Digit: _count_digit, Erase: _count_erase, Enter: _count_enter, Back: _go_home},
    Receiving: {
        CodeAccepted: _second_code,
        Received: _received,
        AlreadyHere: _already_here,
        Failed: _not_received,
    },
    Done: {**_ARMED, Back: _undo, Enter: _shown, TimeUp: _shown},
    Undoing: {Undone: _undone, Failed: _not_undone},
    Seen: {**_ARMED, Back: _go_home, Enter: _shown, TimeUp: _shown},
    Notice: {**_ARMED, Back: _go_home, Enter: _again, TimeUp: _go_home},
    Roster: {
        Typed: _roster_typed,
        RosterFound: _roster_found,
        Failed: _roster_failed,
        CountOpened: _count,
        AskOpened: _ask,
        Back: _go_home,
    },
    Staff: {
        RosterOpened: _roster,
        CountOpened: _count,
        AskOpened: _ask,
        QuitWanted: _quit,
        Back: _go_home,
    },
}

TABLE: Mapping[tuple[type, type], Answer] = {
    (state, event): answer for state, answers in _WAYS.items() for event, answer in answers.items()
}

_CODES = frozenset({CodeAccepted, CodeRefused})
_CARDS = frozenset({CardPlaced, CardRemoved, CardRead, CardFailed, DeviceChanged})
_KEYS = frozenset({Digit, Letter, Typed, Enter, Back, Erase, Everyone, Plus, NotKnown, Chosen})
_DOORS = frozenset({AskOpened, CountOpened, RosterOpened, StaffOpened, HelpWanted, LanguageChosen})
_KEEPERS = frozenset({PassphraseEntered, QuitWanted})
_LEDGER = frozenset({Opened, Received, AlreadyHere, Undone, RosterFound, Failed})

_LEFT_UNANSWERED: Mapping[type, frozenset[type]] = {
    # Nothing is received before the store is open.
    Locked: _CODES | _CARDS | _KEYS | _DOORS | {TimeUp, Received, AlreadyHere, Undone, RosterFound},
    # Keys without a meaning here, and answers to a search that was left.
    Ready: _KEYS | _LEDGER | _KEEPERS | {CardRemoved, CardRead, DeviceChanged},
    # A stranger's code must not take the card holder's screen away.
    Pin: _KEYS | _LEDGER | _KEEPERS | _DOORS | {CodeRefused, CardRead},
    # The card has the word: it answers or the timer does.
    Reading: _CODES | _CARDS | _KEYS | _LEDGER | _KEEPERS | _DOORS,
    # Somebody is choosing: what lies on the reader or passes the camera waits.
    Family: _CODES | _CARDS | _KEYS | _LEDGER | _KEEPERS | _DOORS,
    AskName: _CODES | _CARDS | _KEYS | _LEDGER | _KEEPERS | _DOORS | {TimeUp},
    AskBirth: _CODES | _CARDS | _KEYS | _LEDGER | _KEEPERS | _DOORS | {TimeUp},
    AskTown: _CODES | _CARDS | _KEYS | _LEDGER | _KEEPERS | _DOORS | {TimeUp},
    AskCount: _CODES | _CARDS | _KEYS | _LEDGER | _KEEPERS | _DOORS | {TimeUp},
    # Milliseconds: only the ledger's answer counts, and a second phone may wait.
    Receiving: _CODES | _CARDS | _KEYS | _LEDGER | _KEEPERS | _DOORS | {TimeUp},
    Done: _KEYS | _LEDGER | _KEEPERS | {CardRemoved, CardRead, DeviceChanged},
    Undoing: _CODES | _CARDS | _KEYS | _LEDGER | _KEEPERS | _DOORS | {TimeUp},
    Seen: _KEYS | _LEDGER | _KEEPERS | {CardRemoved, CardRead, DeviceChanged},
    Notice: _KEYS | _LEDGER | _KEEPERS | {CardRemoved, CardRead, DeviceChanged},
    Roster: _CODES | _CARDS | _KEYS | _LEDGER | _KEEPERS | _DOORS | {TimeUp},
    Staff: _CODES | _CARDS | _KEYS | _LEDGER | _KEEPERS | _DOORS | {TimeUp},
}

IGNORED: Mapping[type, frozenset[type]] = {
    state: events - frozenset(_WAYS[state]) for state, events in _LEFT_UNANSWERED.items()
}
"""What a state deliberately does not answer."""

STATES: Sequence[type] = tuple(_WAYS)
