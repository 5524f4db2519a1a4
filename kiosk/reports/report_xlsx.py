"""A report as an Excel workbook: a sheet for each table as people read it, and one of plain figures.

Figures are numbers with the format they were printed in, so that they can be added up and still look as
everywhere else. It writes no formula, no link and no macro.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kiosk.reports.cells import guarded
from kiosk.reports.report import Report, Table
from kiosk.reports.xlsx import BAND, FONT, ON_BAND, OPTIONS

_FIGURE = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(%?)", re.ASCII)
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31
"""Letters of a sheet's name."""
RECORDS = "数値"
_WIDEST, _NARROWEST = 48, 8


def xlsx_bytes(report: Report) -> bytes:
    """The workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        about: dict[str, object] = {"title": report.title, "author": "shelter-kiosk"}
        if report.made is not None:
            about |= {"created": report.made.replace(tzinfo=None)}
        book.set_properties(about)
        for table in report.tables:
            _Page(book, report, _name(book, table.title)).table(table)
        _Page(book, report, _name(book, RECORDS)).records()
    return out.getvalue()


def _name(book: Workbook, title: str) -> str:
    name = _NOT_IN_A_NAME.sub(" ", title)[:LONGEST_NAME].strip() or RECORDS
    taken = {sheet.get_name() for sheet in book.worksheets()}
    return name if name not in taken else f"{name[: LONGEST_NAME - 3]} {len(taken) + 1}"


class _Page:
    """One sheet, written from its top."""

    def __init__(self, book: Workbook, report: Report, name: str) -> None:
        self._book = book
        self._report = report
        self._sheet: Worksheet = book.add_worksheet(name)
        self._row = 0
        self._sheet.set_landscape()
        self._sheet.set_paper(9)  # A4
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer("&R&P / &N")

    def table(self, table: Table) -> None:
        """The report's heading, one of its tables, and what explains it."""
        self._heading(len(table.columns))
        titles = [column.title for column in table.columns]
        self._line(titles, bold=True)
        for row in table.rows:
            numbers = [column.number for column in table.columns]
            self._line(row.cells, numbers, bold=row.total)
        widths = [
            max(map(_width, cells)) for cells in zip(titles, *(row.cells for row in table.rows), strict=True)
        ]
        self._columns(widths)
        self._row += 1
        for note in (*table.notes, *self._report.notes):
            self._text(note)

    def records(self) -> None:
        """The flat table, with programs' column names."""
        head, *rows = self._report.records
        self._line(head, bold=True)
        for row in rows:
            self._line(row, [True] * len(row))
        self._columns([max(map(_width, cells)) for cells in zip(head, *rows, strict=True)])
        self._sheet.freeze_panes(1, 0)

    def _heading(self, columns: int) -> None:
        report = self._report
        look: dict[str, object] = {"font_name": FONT, "bold": True, "font_size": 16}
        if report.mode is not None:
            look |= {"bg_color": BAND[report.mode], "font_color": ON_BAND[report.mode]}
        band = self._book.add_format(look)
        for column in range(columns):
            self._sheet.write_blank(0, column, None, band)
        self._sheet.write_string(0, 0, guarded(report.title), band)
        self._sheet.set_row(0, 26)
        self._row = 1
        self._text("　".join(f"{label} {value}" for label, value in report.facts))
        if report.warning:
            self._text(report.warning, bold=True)
        self._row += 1

    def _text(self, text: str, *, bold: bool = False) -> None:
        style = self._book.add_format({"font_name": FONT, "bold": bold})
        self._sheet.write_string(self._row, 0, guarded(text), style)
        self._row += 1

    def _line(
        self, cells: Sequence[str], numbers: Sequence[bool] | None = None, *, bold: bool = False
    ) -> None:
        for column, cell in enumerate(cells):
            line = {"font_name": FONT, "bold": bold, "bottom": 1, "bottom_color": "#949494"}
            figure = _FIGURE.fullmatch(cell) if numbers is not None and numbers[column] else None
            if figure is None:
                right = {"align": "right"} if numbers is not None and numbers[column] else {}
                self._sheet.write_string(
                    self._row, column, guarded(cell), self._book.add_format({**line, **right})
                )
                continue
            decimals, percent = figure.groups(default="")
            value = float(cell.replace(",", "").removesuffix("%"))
            shown = "#,##0" if "," in cell else "0"
            shown += f".{'0' * len(decimals)}{percent}" if decimals else percent
            self._sheet.write_number(
                self._row,
                column,
                round(value / 100, len(decimals) + 2) if percent else value,
                self._book.add_format({**line, "num_format": shown}),
            )
        self._row += 1

    def _columns(self, widths: list[int]) -> None:
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, min(_WIDEST, max(_NARROWEST, width)) + 2)


def _width(text: str) -> int:
    """In Excel's letters: a kanji is two wide."""
    return sum(1 + (not letter.isascii()) for letter in text)
