"""How cards, and the readers between, answer a READ BINARY whose length is not quite what they like.

The book leaves much open and real ones differ, so a played card can have each of these habits:

    any         short and extended Le; as much as there is (what a My Number card is seen to do)
    no_extended an extended Le is 6700
    extended    a short Le of 00 is 6700, an extended one is answered
    exact       no Le of 00, and none beyond the end: 6700
    told        an Le beyond the end is 6Cxx, with the length that would be right
    warned      an Le beyond the end brings the rest with 6282
    in_parts    61xx, to be fetched by GET RESPONSE
    small       never more than 128 bytes at a time
    generous    a short Le of 00 brings all there is, however much

It refuses to know files and access conditions.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

Habit: TypeAlias = Literal[
    "any", "no_extended", "extended", "exact", "told", "warned", "in_parts", "small", "generous"
]
HABITS: Final[tuple[Habit, ...]] = get_args(Habit)

_OK: Final = 0x9000
_WRONG_LENGTH: Final = 0x6700
_SMALL: Final = 128


def answer(habit: Habit, wanted: bytes, rest: bytes) -> tuple[bytes, int, bytes]:
    """Answer `wanted`, the Le field of a READ (1 byte, or 3), from `rest` of the file.

    Returns data, status word, and what then waits for GET RESPONSE.
    """
    if len(wanted) not in (1, 3) or (len(wanted) == 3 and wanted[0] != 0):
        return b"", _WRONG_LENGTH, b""
    is_extended, number = len(wanted) == 3, int.from_bytes(wanted, "big")
    count = number or (0x10000 if is_extended else 0x100)
    beyond = count > len(rest)
    if (
        (habit == "no_extended" and is_extended)
        or (habit == "extended" and not is_extended and not number)
        or (habit == "exact" and (not number or beyond))
    ):
        return b"", _WRONG_LENGTH, b""
    if habit == "told" and beyond:
        return b"", 0x6C00 | len(rest) & 0xFF, b""
    if habit == "warned" and beyond:
        return rest, 0x6282, b""
    if habit == "in_parts":
        waits = rest[:count]
        return b"", 0x6100 | min(len(waits), 0x100) & 0xFF, waits
    if habit == "small":
        count = min(count, _SMALL)
    if habit == "generous" and not number:
        count = len(rest)
    return rest[:count], _OK, b""


def fetch(waits: bytes, wanted: bytes) -> tuple[bytes, int, bytes]:
    """Answer a GET RESPONSE from what `waits`; as `answer`."""
    if len(wanted) != 1 or not waits:
        return b"", _WRONG_LENGTH, b""
    count = wanted[0] or 0x100
    left = waits[count:]
    return waits[:count], 0x6100 | min(len(left), 0x100) & 0xFF if left else _OK, left
