"""Base45 is RFC 9285's, and only one text stands for one byte string."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core import base45
from kiosk.errors import Malformed


@given(st.binary(max_size=300))
def test_bytes_come_back(data):
    """What is written is read, in letters a QR code packs well."""
    text = base45.encode(data)
    assert base45.decode(text) == data
    assert set(text) <= set(base45.ALPHABET)
    assert len(text) == len(data) // 2 * 3 + len(data) % 2 * 2


@given(st.text(base45.ALPHABET, max_size=30) | st.text(max_size=8))
def test_one_text_for_one_byte_string(text):
    """A text that is accepted is the very text that would be written."""
    try:
        data = base45.decode(text)
    except Malformed:
        return
    assert base45.encode(data) == text


@pytest.mark.parametrize(
    ("data", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"", "")]
)
def test_the_standard_s_examples(data, text):
    """The examples of RFC 9285 hold."""
    assert base45.encode(data) == text
    assert base45.decode(text) == data


@pytest.mark.parametrize("text", ["A", "ABCD", "GGW", ":::", "::", "ab8", "BB８", "BB8\n", "=BB"])
def test_impossible_texts(text):
    """Wrong lengths, too large groups and foreign letters are malformed."""
    with pytest.raises(Malformed):
        base45.decode(text)
