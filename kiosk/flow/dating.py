"""A birth date as it is typed: an era's letter and six digits, eight digits, or as much as is known.

Only the text so far, and what it says; screens and states decide what follows from it.
"""

from __future__ import annotations

from kiosk.core.dates import BirthDate
from kiosk.errors import Malformed

ERAS = tuple("MTSHR")


def is_whole(text: str) -> bool:
    """Whether no digit is missing: then the page turns by itself."""
    return len(text) == (7 if text[:1].isalpha() else 8)


def with_digit(text: str, digit: int) -> str:
    """One digit more, unless it is whole."""
    return text if is_whole(text) else f"{text}{digit}"


def with_era(text: str, letter: str) -> str:
    """An era; chosen after the digits it still goes to the front, or takes another era's place.

    The same era once more takes it away again: the date is western after all.
    """
    if letter not in ERAS:
        return text
    digits = text.lstrip("".join(ERAS))[:6]
    return digits if text.startswith(letter) else letter + digits


def birth_of(text: str) -> BirthDate | None:
    """The date, once year, year and month, or all is there; None before, and for no date at all."""
    era, digits = (text[:1], text[1:]) if text[:1].isalpha() else ("", text)
    missing = (6 if era else 8) - len(digits)
    if missing not in {0, 2, 4}:
        return None
    try:
        return BirthDate.parse(era + digits + "0" * missing)
    except Malformed:
        return None
