"""The roll: what follows from a set of events about households. A fold, with its rules in one place.

It takes the events in any order and sorts them by (time, device, number), so that order of arrival can
not matter: HQ, a second desk and this desk come to the same answer from the same set. It reads public
parts only; names are joined by whoever may open them (`kiosk.core.card`).
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from kiosk.core.acts import (
    AmendPublic,
    Away,
    JoinPublic,
    Leave,
    Merge,
    Move,
    PublicAct,
    ReceivePublic,
    Return,
    Tally,
    Void,
)
from kiosk.core.household import Method, Mode, Stay
from kiosk.core.ids import DeviceId, HouseholdId, IncidentId, PersonId


class Whereabouts(enum.IntEnum):
    """Where a person, or a household as a whole, stands with this shelter."""

    HERE = 1
    LEFT = 2
    VOID = 3
    """Its reception was taken back."""
    AWAY = 4
    """Out, and expected back."""
    MOVED = 5
    """Gone on to another shelter."""
    MERGED = 6
    """The same as another household, where it is counted."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event about a household, as the fold needs it."""

    at: int
    device: DeviceId
    seq: int
    act: PublicAct

    @property
    def order(self) -> tuple[int, bytes, int]:
        """The total order of the fold."""
        return (self.at, self.device, self.seq)


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a household now."""

    id: PersonId
    tally: Tally
    whereabouts: Whereabouts


@dataclass(frozen=True, slots=True)
class Standing:
    """A household now."""

    household: HouseholdId
    mode: Mode
    incident: IncidentId | None
    whereabouts: Whereabouts
    """HERE as long as one member is; else AWAY, MOVED, LEFT in this order."""
    method: Method
    """Of the first reception that stands: how it was received, whatever came later."""
    stay: Stay
    voluntary: bool
    members: tuple[Member, ...]
    received_at: int
    receptions: int
    """How many receptions stand; more than one is flagged for a look."""
    source: tuple[DeviceId, int]
    """The event that holds the card: the latest reception or amendment that stands."""
    device: DeviceId
    """Who last put somebody of it in: the household is at that device's shelter."""
    supplies: int = 0
    merged_into: HouseholdId | None = None

    @property
    def persons(self) -> tuple[tuple[PersonId, Tally], ...]:
        """Those who are here."""
        return tuple(
            (member.id, member.tally) for member in self.members if member.whereabouts is Whereabouts.HERE
        )


def standing_entries(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that were not taken back, in the order of the fold."""
    ordered = sorted(entries, key=lambda entry: entry.order)
    voided = {(e.act.target_device, e.act.target_seq) for e in ordered if isinstance(e.act, Void)}
    return [e for e in ordered if isinstance(e.act, Void) or (bytes(e.device), e.seq) not in voided]


def fold(entries: Iterable[Entry]) -> Standing | None:
    """The standing that follows from every event about one household; None before any reception.

    Rules: a void takes back exactly its target, whichever arrives first, and is itself never taken back.
    Two receptions of one household are one household with two receptions: first method, latest details.
    An amendment says who the members are like; those it does not name stay, those it removes go. Members
    leave, go out, come back and move one by one; what is said later holds. Of two merges the first holds.
    Merged households are joined by `fold_merged`.
    """
    every = sorted(entries, key=lambda entry: entry.order)
    state: _State | None = None
    for entry in standing_entries(every):
        act = entry.act
        if isinstance(act, ReceivePublic):
            state = _received(state, entry, act)
        elif state is not None and (change := _CHANGES.get(type(act))) is not None:
            change(state, entry, act)
    if state is not None:
        return state.standing()
    taken_back = [entry for entry in every if isinstance(entry.act, ReceivePublic)]
    if not taken_back:
        return None
    state = _received(None, taken_back[-1], taken_back[-1].act)
    return replace(state.standing(), whereabouts=Whereabouts.VOID, receptions=0)


def fold_merged(households: Mapping[HouseholdId, Iterable[Entry]]) -> dict[HouseholdId, Standing]:
    """The standings of several households, with those that were merged counted where they belong.

    `households` must hold every household that is merged into one of them, or that one of them is merged
    into; `partners` tells which. A merge that would close a circle, or into a household that never came,
    is not followed.
    """
    alone = {household: fold(entries) for household, entries in households.items()}
    standings = {household: standing for household, standing in alone.items() if standing is not None}
    if len(households) == 1:
        return standings  # nearly always: nobody it could be merged with
    into: dict[HouseholdId, HouseholdId | None] = {
        household: standing.merged_into
        for household, standing in sorted(standings.items(), key=lambda pair: pair[0])
        if standing.merged_into in standings and standing.whereabouts is not Whereabouts.VOID
    }
    for household in sorted(into):
        if _leads_back(household, into):
            into[household] = None
    result = dict(standings)
    same = _pairs(households)
    # Leaves first: what a household absorbed goes on with it when it is merged itself.
    for household in sorted(into, key=lambda one: -_depth(one, into)):
        target = into[household]
        if target is None:
            result[household] = replace(result[household], merged_into=None)
            continue
        result[target] = _absorbed(result[target], result[household], same.get(household, {}))
    for household, target in into.items():
        if target is not None:
            result[household] = replace(result[household], whereabouts=Whereabouts.MERGED)
    return result


def partners(entries: Iterable[Entry]) -> set[HouseholdId]:
    """The households that these events merge theirs into."""
    return {entry.act.into for entry in entries if isinstance(entry.act, Merge)}


# -- one household ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _State:
    """The fold's own notebook."""

    first: Entry
    receive: ReceivePublic
    method: Method
    stay: Stay
    voluntary: bool
    supplies: int
    source: tuple[DeviceId, int]
    device: DeviceId
    members: dict[PersonId, tuple[Tally, Whereabouts]]
    receptions: int
    removed: set[PersonId] = field(default_factory=set)
    merged_into: HouseholdId | None = None

    def standing(self) -> Standing:
        members = tuple(Member(who, *known) for who, known in self.members.items() if who not in self.removed)
        return Standing(
            self.receive.household,
            self.receive.mode,
            self.receive.incident,
            _whereabouts(members),
            self.method,
            self.stay,
            self.voluntary,
            members,
            self.first.at,
            self.receptions,
            self.source,
            self.device,
            self.supplies,
            self.merged_into,
        )


def _whereabouts(members: tuple[Member, ...]) -> Whereabouts:
    somewhere = {member.whereabouts for member in members}
    for whereabouts in (Whereabouts.HERE, Whereabouts.AWAY, Whereabouts.MOVED, Whereabouts.LEFT):
        if whereabouts in somewhere:
            return whereabouts
    return Whereabouts.HERE  # a household of nobody, which a desk does not write


def _received(before: _State | None, entry: Entry, act: PublicAct) -> _State:
    if not isinstance(act, ReceivePublic):
        raise TypeError(act)
    return _State(
        before.first if before else entry,
        act,
        before.method if before else act.method,
        act.stay,
        act.voluntary,
        act.supplies,
        (entry.device, entry.seq),
        entry.device,
        {person: (tally, Whereabouts.HERE) for person, tally in act.persons},
        (before.receptions if before else 0) + 1,
        merged_into=before.merged_into if before else None,
    )


def _amended(state: _State, entry: Entry, act: PublicAct) -> None:
    if isinstance(act, AmendPublic):
        for person, tally in act.persons:
            _, whereabouts = state.members.get(person, (tally, Whereabouts.HERE))
            state.members[person] = tally, whereabouts
        state.removed |= set(act.removed)
        state.stay, state.voluntary, state.supplies = act.stay, act.voluntary, act.supplies
        state.source = (entry.device, entry.seq)


def _joined(state: _State, entry: Entry, act: PublicAct) -> None:
    if isinstance(act, JoinPublic):
        state.members |= {person: (tally, Whereabouts.HERE) for person, tally in act.persons}
        state.device = entry.device


def _went(whereabouts: Whereabouts, *, only: frozenset[Whereabouts]) -> _Change:
    """A change of those who are named, or of all, as far as they are where they can do it from."""

    def change(state: _State, entry: Entry, act: PublicAct) -> None:
        if isinstance(act, Leave | Away | Return | Move):
            for person in act.persons or tuple(state.members):
                tally, now = state.members.get(person, (Tally(), None))
                if now in only:
                    state.members[person] = tally, whereabouts
            if whereabouts is Whereabouts.HERE:
                state.device = entry.device

    return change


def _merged(state: _State, entry: Entry, act: PublicAct) -> None:  # noqa: ARG001 - the table's signature
    if isinstance(act, Merge) and state.merged_into is None and act.into != act.household:
        state.merged_into = act.into


_Change = Callable[[_State, Entry, PublicAct], None]
_PRESENT = frozenset({Whereabouts.HERE, Whereabouts.AWAY})
_GONE = frozenset({Whereabouts.AWAY, Whereabouts.LEFT, Whereabouts.MOVED})
_CHANGES: Mapping[type, _Change] = {
    AmendPublic: _amended,
    JoinPublic: _joined,
    Leave: _went(Whereabouts.LEFT, only=_PRESENT),
    Away: _went(Whereabouts.AWAY, only=frozenset({Whereabouts.HERE})),
    Return: _went(Whereabouts.HERE, only=_GONE),
    Move: _went(Whereabouts.MOVED, only=_PRESENT),
    Merge: _merged,
}


# -- several ---------------------------------------------------------------------------------------------


def _leads_back(household: HouseholdId, into: Mapping[HouseholdId, HouseholdId | None]) -> bool:
    seen, step = {household}, into.get(household)
    while step is not None and step not in seen:
        seen.add(step)
        step = into.get(step)
    return step == household


def _depth(household: HouseholdId, into: Mapping[HouseholdId, HouseholdId | None]) -> int:
    """How many merges lie between a household and the one that counts it."""
    depth, step = 0, into.get(household)
    while step is not None:
        depth, step = depth + 1, into.get(step)
    return depth


def _pairs(households: Mapping[HouseholdId, Iterable[Entry]]) -> dict[HouseholdId, dict[PersonId, PersonId]]:
    found: dict[HouseholdId, dict[PersonId, PersonId]] = {}
    for household, entries in households.items():
        for entry in standing_entries(entries):
            if isinstance(entry.act, Merge) and household not in found:
                found[household] = dict(entry.act.same)
    return found


def _absorbed(target: Standing, other: Standing, same: Mapping[PersonId, PersonId]) -> Standing:
    """The target with the other's members: pairs are one person, who is here if either is."""
    members = {member.id: member for member in target.members}
    for member in other.members:
        twin = members.get(same.get(member.id, member.id))
        if twin is None:
            members[member.id] = member
        elif member.whereabouts is Whereabouts.HERE:
            members[twin.id] = replace(twin, whereabouts=Whereabouts.HERE)
    joined = tuple(members.values())
    first = min(target, other, key=lambda one: (one.received_at, one.household))
    return replace(
        target,
        members=joined,
        whereabouts=target.whereabouts if target.whereabouts is Whereabouts.VOID else _whereabouts(joined),
        method=first.method,
        received_at=first.received_at,
        # A person settled that these were one: nothing is left to look at.
        receptions=max(target.receptions, other.receptions),
    )
