"""What people pressed, touched or typed, by what they meant with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from kiosk.flow.choices import Page, Show
from kiosk.flow.kinds import AlwaysHeard, Told
from kiosk.flow.values import Change, Language, Masked, Room, Secret, Town
from kiosk.timing import Stopwatch


@dataclass(frozen=True, slots=True)
class Digit(Told):
    """A digit was pressed, on the screen or on a keyboard: 0 to 9."""

    value: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter(Told):
    """A letter was pressed where no text is being typed: upper case."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Typed(Told):
    """The text field now holds this."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enter(Told):
    """決定: Enter, or the screen's first button."""


@dataclass(frozen=True, slots=True)
class Back(Told):
    """Esc: やめる, もどる, ちがう."""


@dataclass(frozen=True, slots=True)
class Erase(Told):
    """Backspace where no text is being typed."""


@dataclass(frozen=True, slots=True)
class Everyone(Told):
    """全員 います."""


@dataclass(frozen=True, slots=True)
class Plus(Told):
    """One more person."""


@dataclass(frozen=True, slots=True)
class NotKnown(Told):
    """わからない: the answer to this question is not known."""


@dataclass(frozen=True, slots=True)
class Chosen(Told):
    """The tile at this position, from 0."""

    index: int


@dataclass(frozen=True, slots=True)
class AskOpened(AlwaysHeard):
    """F1: start an asked entry."""

    stopwatch: Stopwatch
    today: dt.date
    towns: tuple[Town, ...] = ()


@dataclass(frozen=True, slots=True)
class CountOpened(AlwaysHeard):
    """F5: start a count-only entry."""

    stopwatch: Stopwatch


@dataclass(frozen=True, slots=True)
class RosterOpened(AlwaysHeard):
    """F2: open the roster."""


@dataclass(frozen=True, slots=True)
class OutOpened(AlwaysHeard):
    """F3: somebody goes out, leaves or is back, without a code or card."""


@dataclass(frozen=True, slots=True)
class RoomOpened(Told):
    """A screen of the staff's menu."""

    room: Room


@dataclass(frozen=True, slots=True)
class RowMoved(Told):
    """↑ or ↓: the row so many further on."""

    by: int


@dataclass(frozen=True, slots=True)
class ShowChosen(Told):
    """Only these households; the same once more shows all again."""

    show: Show


@dataclass(frozen=True, slots=True)
class Going(Told):
    """外出, 退所, 戻った, 転出: said of the people chosen."""

    change: Change


@dataclass(frozen=True, slots=True)
class DestinationChosen(Told):
    """Where they go, if they say so: a position in `choices.DESTINATIONS`."""

    index: int


@dataclass(frozen=True, slots=True)
class FamilyOpened(Told):
    """家族: who of this household is here?"""


@dataclass(frozen=True, slots=True)
class NeedsOpened(Told):
    """体のこと: what the shelter should know to help."""


@dataclass(frozen=True, slots=True)
class PersonChosen(Told):
    """The person at this position, from 0."""

    index: int


@dataclass(frozen=True, slots=True)
class More(Told):
    """The next page of choices."""


@dataclass(frozen=True, slots=True)
class SimilarWanted(Told):
    """Look at the household that may be the same."""

    index: int = 0


@dataclass(frozen=True, slots=True)
class CardWanted(Told):
    """くわしく: open this household's card."""


@dataclass(frozen=True, slots=True)
class TieWanted(Told):
    """戻り用カード: a contactless card shall stand for one of the household."""


@dataclass(frozen=True, slots=True)
class PageOpened(Told):
    """A page of the household's card."""

    page: Page


@dataclass(frozen=True, slots=True)
class Held(Told):
    """Pressed and held: show what is masked."""

    masked: Masked


@dataclass(frozen=True, slots=True)
class LetGo(Told):
    """No longer held: mask it again."""


@dataclass(frozen=True, slots=True)
class SecrecyWanted(Told):
    """支援措置: from now on nobody is told that they are here."""


@dataclass(frozen=True, slots=True)
class SexSaid(Told):
    """A position in `choices.SEXES`."""

    index: int


@dataclass(frozen=True, slots=True)
class RelationSaid(Told):
    """A position in `choices.RELATIONS`."""

    index: int


@dataclass(frozen=True, slots=True)
class CapacityTyped(Told):
    """The second text field, for a number, now holds this."""

    text: str


@dataclass(frozen=True, slots=True)
class EndingSaid(Told):
    """Why a secrecy ends, and the second person who says so with their own secret."""

    reason: str = field(repr=False)
    who: str = field(repr=False)
    secret: Secret


@dataclass(frozen=True, slots=True)
class Fewer(Told):
    """One less of what stands at this position."""

    index: int


@dataclass(frozen=True, slots=True)
class OpeningSaid(Told):
    """開設状況: a position in `choices.OPENINGS`."""

    index: int


@dataclass(frozen=True, slots=True)
class FullnessSaid(Told):
    """定員状況: a position in `choices.FULLNESSES`."""

    index: int


@dataclass(frozen=True, slots=True)
class Counted(Told):
    """職員, 応援: so many more or fewer."""

    who: Literal["staff", "helpers"]
    by: int


@dataclass(frozen=True, slots=True)
class TrialWanted(Told):
    """Try this device or link now."""

    what: Literal["sound", "sync"]


@dataclass(frozen=True, slots=True)
class HelpShown(Told):
    """くわしく: what to do about an error, step by step."""


@dataclass(frozen=True, slots=True)
class LockWanted(Told):
    """Close the store; the next staff opens it with their own passphrase."""


@dataclass(frozen=True, slots=True)
class StaffOpened(AlwaysHeard):
    """係の人用."""


@dataclass(frozen=True, slots=True)
class HelpWanted(AlwaysHeard):
    """係の人を よぶ."""


@dataclass(frozen=True, slots=True)
class LanguageChosen(AlwaysHeard):
    """The visitor reads another language."""

    language: Language


@dataclass(frozen=True, slots=True)
class PassphraseEntered(Told):
    """Staff typed their passphrase."""

    passphrase: Secret


@dataclass(frozen=True, slots=True)
class QuitWanted(Told):
    """Close the desk."""
