"""What people practise with behaves as what they will meet."""

import pytest

from card_reader import teaching
from card_reader.errors import CardError
from card_reader.printed_birth import printed_as
from card_reader.reader import CardDesk
from card_reader.secret import CodeB, Pin
from card_reader.simulated import HandClock, InventedPerson, SimulatedReader

MET = {
    "ordinary": "",
    "forgotten_pin": "wrong_secret",
    "pulled_away": "card_removed",
    "last_try": "last_try_refused",
    "blocked": "blocked",
    "no_pin": "no_pin_set",
    "foreign_resident": "",
    "slow": "",
    "never_answers": "timeout",
    "driving_licence": "driving_licence",
    "residence_card": "residence_card",
    "felica": "felica",
    "unknown_card": "not_my_number_card",
}


def outcome(desk, secret):
    """As a desk does it: the tries are asked when the card comes, and it is read when the PIN was typed."""
    try:
        desk.tries_left(secret.kind)
        desk.read(secret)
    except CardError as error:
        return error.notice
    return ""


@pytest.fixture
def lay():
    def lay(lesson, holder=None):
        clock, reader = HandClock(), SimulatedReader()
        reader.insert(teaching.bring(lesson, holder, pause=clock.advance))
        return CardDesk(reader, clock=clock, pause=clock.advance), reader

    return lay


@pytest.mark.parametrize("lesson", teaching.LESSONS)
def test_a_lesson_teaches_what_it_is_called(lay, lesson):
    """With the PIN of the practice, each card does what its name says."""
    assert outcome(lay(lesson)[0], Pin(teaching.PIN)) == MET[lesson]


def test_a_card_that_was_pulled_away_is_read_when_laid_again(lay):
    """People see that nothing was lost."""
    desk, reader = lay("pulled_away")
    assert outcome(desk, Pin(teaching.PIN)) == "card_removed"
    reader.lay_again()
    assert outcome(desk, Pin(teaching.PIN)) == ""


@pytest.mark.parametrize(("lesson", "form"), [("forgotten_pin", "era"), ("foreign_resident", "western")])
def test_what_is_printed_on_the_card_opens_it(lay, lesson, form):
    """照合番号B is the way for whoever forgot, in the form their card is printed in."""
    holder = InventedPerson(birth_date="20010900")
    desk, _ = lay(lesson, holder)
    wrong = "western" if form == "era" else "era"
    for chosen, then in ((wrong, "wrong_secret"), (form, "")):
        birth = printed_as("2001-09-00", chosen).digits
        assert outcome(desk, CodeB(birth, teaching.SECURITY_CODE)) == then
