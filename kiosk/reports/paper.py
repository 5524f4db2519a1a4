"""What every list on paper has: a band that tells a drill from a disaster across a room, and a foot.

Lengths are millimetres. It refuses to know what is listed.
"""

from __future__ import annotations

from typing import Literal

from kiosk.core.household import Mode
from kiosk.paper import page
from kiosk.paper.page import Sheet
from kiosk.reports.cells import DRILL, OLD_LISTS, Heading

SIZES = {"portrait": (210.0, 297.0), "landscape": (297.0, 210.0)}
EDGE = 12.0
BAND = 15.0
TOP = BAND + 15.0
"""Where the content begins."""
FOOT = 13.0
CONFIDENTIAL = "個人情報です。持ち出さず、写真を とらず、係の人が 手もとで 使います。"


def sheet(heading: Heading, turned: Literal["portrait", "landscape"]) -> Sheet:
    """An empty document of A4."""
    width, height = SIZES[turned]
    return Sheet(width, height, heading.title, round(heading.made.timestamp()))


def begin(
    paper: Sheet,
    heading: Heading,
    number: int,
    pages: int,
    *,
    beside: str = "",
    note: str = "",
    foot: str = CONFIDENTIAL,
) -> None:
    """A new page with its band and foot; `beside` stands right of the title, `note` under the facts."""
    paper.add_page()
    _band(paper, heading, beside)
    wide = paper.paper.w - 2 * EDGE
    facts = "　".join(f"{label} {value}" for label, value in heading.facts[2:])
    paper.write(facts, EDGE, BAND + 2.2, 10.5, width=wide, bold=True)
    paper.write(note, EDGE, BAND + 2.2, 10.5, width=wide, align="R")
    paper.write(OLD_LISTS, EDGE, BAND + 8, 9.5, width=wide, colour=page.QUIET_INK)
    _foot(paper, heading, foot, number, pages)


def _band(paper: Sheet, heading: Heading, beside: str) -> None:
    drill = heading.mode is Mode.DRILL
    ground, ink = (page.DRILL, page.INK) if drill else (page.PRIMARY, page.WHITE)
    paper.paper.set_fill_color(*ground)
    paper.paper.rect(0, 0, paper.paper.w, BAND, style="F")
    wide = paper.paper.w - 2 * EDGE
    paper.write(heading.title, EDGE, 4.2, 18, width=wide * 0.3, bold=True, colour=ink)
    paper.write(heading.place, EDGE + wide * 0.3, 5.2, 14, width=wide * 0.4, bold=True, colour=ink)
    if drill:
        paper.write("訓 練", EDGE, 3.6, 20, width=wide, bold=True, align="R", colour=ink)
        paper.write(DRILL, EDGE + wide * 0.66, 11.4, 6.5, width=wide * 0.34, align="R", colour=ink)
    else:
        paper.write(beside, EDGE, 5.2, 14, width=wide, bold=True, align="R", colour=ink)


def _foot(paper: Sheet, heading: Heading, foot: str, number: int, pages: int) -> None:
    down, wide = paper.paper.h - FOOT + 3, paper.paper.w - 2 * EDGE
    paper.paper.set_draw_color(*page.LINE)
    paper.paper.set_line_width(0.2)
    paper.paper.line(EDGE, down - 1.5, EDGE + wide, down - 1.5)
    left = f"{heading.place}　版 {heading.version}　{heading.made:%Y-%m-%d %H:%M}　{foot}"
    paper.write(left, EDGE, down, 8, width=wide - 30, colour=page.QUIET_INK)
    paper.write(f"{number} / {pages}", EDGE, down, 10, width=wide, bold=True, align="R")


def head_row(
    paper: Sheet,
    titles: tuple[str, ...],
    widths: tuple[float, ...],
    left: float,
    top: float,
    height: float = 8,
) -> None:
    """The line of a table that names its columns."""
    paper.paper.set_fill_color(*page.TINT)
    paper.paper.rect(left, top, sum(widths), height, style="F")
    across = left
    for title, width in zip(titles, widths, strict=True):
        paper.write(title, across + 0.8, top + height / 2 - 1.9, 8.5, width=width - 1.6, bold=True)
        across += width
    rule(paper, left, top + height, sum(widths), heavy=True)


def rule(paper: Sheet, left: float, top: float, width: float, *, heavy: bool = False) -> None:
    """A line across a table."""
    paper.paper.set_draw_color(*(page.PRIMARY if heavy else page.LINE))
    paper.paper.set_line_width(0.6 if heavy else 0.15)
    paper.paper.line(left, top, left + width, top)
