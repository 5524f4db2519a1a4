"""What staff look over: who stands in the roster twice, who looked at what, what the next shift must know.

Worked out from rows of the roster and notes of the log, which are passed in; it asks no ledger and knows
no screen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from kiosk.core.acts import PersonalPart, Shelter, Topic
from kiosk.core.counts import Counts
from kiosk.core.household import Person
from kiosk.core.ids import HouseholdId, PersonId
from kiosk.core.names import search_key
from kiosk.core.roll import Whereabouts
from kiosk.ports import RosterRow

ENOUGH = 2
"""So many people of the same names are no chance."""


@dataclass(frozen=True, slots=True)
class Double:
    """Two households in which the same people seem to stand. `left` was received first."""

    left: RosterRow
    right: RosterRow
    same: tuple[tuple[PersonId, PersonId], ...]
    """Pairs (of `right`, of `left`) who seem to be one person."""

    @property
    def together(self) -> int:
        """Persons if the two were one."""
        return len(self.left.household.members) + len(self.right.household.members) - len(self.same)


@dataclass(frozen=True, slots=True)
class Looking:
    """Somebody looked at personal data: when (clock value), who, what, why, and at which numbers."""

    at: int
    staff: str
    action: str
    reason: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShiftSheet:
    """引きつぎ: how the shelter stands, and what is open."""

    counts: Counts
    shelter: Shelter
    away: tuple[RosterRow, ...] = field(default=(), repr=False)
    """Households of whom somebody is out."""
    provisional: tuple[RosterRow, ...] = field(default=(), repr=False)
    """保護者確認待ち."""
    nameless: tuple[RosterRow, ...] = field(default=(), repr=False)
    """Received by number only: details are still to be asked."""
    doubled: int = 0
    """Pairs of households that may be one, and households received twice."""


def double(one: RosterRow, other: RosterRow) -> Double:
    """Two rows side by side, the earlier at the left, with whom they seem to share."""
    left, right = sorted((one, other), key=lambda row: (row.received_at, row.household.id))
    return Double(left, right, tuple(_same(left, right)))


def doubles(rows: Iterable[RosterRow]) -> tuple[Double, ...]:
    """Every pair of households that share somebody, newest first.

    Shared is who has the same name or kana and no other birth date. One name alone is common: without a
    birth date that says the same, only households of one address are paired, or of two names alike.
    """
    at: defaultdict[str, list[RosterRow]] = defaultdict(list)
    for row in rows:
        if row.merged_into is None and row.whereabouts is not Whereabouts.VOID:
            for key in {key for person in row.household.members for key in _keys(person)}:
                at[key].append(row)
    found: dict[tuple[HouseholdId, HouseholdId], Double] = {}
    for together in at.values():
        for one, other in combinations(together, 2):
            pair = double(one, other)
            if pair.same:
                found[pair.left.household.id, pair.right.household.id] = pair
    return tuple(sorted(found.values(), key=lambda pair: -pair.right.received_at))


def _same(left: RosterRow, right: RosterRow) -> list[tuple[PersonId, PersonId]]:
    found: list[tuple[Person, Person]] = []
    free = list(left.household.members)
    for person in right.household.members:
        other = next((one for one in free if _may_be_one(person, one)), None)
        if other is not None:
            free.remove(other)
            found.append((person, other))
    near = _place(left) == _place(right) != ""
    sure = any(one.birth is not None and one.birth == other.birth for one, other in found)
    if sure or near or len(found) >= ENOUGH:
        return [(one.id, other.id) for one, other in found]
    return []


def _may_be_one(person: Person, other: Person) -> bool:
    """The same name or kana, and no birth date that speaks against it."""
    told = person.birth is not None and other.birth is not None
    return bool(_keys(person) & _keys(other)) and (not told or person.birth == other.birth)


def _keys(person: Person) -> set[str]:
    return {search_key(text) for text in (person.name, person.kana) if text} - {""}


def _place(row: RosterRow) -> str:
    return search_key(row.household.address)


def lookings(
    notes: Iterable[tuple[int, PersonalPart]], numbers: Mapping[HouseholdId, str]
) -> tuple[Looking, ...]:
    """Every look at personal data among the notes, newest first; `numbers` by household."""
    found = [
        Looking(
            at,
            part.staff,
            part.action,
            part.reason,
            tuple(numbers.get(HouseholdId(one), "") for one in part.about),
        )
        for at, part in notes
        if part.topic is Topic.SEEN
    ]
    return tuple(sorted(found, key=lambda looking: -looking.at))


def by_area(rows: Iterable[RosterRow]) -> dict[str, int]:
    """Persons who are here, by the area they stay in; those without one under the empty name."""
    total: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if row.whereabouts is Whereabouts.HERE:
            total[row.household.area] += len(row.present)
    return dict(total)


def shift_sheet(rows: Sequence[RosterRow], counts: Counts, shelter: Shelter) -> ShiftSheet:
    """What the next shift has to know, from every row of the roster."""
    here = [row for row in rows if row.whereabouts in {Whereabouts.HERE, Whereabouts.AWAY}]
    return ShiftSheet(
        counts,
        shelter,
        tuple(row for row in here if Whereabouts.AWAY in set(row.elsewhere.values())),
        tuple(row for row in here if any(person.provisional for person in row.household.members)),
        tuple(row for row in here if not any(person.called for person in row.household.members)),
        len(doubles(here)) + sum(row.receptions > 1 for row in here),
    )
