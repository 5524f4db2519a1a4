"""Grounds and signs: the sky behind a screen, white cards, pills, boxes that say how it went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Scale
from ui.widgets.icons import draw_icon
from ui.widgets.paint import box, fitted, painter_for, shadow
from ui.widgets.text import Text
from ui.words import Phrase


class Ground(QWidget):
    """What every screen stands on."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A sky, lighter above."""
        painter = painter_for(self)
        sky = QLinearGradient(0, 0, 0, self.height())
        sky.setColorAt(0, theme.SKY_TOP)
        sky.setColorAt(1, theme.SKY_BOTTOM)
        painter.fillRect(self.rect(), sky)
        painter.end()


EDGE = 8
"""What a card keeps around itself for its shadow: what stands above or below one keeps it too."""


class Card(QWidget):
    """A white card with a soft shadow, which has its room within the widget."""

    def __init__(self, scale: Scale, padding: float = 24) -> None:
        super().__init__()
        self._scale = scale
        edge = scale.px(EDGE)
        inside = scale.px(padding) + edge
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(inside, inside, inside, inside)
        self.content.setSpacing(scale.px(theme.GRID))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Shadow, then the card."""
        painter = painter_for(self)
        edge = self._scale.px(EDGE)
        area = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        radius = self._scale.px(theme.RADIUS_CARD)
        shadow(painter, area, radius, self._scale)
        box(painter, area, radius, theme.PAPER)
        painter.end()


class Pill(QLabel):
    """A short state in words, with an icon: never by colour alone."""

    def __init__(
        self,
        scale: Scale,
        size: float = theme.SMALL,
        *,
        height: float = 42,
        bold: bool = False,
        bare: bool = False,
    ) -> None:
        super().__init__()
        self._scale, self._bold, self._bare = scale, bold, bare
        self._icon, self._ink, self._fill = "", theme.INK, theme.GREY
        self._line: QColor | None = None
        self.setFont(scale.font(size, bold=bold))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFixedHeight(scale.px(height))
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def show_state(
        self, text: str, icon: str, ink: QColor, fill: QColor = theme.GREY, line: QColor | None = None
    ) -> None:
        """Say this."""
        changed = text != self.text()
        self._icon, self._ink, self._fill, self._line = icon, ink, fill, line
        self.setText(text)
        self.setAccessibleName(text)
        if changed:
            self.updateGeometry()
        self.update()

    def _inset(self) -> float:
        return 0 if self._bare else self._scale.px(16)

    def _icon_width(self) -> float:
        return self.font().pixelSize() * 1.2 + self._scale.px(8) if self._icon else 0

    def sizeHint(self) -> QSize:
        """Its words."""
        width = QFontMetricsF(self.font()).horizontalAdvance(self.text())
        return QSize(round(width + self._icon_width() + 2 * self._inset()) + 2, self.height())

    def minimumSizeHint(self) -> QSize:
        """It shrinks a little before it is cut."""
        return QSize(round(self.sizeHint().width() * 0.7), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Icon, words, pill."""
        painter = painter_for(self)
        area = QRectF(self.rect())
        if not self._bare:
            box(painter, area, area.height() / 2, self._fill, self._line, self._scale.px(1.5))
        left = area.left() + self._inset()
        side = self.font().pixelSize() * 1.2
        if self._icon:
            draw_icon(painter, self._icon, QRectF(left, area.center().y() - side / 2, side, side), self._ink)
        left += self._icon_width()
        words = QRectF(left, area.top(), area.right() - self._inset() - left + 2, area.height())
        painter.setFont(fitted(self.text(), self.font(), words.width(), self._scale.px(theme.LEAST)))
        painter.setPen(self._ink)
        painter.drawText(words, theme.ALIGN_LEFT, self.text())
        painter.end()


class Message(QWidget):
    """A tinted box: what happened, and below it what follows."""

    TONES: ClassVar[Mapping[str, tuple[QColor, QColor | None, QColor, str, QColor]]] = {
        "ok": (theme.GREEN_TINT, None, theme.GREEN_DEEP, "shield-check", theme.GREEN),
        "attention": (theme.ORANGE_TINT, theme.ORANGE, theme.ORANGE, "info", theme.ORANGE),
        "error": (theme.RED_TINT, theme.RED, theme.RED, "circle-alert", theme.RED),
    }

    def __init__(self, scale: Scale, *, wrap: bool = False) -> None:
        super().__init__()
        self._scale, self._tone = scale, "ok"
        self.title = Text(scale, theme.BODY, bold=True, wrap=wrap)
        self.detail = Text(scale, theme.SMALL, wrap=True)
        rows = QVBoxLayout()
        rows.setSpacing(scale.px(2))
        rows.addWidget(self.title)
        rows.addWidget(self.detail)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(scale.px(84), scale.px(10), scale.px(16), scale.px(10))
        layout.addLayout(rows)
        self.setMinimumHeight(scale.px(100))

    def show_message(self, tone: str, title: Phrase, detail: Phrase) -> None:
        """Say this in this tone."""
        self._tone = tone
        self.title.say(title)
        self.title.paint_in(self.TONES[tone][2])
        self.detail.say(detail)
        self.detail.setVisible(bool(detail.plain))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The box and its icon."""
        fill, line, _, icon, ink = self.TONES[self._tone]
        painter = painter_for(self)
        area = QRectF(self.rect())
        box(painter, area, self._scale.px(14), fill, line, self._scale.px(3))
        side = self._scale.px(48)
        draw_icon(painter, icon, QRectF(self._scale.px(18), area.center().y() - side / 2, side, side), ink)
        painter.end()


class DigitBoxes(QLabel):
    """Four boxes that show how many digits are there, and never which."""

    def __init__(self, scale: Scale, boxes: int) -> None:
        super().__init__()
        self._scale, self._boxes, self._filled, self._wrong = scale, boxes, 0, False
        self.setFixedHeight(scale.px(112))

    def show_filled(self, filled: int, spoken: str, *, wrong: bool) -> None:
        """So many are there; `spoken` says it to assistive technology."""
        self._filled, self._wrong = filled, wrong
        self.setAccessibleName(spoken)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Boxes, dots, and where the next digit goes."""
        px = self._scale.px
        painter = painter_for(self)
        side, gap = px(112), px(20)
        for place in range(self._boxes):
            area = QRectF(place * (side + gap), 0, side, side)
            current = place == self._filled and not self._wrong
            if self._wrong:
                line, width = theme.RED, px(4)
            elif current:
                line, width = theme.PRIMARY, px(4)
            elif place < self._filled:
                line, width = theme.PRIMARY, px(2)
            else:
                line, width = theme.LINE, px(2)
            box(painter, area, px(16), theme.PAPER, line, width)
            if place < self._filled:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.INK)
                painter.drawEllipse(area.center(), px(17), px(17))
            elif current:
                painter.setPen(QPen(theme.PRIMARY, px(4), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                middle = area.center()
                painter.drawLine(
                    round(middle.x()),
                    round(middle.y() - px(24)),
                    round(middle.x()),
                    round(middle.y() + px(24)),
                )
        painter.end()


class Sign(QWidget):
    """One icon, as large as it is made."""

    def __init__(self, scale: Scale, side: float) -> None:
        super().__init__()
        self._icon, self._ink = "", theme.INK
        self._fill: QColor | None = None
        self.setFixedSize(scale.px(side), scale.px(side))

    def show_icon(self, icon: str, ink: QColor, fill: QColor | None = None) -> None:
        """Draw this icon, in a disc if `fill` is given."""
        self._icon, self._ink, self._fill = icon, ink, fill
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The icon."""
        painter = painter_for(self)
        area = QRectF(self.rect())
        if self._fill is not None:
            box(painter, area, area.width() / 2, self._fill)
            inset = area.width() * 0.22
            area = area.adjusted(inset, inset, -inset, -inset)
        draw_icon(painter, self._icon, area, self._ink)
        painter.end()


class SignedLines(QGridLayout):
    """Line by line a sign, what it is about, and how that stands."""

    def __init__(
        self,
        scale: Scale,
        named: Mapping[str, Phrase],
        *,
        size: float,
        side: float,
        across: float,
        down: float,
    ) -> None:
        """`named`: what each line is about; `size` of these words, `side` of the signs, room between them."""
        super().__init__()
        self.setHorizontalSpacing(scale.px(across))
        self.setVerticalSpacing(scale.px(down))
        self.setColumnStretch(2, 1)
        self.lines: dict[str, tuple[Sign, Text]] = {}
        for place, (name, told) in enumerate(named.items()):
            sign, label = Sign(scale, side), Text(scale, size, bold=True)
            label.say(told)
            value = Text(scale, theme.BODY, colour=theme.INK_SOFT, wrap=True)
            self.lines[name] = (sign, value)
            self.addWidget(sign, place, 0, Qt.AlignmentFlag.AlignVCenter)
            self.addWidget(label, place, 1)
            self.addWidget(value, place, 2)

    def tell(self, name: str, told: Phrase, icon: str, ink: QColor) -> None:
        """How one of them stands."""
        sign, value = self.lines[name]
        sign.show_icon(icon, ink)
        value.say(told)

    def wait(self, told: Phrase) -> None:
        """It is not known yet how any of them stands."""
        for name in self.lines:
            self.tell(name, told, "clock", theme.INK_QUIET)


class TimeLine(QWidget):
    """How much of a wait is left, as a line that gets shorter."""

    def __init__(self, scale: Scale) -> None:
        super().__init__()
        self._left = 1.0
        self.setFixedHeight(scale.px(10))

    def show_left(self, left: float) -> None:
        """From 1 to 0."""
        self._left = max(0.0, min(1.0, left))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A green line on a grey one."""
        painter = painter_for(self)
        area = QRectF(self.rect())
        box(painter, area, area.height() / 2, theme.LINE_SOFT)
        if self._left > 0:
            area.setWidth(max(area.height(), area.width() * self._left))
            box(painter, area, area.height() / 2, theme.GREEN)
        painter.end()
