"""A shelter's poster (A4): the shelter code for phones, large enough to be scanned across a table.

It refuses to know who signed the code. A drill's poster is yellow, so that none is left hanging unseen.
"""

from __future__ import annotations

from kiosk.core.household import Mode
from kiosk.core.shelter_code import ShelterCode
from kiosk.paper import page
from kiosk.paper.page import Sheet

WIDTH, HEIGHT = 210.0, 297.0
CODE = 140.0
_EDGE = 15.0
_STEPS = (
    ("アプリを ひらく", "Open the city's app"),
    ("この コードを うつす", "Scan this code"),
    ("来た 人数を 送る", "Send how many you are"),
)


def pdf(code: ShelterCode, text: str, printed: int) -> bytes:
    """The poster of the code whose text is `text`; `printed` is in seconds since 1970."""
    with Sheet(WIDTH, HEIGHT, "避難所コード", printed) as sheet:
        sheet.add_page()
        _draw(sheet, code, text)
        return sheet.pdf()


def _draw(sheet: Sheet, code: ShelterCode, text: str) -> None:
    drill = code.mode is Mode.DRILL
    ground, ink = (page.DRILL, page.INK) if drill else (page.PRIMARY, page.WHITE)
    width = WIDTH - 2 * _EDGE
    sheet.paper.set_fill_color(*ground)
    sheet.paper.rect(0, 0, WIDTH, 46, style="F")
    sheet.write("避難所に 着いたら", _EDGE, 9, 17, width=width, bold=True, colour=ink)
    sheet.write(code.name, _EDGE, 20, 40, width=width, bold=True, colour=ink)
    if drill:
        sheet.write("これは 訓練です", _EDGE, 8, 19, width=width, bold=True, align="R", colour=ink)
    left = (WIDTH - CODE) / 2
    sheet.paper.set_draw_color(*page.INK)
    sheet.paper.set_line_width(1.2)
    sheet.paper.rect(left - 2, 56, CODE + 4, CODE + 4, style="D", round_corners=True, corner_radius=5)
    sheet.square(text, left, 58, CODE)
    third = width / len(_STEPS)
    for number, (told, english) in enumerate(_STEPS):
        across = _EDGE + third * number
        sheet.paper.set_fill_color(*ground)
        sheet.paper.ellipse(across + third / 2 - 6, 210, 12, 12, style="F")
        sheet.write(
            str(number + 1), across + third / 2 - 6, 212, 20, width=12, bold=True, align="C", colour=ink
        )
        sheet.write(told, across, 226, 16, width=third - 3, bold=True, align="C")
        sheet.write(english, across, 234.5, 10, width=third - 3, align="C", colour=page.QUIET_INK)
    sheet.paper.set_fill_color(*page.TINT)
    sheet.paper.rect(_EDGE, 249, width, 25, style="F", round_corners=True, corner_radius=3)
    sheet.write(
        "スマートフォンが ない方、わからない方は、受付で 声を かけてください。",
        _EDGE + 5,
        253.5,
        15,
        width=width - 10,
        bold=True,
    )
    sheet.write("No phone, or need help? Please speak to the staff.", _EDGE + 5, 263, 11, width=width - 10)
    sheet.write(
        f"市区町村 {code.municipality}　避難所 {code.shelter}　番号 {code.series.hex()}",
        _EDGE,
        283,
        8.5,
        width=width,
        colour=page.QUIET_INK,
    )
