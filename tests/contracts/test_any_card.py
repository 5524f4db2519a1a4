"""What holds for every ordinary My Number card: simulated, under the real card service, and a real one.

With `--hardware` a person lays their own card on a real reader; docs/manual/card-reader.md tells how. No
test here can cost a try: a wrong secret is never sent, and the PIN only to a card with all three left.
"""

import logging

import pytest

from card_reader import apdu
from card_reader.errors import CardError
from card_reader.secret import Pin


def test_the_four_items_are_read(any_bench):
    """In four commands, in seven at most, and well within the time a person is kept waiting."""
    reading = any_bench.desk.read(any_bench.pin())
    flags = " ".join(reading.person.flags) or "none"
    any_bench.tell(f"{reading.apdus} APDUs, {reading.milliseconds:.0f} ms, flags: {flags}")
    assert any_bench.is_holder(reading.person)
    assert 4 <= reading.apdus <= 9
    assert (reading.secret, reading.tries_left) == ("pin", 3)


def test_asking_for_tries_costs_none(any_bench):
    """However often the counter is asked, it stays where it is."""
    assert len({any_bench.desk.tries_left() for _ in range(5)}) == 1
    assert any_bench.desk.tries_left("code_b") > 0


def test_a_malformed_secret_never_reaches_the_card(any_bench):
    """What is not four digits is refused before the card hears of it."""
    before = any_bench.desk.tries_left()
    for digits in ("123", "12345", "１２３４"):
        with pytest.raises(CardError):
            any_bench.desk.read(Pin(digits))
    assert any_bench.desk.tries_left() == before


def test_a_secret_is_good_for_one_reading(any_bench):
    """The same secret a second time is refused here, not by the card."""
    pin = any_bench.pin()
    any_bench.desk.read(pin)
    with pytest.raises(CardError) as caught:
        any_bench.desk.read(pin)
    assert caught.value.code == "bad_secret_format"


def test_a_verified_card_forgets_when_the_desk_is_done(any_bench):
    """The next program on this reader finds a card that was never verified."""
    any_bench.desk.read(any_bench.pin())
    with any_bench.port.open(any_bench.desk.wait_for_card(1), 10) as channel:
        assert channel.transmit(apdu.select_application(apdu.Application.TEXT), 5)[-2:] == b"\x90\x00"
        answer = channel.transmit(apdu.read_short(apdu.TextFile.BASIC_FOUR, 256), 5)
    # One assertion without the answer in it: should it ever be wrong, it holds a person.
    assert len(answer) == 2
    assert answer != b"\x90\x00"


def test_nothing_a_card_said_is_logged(any_bench, caplog):
    """At any level, no log line holds a digit of the secret or a character of the person."""
    caplog.set_level(logging.DEBUG)
    pin = any_bench.pin()
    digits = bytes(pin._digits[0]).decode()
    person = any_bench.desk.read(pin).person
    for word in (digits, person.name, person.address, person.birth_date[:4]):
        assert word not in caplog.text, "something personal was logged"


def test_ten_readings_in_a_row_are_alike(any_bench):
    """A card that lies on the reader can be read again and again, each time from its power-up."""
    readings = [any_bench.desk.read(any_bench.pin()) for _ in range(10)]
    assert len(set(readings)) == 1


def test_a_lifted_card_is_missed(any_bench):
    """An empty reader is no_card, and a card laid again is read again."""
    any_bench.lift()
    with pytest.raises(CardError) as caught:
        any_bench.desk.tries_left()
    assert caught.value.code == "no_card"
