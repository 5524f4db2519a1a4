"""避難者名簿 on paper: A4 across, one line a person, households apart, kana above each name.

It refuses to know who may see it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from kiosk.core.dates import ERAS, BirthDate
from kiosk.core.household import Stay
from kiosk.paper import page
from kiosk.paper.page import Sheet
from kiosk.ports import RosterRow
from kiosk.reports import paper as papers
from kiosk.reports import roster_words as words
from kiosk.reports.cells import Heading
from kiosk.reports.roster import Line, address_of, lines, needs_of, received, summary

ROW, HEAD, _PAD = 8.6, 8.0, 1.0
_WIDE = papers.SIZES["landscape"][0] - 2 * papers.EDGE


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    width: float
    text: Callable[[Line], str]
    align: str = "L"
    size: float = 9.5
    lines: int = 1


def birth_of(birth: BirthDate | None) -> str:
    """昭55.2.17; what is unknown of it is left out."""
    if birth is None:
        return ""
    day = dt.date(birth.year, birth.month or 12, birth.day or 28)
    name, first = next((era[1], era[2]) for era in ERAS if day >= era[2] or era[0] == "M")
    parts = [
        f"{name[0]}{birth.year - first.year + 1}",
        *(str(part) for part in (birth.month, birth.day) if part),
    ]
    return ".".join(parts)


def _once(text: Callable[[Line], str]) -> Callable[[Line], str]:
    """Told in a household's first line; the others say that it is the same."""
    return lambda line: text(line) if line.leads else ("〃" if text(line) else "")


def _place(line: Line) -> str:
    stay = "" if line.home.stay is Stay.SHELTER else words.STAYS[line.home.stay]
    return "　".join(filter(None, (stay, line.home.area)))


_COLUMNS = (
    _Column("番号", 11, lambda line: str(line.number), "R"),
    _Column("世帯", 11, lambda line: str(line.household_number), "R"),
    _Column("氏名", 46, lambda line: line.person.called or "（名前なし）"),
    _Column("性別", 11, lambda line: words.SEXES[line.person.sex]),
    _Column("年齢", 11, lambda line: "" if line.age is None else str(line.age), "R"),
    _Column("生年月日", 22, lambda line: birth_of(line.person.birth), size=9),
    _Column("続柄", 16, lambda line: words.RELATIONS[line.person.relation]),
    _Column("住所", 64, _once(lambda line: address_of(line.home)), lines=2),
    _Column("電話", 28, _once(lambda line: line.home.phone), size=9),
    _Column("滞在場所", 24, _once(_place), lines=2),
    _Column("状況", 13, lambda line: words.PLACES[line.whereabouts]),
    _Column("入所", 22, lambda line: f"{received(line.row):%m/%d %H:%M}", size=9),
)
_NEEDS = _Column(
    "要配慮", 46, lambda line: "　".join(filter(None, (needs_of(line.person), line.person.note))), lines=2
)
_SMALL = 7.0
"""Points of what takes two lines."""


def pdf(rows: Iterable[RosterRow], heading: Heading, *, needs: bool = False) -> bytes:
    """The roster as a PDF; `needs` adds what is in confidence of each person."""
    listed = lines(rows, heading.made.date())
    columns = _fitted((*_COLUMNS, _NEEDS) if needs else _COLUMNS)
    height = papers.SIZES["landscape"][1] - papers.FOOT - papers.TOP - HEAD
    pages = _divided(listed, int(height / ROW)) or [[]]
    with papers.sheet(heading, "landscape") as sheet:
        for number, part in enumerate(pages, 1):
            papers.begin(sheet, heading, number, len(pages), note=summary(listed))
            _table(sheet, columns, part)
        return sheet.pdf()


def _fitted(columns: Sequence[_Column]) -> Sequence[_Column]:
    """Widths that together fill the paper."""
    share = _WIDE / sum(column.width for column in columns)
    return [replace(one, width=one.width * share) for one in columns]


def _divided(listed: Sequence[Line], most: int) -> list[list[Line]]:
    """Pages of at most `most` lines; a household is not torn apart where it fits on the next page."""
    pages: list[list[Line]] = []
    for line in listed:
        family = len(line.home.members)
        full = not pages or len(pages[-1]) == most
        torn = line.leads and family <= most // 2 and pages and len(pages[-1]) + family > most
        if full or torn:
            pages.append([])
        pages[-1].append(line)
    return pages


def _table(sheet: Sheet, columns: Sequence[_Column], part: Sequence[Line]) -> None:
    left, down = papers.EDGE, papers.TOP
    widths = tuple(column.width for column in columns)
    papers.head_row(sheet, tuple(column.title for column in columns), widths, left, down, HEAD)
    down += HEAD
    for place, line in enumerate(part):
        if line.household_number % 2 == 0:
            sheet.paper.set_fill_color(244, 246, 250)
            sheet.paper.rect(left, down, sum(widths), ROW, style="F")
        if place and line.leads:
            papers.rule(sheet, left, down, sum(widths))
        across = left
        for column in columns:
            _cell(sheet, column, line, across, down)
            across += column.width
        down += ROW
    papers.rule(sheet, left, down, sum(widths), heavy=True)


def _cell(sheet: Sheet, column: _Column, line: Line, left: float, top: float) -> None:
    text, inside = column.text(line), left + _PAD
    width = column.width - 2 * _PAD
    if column.title == "氏名":
        kana = (line.person.kana or "") if line.person.name else ""
        sheet.write(kana, inside, top + 0.7, 6.5, width=width, colour=page.QUIET_INK)
        sheet.write(text, inside, top + (3.2 if kana else 2.1), 11, width=width, bold=True, least=6)
        return
    if column.lines == 1 or len(sheet.broken(text, column.size * 0.88, width, 2)) < 2:
        top += ROW / 2 - column.size * 0.22
        sheet.write(text, inside, top, column.size, width=width, align=column.align)
        return
    parts = sheet.broken(text, _SMALL, width, 2)
    for place, part in enumerate(parts):
        sheet.write(part, inside, top + 1.0 + (place + 1 - len(parts) / 2) * 3.4, _SMALL, width=width)
