"""A drawing of a My Number card's face, with one place on it pointed at. No real card is imitated closely."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui import theme
from ui.theme import Scale
from ui.widgets.paint import box, painter_for

_WIDE, _HIGH = 86.0, 54.0
"""Millimetres of an ID-1 card, rounded: the drawing's own units."""
_LINES = ((6, 6, 30, 4), (6, 13, 62, 3.2), (6, 18, 54, 3.2))
"""Name and address."""
_PHOTO = (6, 25, 17, 20)
_PLACES: dict[str, tuple[float, float, float, float]] = {
    "birth": (28, 25, 36, 6),
    "form": (28, 25, 36, 6),
    "year": (28, 35, 36, 6),
    "code": (6, 47, 17, 5),
}
"""Where the birth date, the year of expiry and the security code stand."""


class CardFace(QLabel):
    """The card, grey, and a ring around what is asked for."""

    def __init__(self, scale: Scale, name: str) -> None:
        super().__init__()
        self._scale, self._place = scale, "birth"
        self.setAccessibleName(name)
        self.setMinimumHeight(scale.px(120))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def point_at(self, place: str) -> None:
        """Ring this place: `birth`, `form`, `year` or `code`."""
        if place != self._place:
            self._place = place
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """As large as there is room."""
        painter = painter_for(self)
        unit = min(self.width() / _WIDE, self.height() / _HIGH)
        left = (self.width() - unit * _WIDE) / 2
        top = (self.height() - unit * _HIGH) / 2

        def at(x: float, y: float, wide: float, high: float) -> QRectF:
            return QRectF(left + x * unit, top + y * unit, wide * unit, high * unit)

        box(painter, at(0, 0, _WIDE, _HIGH), 3 * unit, theme.CARD, theme.LINE, self._scale.px(1.5))
        for line in _LINES:
            self._bar(painter, at(*line), theme.CARD_LINE)
        box(painter, at(*_PHOTO), unit, theme.CARD_LINE)
        for name, area in _PLACES.items():
            if name != "form":
                self._bar(painter, at(*area).adjusted(unit, unit, -unit, -unit), theme.CARD_LINE)
        asked = at(*_PLACES[self._place])
        self._bar(painter, asked.adjusted(unit, unit, -unit, -unit), theme.CARD_INK)
        ring = asked.adjusted(-unit, -unit, unit, unit)
        box(painter, ring, 1.5 * unit, QColor(0, 0, 0, 0), theme.SCENE, self._scale.px(4))
        painter.end()

    @staticmethod
    def _bar(painter: QPainter, area: QRectF, ink: QColor) -> None:
        box(painter, area, area.height() / 3, ink)
