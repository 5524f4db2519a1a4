"""What the desk's thread is sent for: each effect of the flow, done at the desk, and the input that answers.

Runs on the desk's thread only, but for `AT_ONCE`. It gives ids to whoever has none, and the time to what was
just checked; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kiosk import flow
from kiosk.core.acts import Opening
from kiosk.core.household import Household, Person
from kiosk.flow import Change, Input, Work
from ui.station import DeskPort, Reception

LISTED = 50
"""Households in a roster that is not sifted: more than anybody reads."""
EVERYTHING = 100_000

Errand = Callable[[DeskPort, Any, Reception], Input]


def filed(desk: DeskPort, household: Household) -> Household:
    """The household with real ids wherever the flow had none to give."""
    return replace(
        household,
        id=household.id or desk.new_household(()).id,
        members=_with_ids(desk, household.members),
        absent=_with_ids(desk, household.absent),
    )


def _with_ids(desk: DeskPort, people: tuple[Person, ...]) -> tuple[Person, ...]:
    return tuple(person if person.id else replace(person, id=desk.new_person().id) for person in people)


def _go(desk: DeskPort, effect: flow.Go, _here: Reception) -> Input:
    household, persons, where_to = effect.household, effect.persons, effect.destination
    match effect.change:
        case Change.BACK:
            committed = desk.return_(household, persons)
        case Change.OUT:
            committed = desk.away(household, persons, where_to)
        case Change.MOVED:
            committed = desk.move(household, "", persons, where_to)
        case _:
            committed = desk.leave(household, persons, where_to)
    return flow.Written(desk.row(household), committed)


def _tap(desk: DeskPort, effect: flow.Tap, _here: Reception) -> Input:
    return desk.tap(effect.token) or flow.NotTied()


def _tie(desk: DeskPort, effect: flow.Tie, _here: Reception) -> Input:
    committed = desk.tie_token(effect.household, effect.person, effect.token)
    return flow.Written(desk.row(effect.household), committed)


def _join(desk: DeskPort, effect: flow.Join, _here: Reception) -> Input:
    committed = desk.add_members(effect.household, _with_ids(desk, effect.members))
    return flow.Written(desk.row(effect.household), committed)


def _amend(desk: DeskPort, effect: flow.Amend, _here: Reception) -> Input:
    home = filed(desk, effect.household)
    committed = desk.amend(home, effect.removed)
    return flow.Written(desk.row(home.id), committed)


def _represent(desk: DeskPort, effect: flow.Represent, _here: Reception) -> Input:
    committed = desk.new_representative(effect.household, effect.person)
    return flow.Written(desk.row(effect.household), committed)


def _keep_secret(desk: DeskPort, effect: flow.KeepSecret, _here: Reception) -> Input:
    committed = desk.keep_secret(effect.household)
    return flow.Written(desk.row(effect.household), committed)


def _end_secrecy(desk: DeskPort, effect: flow.EndSecrecy, here: Reception) -> Input:
    second = here.second(effect.who, effect.secret)
    committed = desk.end_secrecy(effect.household, effect.reason, second)
    return flow.Written(desk.row(effect.household), committed)


def _merge(desk: DeskPort, effect: flow.Merge, _here: Reception) -> Input:
    committed = desk.merge(effect.household, effect.into, effect.same)
    return flow.Written(desk.row(effect.into), committed)


def _undo(desk: DeskPort, effect: flow.Undo, _here: Reception) -> Input:
    desk.undo(effect.what)
    return flow.Undone()


def _look(desk: DeskPort, effect: flow.LookAt, _here: Reception) -> Input:
    return flow.Written(desk.look_at(effect.household))


def _uncover(desk: DeskPort, effect: flow.Uncover, _here: Reception) -> Input:
    desk.uncover(effect.household, effect.masked.value)
    return flow.Uncovered()


def _inquire(desk: DeskPort, effect: flow.Inquire, _here: Reception) -> Input:
    told = desk.inquire(effect.text, relative=effect.relative, reason=effect.reason)
    return flow.Answered(effect.text, tuple(told))


def _find(desk: DeskPort, effect: flow.FindRoster, _here: Reception) -> Input:
    rows = desk.roster(effect.text, EVERYTHING if effect.everything else LISTED)
    return flow.RosterFound(effect.text, tuple(rows))


def _similar(desk: DeskPort, effect: flow.FindSimilar, _here: Reception) -> Input:
    return flow.SimilarFound(effect.household, tuple(desk.similar(effect.household)))


def _doubles(desk: DeskPort, _effect: flow.FindDoubles, _here: Reception) -> Input:
    return flow.DoublesFound(desk.doubles())


def _shelter(desk: DeskPort, _effect: flow.ReadShelter, _here: Reception) -> Input:
    return flow.ShelterRead(desk.shelter(), desk.areas())


def _report(desk: DeskPort, effect: flow.ReportShelter, here: Reception) -> Input:
    moment = int(here.now().timestamp())
    said = replace(effect.shelter, checked_at=moment)
    if said.opening is Opening.OPENED and not said.opened_at:
        said = replace(said, opened_at=moment)
    if said.opening is Opening.CLOSED and not said.closed_at:
        said = replace(said, closed_at=moment)
    desk.report_shelter(said)
    return flow.ShelterRead(desk.shelter(), desk.areas())


def _audit(desk: DeskPort, _effect: flow.ReadAudit, _here: Reception) -> Input:
    return flow.AuditRead(desk.lookings())


def _shift(desk: DeskPort, _effect: flow.ReadShift, _here: Reception) -> Input:
    return flow.ShiftRead(desk.shift_sheet())


ERRANDS: Mapping[type, tuple[Work, Errand]] = {
    flow.Undo: (Work.UNDO, _undo),
    flow.Go: (Work.CHANGE, _go),
    flow.Tap: (Work.CHANGE, _tap),
    flow.Tie: (Work.CHANGE, _tie),
    flow.Join: (Work.CHANGE, _join),
    flow.Amend: (Work.CHANGE, _amend),
    flow.Represent: (Work.CHANGE, _represent),
    flow.KeepSecret: (Work.CHANGE, _keep_secret),
    flow.EndSecrecy: (Work.CHANGE, _end_secrecy),
    flow.Merge: (Work.CHANGE, _merge),
    flow.ReportShelter: (Work.CHANGE, _report),
    flow.LookAt: (Work.LOOK, _look),
    flow.Uncover: (Work.LOOK, _uncover),
    flow.Inquire: (Work.LOOK, _inquire),
    flow.FindRoster: (Work.ROSTER, _find),
    flow.FindSimilar: (Work.ASK, _similar),
    flow.FindDoubles: (Work.ASK, _doubles),
    flow.ReadShelter: (Work.ASK, _shelter),
    flow.ReadAudit: (Work.ASK, _audit),
    flow.ReadShift: (Work.ASK, _shift),
}
"""Effect → what kind of work it is, and how it is done. Opening, locking, receiving: see the bridge."""

AT_ONCE: Mapping[type, Callable[[Reception, Any], Input | None]] = {
    flow.ReadCard: lambda here, effect: here.read_card(effect.digits),
    flow.ReadFace: lambda here, effect: here.read_face(effect.birth, effect.code, effect.year),
    flow.AskForms: lambda here, effect: flow.FormsTold(tuple(here.printed_forms(effect.birth))),
    flow.TrySync: lambda here, _effect: here.try_sync(),
    flow.Acknowledge: lambda here, _effect: here.acknowledge(),
}
"""What a reception is asked on the window's own thread: it returns at once, with an answer or to push one."""

CHANGES = frozenset({Work.OPEN, Work.RECEIVE, Work.UNDO, Work.CHANGE, Work.LOOK})
"""Work that leaves something in the log: counts may be others now, and there is something to send."""
