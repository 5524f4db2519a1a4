"""What leaves the desk on paper, in files and as codes; and closing the shelter, which leaves nothing."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.choices import Paper
from kiosk.flow.effects import Quit, Sound, StartTimer, Step, TrySync
from kiosk.flow.inputs import (
    Back,
    ClosingRead,
    CodeDrawn,
    Enter,
    Failed,
    FormSent,
    Input,
    LanguageChosen,
    Letter,
    OutletSaid,
    OutletsFound,
    PaperSaid,
    PutOut,
    QuitWanted,
    ShelterErased,
    SlipDrawn,
    TimeUp,
    TrialWanted,
    Typed,
)
from kiosk.flow.kinds import Effect, State
from kiosk.flow.orders import (
    DrawCode,
    DrawSlip,
    EraseShelter,
    FindOutlets,
    PutSlip,
    ReadClosing,
    TakeOutPaper,
)
from kiosk.flow.states import (
    Changed,
    Closing,
    ClosingPair,
    Erased,
    HouseholdCard,
    ShelterCode,
    SlipShown,
    TakenOut,
    TakeOut,
    Working,
)
from kiosk.flow.steps.common import (
    Rows,
    attention,
    by_letter,
    empty,
    enter,
    failed,
    fields,
    speak,
    stay,
    to_keeping,
    to_staff,
    working,
)
from kiosk.flow.steps.door import close
from kiosk.flow.values import Chore

CODE_SECONDS = 60.0
"""The shelter's code tells the minute: an old photograph of it is known as one."""


# Lists


def open_papers(_state: State, _event: Input) -> Step:
    """Which list, and where to?"""
    return Step(TakeOut(), (FindOutlets(),))


def take_out_handover(_state: State, _event: Input) -> Step:
    """The hand-over sheet for the wall: from the screen that shows the same."""
    return Step(TakeOut(paper=Paper.HANDOVER), (FindOutlets(),))


def _found(state: TakeOut, event: OutletsFound) -> Step:
    return Step(replace(state, outlets=event.outlets, outlet=0))


def _paper(state: TakeOut, event: PaperSaid) -> Step:
    papers = tuple(Paper)
    if not 0 <= event.index < len(papers):
        return Step(state)
    return Step(replace(state, paper=papers[event.index], outlet=0, missing=None, code="", sentence=""))


def _outlet(state: TakeOut, event: OutletSaid) -> Step:
    if not 0 <= event.index < len(state.fitting):
        return Step(state)
    return Step(replace(state, outlet=event.index, code="", sentence=""))


def _reason(state: TakeOut | ClosingPair, event: Typed) -> Step:
    return Step(replace(state, reason=event.text, missing=None, code="", sentence=""))


def _sent(state: TakeOut, event: FormSent) -> Step:
    (reason, who), (secret,) = fields(event, 2, 1)
    paper = state.paper
    told = replace(state, reason=reason, who=who, missing=None, code="", sentence="")
    wanted = (
        reason if paper.wants_reason else "-",
        who if paper.wants_second else "-",
        secret if paper.wants_second else "-",
    )
    told = replace(told, missing=empty(*wanted))
    if told.missing is not None:
        return Step(told)
    if not told.fitting:
        return attention(replace(told, code="no_outlet"))
    order = TakeOutPaper(paper, told.fitting[told.outlet], reason, who, secret)
    return working(Chore.PAPERS, order, told)


def _out(state: Working, event: PutOut) -> Step:
    back = state.back if isinstance(state.back, TakeOut) else TakeOut()
    # Why, and with whom, is said anew for the next list.
    plain = replace(back, reason="", who="", missing=None, code="", sentence="")
    return Step(TakenOut(plain, event.where, event.households, event.persons), (Sound("ok"),))


def _to_papers(state: TakenOut, _event: Input) -> Step:
    return Step(state.back, (FindOutlets(),))


# The shelter's code


def open_code(_state: State, _event: Input) -> Step:
    """For people's phones."""
    return _draw(ShelterCode(), _event)


def _draw(state: ShelterCode, _event: Input) -> Step:
    return Step(state, (DrawCode(), StartTimer(CODE_SECONDS)))


def _drawn(state: ShelterCode, event: CodeDrawn) -> Step:
    return Step(replace(state, png=event.png, code="", sentence=""), (StartTimer(CODE_SECONDS),))


# The transfer slip


def open_slip(state: Changed | HouseholdCard, _event: Input) -> Step:
    """For the next shelter's desk; that it was made is in the log before it shows."""
    return Step(SlipShown(state.row, state), (DrawSlip(state.row.household.id),))


def _slip(state: SlipShown, event: SlipDrawn) -> Step:
    return Step(replace(state, png=event.png, outlets=event.outlets, code="", sentence=""))


def _slip_outlet(state: SlipShown, event: OutletSaid) -> Step:
    if not 0 <= event.index < len(state.outlets):
        return Step(state)
    return Step(replace(state, outlet=event.index, where="", code="", sentence=""))


def _put_slip(state: SlipShown, _event: Enter) -> Step:
    if state.png is None:
        return Step(state)
    if not state.outlets:
        return attention(replace(state, code="no_outlet"))
    order = PutSlip(state.row.household.id, state.outlets[state.outlet])
    return Step(replace(state, where="", code="", sentence=""), (order,))


def _slip_out(state: SlipShown, event: PutOut) -> Step:
    return Step(replace(state, where=event.where), (Sound("ok"),))


def _from_slip(state: SlipShown, _event: Back) -> Step:
    return enter(state.back)


# 避難所を とじる


def open_closing(_state: State, _event: Input) -> Step:
    """What does HQ have, and who is still here?"""
    return Step(Closing(), (ReadClosing(),))


def _look_again(state: Closing, _event: Input) -> Step:
    """Send what waits, and look again."""
    return Step(replace(state, code="", sentence=""), (TrySync(), ReadClosing()))


def _closing_read(state: Closing, event: ClosingRead) -> Step:
    return Step(replace(state, facts=event.facts, outlets=event.outlets, code="", sentence=""))


def _two(state: Closing, _event: Enter) -> Step:
    return Step(ClosingPair(state)) if state.facts is not None else Step(state)


def _certificate(state: ClosingPair, event: OutletSaid) -> Step:
    if not 0 <= event.index < len(state.back.outlets):
        return Step(state)
    return Step(replace(state, outlet=event.index, code="", sentence=""))


def _erase(state: ClosingPair, event: FormSent) -> Step:
    (reason, who), (secret,) = fields(event, 2, 1)
    if not state.forced:
        reason = ""
    told = replace(
        state,
        reason=reason,
        who=who,
        missing=empty(reason if state.forced else "-", who, secret),
        code="",
        sentence="",
    )
    if told.missing is not None:
        return Step(told)
    if not state.back.outlets:
        return attention(replace(told, code="no_outlet"))
    order = EraseShelter(state.back.outlets[state.outlet], who, secret, reason)
    return working(Chore.CLOSING, order, told)


def _erased(_state: Working, event: ShelterErased) -> Step:
    heard: tuple[Effect, ...] = (Sound("ok"),)
    return Step(Erased(event.where, event.certificate), heard)


def _from_pair(state: ClosingPair, _event: Back) -> Step:
    return open_closing(state, _event)


def _over(state: Erased, _event: Enter) -> Step:
    return Step(state, (Quit(),))


ROWS: Rows = {
    TakeOut: {
        OutletsFound: _found,
        PaperSaid: _paper,
        OutletSaid: _outlet,
        Typed: _reason,
        FormSent: _sent,
        Enter: stay,
        Failed: failed,
        Back: to_keeping,
    },
    TakenOut: {Enter: _to_papers, Back: _to_papers},
    ShelterCode: {
        CodeDrawn: _drawn,
        Failed: failed,
        LanguageChosen: speak,
        Back: to_staff,
        TimeUp: _draw,
    },
    SlipShown: {
        SlipDrawn: _slip,
        OutletSaid: _slip_outlet,
        Enter: _put_slip,
        PutOut: _slip_out,
        Failed: failed,
        Back: _from_slip,
    },
    Closing: {
        ClosingRead: _closing_read,
        Failed: failed,
        TrialWanted: _look_again,
        Letter: by_letter(R=_look_again),
        Enter: _two,
        Back: to_keeping,
    },
    ClosingPair: {
        OutletSaid: _certificate,
        Typed: _reason,
        FormSent: _erase,
        Enter: stay,
        Back: _from_pair,
    },
    Erased: {Enter: _over, QuitWanted: close},
    Working: {PutOut: _out, ShelterErased: _erased},
}
