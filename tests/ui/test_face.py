"""番号が わからない: through the real window, with a played card that answers as cards do."""

import pytest

from card_reader.simulated import InventedPerson, SimulatedCard
from card_reader.teaching import LESSONS
from kiosk import flow
from kiosk.core.household import Method
from kiosk.flow import FaceAsk
from real_desk import RealDesk


@pytest.fixture
def desk(qtbot, tmp_path):  # noqa: ARG001 - Qt must be up
    opened = RealDesk(tmp_path / "kiosk")
    yield opened
    opened.leave()


def asked(desk, what):
    desk.until(lambda: getattr(desk.state, "asks", None) is what)


def received_by_card(desk):
    done = desk.wait(flow.Done)
    assert done.row.method is Method.CARD
    return done.row


def test_who_does_not_know_the_pin_is_received_with_what_is_printed(desk):
    """One touch from the PIN: birth date, form, code; the PIN's tries are as they were."""
    card = SimulatedCard(pin="8305")
    desk.lay(card)
    desk.wait(flow.Pin)
    desk.touch(desk.screen.unknown)
    asked(desk, FaceAsk.BIRTH)
    before = desk.pressed
    desk.write("s550217")
    asked(desk, FaceAsk.FORM)
    assert "昭和55年2月17日" in desk.said()
    assert "1980年2月17日" in desk.said()
    desk.touch(desk.screen.forms[0])
    asked(desk, FaceAsk.CODE)
    desk.write("2285")
    assert received_by_card(desk).household.members[0].name == "熊本　花子"
    assert desk.pressed - before == 12
    assert (card.pin.tries, card.secrets_sent, card.violations) == (3, 1, [])


def test_by_touch_alone(desk):
    """Eras, digits, the form and the code are all there to be touched."""
    desk.lay(SimulatedCard())
    desk.wait(flow.Pin)
    desk.touch(desk.screen.unknown)
    asked(desk, FaceAsk.BIRTH)
    desk.touch(desk.screen.eras["S"])
    for digit in (5, 5, 0, 2, 1, 7):
        desk.touch(desk.screen.pad.keys[digit])
    asked(desk, FaceAsk.FORM)
    desk.touch(desk.screen.forms[0])
    for digit in (2, 2, 8, 5):
        desk.touch(desk.screen.pad.keys[digit])
    assert received_by_card(desk)


def test_a_foreign_residents_card_has_the_western_year(desk):
    """Whoever points at the western date is received at the first try."""
    card = LESSONS["foreign_resident"](InventedPerson(), lambda _seconds: None)
    desk.lay(card)
    desk.wait(flow.Pin)
    desk.write("b")
    desk.write("19800217")
    asked(desk, FaceAsk.FORM)
    desk.write("2", "2285")
    assert received_by_card(desk)
    assert card.code_b.tries == 10


def test_a_wrong_code_is_said_as_clearly_as_a_wrong_pin(desk):
    """What is wrong, where to look, how often it may be tried: and the boxes are empty and red."""
    card = SimulatedCard()
    desk.lay(card)
    desk.wait(flow.Pin)
    desk.write("b", "s550217")
    asked(desk, FaceAsk.FORM)
    desk.write("1", "9999")
    desk.until(lambda: getattr(desk.state, "wrong", False))
    assert "カードの 番号と ちがいます" in desk.said()
    assert "あと 8回" in desk.said()
    desk.write("2285")
    assert received_by_card(desk)
    assert card.code_b.tries == 10


def test_the_desk_never_locks_the_printed_code(desk):
    """Wrong again and again, the last try stays on the card, the PIN is untouched, and a name is enough."""
    card = SimulatedCard(code_b_tries=3)
    desk.lay(card)
    desk.wait(flow.Pin)
    desk.write("b", "s550217")
    asked(desk, FaceAsk.FORM)
    desk.write("1", "0000")
    desk.until(lambda: getattr(desk.state, "wrong", False))
    assert "あと 1回" in desk.said()
    desk.write("0000")
    assert desk.wait(flow.Notice).code == "face_last_try"
    assert (card.code_b.tries, card.pin.tries) == (1, 3)
    assert "ここまでに します" in desk.said()
    desk.write("F1")
    desk.wait(flow.AskName)


@pytest.mark.parametrize("lesson", ["no_pin", "blocked", "last_try"])
def test_a_card_its_pin_does_not_open_is_opened_by_what_is_printed(desk, lesson):
    """The notice itself leads there, and no PIN is asked for."""
    card = LESSONS[lesson](InventedPerson(), lambda _seconds: None)
    desk.lay(card)
    notice = desk.wait(flow.Notice)
    assert notice.offers_face
    desk.touch(desk.screen.face)
    asked(desk, FaceAsk.BIRTH)
    desk.write("s550217")
    asked(desk, FaceAsk.FORM)
    desk.write("1", "2285")
    assert received_by_card(desk)


def test_a_card_that_hides_its_expiry_is_asked_for_the_year(desk):
    """Not guessed: the holder reads it, and the card opens."""
    desk.lay(SimulatedCard(has_common=False))
    desk.wait(flow.Pin)
    desk.write("b", "s550217")
    asked(desk, FaceAsk.FORM)
    desk.write("1", "2285")
    asked(desk, FaceAsk.YEAR)
    assert "「まで有効」" in desk.said()
    desk.write("2035", "2285")
    assert received_by_card(desk)


@pytest.mark.parametrize("typed", ["r980101", "s550230"])
def test_a_date_nobody_was_born_on_costs_no_try(desk, typed):
    """A day that has not come, or never was: said at once, nothing is sent."""
    card = SimulatedCard()
    desk.lay(card)
    desk.wait(flow.Pin)
    desk.write("b", typed)
    desk.until(lambda: getattr(desk.state, "wrong", False))
    assert "その日は ありません" in desk.said()
    assert (card.secrets_sent, card.code_b.tries) == (0, 10)


def test_nothing_read_from_the_card_stays_in_a_widget(desk):
    """When the screen is left, no widget holds the date."""
    desk.lay(SimulatedCard())
    desk.wait(flow.Pin)
    desk.write("b", "s550217")
    asked(desk, FaceAsk.FORM)
    screen = desk.screen
    desk.lift()
    desk.wait(flow.Notice)
    assert not any("55" in form.text() for form in screen.forms)
    assert "55" not in screen.date.text()
