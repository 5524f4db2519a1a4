"""The four basic items (基本4情報) as the card holds them: EF 0002 of the text application.

    FF20 L
      DF21 08  four 2-byte offsets, from the start of the file, of the objects that follow
      DF22 n   name, UTF-8; family and given name parted by U+3000
      DF23 n   address, UTF-8
      DF24 08  birth, ASCII YYYYMMDD
      DF25 01  sex, one ASCII digit of JIS X 0303 (ISO/IEC 5218)

Text is kept exactly as read: normalising would change a thousand ideographs that people write
their names with. What is odd but possible is accepted and flagged, because the person stands at
the desk and staff can look; what is broken is refused whole, because half a record is worse than
a question.

It refuses to know cards, sessions, and what a desk does with a name.
"""

from __future__ import annotations

import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from card_reader.errors import malformed
from card_reader.tlv import MAX_BYTES, Header, objects, read_header

OUTER_TAG: Final = 0xFF20
_OUTER_START: Final = b"\xff\x20"
_OFFSETS: Final = 0xDF21
NAME_TAG: Final = 0xDF22
ADDRESS_TAG: Final = 0xDF23
BIRTH_TAG: Final = 0xDF24
SEX_TAG: Final = 0xDF25
_FIELDS: Final = (NAME_TAG, ADDRESS_TAG, BIRTH_TAG, SEX_TAG)

# Cards of about 2023 are reported to carry two bytes before FF20, of unrecorded value; some room
# for filler besides.
MAX_LEAD: Final = 16

# Every flag there is, in the order they are reported, and what it tells staff to look at.
FLAGS: Final[dict[str, str]] = {
    "leading_bytes": "bytes other than filler stood before the record",
    "trailing_bytes": "bytes other than filler stood after the record",
    "unknown_field": "the record holds an object this program does not know; it was left out",
    "offsets_disagree": "the record's own table of contents does not fit the record",
    "empty_name": "the name has no characters",
    "empty_address": "the address has no characters",
    "private_use_character": "a character outside Unicode's own repertoire (外字); fonts may not show it",
    "replacement_character": "U+FFFD: whoever wrote the card had lost a character already",
    "invisible_character": "a character that cannot be seen, other than a variation selector",
    "birth_year_unknown": "year 0000, kept as read",
    "birth_year_odd": "a year before 1868 or after 2100",
    "birth_month_unknown": "month 00, kept as read",
    "birth_day_unknown": "day 00, kept as read",
    "birth_not_in_calendar": "a day its month does not have; old registers hold such dates",
    "sex_code_unknown": "a digit that JIS X 0303 leaves undefined",
}


@dataclass(frozen=True, slots=True)
class BasicFour:
    """Name, address, birth and sex of the card's holder, exactly as read.

    The repr shows flags only, so that a careless log line names nobody.

    Attributes:
        name: at least one character unless flagged; parts divided by U+3000.
        address: as last written by a municipality, which may be years ago.
        birth_date: "YYYY-MM-DD"; unknown parts stay 00, e.g. "1945-08-00", and are flagged.
        sex: JIS X 0303: 0 not known, 1 male, 2 female, 9 not applicable; 3 to 8 flagged.
        flags: keys of `FLAGS`, in its order.
    """

    name: str = field(repr=False)
    address: str = field(repr=False)
    birth_date: str = field(repr=False)
    sex: int = field(repr=False)
    flags: tuple[str, ...] = ()


def find_record(data: bytes) -> Header | None:
    """Find where the record starts and ends, from the first bytes of the file; None if it is not there.

    `end` may lie beyond `data`: that is how a reader learns how much is still to be fetched.

    Raises:
        CardError: `malformed` when the length makes no sense.
    """
    start = data.find(_OUTER_START, 0, MAX_LEAD + len(_OUTER_START))
    return None if start < 0 else read_header(data, start)


def parse_basic_four(data: bytes) -> BasicFour:
    """Parse the contents of EF 0002: the record, with or without filler around it.

    `data` is at most 4 KiB. Work and memory grow with its length only: any 4 KiB are settled in a
    few milliseconds.

    Raises:
        CardError: `malformed`, for every input that is not such a record.
    """
    if len(data) > MAX_BYTES:
        raise malformed("more bytes than any card file holds")
    data = bytes(data)
    outer = find_record(data)
    if outer is None:
        raise malformed("no record of the four basic items")
    if outer.end > len(data):
        raise malformed("the record is cut short")

    found, unknown = _fields(data, outer)
    missing = [tag for tag in _FIELDS if tag not in found]
    if missing:
        raise malformed(f"the record lacks {len(missing)} of its four items")

    flags: set[str] = {"unknown_field"} if unknown else set()
    flags.update(_surroundings(data, outer))
    flags.update(_contents_table(data, outer, found))
    name, address = (_text(_value(data, found[tag]), flags) for tag in (NAME_TAG, ADDRESS_TAG))
    flags.update(flag for flag, text in (("empty_name", name), ("empty_address", address)) if not text)
    birth_date = _birth(_value(data, found[BIRTH_TAG]), flags)
    sex = _sex(_value(data, found[SEX_TAG]), flags)
    return BasicFour(name, address, birth_date, sex, tuple(flag for flag in FLAGS if flag in flags))


def _fields(data: bytes, outer: Header) -> tuple[dict[int, Header], bool]:
    found: dict[int, Header] = {}
    unknown = False
    for header in objects(data, outer.value, outer.end):
        if header.tag not in _FIELDS and header.tag != _OFFSETS:
            unknown = True
        elif header.tag in found:
            # Two names: whichever we chose could be the wrong person's.
            raise malformed("the record holds the same item twice")
        else:
            found[header.tag] = header
    return found, unknown


def _value(data: bytes, header: Header) -> bytes:
    return data[header.value : header.end]


def _surroundings(data: bytes, outer: Header) -> Iterator[str]:
    if data[: outer.start].strip(b"\x00\xff"):
        yield "leading_bytes"
    if data[outer.end :].strip(b"\x00\xff"):
        yield "trailing_bytes"


def _contents_table(data: bytes, outer: Header, found: dict[int, Header]) -> Iterator[str]:
    """Compare the offsets the card states with where the objects are; never rely on them."""
    if _OFFSETS not in found:
        yield "offsets_disagree"
        return
    starts = [found[tag].start for tag in _FIELDS]
    table = _value(data, found[_OFFSETS])
    stated = [int.from_bytes(table[at : at + 2], "big") for at in range(0, len(table), 2)]
    # Whether bytes before FF20 count is not documented, so both readings pass.
    if stated not in (starts, [start - outer.start for start in starts]):
        yield "offsets_disagree"


# Characters that reorder or break what staff see on the screen. A name has no use for them, and
# a forged card might.
_LAYOUT_CONTROLS: Final = frozenset("\u200e\u200f\u2028\u2029\u061c") | {
    chr(code) for span in (range(0x202A, 0x202F), range(0x2066, 0x206A)) for code in span
}


def _text(raw: bytes, flags: set[str]) -> str:
    # errors="strict" would put the person's bytes into the UnicodeDecodeError, and that into any
    # chained traceback; so the error is dropped before ours is raised.
    try:
        text: str | None = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise malformed("a text that is not UTF-8")
    for character in text:
        category = unicodedata.category(character)
        noncharacter = ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
        if category == "Cc" or character in _LAYOUT_CONTROLS or noncharacter:
            raise malformed("a text with a control character")
        if category == "Co":
            flags.add("private_use_character")
        elif category == "Cf":
            flags.add("invisible_character")
        elif character == "\ufffd":
            flags.add("replacement_character")
    return text


# A leap year, for a birth whose year is unknown.
_ANY_LEAP_YEAR: Final = 2000


def _birth(raw: bytes, flags: set[str]) -> str:
    if len(raw) != 8 or not raw.isdigit():
        raise malformed("a birth date that is not eight digits")
    year, month, day = int(raw[:4]), int(raw[4:6]), int(raw[6:])
    if month > 12 or day > 31:
        raise malformed("a birth date that no register could hold")
    if year == 0:
        flags.add("birth_year_unknown")
    elif not 1868 <= year <= 2100:
        flags.add("birth_year_odd")
    if month == 0:
        flags.add("birth_month_unknown")
    if day == 0:
        flags.add("birth_day_unknown")
    if month and day > monthrange(year or _ANY_LEAP_YEAR, month)[1]:
        flags.add("birth_not_in_calendar")
    return f"{year:04}-{month:02}-{day:02}"


_SEX_CODES: Final = frozenset((0, 1, 2, 9))


def _sex(raw: bytes, flags: set[str]) -> int:
    if len(raw) != 1 or not raw.isdigit():
        raise malformed("a sex that is not one digit")
    sex = int(raw)
    if sex not in _SEX_CODES:
        flags.add("sex_code_unknown")
    return sex
