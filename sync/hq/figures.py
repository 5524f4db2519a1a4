"""The figures of each shelter: what the events prove, beside what the devices said of themselves.

Drill and disaster are asked for one at a time and never added. It reads HQ's tables and knows no page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, and_, func, select

from kiosk.core import cbor
from kiosk.core.acts import Kind, read_public
from kiosk.core.acts import Shelter as ShelterState
from kiosk.core.counts import Counts, counts_from_dict
from kiosk.core.events import MAX_HEADER
from kiosk.core.household import Method, Mode
from kiosk.core.roll import Whereabouts
from kiosk.errors import Malformed
from sync.hq import tables


def no_methods() -> dict[str, int]:
    """Zero households by every method."""
    return dict.fromkeys((method.word for method in Method), 0)


@dataclass(frozen=True, slots=True)
class ShelterFigures:
    """One shelter in one mode. Times are milliseconds since 1970 of HQ's clock."""

    shelter: str
    name: str
    capacity: str = ""
    counts: Counts = field(default_factory=Counts)
    """What the events at HQ come to."""
    by_method: Mapping[str, int] = field(default_factory=no_methods)
    """Households ever received and not taken back, from the events at HQ."""
    reported: Counts = field(default_factory=Counts)
    """What the devices' newest reports come to."""
    reported_by_method: Mapping[str, int] = field(default_factory=no_methods)
    receptions_doubled: int = 0
    """Households received more than once: for a person to look at."""
    devices: int = 0
    forked: int = 0
    """Devices of which HQ holds two branches: for a person to look at."""
    seen_at: int | None = None
    """When a device of this shelter last spoke to HQ."""
    waiting: int = 0
    """Devices that reported more events than HQ has."""
    state: ShelterState | None = None
    """開設状況 and the like, as somebody at the shelter last said; None before anybody did."""

    @property
    def complete(self) -> bool:
        """Whether HQ has every event that was reported."""
        return self.waiting == 0

    def to_dict(self) -> dict[str, Any]:
        """For `hq counts --json`."""
        return {
            "shelter": self.shelter,
            "name": self.name,
            "capacity": self.capacity,
            "state": None if self.state is None else _state(self.state),
            **_figures(self),
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """All shelters of one mode that have a device, by name, and their total."""

    mode: Mode
    shelters: Sequence[ShelterFigures]

    @property
    def total(self) -> ShelterFigures:
        """All of them together."""
        counts, reported = Counts(), Counts()
        by_method, reported_by_method = no_methods(), no_methods()
        for one in self.shelters:
            counts, reported = counts + one.counts, reported + one.reported
            for word in by_method:
                by_method[word] += one.by_method[word]
                reported_by_method[word] += one.reported_by_method[word]
        return ShelterFigures(
            "",
            "",
            "",
            counts,
            by_method,
            reported,
            reported_by_method,
            sum(one.receptions_doubled for one in self.shelters),
            sum(one.devices for one in self.shelters),
            sum(one.forked for one in self.shelters),
            max((one.seen_at for one in self.shelters if one.seen_at is not None), default=None),
            sum(one.waiting for one in self.shelters),
        )

    def to_dict(self) -> dict[str, Any]:
        """For `hq counts --json`."""
        return {"shelters": [one.to_dict() for one in self.shelters], "total": _figures(self.total)}


def _state(state: ShelterState) -> dict[str, Any]:
    """Times are seconds since 1970, None where nobody said."""
    return {
        "opening": state.opening.name.lower(),
        "opened_at": state.opened_at or None,
        "closed_at": state.closed_at or None,
        "capacity": state.capacity or None,
        "fullness": state.fullness.name.lower(),
        "staff": state.staff,
        "helpers": state.helpers,
        "checked_at": state.checked_at or None,
        "areas": [{"name": area.name, "capacity": area.capacity or None} for area in state.areas],
    }


def _figures(one: ShelterFigures) -> dict[str, Any]:
    return {
        "counts": one.counts.to_dict(),
        "households_by_method": dict(one.by_method),
        "reported": one.reported.to_dict(),
        "reported_households_by_method": dict(one.reported_by_method),
        "complete": one.complete,
        "receptions_doubled": one.receptions_doubled,
        "devices": one.devices,
        "forked": one.forked,
        "seen_at": one.seen_at,
    }


def read(connection: Connection, mode: Mode, incident: bytes | None = None) -> Figures:
    """The figures of one mode; with `incident`, only what was received for it."""
    device, shelter = tables.device, tables.shelter
    proven = _proven(connection, mode, incident)
    methods = _by_method(connection, mode, incident)
    reported = _reported(connection, mode, incident)
    states = _states(connection, mode, incident)
    rows = connection.execute(
        select(
            shelter.c.id,
            shelter.c.name,
            shelter.c.capacity,
            func.count().label("devices"),
            func.count(device.c.forked_at).label("forked"),
            func.max(device.c.seen_at).label("seen_at"),
        )
        .join_from(shelter, device, device.c.shelter == shelter.c.id)
        .where(device.c.mode == int(mode))
        .group_by(shelter.c.id, shelter.c.name, shelter.c.capacity)
        .order_by(shelter.c.name, shelter.c.id)
    )
    nothing = (Counts(), 0)
    unsaid = (Counts(), no_methods(), 0)
    return Figures(
        mode,
        tuple(
            ShelterFigures(
                shelter=row.id,
                name=row.name,
                capacity=row.capacity,
                counts=proven.get(row.id, nothing)[0],
                by_method=no_methods() | methods.get(row.id, {}),
                reported=reported.get(row.id, unsaid)[0],
                reported_by_method=reported.get(row.id, unsaid)[1],
                receptions_doubled=proven.get(row.id, nothing)[1],
                devices=row.devices,
                forked=row.forked,
                seen_at=row.seen_at,
                waiting=reported.get(row.id, unsaid)[2],
                state=states.get(row.id),
            )
            for row in rows
        ),
    )


def _states(connection: Connection, mode: Mode, incident: bytes | None) -> dict[str, ShelterState]:
    """What each shelter last said of itself, by the time on its own clock."""
    event, device = tables.event, tables.device
    rows = connection.execute(
        select(device.c.shelter, event.c.public)
        .join_from(event, device)
        .where(and_(event.c.kind == Kind.SHELTER.value, device.c.mode == int(mode)))
        .order_by(event.c.at, event.c.device, event.c.seq)
    )
    said: dict[str, ShelterState] = {}
    for shelter, public in rows:
        with suppress(Malformed):
            state = read_public(Kind.SHELTER, cbor.loads(public, limit=MAX_HEADER))
            if not isinstance(state, ShelterState) or state.mode is not mode:
                continue
            if incident in (None, state.incident):
                said[shelter] = state
    return said


def _proven(connection: Connection, mode: Mode, incident: bytes | None) -> dict[str, tuple[Counts, int]]:
    table = tables.standing
    doubled = func.count().filter(table.c.receptions > 1)
    statement = (
        select(table.c.shelter, doubled, *(func.sum(table.c[name]) for name in tables.FIGURES))
        .where(table.c.mode == int(mode))
        .group_by(table.c.shelter)
    )
    if incident is not None:
        statement = statement.where(table.c.incident == incident)
    return {
        shelter: (counts_from_dict(dict(zip(tables.FIGURES, sums, strict=True))), int(twice))
        for shelter, twice, *sums in connection.execute(statement)
    }


_NOT_COUNTED = (int(Whereabouts.VOID), int(Whereabouts.MERGED))


def _by_method(connection: Connection, mode: Mode, incident: bytes | None) -> dict[str, dict[str, int]]:
    table = tables.standing
    statement = (
        select(table.c.shelter, table.c.method, func.count())
        .where(and_(table.c.mode == int(mode), table.c.whereabouts.not_in(_NOT_COUNTED)))
        .group_by(table.c.shelter, table.c.method)
    )
    if incident is not None:
        statement = statement.where(table.c.incident == incident)
    result: dict[str, dict[str, int]] = {}
    for shelter, method, households in connection.execute(statement):
        result.setdefault(shelter, {})[Method(method).word] = households
    return result


def _reported(
    connection: Connection, mode: Mode, incident: bytes | None
) -> dict[str, tuple[Counts, dict[str, int], int]]:
    report, device = tables.report, tables.device
    statement = (
        select(
            device.c.shelter,
            device.c.head_seq,
            report.c.upto,
            report.c.figures,
            report.c.by_method,
        )
        .join_from(report, device)
        .where(and_(device.c.mode == int(mode), report.c.mode == int(mode)))
    )
    if incident is not None:
        statement = statement.where(report.c.incident == incident)
    result: dict[str, tuple[Counts, dict[str, int], int]] = {}
    for shelter, head, upto, figures, by_method in connection.execute(statement):
        counts, methods, waiting = result.get(shelter, (Counts(), no_methods(), 0))
        said = json.loads(by_method)
        result[shelter] = (
            counts + counts_from_dict(json.loads(figures)),
            {word: number + said.get(word, 0) for word, number in methods.items()},
            waiting + (upto > head),
        )
    return result
