"""The TLV reader: strict where a lie could hide, tolerant where real cards differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from card_reader.errors import CardError
from card_reader.tlv import MAX_BYTES, Header, objects, read_header


@pytest.mark.parametrize(
    ("data", "header"),
    [
        ("DF2203414243", Header(0xDF22, 0, 3, 6)),
        ("FF2040", Header(0xFF20, 0, 3, 0x43)),
        ("FF208140", Header(0xFF20, 0, 4, 0x44)),
        ("FF20820040", Header(0xFF20, 0, 5, 0x45)),
        ("5A01FF", Header(0x5A, 0, 2, 3)),
    ],
)
def test_every_way_of_writing_a_length_is_read(data, header):
    """A length may be written longer than it need be, as some cards do."""
    assert read_header(bytes.fromhex(data), 0) == header


@pytest.mark.parametrize(
    "data",
    ["", "DF", "DF22", "DF2281", "DF228201", "DF2280", "DF22830000FF", "DFA20100", "DF22821000", "FF"],
)
def test_a_broken_header_is_refused(data):
    """A header that is cut short, indefinite, oversized or of three tag bytes is malformed."""
    with pytest.raises(CardError) as caught:
        read_header(bytes.fromhex(data), 0)
    assert caught.value.code == "malformed"


def test_filler_between_objects_is_passed_over():
    """00 and FF before, between and after objects change nothing."""
    data = bytes.fromhex("00FF DF220141 FFFF DF230142 0000")
    assert [(h.tag, data[h.value : h.end]) for h in objects(data, 0, len(data))] == [
        (0xDF22, b"A"),
        (0xDF23, b"B"),
    ]


def test_an_object_may_not_reach_past_its_parent():
    """An object that claims bytes beyond what holds it is malformed, even if those bytes exist."""
    data = bytes.fromhex("DF220441424344")
    with pytest.raises(CardError) as caught:
        list(objects(data, 0, len(data) - 1))
    assert caught.value.code == "malformed"


@given(data=st.binary(max_size=64), start=st.integers(0, 70))
def test_no_bytes_bring_anything_but_an_answer_or_malformed(data, start):
    """Whatever the bytes, objects lie inside them and the only error is malformed."""
    code = None
    found = []
    try:
        found.extend(objects(data, start, len(data)))
    except CardError as error:
        code = error.code
    assert code in (None, "malformed")
    for header in found:
        assert start <= header.start < header.value <= header.end <= min(len(data), MAX_BYTES)
