"""Setting a phrase in lines: where it may break, readings above characters, glyphs Qt can not draw.

Labels and buttons share it, so that the same phrase looks the same on both. It knows no widget: a phrase,
a font and a room go in, lines come out. Text that does not fit gets smaller, never cut.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from kiosk.core.household import NAME_GAP
from ui import fonts, theme
from ui.fonts import Glyph
from ui.words import BREAK, Phrase

BALANCED = 3
"""Up to so many lines are made equally long: a last line of one word looks like a mistake."""
UNBOUNDED = float(1 << 20)

_GAPS = (" ", NAME_GAP, BREAK)
_PIECES = re.compile(f"[ {NAME_GAP}{BREAK}]|[^ {NAME_GAP}{BREAK}]+")
_READING_ROOM = 0.3
"""Line height that a reading adds, in its character's size."""
_READING_FOOT = 0.93
"""How far above the line a reading stands, in its character's size."""

_BASELINE = 0.36
"""How far the line letters stand on is below a line's middle, in their size: about a kanji's box (0.88
above, 0.12 below), with room for what Devanagari hangs below. The same in all typefaces, or two languages
on one line would dance."""

Pieces = Callable[[str], Iterator[tuple[str, "Glyph | None"]]]
"""Cuts a text into words, spaces and what is drawn by its glyph."""


@dataclass(frozen=True, slots=True)
class Atom:
    """What is never broken: one word, one character with its reading, a glyph, or a space."""

    text: str
    reading: str
    width: float
    glyph: Glyph | None = None

    @property
    def space(self) -> bool:
        """Whether a line may break here."""
        return self.text in _GAPS


@dataclass(frozen=True, slots=True)
class Line:
    """A row of atoms."""

    atoms: tuple[Atom, ...]
    width: float
    reading: bool
    lead: float = 0.0
    """How far the first letter leans to the left of its place (J): part of the width, as at the end."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A phrase in lines, at one size."""

    font: QFont
    lines: tuple[Line, ...]
    leading: float
    whole: bool = True
    """No word had to be broken."""

    @property
    def width(self) -> float:
        """Of the longest line."""
        return max((line.width for line in self.lines), default=0.0)

    @property
    def height(self) -> float:
        """Of all lines."""
        return sum(self.line_height(line) for line in self.lines)

    def line_height(self, line: Line) -> float:
        """More where there are readings."""
        return self.font.pixelSize() * (self.leading + (_READING_ROOM if line.reading else 0))

    def inside(self, width: float, height: float) -> bool:
        """Whether nothing stands out of this room, and no word had to be broken for it."""
        return self.whole and self.width <= width + 1 and self.height <= height + 2


def plain_pieces(text: str) -> Iterator[tuple[str, Glyph | None]]:
    """Words and spaces."""
    for piece in _PIECES.findall(text):
        yield piece, None


def name_pieces(*, bold: bool) -> Pieces:
    """As any text, and each variation sequence by itself."""

    def pieces(text: str) -> Iterator[tuple[str, Glyph | None]]:
        for piece in _PIECES.findall(text):
            place = 0
            for found in fonts.SEQUENCE.finditer(piece):
                if found.start() > place:
                    yield piece[place : found.start()], None
                glyph = fonts.variant(found[1], found[2], bold=bold)
                yield found[0] if glyph else found[1], glyph
                place = found.end()
            if place < len(piece):
                yield piece[place:], None

    return pieces


def reading_font(font: QFont) -> QFont:
    """The font of the readings above a font's characters."""
    small = QFont(font)
    small.setBold(False)
    small.setPixelSize(max(1, round(font.pixelSize() * theme.READING)))
    return small


def set_in_lines(
    phrase: Phrase, font: QFont, width: float, *, leading: float, pieces: Pieces = plain_pieces
) -> Setting:
    """As few lines as the width allows, and those about as long as each other."""
    setting, words = _loosely(phrase, font, width, leading, pieces)
    return _balanced(setting, words, width)


def fit(
    phrase: Phrase,
    font: QFont,
    width: float,
    height: float,
    *,
    least: int,
    leading: float,
    wrap: bool = True,
    pieces: Pieces = plain_pieces,
) -> Setting:
    """The largest size, from the font's down to `least` pixels, at which everything is inside."""
    fitting = QFont(font)
    room = width if wrap else UNBOUNDED
    while True:
        # Making lines equal changes neither their number nor whether they are inside: it comes last.
        setting, words = _loosely(phrase, fitting, room, leading, pieces)
        if fitting.pixelSize() <= least or setting.inside(width, height):
            return _balanced(setting, words, room)
        fitting.setPixelSize(fitting.pixelSize() - 1)


def draw(painter: QPainter, setting: Setting, area: QRectF, align: Qt.AlignmentFlag, colour: QColor) -> None:
    """Draw the lines into an area, in its middle unless they are aligned to its top."""
    font, small = setting.font, reading_font(setting.font)
    metrics, tiny = QFontMetricsF(font), QFontMetricsF(small)
    painter.setPen(colour)
    top = area.top()
    if not align & Qt.AlignmentFlag.AlignTop:
        top += (area.height() - setting.height) / 2
    for line in setting.lines:
        left = area.left()
        if align & Qt.AlignmentFlag.AlignHCenter:
            left += (area.width() - line.width) / 2
        elif align & Qt.AlignmentFlag.AlignRight:
            left += area.width() - line.width
        left += line.lead
        tall = setting.line_height(line)
        middle = top + tall - font.pixelSize() * setting.leading / 2
        baseline = middle + font.pixelSize() * _BASELINE
        for atom in line.atoms:
            if atom.glyph is not None:
                _draw_glyph(painter, QPointF(left, baseline), atom.glyph, font.pixelSize(), colour)
            elif not atom.space:
                painter.setFont(font)
                inset = (atom.width - metrics.horizontalAdvance(atom.text)) / 2
                painter.drawText(QPointF(left + inset, baseline), atom.text)
            if atom.reading:
                painter.setFont(small)
                inset = (atom.width - tiny.horizontalAdvance(atom.reading)) / 2
                above = baseline - font.pixelSize() * _READING_FOOT
                painter.drawText(QPointF(left + inset, above), atom.reading)
            left += atom.width
        top += tall


def _draw_glyph(painter: QPainter, place: QPointF, glyph: Glyph, size: float, colour: QColor) -> None:
    painter.save()
    painter.translate(place)
    painter.scale(size / 1000, size / 1000)
    painter.setPen(QPen(colour, glyph.thicken) if glyph.thicken else Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPath(glyph.outline)
    painter.restore()


def _atoms(phrase: Phrase, font: QFont, pieces: Pieces) -> Iterator[Atom]:
    metrics = QFontMetricsF(font)
    small = QFontMetricsF(reading_font(font))
    for part in phrase.parts:
        if part.reading:
            width = max(metrics.horizontalAdvance(part.text), small.horizontalAdvance(part.reading))
            yield Atom(part.text, part.reading, width)
            continue
        for piece, glyph in pieces(part.text):
            if glyph is not None:
                yield Atom(piece, "", glyph.width(font.pixelSize()), glyph)
            else:
                yield Atom(piece, "", 0.0 if piece == BREAK else metrics.horizontalAdvance(piece))


def _loosely(
    phrase: Phrase, font: QFont, width: float, leading: float, pieces: Pieces
) -> tuple[Setting, list[list[Atom]]]:
    """As few lines as the width allows, each as long as can be; and the words they are made of."""
    atoms = list(_atoms(phrase, font, pieces))
    metrics = QFontMetricsF(font)
    words = _words(atoms)
    longest = max((sum(atom.width for atom in word) for word in words), default=0.0)
    lines = tuple(_line(line, metrics) for line in _broken(words, metrics, width))
    return Setting(QFont(font), lines, leading, longest <= width), words


def _balanced(setting: Setting, words: list[list[Atom]], width: float) -> Setting:
    """The same words in as many lines, about as long as each other."""
    if not 1 < len(setting.lines) <= BALANCED or not setting.whole:
        return setting
    metrics = QFontMetricsF(setting.font)
    # Never narrower than the longest word: making lines equal must not break one.
    low, high = max(sum(atom.width for atom in word) for word in words), width
    found = None
    while high - low > 4:
        middle = (low + high) / 2
        tried = _broken(words, metrics, middle)
        if len(tried) == len(setting.lines) and all(_length(line) <= middle for line in tried):
            high, found = middle, tried
        else:
            low = middle
    if found is None:
        return setting
    return replace(setting, lines=tuple(_line(line, metrics) for line in found))


def _broken(words: list[list[Atom]], metrics: QFontMetricsF, width: float) -> list[list[Atom]]:
    lines: list[list[Atom]] = [[]]
    used = 0.0
    for word in words:
        length = sum(atom.width for atom in word)
        if lines[-1] and used + length > width:
            lines.append([])
            used = 0.0
        if not lines[-1] and word[0].space:
            continue
        if length > width:
            word = _letters(word, metrics)  # noqa: PLW2901 - a long word is broken where it must be
        for atom in word:
            if lines[-1] and used + atom.width > width:
                lines.append([])
                used = 0.0
            lines[-1].append(atom)
            used += atom.width
    return [line for line in lines if line]


def _length(line: list[Atom]) -> float:
    while line and line[-1].space:
        line.pop()
    return sum(atom.width for atom in line)


def _words(atoms: list[Atom]) -> list[list[Atom]]:
    """Runs of atoms between which a line may break; a space is a run of its own."""
    runs: list[list[Atom]] = []
    for atom in atoms:
        if atom.space or not runs or runs[-1][-1].space:
            runs.append([atom])
        else:
            runs[-1].append(atom)
    return runs


def _letters(word: list[Atom], metrics: QFontMetricsF) -> list[Atom]:
    return [
        piece
        for atom in word
        for piece in (
            [atom]
            if atom.reading or atom.glyph
            else [Atom(letter, "", metrics.horizontalAdvance(letter)) for letter in atom.text]
        )
    ]


def _line(atoms: list[Atom], metrics: QFontMetricsF) -> Line:
    while atoms and atoms[-1].space:
        atoms.pop()
    lead = tail = 0.0
    if atoms and atoms[0].glyph is None:
        lead = max(0.0, -metrics.tightBoundingRect(atoms[0].text).left())
    if atoms and atoms[-1].glyph is None:
        tail = max(0.0, metrics.tightBoundingRect(atoms[-1].text).right() - atoms[-1].width)
    width = lead + sum(atom.width for atom in atoms) + tail
    return Line(tuple(atoms), width, any(atom.reading for atom in atoms), lead)
