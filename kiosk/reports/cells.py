"""Lists of typed cells, and what a spreadsheet must not do with them.

A `Listing` is a table whose cells are texts, whole numbers, days and times, before anybody decides how it is
written. Texts are told apart from formulas here, for every format that a spreadsheet opens. It refuses to
know whose names are in it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.core.household import Mode
from kiosk.core.words import MODE_WORDS

Value = str | int | dt.date | dt.datetime | None
"""One cell; None is empty. Times are of the shelter's own clock."""

OLD_LISTS = "新しい一覧が できたら、古い一覧は 細かく切って すてます。"
DRILL = "訓練です。本当の 避難では ありません。"
_RUN_BY_SPREADSHEETS = frozenset("=+-@\u2212\t\r\n")
EXCEL_MARK = "\ufeff"
"""By which Excel knows UTF-8."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name for people and for programs, and how wide it is, in letters of a kanji's width."""

    title: str
    key: str
    width: float = 8


@dataclass(frozen=True, slots=True)
class Heading:
    """What every list says of itself."""

    title: str
    place: str
    mode: Mode
    made: dt.datetime
    """When it was made, of the shelter's clock."""
    version: int
    """The number of the log's newest event: a higher one is a newer list."""

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The lines under the title."""
        return (
            ("避難所", self.place),
            ("区分", MODE_WORDS[self.mode]),
            ("版", str(self.version)),
            ("作成", said_at(self.made)),
        )


def said(day: dt.date) -> str:
    """2026年9月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def said_at(moment: dt.datetime) -> str:
    """2026年9月1日 18:30, as the clock there said."""
    return f"{said(moment.date())} {moment:%H:%M}"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list to be written; `summary` says in one line how much is on it."""

    heading: Heading
    fields: tuple[Field, ...]
    rows: Sequence[tuple[Value, ...]]
    summary: str = ""


def guarded(text: str) -> str:
    """The text so that no spreadsheet runs it: an apostrophe in front shows it as what it is.

    Judged after NFKC, since some take ＝ for =, and behind spaces and marks that nobody sees.
    """
    if text[:1] in _RUN_BY_SPREADSHEETS:
        return f"'{text}"
    for letter in unicodedata.normalize("NFKC", text):
        if not letter.isspace() and unicodedata.category(letter) != "Cf":
            return f"'{text}" if letter in _RUN_BY_SPREADSHEETS else text
    return text


def csv_bytes(listing: Listing, *, programs: bool = False, mark: bool = True) -> bytes:
    """RFC 4180: one head line, lines ended by CR LF, quotation marks doubled, UTF-8.

    Programs' column names with `programs`; with `mark`, the one by which Excel knows UTF-8. What a list must
    say of itself stands in columns of its own, since CSV has no place beside the table.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    heads = [field.key if programs else field.title for field in (*listing.fields, *_ABOUT)]
    writer.writerow(heads)
    head = listing.heading
    about = (MODE_WORDS[head.mode], str(head.version), _text(head.made))
    writer.writerows([*map(_text, row), *about] for row in listing.rows)
    return ((EXCEL_MARK if mark else "") + out.getvalue()).encode()


_ABOUT = (Field("区分", "list_mode"), Field("版", "list_version"), Field("作成", "list_made_at"))


def _text(value: Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return guarded(value)
        case dt.datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)
