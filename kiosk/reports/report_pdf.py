"""A report on paper: A4, each chart above its table, what explains it below; the same words as the page.

Lengths are millimetres. It computes nothing, and no colour carries meaning alone.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from kiosk.core.household import Mode
from kiosk.core.words import MODE_WORDS
from kiosk.paper import page
from kiosk.paper.page import Sheet
from kiosk.reports.cells import DRILL
from kiosk.reports.report import Bar, BarChart, Report, ShareChart, Table
from kiosk.reports.svg import axis, end_of, shortest

_PAGE = (210.0, 297.0)
_EDGE = 14.0
_WIDE = _PAGE[0] - 2 * _EDGE
_BAND, _TOP = 16.0, 24.0
_BOTTOM = _PAGE[1] - 16.0
_LABEL, _FIGURE = 30.0, 26.0
"""Room left of a bar for its label, and right of it for its figure."""
_BAR, _ROW = 7.0, 13.0
_LINE = 6.6
_PALE = 0.7
_WARNING = (206, 0, 0)
_TITLE, _TEXT, _SMALL = 13.0, 9.5, 8.0


def pdf(report: Report) -> bytes:
    """The whole document."""
    made = 0 if report.made is None else round(report.made.timestamp())
    with Sheet(*_PAGE, report.title, made) as sheet:
        _Paper(sheet, report).write()
        return sheet.pdf()


class _Paper:
    """A document that is written from top to bottom, page by page."""

    def __init__(self, sheet: Sheet, report: Report) -> None:
        self._sheet = sheet
        self._report = report
        self._down = 0.0
        self._pages = 0

    def write(self) -> None:
        """Everything."""
        report, sheet = self._report, self._sheet
        self._page()
        for label, value in report.facts:
            sheet.write(label, _EDGE, self._down, _TEXT, width=24, colour=page.QUIET_INK)
            sheet.write(value, _EDGE + 24, self._down, _TEXT, width=_WIDE - 24)
            self._down += 5.2
        if report.warning:
            self._warning(report.warning)
        for place, table in enumerate(report.tables):
            if place < len(report.charts):
                self._chart(report.charts[place])
            self._table(table)
        for chart in report.charts[len(report.tables) :]:
            self._chart(chart)
        if report.notes:
            self._notes(report.notes, 5)

    def _page(self) -> None:
        sheet, report = self._sheet, self._report
        sheet.add_page()
        self._pages += 1
        drill = report.mode is Mode.DRILL
        ground, ink = (page.DRILL, page.INK) if drill else (page.PRIMARY, page.WHITE)
        sheet.paper.set_fill_color(*ground)
        sheet.paper.rect(0, 0, _PAGE[0], _BAND, style="F")
        sheet.write(report.title, _EDGE, 4.4, 17, width=_WIDE * 0.75, bold=True, colour=ink)
        mode = "" if report.mode is None else MODE_WORDS[report.mode]
        sheet.write(mode, _EDGE, 4.4, 17, width=_WIDE, bold=True, align="R", colour=ink)
        foot = _PAGE[1] - 10
        sheet.write(DRILL if drill else "", _EDGE, foot, _SMALL, width=_WIDE - 20, colour=page.QUIET_INK)
        sheet.write(str(self._pages), _EDGE, foot, 10, width=_WIDE, bold=True, align="R")
        self._down = _TOP

    def _room(self, height: float) -> None:
        """Go on to the next page unless so much fits on this one."""
        if self._down + height > _BOTTOM and self._down > _TOP:
            self._page()

    def _title(self, text: str, below: float) -> None:
        self._room(10 + min(below, _BOTTOM - _TOP - 10))
        self._down += 5
        self._sheet.write(text, _EDGE, self._down, _TITLE, width=_WIDE, bold=True)
        self._down += 8

    def _warning(self, text: str) -> None:
        self._down += 2
        self._sheet.paper.set_fill_color(*_WARNING)
        self._sheet.paper.rect(_EDGE, self._down, _WIDE, 11, style="F")
        self._sheet.write(
            text, _EDGE + 3, self._down + 2.4, 14, width=_WIDE - 6, bold=True, align="C", colour=page.WHITE
        )
        self._down += 11

    # -- tables ------------------------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        widths = self._widths(table)
        self._title(table.title, (len(table.rows) + 1) * _LINE)
        self._head(table, widths)
        for row in table.rows:
            if self._down + _LINE > _BOTTOM:
                self._page()
                self._head(table, widths)
            if row.total:
                self._rule(0.5, page.INK)
            self._cells(table, row.cells, widths, bold=row.total)
            self._rule(0.15, page.LINE)
        self._notes(table.notes, 2)

    def _head(self, table: Table, widths: list[float]) -> None:
        self._sheet.paper.set_fill_color(*page.TINT)
        self._sheet.paper.rect(_EDGE, self._down, _WIDE, _LINE, style="F")
        self._cells(table, tuple(column.title for column in table.columns), widths, bold=True)
        self._rule(0.6, page.PRIMARY)

    def _cells(self, table: Table, cells: tuple[str, ...], widths: list[float], *, bold: bool) -> None:
        across = _EDGE
        for place, (column, cell, width) in enumerate(zip(table.columns, cells, widths, strict=True)):
            self._sheet.write(
                cell,
                across + 1,
                self._down + 1.2,
                9 if place else 8.5,
                width=width - 2,
                bold=bold or not place,
                align="R" if column.number else "L",
            )
            across += width
        self._down += _LINE

    def _rule(self, heavy: float, colour: tuple[int, int, int]) -> None:
        self._sheet.paper.set_draw_color(*colour)
        self._sheet.paper.set_line_width(heavy)
        self._sheet.paper.line(_EDGE, self._down, _EDGE + _WIDE, self._down)

    def _widths(self, table: Table) -> list[float]:
        """As wide as the widest cells; what the page has left goes to all, twice to the first column."""
        paper = self._sheet.paper
        paper.set_font("BIZ", "B", 9)
        columns = zip(
            (column.title for column in table.columns), *(row.cells for row in table.rows), strict=True
        )
        natural = [
            max(float(paper.get_string_width(self._sheet.printable(cell))) for cell in cells) + 3
            for cells in columns
        ]
        spare = _WIDE - sum(natural)
        if spare < 0:
            return [width * _WIDE / sum(natural) for width in natural]
        share = spare / (len(natural) + 1)
        return [natural[0] + 2 * share, *(width + share for width in natural[1:])]

    def _notes(self, notes: tuple[str, ...], gap: float) -> None:
        self._down += gap
        for note in notes:
            self._room(2 * 4.2)
            self._sheet.write("・", _EDGE, self._down, _SMALL, width=4, colour=page.QUIET_INK)
            self._down += self._sheet.paragraph(
                note, _EDGE + 4, self._down, _SMALL, width=_WIDE - 4, colour=page.QUIET_INK, leading=1.35
            )

    # -- charts ------------------------------------------------------------------------------------------

    def _chart(self, chart: BarChart | ShareChart) -> None:
        rows = len(chart.bars) if isinstance(chart, BarChart) else len(chart.lines)
        self._title(chart.title, rows * _ROW + 12)
        if isinstance(chart, BarChart):
            self._bars(chart)
        else:
            self._shares(chart)
        self._down += 2

    def _bars(self, chart: BarChart) -> None:
        step, count = axis(max((end_of(bar) for bar in chart.bars), default=Fraction(0)))
        room = _WIDE - _LABEL - _FIGURE
        end = self._down + _ROW * len(chart.bars)

        def at(value: Fraction) -> float:
            return _EDGE + _LABEL + room * float(value / (step * count))

        paper = self._sheet.paper
        paper.set_draw_color(*page.LINE)
        paper.set_line_width(0.1)
        for place in range(count + 1):
            across = at(step * place)
            paper.line(across, self._down, across, end)
            label = f"{shortest(step * place)}{chart.unit}"
            self._sheet.write(
                label, across - 10, end + 0.5, _SMALL, width=20, align="C", colour=page.QUIET_INK
            )
        for bar in chart.bars:
            self._bar(bar, at)
        self._down = end + 5
        self._notes((chart.key,), 0)

    def _bar(self, bar: Bar, at: Callable[[Fraction], float]) -> None:
        sheet, paper, top = self._sheet, self._sheet.paper, self._down + (_ROW - _BAR) / 2
        sheet.write(bar.label, _EDGE, top - 0.6, 10, width=_LABEL - 2, bold=True)
        sheet.write(bar.under, _EDGE, top + 3.8, _SMALL, width=_LABEL - 2, colour=page.QUIET_INK)
        left, words = at(Fraction(0)), at(Fraction(0))
        solid = _rgb(bar.colour)
        for value, colour in ((bar.reach, _paler(solid)), (bar.value, solid)):
            if value:
                paper.set_fill_color(*colour)
                paper.rect(left, top, max(0.3, at(value) - left), _BAR, style="F")
                words = max(words, at(value))
        if bar.mark is not None:
            across = at(bar.mark)
            paper.set_draw_color(*page.INK)
            paper.set_line_width(0.5)
            paper.line(across, top - 1.5, across, top + _BAR + 1)
            paper.set_fill_color(*page.INK)
            paper.polygon(
                ((across - 1.6, top - 2.6), (across + 1.6, top - 2.6), (across, top - 0.2)), style="F"
            )
            paper.set_font("BIZ", "B", 11)
            if words - 1 < across < words + 3 + float(paper.get_string_width(bar.text)):
                words = across + 1
        sheet.write(bar.text, words + 2, top + 1, 11, width=_EDGE + _WIDE - words - 2, bold=True)
        self._down += _ROW

    def _shares(self, chart: ShareChart) -> None:
        paper, room = self._sheet.paper, _WIDE - _LABEL
        for label, parts in chart.lines:
            whole = sum(part.amount for part in parts) or 1
            self._sheet.write(label, _EDGE, self._down + 1.4, 10, width=_LABEL - 2, bold=True)
            across = _EDGE + _LABEL
            for number, part in enumerate(parts):
                paper.set_fill_color(*_rgb(part.colour))
                paper.rect(across, self._down, room * part.amount / whole, _BAR, style="F")
                across += room * part.amount / whole
                under = _EDGE + _LABEL + room * number / len(parts)
                paper.rect(under, self._down + 9, 3, 3, style="F")
                self._sheet.write(
                    f"{part.label} {part.text}",
                    under + 4.5,
                    self._down + 8.6,
                    _TEXT,
                    width=room / len(parts) - 5,
                )
            self._down += _ROW + 3


def _rgb(colour: str) -> tuple[int, int, int]:
    """#0017c1 as three numbers."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def _paler(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    red, green, blue = (round(part + (255 - part) * _PALE) for part in colour)
    return red, green, blue
