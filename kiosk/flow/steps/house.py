"""What only staff need: the menu, safety inquiry, the shelter's state, devices, the audit, the next shift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kiosk.core.acts import Area, Shelter
from kiosk.core.names import romaji_to_kana
from kiosk.flow.choices import FULLNESSES, MOST_STAFF, OPENINGS
from kiosk.flow.effects import (
    Acknowledge,
    Inquire,
    Lock,
    ReadAudit,
    ReadShelter,
    ReadShift,
    ReportShelter,
    Sound,
    Step,
    TrySync,
)
from kiosk.flow.inputs import (
    Answered,
    AskOpened,
    AuditRead,
    Back,
    CapacityTyped,
    CardPlaced,
    CardRemoved,
    Chosen,
    CodeAccepted,
    CodeRefused,
    Counted,
    CountOpened,
    Digit,
    Enter,
    Failed,
    FullnessSaid,
    Input,
    Letter,
    LockWanted,
    More,
    NotKnown,
    OpeningSaid,
    OutOpened,
    PaperSaid,
    Plus,
    QuitWanted,
    RoomOpened,
    RosterOpened,
    RowMoved,
    ShelterRead,
    ShiftRead,
    SlipSeen,
    TokenSeen,
    TrialWanted,
    Typed,
)
from kiosk.flow.kinds import State
from kiosk.flow.states import (
    AreaPage,
    Audit,
    Devices,
    Inquiry,
    Locked,
    ShelterBoard,
    Shift,
    Staff,
)
from kiosk.flow.steps.common import (
    Answer,
    Rows,
    as_index,
    at_index,
    attention,
    by_letter,
    go_home,
    to_keeping,
    to_staff,
)
from kiosk.flow.steps.door import ask, close, count, out, roster
from kiosk.flow.steps.outcome import fails
from kiosk.flow.steps.papers import open_code, take_out_handover
from kiosk.flow.steps.roster import find_doubles
from kiosk.flow.values import Room, Work

AUDIT_SHOWN = 7
"""Entries on one page of the audit."""
INQUIRY_REASON = "安否照会"


# The menu


def _inquiry(_state: State, _event: Input) -> Step:
    return Step(Inquiry())


def _shelter(_state: State, _event: Input) -> Step:
    return Step(ShelterBoard(), (ReadShelter(),))


def _devices(_state: State, _event: Input) -> Step:
    return Step(Devices())


def _audit(_state: State, _event: Input) -> Step:
    return Step(Audit(), (ReadAudit(),))


def _shift(_state: State, _event: Input) -> Step:
    return Step(Shift(), (ReadShift(),))


_ROOMS: Mapping[Room, Answer] = {
    Room.ROSTER: roster,
    Room.INQUIRY: _inquiry,
    Room.SHELTER: _shelter,
    Room.DOUBLES: find_doubles,
    Room.DEVICES: _devices,
    Room.AUDIT: _audit,
    Room.SHIFT: _shift,
    Room.KEEPING: to_keeping,
    Room.CODE: open_code,
}


def _room(state: Staff, event: RoomOpened) -> Step:
    return _ROOMS[event.room](state, event)


def _room_digit(state: Staff, index: int) -> Step:
    rooms = tuple(Room)
    return _ROOMS[rooms[index]](state, RoomOpened(rooms[index])) if 0 <= index < len(rooms) else Step(state)


# 安否照会


def _name_typed(state: Inquiry, event: Typed) -> Step:
    return Step(Inquiry(event.text, state.relative))


def _relative(state: Inquiry, index: int) -> Step:
    """1: family or relatives ask. 2: somebody else. Another asker is another question."""
    return Step(Inquiry(state.text, index == 0)) if index in {0, 1} else Step(state)


def _ask(state: Inquiry, _event: Enter) -> Step:
    text = romaji_to_kana(state.text, finished=True).strip()
    if state.asking:
        return Step(state)
    if not text:
        return attention(replace(state, missing="name"))
    if state.relative is None:
        return attention(replace(state, missing="relative"))
    asking = Inquiry(text, state.relative, asking=True)
    return Step(asking, (Inquire(text, state.relative, INQUIRY_REASON),))


def _answered(state: Inquiry, event: Answered) -> Step:
    if not state.asking or event.text != state.text:
        return Step(state)
    return Step(replace(state, asking=False, answer=event.rows))


def _not_answered(state: Inquiry, event: Failed) -> Step:
    return Step(replace(state, asking=False, sentence=event.sentence), (Sound("error"),))


# 避難所の状況


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


# 送信と 機械


def _code_tried(state: Devices, _event: Input) -> Step:
    return Step(replace(state, code_seen=True), () if state.code_seen else (Sound("ok"),))


def _card_tried(state: Devices, event: CardPlaced | CardRemoved | TokenSeen) -> Step:
    placed = not isinstance(event, CardRemoved)
    return Step(replace(state, card_seen=placed or state.card_seen), (Sound("ok"),) if placed else ())


def _try(state: Devices, event: TrialWanted) -> Step:
    if event.what == "sound":
        return Step(replace(state, rang=True), (Sound("ok"),))
    return Step(replace(state, tried=True), (TrySync(),))


def _known(state: Devices, _event: Enter) -> Step:
    return Step(state, (Acknowledge(),))


def _try_key(event: TrialWanted) -> Answer:
    return lambda state, _event: _try(state, event)


# 見た人の 記録, 引きつぎ


def _audit_read(state: Audit, event: AuditRead) -> Step:
    return Step(replace(state, entries=event.entries, first=0))


def _audit_further(state: Audit, by: int) -> Step:
    last = max(0, len(state.entries or ()) - 1) // AUDIT_SHOWN * AUDIT_SHOWN
    return Step(replace(state, first=max(0, min(last, state.first + by * AUDIT_SHOWN))))


def _audit_moved(state: Audit, event: RowMoved) -> Step:
    return _audit_further(state, 1 if event.by > 0 else -1)


def _audit_more(state: Audit, _event: More) -> Step:
    return _audit_further(state, 1)


def _not_read(state: Audit | Shift, event: Failed) -> Step:
    return Step(replace(state, sentence=event.sentence), (Sound("error"),))


def _shift_read(state: Shift, event: ShiftRead) -> Step:
    return Step(replace(state, sheet=event.sheet))


def lock(_state: State, _event: Input) -> Step:
    """Close the store for the next staff."""
    return Step(Locked(), (Lock(),))


ROWS: Rows = {
    Staff: {
        RoomOpened: _room,
        Digit: as_index(_room_digit),
        RosterOpened: roster,
        OutOpened: out,
        CountOpened: count,
        AskOpened: ask,
        LockWanted: lock,
        QuitWanted: close,
        Back: go_home,
    },
    Inquiry: {
        Typed: _name_typed,
        Digit: as_index(_relative),
        Chosen: at_index(_relative),
        Enter: _ask,
        Answered: _answered,
        Failed: fails(Work.LOOK, _not_answered),
        Back: to_staff,
    },
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
    Devices: {
        CodeAccepted: _code_tried,
        CodeRefused: _code_tried,
        SlipSeen: _code_tried,
        TokenSeen: _card_tried,
        CardPlaced: _card_tried,
        CardRemoved: _card_tried,
        TrialWanted: _try,
        Enter: _known,
        Letter: by_letter(S=_try_key(TrialWanted("sound")), R=_try_key(TrialWanted("sync"))),
        Back: to_staff,
    },
    Audit: {
        AuditRead: _audit_read,
        RowMoved: _audit_moved,
        More: _audit_more,
        Failed: fails(Work.ASK, _not_read),
        Back: to_staff,
    },
    Shift: {
        ShiftRead: _shift_read,
        PaperSaid: take_out_handover,
        Letter: by_letter(P=take_out_handover),
        LockWanted: lock,
        Enter: lock,
        Failed: fails(Work.ASK, _not_read),
        Back: to_staff,
    },
}
