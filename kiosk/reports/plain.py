"""A report as plain text for a terminal, as CSV for a spreadsheet, as JSON for a program."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterator

from kiosk.reports.cells import guarded
from kiosk.reports.report import Report, Table


def text(report: Report) -> str:
    """Tables in columns, wide letters counted as two cells."""
    return "\n".join(_text_lines(report)) + "\n"


def _text_lines(report: Report) -> Iterator[str]:
    yield report.title
    yield "=" * width(report.title)
    for label, value in report.facts:
        yield f"{label}：{value}"
    if report.warning:
        line = "!" * (width(report.warning) + 8)
        yield from ("", line, f"!!! {report.warning} !!!", line)
    for table in report.tables:
        yield from ("", f"【{table.title}】", *_table_lines(table))
        yield from (f"  {note}" for note in table.notes)
    yield ""
    yield from report.notes


def _table_lines(table: Table) -> Iterator[str]:
    lines = [tuple(column.title for column in table.columns), *(row.cells for row in table.rows)]
    widths = [max(width(cell) for cell in cells) for cells in zip(*lines, strict=True)]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    for place, cells in enumerate(lines):
        if place and table.rows[place - 1].total:
            yield rule
        yield "  ".join(
            _pad(cell, size, right=column.number)
            for cell, size, column in zip(cells, widths, table.columns, strict=True)
        ).rstrip()
        if not place:
            yield rule


def _pad(cell: str, size: int, *, right: bool) -> str:
    space = " " * (size - width(cell))
    return space + cell if right else cell + space


def width(line: str) -> int:
    """How many cells of a terminal a line takes."""
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in line
    )


def csv_bytes(report: Report) -> bytes:
    """The flat table, with the mark by which Excel knows UTF-8, lines ended as RFC 4180 has them."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(
        [guarded(cell) for cell in row] for row in report.records
    )
    return out.getvalue().encode("utf-8-sig")


def json_text(report: Report) -> str:
    """The report's data, one object."""
    return json.dumps(report.data, ensure_ascii=False, indent=2) + "\n"
