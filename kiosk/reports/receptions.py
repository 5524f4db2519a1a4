"""Receptions by method, as the city's tables have them: households, disaster and drill apart.

Rows come from this system's counts or from a CSV of earlier events that were never in it. Totals are
sums over events (延べ): a shelter that opened twice counts twice, and so may a household. A disaster is
never added to a drill.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kiosk.core.household import Mode
from kiosk.core.words import MODE_WORDS
from kiosk.errors import KnownError
from kiosk.reports import figures

CSV_COLUMNS = ("date", "kind", "mode", "shelters", "households", "people", "app", "card", "paper")
MAX_BYTES = 4 * 1024 * 1024
MAX_ROWS = 10_000
MAX_KIND = 200
MODES: Mapping[str, Mode] = {
    **{mode.name.lower(): mode for mode in Mode},
    **{said: mode for mode, said in MODE_WORDS.items()},
}
METHODS = ("app", "card", "paper")
"""The columns of official tables: `paper` is 紙様式等, everything that is neither app nor card."""


@dataclass(frozen=True, slots=True)
class ReceptionRow:
    """One event, or a total of several. `households` is always app + card + paper.

    `date` is ISO 8601, or a fiscal year like `R6` in a total.
    """

    date: str
    kind: str
    mode: Mode
    shelters: int
    people: int
    app: int
    card: int
    paper: int

    @property
    def households(self) -> int:
        """世帯数."""
        return self.app + self.card + self.paper

    def by_method(self) -> dict[str, int]:
        """Households by the three columns of official tables."""
        return {"app": self.app, "card": self.card, "paper": self.paper}

    def shares(self, places: int) -> dict[str, str]:
        """Percent of households by method, each rounded by itself: they need not add up to 100."""
        return {
            method: figures.share(part, self.households, places) for method, part in self.by_method().items()
        }

    @property
    def people_per_household(self) -> str:
        """Two decimals; — without households."""
        return figures.mean(self.people, self.households, 2)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of one row."""
        return {
            "date": self.date,
            "kind": self.kind,
            "mode": self.mode.name.lower(),
            "shelters_opened": self.shelters,
            "households": self.households,
            "people": self.people,
            "households_by_method": self.by_method(),
            "sum_of_methods": self.households,
            "pct0": self.shares(0),
            "pct1": self.shares(1),
            "people_per_household": self.people_per_household,
        }


@dataclass(frozen=True, slots=True)
class Receptions:
    """Rows of one or many events."""

    rows: tuple[ReceptionRow, ...]

    def of(self, mode: Mode) -> tuple[ReceptionRow, ...]:
        """The rows of one mode."""
        return tuple(row for row in self.rows if row.mode is mode)

    def total(self, mode: Mode) -> ReceptionRow:
        """The sum over the events of one mode; zeros when there were none."""
        rows = self.of(mode)
        return ReceptionRow(
            fiscal_years([row.date for row in rows]),
            f"合計（{MODE_WORDS[mode]}{len(rows)}件、延べ）",
            mode,
            sum(row.shelters for row in rows),
            sum(row.people for row in rows),
            sum(row.app for row in rows),
            sum(row.card for row in rows),
            sum(row.paper for row in rows),
        )

    def to_dict(self) -> dict[str, Any]:
        """`rows`, `disaster_total`, `drill_total`."""
        return {
            "rows": [row.to_dict() for row in self.rows],
            "disaster_total": self.total(Mode.DISASTER).to_dict(),
            "drill_total": self.total(Mode.DRILL).to_dict(),
        }


def row_from_counts(
    date: str, kind: str, mode: Mode, by_method: Mapping[str, int], people: int, shelters: int = 1
) -> ReceptionRow:
    """A row from this system's own counts.

    `by_method` is households by word of method (app, card, desk, paper, count); desk, paper and count
    become 紙様式等. `people` is everyone in those households.
    """
    other = sum(number for method, number in by_method.items() if method not in ("app", "card"))
    return ReceptionRow(
        date, kind, mode, shelters, people, by_method.get("app", 0), by_method.get("card", 0), other
    )


def fiscal_years(dates: Iterable[str]) -> str:
    """`R6` for dates from April 2024 to March 2025, `R5–R6` for a span, empty for none."""
    years = sorted({int(date[:4]) - (date[5:7] < "04") for date in dates if re.match(r"\d{4}-\d\d", date)})
    if not years:
        return ""
    return "–".join(dict.fromkeys(_fiscal_year(year) for year in (years[0], years[-1])))


def _fiscal_year(year: int) -> str:
    # 2019年度 began in 平成31年 and is called 令和元年度.
    return f"R{year - 2018}" if year >= 2019 else f"H{year - 1988}"


class BadTable(KnownError):
    """A CSV that cannot be read as receptions; `extra` says where, never what was there.

    The row is counted as a spreadsheet shows it: the header is row 1.
    """

    def __init__(self, code: str, sentence: str, english: str, row: int | None = None) -> None:
        where = f"{row}行目：" if row else ""
        there = f"row {row}: " if row else ""
        super().__init__(code, where + sentence, there + english)
        self.row = row
        self.extra = {} if row is None else {"row": row}


def read_csv(data: bytes) -> Receptions:
    """Receptions from a CSV with a header of exactly `CSV_COLUMNS`, in any order.

    UTF-8, or the Shift_JIS that Japanese spreadsheets write. Dates `2024-06-22` or `2024/6/22`; numbers
    may be full-width or grouped (`1,375`).

    Raises:
        BadTable: `too_large`, `bad_encoding`, `not_csv`, `bad_columns`, `no_rows`, and with the number of
            the row `missing_cells`, `bad_date`, `bad_kind`, `bad_mode`, `bad_number`,
            `methods_do_not_add_up`.
    """
    if len(data) > MAX_BYTES:
        raise BadTable("too_large", "ファイルが 大きすぎます。", "the file is too large")
    lines = _lines(_text(data))
    columns = [_plain(cell).lower() for cell in lines[0]] if lines else []
    if sorted(columns) != sorted(CSV_COLUMNS):
        raise BadTable(
            "bad_columns",
            f"1行目は {'、'.join(CSV_COLUMNS)} に してください。",
            f"the first row must be {','.join(CSV_COLUMNS)}",
        )
    rows = tuple(
        _row(place, columns, cells) for place, cells in enumerate(lines[1:], 2) if any(map(str.strip, cells))
    )
    if not rows:
        raise BadTable("no_rows", "記録が 1行も ありません。", "there is no row of figures")
    if len(rows) > MAX_ROWS:
        raise BadTable("too_large", "行が 多すぎます。", "there are too many rows")
    return Receptions(rows)


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadTable("bad_encoding", "文字コードが わかりません。", "the file is neither UTF-8 nor Shift_JIS")


def _lines(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise BadTable("not_csv", "CSVとして 読めません。", "the file is not CSV") from error


def _plain(cell: str) -> str:
    """Full-width letters and digits as plain ones; for figures and words of ours, never for names."""
    return unicodedata.normalize("NFKC", cell).strip()


def _row(place: int, columns: Sequence[str], cells: Sequence[str]) -> ReceptionRow:
    if len(cells) != len(columns):
        raise BadTable("missing_cells", "マスの 数が 合いません。", "the wrong number of cells", place)
    cell = dict(zip(columns, cells, strict=True))
    mode = MODES.get(_plain(cell["mode"]).lower())
    if mode is None:
        raise BadTable("bad_mode", "modeは disaster か drill です。", "mode must be disaster or drill", place)
    row = ReceptionRow(
        _date(cell["date"], place),
        _kind(cell["kind"], place),
        mode,
        *(_number(cell[name], name, place) for name in ("shelters", "people", *METHODS)),
    )
    if row.households != _number(cell["households"], "households", place):
        raise BadTable(
            "methods_do_not_add_up",
            "アプリ・カード・紙の 合計が 世帯数と 合いません。",
            "app, card and paper do not add up to households",
            place,
        )
    return row


def _date(cell: str, place: int) -> str:
    found = re.fullmatch(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", _plain(cell), re.ASCII)
    if found:
        year, month, day = map(int, found.groups())
        try:
            return dt.date(year, month, day).isoformat()
        except ValueError:
            pass
    raise BadTable("bad_date", "dateは 2024-06-22 のように 書きます。", "date must be like 2024-06-22", place)


def _kind(cell: str, place: int) -> str:
    kind = cell.strip()
    if not kind or len(kind) > MAX_KIND or any(unicodedata.category(letter) == "Cc" for letter in kind):
        raise BadTable(
            "bad_kind",
            f"kindは 1行、{MAX_KIND}文字までで 書きます。",
            f"kind must be one line of at most {MAX_KIND} letters",
            place,
        )
    return kind


def _number(cell: str, name: str, place: int) -> int:
    text = _plain(cell)
    if not re.fullmatch(r"\d{1,9}|\d{1,3}(,\d{3}){1,2}", text, re.ASCII):
        raise BadTable("bad_number", f"{name}は 0以上の 整数です。", f"{name} must be a whole number", place)
    return int(text.replace(",", ""))
