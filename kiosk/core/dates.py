"""Birth dates as people give them: western or 和暦, with unknown parts left unknown.

No clock is read here; "today" is passed in.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from kiosk.errors import Malformed

ERAS: tuple[tuple[str, str, dt.date], ...] = (
    ("R", "令和", dt.date(2019, 5, 1)),
    ("H", "平成", dt.date(1989, 1, 8)),
    ("S", "昭和", dt.date(1926, 12, 25)),
    ("T", "大正", dt.date(1912, 7, 30)),
    ("M", "明治", dt.date(1868, 1, 25)),
)
"""Newest first: letter, name, first day."""


@dataclass(frozen=True, slots=True, order=True)
class BirthDate:
    """A date of birth; month or day 0 means unknown, as on some official records."""

    year: int
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        """Refuse what can not be a date, even with unknown parts."""
        if not 1868 <= self.year <= 2200 or not 0 <= self.month <= 12 or not 0 <= self.day <= 31:
            raise Malformed("bad_birth_date", "not a date of birth")
        if self.month and self.day:
            try:
                dt.date(self.year, self.month, self.day)
            except ValueError as error:
                raise Malformed("bad_birth_date", "no such day") from error

    @classmethod
    def parse(cls, text: str) -> BirthDate:
        """Read `1980-02-17`, `1945-08-00`, `19800217`, or 和暦: `S550217`, `昭和55年2月17日`, `昭和20年8月`.

        Raises:
            Malformed: `bad_birth_date`.
        """
        compact = text.strip().upper()
        if western := re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})", compact, re.ASCII):
            return cls(*(int(part) for part in western.groups()))
        if typed := re.fullmatch(r"([MTSHR])(\d{2})(\d{2})(\d{2})", compact, re.ASCII):
            letter, *parts = typed.groups()
            return cls._from_era(letter, *(int(part) for part in parts))
        if written := re.fullmatch(
            r"(明治|大正|昭和|平成|令和)(\d{1,3}|元)年(?:(\d{1,2})月(?:(\d{1,2})日)?)?", compact
        ):
            name, year, month, day = written.groups()
            letter = next(era[0] for era in ERAS if era[1] == name)
            return cls._from_era(letter, 1 if year == "元" else int(year), int(month or 0), int(day or 0))
        raise Malformed("bad_birth_date", "not a date of birth")

    @classmethod
    def _from_era(cls, letter: str, year: int, month: int, day: int) -> BirthDate:
        first = next(era[2] for era in ERAS if era[0] == letter)
        if year < 1:
            raise Malformed("bad_birth_date", "eras begin with year 1")
        return cls(first.year + year - 1, month, day)

    @property
    def iso(self) -> str:
        """`1980-02-17`; unknown parts stay `00`."""
        return f"{self.year:04}-{self.month:02}-{self.day:02}"

    @property
    def wareki(self) -> str:
        """`昭和55年2月17日`, without the parts that are unknown."""
        day = dt.date(self.year, self.month or 12, self.day or 28)
        name, first = next((era[1], era[2]) for era in ERAS if day >= era[2] or era[0] == "M")
        count = self.year - first.year + 1
        text = f"{name}{'元' if count == 1 else count}年"
        if self.month:
            text += f"{self.month}月" + (f"{self.day}日" if self.day else "")
        return text

    def age(self, today: dt.date) -> int:
        """Full years on `today`; with unknown parts, the age reached for certain."""
        reached = (today.month, today.day) >= (self.month or 12, self.day or 31)
        return max(0, today.year - self.year - (not reached))

    def to_int(self) -> int:
        """`19800217`."""
        return self.year * 10_000 + self.month * 100 + self.day

    @classmethod
    def from_int(cls, number: int) -> BirthDate:
        """The inverse of `to_int`."""
        return cls(number // 10_000, number // 100 % 100, number % 100)
