"""Strokes that many widgets share: boxes, rings, key caps. Nothing here keeps state."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPaintDevice, QPainter, QPen

from ui import theme
from ui.theme import Scale


def painter_for(device: QPaintDevice) -> QPainter:
    """A painter with smooth edges; the caller ends it."""
    painter = QPainter(device)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    return painter


def box(
    painter: QPainter, area: QRectF, radius: float, fill: QColor, line: QColor | None = None, width: float = 0
) -> None:
    """A rounded box; its line lies inside the area."""
    half = width / 2 if line else 0
    painter.setPen(QPen(line, width) if line else Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(area.adjusted(half, half, -half, -half), radius - half, radius - half)


def ring_width(scale: Scale) -> int:
    """How much of a control the focus ring takes at each side."""
    return scale.px(theme.FOCUS_WIDTH) + scale.px(theme.FOCUS_GAP * 2)


def focus_ring(painter: QPainter, area: QRectF, radius: float, scale: Scale) -> None:
    """Two rings, one of which is seen on any ground."""
    outer = scale.px(theme.FOCUS_WIDTH)
    box(painter, area, radius, theme.FOCUS_RING)
    box(painter, area.adjusted(outer, outer, -outer, -outer), radius - outer, theme.FOCUS_HALO)


def fitted(text: str, font: QFont, width: float, least: int) -> QFont:
    """The font, made smaller until the text fits the width; never below `least` pixels."""
    fitting = QFont(font)
    while fitting.pixelSize() > least and QFontMetricsF(fitting).horizontalAdvance(text) > width:
        fitting.setPixelSize(fitting.pixelSize() - 1)
    return fitting


def key_width(key: str, scale: Scale) -> float:
    """How wide a little key is."""
    font = scale.font(theme.FINE, families=theme.FAMILIES)
    return max(QFontMetricsF(font).horizontalAdvance(key) + scale.px(18), scale.px(36))


def key_cap(painter: QPainter, right: float, middle: float, key: str, scale: Scale, *, dark: bool) -> float:
    """The key that does the same, as a little key; returns where it begins."""
    font = scale.font(theme.FINE, families=theme.FAMILIES)
    width = key_width(key, scale)
    height = scale.px(36)
    area = QRectF(right - width, middle - height / 2, width, height)
    fill = QColor(0, 0, 0, 0) if dark else theme.GREY
    box(painter, area, scale.px(6), fill, theme.PRIMARY_SOFT if dark else theme.LINE, max(1, scale.px(1.5)))
    painter.setPen(theme.ON_FILL if dark else theme.INK_SOFT)
    painter.setFont(font)
    painter.drawText(area, theme.ALIGN_CENTRE, key)
    return area.left()


def shadow(painter: QPainter, area: QRectF, radius: float, scale: Scale) -> None:
    """A soft shadow below a card: cheaper than Qt's effect, which repaints everything within it."""
    painter.setPen(Qt.PenStyle.NoPen)
    colour = QColor(theme.SHADOW)
    for spread in (6, 4, 2):
        colour.setAlpha(9)
        painter.setBrush(colour)
        grown = scale.px(spread)
        down = scale.px(3)
        painter.drawRoundedRect(
            area.adjusted(-grown, -grown + down, grown, grown + down), radius + grown, radius + grown
        )
