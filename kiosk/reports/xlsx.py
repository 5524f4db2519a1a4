"""A list as an Excel workbook: texts as texts, numbers as numbers, days as days, ready to be printed.

With `report_xlsx` the one place that knows XlsxWriter. It writes no formula, no link and no macro.
"""

from __future__ import annotations

import datetime as dt
import io

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kiosk.core.household import Mode
from kiosk.reports.cells import DRILL, OLD_LISTS, Heading, Listing, Value, guarded

FONT = "BIZ UDPGothic"
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": {"font_name": FONT, "font_size": 11, "valign": "vcenter"},
}
"""Of every workbook: what is text stays text."""
LONGEST_TEXT = 32_767
"""Letters a cell of Excel holds."""
FIRST_DAY = dt.date(1900, 3, 1)
"""Before it Excel counts a day that never was."""
_HEAD_ROW = 3
BAND = {Mode.DRILL: "#FFD43D", Mode.DISASTER: "#0017C1"}
ON_BAND = {Mode.DRILL: "#1A1A1A", Mode.DISASTER: "#FFFFFF"}


def xlsx_bytes(listing: Listing) -> bytes:
    """The workbook: three lines on the list itself, the head line, then the rows; one sheet.

    The head line stays in sight, is printed on every page and can be filtered by.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        head = listing.heading
        made = head.made.replace(tzinfo=None)
        book.set_properties({"title": head.title, "author": "shelter-kiosk", "created": made})
        sheet = book.add_worksheet(head.title[:31])
        _heading(book, sheet, listing)
        _table(book, sheet, listing)
        _for_paper(sheet, listing)
    return out.getvalue()


def _heading(book: Workbook, sheet: Worksheet, listing: Listing) -> None:
    head = listing.heading
    band = {"bg_color": BAND[head.mode], "font_color": ON_BAND[head.mode], "font_name": FONT, "bold": True}
    title = book.add_format({**band, "font_size": 18, "valign": "vcenter"})
    drill = f"　{DRILL}" if head.mode is Mode.DRILL else ""
    for row, text in (
        (0, f"{head.title}　{head.place}{drill}"),
        (1, "　".join(f"{label} {value}" for label, value in head.facts[1:]) + f"　{listing.summary}"),
        (2, OLD_LISTS),
    ):
        # Not merged: a merged line can not be sorted or filtered beside. The band runs over every column.
        style = title if row == 0 else book.add_format({"font_name": FONT, "bold": row == 2})
        for column in range(len(listing.fields)):
            sheet.write_blank(row, column, None, style)
        sheet.write_string(row, 0, guarded(text), style)
    sheet.set_row(0, 30)


def _table(book: Workbook, sheet: Worksheet, listing: Listing) -> None:
    line = {"font_name": FONT, "valign": "vcenter", "bottom": 1, "bottom_color": "#949494"}
    styles = {
        dt.datetime: book.add_format({**line, "num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        dt.date: book.add_format({**line, "num_format": "yyyy-mm-dd", "align": "left"}),
        int: book.add_format(line),
        str: book.add_format({**line, "num_format": "@"}),
    }
    titles = book.add_format({**line, "bold": True, "bg_color": "#E8F1FE", "text_wrap": True, "bottom": 2})
    for column, field in enumerate(listing.fields):
        # A kanji is two of Excel's letters wide.
        sheet.set_column(column, column, field.width * 2 + 1)
        sheet.write_string(_HEAD_ROW, column, field.title, titles)
    for row, cells in enumerate(listing.rows, _HEAD_ROW + 1):
        for column, value in enumerate(cells):
            _write(sheet, row, column, value, styles)
    last = max(_HEAD_ROW + len(listing.rows), _HEAD_ROW)
    sheet.autofilter(_HEAD_ROW, 0, last, len(listing.fields) - 1)
    sheet.freeze_panes(_HEAD_ROW + 1, 0)


def _write(sheet: Worksheet, row: int, column: int, value: Value, styles: dict[type, Format]) -> None:
    match value:
        case None:
            sheet.write_blank(row, column, None, styles[str])
        case str():
            text = guarded(value)
            sheet.write_string(
                row,
                column,
                text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…",
                styles[str],
            )
        case dt.datetime():
            sheet.write_datetime(row, column, value.replace(tzinfo=None), styles[dt.datetime])
        case dt.date() if value >= FIRST_DAY:
            sheet.write_datetime(row, column, value, styles[dt.date])
        case dt.date():
            sheet.write_string(row, column, value.isoformat(), styles[str])
        case _:
            sheet.write_number(row, column, value, styles[int])


def _for_paper(sheet: Worksheet, listing: Listing) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW)
    sheet.set_footer(f"&L{_footer(listing.heading)}&R&P / &N")
    if listing.heading.mode is Mode.DRILL:
        sheet.set_header(f"&C{DRILL}")
        sheet.set_tab_color(BAND[Mode.DRILL])


def _footer(head: Heading) -> str:
    # An ampersand begins an order to the printer.
    said = f"{head.title}　{head.place}　版 {head.version}　{head.made:%Y-%m-%d %H:%M}　{OLD_LISTS}"
    return said.replace("&", "&&")[:200]
