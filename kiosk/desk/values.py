"""What comes to a desk, and what a desk answers: values, and the sizes that hold here."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.acts import Source
from kiosk.core.household import Household, Method
from kiosk.core.ids import PersonId
from kiosk.core.slip import Slip
from kiosk.ports import Committed, RosterRow
from kiosk.timing import Stopwatch

MAX_HEADS = 99
MOST_IN_A_NOTE = 400
"""Households in one note of who was seen: an event holds 16 kB."""
EVERYBODY = 100_000
"""Households: more than any shelter has; for what is looked over as a whole."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A household at the desk, ready to be received."""

    method: Method
    household: Household
    source: Source | None = None
    stopwatch: Stopwatch | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """A household at the desk with a transfer slip of another shelter, ready to be taken over."""

    slip: Slip
    stopwatch: Stopwatch | None = None

    @property
    def household(self) -> Household:
        """As the other shelter knew it."""
        return self.slip.household

    @property
    def source(self) -> Source:
        """To know the same slip again while it is still held up; it stands in no log."""
        return Source(self.slip.method, "slip", self.slip.household.id)


@dataclass(frozen=True, slots=True)
class Received:
    """It is in the log: say so."""

    row: RosterRow
    committed: Committed
    returned: bool = False
    """They were out, and are back: no new reception."""


@dataclass(frozen=True, slots=True)
class AlreadyHere:
    """The same pass or card was received before and stands: no second reception."""

    row: RosterRow


@dataclass(frozen=True, slots=True)
class Tapped:
    """A tied card was held up: its person went out, or is back."""

    row: RosterRow
    person: PersonId
    out: bool
    committed: Committed
