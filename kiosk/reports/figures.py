"""How numbers are printed: rounded half-up from exact rationals, never from rounded values.

The rules reproduce the published tables (70, 24 and 4.6 seconds; 1.5, 3.9 and 94.7 %). Floats are not
let in: 0.05 has no float, and a percentage that flips between machines is not a figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

NONE = "—"
"""Printed where there is nothing to divide by."""


def rounded(value: Fraction, places: int) -> Fraction:
    """`value` rounded half-up (away from zero) to `places` decimals."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**places)


def decimal(value: Fraction, places: int) -> str:
    """`value` rounded half-up and printed with exactly `places` decimals."""
    number = rounded(value, places)
    digits = f"{abs(number.numerator) * 10**places // number.denominator:0{places + 1}}"
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if number < 0 else text


def share(part: int, whole: int, places: int) -> str:
    """`part` of `whole` in percent, without the sign; — when there is no whole."""
    return decimal(Fraction(100 * part, whole), places) if whole else NONE


def mean(total: int, number: int, places: int) -> str:
    """`total` divided by `number`; — when there is none."""
    return decimal(Fraction(total, number), places) if number else NONE


def seconds(value: Fraction | None) -> str:
    """Seconds: whole from 10 s on, one decimal below.

    What would read 0.0 although it took time is given in thousandths: a program's own work is that short.
    """
    if value is None:
        return NONE
    if value >= 10:
        return decimal(value, 0)
    if not 0 < value < Fraction(1, 20):
        return decimal(value, 1)
    return decimal(value, 3) if value >= Fraction(1, 2000) else "<0.001"


def ratio(of: Fraction | None, to: Fraction | None) -> str:
    """How many times `to` goes into `of`, with one decimal; — when either is missing or `to` is zero."""
    return decimal(of / to, 1) if of is not None and to else NONE


def reduction(before: Fraction | None, after: Fraction | None) -> str:
    """By how many percent `after` is less than `before`, with one decimal."""
    return decimal(100 * (before - after) / before, 1) if before and after is not None else NONE


def per_hour(pace: Fraction | None) -> str:
    """Persons an hour at `pace` seconds per person, with one decimal."""
    return decimal(3600 / pace, 1) if pace else NONE


def number(value: Fraction | None, places: int) -> float | None:
    """A JSON number of exactly the rounded decimals; None (null) for nothing."""
    return None if value is None else float(decimal(value, places))


def grouped(value: int) -> str:
    """`1,375`."""
    return f"{value:,}"


def minutes(value: Fraction) -> str:
    """A duration as the published tables write it: `22分7秒`, `40分40秒`, `9秒`."""
    whole, rest = divmod(int(rounded(value, 0)), 60)
    return f"{whole}分{rest}秒" if whole else f"{rest}秒"


def median(values: Sequence[Fraction]) -> Fraction | None:
    """The middle value; with an even number of values the mean of the two in the middle."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if not ordered:
        return None
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def percentile(values: Sequence[Fraction], percent: int) -> Fraction | None:
    """Nearest rank: the smallest of the values that at least `percent` % of them do not exceed.

    It is always a time that somebody took, which can be said in words: "nine of ten were done by then".
    """
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(rank, 1) - 1] if ordered else None
