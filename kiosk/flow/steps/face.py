"""照合番号B: whoever does not know the PIN reads from the card. Another secret, with tries of its own.

The desk offers it, for a blocked PIN too; it never guesses which form of a birth date is printed, because a
guess would cost a try.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.dates import BirthDate
from kiosk.flow.dating import ERAS, birth_of, is_whole, with_digit, with_era
from kiosk.flow.effects import AskForms, ReadFace, Sound, StartTimer, Step
from kiosk.flow.inputs import (
    AskOpened,
    Back,
    CardFailed,
    CardPlaced,
    CardRemoved,
    Chosen,
    CodeAccepted,
    DeviceChanged,
    Digit,
    Enter,
    Erase,
    FormsTold,
    Input,
    LanguageChosen,
    Letter,
    TimeUp,
)
from kiosk.flow.kinds import Effect
from kiosk.flow.states import Face, FaceAsk, Notice, Pin, Reading
from kiosk.flow.steps.common import Rows, at_index, attention, enter, go_home, home, notice, speak
from kiosk.flow.values import FACE_SECONDS, NO_DIGITS, PIN_DIGITS, PIN_SECONDS, READ_SECONDS, Secret

REFUSALS = {"last_try_refused": "face_last_try", "blocked": "face_blocked", "no_pin_set": "face_blocked"}
"""What a card says of its PIN means another thing here: it is the way past the PIN that is closed."""


def open_face(state: Pin | Notice, _event: Input) -> Step:
    """Read from the card instead of the PIN."""
    if state.stopwatch is None or (isinstance(state, Notice) and not state.offers_face):
        return Step(state)
    return enter(Face(state.stopwatch, pin=isinstance(state, Pin)))


def refused(state: Face, event: CardFailed) -> Step:
    """The card did not open by its face."""
    again = replace(state, digits=NO_DIGITS, tries_left=event.tries_left)
    match event.code:
        case "wrong_secret" if event.tries_left is None or event.tries_left > 1:
            return enter(replace(again, wrong=True), Sound("error"))
        case "wrong_secret":
            return notice("face_last_try" if event.tries_left else "face_blocked", stopwatch=state.stopwatch)
        case "no_expiry":
            return enter(replace(again, asks_year=True, year=NO_DIGITS), Sound("attention"))
        case code:
            return notice(REFUSALS.get(code, code), stopwatch=state.stopwatch)


def _again(state: Face, *effects: Effect) -> Step:
    return Step(state, (*effects, StartTimer(FACE_SECONDS)))


def _digit(state: Face, event: Digit) -> Step:
    match state.asks:
        case FaceAsk.BIRTH:
            return _birth_digit(state, event)
        case FaceAsk.FORM:
            return _form(state, event.value - 1)
        case FaceAsk.YEAR:
            year = Secret(f"{state.year.reveal()}{event.value}")
            return _again(replace(state, year=year, wrong=False), Sound("tick"))
        case FaceAsk.CODE:
            return _code_digit(state, event)


def _birth_digit(state: Face, event: Digit) -> Step:
    if is_whole(state.text):
        return Step(state)
    typed = replace(state, text=with_digit(state.text, event.value), wrong=False)
    if not is_whole(typed.text):
        return _again(typed, Sound("tick"))
    told = _birth_told(typed)
    return Step(told.state, (Sound("tick"), *told.effects))


def _birth_told(state: Face) -> Step:
    birth: BirthDate | None = birth_of(state.text)
    if birth is None:
        return attention(replace(state, wrong=True))
    return _again(state, AskForms(birth.iso))


def _letter(state: Face, event: Letter) -> Step:
    if state.asks is not FaceAsk.BIRTH or event.value not in ERAS:
        return Step(state)
    return _again(replace(state, text=with_era(state.text, event.value), wrong=False), Sound("tick"))


def _forms(state: Face, event: FormsTold) -> Step:
    if state.asks is not FaceAsk.BIRTH:
        return Step(state)
    if not event.forms:
        return attention(replace(state, wrong=True))
    return _again(replace(state, forms=event.forms))


def _form(state: Face, index: int) -> Step:
    if state.asks is not FaceAsk.FORM or not 0 <= index < len(state.forms):
        return Step(state)
    return _again(replace(state, form=index, wrong=False))


def _code_digit(state: Face, event: Digit) -> Step:
    """The fourth digit submits, as with the PIN."""
    digits = Secret(f"{state.digits.reveal()}{event.value}")
    if len(digits) < PIN_DIGITS or state.printed is None:
        return _again(replace(state, digits=digits, wrong=False), Sound("tick"))
    kept = replace(state, digits=NO_DIGITS, wrong=False)
    effect = ReadFace(state.printed.digits, digits, state.year)
    return Step(Reading(state.stopwatch, kept), (Sound("tick"), effect, StartTimer(READ_SECONDS)))


def _erase(state: Face, _event: Erase) -> Step:
    match state.asks:
        case FaceAsk.BIRTH:
            shorter = replace(state, text=state.text[:-1])
        case FaceAsk.YEAR:
            shorter = replace(state, year=Secret(state.year.reveal()[:-1]))
        case _:
            shorter = replace(state, digits=Secret(state.digits.reveal()[:-1]))
    return _again(replace(shorter, wrong=False), Sound("tick"))


def _enter(state: Face, _event: Enter) -> Step:
    """As much of a birth date as is printed: on some cards the day is not."""
    return _birth_told(state) if state.asks is FaceAsk.BIRTH else Step(state)


def _back(state: Face, _event: Back) -> Step:
    """One question back; from the first to the PIN, where it may still be tried."""
    match state.asks:
        case FaceAsk.BIRTH:
            return Step(Pin(state.stopwatch), (StartTimer(PIN_SECONDS),)) if state.pin else home()
        case FaceAsk.FORM:
            return _again(replace(state, forms=(), wrong=False))
        case _:
            return _again(replace(state, form=None, year=NO_DIGITS, digits=NO_DIGITS, wrong=False))


def _card_gone(state: Face, _event: CardRemoved) -> Step:
    return notice("card_removed", stopwatch=state.stopwatch)


def rows(pin: Rows) -> Rows:
    """`pin` is what the PIN screen answers: the same card lies there, and the same ways stay open."""
    open_ways = (CodeAccepted, CardPlaced, CardFailed, DeviceChanged, AskOpened)
    return {
        Face: {
            **{event: pin[Pin][event] for event in open_ways},
            CardRemoved: _card_gone,
            FormsTold: _forms,
            LanguageChosen: speak,
            Digit: _digit,
            Letter: _letter,
            Chosen: at_index(_form),
            Erase: _erase,
            Enter: _enter,
            Back: _back,
            TimeUp: go_home,
        }
    }
