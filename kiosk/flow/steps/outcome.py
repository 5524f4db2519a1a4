"""What the ledger answered, and what can be said about it while it shows."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.household import Method, Person
from kiosk.desk import AlreadyHere, Received, Tapped
from kiosk.flow.effects import FindSimilar, Join, Sound, Step, Undo
from kiosk.flow.inputs import (
    Back,
    CodeAccepted,
    Digit,
    Enter,
    Failed,
    FamilyOpened,
    HelpShown,
    Input,
    Letter,
    NeedsOpened,
    NotKnown,
    NotTied,
    Plus,
    SimilarFound,
    SimilarWanted,
    SlipWanted,
    TimeUp,
    Undone,
    Written,
)
from kiosk.flow.kinds import State
from kiosk.flow.states import (
    Changed,
    Compare,
    Done,
    Help,
    HouseholdCard,
    Notice,
    Ready,
    Receiving,
    Seen,
    Tapping,
    Undoing,
    Writing,
)
from kiosk.flow.steps.common import (
    Answer,
    Rows,
    by_letter,
    enter,
    go_home,
    home,
    notice,
    receive,
    what_now,
    with_row,
    write,
)
from kiosk.flow.steps.door import ARMED, code_seen
from kiosk.flow.steps.face import open_face
from kiosk.flow.steps.family import open_family, open_family_with_one_more, open_needs
from kiosk.flow.steps.papers import open_slip
from kiosk.flow.values import NO_PERSON_ID, Change, Work
from kiosk.overview import double


def fails(work: Work, follows: Answer) -> Answer:
    """An answer to the failure of one kind of work; what else failed is another screen's matter."""

    def failed(state: State, event: Failed) -> Step:
        return follows(state, event) if event.work is work else Step(state)

    return failed


# Receiving


def _second_code(state: Receiving, event: CodeAccepted) -> Step:
    return Step(state if event.source == state.arrival.source else replace(state, next=event))


def _received(state: Receiving, event: Received) -> Step:
    source = state.arrival.source
    if event.returned:
        back = Changed(event.row, Change.BACK, (), event.committed, source, state.next)
        return enter(back, Sound("ok"))
    done = Done(event.row, source, state.marks, state.next)
    # Whoever was asked was already compared while asking; of heads nothing is known.
    alone = event.row.method in {Method.APP, Method.CARD}
    return enter(done, Sound("ok"), *((FindSimilar(event.row.household),) if alone else ()))


def _already_here(state: Receiving, event: AlreadyHere) -> Step:
    # Shown twice within seconds, it is the same visit: they want to hear that it is done.
    if state.again or state.next is not None:
        return enter(Seen(event.row, state.arrival.source, state.next), Sound("attention"))
    asked = what_now(event.row, state.arrival.source)
    return Step(asked.state, (Sound("attention"), *asked.effects))


def _tapped(state: Tapping, event: Tapped) -> Step:
    change = Change.OUT if event.out else Change.BACK
    return enter(Changed(event.row, change, (event.person,), event.committed, state.source), Sound("ok"))


def _not_tied(_state: Tapping, _event: NotTied) -> Step:
    """Somebody's transit card: nobody is received by one."""
    return notice("felica")


def _not_tapped(_state: Tapping, event: Failed) -> Step:
    return notice(event.code, event.sentence)


def _not_received(state: Receiving, event: Failed) -> Step:
    return notice(event.code, event.sentence, state.arrival.stopwatch, state.arrival)


# Done


def shown(state: Done | Seen | Changed, event: Input) -> Step:
    """It was seen: the next household, or on with what staff were at, or home."""
    if state.next is not None:
        return code_seen(Ready(), state.next)
    if isinstance(state, Changed) and state.then is not None and not isinstance(event, TimeUp):
        return enter(state.then)
    return home(state.row, state.source)


def _undo_reception(state: Done, _event: Back) -> Step:
    return Step(Undoing(state.row), (Undo(state.row),))


def _how_many(state: Done, event: Digit) -> Step:
    """A card tells of its holder only: with how many did they come?"""
    if not state.asks_family or event.value < 2:
        return Step(state)
    others = tuple(Person(NO_PERSON_ID) for _ in range(event.value - 1))
    then = replace(state, next=None)
    return write(Change.JOINED, Join(state.row.household.id, others), then, state)


def _similar_to(state: Done | HouseholdCard, event: SimilarFound) -> Step:
    mine = state.row.household.id
    rows = tuple(row for row in event.rows if row.household.id != mine)
    if event.about.id != mine or rows == state.similar:
        return Step(state)
    found = replace(state, similar=rows)
    # A number that shows goes on showing; a card would look for the same once more.
    return enter(found) if isinstance(found, Done) else Step(found)


def compare(state: Done | HouseholdCard, event: Input) -> Step:
    """Look at two households side by side."""
    place = event.index if isinstance(event, SimilarWanted) else 0
    if not 0 <= place < len(state.similar):
        return Step(state)
    return Step(Compare(double(state.row, state.similar[place]), state))


SIMILAR: dict[type, Answer] = {SimilarFound: _similar_to, SimilarWanted: compare}


# What was changed


def _undo_change(state: Changed, _event: Back) -> Step:
    if state.committed is None:
        return shown(state, _event)
    return Step(Undoing(state.row), (Undo(state.committed),))


def _written(state: Writing, event: Written) -> Step:
    then = with_row(state.then, event.row)
    if isinstance(then, Changed):
        then = replace(then, committed=event.committed)
    # A look is no news to anybody's ear.
    return enter(then, *(() if state.change is Change.LOOKED else (Sound("ok"),)))


def _not_written(state: Writing, event: Failed) -> Step:
    if event.work not in {Work.CHANGE, Work.LOOK}:
        return Step(state)
    return notice(event.code, event.sentence, back=state.back)


# Undoing, notices


def _undone(_state: Undoing, _event: Undone) -> Step:
    return notice("undone")


def _not_undone(_state: Undoing, event: Failed) -> Step:
    return notice(event.code, event.sentence)


def _again(state: Notice, _event: Enter) -> Step:
    if state.retry is not None:
        return receive(state.retry)
    return enter(state.back) if state.back is not None else home()


def _explain(state: Notice, _event: Input) -> Step:
    return enter(Help(state))


def _explained(state: Help, _event: Input) -> Step:
    return enter(state.notice)


def _slip(state: Changed, event: Input) -> Step:
    """Who goes on to another shelter takes a slip along."""
    return open_slip(state, event) if state.change is Change.MOVED else Step(state)


ROWS: Rows = {
    Receiving: {
        CodeAccepted: _second_code,
        Received: _received,
        AlreadyHere: _already_here,
        Failed: fails(Work.RECEIVE, _not_received),
    },
    Done: {
        **ARMED,
        **SIMILAR,
        Digit: _how_many,
        Plus: open_family_with_one_more,
        FamilyOpened: open_family,
        NeedsOpened: open_needs,
        Letter: by_letter(F=open_family, N=open_needs, K=compare),
        Back: _undo_reception,
        Enter: shown,
        TimeUp: shown,
    },
    Tapping: {Tapped: _tapped, NotTied: _not_tied, Failed: fails(Work.CHANGE, _not_tapped)},
    Undoing: {Undone: _undone, Failed: fails(Work.UNDO, _not_undone)},
    Seen: {**ARMED, Back: go_home, Enter: shown, TimeUp: shown},
    Changed: {
        **ARMED,
        SlipWanted: _slip,
        Letter: by_letter(T=_slip),
        Back: _undo_change,
        Enter: shown,
        TimeUp: shown,
    },
    Writing: {Written: _written, Failed: _not_written},
    Notice: {
        **ARMED,
        HelpShown: _explain,
        NotKnown: open_face,
        Letter: by_letter(H=_explain, B=open_face),
        Back: go_home,
        Enter: _again,
        TimeUp: go_home,
    },
    Help: {**ARMED, Back: _explained, Enter: _explained, TimeUp: go_home},
}
