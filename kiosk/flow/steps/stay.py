"""A household that is known comes to the desk again: it goes out, leaves, is back, or moves on."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.choices import DESTINATIONS
from kiosk.flow.effects import Go, Step
from kiosk.flow.inputs import (
    Back,
    CardWanted,
    Chosen,
    DestinationChosen,
    Digit,
    Enter,
    Everyone,
    Going,
    Input,
    Letter,
    PersonChosen,
    TieWanted,
    TimeUp,
)
from kiosk.flow.states import Changed, HouseholdCard, Roster, WhatNow
from kiosk.flow.steps.common import (
    Answer,
    Rows,
    as_index,
    at_index,
    attention,
    by_letter,
    enter,
    home,
    open_card,
    write,
)
from kiosk.flow.steps.door import ARMED
from kiosk.flow.steps.tying import open_tying
from kiosk.flow.values import Change


def _toggle(state: WhatNow, index: int) -> Step:
    if not 0 <= index < len(state.row.household.members):
        return Step(state)
    return enter(replace(state, chosen=state.chosen ^ {index}))


def _everyone(state: WhatNow, _event: Input) -> Step:
    return enter(replace(state, chosen=frozenset(range(len(state.row.household.members)))))


def _destination(state: WhatNow, event: DestinationChosen) -> Step:
    if not 0 <= event.index < len(DESTINATIONS):
        return Step(state)
    return enter(replace(state, destination=None if state.destination == event.index else event.index))


def _go(state: WhatNow, change: Change) -> Step:
    persons = state.whom(change)
    if not persons:
        return attention(state)
    everyone = len(persons) == len(state.row.household.members)
    then = state.back.back if isinstance(state.back, HouseholdCard) else state.back
    roster = replace(then, text="", at=0) if isinstance(then, Roster) else None
    changed = Changed(state.row, change, persons, None, state.source, then=roster)
    where_to = "" if change is Change.BACK else state.where_to
    effect = Go(change, state.row.household.id, () if everyone else persons, where_to)
    return write(change, effect, changed, state)


def _going(state: WhatNow, event: Going) -> Step:
    return _go(state, event.change)


def _likeliest(state: WhatNow, _event: Enter) -> Step:
    return _go(state, state.offers[0]) if state.offers else attention(state)


def _by_key(change: Change) -> Answer:
    return lambda state, _event: _go(state, change)


def _card(state: WhatNow, _event: Input) -> Step:
    return open_card(state.row, replace(state, back=None))


def _back(state: WhatNow, _event: Input) -> Step:
    return home() if state.back is None else enter(state.back)


ROWS: Rows = {
    WhatNow: {
        **ARMED,
        Going: _going,
        Enter: _likeliest,
        Letter: by_letter(
            O=_by_key(Change.OUT),
            L=_by_key(Change.LEFT),
            R=_by_key(Change.BACK),
            M=_by_key(Change.MOVED),
            A=_everyone,
            C=_card,
            T=open_tying,
        ),
        Digit: as_index(_toggle),
        Chosen: at_index(_toggle),
        PersonChosen: at_index(_toggle),
        Everyone: _everyone,
        DestinationChosen: _destination,
        CardWanted: _card,
        TieWanted: open_tying,
        Back: _back,
        TimeUp: _back,
    },
}
