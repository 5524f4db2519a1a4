"""Typefaces: which languages are written in which, and the variants of kanji that Qt does not draw.

Fonts are loaded when something is to be written in them: a desk that speaks Japanese never reads the
Korean ones. A variant of a kanji is a character followed by a variation selector (葛 + U+E0100); Qt 6.11
ignores the selector, so `variant` looks the glyph up in the fonts' own tables (OpenType cmap, format 14)
and hands out its outline. Nothing here knows a screen.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from PySide6.QtGui import QFont, QFontDatabase, QPainterPath, QRawFont

import resources
from ui import theme

_FILES: Mapping[str, tuple[str, ...]] = {
    "BIZ UDPGothic": ("BIZUDPGothic-Regular.ttf", "BIZUDPGothic-Bold.ttf"),
    "Noto Sans JP": ("NotoSansJP-Regular.ttf",),
    "Noto Sans KR": ("NotoSansKR-Regular.ttf", "NotoSansKR-Bold.ttf"),
    "Noto Sans SC": ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"),
    "Noto Sans Devanagari": ("NotoSansDevanagari-Regular.ttf", "NotoSansDevanagari-Bold.ttf"),
    "Noto Sans": ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    "Kiosk Rare Names": ("RareNames-Regular.ttf",),
}
"""Family → its shipped files, regular first."""

_WRITTEN_IN: Mapping[str, str] = {
    "zh": "Noto Sans SC",
    "ko": "Noto Sans KR",
    "ne": "Noto Sans Devanagari",
    **dict.fromkeys(("en", "vi", "pt", "fil"), "Noto Sans"),
}
"""Language → the family before all others; those not named here are written in BIZ UDPGothic.

BIZ UDPGothic's own Latin letters hardly reach below the line (g, q): fine in Japanese, not for reading.
"""

_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]", "Noto Sans KR"),
    ("[\u0900-\u097f]", "Noto Sans Devanagari"),
    ("[\u0100-\u024f\u0300-\u036f\u1e00-\u1eff]", "Noto Sans"),
)
"""Letters a name may have → the family the whole name is then written in: a word in two looks broken."""

NAMES_REGULAR = ("BIZUDPGothic-Regular.ttf", "NotoSansJP-Regular.ttf", "RareNames-Regular.ttf")
NAMES_BOLD = ("BIZUDPGothic-Bold.ttf", *NAMES_REGULAR[1:])
"""Where a kanji of a name is looked for, in this order."""

SEQUENCE = re.compile("(.)([\ufe00-\ufe0f\U000e0100-\U000e01ef])", re.DOTALL)
"""A character with a variation selector."""

_EM = 1000.0
_BOLDER = 0.035
"""Em by which an outline is thickened where a family has no bold of its own."""


@cache
def load_family(family: str) -> None:
    """Make a shipped family known to Qt; once an application, and nothing for one that is not shipped."""
    for name in _FILES.get(family, ()):
        QFontDatabase.addApplicationFont(str(resources.path(f"fonts/{name}")))


def families(language: str) -> tuple[str, ...]:
    """What a language is written in, first choice first."""
    first = _WRITTEN_IN.get(language)
    return (first, *theme.FAMILIES) if first else theme.FAMILIES


def load(language: str) -> tuple[str, ...]:
    """Load what a language needs at once; returns its families."""
    load_family("BIZ UDPGothic")
    load_family(families(language)[0])
    return families(language)


def load_rarer() -> None:
    """Characters of names that the first typeface lacks (𠮷): after the first picture, it takes a while."""
    load_family("Noto Sans JP")


@lru_cache(maxsize=512)
def for_name(name: str) -> tuple[str, ...]:
    """The families for a person's name, loaded; Japanese ones whatever the screen speaks."""
    for letters, family in _SCRIPTS:
        if re.search(letters, name):
            load_family(family)
            return (family, *theme.FAMILIES)
    if any(not _raw(NAMES_REGULAR[0]).supportsCharacter(ord(letter)) for letter in name):
        load_rarer()
        if any(not _has(NAMES_REGULAR[:2], ord(letter)) for letter in name):
            load_family("Kiosk Rare Names")
    return theme.FAMILIES


@dataclass(frozen=True, slots=True)
class Glyph:
    """One drawn variant: its outline and its advance, for a size of 1000 pixels."""

    outline: QPainterPath
    advance: float
    thicken: float
    """Pixels of a pen that makes it as bold as its neighbours; 0 where it is."""

    def width(self, size: float) -> float:
        """Its advance at a size in pixels."""
        return self.advance * size / _EM


@lru_cache(maxsize=1024)
def variant(character: str, selector: str, *, bold: bool = False) -> Glyph | None:
    """The glyph of a variation sequence, or None where no shipped font knows it.

    Then the character is drawn as it is without the selector: the standard's own way out.
    """
    for name in NAMES_BOLD if bold else NAMES_REGULAR:
        special = _sequences(name).get((ord(character), ord(selector)))
        if special is None:
            continue
        raw = _raw(name)
        indexes = [special] if special else raw.glyphIndexesForString(character)
        if not indexes:
            continue
        advance = raw.advancesForGlyphIndexes(indexes)[0].x()
        thicken = _BOLDER * _EM if bold and "Bold" not in name else 0.0
        return Glyph(raw.pathForGlyph(indexes[0]), advance, thicken)
    return None


def _has(names: tuple[str, ...], character: int) -> bool:
    return any(_raw(name).supportsCharacter(character) for name in names)


@cache
def _raw(name: str) -> QRawFont:
    return QRawFont(str(resources.path(f"fonts/{name}")), _EM, QFont.HintingPreference.PreferNoHinting)


@cache
def _sequences(name: str) -> Mapping[tuple[int, int], int]:
    """(character, selector) → glyph index, or 0 for the character's usual one."""
    return dict(read_sequences(bytes(_raw(name).fontTable("cmap").data())))


def read_sequences(table: bytes) -> Iterator[tuple[tuple[int, int], int]]:
    """The variation sequences of an OpenType `cmap` table (format 14), as `_sequences` keeps them."""
    for number in range(struct.unpack_from(">H", table, 2)[0]):
        (start,) = struct.unpack_from(">I", table, 4 + 8 * number + 4)
        if struct.unpack_from(">H", table, start)[0] != 14:
            continue
        for record in range(struct.unpack_from(">I", table, start + 6)[0]):
            place = start + 10 + 11 * record
            selector = int.from_bytes(table[place : place + 3], "big")
            usual, special = struct.unpack_from(">II", table, place + 3)
            if usual:
                for character in _usual(table, start + usual):
                    yield (character, selector), 0
            if special:
                for character, glyph in _special(table, start + special):
                    yield (character, selector), glyph


def _usual(table: bytes, place: int) -> Iterator[int]:
    for number in range(struct.unpack_from(">I", table, place)[0]):
        at = place + 4 + 4 * number
        first = int.from_bytes(table[at : at + 3], "big")
        yield from range(first, first + table[at + 3] + 1)


def _special(table: bytes, place: int) -> Iterator[tuple[int, int]]:
    for number in range(struct.unpack_from(">I", table, place)[0]):
        at = place + 4 + 5 * number
        yield int.from_bytes(table[at : at + 3], "big"), int.from_bytes(table[at + 3 : at + 5], "big")
