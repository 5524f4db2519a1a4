"""Other cards are called by their names, and never asked for more than their name."""

import pytest

from card_reader import apdu
from card_reader.apdu import OtherApplication
from card_reader.errors import SEEN, CardError
from card_reader.felica import read_idm
from card_reader.other_cards import OTHER_CARDS
from card_reader.reader import CardDesk
from card_reader.secret import CodeB, Pin
from card_reader.simulated import HandClock, SimulatedCard, SimulatedReader
from card_reader.simulated_others import IDM, OTHERS, FelicaCard, OtherCard


def lay(card):
    reader = SimulatedReader()
    reader.insert(card)
    return CardDesk(reader), reader


def refused(desk, secret=None):
    with pytest.raises(CardError) as caught:
        desk.read(secret or Pin("1234"))
    return caught.value


@pytest.mark.parametrize("seen", OTHERS)
@pytest.mark.parametrize("secret", [Pin, CodeB])
def test_a_card_is_called_by_its_name(seen, secret):
    """Licence, residence card, passport, FeliCa, or honestly unknown: by PIN and by code B alike."""
    card = OTHERS[seen]()
    digits = Pin("1234") if secret is Pin else CodeB("550217", "2285")
    error = refused(lay(card)[0], digits)
    assert (error.code, error.seen, error.tries_left) == ("not_my_number_card", seen, None)
    assert error.notice == (seen or "not_my_number_card")
    assert not digits.spent
    assert {said.command[1] for said in card.trace} == {0xA4}


def test_every_name_has_a_played_card():
    """Whoever adds a card that can be recognised adds one to try it with."""
    assert set(SEEN) == set(OTHERS)
    assert {card.seen for card in OTHER_CARDS} <= set(SEEN)
    assert [a for card in OTHER_CARDS for a in card.applications] == list(OtherApplication)


@pytest.mark.parametrize("application", OtherApplication, ids=lambda one: one.name)
def test_a_card_of_two_kinds_is_a_my_number_card(application):
    """A マイナ免許証 or 特定在留カード is read like any other, in four commands."""
    card = SimulatedCard(also=(application.value,))
    assert lay(card)[0].read(Pin("1234")).apdus == 4


@pytest.mark.parametrize("application", OtherApplication, ids=lambda one: one.name)
def test_one_application_is_enough_to_know_a_card(application):
    """Cards of all generations are named, whichever of their applications answers."""
    assert refused(lay(OtherCard(application.value))[0]).seen != ""


@pytest.mark.parametrize("status", [0x6A82, 0x6A81, 0x6D00, 0x6E00, 0x6700, 0x6300, 0x6985, 0x6999])
def test_whatever_refuses_everything_is_just_another_card(status):
    """No status word to SELECT brings anything but "not a My Number card"."""
    error = refused(lay(OtherCard(strange=status))[0])
    assert (error.code, error.seen) == ("not_my_number_card", "")


@pytest.mark.parametrize("at", range(8))
def test_a_card_that_goes_while_it_is_recognised_was_removed(at):
    """A tear is a tear, also in the middle of finding a name."""
    assert refused(lay(OtherCard(faults="." * at + "b"))[0]).code == "card_removed"


def test_the_number_of_a_felica_card_is_the_readers_to_tell():
    """Eight bytes, for a FeliCa card; no other card is sent the question."""
    clock = HandClock()
    for card in (FelicaCard(), OtherCard(), SimulatedCard()):
        reader = lay(card)[1]
        with reader.open(reader.name, 10) as channel:
            if isinstance(card, FelicaCard):
                assert read_idm(channel, clock=clock) == IDM
                continue
            with pytest.raises(CardError) as caught:
                read_idm(channel, clock=clock)
            assert caught.value.code == "not_my_number_card"
            assert card.trace == []


@pytest.mark.parametrize("faults", ["w", "k"])
def test_an_answer_that_is_no_idm_is_malformed(faults):
    """Nothing is made of a wrong length or a refusal."""
    reader = lay(FelicaCard(faults=faults))[1]
    with reader.open(reader.name, 10) as channel, pytest.raises(CardError) as caught:
        read_idm(channel, clock=HandClock())
    assert caught.value.code == "malformed"


def test_the_question_for_an_idm_never_reaches_a_card_of_ours():
    """Not even by mistake: the list refuses it for every other ATR."""
    assert not apdu.is_allowed(apdu.GET_IDM, SimulatedCard().atr)
