"""The desk's use-cases: what people do at a reception, each one act in the log.

It knows a `Ledger`, not SQLite; households, not screens. What it returns are outcomes to show; it never
says "received" before the ledger has committed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kiosk.core import ids
from kiosk.core.acts import Leave, Receive, Source, Void
from kiosk.core.counts import Counts
from kiosk.core.household import Household, Method, Mode, Person
from kiosk.core.ids import HouseholdId, IncidentId, Randomness
from kiosk.core.roll import Whereabouts
from kiosk.errors import KnownError
from kiosk.ports import Committed, Ledger, RosterRow
from kiosk.timing import Stopwatch

MAX_HEADS = 99


@dataclass(frozen=True, slots=True)
class Arrival:
    """A household at the desk, ready to be received."""

    method: Method
    household: Household
    source: Source | None = None
    stopwatch: Stopwatch | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """It is in the log: say so."""

    row: RosterRow
    committed: Committed


@dataclass(frozen=True, slots=True)
class AlreadyHere:
    """The same pass or card was received before and stands: no second reception."""

    row: RosterRow


class Desk:
    """One reception desk."""

    def __init__(
        self,
        ledger: Ledger,
        mode: Mode,
        incident: Callable[[], IncidentId | None],
        randomness: Randomness,
        staff: str = "",
    ) -> None:
        self._ledger = ledger
        self._mode = mode
        self._incident = incident
        self._randomness = randomness
        self.staff = staff

    def new_person(self, **known: object) -> Person:
        """A person with a fresh id and whatever is known."""
        return replace(Person(ids.new_person(self._randomness)), **known)  # type: ignore[arg-type]  # names are Person's own

    def new_household(self, members: Sequence[Person], **known: object) -> Household:
        """A household with a fresh id."""
        return replace(Household(ids.new_household(self._randomness), tuple(members)), **known)  # type: ignore[arg-type]  # names are Household's own

    def heads(self, count: int) -> Household:
        """A household of `count` persons of whom nothing else is known.

        Raises:
            KnownError: `bad_count` unless 1 ≤ count ≤ 99.
        """
        if not 1 <= count <= MAX_HEADS:
            raise KnownError("bad_count", "人数は 1人から 99人までです。", "a household has 1 to 99 persons")
        return self.new_household([self.new_person() for _ in range(count)])

    def receive(self, arrival: Arrival) -> Received | AlreadyHere:
        """受付: write the household down, or recognise that it is here.

        A household that left, or whose reception was taken back, is received anew under its old id.
        """
        household, before, watch = arrival.household, None, arrival.stopwatch
        asked = watch.elapsed if watch is not None else 0.0
        if arrival.source is not None:
            before = self._ledger.find_source(arrival.source)
        if before is not None and before.whereabouts is Whereabouts.HERE:
            return AlreadyHere(before)
        if before is not None:
            household = replace(household, id=before.household.id)
        if not household.members:
            raise KnownError("nobody_here", "入る人を ひとり 以上 えらんでください。", "nobody was chosen")
        number = before.number if before is not None else self._ledger.next_number()
        if watch is not None:
            watch.add_machine(watch.elapsed - asked)
        act = Receive(
            self._mode,
            self._incident(),
            arrival.method,
            household,
            number,
            arrival.source,
            None if watch is None else watch.reading(),
            self.staff,
        )
        committed = self._ledger.append(act, self.staff)
        row = RosterRow(
            household, number, arrival.method, Whereabouts.HERE, committed.at, committed.device, committed.seq
        )
        return Received(row, committed)

    def undo(self, row: RosterRow) -> Committed:
        """ちがう: take a reception back. The log keeps both; the counts forget it."""
        return self._ledger.append(
            Void(self._mode, self._incident(), row.household.id, row.device, row.seq),
            self.staff,
        )

    def leave(self, household: HouseholdId) -> Committed:
        """退所: a household left."""
        return self._ledger.append(Leave(self._mode, self._incident(), household), self.staff)

    def roster(self, text: str = "", limit: int = 50) -> Sequence[RosterRow]:
        """Households whose name or kana begins with `text`."""
        return self._ledger.roster(text, limit)

    def counts(self) -> Counts:
        """The shelter's figures now."""
        return self._ledger.counts()

    def publish(self) -> None:
        """Lay what HQ shall learn for the sync process: after the acknowledgement, never before it."""
        self._ledger.publish()
