"""A laptop without a shelter: from the opening sheet over the first of the staff to a locked desk."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.choices import DESKS
from kiosk.flow.effects import Lock, Sound, Step
from kiosk.flow.inputs import (
    Back,
    Chosen,
    Enter,
    Failed,
    FormSent,
    Input,
    PicturesFound,
    PicturesWanted,
    QuitWanted,
    SheetRefused,
    SheetSeen,
    ShelterFounded,
    Typed,
)
from kiosk.flow.kinds import State
from kiosk.flow.orders import FindPictures, Found, ReadSheet
from kiosk.flow.states import FirstStaff, Founded, Founding, Locked, ShowSheet
from kiosk.flow.steps.common import Rows, attention, empty, failed, fields, stay
from kiosk.flow.steps.door import close


def begin_founding() -> Step:
    """The first step of a laptop that is no shelter's kiosk yet."""
    return Step(ShowSheet(), (FindPictures(),))


# The sheet


def _typed(state: ShowSheet, event: Typed) -> Step:
    return Step(replace(state, text=event.text, code="", sentence=""))


def _read(state: ShowSheet, _event: Enter) -> Step:
    told = state.text.strip()
    if not told or state.reading:
        return Step(state)
    return Step(replace(state, reading=True, code="", sentence=""), (ReadSheet(told),))


def _picture(state: ShowSheet, event: Chosen) -> Step:
    if state.reading or not 0 <= event.index < len(state.pictures):
        return Step(state)
    told = ReadSheet(state.pictures[event.index])
    return Step(replace(state, reading=True, code="", sentence=""), (told,))


def _look(state: ShowSheet, _event: PicturesWanted) -> Step:
    return Step(replace(state, pictures=()), (FindPictures(),))


def _looked(state: ShowSheet, event: PicturesFound) -> Step:
    return Step(replace(state, pictures=event.places))


def _seen(_state: ShowSheet, event: SheetSeen) -> Step:
    return Step(FirstStaff(event.sheet), (Sound("ok"),))


def _refused(state: ShowSheet, event: SheetRefused | Failed) -> Step:
    # Another sight of the same code must not ring again.
    rings = not state.sentence or state.code != event.code or state.reading
    said = replace(state, reading=False, code=event.code, sentence=event.sentence)
    return Step(said, (Sound("attention"),) if rings else ())


# The first of the staff


def _desk(state: FirstStaff, event: Chosen) -> Step:
    if not 0 <= event.index < len(DESKS):
        return Step(state)
    return Step(replace(state, desk=event.index, code="", sentence=""))


def _name(state: FirstStaff, event: Typed) -> Step:
    return Step(replace(state, name=event.text, missing=None, code="", sentence=""))


def _sent(state: FirstStaff, event: FormSent) -> Step:
    (name,), (secret, again) = fields(event, 1, 2)
    told = replace(state, name=name, missing=empty(name, secret, again), code="", sentence="")
    if told.missing is not None:
        return Step(told)
    if secret != again:
        return attention(replace(told, code="secrets_differ"))
    return Step(Founding(told), (Found(state.sheet, told.name, secret, state.desk),))


def _other_sheet(_state: FirstStaff, _event: Back) -> Step:
    return begin_founding()


def _founded(state: Founding, _event: ShelterFounded) -> Step:
    return Step(Founded(state.back.sheet, state.back.desk), (Sound("ok"),))


def _not_founded(state: Founding, event: Failed) -> Step:
    return failed(state.back, event)


def _to_desk(_state: State, _event: Input) -> Step:
    """The desk begins as on any other morning: locked, in a process that knows its shelter."""
    return Step(Locked(), (Lock(),))


ROWS: Rows = {
    ShowSheet: {
        Typed: _typed,
        Enter: _read,
        Chosen: _picture,
        PicturesWanted: _look,
        PicturesFound: _looked,
        SheetSeen: _seen,
        SheetRefused: _refused,
        Failed: _refused,
        QuitWanted: close,
    },
    FirstStaff: {
        FormSent: _sent,
        Typed: _name,
        Chosen: _desk,
        Enter: stay,
        Back: _other_sheet,
        QuitWanted: close,
    },
    Founding: {ShelterFounded: _founded, Failed: _not_founded},
    Founded: {Enter: _to_desk, QuitWanted: close},
}
