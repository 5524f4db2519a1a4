"""照合番号B in the flow: the way past a PIN nobody remembers, with rules of its own."""

import re

import pytest

from kiosk import flow
from kiosk.core.acts import Source
from kiosk.core.household import Method
from kiosk.flow import FaceAsk, step
from walking import ASK, CODE, WATCH, digits, effect, household, through

FORMS = (
    flow.PrintedForm("昭和55年2月17日", flow.Secret("550217")),
    flow.PrintedForm("1980年2月17日", flow.Secret("800217")),
)
TYPED = (flow.Letter("S"), *digits("550217"))
READ = flow.CardRead(household(), Source(Method.CARD, "", b"k"))


def at_code(*events):
    """A card whose holder does not know the PIN, up to the security code."""
    return through(
        flow.Ready(),
        flow.CardPlaced(WATCH),
        flow.NotKnown(),
        *TYPED,
        flow.FormsTold(FORMS),
        flow.Digit(1),
        *events,
    )


def test_what_is_printed_opens_a_card_whose_pin_nobody_knows():
    """Birth date, the form on the card, four digits: the holder is received by card, timed from its sight."""
    asked = through(flow.Ready(), flow.CardPlaced(WATCH), flow.NotKnown(), *TYPED)
    assert effect(asked, flow.AskForms).birth == "1980-02-17"
    submitted = at_code(*digits("2285"))
    sent = effect(submitted, flow.ReadFace)
    assert (sent.birth.reveal(), sent.code.reveal(), sent.year.reveal()) == ("550217", "2285", "")
    assert effect(submitted, flow.StartTimer).seconds == flow.READ_SECONDS
    arrival = effect(step(submitted.state, READ), flow.Receive).arrival
    assert (arrival.method, arrival.stopwatch) == (Method.CARD, WATCH)


def test_one_choice_is_one_try():
    """The card sees only the form that was pointed at: the desk never tries the other by itself."""
    western = through(at_code().state, flow.Back(), flow.Chosen(1), *digits("2285"))
    assert effect(western, flow.ReadFace).birth.reveal() == "800217"
    refused = step(western.state, flow.CardFailed("wrong_secret", 9))
    assert not any(isinstance(each, flow.ReadFace) for each in refused.effects)


def test_a_wrong_code_says_so_and_asks_for_it_again():
    """The tries left are said, the digits are gone, and the birth date need not be typed again."""
    wrong = through(at_code().state, *digits("0000"), flow.CardFailed("wrong_secret", 9))
    assert (wrong.state.asks, wrong.state.wrong, wrong.state.tries_left) == (FaceAsk.CODE, True, 9)
    assert len(wrong.state.digits) == 0
    assert wrong.state.printed == FORMS[0]
    assert effect(wrong, flow.Sound).name == "error"
    assert not step(wrong.state, flow.Digit(1)).state.wrong


@pytest.mark.parametrize(
    ("code", "left", "notice"),
    [
        ("wrong_secret", 1, "face_last_try"),
        ("last_try_refused", 1, "face_last_try"),
        ("wrong_secret", 0, "face_blocked"),
        ("blocked", 0, "face_blocked"),
        ("no_pin_set", None, "face_blocked"),
        ("card_removed", None, "card_removed"),
        ("timeout", None, "timeout"),
    ],
)
def test_its_last_try_is_never_spent(code, left, notice):
    """With one try left it ends, in words of its own: a name is enough, and is one key away."""
    failed = through(at_code().state, *digits("0000"), flow.CardFailed(code, left))
    assert failed.state.code == notice
    assert not failed.state.offers_face
    asked = step(failed.state, ASK).state
    assert asked.asked.stopwatch is WATCH


@pytest.mark.parametrize("code", sorted(flow.FACE_HELPS))
def test_a_pin_that_does_not_open_leaves_the_printed_code(code):
    """No PIN, a blocked one, one try left: the printed code has a counter of its own, and is offered."""
    notice = step(flow.Ready(), flow.CardFailed(code, None, WATCH)).state
    assert notice.offers_face
    opened = step(notice, flow.NotKnown()).state
    assert (opened.stopwatch, opened.pin) == (WATCH, False)
    assert type(step(opened, flow.Back()).state) is flow.Ready


def test_the_printed_code_is_not_offered_without_a_card():
    """A notice that no card led to offers nothing that needs one."""
    notice = flow.Notice("no_pin_set")
    assert step(notice, flow.NotKnown()) == flow.Step(notice)
    assert step(flow.Notice("timeout", stopwatch=WATCH), flow.Letter("B")).state.code == "timeout"


def test_the_year_is_asked_only_of_a_card_that_does_not_tell_it():
    """A card that keeps its expiry to itself is asked for by its holder, then the code again."""
    silent = through(at_code().state, *digits("2285"), flow.CardFailed("no_expiry"))
    assert silent.state.asks is FaceAsk.YEAR
    sent = effect(through(silent.state, *digits("20352285")), flow.ReadFace)
    assert (sent.year.reveal(), sent.code.reveal()) == ("2035", "2285")


def test_no_such_date_costs_no_try():
    """A date that stands on nobody's card is said before anything is sent."""
    impossible = through(
        flow.Ready(), flow.CardPlaced(WATCH), flow.NotKnown(), flow.Letter("S"), *digits("550230")
    )
    assert (impossible.state.asks, impossible.state.wrong) == (FaceAsk.BIRTH, True)
    told = through(flow.Ready(), flow.CardPlaced(WATCH), flow.NotKnown(), *TYPED, flow.FormsTold(()))
    assert (told.state.asks, told.state.wrong) == (FaceAsk.BIRTH, True)


def test_a_birth_without_its_day_is_typed_as_it_is_printed():
    """Year and month, then Enter: what is unknown stays unknown."""
    asked = through(flow.Ready(), flow.CardPlaced(WATCH), flow.NotKnown(), flow.Letter("S"), *digits("2008"))
    assert effect(step(asked.state, flow.Enter()), flow.AskForms).birth == "1945-08-00"


def test_esc_goes_one_question_back():
    """From the code to the form, to the date, to the PIN, to the ready screen."""
    state, seen = at_code(*digits("22")).state, []
    for _ in range(3):
        state = step(state, flow.Back()).state
        seen.append(getattr(state, "asks", type(state)))
    assert seen == [FaceAsk.FORM, FaceAsk.BIRTH, flow.Pin]


def test_a_card_taken_away_takes_its_digits_along():
    """Nothing that was read from it stays."""
    gone = step(at_code(*digits("22")).state, flow.CardRemoved())
    assert gone.state.code == "card_removed"
    assert "55" not in re.sub("0x[0-9a-f]+", "", repr(gone))


def test_nothing_printed_on_the_card_is_ever_printed_by_us():
    """No repr of a state or an effect holds a digit or a date."""
    taken, said = flow.Step(flow.Ready()), ""
    for event in (
        flow.CardPlaced(WATCH), flow.NotKnown(), *TYPED, flow.FormsTold(FORMS), flow.Digit(1), *digits("9281")
    ):  # fmt: skip
        taken = step(taken.state, event)
        said += re.sub("0x[0-9a-f]+|[0-9.]+\\)", "", repr(taken))
    assert not re.search("5502|1980|昭和|928", said.replace(repr(flow.READ_SECONDS), ""))


def test_another_household_is_still_received():
    """A code held up meanwhile is received, as at the PIN."""
    assert effect(step(at_code().state, CODE), flow.Receive).arrival.method is Method.APP
