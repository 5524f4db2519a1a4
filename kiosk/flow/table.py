"""The table: every pair of state and input has an answer, or is left unanswered on purpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import get_args

from kiosk.errors import BugError
from kiosk.flow.effects import Effect, Speak, StartTimer, Step
from kiosk.flow.inputs import (
    CARDS,
    CLOCK,
    CODES,
    DOORS,
    HOUSE,
    KEEPERS,
    KEYS,
    LEDGER,
    STAY,
    CodeAccepted,
    Input,
    StaffOpened,
)
from kiosk.flow.states import (
    AccountPage,
    Accounts,
    AreaPage,
    AskBirth,
    AskCount,
    AskName,
    AskTown,
    Audit,
    CardPage,
    Changed,
    Closing,
    ClosingPair,
    Compare,
    Devices,
    Done,
    Doubles,
    EndingSecrecy,
    Erased,
    Face,
    Family,
    FirstStaff,
    Founded,
    Founding,
    Help,
    HouseholdCard,
    Inquiry,
    Keeping,
    Locked,
    MemberCard,
    Needs,
    Notice,
    OwnSecret,
    Pin,
    Reading,
    Ready,
    Receiving,
    Removing,
    Roster,
    Seen,
    SettingsPage,
    ShelterBoard,
    ShelterCode,
    Shift,
    ShowSheet,
    SlipShown,
    Staff,
    State,
    TakenOut,
    TakeOut,
    Tapping,
    TyingToken,
    Undoing,
    WhatNow,
    Working,
    Writing,
)
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
    stay,
    tying,
)
from kiosk.flow.steps.common import Answer, Rows
from kiosk.flow.values import STAFF_SECONDS

_WAYS: Rows = {
    **door.ROWS,
    **face.rows(door.ROWS),
    **family.ROWS,
    **asked.ROWS,
    **outcome.ROWS,
    **stay.ROWS,
    **tying.ROWS,
    **card.ROWS,
    **roster.ROWS,
    **house.ROWS,
    **founding.ROWS,
    **keeping.ROWS,
    **papers.ROWS,
    Working: {**keeping.ROWS[Working], **papers.WORKING[Working]},
}

TABLE: Mapping[tuple[type, type], Answer] = {
    (state, event): answer for state, answers in _WAYS.items() for event, answer in answers.items()
}

STATES: Sequence[type] = tuple(_WAYS)
INPUTS: Sequence[type] = get_args(Input)

STAFF_STATES = frozenset(
    {
        Staff,
        Roster,
        HouseholdCard,
        CardPage,
        MemberCard,
        TyingToken,
        EndingSecrecy,
        Doubles,
        Compare,
        Inquiry,
        ShelterBoard,
        AreaPage,
        Devices,
        Audit,
        Shift,
        Keeping,
        Accounts,
        AccountPage,
        Removing,
        OwnSecret,
        SettingsPage,
        TakeOut,
        TakenOut,
        SlipShown,
        Closing,
        ClosingPair,
    }
)
"""Screens in the desk's own language that do not stay open untouched."""

_WANTED = KEYS | STAY | HOUSE | KEEPERS
_ANYTHING = CODES | CARDS | DOORS | CLOCK | LEDGER | _WANTED

_LEFT_UNANSWERED: Mapping[type, frozenset[type]] = {
    # Nothing is received before the store is open, and answers to a desk that was locked are of no use.
    Locked: _ANYTHING,
    # Nothing is received before there is a shelter, and nobody but the keeper is there.
    **dict.fromkeys((ShowSheet, FirstStaff, Founding, Founded, Erased), _ANYTHING),
    # Armed: what is left are keys without a meaning here, and answers to a search that was left.
    **dict.fromkeys((Ready, Done, Seen, WhatNow, Changed, Notice, Help), _WANTED | LEDGER | CARDS),
    # A stranger's code must not take the card holder's screen away.
    Pin: _ANYTHING,
    Face: _ANYTHING,
    # The card has the word: it answers or the timer does.
    Reading: _ANYTHING,
    # Somebody is choosing or being asked: what lies on the reader or passes the camera waits.
    **dict.fromkeys((Family, Needs, AskName, AskBirth, AskTown, AskCount), _ANYTHING),
    # Milliseconds: only the ledger's answer counts, and a second phone may wait.
    **dict.fromkeys((Receiving, Undoing, Writing, Working, Tapping), _ANYTHING),
    # Shown to the queue: a phone that reads it may lie before the camera.
    ShelterCode: _ANYTHING,
    # Staff are at work: visitors are shown the screen, not led by it.
    **dict.fromkeys(STAFF_STATES, _ANYTHING),
}

IGNORED: Mapping[type, frozenset[type]] = {
    state: events - frozenset(_WAYS[state]) for state, events in _LEFT_UNANSWERED.items()
}
"""What a state deliberately does not answer."""


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
    if type(taken.state) not in STAFF_STATES:
        return taken
    own: tuple[Effect, ...] = () if type(before) in STAFF_STATES else (Speak(""),)
    return replace(taken, effects=(*own, *taken.effects, StartTimer(STAFF_SECONDS)))
