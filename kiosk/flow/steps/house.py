"""What only staff need: the menu, safety inquiry, devices, the audit, the next shift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kiosk.core.names import romaji_to_kana
from kiosk.flow.effects import Acknowledge, Inquire, Lock, ReadAudit, ReadShift, Sound, Step, TrySync
from kiosk.flow.inputs import (
    Answered,
    AskOpened,
    AuditRead,
    Back,
    CardPlaced,
    CardRemoved,
    Chosen,
    CodeAccepted,
    CodeRefused,
    CountOpened,
    Digit,
    Enter,
    Failed,
    Input,
    Letter,
    LockWanted,
    More,
    OutOpened,
    PaperSaid,
    QuitWanted,
    RoomOpened,
    RosterOpened,
    RowMoved,
    ShiftRead,
    SlipSeen,
    TokenSeen,
    TrialWanted,
    Typed,
)
from kiosk.flow.kinds import State
from kiosk.flow.states import Audit, Devices, Inquiry, Locked, Shift, Staff
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
from kiosk.flow.steps.shelter import open_board
from kiosk.flow.values import Room, Work

AUDIT_SHOWN = 7
"""Entries on one page of the audit."""
INQUIRY_REASON = "安否照会"


# The menu


def _inquiry(_state: State, _event: Input) -> Step:
    return Step(Inquiry())


def _devices(_state: State, _event: Input) -> Step:
    return Step(Devices())


def _audit(_state: State, _event: Input) -> Step:
    return Step(Audit(), (ReadAudit(),))


def _shift(_state: State, _event: Input) -> Step:
    return Step(Shift(), (ReadShift(),))


_ROOMS: Mapping[Room, Answer] = {
    Room.ROSTER: roster,
    Room.INQUIRY: _inquiry,
    Room.SHELTER: open_board,
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
