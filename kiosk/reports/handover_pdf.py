"""引き継ぎ on paper: one page of A4 for the wall behind the desk, with boxes to tick and lines to sign."""

from __future__ import annotations

from kiosk.core.counts import EEI_NAMES, TRIAGE_NAMES
from kiosk.paper import page
from kiosk.paper.page import Sheet
from kiosk.reports import paper as papers
from kiosk.reports.cells import Heading
from kiosk.reports.handover import (
    TOLD_APART,
    AreaLine,
    HandOver,
    Reporting,
    area_lines,
    open_ends,
    reporting_facts,
    shelter_facts,
    sum_note,
)

_WIDE = papers.SIZES["portrait"][0] - 2 * papers.EDGE
_LEFT = papers.EDGE
_GAP = 6.0
_HALF = (_WIDE - _GAP) / 2
_LARGE = (
    ("避難者数（総数）", "persons", "人"),
    ("避難世帯数", "households", "世帯"),
    ("避難所外", "outside_persons", "人"),
)
MOST_AREAS = 8
NAMES_NOBODY = "名前は のっていません。"


_RED = (206, 0, 0)


def pdf(state: HandOver, reporting: Reporting, heading: Heading) -> bytes:
    """The sheet."""
    with papers.sheet(heading, "portrait") as sheet:
        papers.begin(sheet, heading, 1, 1, foot=NAMES_NOBODY)
        down = _large(sheet, state, papers.TOP)
        down = _open(sheet, state, down + 5)
        left = _counts(sheet, state, down + 5)
        right = _areas(sheet, area_lines(state), down + 5)
        right = _facts(
            sheet, "避難所と 本部", (*shelter_facts(state.shelter), *reporting_facts(reporting)), right
        )
        _sign(sheet, max(left, right) + 4)
        return sheet.pdf()


def _large(sheet: Sheet, state: HandOver, top: float) -> float:
    """What everybody asks first, to be read across the room."""
    counts, width = state.counts.to_dict(), (_WIDE - 2 * 4) / 3
    for place, (title, key, unit) in enumerate(_LARGE):
        left = _LEFT + place * (width + 4)
        sheet.paper.set_fill_color(*page.TINT)
        sheet.paper.rect(left, top, width, 24, style="F", round_corners=True, corner_radius=2)
        sheet.write(title, left + 4, top + 2.5, 10, width=width - 8, bold=True)
        sheet.write(f"{counts[key]}", left + 4, top + 7, 34, width=width - 22, bold=True)
        sheet.write(unit, left + 4, top + 13.5, 14, width=width - 8, align="R")
    return top + 24


def _title(sheet: Sheet, text: str, left: float, top: float, width: float) -> float:
    sheet.write(text, left, top, 12, width=width, bold=True)
    papers.rule(sheet, left, top + 6, width, heavy=True)
    return top + 6


def _open(sheet: Sheet, state: HandOver, top: float) -> float:
    """What is still open, each with a box to tick."""
    down = _title(sheet, "気をつけること", _LEFT, top, _WIDE)
    for one in open_ends(state.rows):
        colour = page.INK if one.numbers else page.QUIET_INK
        if one.numbers:
            sheet.paper.set_draw_color(*page.INK)
            sheet.paper.set_line_width(0.35)
            sheet.paper.rect(_LEFT + 1, down + 2.6, 4, 4)
        sheet.write(one.title, _LEFT + 8, down + 1.3, 10, width=62, bold=bool(one.numbers), colour=colour)
        sheet.write(one.what_to_do, _LEFT + 8, down + 6, 7.5, width=62, colour=page.QUIET_INK)
        parts = sheet.broken(one.shown, 10.5, _WIDE - 74, 2)
        for place, part in enumerate(parts):
            at = down + 2.8 + (place + 1 - len(parts) / 2) * 4.6 - 2.3
            sheet.write(part, _LEFT + 73, at, 10.5, width=_WIDE - 73, colour=colour)
        down += 11
        papers.rule(sheet, _LEFT, down, _WIDE)
    return down


def _counts(sheet: Sheet, state: HandOver, top: float) -> float:
    counts = state.counts.to_dict()
    down = _title(sheet, "人数（EEI・本部への 報告）", _LEFT, top, _HALF)
    for name, key in (
        *((EEI_NAMES[key], key) for key in EEI_NAMES),
        *((TRIAGE_NAMES[key], key) for key in TOLD_APART),
    ):
        sheet.write(name, _LEFT + 1, down + 1.1, 9.5, width=_HALF - 20)
        sheet.write(f"{counts[key]}", _LEFT, down + 0.8, 11, width=_HALF - 2, bold=True, align="R")
        down += 6.2
        papers.rule(sheet, _LEFT, down, _HALF)
    if note := sum_note(state.counts):
        down += (
            sheet.paragraph(note, _LEFT + 1, down + 1.5, 7.5, width=_HALF - 2, colour=page.QUIET_INK) + 1.5
        )
    return down


def _areas(sheet: Sheet, areas: tuple[AreaLine, ...], top: float) -> float:
    """Areas with a bar of how full they are; of more than fit, the fullest are not left out."""
    if not areas:
        return top
    left = _LEFT + _HALF + _GAP
    down = _title(sheet, "場所", left, top, _HALF)
    shown = (
        areas if len(areas) <= MOST_AREAS else sorted(areas, key=_fullness, reverse=True)[: MOST_AREAS - 1]
    )
    for area in shown:
        sheet.write(area.name, left + 1, down + 1, 9.5, width=_HALF - 30)
        sheet.write(area.shown, left, down + 1, 9.5, width=_HALF - 1, bold=True, align="R")
        if area.capacity:
            sheet.paper.set_fill_color(225, 229, 236)
            sheet.paper.rect(left + 1, down + 5.8, _HALF - 2, 1.6, style="F")
            sheet.paper.set_fill_color(*(_RED if area.is_full else page.PRIMARY))
            sheet.paper.rect(left + 1, down + 5.8, (_HALF - 2) * min(1.0, _fullness(area)), 1.6, style="F")
        down += 8.6
    if len(areas) > len(shown):
        sheet.write(f"ほか {len(areas) - len(shown)}か所", left + 1, down + 1, 9, width=_HALF - 2)
        down += 6
    return down + 4


def _fullness(area: AreaLine) -> float:
    return area.persons / area.capacity if area.capacity else 0.0


def _facts(sheet: Sheet, title: str, facts: tuple[tuple[str, str], ...], top: float) -> float:
    left = _LEFT + _HALF + _GAP
    down = _title(sheet, title, left, top, _HALF)
    for label, text in facts:
        sheet.write(label, left + 1, down + 1.3, 8.5, width=_HALF * 0.5, colour=page.QUIET_INK)
        sheet.write(text, left + _HALF * 0.42, down + 1.1, 9.5, width=_HALF * 0.58 - 1, bold=True, align="R")
        down += 6.2
        papers.rule(sheet, left, down, _HALF)
    return down


def _sign(sheet: Sheet, top: float) -> None:
    """Room for words, and for both names."""
    bottom = papers.SIZES["portrait"][1] - papers.FOOT - 2
    signed = bottom - 13
    if signed - top > 12:
        down = _title(sheet, "つぎの 係へ ひとこと", _LEFT, top, _WIDE) + 9
        while down < signed - 3:
            papers.rule(sheet, _LEFT, down, _WIDE)
            down += 9
    width = (_WIDE - 2 * _GAP) / 3
    for place, label in enumerate(("引き継ぐ人", "受ける人", "日時")):
        left = _LEFT + place * (width + _GAP)
        sheet.write(label, left, signed, 8.5, width=width, colour=page.QUIET_INK)
        sheet.paper.set_draw_color(*page.INK)
        sheet.paper.set_line_width(0.4)
        sheet.paper.line(left, bottom, left + width, bottom)
