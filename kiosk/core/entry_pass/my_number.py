"""What must never be kept: a My Number, or twelve digits that could be one.

The back of a My Number card carries the number in a QR code, and a reception may not collect it (番号法,
article 20). It refuses to know where a text comes from.
"""

from __future__ import annotations

import re

_GAP = r"[\W_]{0,3}"
_SPACED = r"[\W_]{1,3}"
_MY_NUMBER = re.compile(
    rf"(?<!\d)(?:\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}|\d{{6}}{_GAP}\d{{6}}|\d{{3}}(?:{_SPACED}\d{{3}}){{3}}"
    rf"|\d{{2}}(?:{_SPACED}\d{{2}}){{5}}|\d(?:{_SPACED}\d){{11}})(?!\d)"
)


def holds_my_number(text: str) -> bool:
    """Whether twelve digits stand alone in `text`, together or in equal groups, in any script's digits.

    The check digit is not asked: a number that is none costs nothing when it is dropped.
    """
    return _MY_NUMBER.search(text) is not None
