"""Effects: what the bridge has to do next, and the step that says where an input leads.

An effect for the desk's thread names the input that answers it; `Failed` answers any of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.core.acts import Shelter
from kiosk.core.household import Household, Person
from kiosk.core.ids import HouseholdId, PersonId
from kiosk.desk import Arrival, Transfer
from kiosk.flow.kinds import Effect, ForDesk, State
from kiosk.flow.values import NO_DIGITS, Change, Language, Masked, Secret, SoundName
from kiosk.ports import Committed, RosterRow


@dataclass(frozen=True, slots=True)
class OpenDesk(ForDesk):
    """Open the store, with a passphrase where one is wanted; answered by Opened."""

    passphrase: Secret | None = None


@dataclass(frozen=True, slots=True)
class ReadCard(Effect):
    """Give the digits to the card; answered by CardRead or CardFailed."""

    digits: Secret


@dataclass(frozen=True, slots=True)
class AskForms(Effect):
    """Ask how a birth date (`1980-02-17`, unknown parts 00) may stand on a card; answered by FormsTold."""

    birth: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadFace(Effect):
    """Open the card with what is printed on it (照合番号B); answered by CardRead or CardFailed.

    `year` of expiry is empty where the card tells it itself.
    """

    birth: Secret
    code: Secret
    year: Secret = NO_DIGITS


@dataclass(frozen=True, slots=True)
class Receive(ForDesk):
    """Write a household down, or take it over; answered by Received or AlreadyHere."""

    arrival: Arrival | Transfer = field(repr=False)


@dataclass(frozen=True, slots=True)
class Undo(ForDesk):
    """Take back a reception, or what was said last of a household; answered by Undone."""

    what: RosterRow | Committed = field(repr=False)


@dataclass(frozen=True, slots=True)
class Go(ForDesk):
    """Write down who goes, leaves, is back or moves on; nobody named means all. Answered by Written."""

    change: Change
    household: HouseholdId
    persons: tuple[PersonId, ...] = ()
    destination: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Tap(ForDesk):
    """Whoever this card stands for goes out, or is back; answered by Tapped or NotTied."""

    token: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tie(ForDesk):
    """A card stands for a person from now on; answered by Written."""

    household: HouseholdId
    person: PersonId
    token: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Join(ForDesk):
    """Add members to a household that is here; answered by Written."""

    household: HouseholdId
    members: tuple[Person, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Amend(ForDesk):
    """The household's card is now this; answered by Written."""

    household: Household = field(repr=False)
    removed: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Represent(ForDesk):
    """Somebody else speaks for the household; answered by Written."""

    household: HouseholdId
    person: PersonId


@dataclass(frozen=True, slots=True)
class KeepSecret(ForDesk):
    """支援措置; answered by Written."""

    household: HouseholdId


@dataclass(frozen=True, slots=True)
class EndSecrecy(ForDesk):
    """支援措置 is over, for a reason and with a second person; answered by Written."""

    household: HouseholdId
    reason: str = field(repr=False)
    who: str = field(repr=False)
    secret: Secret


@dataclass(frozen=True, slots=True)
class Merge(ForDesk):
    """Two households are one; `same` pairs their people. Answered by Written."""

    household: HouseholdId
    into: HouseholdId
    same: tuple[tuple[PersonId, PersonId], ...] = ()


@dataclass(frozen=True, slots=True)
class LookAt(ForDesk):
    """Open a household's card, leaving a trace; answered by Written."""

    household: HouseholdId


@dataclass(frozen=True, slots=True)
class Uncover(ForDesk):
    """Show what is masked, leaving a trace; answered by Uncovered."""

    household: HouseholdId
    masked: Masked


@dataclass(frozen=True, slots=True)
class FindRoster(ForDesk):
    """Look names up; answered by RosterFound. `everything` is for lists that are sifted afterwards."""

    text: str = field(repr=False)
    everything: bool = False


@dataclass(frozen=True, slots=True)
class FindSimilar(ForDesk):
    """Look for the same family; answered by SimilarFound."""

    household: Household = field(repr=False)


@dataclass(frozen=True, slots=True)
class FindDoubles(ForDesk):
    """Look for people who stand in the roster twice; answered by DoublesFound."""


@dataclass(frozen=True, slots=True)
class Inquire(ForDesk):
    """安否照会, leaving a trace; answered by Answered."""

    text: str = field(repr=False)
    relative: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ReadShelter(ForDesk):
    """Ask how the shelter stands; answered by ShelterRead."""


@dataclass(frozen=True, slots=True)
class ReportShelter(ForDesk):
    """Write down how the shelter stands, checked just now; answered by ShelterRead."""

    shelter: Shelter


@dataclass(frozen=True, slots=True)
class ReadAudit(ForDesk):
    """Ask who looked at what; answered by AuditRead."""


@dataclass(frozen=True, slots=True)
class ReadShift(ForDesk):
    """Ask what the next shift has to know; answered by ShiftRead."""


@dataclass(frozen=True, slots=True)
class TrySync(Effect):
    """Send what waits, now; the pill tells how it went."""


@dataclass(frozen=True, slots=True)
class Acknowledge(Effect):
    """Staff know what the store found: it is not said again."""


@dataclass(frozen=True, slots=True)
class Lock(Effect):
    """Forget the store's key: this desk is over, and the next one asks whose it is."""


@dataclass(frozen=True, slots=True)
class StartTimer(Effect):
    """Send TimeUp after these seconds. A timer ends with the state it was started for."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Sound(Effect):
    """Let it be heard; never the only sign."""

    name: SoundName


@dataclass(frozen=True, slots=True)
class Speak(Effect):
    """Show the words of this language; empty means the desk's own."""

    language: Language


@dataclass(frozen=True, slots=True)
class Quit(Effect):
    """Close the window, lock the store."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where an input leads."""

    state: State
    effects: tuple[Effect, ...] = ()
