"""The roll: what follows from a set of events about one household. A fold, with rules in one place.

It takes the events in any order and sorts them by (time, device, number), so that order of arrival can
not matter: HQ, a second desk and this desk come to the same answer from the same set. It reads public
parts only; names are joined by whoever may open them.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.core.acts import Leave, PublicAct, ReceivePublic, Tally, Void
from kiosk.core.household import Method, Mode, Stay
from kiosk.core.ids import DeviceId, HouseholdId, IncidentId, PersonId


class Whereabouts(enum.IntEnum):
    """Where a household stands with this shelter."""

    HERE = 1
    LEFT = 2
    VOID = 3


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
class Standing:
    """A household now."""

    household: HouseholdId
    mode: Mode
    incident: IncidentId | None
    whereabouts: Whereabouts
    method: Method
    """Of the first reception that stands: how it was received, whatever came later."""
    stay: Stay
    voluntary: bool
    persons: tuple[tuple[PersonId, Tally], ...]
    received_at: int
    receptions: int
    """How many receptions stand; more than one is flagged for a look."""
    source: tuple[DeviceId, int]
    """The event that holds the names: the latest reception that stands."""


def fold(entries: Iterable[Entry]) -> Standing | None:
    """The standing that follows from every event about one household; None before any reception.

    Rules: a void takes back exactly its target, whichever arrives first. Two receptions of one household
    are one household with two receptions: first method, latest details. A leave stands until a later
    reception.
    """
    ordered = sorted(entries, key=lambda entry: entry.order)
    voided = {(e.act.target_device, e.act.target_seq) for e in ordered if isinstance(e.act, Void)}
    standing: Standing | None = None
    last: ReceivePublic | None = None
    taken_back: ReceivePublic | None = None
    taken_back_entry: Entry | None = None
    for entry in ordered:
        act, stands = entry.act, (bytes(entry.device), entry.seq) not in voided
        if isinstance(act, ReceivePublic) and not stands:
            taken_back, taken_back_entry = act, entry
        elif isinstance(act, ReceivePublic):
            standing = _received(standing, entry, act)
            last = act
        elif isinstance(act, Leave) and stands and standing is not None:
            standing = _changed(standing, Whereabouts.LEFT)
    if last is None and taken_back is not None and taken_back_entry is not None:
        return _changed(_received(None, taken_back_entry, taken_back), Whereabouts.VOID, receptions=0)
    return standing


def _received(before: Standing | None, entry: Entry, act: ReceivePublic) -> Standing:
    return Standing(
        act.household,
        act.mode,
        act.incident,
        Whereabouts.HERE,
        before.method if before else act.method,
        act.stay,
        act.voluntary,
        act.persons,
        before.received_at if before else entry.at,
        (before.receptions if before else 0) + 1,
        (entry.device, entry.seq),
    )


def _changed(standing: Standing, whereabouts: Whereabouts, receptions: int | None = None) -> Standing:
    return Standing(
        standing.household,
        standing.mode,
        standing.incident,
        whereabouts,
        standing.method,
        standing.stay,
        standing.voluntary,
        standing.persons,
        standing.received_at,
        standing.receptions if receptions is None else receptions,
        standing.source,
    )
