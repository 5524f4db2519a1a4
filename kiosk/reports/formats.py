"""The formats a report can be had in: one table, to which a format is added by one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.reports import page, plain
from kiosk.reports.report import Report


@dataclass(frozen=True, slots=True)
class Format:
    """How a report becomes bytes; a `text` format can also be shown in a terminal."""

    render: Callable[[Report], bytes]
    text: bool = True


def _xlsx(report: Report) -> bytes:
    from kiosk.reports import report_xlsx  # noqa: PLC0415 - most reports are asked for as text: load it then

    return report_xlsx.xlsx_bytes(report)


def _pdf(report: Report) -> bytes:
    from kiosk.reports import report_pdf  # noqa: PLC0415 - it opens typefaces

    return report_pdf.pdf(report)


FORMATS: Mapping[str, Format] = {
    "table": Format(lambda report: plain.text(report).encode()),
    "json": Format(lambda report: plain.json_text(report).encode()),
    "csv": Format(plain.csv_bytes),
    "html": Format(lambda report: page.html(report).encode()),
    "xlsx": Format(_xlsx, text=False),
    "pdf": Format(_pdf, text=False),
}
"""By the word of `--format`; the first is the default."""


def render(report: Report, name: str) -> bytes:
    """The report's bytes in one of `FORMATS`; texts are UTF-8."""
    return FORMATS[name].render(report)


def shown(data: bytes) -> str:
    """The text to show for the bytes of a text format: without the mark a file carries for Excel."""
    return data.decode("utf-8-sig")
