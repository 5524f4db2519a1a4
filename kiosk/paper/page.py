"""Sheets of paper with our typefaces: what the card and the poster have in common.

Lengths are millimetres, sizes of type points. It refuses to know what is printed.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any, Self

from fpdf import FPDF
from fpdf.fonts import TTFFont

import resources
from kiosk.paper import code

# The colours of the screens (ui/theme.py): who saw the desk knows its papers.
INK = (26, 26, 26)
QUIET_INK = (89, 89, 89)
LINE = (148, 148, 148)
WHITE = (255, 255, 255)
PRIMARY = (0, 23, 193)
TINT = (232, 241, 254)
DRILL = (255, 212, 61)

_POINT = 0.3528
"""Millimetres in a point."""
_MISSING = "〓"
"""What Japanese printers set for a character that no typeface has."""
_MORE = {
    "latin": "NotoSans-Regular.ttf",
    "han": "NotoSansSC-Regular.ttf",
    "hangul": "NotoSansKR-Regular.ttf",
    "devanagari": "NotoSansDevanagari-Regular.ttf",
    "rare": "RareNames-Regular.ttf",
}
"""What is opened, in this order, for a letter that Japanese typefaces lack."""
_PRIVATE = 0xF0000
"""Plane 15: code points of nobody, for glyphs that only a variation selector names."""


class Sheet:
    """One document, used with `with`. `paper` is fpdf2's, for shapes; letters and codes go through here."""

    def __init__(self, width: float, height: float, title: str, made: int) -> None:
        """Pages of this size, in BIZ UDPGothic, with other typefaces for characters that it lacks.

        `made` (seconds since 1970) stands in the file, so that the same content is the same file.
        """
        self.paper = FPDF(unit="mm", format=(min(width, height), max(width, height)))
        self._turned = width > height
        self.paper.set_auto_page_break(auto=False)
        self.paper.set_margin(0)
        self.paper.c_margin = 0
        self.paper.set_title(title)
        self.paper.set_lang("ja")
        self.paper.set_creator("shelter-kiosk")
        self.paper.set_creation_date(dt.datetime.fromtimestamp(made, dt.UTC))
        for style, name in (("", "Regular"), ("B", "Bold")):
            self.paper.add_font("BIZ", style, resources.path(f"fonts/BIZUDPGothic-{name}.ttf"))
        self.paper.add_font("Noto", "", resources.path("fonts/NotoSansJP-Regular.ttf"))
        self._typefaces = ["noto"]
        self.paper.set_fallback_fonts(["Noto"], exact_match=False)
        self._more = dict(_MORE)
        self._variants: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the typefaces' files, which fpdf2 holds open."""
        for name in ("biz", "bizB", *self._typefaces):
            self._font(name).ttfont.close()

    def add_page(self) -> None:
        """An empty page."""
        self.paper.add_page(orientation="L" if self._turned else "P")

    def pdf(self) -> bytes:
        """The whole document."""
        return bytes(self.paper.output())

    def write(  # noqa: PLR0913 - where, how large and how a line stands
        self,
        text: str,
        left: float,
        top: float,
        size: float,
        *,
        width: float,
        bold: bool = False,
        align: str = "L",
        colour: tuple[int, int, int] = INK,
        least: float = 5.0,
    ) -> float:
        """One line whose top is at `top`; returns the size it got.

        What is wider than `width` is set smaller in the middle of the line, down to `least`, and cut where
        even that is too wide.
        """
        height = size * _POINT * 1.25
        text = self.printable(" ".join(text.splitlines()))
        # A name of which one letter has no bold form stands in one weight, not in two.
        bold = bold and all(ord(letter) in self._font("bizB").cmap for letter in text)
        self.paper.set_text_color(*colour)
        self.paper.set_font("BIZ", "B" if bold else "", size)
        wide = self.paper.get_string_width(text)
        if wide > width:
            size = max(least, int(4 * size * width / wide) / 4)
            self.paper.set_font_size(size)
            text = self._cut(text, width)
        self.paper.set_xy(left, top)
        self.paper.cell(width, height, text, align=align)
        return size

    def broken(self, text: str, size: float, width: float, most: int) -> list[str]:
        """The text in at most `most` lines of this size, broken where they are full; the last one is cut."""
        self.paper.set_font("BIZ", "", size)
        rest, lines = self.printable(" ".join(text.splitlines())), list[str]()
        while rest and len(lines) < most - 1 and self._is_wider(rest, width):
            kept = max(1, self._fitting(rest, width))
            lines.append(rest[:kept])
            rest = rest[kept:].lstrip()
        return [*lines, self._cut(rest, width)] if rest else lines

    def _cut(self, text: str, width: float) -> str:
        """As much of the text as is not wider, with … for the rest."""
        if self.paper.get_string_width(text) <= width:
            return text
        return text[: self._fitting(text, width, "…")] + "…"

    def _fitting(self, text: str, width: float, after: str = "") -> int:
        """How many letters of the text are not wider, with `after` behind them."""
        too_wide = True
        return bisect_left(
            range(len(text)),
            too_wide,
            key=lambda length: self._is_wider(text[: length + 1] + after, width),
        )

    def _is_wider(self, text: str, width: float) -> bool:
        return bool(self.paper.get_string_width(text) > width)

    def paragraph(  # noqa: PLR0913 - as `write`
        self,
        text: str,
        left: float,
        top: float,
        size: float,
        *,
        width: float,
        bold: bool = False,
        align: str = "L",
        colour: tuple[int, int, int] = INK,
        leading: float = 1.45,
    ) -> float:
        """Lines broken where they must; returns the height they took."""
        self.paper.set_text_color(*colour)
        self.paper.set_font("BIZ", "B" if bold else "", size)
        self.paper.set_xy(left, top)
        height = size * _POINT * leading
        self.paper.multi_cell(width, height, self.printable(text), align=align, new_x="LEFT", new_y="NEXT")
        return float(self.paper.get_y()) - top

    def square(self, text: str, left: float, top: float, size: float) -> None:
        """The code of `text` in a square of `size`, quiet zone included; shapes, sharp at any size."""
        modules = code.rows(text)
        module = size / (len(modules) + 2 * code.QUIET)
        self.paper.set_fill_color(*WHITE)
        self.paper.rect(left, top, size, size, style="F")
        self.paper.set_fill_color(0, 0, 0)
        for down, row in enumerate(modules, code.QUIET):
            for start, end in _runs(row):
                across = left + (code.QUIET + start) * module
                # A hair of overlap, so that no viewer draws a light line between rows.
                self.paper.rect(across, top + down * module, (end - start) * module, module * 1.02, style="F")

    def printable(self, text: str) -> str:
        """What to give to fpdf2, so that each letter stands as written.

        Without a shaping library fpdf2 ignores variation selectors, by which names tell forms of one kanji
        apart: the form is looked up in the typeface here and put where a private code point finds it. A
        letter that no typeface has becomes 〓 (fpdf2 would name it in the log, and a log names nobody).
        """
        said = ""
        for letter, selector in _with_selectors(text):
            if selector and (variant := self._variant(letter, selector)):
                said += variant
            elif letter == "\n" or self._has(letter):
                said += letter
            else:
                said += _MISSING
        return said

    def _has(self, letter: str) -> bool:
        """Whether a typeface has it; more are opened only for letters that need them."""
        if any(ord(letter) in self._font(name).cmap for name in ("biz", *self._typefaces)):
            return True
        while self._more:
            if ord(letter) in self._open_one_more().cmap:
                return True
        return False

    def _open_one_more(self) -> TTFFont:
        name = next(iter(self._more))
        self.paper.add_font(name, "", resources.path(f"fonts/{self._more.pop(name)}"))
        self._typefaces.append(name)
        self.paper.set_fallback_fonts(self._typefaces, exact_match=False)
        return self._font(name)

    def _font(self, name: str) -> TTFFont:
        font = self.paper.fonts[name]
        assert isinstance(font, TTFFont)  # noqa: S101 - those of __init__ are
        return font

    def _variant(self, letter: str, selector: str) -> str | None:
        pair = letter + selector
        if pair not in self._variants:
            place = _PRIVATE + len(self._variants)
            found = False
            for name in ("biz", "bizB"):
                font = self._font(name)
                glyph = _variant_glyph(font.ttfont, ord(letter), ord(selector))
                if glyph is not None:
                    font.cmap[place] = glyph
                    font.glyph_ids[place] = font.ttfont.getGlyphID(glyph)
                    font.cw[place] = font.cw[ord(letter)]
                    found = True
            self._variants[pair] = chr(place) if found else ""
        return self._variants[pair] or None


def _variant_glyph(font: Any, letter: int, selector: int) -> str | None:  # noqa: ANN401 - fontTools has no types
    """The glyph of a variation sequence where it is another than the letter's own (cmap format 14)."""
    for table in font["cmap"].tables:
        if table.format == 14:
            for code_point, glyph in table.uvsDict.get(selector, ()):
                if code_point == letter:
                    return str(glyph) if glyph is not None else None
    return None


def _with_selectors(text: str) -> Iterator[tuple[str, str]]:
    """Letters, each with the variation selector that follows it, if one does."""
    last = ""
    for letter in text:
        if "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef":
            if last:
                yield last, letter
            last = ""
            continue
        if last:
            yield last, ""
        last = letter
    if last:
        yield last, ""


def _runs(row: bytearray) -> Iterator[tuple[int, int]]:
    """Where dark modules begin and end."""
    start: int | None = None
    for place, dark in enumerate((*row, 0)):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place
            start = None
