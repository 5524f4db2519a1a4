"""What the desk needs of the world, as Protocols; the adapters are elsewhere and unknown here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kiosk.core.acts import Act, PersonalPart, Shelter, Source, Timing
from kiosk.core.card import Card
from kiosk.core.counts import Counts
from kiosk.core.household import Household, Method, Person
from kiosk.core.ids import DeviceId, HouseholdId, PersonId
from kiosk.core.roll import Whereabouts


@dataclass(frozen=True, slots=True)
class Committed:
    """An act that is durably in the log: from now on it may be acknowledged."""

    device: DeviceId
    seq: int
    at: int
    household: HouseholdId | None
    """None for what is about the shelter, or about nobody in particular."""
    commit_us: int
    """How long it took from the act at hand to here, in microseconds: sealing, signing, the transaction."""
    transaction_us: int = 0
    """Of it, the database's transaction: the event's row, the view's row, and both synced to disk."""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One household in the roster, with the names this desk may show."""

    household: Household
    number: str
    method: Method
    whereabouts: Whereabouts
    received_at: int
    device: DeviceId
    seq: int
    """The reception or amendment that holds the card."""
    elsewhere: Mapping[PersonId, Whereabouts] = field(default_factory=dict)
    """Members who are not here: away, left, moved."""
    merged_into: HouseholdId | None = None
    receptions: int = 1
    """More than one: received twice, and worth a look."""
    revision: int = 0
    """Of the pass its card was read from; 0 without one."""

    @property
    def present(self) -> tuple[Person, ...]:
        """Members who are here."""
        return tuple(person for person in self.household.members if person.id not in self.elsewhere)


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """One reception's stopwatch, for reports: in order of the log, taken-back ones left out."""

    at: int
    method: Method
    persons: int
    timing: Timing
    commit_us: int


class Ledger(Protocol):
    """The log and its views, encrypted, on this laptop."""

    def append(self, act: Act, staff: str = "") -> Committed:
        """Write one act: event and views in one transaction, synced to disk when this returns."""

    def find_source(self, source: Source) -> RosterRow | None:
        """The household once received from this pass or card, whatever its standing."""

    def get(self, household: HouseholdId) -> RosterRow | None:
        """One household."""

    def card(self, household: HouseholdId) -> Card | None:
        """One household's card, worked out from the log."""

    def find_token(self, token: bytes) -> tuple[RosterRow, PersonId] | None:
        """Whose return token this is, by its keyed hash."""

    def author(self, device: DeviceId, seq: int) -> str:
        """Who did what an event says; empty where it does not say, or can not be opened."""

    def shelter(self) -> Shelter | None:
        """The shelter's state as last said."""

    def notes(self) -> Sequence[tuple[int, PersonalPart]]:
        """Every note with its time: among them who looked at what, and why."""

    def roster(self, text: str = "", limit: int = 50, *, secret: bool = False) -> Sequence[RosterRow]:
        """Households found by `text` (kana, name, number), newest first; under secrecy only if `secret`."""

    def counts(self) -> Counts:
        """This shelter's figures now."""

    def by_method(self) -> dict[str, int]:
        """Households by method of reception, zeros kept."""

    def intakes(self) -> Iterable[IntakeRow]:
        """Every timed reception that stands, also of what this laptop was before a restore."""

    def next_number(self) -> str:
        """The next reception number, like A-012."""

    def publish(self) -> int:
        """Lay what HQ shall learn where the sync process finds it; returns how many segments were laid."""
