"""EF 0002: kept as read, odd but possible accepted with a flag, broken refused whole."""

import dataclasses
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from card_reader.basic_four import FLAGS
from card_reader.errors import CardError
from card_reader.my_number import BasicFour, parse_basic_four
from card_reader.simulated import InventedPerson, encode_basic_four
from card_reader.tlv import MAX_BYTES

HANAKO = InventedPerson()
HANAKO_READ = BasicFour("熊本　花子", "熊本県熊本市中央区手取本町１番１号", "1980-02-17", 2)

# Written out by hand from the documented layout, so that encoder and parser cannot err together.
BY_HAND = bytes.fromhex(
    "FF20 2C"
    "DF2108 000E 0014 0020 002B"
    "DF2203 E794B2"  # 甲
    "DF2309 E794B2E4B999E4B899"  # 甲乙丙
    "DF2408 3139343530383030"
    "DF2501 31"
)


def test_a_record_written_by_hand_is_read():
    """The documented layout is understood, unknown day and all."""
    assert parse_basic_four(BY_HAND) == BasicFour("甲", "甲乙丙", "1945-08-00", 1, ("birth_day_unknown",))


@pytest.mark.parametrize("lengths", ["shortest", "81", "82"])
@pytest.mark.parametrize(("before", "after"), [(b"", b""), (b"\xff\xff\x00", b"\xff" * 40), (b"", b"\0" * 9)])
def test_lengths_and_filler_do_not_matter(lengths, before, after):
    """However lengths are written and wherever filler stands, the same person comes out, unflagged."""
    data = encode_basic_four(HANAKO, lengths=lengths, before=before, after=after)
    assert parse_basic_four(data) == HANAKO_READ


@pytest.mark.parametrize(
    "name",
    [
        "葛\U000e0100城　辻\U000e0101子",  # variation selectors choose the glyph
        "神\ufa19　\ufa10",  # compatibility ideographs, which NFC would replace
        "𠮷野　𩸽",
        "ＳＭＩＴＨ　ＪＯＨＮ　ＰＡＵＬ",
        "か\u3099　e\u0301",  # decomposed; to stay so
    ],
)
def test_names_are_kept_exactly_as_read(name):
    """No normalisation touches a name."""
    data = encode_basic_four(dataclasses.replace(HANAKO, name=name))
    assert parse_basic_four(data) == dataclasses.replace(HANAKO_READ, name=name)


@pytest.mark.parametrize(
    ("change", "read", "flags"),
    [
        ({"birth_date": "19450800"}, {"birth_date": "1945-08-00"}, ("birth_day_unknown",)),
        (
            {"birth_date": "19450000"},
            {"birth_date": "1945-00-00"},
            ("birth_month_unknown", "birth_day_unknown"),
        ),
        ({"birth_date": "00000229"}, {"birth_date": "0000-02-29"}, ("birth_year_unknown",)),
        ({"birth_date": "18000101"}, {"birth_date": "1800-01-01"}, ("birth_year_odd",)),
        ({"birth_date": "19300230"}, {"birth_date": "1930-02-30"}, ("birth_not_in_calendar",)),
        ({"sex": "0"}, {"sex": 0}, ()),
        ({"sex": "9"}, {"sex": 9}, ()),
        ({"sex": "3"}, {"sex": 3}, ("sex_code_unknown",)),
        ({"name": ""}, {"name": ""}, ("empty_name",)),
        ({"address": ""}, {"address": ""}, ("empty_address",)),
        ({"name": "\ue000　子"}, {"name": "\ue000　子"}, ("private_use_character",)),
        ({"name": "\ufffd　子"}, {"name": "\ufffd　子"}, ("replacement_character",)),
        ({"name": "甲\u200d子"}, {"name": "甲\u200d子"}, ("invisible_character",)),
    ],
)
def test_the_odd_but_possible_is_accepted_with_a_flag(change, read, flags):
    """What staff can settle by looking is handed to them, flagged and as read."""
    data = encode_basic_four(dataclasses.replace(HANAKO, **change))
    assert parse_basic_four(data) == dataclasses.replace(HANAKO_READ, flags=flags, **read)


@pytest.mark.parametrize(
    ("data", "flag"),
    [
        (encode_basic_four(HANAKO, before=b"\x12\x34"), "leading_bytes"),
        (encode_basic_four(HANAKO) + b"\x30\x00", "trailing_bytes"),
        (BY_HAND.replace(b"\x00\x0e", b"\x00\x0f", 1), "offsets_disagree"),
        (BY_HAND.replace(b"\xdf\x21", b"\xdf\x31", 1), "unknown_field"),
    ],
)
def test_an_odd_record_is_accepted_with_a_flag(data, flag):
    """A record that is whole but oddly kept is read, and says so."""
    assert flag in parse_basic_four(data).flags


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff" * 256,
        b"\xff\x10\x0c000000000000\xff\xff",
        BY_HAND[:-1],
        BY_HAND[:2],
        BY_HAND.replace(b"\xdf\x25", b"\xdf\x24"),  # two births, no sex
        BY_HAND.replace(b"\xdf\x25", b"\xdf\x35"),  # no sex
        BY_HAND.replace(b"\xe7\x94\xb2", b"\xe7\x94\x20"),  # not UTF-8
        BY_HAND.replace(b"\xe7\x94\xb2", b"\xed\xa0\x80"),  # a surrogate
        BY_HAND.replace(b"\xe7\x94\xb2", b"A\nB"),
        BY_HAND.replace(b"\xe7\x94\xb2", "\u202e".encode()),
        BY_HAND.replace(b"\xe7\x94\xb2", "\uffff".encode()),
        BY_HAND.replace(b"19450800", b"19451300"),
        BY_HAND.replace(b"19450800", b"19450832"),
        BY_HAND.replace(b"19450800", b"1945 8 0"),
        BY_HAND[:-1] + b"M",
        b"\0" * 17 + BY_HAND,
        BY_HAND + b"\0" * MAX_BYTES,
    ],
)
def test_the_broken_is_refused_whole(data):
    """Half a record is worse than a question to the person: nothing of it is handed on."""
    with pytest.raises(CardError) as caught:
        parse_basic_four(data)
    assert (caught.value.code, caught.value.tries_left) == ("malformed", None)
    assert not isinstance(caught.value.__context__, UnicodeError), "it would carry the person's bytes"


def test_a_record_in_a_log_line_names_nobody():
    """The repr of a person shows flags only."""
    assert repr(parse_basic_four(BY_HAND)) == "BasicFour(flags=('birth_day_unknown',))"


def person_or_code(data):
    try:
        return parse_basic_four(data)
    except CardError as error:
        return error.code


RECORDS = st.builds(
    encode_basic_four,
    st.builds(
        InventedPerson,
        name=st.text(max_size=20),
        address=st.text(max_size=200),
        birth_date=st.from_regex(r"[0-9]{8}", fullmatch=True),
        sex=st.from_regex(r"[0-9]", fullmatch=True),
    ),
    lengths=st.sampled_from(["shortest", "81", "82"]),
    before=st.binary(max_size=3),
    after=st.binary(max_size=8),
).filter(lambda record: len(record) <= MAX_BYTES)


@st.composite
def damaged(draw):
    record = bytearray(draw(RECORDS))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(record) - 1))
        match draw(st.sampled_from(["replace", "cut", "insert"])):
            case "replace":
                record[at] = draw(st.integers(0, 255))
            case "cut":
                del record[at : at + draw(st.integers(1, 4))]
            case "insert":
                record[at:at] = draw(st.binary(max_size=4))
        if not record:
            break
    return bytes(record)


@settings(deadline=None, max_examples=400)
@given(data=st.one_of(st.binary(max_size=300), RECORDS, damaged()))
def test_no_bytes_bring_anything_but_a_person_or_malformed(data):
    """Whatever a card says, the answer is a complete person with known flags, or malformed."""
    person = person_or_code(data)
    if person != "malformed":
        assert len(person.birth_date) == 10
        assert person.sex in range(10)
        assert set(person.flags) <= set(FLAGS)


@pytest.mark.parametrize(
    "data",
    [
        b"\0" * MAX_BYTES,
        b"\xff\x20\x82\x0f\xf0" + b"\0" * 4080,
        b"\xff\x20\x82\x0f\xf0" + b"\xdf\x31\x00" * 1360,
        encode_basic_four(dataclasses.replace(HANAKO, address="\ue000" * 1330)),
        b"\xff\x20" * 2048,
        bytes(10_000_000),
    ],
)
def test_hostile_bytes_cost_little_memory(data):
    """No input takes 32 MB; what they may take of time is watched by the long run."""
    tracemalloc.start()
    try:
        person_or_code(data)
        assert tracemalloc.get_traced_memory()[1] < 32_000_000
    finally:
        tracemalloc.stop()
