"""The table: every pair of state and input has an answer, or is left unanswered on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kiosk.errors import BugError
from kiosk.flow.effects import Speak, StartTimer, Step
from kiosk.flow.inputs import INPUTS, CodeAccepted, Input, StaffOpened, TimeUp
from kiosk.flow.kinds import AlwaysHeard, Armed, Effect, StaffScreen, State
from kiosk.flow.states import STATES, Tapping, Undoing, Writing
from kiosk.flow.steps import (
    asked,
    card,
    door,
    face,
    family,
    founding,
    house,
    keeping,
    outcome,
    papers,
    roster,
    shelter,
    stay,
    tying,
)
from kiosk.flow.steps.common import Answer, Rows, go_home
from kiosk.flow.values import STAFF_SECONDS

_ROWS: tuple[Rows, ...] = (
    door.ROWS,
    face.rows(door.ROWS),
    family.ROWS,
    asked.ROWS,
    outcome.ROWS,
    stay.ROWS,
    tying.ROWS,
    card.ROWS,
    roster.ROWS,
    house.ROWS,
    shelter.ROWS,
    founding.ROWS,
    keeping.ROWS,
    papers.ROWS,
)

TABLE: Mapping[tuple[type, type], Answer] = {
    # No staff's screen stays open untouched.
    **{(state, TimeUp): go_home for state in STATES if issubclass(state, StaffScreen)},
    **{
        (state, event): answer
        for rows in _ROWS
        for state, answers in rows.items()
        for event, answer in answers.items()
    },
}

_EVERYTHING = frozenset(INPUTS)
_MAY_BE_LEFT = frozenset(event for event in INPUTS if not issubclass(event, AlwaysHeard))
_ANSWERED: dict[type, set[type]] = {state: set() for state in STATES}
for _state, _event in TABLE:
    _ANSWERED[_state].add(_event)

IGNORED: Mapping[type, frozenset[type]] = {
    state: (_MAY_BE_LEFT if issubclass(state, Armed) else _EVERYTHING) - answered
    for state, answered in _ANSWERED.items()
}
"""What a state deliberately does not answer.

While somebody chooses, is asked or waits for the card or the ledger, a key without a meaning there, a code or
a card of somebody else and an answer to a search that was left must not take the screen away.
"""


def takes_staff(state: State) -> bool:
    """Whether 係の人用 leads anywhere now: a button that does nothing is not shown."""
    return (type(state), StaffOpened) in TABLE


def watches_codes(state: State) -> bool:
    """Whether the camera shall look for codes; it forgets what it saw when it stops.

    It goes on while something is written or taken back: the phone still held up must not come in again
    at once.
    """
    return (type(state), CodeAccepted) in TABLE or isinstance(state, (Undoing, Writing, Tapping))


def step(state: State, event: Input) -> Step:
    """The answer to an input; an ignored one leaves the state as it is.

    Raises:
        BugError: the pair was never thought of.
    """
    pair = (type(state), type(event))
    if pair in TABLE:
        return _watched(state, TABLE[pair](state, event))
    if pair[1] in IGNORED.get(pair[0], frozenset()):
        return Step(state)
    # Only the types are named: states and inputs hold what people told.
    raise BugError(f"no answer for {pair[1].__name__} in {pair[0].__name__}")


def _watched(before: State, taken: Step) -> Step:
    """A staff's screen is in the desk's own language, and does not stay open before the queue."""
    if not isinstance(taken.state, StaffScreen):
        return taken
    own: tuple[Effect, ...] = () if isinstance(before, StaffScreen) else (Speak(""),)
    return replace(taken, effects=(*own, *taken.effects, StartTimer(STAFF_SECONDS)))
