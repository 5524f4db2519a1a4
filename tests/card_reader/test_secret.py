"""Secrets are checked before they travel, travel once, and leave no digits behind."""

import copy
import pickle

import pytest

from card_reader.errors import CardError
from card_reader.printed_birth import printed_as
from card_reader.secret import CodeB, Pin


@pytest.mark.parametrize(
    "digits", ["", "123", "12345", "12a4", "１２３４", "12 4", "-123", "१२३४", b"12\xff4"]
)
def test_a_pin_is_four_ascii_digits(digits):
    """Anything else is refused before a card could count it as a wrong try."""
    with pytest.raises(CardError) as caught:
        Pin(digits)
    assert caught.value.code == "bad_secret_format"
    assert caught.value.__context__ is None


@pytest.mark.parametrize("digits", ["0012", b"0012", bytearray(b"0012")])
def test_leading_zeros_survive(digits):
    """A PIN is text, not a number."""
    assert Pin(digits).spend() == b"0012"


def test_a_secret_is_spent_once():
    """The second taking finds nothing, and says that it must be entered again."""
    pin = Pin("1234")
    assert not pin.spent
    pin.spend()
    assert pin.spent
    with pytest.raises(CardError) as caught:
        pin.spend()
    assert caught.value.code == "bad_secret_format"


def test_a_bytearray_handed_in_is_wiped():
    """The caller's own copy is overwritten, whether the digits were good or not."""
    good, bad = bytearray(b"1234"), bytearray(b"12345")
    Pin(good)
    with pytest.raises(CardError):
        Pin(bad)
    assert not any(good + bad)


def test_forgetting_wipes_what_was_held():
    """A secret that leaves its context unspent is zeros."""
    with Pin("1234") as pin:
        held = pin._digits[0]
    assert pin.spent
    assert held == bytes(4)
    pin.forget()


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_secret_cannot_be_copied(duplicate):
    """A copy would be a second try."""
    with pytest.raises(TypeError):
        duplicate(Pin("1234"))


def test_a_secret_shows_no_digits():
    """Neither repr nor str tells more than whether it was spent."""
    pin = Pin("1234")
    assert (repr(pin), str(pin)) == ("<Pin, not spent>", "<Pin, not spent>")
    pin.spend()
    assert repr(pin) == "<Pin, spent>"


def test_code_b_is_built_from_the_face_of_the_card():
    """Birth as printed, expiry year, security code: the example that was confirmed on a card."""
    expected = b"55021720352285"
    assert CodeB("550217", "2285", expiry_year="2035").spend() == expected
    assert CodeB.from_digits("55021720352285").spend() == expected
    assert CodeB(printed_as("1980-02-17", "era").digits, "2285", expiry_year="2035").spend() == expected
    late = CodeB("550217", "2285")
    assert late.needs_expiry
    late.fill_expiry(b"2035")
    assert late.spend() == expected
    with pytest.raises(CardError):
        late.fill_expiry(b"2035")


@pytest.mark.parametrize(
    ("birth", "code", "expiry"),
    [
        ("55021", "2285", "2035"),
        ("550217", "22851", "2035"),
        ("550217", "2285", "35"),
        ("5502１7", "2285", None),
    ],
)
def test_code_b_of_other_lengths_is_refused(birth, code, expiry):
    """Six, four and four digits, or nothing is sent; parts handed in as bytearrays are wiped."""
    held = bytearray(birth.encode())
    with pytest.raises(CardError) as caught:
        CodeB(held, code, expiry_year=expiry)
    assert caught.value.code == "bad_secret_format"
    assert not any(held)
