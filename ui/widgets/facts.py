"""What a household's card is made of: facts to open, masks to hold, people to choose, chips to tick."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui import theme
from ui.theme import Scale
from ui.widgets.buttons import Control
from ui.widgets.choices import OnOff, tick
from ui.widgets.icons import draw_icon
from ui.widgets.paint import box, fitted, key_cap, painter_for
from ui.widgets.text import NameLabel, Text
from ui.words import Phrase

MASK = "● ● ● ●"
"""What stands in place of something private: the same for every length."""


class FactTile(Control):
    """One fact of the card: what it is, how it stands, and the key that opens its page."""

    def __init__(self, scale: Scale, label: str, *, icon: str, key: str, height: float = 76) -> None:
        super().__init__(scale, label)
        self._label, self._icon, self._key, self._value = label, icon, key, ""
        self._quiet = True
        self.setAccessibleDescription(key)
        self.setFixedHeight(scale.px(height))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_fact(self, value: str, *, quiet: bool = False) -> None:
        """How it stands; `quiet` for what was never said."""
        self._value, self._quiet = value, quiet
        self.setAccessibleName(f"{self._label} {value}")
        self.setText(f"{self._label} {value}")
        self.update()

    def sizeHint(self) -> QSize:
        """Half of what there is."""
        return QSize(self.scale.px(300), self.height())

    def minimumSizeHint(self) -> QSize:
        """Words shrink before the tile does."""
        return QSize(self.scale.px(200), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Icon, label above value, key."""
        px = self.scale.px
        painter = painter_for(self)
        area = self.body(painter, px(16))
        pressed = self.isDown() or self.underMouse()
        box(painter, area, px(12), theme.PRIMARY_TINT if pressed else theme.PAPER, theme.LINE, px(2))
        side = px(30)
        left = area.left() + px(14)
        draw_icon(painter, self._icon, QRectF(left, area.center().y() - side / 2, side, side), theme.INK_SOFT)
        left += side + px(14)
        right = key_cap(painter, area.right() - px(12), area.center().y(), self._key, self.scale, dark=False)
        room = right - left - px(8)
        top = area.top() + px(7)
        painter.setPen(theme.INK_SOFT)
        painter.setFont(fitted(self._label, self.scale.font(theme.FINE), room, px(theme.LEAST)))
        painter.drawText(QRectF(left, top, room, px(28)), theme.ALIGN_LEFT, self._label)
        painter.setPen(theme.INK_QUIET if self._quiet else theme.INK)
        bold = not self._quiet
        # The page that opens holds all of it: a note is longer than any tile.
        least = QFontMetricsF(self.scale.font(theme.LEAST, bold=bold))
        value = least.elidedText(self._value, Qt.TextElideMode.ElideRight, room)
        painter.setFont(fitted(value, self.scale.font(theme.BODY, bold=bold), room, px(theme.LEAST)))
        painter.drawText(QRectF(left, top + px(27), room, px(34)), theme.ALIGN_LEFT, value)
        painter.end()


class HoldButton(Control):
    """Shows something private while it is held down, by finger, mouse or the space bar; never longer."""

    held = Signal()
    let_go = Signal()

    def __init__(self, scale: Scale, name: str, side: float = theme.TARGET) -> None:
        super().__init__(scale, "")
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFixedSize(scale.px(side), scale.px(side))
        self.pressed.connect(self.held)
        self.released.connect(self.let_go)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is the screen's: only what is held is shown."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """An eye, open while held."""
        px = self.scale.px
        painter = painter_for(self)
        area = self.body(painter, px(16))
        down = self.isDown()
        box(
            painter,
            area,
            px(12),
            theme.PRIMARY if down else theme.PAPER,
            theme.PRIMARY,
            px(2),
        )
        side = min(area.width(), area.height()) * 0.5
        place = QRectF(area.center().x() - side / 2, area.center().y() - side / 2, side, side)
        draw_icon(painter, "eye" if down else "eye-off", place, theme.ON_FILL if down else theme.PRIMARY)
        painter.end()


class MemberRow(OnOff):
    """One person of a list: name, a line about them, and where they are. Checked when chosen."""

    def __init__(self, scale: Scale, height: float = theme.TARGET, *, ticks: bool = False) -> None:
        """`ticks`: several may be chosen, and a tick says which."""
        super().__init__(scale, "")
        self._ticks = ticks
        self._detail = self._mark = self._key = ""
        self._mark_ink: QColor = theme.GREEN_DEEP
        self.setFixedHeight(scale.px(height))
        self.name = NameLabel(scale, theme.LEAD)
        self.name.setParent(self)
        self.name.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_person(
        self,
        name: str,
        detail: str,
        mark: str,
        key: str = "",
        *,
        chosen: bool,
        ink: QColor = theme.GREEN_DEEP,
    ) -> None:
        """Show one person; `mark` is where they are."""
        self._detail, self._mark, self._key, self._mark_ink = detail, mark, key, ink
        self.name.show_name(name)
        self.setText(name)
        self.setChecked(chosen)
        self.setAccessibleName(" ".join(filter(None, (name, detail, mark))))
        self.setAccessibleDescription(key)
        self._place()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(self.scale.px(480), self.height())

    def _mark_width(self) -> float:
        font = self.scale.font(theme.SMALL, bold=True)
        return QFontMetricsF(font).horizontalAdvance(self._mark) + self.scale.px(8)

    def _place(self) -> None:
        px = self.scale.px
        tall = bool(self._detail)
        left = px(72 if self._ticks else 20)
        width = self.width() - left - px(20) - self._mark_width() - (px(52) if self._key else 0)
        height = px(40)
        top = px(3) if tall else (self.height() - height) / 2
        self.name.setGeometry(left, round(top), max(px(80), round(width)), height)

    def resizeEvent(self, _event: object) -> None:
        """Keep the name in its place."""
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Name (a child), detail below, mark and key at the right."""
        px = self.scale.px
        painter = painter_for(self)
        area = self.body(painter, px(14))
        self.paint_ground(painter, area, px(12), theme.LINE_SOFT, width=3)
        if self._ticks:
            self._paint_tick(painter, area)
        right = area.right() - px(12)
        if self._key:
            right = key_cap(painter, right, area.center().y(), self._key, self.scale, dark=False) - px(10)
        painter.setPen(self._mark_ink)
        painter.setFont(self.scale.font(theme.SMALL, bold=True))
        painter.drawText(
            QRectF(area.left(), area.top(), right - area.left(), area.height()), theme.ALIGN_RIGHT, self._mark
        )
        if self._detail:
            left = px(72 if self._ticks else 20)
            room = right - self._mark_width() - left
            painter.setPen(theme.INK_SOFT)
            painter.setFont(fitted(self._detail, self.scale.font(theme.FINE), room, px(theme.LEAST)))
            painter.drawText(QRectF(left, px(41), room, px(27)), theme.ALIGN_LEFT, self._detail)
        painter.end()

    def _paint_tick(self, painter: QPainter, area: QRectF) -> None:
        side = self.scale.px(36)
        disc = QRectF(area.left() + self.scale.px(16), area.center().y() - side / 2, side, side)
        if self.isChecked():
            tick(painter, disc)
        else:
            box(painter, disc, side / 2, theme.PAPER, theme.LINE, self.scale.px(3))


class ChipTile(OnOff):
    """A thing that is so or not: icon, words, key. A check box to assistive technology."""

    def __init__(self, scale: Scale, label: str, *, icon: str, key: str = "", height: float = 128) -> None:
        super().__init__(scale, label)
        self._icon, self._key = icon, key
        self.setAccessibleDescription(key)
        self.setFixedHeight(scale.px(height))

    def show_chip(self, label: str, icon: str) -> None:
        """Stand for something else: chips are used again page after page."""
        self._icon = icon
        self.setText(label)
        self.setAccessibleName(label)
        self.update()

    def mark_key(self, key: str) -> None:
        """Be pressed by this key."""
        self._key = key
        self.setAccessibleDescription(key)
        self.update()

    def sizeHint(self) -> QSize:
        """A quarter of what there is."""
        return QSize(self.scale.px(240), self.height())

    def minimumSizeHint(self) -> QSize:
        """Words shrink before the tile does."""
        return QSize(self.scale.px(150), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Filled with the tint and ticked when on."""
        px = self.scale.px
        painter = painter_for(self)
        area = self.body(painter, px(18))
        on = self.isChecked()
        self.paint_ground(painter, area, px(14), lit=self.isDown())
        tall = self.height() >= px(112)
        side = px(44 if tall else 34)
        ink = theme.PRIMARY if on else theme.INK_SOFT
        if tall:
            spot = QRectF(area.left() + px(18), area.top() + px(16), side, side)
            words = QRectF(area.left() + px(18), area.bottom() - px(54), area.width() - px(36), px(44))
        else:
            spot = QRectF(area.left() + px(16), area.center().y() - side / 2, side, side)
            left = spot.right() + px(14)
            words = QRectF(left, area.top(), area.right() - left - px(60), area.height())
        draw_icon(painter, self._icon, spot, ink)
        if on:
            wide = px(34)
            far = area.right() - px(14) - wide - (px(48) if self._key else 0)
            tick(painter, QRectF(far, spot.center().y() - wide / 2, wide, wide))
        if self._key:
            key_cap(painter, area.right() - px(14), spot.center().y(), self._key, self.scale, dark=False)
        painter.setPen(theme.PRIMARY if on else theme.INK)
        painter.setFont(
            fitted(self.text(), self.scale.font(theme.LEAD, bold=True), words.width(), px(theme.LEAST))
        )
        painter.drawText(words, theme.ALIGN_LEFT, self.text())
        painter.end()


class Stepper(QWidget):
    """A number with one less and one more."""

    less = Signal()
    more = Signal()

    def __init__(
        self, scale: Scale, name: str, less: str, more: str, keys: tuple[str, str] = ("", "")
    ) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(scale.px(8))
        self.minus = RoundButton(scale, "minus", f"{name} {less}", keys[0])
        self.plus = RoundButton(scale, "plus", f"{name} {more}", keys[1])
        self.number = Text(scale, theme.NAME, bold=True, align=theme.ALIGN_CENTRE)
        self.number.setAccessibleDescription(name)
        self.number.setMinimumWidth(scale.px(96))
        self.minus.clicked.connect(self.less)
        self.plus.clicked.connect(self.more)
        for widget in (self.minus, self.number, self.plus):
            row.addWidget(widget)

    def show_number(self, number: int) -> None:
        """The number."""
        self.number.say(Phrase.of(str(number)))


class RoundButton(Control):
    """A sign to press, with its key beside it."""

    def __init__(self, scale: Scale, icon: str, name: str, key: str = "", side: float = theme.TARGET) -> None:
        super().__init__(scale, "")
        self._icon, self._key = icon, key
        self.setAccessibleName(name)
        self.setAccessibleDescription(key)
        self.setFixedSize(scale.px(side + (44 if key else 0)), scale.px(side))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The sign."""
        px = self.scale.px
        painter = painter_for(self)
        area = self.body(painter, px(16))
        pressed = self.isDown() or self.underMouse()
        box(painter, area, px(12), theme.PRIMARY_TINT if pressed else theme.PAPER, theme.PRIMARY, px(2))
        side = px(32)
        right = area.right()
        if self._key:
            right = key_cap(
                painter, area.right() - px(10), area.center().y(), self._key, self.scale, dark=False
            )
        middle = (area.left() + right) / 2
        spot = QRectF(middle - side / 2, area.center().y() - side / 2, side, side)
        draw_icon(painter, self._icon, spot, theme.PRIMARY)
        painter.end()


class Meter(QWidget):
    """How full something is, as a bar; the words beside it say the same."""

    def __init__(self, scale: Scale, height: float = 18) -> None:
        super().__init__()
        self._scale, self._part = scale, 0.0
        self.setFixedHeight(scale.px(height))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_part(self, part: float) -> None:
        """From 0 to 1; more is drawn as full."""
        self._part = max(0.0, min(1.0, part))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Blue, orange near the end."""
        painter = painter_for(self)
        area = QRectF(self.rect())
        box(painter, area, area.height() / 2, theme.LINE_SOFT)
        if self._part > 0:
            ink = theme.ORANGE if self._part >= 0.9 else theme.PRIMARY
            area.setWidth(max(area.height(), area.width() * self._part))
            box(painter, area, area.height() / 2, ink)
        painter.end()
