"""Opening sheets (開設シート): made by the officer with the master, printed before any disaster.

One series a shelter and mode. The token on the sheet comes from the master and the series, so the same
sheet can be printed again, and HQ keeps only its hash. It knows the tables, the core's sheet, and paper.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import segno
from sqlalchemy import Connection, and_, insert, select

import resources
from kiosk.core import sheet
from kiosk.core.household import Mode
from kiosk.core.ids import Randomness
from kiosk.core.keys import Master, MunicipalKeys, registration_token, transfer_key
from kiosk.core.sheet import OpeningSheet
from kiosk.core.trust import Issuer
from kiosk.core.words import MODE_WORDS
from kiosk.errors import KnownError
from kiosk.files import write_whole
from sync.hq import tables
from sync.hq.authority import Authority
from sync.hq.shelters import Shelter

DEVICES = 5
"""Laptops one series may register, unless told otherwise."""
if TYPE_CHECKING:
    from fpdf import FPDF

SERIES_SIZE = 8
MAX_TEXT = 1000
"""Characters of a code: up to QR version 21, which a 150 mm print still shows to a webcam."""
_MODULE = 6
"""Pixels a module in PNGs: 0.5 m in front of a 1280×720 camera needs about 3."""


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """A sheet, ready to be put on paper."""

    sheet: OpeningSheet
    text: str
    """What the code says."""
    devices: int

    @property
    def file_stem(self) -> str:
        """A file name that says which sheet it is: `4310010001-drill`."""
        return f"{re.sub(r'[^0-9A-Za-z_-]', '_', self.sheet.shelter)}-{self.sheet.mode.name.lower()}"

    def png(self) -> bytes:
        """The code alone, as a picture."""
        buffer = io.BytesIO()
        self.code().save(buffer, kind="png", scale=_MODULE, border=4)
        return buffer.getvalue()

    def code(self) -> segno.QRCode:
        """The QR code, error correction M."""
        return segno.make(self.text, error="m", boost_error=False, micro=False)


def make(  # noqa: PLR0913 - a sheet joins what the officer, the authority and the tables know
    connection: Connection,
    authority: Authority,
    master: Master,
    shelters: Sequence[Shelter],
    modes: Sequence[Mode],
    issuers: Sequence[Issuer] = (),
    *,
    hq_url: str | None = None,
    devices: int = DEVICES,
    randomness: Randomness,
    now: int,
) -> list[PrintedSheet]:
    """The sheets of these shelters, one each mode; series are begun where there are none.

    Raises:
        KnownError: `no_shelters`, or `sheet_too_large` when a code would hold more than can be read well.
    """
    if not shelters:
        raise KnownError(
            "no_shelters",
            "避難所が ありません。先に hq shelter を してください。",
            "there are no shelters yet; run `hq shelter add` or `import` first",
        )
    root = MunicipalKeys.derive(master).root
    printed = []
    for shelter in shelters:
        for mode in modes:
            identity, cap = _series(connection, master, shelter, mode, devices, randomness, now)
            opening = OpeningSheet(
                identity,
                mode,
                authority.municipality,
                shelter.id,
                shelter.name,
                hq_url or authority.hq_url,
                authority.ca_pin,
                authority.root_key,
                authority.records_key,
                transfer_key(master, mode),
                registration_token(master, identity),
                tuple(issuers),
            )
            text = sheet.write(opening, root)
            if len(text) > MAX_TEXT:
                raise KnownError(
                    "sheet_too_large",
                    "開設シートの コードが 大きくなりすぎます。発行者の 鍵を 減らしてください。",
                    "the code would be too large to read; give fewer issuers",
                )
            printed.append(PrintedSheet(opening, text, cap))
    return printed


def _series(
    connection: Connection,
    master: Master,
    shelter: Shelter,
    mode: Mode,
    devices: int,
    randomness: Randomness,
    now: int,
) -> tuple[bytes, int]:
    table = tables.series
    standing = connection.execute(
        select(table.c.id, table.c.device_cap)
        .where(
            and_(
                table.c.shelter == shelter.id,
                table.c.mode == int(mode),
                table.c.revoked_at.is_(None),
            )
        )
        .order_by(table.c.made_at.desc())
    ).first()
    if standing is not None:
        return bytes(standing.id), standing.device_cap
    identity = randomness(SERIES_SIZE)
    connection.execute(
        insert(table).values(
            id=identity,
            shelter=shelter.id,
            mode=int(mode),
            token_hash=sha256(registration_token(master, identity)).digest(),
            device_cap=devices,
            made_at=now,
        )
    )
    return identity, devices


def write(printed: Sequence[PrintedSheet], out: Path) -> list[Path]:
    """Put sheets on paper (`out` ends in .pdf) or into PNGs of the bare codes in the folder `out`.

    `DIR/*.png` means the folder DIR. Returns the files.

    Raises:
        KnownError: `disk_full` or `disk_unwritable`.
    """
    if out.suffix.lower() == ".pdf":
        write_whole(out, pdf(printed))
        return [out]
    folder = out.parent if out.suffix.lower() == ".png" else out
    paths = []
    for one in printed:
        path = folder / f"{one.file_stem}.png"
        write_whole(path, one.png())
        paths.append(path)
    return paths


def pdf(printed: Sequence[PrintedSheet]) -> bytes:
    """One A4 page a sheet."""
    from fpdf import FPDF  # noqa: PLC0415 - 0.8 s to load, and only paper needs it

    paper = FPDF(format="A4")
    paper.set_auto_page_break(auto=False)
    paper.set_title("開設シート")
    paper.set_lang("ja")
    for style, name in (("", "Regular"), ("B", "Bold")):
        paper.add_font("BIZ", style, resources.path(f"fonts/BIZUDPGothic-{name}.ttf"))
    for one in printed:
        _page(paper, one)
    return bytes(paper.output())


_STEPS = (
    "1. 受付の パソコンで「避難所を ひらく」を えらびます。",
    "2. 下の コードを カメラに 見せます。ネットワークは いりません。",
    "3. 係の人の 合言葉を 決めると、受付が 始められます。",
)


def _page(paper: FPDF, one: PrintedSheet) -> None:
    drill, opening = one.sheet.mode is Mode.DRILL, one.sheet
    paper.add_page()
    # The band tells a drill's sheet from a disaster's across a room, in black and white too.
    paper.set_fill_color(*((255, 212, 61) if drill else (26, 26, 26)))
    paper.set_text_color(*((0, 0, 0) if drill else (255, 255, 255)))
    paper.rect(0, 0, 210, 26, style="F")
    if drill:
        paper.set_line_width(1.5)
        paper.line(0, 26, 210, 26)
    paper.set_font("BIZ", "B", 26)
    paper.set_xy(15, 6)
    paper.cell(120, 14, "開設シート")
    paper.cell(60, 14, MODE_WORDS[opening.mode], align="R")
    paper.set_text_color(26, 26, 26)
    _fit(paper, opening.name, 15, 34, 180)
    paper.set_font("BIZ", "", 13)
    paper.set_xy(15, 50)
    for step in _STEPS:
        paper.cell(180, 8, step, new_x="LMARGIN", new_y="NEXT")
        paper.set_x(15)
    size = 150.0
    paper.image(io.BytesIO(one.png()), x=(210 - size) / 2, y=80, w=size, h=size)
    paper.set_font("BIZ", "B", 12)
    paper.set_xy(15, 236)
    paper.cell(180, 8, "この 紙は 鍵です。封筒に 入れて しまい、写真や コピーを とらないでください。")
    paper.set_font("BIZ", "", 10)
    paper.set_xy(15, 246)
    paper.multi_cell(
        180,
        6,
        "この 紙だけでは、だれの 記録も 読めません。\n"
        "なくした ときは 本部に 知らせてください。番号を 変えて 作り直します。\n"
        f"避難所 {opening.shelter}　市区町村 {opening.municipality}　"
        f"番号 {opening.series.hex()}　登録できる 台数 {one.devices}\n"
        f"本部 {opening.hq_url}",
    )


def _fit(paper: FPDF, text: str, left: float, top: float, width: float) -> None:
    """One line of text, as large as the width allows."""
    size = 30.0
    paper.set_font("BIZ", "B", size)
    while paper.get_string_width(text) > width - 2 and size > 8:
        size -= 1
        paper.set_font_size(size)
    paper.set_xy(left, top)
    paper.cell(width, 12, text)
