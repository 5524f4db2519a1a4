"""The roster, and pairs of households that may be one."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.choices import Show
from kiosk.flow.effects import FindDoubles, Merge, Step
from kiosk.flow.inputs import (
    AskOpened,
    Back,
    Chosen,
    CountOpened,
    Digit,
    DoublesFound,
    Enter,
    Failed,
    Input,
    OutOpened,
    RosterFound,
    RowMoved,
    ShowChosen,
    Typed,
)
from kiosk.flow.states import Changed, Compare, Doubles, Roster
from kiosk.flow.steps.common import (
    Rows,
    as_index,
    at_index,
    enter,
    find,
    go_home,
    open_card,
    to_staff,
    what_now,
    write,
)
from kiosk.flow.steps.door import ask, count
from kiosk.flow.steps.outcome import fails
from kiosk.flow.values import Change, Work
from kiosk.ports import RosterRow

# Roster


def _typed(state: Roster, event: Typed) -> Step:
    typed = replace(state, text=event.text, at=0)
    return Step(typed, (find(typed),))


def _found(state: Roster, event: RosterFound) -> Step:
    # An answer to an earlier text is older than what is typed now; its own answer follows.
    if event.text != find(state).text:
        return Step(state)
    found = replace(state, rows=event.rows, sentence="")
    return Step(replace(found, at=min(state.at, max(0, len(found.shown) - 1))))


def _not_found(state: Roster, event: Failed) -> Step:
    return Step(replace(state, sentence=event.sentence))


def _moved(state: Roster, event: RowMoved) -> Step:
    last = len(state.shown) - 1
    return Step(replace(state, at=max(0, min(last, state.at + event.by))))


def _show(state: Roster, event: ShowChosen) -> Step:
    """What was few may be far down the roster: everything is looked through as soon as some are left away."""
    shown = replace(state, show=Show.ALL if event.show is state.show else event.show, at=0)
    return Step(shown, (find(shown),))


def _opened(state: Roster, row: RosterRow | None, *, going: bool) -> Step:
    if row is None:
        return Step(state)
    return what_now(row, back=state) if going else open_card(row, state)


def _chosen(state: Roster, event: Chosen) -> Step:
    at = replace(state, at=event.index)
    return _opened(at, at.chosen, going=state.going)


def _enter(state: Roster, _event: Enter) -> Step:
    return _opened(state, state.chosen, going=state.going)


def _out(state: Roster, _event: OutOpened) -> Step:
    return _opened(state, state.chosen, going=True)


# Doubles


def _doubles(state: Doubles, event: DoublesFound) -> Step:
    return Step(replace(state, pairs=event.pairs, at=min(state.at, max(0, len(event.pairs) - 1))))


def _no_doubles(state: Doubles, event: Failed) -> Step:
    return Step(replace(state, pairs=state.pairs or (), sentence=event.sentence))


def _pair_moved(state: Doubles, event: RowMoved) -> Step:
    last = len(state.pairs or ()) - 1
    return Step(replace(state, at=max(0, min(last, state.at + event.by))))


def _pair(state: Doubles, index: int) -> Step:
    if not 0 <= index < len(state.pairs or ()):
        return Step(state)
    at = replace(state, at=index)
    return Step(Compare((state.pairs or ())[index], at))


def _pair_enter(state: Doubles, _event: Enter) -> Step:
    return _pair(state, state.at)


def find_doubles(_state: object, _event: Input) -> Step:
    """Look for them."""
    return Step(Doubles(), (FindDoubles(),))


def _merge(state: Compare, _event: Input) -> Step:
    """The later reception becomes part of the earlier one; both originals stay in the log."""
    left, right = state.double.left, state.double.right
    effect = Merge(right.household.id, left.household.id, state.double.same)
    return write(Change.MERGED, effect, Changed(left, Change.MERGED), state)


def _two(state: Compare, event: Back) -> Step:
    return find_doubles(state, event) if isinstance(state.back, Doubles) else enter(state.back)


ROWS: Rows = {
    Roster: {
        Typed: _typed,
        RosterFound: _found,
        RowMoved: _moved,
        Chosen: _chosen,
        ShowChosen: _show,
        Enter: _enter,
        OutOpened: _out,
        Failed: fails(Work.ROSTER, _not_found),
        CountOpened: count,
        AskOpened: ask,
        Back: go_home,
    },
    Doubles: {
        DoublesFound: _doubles,
        RowMoved: _pair_moved,
        Digit: as_index(_pair),
        Chosen: at_index(_pair),
        Enter: _pair_enter,
        Failed: fails(Work.ASK, _no_doubles),
        Back: to_staff,
    },
    Compare: {Enter: _merge, Back: _two},
}
