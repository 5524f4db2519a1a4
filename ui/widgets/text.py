"""Text with readings above its characters, and names exactly as written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from kiosk.core.household import NAME_GAP
from ui import fonts, theme
from ui.fonts import Glyph
from ui.theme import Scale
from ui.widgets.paint import painter_for
from ui.words import BREAK, Part, Phrase

BALANCED = 3
"""Up to so many lines are made equally long: a last line of one word looks like a mistake."""


_GAPS = (" ", NAME_GAP, BREAK)
_PIECES = re.compile(f"[ {NAME_GAP}{BREAK}]|[^ {NAME_GAP}{BREAK}]+")


@dataclass(frozen=True, slots=True)
class _Atom:
    """What is never broken: one word, one character with its reading, or a space."""

    text: str
    reading: str
    width: float
    glyph: Glyph | None = None
    """Drawn instead of the text, where Qt can not."""

    @property
    def space(self) -> bool:
        return self.text in _GAPS


@dataclass(frozen=True, slots=True)
class _Line:
    atoms: tuple[_Atom, ...]
    width: float
    reading: bool


class Text(QLabel):
    """A phrase: wraps at its spaces, sets readings above, and shrinks rather than losing a character.

    `tight` leaves little air above and below, for numbers. It is a QLabel so that assistive technology
    finds the plain text; the drawing is its own.
    """

    def __init__(
        self,
        scale: Scale,
        size: float = theme.BODY,
        *,
        bold: bool = False,
        colour: QColor = theme.INK,
        align: Qt.AlignmentFlag = theme.ALIGN_LEFT,
        wrap: bool = False,
        tight: bool = False,
    ) -> None:
        super().__init__()
        self._leading = 1.12 if tight else theme.LINE_HEIGHT
        self._scale, self._size, self._bold, self._colour = scale, size, bold, colour
        self._align, self._wrap = align, wrap
        self._phrase = Phrase(())
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(scale.font(size, bold=bold))
        # Fixed would hold a wrapping text to the height of one line.
        height = QSizePolicy.Policy.Minimum if wrap else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, height)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)

    def say(self, phrase: Phrase) -> None:
        """Show this phrase."""
        if phrase != self._phrase:
            self._phrase = phrase
            self.setText(phrase.plain)
            self.setAccessibleName(phrase.plain)
            self.updateGeometry()
            self.update()

    def paint_in(self, colour: QColor) -> None:
        """Change the colour."""
        self._colour = colour
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Only a wrapping text does."""
        return self._wrap

    def heightForWidth(self, width: int) -> int:
        """The height of all lines at a width."""
        lines = self._lines(width if self._wrap else 1 << 20, self.font())
        return round(sum(self._line_height(line, self.font()) for line in lines)) or self._bare_height()

    def sizeHint(self) -> QSize:
        """One line, or for a wrapping text whatever width there is."""
        (width, height) = self._natural()
        return QSize(min(width, self.maximumWidth()), height)

    def minimumSizeHint(self) -> QSize:
        """It shrinks before it is cut: the width is whatever the layout has."""
        width, height = self._natural()
        return QSize(round(width * 0.5) if not self._wrap else self._scale.px(80), height)

    def _natural(self) -> tuple[int, int]:
        lines = self._lines(1 << 20, self.font())
        width = max((line.width for line in lines), default=0)
        height = sum(self._line_height(line, self.font()) for line in lines)
        return round(width) + 2, round(height) or self._bare_height()

    def _bare_height(self) -> int:
        return round(self.font().pixelSize() * self._leading)

    def _line_height(self, line: _Line, font: QFont) -> float:
        return font.pixelSize() * (self._leading + (0.22 if line.reading else 0))

    def _atoms(self, font: QFont) -> list[_Atom]:
        metrics = QFontMetricsF(font)
        small = QFontMetricsF(self._reading_font(font))

        def atom(text: str, reading: str = "") -> _Atom:
            return _Atom(
                text, reading, max(metrics.horizontalAdvance(text), small.horizontalAdvance(reading))
            )

        atoms: list[_Atom] = []
        for part in self._phrase.parts:
            if part.reading:
                atoms.append(atom(part.text, part.reading))
                continue
            for piece, glyph in self._pieces(part.text):
                if glyph is not None:
                    atoms.append(_Atom(piece, "", glyph.width(font.pixelSize()), glyph))
                else:
                    atoms.append(_Atom(BREAK, "", 0.0) if piece == BREAK else atom(piece))
        return atoms

    def _pieces(self, text: str) -> Iterator[tuple[str, Glyph | None]]:
        """Words and spaces, and what has to be drawn by its glyph."""
        for piece in _PIECES.findall(text):
            yield piece, None

    def _lines(self, width: float, font: QFont) -> list[_Line]:
        """As few lines as the width allows, and those about as long as each other."""
        lines = self._broken(width, font)
        if not 1 < len(lines) <= BALANCED:
            return lines
        # Never narrower than a word: making lines equal must not break one.
        low = max(sum(atom.width for atom in word) for word in _words(self._atoms(font)))
        high = width
        while high - low > 4:
            middle = (low + high) / 2
            tried = self._broken(middle, font)
            if len(tried) == len(lines) and all(line.width <= middle for line in tried):
                high, lines = middle, tried
            else:
                low = middle
        return lines

    def _broken(self, width: float, font: QFont) -> list[_Line]:
        lines: list[list[_Atom]] = [[]]
        used = 0.0
        metrics = QFontMetricsF(font)
        for word in _words(self._atoms(font)):
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
        return [_line(atoms) for atoms in lines if atoms]

    def _reading_font(self, font: QFont) -> QFont:
        small = QFont(font)
        small.setBold(False)
        small.setPixelSize(max(1, round(font.pixelSize() * theme.READING)))
        return small

    def _fitting(self) -> tuple[QFont, list[_Line]]:
        """The largest font, up to the wanted one, at which everything is inside."""
        font = QFont(self.font())
        while True:
            lines = self._lines(self.width() if self._wrap else 1 << 20, font)
            high = sum(self._line_height(line, font) for line in lines) > self.height() + 2
            wide = any(line.width > self.width() + 1 for line in lines)
            if font.pixelSize() <= self._scale.px(theme.LEAST) or not (high or wide):
                return font, lines
            font.setPixelSize(font.pixelSize() - 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw line by line."""
        font, lines = self._fitting()
        small = self._reading_font(font)
        metrics, tiny = QFontMetricsF(font), QFontMetricsF(small)
        painter = painter_for(self)
        painter.setPen(self._colour)
        height = sum(self._line_height(line, font) for line in lines)
        top = 0.0 if self._align & Qt.AlignmentFlag.AlignTop else (self.height() - height) / 2
        for line in lines:
            left = 0.0
            if self._align & Qt.AlignmentFlag.AlignHCenter:
                left = (self.width() - line.width) / 2
            elif self._align & Qt.AlignmentFlag.AlignRight:
                left = self.width() - line.width
            tall = self._line_height(line, font)
            foot = top + tall - font.pixelSize() * self._leading / 2
            baseline = foot + (metrics.ascent() - metrics.descent()) / 2
            for atom in line.atoms:
                painter.setFont(font)
                if atom.glyph is not None:
                    _draw_glyph(painter, QPointF(left, baseline), atom.glyph, font.pixelSize(), self._colour)
                elif not atom.space:
                    inset = (atom.width - metrics.horizontalAdvance(atom.text)) / 2
                    painter.drawText(QPointF(left + inset, baseline), atom.text)
                if atom.reading:
                    painter.setFont(small)
                    inset = (atom.width - tiny.horizontalAdvance(atom.reading)) / 2
                    painter.drawText(QPointF(left + inset, baseline - font.pixelSize() * 0.93), atom.reading)
                left += atom.width
            top += tall
        painter.end()


def _draw_glyph(painter: QPainter, place: QPointF, glyph: Glyph, size: float, colour: QColor) -> None:
    painter.save()
    painter.translate(place)
    painter.scale(size / 1000, size / 1000)
    painter.setPen(QPen(colour, glyph.thicken) if glyph.thicken else Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPath(glyph.outline)
    painter.restore()


def _words(atoms: list[_Atom]) -> list[list[_Atom]]:
    """Runs of atoms between which a line may break; a space is a run of its own."""
    runs: list[list[_Atom]] = []
    for atom in atoms:
        if atom.space or not runs or runs[-1][-1].space:
            runs.append([atom])
        else:
            runs[-1].append(atom)
    return runs


def _letters(word: list[_Atom], metrics: QFontMetricsF) -> list[_Atom]:
    return [
        piece
        for atom in word
        for piece in (
            [atom]
            if atom.reading or atom.glyph
            else [_Atom(letter, "", metrics.horizontalAdvance(letter)) for letter in atom.text]
        )
    ]


def _line(atoms: list[_Atom]) -> _Line:
    while atoms and atoms[-1].space:
        atoms.pop()
    return _Line(tuple(atoms), sum(atom.width for atom in atoms), any(atom.reading for atom in atoms))


class NameLabel(Text):
    """A person's name, drawn from the string exactly as it was signed, read or typed.

    Every name on every screen goes through here: Qt ignores variation selectors, and this is the one
    place that draws them. Names are written in Japanese typefaces whatever language the screen speaks.
    """

    def __init__(
        self,
        scale: Scale,
        size: float = theme.NAME,
        *,
        bold: bool = True,
        align: Qt.AlignmentFlag = theme.ALIGN_LEFT,
        wrap: bool = False,
    ) -> None:
        super().__init__(scale, size, bold=bold, align=align, wrap=wrap)
        self.setFont(scale.font(size, bold=bold, families=theme.FAMILIES))
        self.name = ""

    def show_name(self, name: str) -> None:
        """Show a name; the string is kept as it is."""
        self.name = name
        self.setFont(self._scale.font(self._size, bold=self._bold, families=fonts.for_name(name)))
        self.say(Phrase((Part(name),)))

    def _pieces(self, text: str) -> Iterator[tuple[str, Glyph | None]]:
        """As any text, and each variation sequence by itself."""
        for piece in _PIECES.findall(text):
            place = 0
            for found in fonts.SEQUENCE.finditer(piece):
                if found.start() > place:
                    yield piece[place : found.start()], None
                glyph = fonts.variant(found[1], found[2], bold=self._bold)
                yield found[0] if glyph else found[1], glyph
                place = found.end()
            if place < len(piece):
                yield piece[place:], None
