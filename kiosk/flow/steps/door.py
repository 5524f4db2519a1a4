"""Opening the desk, and the ways in: a code, a card and its digits, the doors of every armed screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kiosk.core.household import Method
from kiosk.desk import Arrival
from kiosk.flow.effects import OpenDesk, Quit, ReadCard, Sound, StartTimer, Step, Tap
from kiosk.flow.inputs import (
    AskOpened,
    Back,
    CardFailed,
    CardPlaced,
    CardRead,
    CardRemoved,
    CodeAccepted,
    CodeRefused,
    CountOpened,
    DeviceChanged,
    Digit,
    Enter,
    Erase,
    Failed,
    HelpWanted,
    Input,
    LanguageChosen,
    Letter,
    NotKnown,
    Opened,
    OutOpened,
    PassphraseEntered,
    QuitWanted,
    RosterOpened,
    SlipSeen,
    StaffOpened,
    TimeUp,
    TokenSeen,
)
from kiosk.flow.kinds import State
from kiosk.flow.states import (
    AskCount,
    Asked,
    AskName,
    Changed,
    Done,
    Face,
    Locked,
    Notice,
    Pin,
    Reading,
    Ready,
    Roster,
    Seen,
    Staff,
    Tapping,
    WhatNow,
)
from kiosk.flow.steps import face
from kiosk.flow.steps.common import Answer, Rows, by_letter, enter, go_home, notice, receive, speak
from kiosk.flow.values import (
    NOTICE_SECONDS,
    PIN_DIGITS,
    PIN_SECONDS,
    READ_SECONDS,
    Secret,
)

MOVED_IN = frozenset({"moved_in"})


def begin(*, asks: bool) -> Step:
    """The first step: ask for the passphrase, or open the desk at once where none is wanted."""
    return Step(Locked()) if asks else Step(Locked(asks=False, checking=True), (OpenDesk(),))


def _open(_state: Locked, event: PassphraseEntered) -> Step:
    return Step(Locked(checking=True), (OpenDesk(event.passphrase),))


def _open_again(state: Locked, _event: Enter) -> Step:
    return Step(state) if state.asks or state.checking else begin(asks=False)


def _not_opened(state: Locked, event: Failed) -> Step:
    return Step(Locked(asks=state.asks, code=event.code, sentence=event.sentence), (Sound("error"),))


def close(state: State, _event: Input) -> Step:
    """Close the window."""
    return Step(state, (Quit(),))


# The ways in


def code_seen(state: State, event: CodeAccepted) -> Step:
    """A pass is received the moment it is decoded."""
    known = _known(state, event)
    if known is not None:
        return known
    arrival = Arrival(Method.APP, event.household, event.source, event.stopwatch)
    return receive(arrival, event.marks, again=event.again)


def slip_seen(state: State, event: SlipSeen) -> Step:
    """A household of another shelter is taken over the moment its slip is decoded."""
    return _known(state, event) or receive(event.transfer, MOVED_IN, again=event.again)


def token_seen(state: State, event: TokenSeen) -> Step:
    """A tap: whoever the card stands for goes out, or is back."""
    return _known(state, event) or Step(Tapping(event.source), (Tap(event.token),))


def _known(state: State, event: CodeAccepted | SlipSeen | TokenSeen) -> Step | None:
    """What follows where the same was seen a moment ago."""
    # The phone is often still held up when the screen says done.
    if isinstance(state, (Done, Seen, Changed, WhatNow)) and state.source == event.source:
        return Step(state)
    if isinstance(state, Ready) and state.just is not None and state.just.source == event.source:
        return enter(Seen(state.just.row, event.source), Sound("attention"))
    return None


def _refused(state: State, event: CodeRefused) -> Step:
    # Another sight of the same code must not ring again.
    if isinstance(state, Notice) and state.code == event.code:
        return Step(state)
    return notice(event.code)


def _card(_state: State, event: CardPlaced) -> Step:
    return Step(Pin(event.stopwatch), (Sound("attention"), StartTimer(PIN_SECONDS)))


def _card_failed(state: State, event: CardFailed) -> Step:
    if isinstance(state, Reading) and state.face is not None:
        return face.refused(state.face, event)
    stopwatch = state.stopwatch if isinstance(state, (Pin, Reading, Face, Notice)) else None
    if event.code == "wrong_secret" and stopwatch is not None:
        if event.tries_left is None or event.tries_left > 1:
            wrong = Pin(stopwatch, wrong=True, tries_left=event.tries_left)
            return Step(wrong, (Sound("error"), StartTimer(PIN_SECONDS)))
        return notice("last_try_refused" if event.tries_left else "blocked", stopwatch=stopwatch)
    # A card seen anew has a stopwatch of its own.
    return notice(event.code, stopwatch=event.stopwatch or stopwatch)


def ask(state: State, event: AskOpened) -> Step:
    """Asked entry. Whoever came by card first was first seen then."""
    earlier = state.stopwatch if isinstance(state, (Pin, Face, Notice)) else None
    return Step(AskName(Asked(earlier or event.stopwatch, event.today, event.towns)))


def count(_state: State, event: CountOpened) -> Step:
    """Count-only."""
    return Step(AskCount(event.stopwatch))


def roster(_state: State, _event: RosterOpened) -> Step:
    """The roster."""
    return enter(Roster())


def out(_state: State, _event: OutOpened) -> Step:
    """The roster, to say who goes or is back."""
    return enter(Roster(going=True))


def _staff(_state: State, _event: StaffOpened) -> Step:
    return Step(Staff())


def _help(_state: State, _event: HelpWanted) -> Step:
    return Step(Notice("help_called"), (Sound("attention"), StartTimer(NOTICE_SECONDS)))


# Card


def _pin_digit(state: Pin, event: Digit) -> Step:
    digits = Secret(f"{state.digits.reveal()}{event.value}")
    if len(digits) == PIN_DIGITS:
        return Step(Reading(state.stopwatch), (Sound("tick"), ReadCard(digits), StartTimer(READ_SECONDS)))
    return Step(Pin(state.stopwatch, digits), (Sound("tick"), StartTimer(PIN_SECONDS)))


def _pin_erase(state: Pin, _event: Erase) -> Step:
    shorter = Secret(state.digits.reveal()[:-1])
    return Step(replace(state, digits=shorter), (Sound("tick"), StartTimer(PIN_SECONDS)))


def _card_gone(state: Pin, _event: CardRemoved) -> Step:
    return notice("card_removed", stopwatch=state.stopwatch)


def _reader_gone(state: Pin, event: DeviceChanged) -> Step:
    if event.device == "reader" and not event.working:
        return notice("reader_lost", stopwatch=state.stopwatch)
    return Step(state)


def _card_silent(state: Reading, _event: TimeUp) -> Step:
    return notice("timeout", stopwatch=state.stopwatch)


def _card_read(state: Reading, event: CardRead) -> Step:
    """The holder is received at once; who came along is asked while the number shows."""
    return receive(Arrival(Method.CARD, event.household, event.source, state.stopwatch))


ARMED: Mapping[type, Answer] = {
    CodeAccepted: code_seen,
    CodeRefused: _refused,
    SlipSeen: slip_seen,
    TokenSeen: token_seen,
    CardPlaced: _card,
    CardFailed: _card_failed,
    AskOpened: ask,
    CountOpened: count,
    RosterOpened: roster,
    OutOpened: out,
    StaffOpened: _staff,
    HelpWanted: _help,
    LanguageChosen: speak,
}
"""Where any way in may be taken at once."""

ROWS: Rows = {
    Locked: {
        PassphraseEntered: _open,
        Enter: _open_again,
        Opened: go_home,
        Failed: _not_opened,
        QuitWanted: close,
    },
    Ready: {**ARMED, TimeUp: go_home},
    Pin: {
        CodeAccepted: code_seen,
        CardPlaced: _card,
        CardFailed: _card_failed,
        CardRemoved: _card_gone,
        DeviceChanged: _reader_gone,
        AskOpened: ask,
        LanguageChosen: speak,
        Digit: _pin_digit,
        Erase: _pin_erase,
        NotKnown: face.open_face,
        Letter: by_letter(B=face.open_face),
        Back: go_home,
        TimeUp: go_home,
    },
    Reading: {CardRead: _card_read, CardFailed: _card_failed, TimeUp: _card_silent},
}
