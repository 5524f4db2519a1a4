"""What the desk needs of the world, as Protocols; the adapters are elsewhere and unknown here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kiosk.core.acts import Act, Source, Timing
from kiosk.core.counts import Counts
from kiosk.core.household import Household, Method
from kiosk.core.ids import DeviceId, HouseholdId
from kiosk.core.roll import Whereabouts


@dataclass(frozen=True, slots=True)
class Committed:
    """An act that is durably in the log: from now on it may be acknowledged."""

    device: DeviceId
    seq: int
    at: int
    household: HouseholdId
    commit_us: int
    """How long the commit took, in microseconds."""


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
    """The reception that holds the names."""


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

    def roster(self, text: str = "", limit: int = 50) -> Sequence[RosterRow]:
        """Households whose search key begins with `text` (kana or name), newest first when empty."""

    def counts(self) -> Counts:
        """This shelter's figures now."""

    def by_method(self) -> dict[str, int]:
        """Households by method of reception, zeros kept."""

    def intakes(self) -> Iterable[IntakeRow]:
        """Every timed reception that stands."""

    def next_number(self) -> str:
        """The next reception number, like A-012."""

    def publish(self) -> int:
        """Lay what HQ shall learn where the sync process finds it; returns how many segments were laid."""
