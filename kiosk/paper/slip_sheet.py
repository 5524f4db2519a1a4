"""転出票 on paper: half a page of A4 with the code that the next shelter's desk reads.

It refuses to know keys and files. In words it tells only what the desk that hands it over must not mix up:
the number, how many they are, and where they come from; names are sealed in the code.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kiosk.core.household import Mode
from kiosk.paper import page
from kiosk.paper.page import Sheet

WIDTH, HEIGHT = 210.0, 297.0
CODE = 110.0
"""Side of the code with its quiet zone: even of version 40 a module is 0.6 mm."""
_EDGE = 16.0
_STEPS = (
    "次の 避難所の 受付で この 紙を 出します。",
    "コードを カメラに 見せると 名前や 体のことを もう一度 言わなくて すみます。",
    "受付が おわったら この 紙は 係の人が 細かく切って すてます。",
)


@dataclass(frozen=True, slots=True)
class SlipSheet:
    """What a slip says."""

    text: str
    """The text of its code."""
    number: str
    persons: int
    place: str
    """The shelter they come from."""
    mode: Mode
    made: dt.datetime
    """Aware, in the shelter's zone."""


def pdf(slip: SlipSheet) -> bytes:
    """One page."""
    with Sheet(WIDTH, HEIGHT, "転出票", round(slip.made.timestamp())) as sheet:
        sheet.add_page()
        wide = WIDTH - 2 * _EDGE
        sheet.write("転出票", _EDGE, 14, 30, width=wide, bold=True)
        if slip.mode is Mode.DRILL:
            sheet.paper.set_fill_color(*page.DRILL)
            sheet.paper.rect(WIDTH - _EDGE - 40, 14, 40, 14, style="F")
            sheet.write("訓 練", WIDTH - _EDGE - 40, 15.5, 22, width=40, bold=True, align="C")
        sheet.write(slip.place, _EDGE, 31, 15, width=wide, colour=page.QUIET_INK)
        sheet.square(slip.text, (WIDTH - CODE) / 2, 44, CODE)
        sheet.write(f"受付番号 {slip.number}", _EDGE, 160, 26, width=wide, bold=True, align="C")
        told = f"{slip.persons}人　{slip.made:%Y年%m月%d日 %H:%M}"
        sheet.write(told, _EDGE, 174, 15, width=wide, align="C")
        down = 192.0
        for number, step in enumerate(_STEPS, 1):
            down += sheet.paragraph(f"{number}　{step}", _EDGE, down, 14, width=wide) + 2
        return sheet.pdf()
