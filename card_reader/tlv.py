"""BER-TLV as the card writes it, parsed from bytes that nobody vouches for.

Strict where a lie could hide: one or two tag bytes, definite lengths only, nothing past the end
of its parent, 4 KiB in all. Tolerant where real cards differ from the book: lengths may be longer
than they need be (`FF20 40` and `FF20 82 0040` are both seen), and 00 or FF filler may stand
before, between and after objects (ISO/IEC 7816-4, annex on BER-TLV data objects).

It refuses to know which tags exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from card_reader.errors import malformed

# Ten times the longest EF 0002 seen (393 bytes). An endless file is an attack, not an address.
MAX_BYTES: Final = 4096

# Two bytes of tag and three of length are the longest header read here.
MAX_HEADER: Final = 5

_FILLER: Final = frozenset((0x00, 0xFF))
_LONG_TAG: Final = 0x1F
_MORE_TAG: Final = 0x80


@dataclass(frozen=True, slots=True)
class Header:
    """Where one object lies: `tag`, then offsets into the bytes it was read from.

    Attributes:
        tag: one or two bytes as a number, e.g. 0xDF22.
        start: offset of the first tag byte.
        value: offset of the first value byte.
        end: offset just past the value; may lie beyond the bytes in hand.
    """

    tag: int
    start: int
    value: int
    end: int


def read_header(data: bytes, start: int) -> Header:
    """Read the tag and length that begin at `start`, without asking for the value.

    Raises:
        CardError: `malformed`: bytes end inside the header, a tag of three bytes or more, an
            indefinite or oversized length.
    """
    try:
        tag = data[start]
        at = start + 1
        if tag & _LONG_TAG == _LONG_TAG:
            if data[at] & _MORE_TAG:
                raise malformed("a tag of more than two bytes")
            tag = tag << 8 | data[at]
            at += 1
        length = data[at]
        at += 1
        if length == 0x81:
            length = data[at]
            at += 1
        elif length == 0x82:
            length = data[at] << 8 | data[at + 1]
            at += 2
        elif length >= 0x80:
            raise malformed("an indefinite length, or one of more than two bytes")
    except IndexError:
        raise malformed("the data end inside a tag or a length") from None
    if at + length > MAX_BYTES:
        raise malformed("an object larger than any card file")
    return Header(tag, start, at, at + length)


def objects(data: bytes, start: int, end: int) -> Iterator[Header]:
    """Yield the objects that lie one after another in `data[start:end]`, passing over filler.

    No tag of this card's templates begins with 00 or FF, so filler cannot be mistaken for one.

    Raises:
        CardError: `malformed`: an object reaches past `end`.
    """
    at = start
    while at < end:
        if data[at] in _FILLER:
            at += 1
            continue
        header = read_header(data, at)
        if header.end > end:
            raise malformed("an object reaches past the end of what holds it")
        yield header
        at = header.end
