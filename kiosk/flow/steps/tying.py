"""戻り用カード: a contactless card is tied to one of a household; from then on a tap is all it takes."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.effects import Step, Tie
from kiosk.flow.inputs import Back, Chosen, Digit, Input, PersonChosen, RowMoved, TokenSeen
from kiosk.flow.states import Changed, HouseholdCard, MemberCard, TyingToken, WhatNow
from kiosk.flow.steps.common import Rows, as_index, at_index, enter, write
from kiosk.flow.values import Change


def open_tying(state: WhatNow | MemberCard, _event: Input) -> Step:
    """For the person looked at, or the first of those chosen."""
    if isinstance(state, MemberCard):
        return enter(TyingToken(state.card.row, state.card.person, state.card))
    return enter(TyingToken(state.row, min(state.chosen, default=0), state))


def _person(state: TyingToken, index: int) -> Step:
    if not 0 <= index < len(state.row.household.members):
        return Step(state)
    return Step(replace(state, person=index))


def _person_moved(state: TyingToken, event: RowMoved) -> Step:
    return _person(state, state.person + event.by)


def _tie(state: TyingToken, event: TokenSeen) -> Step:
    """The same card still lying there is no tap: the screen that follows knows it."""
    home, person = state.row.household, state.row.household.members[state.person].id
    then = state.back if isinstance(state.back, HouseholdCard) else None
    changed = Changed(state.row, Change.TIED, (person,), None, event.source, then=then)
    return write(Change.TIED, Tie(home.id, person, event.token), changed, state)


def _back(state: TyingToken, _event: Back) -> Step:
    return enter(state.back)


ROWS: Rows = {
    TyingToken: {
        TokenSeen: _tie,
        Digit: as_index(_person),
        Chosen: at_index(_person),
        PersonChosen: at_index(_person),
        RowMoved: _person_moved,
        Back: _back,
    },
}
