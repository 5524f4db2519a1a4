"""A birth date as it stands on the face of a card, where 照合番号B takes its first six digits from.

The card of a Japanese citizen shows the era year (昭和55年2月17日 gives 550217), that of a foreign resident
the western year (1980年2月17日 gives 800217). Nothing that can be read without a secret tells which, and a
person may be either whatever the name looks like. So this offers both, as they would look in print, and
the person at the desk points at the one that is on the card. One choice makes one secret and so one
VERIFY: trying one form and then the other would spend a try on a guess.

Sources: municipalities on 照合番号B (生年月日6桁, 有効期限西暦4桁, セキュリティコード4桁); the western form
is documented for the earlier 住民基本台帳カード and assumed here (docs/formats/card.md).

It refuses to know cards, secrets and calendars beyond the eras.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from card_reader.errors import CardError

Form: TypeAlias = Literal["era", "western"]


@dataclass(frozen=True, slots=True)
class PrintedBirth:
    """One way in which a birth date may be printed.

    Attributes:
        form: "era" on the cards of citizens, "western" on those of foreign residents.
        digits: YYMMDD, the beginning of 照合番号B.
        text: as on the card, "昭和55年2月17日"; an unknown day or month is left out.
    """

    form: Form
    digits: str = field(repr=False)
    text: str = field(repr=False)


# First day, name and first western year of each era, latest first. Laws and ordinances: 大正 and 昭和 from
# the day of succession, 平成 and 令和 from the day their 政令 names; 明治 from the day it was proclaimed.
_ERAS: Final = (
    ((2019, 5, 1), "令和", 2019),
    ((1989, 1, 8), "平成", 1989),
    ((1926, 12, 25), "昭和", 1926),
    ((1912, 7, 30), "大正", 1912),
    ((1868, 1, 25), "明治", 1868),
)


def printed_forms(birth_date: str) -> tuple[PrintedBirth, ...]:
    """Return the forms in which "YYYY-MM-DD" may be printed, the commoner first; parts may be 00.

    Where the day is unknown the era may be in doubt too ("1989-01-00"): then both eras are offered.

    Raises:
        CardError: `bad_secret_format` for anything but YYYY-MM-DD from 1868-01-25 on.
    """
    year, month, day = _date_parts(birth_date)
    return (*_in_eras(year, month, day), _printed("western", year, "", year, month, day))


def printed_as(birth_date: str, form: Form) -> PrintedBirth:
    """Return the one `form` of a birth date, the later era where two are possible.

    Raises:
        CardError: as `printed_forms`.
    """
    return next(printed for printed in printed_forms(birth_date) if printed.form == form)


def _in_eras(year: int, month: int, day: int) -> tuple[PrintedBirth, ...]:
    """The era forms of a date; two where an unknown part leaves open which era it falls into."""
    first = (year, month or 1, day or 1)
    last = (year, month or 12, day or 31)
    found: list[PrintedBirth] = []
    upto: tuple[int, int, int] = (9999, 12, 31)
    for first_day, era, first_year in _ERAS:
        if first_day <= last and first < upto:
            found.append(_printed("era", year - first_year + 1, era, year, month, day))
        upto = first_day
    if not found:
        raise CardError("bad_secret_format", "the birth date lies before every era a living person has")
    return tuple(found)


def _printed(form: Form, number: int, era: str, year: int, month: int, day: int) -> PrintedBirth:
    shown = f"{era}{'元' if era and number == 1 else number}年"
    shown += f"{month}月" if month else ""
    shown += f"{day}日" if day else ""
    return PrintedBirth(form, f"{(number if era else year) % 100:02}{month:02}{day:02}", shown)


def _date_parts(date: str) -> tuple[int, int, int]:
    parts = date.split("-")
    digits_only = date.isascii() and all(part.isdigit() for part in parts)
    if [len(part) for part in parts] != [4, 2, 2] or not digits_only:
        raise CardError("bad_secret_format", "expected a birth date as YYYY-MM-DD")
    year, month, day = map(int, parts)
    if month > 12 or day > 31:
        raise CardError("bad_secret_format", "no calendar has such a birth date")
    return year, month, day
