"""A household's pass on paper, for people without a phone: an A6 card, folded once to fit a wallet.

    inside    | how it is used, and whose it is | the code |        folded inwards, nobody can photograph it
    outside   | room for a telephone number     | title    |

On A6 the two sides are two pages, for a printer that prints both sides. On A4 they stand head to head on one
side of it: cut out, fold along the middle, fold again. A household with two codes has one in each half.
It refuses to know keys and files, and tells on paper only what helps: the head's name and how many they are,
and nothing of a sealed pass.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from kiosk.core.clock import JAPAN
from kiosk.core.entry_pass import PassHousehold
from kiosk.paper import page
from kiosk.paper.page import Sheet

Paper = Literal["a6", "a4"]
WIDTH, HEIGHT, HALF = 148.0, 105.0, 74.0
CODE = 62.0
"""Side of a code with its quiet zone: even of version 20 a module is 0.6 mm, twice what a webcam needs."""
_A4 = (210.0, 297.0)
_EDGE = 6.0
_STEPS = (
    "受付で この 紙を ひらきます。",
    "コードを カメラに 見せます。\nボタンは おしません。",
    "「受け付けました」と 出たら\nおわりです。",
)


@dataclass(frozen=True, slots=True)
class PassCard:
    """What a card says. Times are seconds since 1970."""

    codes: tuple[str, ...]
    """The texts of its one or two codes."""
    household: PassHousehold
    issued: int
    expires: int
    city: str = ""
    """Who issued it, in words; empty when only the number is known."""
    sealed: bool = False
    """Nothing of the household is printed in words."""


def pdf(card: PassCard, paper: Paper = "a6") -> bytes:
    """The card as a PDF: two A6 pages, or one A4 page to cut and fold."""
    width, height = (WIDTH, HEIGHT) if paper == "a6" else _A4
    # The moment of issue, not of printing: the same pass is the same file.
    with Sheet(width, height, "避難所 受付証", card.issued) as sheet:
        sheet.add_page()
        if paper == "a6":
            _inside(sheet, card, 0, 0)
            sheet.add_page()
            _outside(sheet, card, 0, 0)
        else:
            _to_cut(sheet, card)
        return sheet.pdf()


def _to_cut(sheet: Sheet, card: PassCard) -> None:
    left, top = (_A4[0] - WIDTH) / 2, (_A4[1] - 2 * HEIGHT) / 2
    with sheet.paper.rotation(180, left + WIDTH / 2, top + HEIGHT / 2):
        _outside(sheet, card, left, top)
    _inside(sheet, card, left, top + HEIGHT)
    sheet.paper.set_draw_color(*page.LINE)
    sheet.paper.set_line_width(0.15)
    for across in (left, left + WIDTH):
        for begin, end in ((top - 8, top - 2), (top + 2 * HEIGHT + 2, top + 2 * HEIGHT + 8)):
            sheet.paper.line(across, begin, across, end)
    for down in (top, top + 2 * HEIGHT):
        for begin, end in ((left - 8, left - 2), (left + WIDTH + 2, left + WIDTH + 8)):
            sheet.paper.line(begin, down, end, down)
    with sheet.paper.local_context():
        sheet.paper.set_dash_pattern(dash=1.5, gap=1.2)
        sheet.paper.line(left, top + HEIGHT, left + WIDTH, top + HEIGHT)
    sheet.write(
        "かどの 線で 切りぬき、まん中の 点線で うしろへ おり、もう一度 たての 点線で 中へ おります。",
        left,
        top - 14,
        9,
        width=WIDTH,
        align="C",
        colour=page.QUIET_INK,
    )


def _inside(sheet: Sheet, card: PassCard, left: float, top: float) -> None:
    if len(card.codes) == 1:
        _use(sheet, card, left, top)
        _code(sheet, card, 0, left + HALF, top)
    else:
        for place in range(2):
            _code(sheet, card, place, left + HALF * place, top)
    _fold(sheet, left + HALF, top)


def _fold(sheet: Sheet, across: float, top: float) -> None:
    """A line to fold along, and a mark at each end of it."""
    sheet.paper.set_draw_color(*page.LINE)
    sheet.paper.set_line_width(0.15)
    with sheet.paper.local_context():
        sheet.paper.set_dash_pattern(dash=1.2, gap=1.2)
        sheet.paper.line(across, top + 3, across, top + HEIGHT - 3)


_LONG_NAME = 10.0
"""Points: a name that would be smaller in one line has two."""


def _use(sheet: Sheet, card: PassCard, left: float, top: float) -> None:
    """The inside's left half: whose it is and how it is used."""
    width = HALF - 2 * _EDGE
    _band(sheet, left, top, 17)
    sheet.write("避難所 受付証", left + _EDGE, top + 3.6, 17, width=width, bold=True, colour=page.WHITE)
    sheet.write("Shelter entry pass", left + _EDGE, top + 11.4, 7.5, width=width, colour=page.WHITE)
    name, others = _whose(card)
    written = _name_lines(sheet, name, width)
    size, first = (16.0, 21.5) if len(written) == 1 else (_LONG_NAME, 20.0)
    for nth, line in enumerate(written):
        sheet.write(line, left + _EDGE, top + first + 4.6 * nth, size, width=width, bold=True)
    sheet.write(others, left + _EDGE, top + 29.5, 10, width=width, colour=page.QUIET_INK)
    down = top + 39
    for number, step in enumerate(_STEPS, 1):
        sheet.paper.set_fill_color(*page.TINT)
        sheet.paper.ellipse(left + _EDGE, down - 0.6, 7, 7, style="F")
        sheet.write(
            str(number), left + _EDGE, down + 0.6, 10.5, width=7, bold=True, align="C", colour=page.PRIMARY
        )
        lines = sheet.paragraph(step, left + _EDGE + 9.5, down + 0.5, 9.5, width=width - 9.5)
        down += max(lines, 6) + 4.2
    sheet.paragraph(
        f"{_dates(card)}\n引っこした、家族が かわった ときは\n新しい 受付証を もらってください。\n"
        f"ひろった 方は {card.city or '市役所'}へ おとどけください。",
        left + _EDGE,
        top + 82,
        6.8,
        width=width,
        colour=page.QUIET_INK,
    )


def _name_lines(sheet: Sheet, name: str, width: float) -> list[str]:
    """A name in one line, or in two where it would become small: between its parts if both have room."""
    lines = sheet.broken(name, _LONG_NAME, width, 2)
    if len(lines) == 1:
        return lines
    for place in reversed([nth for nth, letter in enumerate(name) if letter.isspace()]):
        parts = [name[:place], name[place:].strip()]
        if all(len(sheet.broken(part, _LONG_NAME, width, 2)) == 1 for part in parts):
            return parts
    return lines


def _dates(card: PassCard) -> str:
    issued, expires = (
        dt.datetime.fromtimestamp(moment, JAPAN).date() for moment in (card.issued, card.expires)
    )
    return (
        f"{issued.year}年{issued.month}月{issued.day}日 発行（第{card.household.revision}版） "
        f"{expires.year}年{expires.month}月まで"
    )


def _whose(card: PassCard) -> tuple[str, str]:
    members = len(card.household.members)
    head = card.household.members[0]
    name = None if card.sealed else head.name or head.kana
    if name is None:
        return f"{members}人の 世帯", "お名前は コードの 中に あります"
    return f"{name} さん", f"ほか {members - 1}人（{members}人の 世帯）" if members > 1 else "1人の 世帯"


def _code(sheet: Sheet, card: PassCard, place: int, left: float, top: float) -> None:
    """A half with one code."""
    beside = (HALF - CODE) / 2
    both = len(card.codes) > 1
    title = f"コード {place + 1} / 2" if both else "カメラに 見せる コード"
    sheet.write(title, left + beside, top + 8, 14, width=CODE, bold=True, align="C", colour=page.PRIMARY)
    sheet.paper.set_draw_color(*page.PRIMARY)
    sheet.paper.set_line_width(0.6)
    sheet.paper.rect(
        left + beside - 1, top + 18, CODE + 2, CODE + 2, style="D", round_corners=True, corner_radius=2.5
    )
    sheet.square(card.codes[place], left + beside, top + 19, CODE)
    told = (
        "2つとも 見せてください。どちらが 先でも よいです。"
        if both
        else "この 四角を まっすぐ カメラに 向けてください。"
    )
    sheet.write(told, left + beside, top + 84.5, 8.5, width=CODE, align="C")
    sheet.write(
        f"第{card.household.revision}版　世帯 {card.household.key[:4].hex().upper()}",
        left + beside,
        top + 91,
        6.8,
        width=CODE,
        align="C",
        colour=page.QUIET_INK,
    )


def _outside(sheet: Sheet, card: PassCard, left: float, top: float) -> None:
    """The back of the sheet: its right half is the front of the folded card."""
    front = left + HALF
    sheet.paper.set_fill_color(*page.PRIMARY)
    sheet.paper.rect(front, top, HALF, HEIGHT, style="F")
    sheet.write("避難所", front, top + 30, 24, width=HALF, bold=True, align="C", colour=page.WHITE)
    sheet.write("受付証", front, top + 42, 24, width=HALF, bold=True, align="C", colour=page.WHITE)
    sheet.write("Shelter entry pass", front, top + 56, 9.5, width=HALF, align="C", colour=page.WHITE)
    sheet.write(
        card.city or "", front + 4, top + 86, 11, width=HALF - 8, bold=True, align="C", colour=page.WHITE
    )
    sheet.write(
        "避難するとき お持ちください",
        front + 4,
        top + 93,
        8.5,
        width=HALF - 8,
        align="C",
        colour=page.WHITE,
    )
    width = HALF - 2 * _EDGE
    sheet.write("家族の 連絡先・薬の メモ", left + _EDGE, top + 9, 10.5, width=width, bold=True)
    sheet.paper.set_draw_color(*page.LINE)
    sheet.paper.set_line_width(0.2)
    for row in range(7):
        down = top + 25 + row * 9.5
        sheet.paper.line(left + _EDGE, down, left + _EDGE + width, down)
    if len(card.codes) > 1:
        name, others = _whose(card)
        sheet.write(f"{name}　{others}", left + _EDGE, top + 90, 8, width=width)
    sheet.write(_dates(card), left + _EDGE, top + 95.5, 6.8, width=width, colour=page.QUIET_INK)


def _band(sheet: Sheet, left: float, top: float, height: float) -> None:
    sheet.paper.set_fill_color(*page.PRIMARY)
    sheet.paper.rect(left, top, HALF, height, style="F")
