"""What the flow speaks of: secrets, towns, tones, changes, and how long things are shown. No state here."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kiosk.core.access import Role
from kiosk.core.household import Mode
from kiosk.core.ids import HouseholdId, PersonId
from kiosk.settings import Settings

PIN_DIGITS = 4
DONE_SECONDS = 6.0
CARD_SECONDS = 12.0
"""A card holder is asked who is with them while the number shows: that takes a moment longer."""
NEXT_SECONDS = 2.5
SOON_SECONDS = 10.0
"""A pass seen again so soon after its number was shown is still being held up, and asks for nothing."""
NOTICE_SECONDS = 15.0
PIN_SECONDS = 60.0
FACE_SECONDS = 180.0
"""Reading small print off a card takes a while, and longer in the light of a gymnasium."""
READ_SECONDS = 20.0
FAMILY_SECONDS = 180.0
VISITOR_SECONDS = 60.0
CHOICE_SECONDS = 30.0
STAFF_SECONDS = 180.0
"""A staff's screen that nobody touches does not stay open before the queue."""
TOWNS_SHOWN = 8
OLDEST = 130

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
class PrintedForm:
    """One way in which a birth date may stand on a card: its text, and the digits 照合番号B takes from it."""

    text: str = field(repr=False)
    digits: Secret


@dataclass(frozen=True, slots=True)
class Town:
    """A town people come from: its name as written in addresses, and its kana to find it by."""

    name: str
    kana: str


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What an opening sheet says, and its text, from which the laptop is opened."""

    text: str = field(repr=False)
    name: str
    mode: Mode
    municipality: str
    """Six digits."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the staff who may open the store."""

    name: str = field(repr=False)
    role: Role | None
    """None: one of a later version."""
    pin: bool = False
    """A PIN, not a passphrase."""
    laptop_only: bool = True
    """The secret opens on this laptop only."""
    wrong_tries: int = 0
    own: bool = False
    """Who stands at the desk."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A camera or a reader that can be chosen: what it is called for programs, and for people."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Equipment:
    """What was chosen for this laptop, and the devices that could be."""

    settings: Settings
    camera: str = ""
    """The id of the camera chosen; empty: the first there is."""
    cameras: tuple[Attached, ...] = ()
    readers: tuple[Attached, ...] = ()


class OutletKind(enum.Enum):
    """What something can be put out on."""

    STICK = "stick"
    FOLDER = "folder"
    PRINTER = "printer"


@dataclass(frozen=True, slots=True)
class Outlet:
    """Somewhere papers and files can go: its id for programs, its name for people."""

    id: str
    name: str
    kind: OutletKind


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    """How things stand when a shelter is to be closed."""

    unsent: int
    """Events that HQ has not acknowledged."""
    persons: int
    """Persons who are here by the roster."""
    households: int
    linked: bool = True
    """Whether this laptop was told of an HQ."""


class Work(enum.Enum):
    """What the desk's thread was doing when it failed."""

    OPEN = "open"
    RECEIVE = "receive"
    UNDO = "undo"
    ROSTER = "roster"
    CHANGE = "change"
    """Writing something about a household or the shelter."""
    LOOK = "look"
    """Opening what may only be seen with a trace."""
    KEEP = "keep"
    """Looking after the laptop and its shelter: opening, accounts, settings, lists, closing."""
    ASK = "ask"
    """Anything else that is only read."""


class Change(enum.Enum):
    """What a household's stay came to; each has its words."""

    OUT = "out"
    LEFT = "left"
    BACK = "back"
    MOVED = "moved"
    JOINED = "joined"
    TIED = "tied"
    MERGED = "merged"
    AMENDED = "amended"
    SECRECY = "secrecy"
    LOOKED = "looked"


class Chore(enum.Enum):
    """What a supervisor looks after, in the order of its menu."""

    ACCOUNTS = "accounts"
    SECRET = "secret"  # noqa: S105 - a chore's name
    SETTINGS = "settings"
    PAPERS = "papers"
    CLOSING = "closing"


class Masked(enum.Enum):
    """What a household's card hides until somebody presses and holds."""

    BIRTH = "birth"
    ADDRESS = "address"
    PHONE = "phone"
    NEEDS = "needs"


class Room(enum.Enum):
    """The screens of the staff's menu, in its order."""

    ROSTER = "roster"
    INQUIRY = "inquiry"
    SHELTER = "shelter"
    DOUBLES = "doubles"
    DEVICES = "devices"
    AUDIT = "audit"
    SHIFT = "shift"
    KEEPING = "keeping"
    CODE = "code"


Tone = Literal["ok", "attention", "error"]
SoundName = Literal["ok", "attention", "error", "tick"]

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
    "slip_sealed": "attention",
    "slip_malformed": "attention",
    "other_mode": "attention",
    "token_taken": "attention",
    "face_last_try": "attention",
    "face_blocked": "attention",
}
"""What a person can go on from at once; anything else is an error of a device or ours."""

FACE_HELPS = frozenset({"no_pin_set", "last_try_refused", "blocked"})
"""The PIN does not open this card; 照合番号B, printed on it, has a counter of its own and may."""
