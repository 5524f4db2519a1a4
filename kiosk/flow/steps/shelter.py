"""避難所の状況: how the shelter stands, as somebody just looked, and the areas it has."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.acts import Area, Shelter
from kiosk.flow.choices import FULLNESSES, MOST_STAFF, OPENINGS
from kiosk.flow.effects import ReadShelter, ReportShelter, Sound, Step
from kiosk.flow.inputs import (
    Back,
    CapacityTyped,
    Chosen,
    Counted,
    Digit,
    Enter,
    Failed,
    FullnessSaid,
    Input,
    Letter,
    NotKnown,
    OpeningSaid,
    Plus,
    ShelterRead,
    Typed,
)
from kiosk.flow.kinds import State
from kiosk.flow.states import AreaPage, ShelterBoard
from kiosk.flow.steps.common import Answer, Rows, as_index, attention, by_letter, to_staff


def open_board(_state: State, _event: Input) -> Step:
    """As it was last said."""
    return Step(ShelterBoard(), (ReadShelter(),))


def _board_read(state: ShelterBoard, event: ShelterRead) -> Step:
    return Step(ShelterBoard(event.shelter, event.shelter, event.areas, saved=state.saving))


def _board(state: ShelterBoard, draft: Shelter) -> Step:
    return Step(replace(state, draft=draft, saved=False, sentence=""))


def _opening(state: ShelterBoard, event: OpeningSaid) -> Step:
    if state.draft is None or not 0 <= event.index < len(OPENINGS):
        return Step(state)
    return _board(state, replace(state.draft, opening=OPENINGS[event.index]))


def _fullness(state: ShelterBoard, event: FullnessSaid) -> Step:
    if state.draft is None or not 0 <= event.index < len(FULLNESSES):
        return Step(state)
    return _board(state, replace(state.draft, fullness=FULLNESSES[event.index]))


def _fullness_digit(state: ShelterBoard, index: int) -> Step:
    return _fullness(state, FullnessSaid(index))


def _counted(state: ShelterBoard, event: Counted) -> Step:
    if state.draft is None:
        return Step(state)
    number = max(0, min(MOST_STAFF, getattr(state.draft, event.who) + event.by))
    changed = {"staff": replace(state.draft, staff=number), "helpers": replace(state.draft, helpers=number)}
    return _board(state, changed[event.who])


def _by_key(event: Counted | OpeningSaid) -> Answer:
    if isinstance(event, Counted):
        return lambda state, _event: _counted(state, event)
    return lambda state, _event: _opening(state, event)


def _checked(state: ShelterBoard, _event: Enter) -> Step:
    """いま 見ました: what is reported is what somebody just looked at, also when nothing changed."""
    if state.draft is None or state.saving:
        return Step(state)
    return Step(replace(state, saving=True, saved=False, sentence=""), (ReportShelter(state.draft),))


def _not_saved(state: ShelterBoard, event: Failed) -> Step:
    return Step(replace(state, saving=False, sentence=event.sentence), (Sound("error"),))


def _area(state: ShelterBoard, event: Chosen) -> Step:
    areas = () if state.draft is None else state.draft.areas
    if not 0 <= event.index < len(areas):
        return Step(state)
    area = areas[event.index]
    return Step(AreaPage(state, event.index, area.name, str(area.capacity or "")))


def _new_area(state: ShelterBoard, _event: Plus) -> Step:
    return Step(state) if state.draft is None else Step(AreaPage(state, None))


def _area_typed(state: AreaPage, event: Typed) -> Step:
    return Step(replace(state, name=event.text, missing=False))


def _area_capacity(state: AreaPage, event: CapacityTyped) -> Step:
    digits = "".join(letter for letter in event.text if letter in "0123456789")[:4]
    return Step(replace(state, capacity=digits.lstrip("0")))


def _with_areas(state: AreaPage, area: Area | None) -> Step:
    draft = state.board.draft
    if draft is None:
        return Step(state.board)
    areas = list(draft.areas)
    if state.place is None:
        areas += [] if area is None else [area]
    else:
        areas[state.place : state.place + 1] = [] if area is None else [area]
    return _board(state.board, replace(draft, areas=tuple(areas)))


def _area_enter(state: AreaPage, _event: Enter) -> Step:
    name = state.name.strip()
    if not name:
        return attention(replace(state, missing=True))
    return _with_areas(state, Area(name, int(state.capacity or "0")))


def _area_gone(state: AreaPage, _event: NotKnown) -> Step:
    return _with_areas(state, None)


def _to_board(state: AreaPage, _event: Back) -> Step:
    return Step(state.board)


ROWS: Rows = {
    ShelterBoard: {
        ShelterRead: _board_read,
        OpeningSaid: _opening,
        FullnessSaid: _fullness,
        Counted: _counted,
        Digit: as_index(_fullness_digit),
        Letter: by_letter(
            N=_by_key(OpeningSaid(0)),
            O=_by_key(OpeningSaid(1)),
            C=_by_key(OpeningSaid(2)),
            A=_by_key(Counted("staff", -1)),
            S=_by_key(Counted("staff", 1)),
            J=_by_key(Counted("helpers", -1)),
            K=_by_key(Counted("helpers", 1)),
        ),
        Chosen: _area,
        Plus: _new_area,
        Enter: _checked,
        Failed: _not_saved,
        Back: to_staff,
    },
    AreaPage: {
        Typed: _area_typed,
        CapacityTyped: _area_capacity,
        NotKnown: _area_gone,
        Enter: _area_enter,
        Back: _to_board,
    },
}
