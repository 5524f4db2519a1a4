"""Steps that many screens take: home, a notice, a reception, a change, and back to where one was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kiosk.core.acts import Source
from kiosk.core.household import Household, Person
from kiosk.desk import Arrival, Transfer
from kiosk.flow.choices import Show
from kiosk.flow.effects import (
    FindRoster,
    FindSimilar,
    LookAt,
    Receive,
    Sound,
    Speak,
    StartTimer,
    Step,
)
from kiosk.flow.inputs import (
    Chosen,
    Digit,
    Failed,
    FormSent,
    Input,
    LanguageChosen,
    Letter,
    PersonChosen,
    SexSaid,
)
from kiosk.flow.kinds import Effect, ForDesk, Order, State
from kiosk.flow.states import (
    Changed,
    Done,
    Face,
    Family,
    Help,
    HouseholdCard,
    Just,
    Keeping,
    MemberCard,
    Needs,
    Notice,
    Pin,
    Ready,
    Receiving,
    Roster,
    Seen,
    Staff,
    WhatNow,
    Working,
    Writing,
)
from kiosk.flow.values import (
    CARD_SECONDS,
    CHOICE_SECONDS,
    DONE_SECONDS,
    FACE_SECONDS,
    FAMILY_SECONDS,
    NEXT_SECONDS,
    NOTICE_SECONDS,
    PIN_SECONDS,
    SOON_SECONDS,
    STAFF_SECONDS,
    VISITOR_SECONDS,
    Change,
    Chore,
    Secret,
)
from kiosk.ports import RosterRow
from kiosk.timing import Stopwatch

Answer = Callable[[Any, Any], Step]
"""What follows from one input in one state."""
Rows = Mapping[type, Mapping[type, Answer]]
"""Of some states: what they answer, and how."""

READING_SECONDS: Mapping[type, float] = {
    # At the ready screen the visitor may just walk away: the next one finds the desk's own language.
    Ready: VISITOR_SECONDS,
    Pin: PIN_SECONDS,
    Face: FACE_SECONDS,
    Family: FAMILY_SECONDS,
    Needs: FAMILY_SECONDS,
    WhatNow: CHOICE_SECONDS,
    Done: DONE_SECONDS,
    Changed: DONE_SECONDS,
    Seen: DONE_SECONDS,
    Notice: NOTICE_SECONDS,
    Help: STAFF_SECONDS,
}
"""How long a screen waits. Whoever changes the language has the whole time to read it."""


def home(row: RosterRow | None = None, source: Source | None = None) -> Step:
    """Back to ready, in the desk's own language for the next visitor.

    Whose number was just shown is remembered for a moment: their phone may still be held up.
    """
    just = None if row is None or source is None else Just(row, source)
    waits: tuple[Effect, ...] = () if just is None else (StartTimer(SOON_SECONDS),)
    return Step(Ready(just), (Speak(""), *waits))


def notice(
    code: str,
    sentence: str = "",
    stopwatch: Stopwatch | None = None,
    retry: Arrival | Transfer | None = None,
    back: State | None = None,
) -> Step:
    """Say what happened. What is not written down yet stays until somebody decides."""
    state = Notice(code, sentence, stopwatch, retry, back)
    wait: tuple[Effect, ...] = ()
    if retry is None:
        wait = (StartTimer(NOTICE_SECONDS if back is None else STAFF_SECONDS),)
    return Step(state, (Sound(state.tone), *wait))


def enter(state: State, *effects: Effect) -> Step:
    """Show a state, with what belongs to showing it: its timer, its search."""
    wanted: tuple[Effect, ...] = ()
    match state:
        case Ready():
            return home()
        case Roster():
            wanted = (find(state),)
        case HouseholdCard():
            wanted = (FindSimilar(state.row.household),)
        case _ if (seconds := wait_of(state)) is not None:
            wanted = (StartTimer(seconds),)
        case _:
            pass
    return Step(state, (*effects, *wanted))


def wait_of(state: State) -> float | None:
    """How long a state waits; None: until somebody does something."""
    if isinstance(state, (Done, Seen, Changed)) and state.next is not None:
        return NEXT_SECONDS
    if isinstance(state, Done) and state.asks_family:
        return CARD_SECONDS
    if isinstance(state, Notice) and (state.retry is not None or state.back is not None):
        return None if state.retry is not None else STAFF_SECONDS
    return READING_SECONDS.get(type(state))


def find(roster: Roster) -> FindRoster:
    """Look for what the roster shows: letters that are not kana yet find nothing and are left away."""
    return FindRoster(
        roster.text.rstrip("abcdefghijklmnopqrstuvwxyz"), everything=roster.show is not Show.ALL
    )


def stay(state: State, _event: Input) -> Step:
    """Nothing follows."""
    return Step(state)


def go_home(_state: State, _event: Input) -> Step:
    """Back to ready."""
    return home()


def to_staff(_state: State, _event: Input) -> Step:
    """Back to the staff's menu."""
    return Step(Staff())


def to_keeping(_state: State, _event: Input) -> Step:
    """Back to the supervisor's menu."""
    return Step(Keeping())


def failed(state: Any, event: Failed) -> Step:  # noqa: ANN401 - any state that says what went wrong
    """Stay, and say why by eye and ear."""
    return Step(replace(state, code=event.code, sentence=event.sentence), (Sound("error"),))


def speak(state: State, event: LanguageChosen) -> Step:
    """Say it in another language."""
    seconds = wait_of(state)
    return Step(state, (Speak(event.language), *(() if seconds is None else (StartTimer(seconds),))))


def receive(arrival: Arrival | Transfer, marks: frozenset[str] = frozenset(), *, again: bool = False) -> Step:
    """To the ledger: nobody is asked again."""
    return Step(Receiving(arrival, marks, again), (Receive(arrival),))


def write(change: Change, effect: ForDesk, then: State, back: State) -> Step:
    """Have a change written; `then` is shown with the household as it stands afterwards."""
    return Step(Writing(change, then, back), (effect,))


def open_card(row: RosterRow, back: State) -> Step:
    """A household's card: who looks is written down before anything is shown."""
    card = HouseholdCard(row, back)
    return write(Change.LOOKED, LookAt(row.household.id), card, back)


def working(chore: Chore, order: Order, back: State) -> Step:
    """Have something kept; back to where it was asked, if it can not be."""
    return Step(Working(chore, back), (order,))


def what_now(
    row: RosterRow, source: Source | None = None, back: Roster | HouseholdCard | None = None
) -> Step:
    """Ask who goes, leaves, is back or moves on: everybody, unless some are unticked."""
    everyone = frozenset(range(len(row.household.members)))
    return enter(WhatNow(row, everyone, source, back=back))


def with_row(state: State, row: RosterRow) -> State:
    """The state with a household as it stands now."""
    match state:
        case Done() | Changed() | HouseholdCard():
            return replace(state, row=row)
        case MemberCard():
            return replace(state, card=replace(state.card, row=row))
        case _:
            return state


def with_person(home: Household, place: int, person: Person) -> Household:
    """The household with one person as they are now."""
    return replace(home, members=(*home.members[:place], person, *home.members[place + 1 :]))


def attention(state: State) -> Step:
    """It can not be: stay, and say so by ear; the screen says why."""
    return Step(state, (Sound("attention"),))


def fields(form: FormSent, texts: int, secrets: int) -> tuple[list[str], list[Secret]]:
    """So many texts, without spaces around them, and so many secrets; what a form lacks is empty."""
    told = [text.strip() for text in form.texts[:texts]]
    return told + [""] * (texts - len(told)), [*form.secrets, *[Secret()] * secrets][:secrets]


def empty(*filled: str | Secret) -> int | None:
    """The first field in which nothing stands yet: who fills a form in from above is not blamed."""
    return next((place for place, value in enumerate(filled) if not len(value)), None)


def by_letter(**answers: Answer) -> Answer:
    """An answer for letters, one each; others have no meaning."""

    def answer(state: State, event: Letter) -> Step:
        follows = answers.get(event.value)
        return Step(state) if follows is None else follows(state, event)

    return answer


def as_index(answer: Callable[[Any, int], Step]) -> Answer:
    """An answer for digits 1 to 9 that takes a position from 0."""

    def answered(state: State, event: Digit) -> Step:
        return answer(state, event.value - 1) if event.value else Step(state)

    return answered


def at_index(answer: Callable[[Any, int], Step]) -> Answer:
    """The same answer for what is said by touching: the input holds the position as its `index`."""

    def answered(state: State, event: Chosen | PersonChosen | SexSaid) -> Step:
        return answer(state, event.index)

    return answered
