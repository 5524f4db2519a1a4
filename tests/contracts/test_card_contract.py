"""What every card reader promises the desk, whatever card is laid on it: simulated, and through real PC/SC.

The second half needs pcscd and the virtual reader of vsmartcard (Debian: pcscd, vsmartcard-vpcd). What
holds for real cards too is in test_any_card.py; what only a real service can do in test_card_service.py.
"""

import time

import pytest

from card_benches import HANAKO
from card_reader.conversation import Limits
from card_reader.errors import CardError
from card_reader.felica import read_idm
from card_reader.printed_birth import printed_as
from card_reader.reader import CardDesk
from card_reader.secret import CodeB, Pin
from card_reader.simulated import InventedPerson, SimulatedCard, encode_basic_four
from card_reader.simulated_lengths import HABITS
from card_reader.simulated_others import IDM, OTHERS, FelicaCard


def refusal(desk, secret):
    with pytest.raises(CardError) as caught:
        desk.read(secret)
    return caught.value.code, caught.value.tries_left


def test_a_card_is_read_in_four_commands(bench, lay):
    """Name, address, birth and sex, exactly as written, with what it took."""
    card = lay()
    reading = bench.desk.read(Pin("1234"))
    assert (reading.person, reading.secret, reading.tries_left, reading.apdus) == (HANAKO, "pin", 3, 4)
    assert reading.milliseconds > 0
    assert (len(card.trace), card.secrets_sent) == (4, 1)


@pytest.mark.parametrize(("size", "apdus"), [(256, 4), (257, 5), (342, 5), (393, 5), (600, 6)])
def test_a_long_address_costs_one_command_for_each_256_bytes(bench, lay, size, apdus):
    """Records of any length come whole."""
    holder = InventedPerson(address="熊" * 60)
    spare = size - len(encode_basic_four(holder, lengths="82"))
    holder = InventedPerson(address="熊" * 60 + "x" * spare)
    lay(ef_0002=encode_basic_four(holder, lengths="82"))
    reading = bench.desk.read(Pin("1234"))
    assert (reading.person.address, reading.apdus) == (holder.address, apdus)


def test_a_card_without_short_identifiers_is_read_the_classic_way(bench, lay):
    """Three commands more, the same person."""
    lay(supports_short_ids=False)
    reading = bench.desk.read(Pin("1234"))
    assert (reading.person, reading.apdus) == (HANAKO, 7)


def test_code_b_opens_the_card(bench, lay):
    """With the expiry year read from the card, or given."""
    lay(code_b_tries=9)
    reading = bench.desk.read(CodeB(printed_as("1980-02-17", "era").digits, "2285"))
    assert (reading.person, reading.secret, reading.tries_left, reading.apdus) == (HANAKO, "code_b", 9, 6)
    assert bench.desk.read(CodeB.from_digits("55021720352285")).apdus == 4
    assert bench.desk.tries_left("code_b") == 10


def test_a_foreign_residents_code_b_has_the_western_year(bench, lay):
    """As printed on the card."""
    lay(InventedPerson(name="SMITH JOHN"), birth_printed="800217")
    code = CodeB(printed_as("1980-02-17", "western").digits, "2285")
    assert bench.desk.read(code).person.name == "SMITH JOHN"


def test_the_wrong_form_of_a_birth_date_costs_one_try_and_is_not_corrected(bench, lay):
    """One confirmation, one VERIFY: the other form is the person's to choose, not the desk's to try."""
    card = lay()
    assert refusal(bench.desk, CodeB(printed_as("1980-02-17", "western").digits, "2285")) == (
        "wrong_secret",
        9,
    )
    assert card.secrets_sent == 1
    assert bench.desk.read(CodeB(printed_as("1980-02-17", "era").digits, "2285")).tries_left == 9


def test_a_card_without_a_readable_expiry_asks_for_it(bench, lay):
    """Nothing is sent with a guessed year; given with the code, it opens the card."""
    card = lay(has_common=False)
    assert refusal(bench.desk, CodeB("550217", "2285")) == ("malformed", None)
    assert card.secrets_sent == 0
    assert bench.desk.read(CodeB.from_digits("55021720352285")).person == HANAKO


@pytest.mark.parametrize("pin", ["0000", "0012"])
def test_a_pin_may_begin_with_zeros(bench, lay, pin):
    """Digits are digits, never a number."""
    lay(pin=pin)
    assert bench.desk.read(Pin(pin)).person == HANAKO


def test_rare_characters_come_as_written(bench, lay):
    """Variation selectors and supplementary ideographs survive the way."""
    lay(InventedPerson(name="葛\U000e0100城　𠮷子"))
    assert bench.desk.read(Pin("1234")).person.name == "葛\U000e0100城　𠮷子"


def test_filler_and_long_lengths_are_no_obstacle(bench, lay):
    """A record between filler, with lengths longer than need be, is the same record."""
    holder = InventedPerson()
    lay(ef_0002=encode_basic_four(holder, lengths="82", before=b"\0\0", after=b"\xff" * 300))
    assert bench.desk.read(Pin("1234")).person == HANAKO


def test_a_card_that_stumbles_at_first_is_asked_again(bench, lay):
    """6F00 to the first command after power-up costs one command, not the visit."""
    lay(first_fails=True)
    assert bench.desk.read(Pin("1234")).apdus == 5


def test_a_wrong_pin_costs_one_try_and_says_so(bench, lay):
    """Once, even when the desk is asked to send the same secret again."""
    card = lay()
    wrong = Pin("4321")
    assert refusal(bench.desk, wrong) == ("wrong_secret", 2)
    assert refusal(bench.desk, wrong) == ("bad_secret_format", None)
    assert (card.secrets_sent, bench.desk.tries_left()) == (1, 2)


@pytest.mark.parametrize(
    ("card", "refused"),
    [
        ({"pin_tries": 1}, ("last_try_refused", 1)),
        ({"pin_tries": 0}, ("blocked", 0)),
        ({"pin": None}, ("no_pin_set", None)),
        ({"pin": None, "supports_short_ids": False}, ("no_pin_set", None)),
    ],
)
def test_the_secret_is_not_sent_where_it_could_harm_or_not_help(bench, lay, card, refused):
    """The counter is asked first; the right PIN stays home, unspent."""
    laid = lay(**card)
    pin = Pin("1234")
    assert refusal(bench.desk, pin) == refused
    assert laid.secrets_sent == 0
    assert not pin.spent


@pytest.mark.parametrize(
    "record", [b"", b"\xff" * 256, b"\xff\x20\x10\xdf\x22", b"\xff\x20\x84\xff\xff\xff\xff"]
)
def test_a_record_that_makes_no_sense_is_malformed(bench, lay, record):
    """Nothing is guessed from a broken record."""
    lay(ef_0002=record)
    assert refusal(bench.desk, Pin("1234")) == ("malformed", None)


@pytest.mark.parametrize(
    ("faults", "pin", "sent", "tries"),
    [("b", "1234", 0, 3), ("..b", "4321", 0, 3), ("..a", "4321", 1, 2), ("...a", "1234", 1, 3)],
)
def test_a_card_torn_away_is_not_sent_the_secret_again(bench, lay, faults, pin, sent, tries):
    """Before or after it acted: card_removed, nothing handed on, and the counter can be asked afresh."""
    card = lay(faults=faults)
    assert refusal(bench.desk, Pin(pin)) == ("card_removed", None)
    assert card.secrets_sent == sent
    bench.lift()
    bench.put(card)
    assert bench.desk.tries_left() == tries


def test_a_card_that_lost_power_for_a_moment_gives_nothing(bench, lay):
    """Forgetting between VERIFY and READ is a removal: nothing is read from an unverified card."""
    card = lay(faults="...m")
    assert refusal(bench.desk, Pin("1234")) == ("card_removed", None)
    assert card.secrets_sent == 1


@pytest.mark.parametrize("lengths", HABITS)
@pytest.mark.parametrize("short_ids", [True, False])
@pytest.mark.parametrize("size", [230, 256, 342, 600])
def test_whatever_a_card_thinks_of_lengths_it_is_read(bench, lay, lengths, short_ids, size):
    """Short and extended Le, 61xx, 6Cxx, 6282, 6700, small pieces and generous ones: the same person."""
    address = "熊" * ((size - 60) // 3)
    lay(
        InventedPerson(address=address),
        lengths=lengths,
        supports_short_ids=short_ids,
    )
    assert bench.desk.read(Pin("1234")).person.address == address


@pytest.mark.parametrize("seen", OTHERS)
def test_another_card_is_called_by_its_name(bench, seen):
    """And gets no secret."""
    bench.put(OTHERS[seen]())
    with pytest.raises(CardError) as caught:
        bench.desk.read(Pin("1234"))
    assert (caught.value.code, caught.value.seen) == ("not_my_number_card", seen)


def test_the_idm_of_a_felica_card_can_be_read(bench):
    """Through the reader's own answer, where its ATR says FeliCa."""
    bench.put(FelicaCard())
    with bench.port.open(bench.desk.wait_for_card(1), 5) as channel:
        assert read_idm(channel, clock=time.monotonic) == IDM


@pytest.mark.parametrize(("at", "sent"), [(0, 0), (1, 0), (2, 1), (3, 1)])
def test_a_card_that_never_answers_is_given_up(bench, lay, at, sent):
    """At any command: timeout, at most one VERIFY, and the desk goes on with the next card."""
    card = lay(faults="." * at + "h")
    desk = CardDesk(bench.port, reader=bench.desk.wait_for_card(1), limits=Limits(0.2, 2))
    assert refusal(desk, Pin("1234")) == ("timeout", None)
    assert card.secrets_sent == sent
    bench.lift()
    bench.put(SimulatedCard())
    assert bench.desk.read(Pin("1234")).person == HANAKO


def test_an_empty_reader_is_waited_for_and_then_said_to_be_empty(bench):
    """no_card after the time given, not before."""
    bench.lift()
    assert len(bench.desk.readers()) == 1
    started = time.monotonic()
    with pytest.raises(CardError) as caught:
        bench.desk.wait_for_card(0.2)
    assert caught.value.code == "no_card"
    assert time.monotonic() - started >= 0.2
    assert refusal(bench.desk, Pin("1234")) == ("no_card", None)
