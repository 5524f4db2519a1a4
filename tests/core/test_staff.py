"""Names, passphrases and PINs of staff, and what the log says of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core import staff
from kiosk.core.access import Role
from kiosk.core.staff import Change, SecretKind, StaffEvent
from kiosk.errors import KnownError, Malformed


@pytest.mark.parametrize(
    "secret", ["ながい あいことば", "correct horse battery", "ab3-dfgh", "１２３４ abcd"]
)
@pytest.mark.parametrize("role", Role)
def test_a_passphrase_fits_every_role(secret, role):
    """Words are good for everybody."""
    assert staff.judge(secret, role) is SecretKind.PASSPHRASE


@pytest.mark.parametrize("secret", ["short", "aaaaaaaaaa", "ababababab", "", "山田　花子さんです", "x" * 300])
def test_a_weak_passphrase_is_refused(secret):
    """Too short, too plain, one's own name, or absurd."""
    with pytest.raises(KnownError, match="weak_passphrase"):
        staff.judge(secret, Role.SUPERVISOR, "山田　花子さんです")


def test_the_name_is_compared_as_it_is_typed():
    """The space between family and given name does not make one's own name a passphrase."""
    with pytest.raises(KnownError, match="weak_passphrase"):
        staff.judge("Yamada Hanako", Role.SUPERVISOR, "Yamada　Hanako")


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.HEALTH, Role.AUDITOR])
def test_digits_are_not_enough_for_who_sees_much(role):
    """A PIN is for reception only, however long it is."""
    with pytest.raises(KnownError, match="passphrase_needed"):
        staff.judge("8" * 5 + "27461935520", role)


@pytest.mark.parametrize("pin", ["482915", "４８２９１５", "90817263"])
@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.VOLUNTEER])
def test_reception_may_have_a_pin(pin, role):
    """Six digits or more, in whatever width they are typed."""
    assert staff.judge(pin, role) is SecretKind.PIN


@pytest.mark.parametrize("pin", ["48291", "111111", "123456", "987654321", "789012", "121212"])
def test_a_plain_pin_is_refused(pin):
    """Too short, all the same, or one after the other."""
    with pytest.raises(KnownError, match="weak_pin"):
        staff.judge(pin, Role.RECEPTIONIST)


def test_only_a_long_passphrase_stands_alone():
    """15 characters open the store on any laptop; less needs this one's own secret, and so does any PIN."""
    assert staff.stands_alone("fifteen letters", SecretKind.PASSPHRASE)
    assert not staff.stands_alone("fourteen lette", SecretKind.PASSPHRASE)
    assert not staff.stands_alone("482915482915482915", SecretKind.PIN)


def test_a_secret_is_the_same_however_the_keyboard_writes_it():
    """Full-width digits and joined marks are the same secret."""
    assert staff.written("４８２９１５") == staff.written("482915")
    assert staff.written("か\u3099") == staff.written("が")


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a\nb", "a\x00b", "a\u202eb"])
def test_a_name_is_one_line_of_text(name):
    """No empty, endless or hidden names on the lock screen."""
    with pytest.raises(KnownError, match="bad_staff_name"):
        staff.judge_name(name)


@given(st.sampled_from(Change), st.binary(min_size=8, max_size=8), st.text(max_size=40), st.text(max_size=40))
def test_what_the_log_says_of_an_account_can_be_read_again(change, account, name, by):
    """Every staff event round-trips."""
    event = StaffEvent(change, account, name, "supervisor", by)
    assert StaffEvent.from_bytes(event.to_bytes()) == event


@given(st.binary(max_size=80))
def test_anything_else_is_refused_as_malformed(data):
    """Bytes that are no staff event raise the one documented error."""
    with pytest.raises(Malformed):
        StaffEvent.from_bytes(data)
