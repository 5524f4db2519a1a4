"""世帯カード on paper: one household a page of A4, with room to write by hand.

What is in confidence of a person stands on it only if it is in the row. It refuses to know who may see it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kiosk.core.household import Household, Person
from kiosk.paper import page
from kiosk.paper.page import Sheet
from kiosk.ports import RosterRow
from kiosk.reports import paper as papers
from kiosk.reports import roster_words as words
from kiosk.reports.cells import Heading, said_at
from kiosk.reports.report import METHOD_LABELS
from kiosk.reports.roster import Line, address_of, languages_of, needs_of, pets_of, received
from kiosk.reports.roster_pdf import birth_of

ROW, HEAD, FACT = 11.0, 7.5, 9.5
FIRST_PAGE, OTHER_PAGES = 9, 20
"""Members on a page."""
_WIDE = papers.SIZES["portrait"][0] - 2 * papers.EDGE
_LABEL = 30.0


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    width: float
    text: Callable[[Line], str]
    size: float = 10.5


_COLUMNS = (
    _Column("氏名", 54, lambda line: line.person.called or "（名前なし）"),
    _Column("性別", 13, lambda line: words.SEXES[line.person.sex]),
    _Column("年齢", 12, lambda line: "" if line.age is None else str(line.age)),
    _Column("生年月日", 24, lambda line: birth_of(line.person.birth), 9.5),
    _Column("続柄", 18, lambda line: words.RELATIONS[line.person.relation]),
    _Column("状況", 16, lambda line: words.PLACES[line.whereabouts]),
    _Column("要配慮など", 49, lambda line: _confidence(line.person), 9),
)


def _confidence(person: Person) -> str:
    waits = "保護者確認待ち" if person.provisional else ""
    return "　".join(filter(None, (waits, needs_of(person), person.note)))


def pdf(rows: Iterable[RosterRow], heading: Heading) -> bytes:
    """A card for each household, in the order given; a large one goes on over the page."""
    with papers.sheet(heading, "portrait") as sheet:
        for row in rows:
            _card(sheet, row, heading)
        if not sheet.paper.pages:
            papers.begin(sheet, heading, 1, 1)
        return sheet.pdf()


def _card(sheet: Sheet, row: RosterRow, heading: Heading) -> None:
    today = heading.made.date()
    listed = [Line(at, 1, row, person, today) for at, person in enumerate(row.household.members, 1)]
    pages = [listed[:FIRST_PAGE]]
    pages += [listed[at : at + OTHER_PAGES] for at in range(FIRST_PAGE, len(listed), OTHER_PAGES)]
    for number, part in enumerate(pages, 1):
        papers.begin(sheet, heading, number, len(pages), beside=row.number)
        down = _whose(sheet, row) if number == 1 else papers.TOP
        down = _members(sheet, part, down)
        if number == 1:
            down = _facts(sheet, row, down + 4)
        _by_hand(sheet, down + 4)


def _whose(sheet: Sheet, row: RosterRow) -> float:
    """Whose card it is, large enough to be found in a folder."""
    top, left = papers.TOP, papers.EDGE
    head = next((person for person in row.household.members if person.called), None)
    name = (head.called if head else None) or "（名前なし）"
    sheet.write((head.kana or "") if head else "", left, top, 9, width=120, colour=page.QUIET_INK)
    sheet.write(name, left, top + 4.5, 24, width=120, bold=True)
    there = f"{len(row.present)}人 在所 / {len(row.household.members)}人"
    sheet.write(there, left, top + 16.5, 12, width=120)
    sheet.paper.set_fill_color(*page.TINT)
    sheet.paper.rect(left + _WIDE - 60, top, 60, 23, style="F", round_corners=True, corner_radius=2)
    right = left + _WIDE - 57
    sheet.write("受付番号", right, top + 1.5, 8.5, width=54, colour=page.QUIET_INK)
    sheet.write(row.number, right, top + 5, 26, width=54, bold=True)
    stay = words.STAYS[row.household.stay]
    sheet.write(
        "　".join(filter(None, (stay, row.household.area))), right, top + 16.8, 11, width=54, bold=True
    )
    return top + 27


def _members(sheet: Sheet, part: Sequence[Line], top: float) -> float:
    share = _WIDE / sum(column.width for column in _COLUMNS)
    widths = tuple(column.width * share for column in _COLUMNS)
    papers.head_row(sheet, tuple(column.title for column in _COLUMNS), widths, papers.EDGE, top, HEAD)
    down = top + HEAD
    for line in part:
        across = papers.EDGE
        for column, width in zip(_COLUMNS, widths, strict=True):
            _cell(sheet, column, line, across + 1, down, width - 2)
            across += width
        down += ROW
        papers.rule(sheet, papers.EDGE, down, _WIDE)
    return down


def _cell(sheet: Sheet, column: _Column, line: Line, left: float, top: float, width: float) -> None:
    text = column.text(line)
    if column.title == "氏名":
        kana = (line.person.kana or "") if line.person.name else ""
        sheet.write(kana, left, top + 1.2, 7, width=width, colour=page.QUIET_INK)
        sheet.write(text, left, top + (4.2 if kana else 3), 13, width=width, bold=True, least=6)
        return
    parts = sheet.broken(text, column.size * 0.9, width, 2)
    if len(parts) < 2:
        sheet.write(text, left, top + ROW / 2 - column.size * 0.22, column.size, width=width)
        return
    for place, one in enumerate(sheet.broken(text, 7.5, width, 2)):
        sheet.write(one, left, top + 1.9 + place * 3.7, 7.5, width=width)


def _facts(sheet: Sheet, row: RosterRow, top: float) -> float:
    """What is told of the household as a whole; an empty line is there to be filled in."""
    home, at = row.household, received(row)
    facts = (
        ("住所", "　".join(filter(None, (_postcode(home), address_of(home))))),
        ("電話", home.phone),
        ("入所", f"{said_at(at)}　{METHOD_LABELS[row.method.word]}で 受付"),
        ("安否照会", f"ここに いることを 聞かれたら：{words.CONSENTS[home.consent]}"),
        ("ことば・大使館", _language_and_embassy(home)),
        ("ペット", pets_of(home)),
        ("備考", home.note),
    )
    down = top
    papers.rule(sheet, papers.EDGE, down, _WIDE, heavy=True)
    for label, text in facts:
        sheet.write(label, papers.EDGE + 1, down + 2.7, 9, width=_LABEL - 2, colour=page.QUIET_INK)
        inside, width = papers.EDGE + _LABEL, _WIDE - _LABEL - 1
        parts = sheet.broken(text, 10, width, 2)
        if len(parts) < 2:
            sheet.write(text, inside, down + 2.3, 11, width=width)
        for place, part in enumerate(parts if len(parts) == 2 else []):
            sheet.write(part, inside, down + 0.9 + place * 4.1, 9, width=width)
        down += FACT
        papers.rule(sheet, papers.EDGE, down, _WIDE)
    return down


def _postcode(home: Household) -> str:
    seven = re.fullmatch("([0-9]{3})-?([0-9]{4})", home.postcode)
    return f"〒{seven[1]}-{seven[2]}" if seven else home.postcode


def _language_and_embassy(home: Household) -> str:
    embassy = f"大使館（{home.embassy}）へ 知らせる" if home.embassy else ""
    return "　".join(filter(None, (languages_of(home), embassy)))


def _by_hand(sheet: Sheet, top: float) -> None:
    """Lines to write on: what happens meanwhile is not lost where nobody has a keyboard."""
    bottom = papers.SIZES["portrait"][1] - papers.FOOT - 1
    if bottom - top < 25:
        return
    sheet.write("書きこみ（後で 受付の パソコンに 入れます）", papers.EDGE, top, 9, width=_WIDE, bold=True)
    down, widths = top + 6, (28.0, _WIDE - 58.0, 30.0)
    papers.head_row(
        sheet, ("日時", "あったこと（外出・転出・体調 など）", "係"), widths, papers.EDGE, down, 6.5
    )
    down += 6.5 + 9
    while down < bottom:
        papers.rule(sheet, papers.EDGE, down, _WIDE)
        down += 9
