"""One value, one spelling: what else can be written is refused."""

from __future__ import annotations

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core import cbor
from kiosk.errors import Malformed

LIMIT = 1 << 20

leaves = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.binary(max_size=40) | st.text()
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(0, 2**32), inner, max_size=4),
    max_leaves=20,
).filter(lambda value: depth_of(value) <= cbor.MAX_DEPTH)


def depth_of(value):
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    return 0


def code_of(data, **limits):
    with pytest.raises(Malformed) as caught:
        cbor.loads(data, **{"limit": LIMIT} | limits)
    return caught.value.code


@given(values)
def test_what_is_written_is_read(value):
    """Every value of ours comes back as it was."""
    assert cbor.loads(cbor.dumps(value), limit=LIMIT) == value


@given(values)
def test_equal_values_have_equal_bytes(value):
    """The order in which a map was filled leaves no trace."""
    turned = dict(reversed(value.items())) if isinstance(value, dict) else value
    assert cbor.dumps(turned) == cbor.dumps(value)


@given(st.binary(max_size=64))
def test_any_bytes_are_the_one_spelling_or_refused(data):
    """Whatever is accepted encodes to exactly the bytes that came."""
    try:
        value = cbor.loads(data, limit=LIMIT)
    except Malformed:
        return
    assert cbor.dumps(value) == data


@pytest.mark.parametrize(
    ("spelling", "what"),
    [
        ("a2 01 02 01 03", "a key twice"),
        ("a2 02 00 01 00", "keys out of order"),
        ("18 01", "a number longer than needed"),
        ("19 00 ff", "a number longer than needed"),
        ("58 01 41", "a length longer than needed"),
        ("9f 01 ff", "an array of indefinite length"),
        ("bf 01 02 ff", "a map of indefinite length"),
        ("5f 41 41 ff", "bytes of indefinite length"),
        ("7f 61 41 ff", "text of indefinite length"),
        ("ff", "a break"),
        ("c0 74 32303133", "a tag"),
        ("d8 23 63 28612b", "a tag that would be a regular expression"),
        ("d8 1c 80", "a shared value"),
        ("c2 41 01", "a number written as a tag"),
        ("f7", "undefined"),
        ("e0", "an unassigned simple value"),
        ("f8 20", "a long simple value"),
        ("f9 3c00", "a half float"),
        ("fb 3ff0000000000000", "a float"),
        ("1c", "a reserved length"),
        ("01 01", "a second value"),
        ("01 ff", "rubbish after the value"),
    ],
)
def test_other_spellings_are_refused(spelling, what):
    """Nothing but the canonical form of plain values is read."""
    assert code_of(bytes.fromhex(spelling)) in ("not_canonical", "malformed"), what


@pytest.mark.parametrize(
    "spelling",
    ["", "18", "19 00", "61", "42 00", "81", "a1", "a1 01", "61 ff", "62 c3 28", "5b ffffffffffffffff"],
)
def test_what_is_cut_or_no_text_is_malformed(spelling):
    """A value that ends early, promises more than there is, or is no UTF-8, is malformed."""
    assert code_of(bytes.fromhex(spelling)) == "malformed"


def test_a_long_promise_allocates_nothing():
    """A head that declares a billion items is refused before anything is built."""
    assert code_of(bytes.fromhex("9a 3b9aca00")) == "malformed"
    assert code_of(bytes.fromhex("ba 3b9aca00")) == "malformed"


def test_size_has_a_limit():
    """More bytes than the caller allows are not looked at."""
    assert cbor.loads(b"\x43abc", limit=4) == b"abc"
    assert code_of(b"\x43abc", limit=3) == "too_large"


def test_depth_has_a_limit():
    """Eight levels are read, nine are refused, and a thousand cost nothing."""
    assert cbor.loads(b"\x81" * 8 + b"\x00", limit=LIMIT)
    assert code_of(b"\x81" * 9 + b"\x00") == "too_deep"
    assert code_of(b"\x81" * 100_000 + b"\x00") == "too_deep"
    assert cbor.loads(b"\x82\x81\x00\x81\x00", limit=LIMIT, depth=2)
    assert code_of(b"\xa1\x00\xa1\x00\xa0", depth=2) == "too_deep"


def test_foreign_encoders_may_not_smuggle():
    """A float that equals a number is another spelling of it, and is refused."""
    assert code_of(cbor2.dumps(1.0)) == "not_canonical"


@pytest.mark.parametrize("data", [b"\x62\xc3\x28", b"\x81\x63\xed\xa0\x80", b"\xa1\x61\xff\x01"])
def test_a_bad_text_never_reaches_the_decoder(data, monkeypatch):
    """A text that is not UTF-8 is refused before cbor2, which would not give its memory back."""
    monkeypatch.setattr(cbor2, "loads", None)
    assert code_of(data) == "malformed"
