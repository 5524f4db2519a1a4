"""Who of a household is here, and what the shelter should know to help them."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.household import Person
from kiosk.desk import MAX_HEADS
from kiosk.flow.choices import NEED_PAGES
from kiosk.flow.effects import Amend, StartTimer, Step
from kiosk.flow.inputs import (
    Back,
    Chosen,
    Digit,
    Enter,
    Everyone,
    Input,
    LanguageChosen,
    Letter,
    More,
    NeedsOpened,
    PersonChosen,
    Plus,
    RowMoved,
    TimeUp,
)
from kiosk.flow.states import Done, Family, HouseholdCard, MemberCard, Needs
from kiosk.flow.steps.common import (
    Rows,
    as_index,
    at_index,
    attention,
    by_letter,
    enter,
    speak,
    with_person,
    write,
)
from kiosk.flow.values import FAMILY_SECONDS, NO_PERSON_ID, Change


def open_family(state: Done | HouseholdCard, _event: Input) -> Step:
    """Everybody of the household as tiles; whoever was received is ticked."""
    home = state.row.household
    everyone = replace(home, members=home.members + home.absent, absent=())
    return enter(Family(state.row, everyone, frozenset(range(len(home.members))), state))


def open_family_with_one_more(state: Done | HouseholdCard, event: Input) -> Step:
    """The same, with one who is not known yet."""
    return _plus(open_family(state, event).state, event)  # type: ignore[arg-type]  # it opens a Family


def open_needs(state: Done | HouseholdCard | MemberCard | Family, _event: Input) -> Step:
    """Chips for the first person, or for the one looked at."""
    if isinstance(state, Family):
        home, person = state.household, min(state.here, default=0)
    elif isinstance(state, Done):
        home, person = state.row.household, 0
    else:
        card = state.card if isinstance(state, MemberCard) else state
        home, person = card.row.household, card.person
    return enter(Needs(home, home, state, person))


# Family


def _again(state: Family) -> Step:
    return Step(state, (StartTimer(FAMILY_SECONDS),))


def _toggle(state: Family, index: int) -> Step:
    if not 0 <= index < len(state.household.members):
        return Step(state)
    return _again(replace(state, here=state.here ^ {index}, nobody=False))


def _everyone(state: Family, _event: Input) -> Step:
    everyone = frozenset(range(len(state.household.members)))
    return _again(replace(state, here=everyone, nobody=False))


def _plus(state: Family, _event: Input) -> Step:
    members = state.household.members
    if len(members) >= MAX_HEADS:
        return attention(state)
    bigger = replace(state.household, members=(*members, Person(NO_PERSON_ID)))
    return _again(replace(state, household=bigger, here=state.here | {len(members)}, nobody=False))


def _family_enter(state: Family, _event: Enter) -> Step:
    if not state.here:
        return attention(replace(state, nobody=True))
    people = state.household.members
    home = replace(
        state.household,
        members=tuple(person for place, person in enumerate(people) if place in state.here),
        absent=tuple(person for place, person in enumerate(people) if place not in state.here),
    )
    before = state.row.household
    if home == before:
        return enter(state.then)
    gone = {person.id for person in before.members} - {person.id for person in home.members}
    removed = tuple(person.id for person in before.members if person.id in gone)
    return write(Change.AMENDED, Amend(home, removed), state.then, state)


def _family_back(state: Family, _event: Input) -> Step:
    return enter(state.then)


# Needs


def _need(state: Needs, index: int) -> Step:
    if not 0 <= index < len(state.chips):
        return Step(state)
    person = state.household.members[state.person]
    changed = replace(person, needs=person.needs ^ {state.chips[index]})
    home = with_person(state.household, state.person, changed)
    return enter(replace(state, household=home))


def _need_digit(state: Needs, event: Digit) -> Step:
    """1 to 8 are chips, 9 the next page, 0 the next person."""
    if event.value == 9:
        return _more(state, event)
    return _need(state, event.value - 1) if event.value else _next_person(state, event)


def _more(state: Needs, _event: Input) -> Step:
    return enter(replace(state, page=(state.page + 1) % len(NEED_PAGES)))


def _next_person(state: Needs, _event: Input) -> Step:
    return enter(replace(state, person=(state.person + 1) % len(state.household.members), page=0))


def _person_moved(state: Needs, event: RowMoved) -> Step:
    return enter(replace(state, person=(state.person + event.by) % len(state.household.members), page=0))


def _person_chosen(state: Needs, event: PersonChosen) -> Step:
    if not 0 <= event.index < len(state.household.members):
        return Step(state)
    return enter(replace(state, person=event.index, page=0))


def _needs_enter(state: Needs, _event: Input) -> Step:
    if isinstance(state.then, Family):
        return enter(replace(state.then, household=state.household))
    if state.household == state.before:
        return enter(state.then)
    return write(Change.AMENDED, Amend(state.household), state.then, state)


def _needs_back(state: Needs, _event: Input) -> Step:
    return enter(state.then)


ROWS: Rows = {
    Family: {
        Digit: as_index(_toggle),
        Chosen: at_index(_toggle),
        Letter: by_letter(A=_everyone, N=open_needs),
        Everyone: _everyone,
        Plus: _plus,
        NeedsOpened: open_needs,
        Enter: _family_enter,
        LanguageChosen: speak,
        Back: _family_back,
        TimeUp: _family_back,
    },
    Needs: {
        Digit: _need_digit,
        Chosen: at_index(_need),
        More: _more,
        PersonChosen: _person_chosen,
        RowMoved: _person_moved,
        Enter: _needs_enter,
        LanguageChosen: speak,
        Back: _needs_back,
        # What was ticked was told: it is kept, also when whoever told it has walked on.
        TimeUp: _needs_enter,
    },
}
