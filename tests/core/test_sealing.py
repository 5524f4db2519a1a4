"""What is sealed opens only with its key, in its place, and shows nothing of its length."""

from __future__ import annotations

import zlib

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core import sealing
from kiosk.core.sealing import SealingKey, seal, unseal
from kiosk.errors import Malformed

KEY = SealingKey(bytes(range(64)))
OTHER = SealingKey(bytes(64))
associated = st.lists(st.binary(max_size=40), max_size=3)


def code_of(key, sealed, data=()):
    with pytest.raises(Malformed) as caught:
        unseal(key, sealed, data)
    return caught.value.code


def packed(body):
    """Seal bytes that `seal` would not write."""
    return AESSIV(KEY).encrypt(body + bytes(-len(body) % sealing.BLOCK), [])


@given(st.binary(max_size=2000), associated)
def test_what_is_sealed_opens(plain, data):
    """With key and place, the bytes come back."""
    assert unseal(KEY, seal(KEY, plain, data), data) == plain


@given(st.binary(min_size=1, max_size=200))
def test_the_length_says_little(plain):
    """Sealed parts come in steps of 32 bytes, so that a name's length does not show."""
    assert len(seal(KEY, plain, [])) % sealing.BLOCK == 16


def test_short_names_are_as_long_as_long_ones():
    """Two people with names of different lengths have sealed parts of one length."""
    assert len(seal(KEY, "林　一".encode(), [])) == len(seal(KEY, "林　一二三".encode(), []))


def test_nothing_stays_nothing():
    """An event without a personal part has no sealed part."""
    assert seal(KEY, b"", [b"x"]) == b""
    assert unseal(KEY, b"", [b"x"]) == b""


@given(st.binary(min_size=1, max_size=100), associated)
def test_another_place_is_refused(plain, data):
    """A sealed part moved to another event does not open there."""
    sealed = seal(KEY, plain, data)
    assert code_of(KEY, sealed, [*data, b"more"]) == "wrong_seal"
    assert code_of(OTHER, sealed, data) == "wrong_seal"
    if data:
        assert code_of(KEY, sealed, data[1:]) == "wrong_seal"


@given(st.binary(min_size=1, max_size=100), st.data())
def test_an_altered_byte_is_refused(plain, data):
    """One flipped bit anywhere, and nothing opens."""
    sealed = bytearray(seal(KEY, plain, []))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8
    assert code_of(KEY, bytes(sealed)) == "wrong_seal"


@given(st.binary(max_size=100))
def test_any_bytes_are_refused_without_a_traceback(data):
    """Rubbish is a wrong seal."""
    if data:
        assert code_of(KEY, data) == "wrong_seal"


def test_the_same_twice_is_the_same():
    """A cloned laptop that repeats a number leaks at most that two sealed parts are equal."""
    assert seal(KEY, b"plain", [b"1"]) == seal(KEY, b"plain", [b"1"])
    assert seal(KEY, b"plain", [b"1"]) != seal(KEY, b"plain", [b"2"])


def test_the_largest_part():
    """64 KiB can be sealed and opened."""
    plain = bytes(sealing.MAX_PLAIN)
    assert unseal(KEY, seal(KEY, plain, []), []) == plain


def test_a_bomb_is_not_unpacked():
    """A small sealed part that would unpack to more than 64 KiB is refused."""
    assert code_of(KEY, seal(KEY, bytes(10_000_000), [])) == "too_large"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\x01nonsense\x80", "malformed"),
        (b"\x01\x80", "malformed"),
        (b"\x80", "malformed"),
        (b"no mark", "malformed"),
        (b"\x01" + zlib.compress(b"x" * 50, wbits=-15)[:-1] + b"\x80", "malformed"),
        (b"\x01" + zlib.compress(b"x" * 50, wbits=-15) + b"more\x80", "malformed"),
        (b"\x63" + zlib.compress(b"x", wbits=-15) + b"\x80", "unknown_dictionary"),
    ],
)
def test_an_inside_that_seal_never_writes(body, code):
    """Also who has the key is not believed everything."""
    assert code_of(KEY, packed(body)) == code
