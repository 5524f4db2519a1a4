"""The simulated card is as strict as a real one, and tells on whoever reaches for the My Number."""

import pytest

from card_reader.conversation import Limits
from card_reader.errors import CardError
from card_reader.reader import CardDesk
from card_reader.secret import Pin
from card_reader.simulated import HandClock, SimulatedCard, SimulatedReader
from card_reader.simulated_others import OTHERS, OtherCard

TEXT = "00A4040C0AD3921000310001010408"
COMMON = "00A4040C0AD3921000310001010100"
VERIFY = "002000910431323334"


def talk(card, *commands):
    return [card.transmit(bytes.fromhex(command)).hex().upper()[-4:] for command in commands]


@pytest.mark.parametrize(
    ("commands", "last"),
    [
        (["00B0820000"], "6A82"),  # no application selected
        ([TEXT, "00B0000000"], "6986"),  # no current file
        ([TEXT, "00B0820000"], "6982"),  # not verified
        ([TEXT, VERIFY, "00B0820000"], "9000"),
        ([TEXT, VERIFY, TEXT, "00B0820000"], "6982"),  # selecting again forgets
        ([TEXT, VERIFY, "00B0910000"], "6981"),  # a key is not readable
        ([TEXT, "0020008204" + "31" * 4], "6981"),  # a file is not a key
        ([TEXT, VERIFY, "00A4020C020002", "00B07F0000"], "6B00"),
        ([TEXT, "00200080"], "6986"),
        ([TEXT, "00200191"], "6A86"),
        ([TEXT, "0020009103313233"], "63C2"),  # of the wrong length is wrong
        ([TEXT, "00200091053132"], "6700"),
        ([TEXT, "00B082"], "6700"),
        ([TEXT, "00B08200"], "6700"),
        ([TEXT, "00B2010C00"], "6A82"),
        ([COMMON, "00B2010C00"], "9000"),
        ([COMMON, "00B2020C00"], "6A83"),
        ([COMMON, "00B2010400"], "6A86"),
        ([COMMON, "00B0820000"], "6A82"),
        ([TEXT, "00A4020C02"], "6700"),
        ([TEXT, "00A4020C020003"], "6A82"),
        ([TEXT, "00A40000023F00"], "6A86"),
        (["80A40000"], "6E00"),
        (["00D60000"], "6D00"),
        (["00"], "6700"),
    ],
)
@pytest.mark.usefixtures("trespass")
def test_conditions_are_those_of_a_real_card(commands, last):
    """Order, access conditions and lengths are enforced by status words."""
    assert talk(SimulatedCard(), *commands)[-1] == last


def test_counters_fall_to_zero_and_stay_there():
    """63C0 on the try that exhausts the counter, 6984 ever after, even for the right PIN."""
    wrong = VERIFY[:-1] + "5"
    card = SimulatedCard()
    assert talk(card, TEXT, wrong, wrong, wrong, wrong, VERIFY) == [
        "9000",
        "63C2",
        "63C1",
        "63C0",
        "6984",
        "6984",
    ]
    card.power_on()
    assert talk(card, TEXT, "00200091") == ["9000", "63C0"]


def test_the_right_pin_fills_the_counter():
    """Success gives all tries back."""
    assert talk(SimulatedCard(pin_tries=2), TEXT, VERIFY, "00200091")[1:] == ["9000", "63C3"]


@pytest.mark.parametrize(
    "reach",
    [
        "00A4020C020001",
        "00B0810000",
        "00A4020C020014",
        "00200094",
        "00200094 0C 303030303030303030303030",
        "00A4040C0AD3921000310001010402",
    ],
)
@pytest.mark.usefixtures("trespass")
def test_reaching_for_the_my_number_is_remembered(reach):
    """EF 0001, code A or the application with its picture, in any way: recorded as a violation."""
    card = SimulatedCard()
    talk(card, TEXT, VERIFY, reach)
    assert [found[:4] for found in card.violations] == [bytes.fromhex(reach)[:4]]


def test_the_trace_holds_no_digits():
    """A PIN given to a simulated card can be found neither in its trace nor in its violations."""
    card = SimulatedCard()
    talk(card, TEXT, VERIFY)
    assert card.trace[1].command == bytes.fromhex("0020009104") + b"****"
    assert card.secrets_sent == 1


def test_a_reader_is_held_by_one_caller():
    """A second opening while one lasts is refused, and possible afterwards."""
    reader = SimulatedReader()
    reader.insert(SimulatedCard())
    with reader.open(reader.name, 10), pytest.raises(CardError) as caught, reader.open(reader.name, 10):
        pass
    assert caught.value.code == "reader_lost"
    with reader.open(reader.name, 10) as channel:
        assert channel.transmit(bytes.fromhex(TEXT), 5) == b"\x90\x00"


def test_a_session_ends_with_the_card_it_began_with():
    """A card lifted and laid again is another session, even if it is the same card."""
    reader, card = SimulatedReader(), SimulatedCard()
    reader.insert(card)
    with reader.open(reader.name, 10) as channel:
        reader.remove()
        reader.insert(card)
        with pytest.raises(CardError) as caught:
            channel.transmit(bytes.fromhex(TEXT), 5)
    assert caught.value.code == "card_removed"


def test_a_reader_that_is_unplugged_is_lost():
    """In mid-command it is reader_lost; afterwards there is no reader."""
    reader = SimulatedReader()
    desk = CardDesk(reader)
    reader.insert(SimulatedCard(faults="..x"))
    with pytest.raises(CardError) as caught:
        desk.read(Pin("1234"))
    assert caught.value.code == "reader_lost"
    with pytest.raises(CardError) as caught:
        desk.tries_left()
    assert caught.value.code == "no_reader"
    with pytest.raises(CardError) as caught, reader.open(reader.name, 10):
        pass
    assert caught.value.code == "reader_lost"
    reader.plug()
    assert desk.readers() == (reader.name,)


def test_an_empty_simulated_reader_has_no_card():
    """Opening it says so."""
    reader = SimulatedReader()
    with pytest.raises(CardError) as caught, reader.open(reader.name, 10):
        pass
    assert caught.value.code == "no_card"


def test_a_desk_without_a_card_service_has_no_readers():
    """Asking for the readers is answered with none, not with an error."""

    class Absent:
        def look(self):
            raise CardError("no_reader", "no service")

    assert CardDesk(Absent()).readers() == ()


def test_a_desk_looks_only_at_the_reader_it_was_given():
    """A card on another reader is not ours."""
    clock, reader = HandClock(), SimulatedReader("Reader A")
    reader.insert(SimulatedCard())
    assert CardDesk(reader, reader="Reader").wait_for_card(0) == "Reader A"
    with pytest.raises(CardError) as caught:
        CardDesk(reader, reader="B", clock=clock, pause=clock.advance).wait_for_card(3)
    assert caught.value.code == "no_reader"
    assert clock.now == pytest.approx(3, abs=0.1)


class TwoReaders:
    """A port of two readers, each simulated."""

    def __init__(self):
        self.both = [SimulatedReader("Reader A"), SimulatedReader("Reader B")]

    def look(self):
        return {name: there for reader in self.both for name, there in reader.look().items()}

    def open(self, reader, seconds):
        return next(one for one in self.both if one.name == reader).open(reader, seconds)


def test_of_two_readers_the_one_with_a_my_number_card_is_read():
    """The clerk's own card in a built-in reader does not stand in a visitor's way."""
    port, visitor = TwoReaders(), SimulatedCard()
    port.both[0].insert(OtherCard())
    port.both[1].insert(visitor)
    assert CardDesk(port).read(Pin("1234")).apdus == 4
    port.both[1].insert(OTHERS["driving_licence"]())
    with pytest.raises(CardError) as caught:
        CardDesk(port).read(Pin("1234"))
    assert caught.value.code == "not_my_number_card"


def test_a_secret_is_not_tried_on_one_of_two_cards():
    """Where two My Number cards lie, neither gets the PIN until somebody says which is meant."""
    port, cards = TwoReaders(), [SimulatedCard(), SimulatedCard()]
    for reader, card in zip(port.both, cards, strict=True):
        reader.insert(card)
    desk, pin = CardDesk(port), Pin("1234")
    with pytest.raises(CardError) as caught:
        desk.read(pin)
    assert caught.value.code == "two_cards"
    assert not pin.spent
    assert desk.tries_left(reader="Reader A") == 3
    assert desk.read(pin, reader="Reader B").tries_left == 3
    assert [card.secrets_sent for card in cards] == [0, 1]


def test_a_reader_somebody_else_holds_is_not_the_visitors():
    """Looking for the visitor's card passes over a reader that can not be opened."""
    port = TwoReaders()
    for reader in port.both:
        reader.insert(SimulatedCard())
    with port.open("Reader A", 10):
        assert CardDesk(port).read(Pin("1234")).apdus == 4


def test_a_card_that_never_answers_takes_the_time_it_may_and_no_more():
    """The desk says timeout after the limit of one command, and the session is over."""
    clock, reader = HandClock(), SimulatedReader()
    reader.insert(SimulatedCard(faults="..h", pause=clock.advance))
    desk = CardDesk(reader, clock=clock, pause=clock.advance, limits=Limits(5, 10))
    with pytest.raises(CardError) as caught:
        desk.read(Pin("1234"))
    assert (caught.value.code, clock.now) == ("timeout", 5)
    with reader.open(reader.name, 10) as channel:
        reader._card.befall("h")
        for code in ("timeout", "card_removed"):
            with pytest.raises(CardError) as caught:
                channel.transmit(bytes.fromhex(TEXT), 0.5)
            assert caught.value.code == code


def test_a_card_pulled_away_can_be_laid_again():
    """It is the same card, with what happened to it."""
    reader, card = SimulatedReader(), SimulatedCard(faults="...b")
    reader.lay_again()
    assert not reader.look()[reader.name].card
    reader.insert(card)
    with pytest.raises(CardError):
        CardDesk(reader).read(Pin("1234"))
    assert not reader.look()[reader.name].card
    reader.lay_again()
    assert CardDesk(reader).read(Pin("1234")).apdus == 4
    assert card.secrets_sent == 2
