"""Tiles to choose people and towns by: check boxes and buttons to assistive technology."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen

from ui import theme
from ui.theme import Scale
from ui.widgets.choices import OnOff, tick
from ui.widgets.icons import draw_icon
from ui.widgets.paint import box, fitted, key_cap, painter_for
from ui.widgets.text import NameLabel


class PersonTile(OnOff):
    """One person of the household: here or not. The whole tile is the target."""

    def __init__(self, scale: Scale, *, here: str, away: str) -> None:
        super().__init__(scale, "")
        self._here, self._away = here, away
        self._kana = self._detail = self._key = self._needs = ""
        # The name is a child so that every name is drawn by the one widget that can.
        self.name = NameLabel(scale, wrap=True)
        self.name.setParent(self)
        self.name.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_person(self, name: str, kana: str, detail: str, key: str, *, here: bool) -> None:
        """Show one person."""
        self._kana, self._detail, self._key = kana, detail, key
        self.name.show_name(name)
        self.setChecked(here)
        self.setText(name)
        said = (name, detail, self._here if here else self._away)
        self.setAccessibleName(" ".join(filter(None, said)))
        self.setAccessibleDescription(key)
        self._place()
        self.update()

    def show_needs(self, needs: str) -> None:
        """What helps them, on a tile tall enough."""
        self._needs = needs
        self.setAccessibleDescription(" ".join(filter(None, (needs, self._key))))
        self.update()

    def sizeHint(self) -> QSize:
        """As in the pictures."""
        return QSize(self.scale.px(428), self.height())

    def _place(self) -> None:
        px = self.scale.px
        tall = self.height() >= px(160)
        top = (px(50) if self._kana else px(28)) if tall else (px(40) if self._kana else px(20))
        self.name.setGeometry(px(28), top, self.width() - px(28 + 128), px(56 if tall else 48))

    def resizeEvent(self, _event: object) -> None:
        """Keep the name in its place."""
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Kana, name, age; at the right whether they are here, by sign, word and colour."""
        px = self.scale.px
        painter = painter_for(self)
        radius = px(20)
        area = self.body(painter, radius)
        here = self.isChecked()
        self.paint_ground(painter, area, radius - px(2))
        words = self.name.geometry()
        painter.setPen(theme.INK_SOFT)
        if self._kana:
            small = fitted(self._kana, self.scale.font(theme.SMALL), words.width(), px(theme.LEAST))
            painter.setFont(small)
            painter.drawText(
                QRectF(words.left(), words.top() - px(30), words.width(), px(32)),
                theme.ALIGN_LEFT,
                self._kana,
            )
        painter.setFont(fitted(self._detail, self.scale.font(theme.BODY), words.width(), px(theme.LEAST)))
        below = QRectF(words.left(), words.bottom() + px(2), words.width(), px(36))
        painter.drawText(below, theme.ALIGN_LEFT, self._detail)
        if self._needs and self.height() >= px(160):
            self._paint_needs(painter, QRectF(words.left(), below.bottom() + px(6), words.width(), px(36)))
        disc = px(68)
        middle = self.width() - px(66)
        top = px(24) if self.height() >= px(160) else px(14)
        ring = QRectF(middle - disc / 2, top, disc, disc)
        if here:
            tick(painter, ring)
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.LINE, px(3), Qt.PenStyle.DashLine))
            painter.drawEllipse(ring.adjusted(px(2), px(2), -px(2), -px(2)))
        painter.setPen(theme.PRIMARY if here else theme.INK_QUIET)
        painter.setFont(self.scale.font(theme.SMALL, bold=here))
        painter.drawText(
            QRectF(middle - px(60), ring.bottom() + px(4), px(120), px(36)),
            theme.ALIGN_CENTRE,
            self._here if here else self._away,
        )
        if self._key and self.height() >= px(160):
            key_cap(painter, area.right() - px(16), area.bottom() - px(30), self._key, self.scale, dark=False)
        painter.end()

    def _paint_needs(self, painter: QPainter, room: QRectF) -> None:
        px = self.scale.px
        font = fitted(self._needs, self.scale.font(theme.FINE), room.width() - px(58), px(theme.LEAST))
        text = QFontMetricsF(font).elidedText(self._needs, Qt.TextElideMode.ElideRight, room.width() - px(58))
        pill = QRectF(room)
        pill.setWidth(QFontMetricsF(font).horizontalAdvance(text) + px(58))
        box(painter, pill, pill.height() / 2, theme.YELLOW_TINT, theme.YELLOW_DEEP, px(1.5))
        side = px(24)
        sign = QRectF(pill.left() + px(14), pill.center().y() - side / 2, side, side)
        draw_icon(painter, "heart-pulse", sign, theme.YELLOW_DEEP)
        painter.setFont(font)
        painter.setPen(theme.INK)
        painter.drawText(pill.adjusted(px(46), 0, 0, 0), theme.ALIGN_LEFT, text)


class TownTile(OnOff):
    """One town, with the digit that picks it."""

    def __init__(self, scale: Scale, number: int) -> None:
        super().__init__(scale, "")
        self._number, self._kana = str(number), ""
        self._key = self._number
        self.setFixedHeight(scale.px(theme.TARGET))

    def show_town(self, name: str, kana: str, *, picked: bool) -> None:
        """Show a town."""
        self._kana = kana
        self.setText(name)
        self.setAccessibleName(name)
        self.setAccessibleDescription(self._number)
        self.setChecked(picked)
        self.update()

    def sizeHint(self) -> QSize:
        """Half of what there is."""
        return QSize(self.scale.px(380), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Digit, town, kana."""
        px = self.scale.px
        painter = painter_for(self)
        area = self.body(painter, px(14))
        self.paint_ground(painter, area, px(12))
        key_cap(painter, area.left() + px(52), area.center().y(), self._number, self.scale, dark=False)
        left = area.left() + px(68)
        room = area.right() - left - px(12)
        font = fitted(self.text(), self.scale.font(theme.BODY, bold=True), room, px(theme.LEAST))
        small = self.scale.font(theme.FINE)
        rest = room - QFontMetricsF(font).horizontalAdvance(self.text()) - px(12)
        painter.setFont(font)
        painter.setPen(theme.INK)
        painter.drawText(QRectF(left, area.top(), room, area.height()), theme.ALIGN_LEFT, self.text())
        if QFontMetricsF(small).horizontalAdvance(self._kana) <= rest:
            painter.setFont(small)
            painter.setPen(theme.INK_QUIET)
            painter.drawText(QRectF(left, area.top(), room, area.height()), theme.ALIGN_RIGHT, self._kana)
        painter.end()
