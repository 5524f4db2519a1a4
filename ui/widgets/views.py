"""The two pictures of the ready screen: what the camera sees, and a card above its reader."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui import theme
from ui.station import Frame
from ui.theme import Scale
from ui.widgets.icons import draw_icon
from ui.widgets.paint import box, fitted, painter_for
from ui.widgets.text import Text
from ui.words import Phrase

FRAME_MS = 100
"""Milliseconds between pictures of the live view where nobody waits for it."""
_FINDERS = ((0, 0), (14, 0), (0, 14))


class _Picture(QLabel):
    def __init__(self, scale: Scale, name: str) -> None:
        super().__init__()
        self._scale, self.lit = scale, True
        self.setAccessibleName(name)
        self.setFixedSize(scale.px(300), scale.px(276))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def light(self, *, on: bool) -> None:
        """A way in that is closed is shown grey."""
        if on != self.lit:
            self.lit = on
            self.update()

    def _clip(self, painter: QPainter) -> QRectF:
        area = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(area, self._scale.px(14), self._scale.px(14))
        painter.setClipPath(path)
        return area


class CameraView(_Picture):
    """The live picture, mirrored as people expect of themselves; before the first one, a drawing."""

    def __init__(self, scale: Scale, name: str, sample: str) -> None:
        super().__init__(scale, name)
        self._sample = sample
        self._image: QImage | None = None
        self._newest: Callable[[], Frame | None] = lambda: None
        self._frames = QTimer(self)
        self._frames.timeout.connect(lambda: self.show_frame(self._newest()))
        px = scale.px
        # In the desk's own language, whatever the visitor reads: it is for whoever mends the camera.
        self.trouble = Text(scale, theme.SMALL, bold=True, align=theme.ALIGN_CENTRE, wrap=True)
        self.trouble.setFont(scale.font(theme.SMALL, bold=True, families=theme.FAMILIES))
        self.trouble.setParent(self)
        self.trouble.setGeometry(px(8), px(84), px(284), px(134))
        self.trouble.hide()

    def show_trouble(self, says: str) -> None:
        """Say in the picture's place what is wrong with the camera, for staff; empty: nothing is."""
        self.trouble.say(Phrase.of(says))
        self.trouble.setVisible(bool(says))
        self.update()

    def begin(self, newest: Callable[[], Frame | None], every: int = FRAME_MS) -> None:
        """Show what `newest` tells, `every` so many milliseconds."""
        self._newest = newest
        self._frames.start(every)

    def rest(self) -> None:
        """No picture is drawn that nobody sees, and the last visitor's is not kept."""
        self._frames.stop()
        self.show_frame(None)

    def show_frame(self, frame: Frame | None) -> None:
        """Show a frame, scaled and copied at once: the camera may reuse its memory."""
        if frame is None:
            if self._image is not None:
                self._image = None
                self.update()
            return
        height, width = frame.shape[:2]
        whole = QImage(frame.data, width, height, width * 3, QImage.Format.Format_BGR888)
        wanted = QSize(self.width(), self.height()) * self.devicePixelRatio()
        scaled = whole.scaled(
            wanted,
            Qt.AspectRatioMode.KeepAspectRatioByExpanding,
            Qt.TransformationMode.FastTransformation,
        )
        self._image = scaled.flipped(Qt.Orientation.Horizontal)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture in its frame of four corners."""
        painter = painter_for(self)
        area = self._clip(painter)
        if self.lit:
            painter.fillRect(area, theme.SCENE)
        if not self.lit:
            self._closed(painter, area)
        elif self._image is not None:
            ratio = self._image.width() / self._image.height()
            width, height = area.width(), area.height()
            if ratio > width / height:
                width = height * ratio
            else:
                height = width / ratio
            painter.drawImage(
                QRectF(area.center().x() - width / 2, area.center().y() - height / 2, width, height),
                self._image,
            )
        else:
            self._phone(painter, area)
        if self.lit:
            self._corners(painter, area)
        painter.end()

    def _closed(self, painter: QPainter, area: QRectF) -> None:
        """No camera; why stands below, and the badge below that."""
        says = self.trouble.isVisibleTo(self)
        painter.fillRect(area, theme.LINE_SOFT if says else theme.LINE)
        side = self._scale.px(60 if says else 96)
        top = self._scale.px(16) if says else area.center().y() - side / 2
        middle = QRectF(area.center().x() - side / 2, top, side, side)
        draw_icon(painter, "camera-off", middle, theme.INK_QUIET if says else theme.PAPER)

    def _corners(self, painter: QPainter, area: QRectF) -> None:
        px = self._scale.px
        pen = QPen(
            theme.AIM, px(6), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        )
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        arm = px(38)
        inside = area.adjusted(px(42), px(12), -px(42), -px(56))
        for x, y, right, down in (
            (inside.left(), inside.top(), arm, arm),
            (inside.right(), inside.top(), -arm, arm),
            (inside.left(), inside.bottom(), arm, -arm),
            (inside.right(), inside.bottom(), -arm, -arm),
        ):
            painter.drawPolyline([QPointF(x, y + down), QPointF(x, y), QPointF(x + right, y)])

    def _phone(self, painter: QPainter, area: QRectF) -> None:
        px = self._scale.px
        body = QRectF(area.center().x() - px(70), area.top() + px(16), px(140), px(202))
        box(painter, body, px(20), theme.DEVICE, theme.PRIMARY_SOFT, px(3))
        screen = body.adjusted(px(10), px(16), -px(10), -px(16))
        box(painter, screen, px(6), theme.ON_SCENE)
        painter.setPen(theme.CARD_INK)
        painter.setFont(fitted(self._sample, self._scale.font(theme.FINE, bold=True), screen.width(), px(14)))
        painter.drawText(
            QRectF(screen.left(), screen.top() + px(8), screen.width(), px(32)),
            theme.ALIGN_CENTRE,
            self._sample,
        )
        cell = px(100) / 21
        left, top = screen.center().x() - cell * 10.5, screen.top() + px(48)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.CARD_INK)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for x in range(21):
            for y in range(21):
                corner = (x < 8 and y < 8) or (x > 12 and y < 8) or (x < 8 and y > 12)
                # Not a code of anything: a drawing must never be read by a camera.
                if not corner and (x * 7 + y * 11 + x * y) % 5 < 2:
                    painter.drawRect(QRectF(left + x * cell, top + y * cell, cell, cell))
        for x, y in _FINDERS:
            for start, side, colour in (
                (0, 7, theme.CARD_INK),
                (1, 5, theme.ON_SCENE),
                (2, 3, theme.CARD_INK),
            ):
                painter.setBrush(colour)
                painter.drawRect(
                    QRectF(left + (x + start) * cell, top + (y + start) * cell, side * cell, side * cell)
                )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)


class CardArt(_Picture):
    """A card on its way down to the reader."""

    def __init__(self, scale: Scale, name: str, sample: str) -> None:
        super().__init__(scale, name)
        self._sample = sample

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Card, arrow, reader."""
        px = self._scale.px
        painter = painter_for(self)
        area = self._clip(painter)
        painter.fillRect(area, theme.PRIMARY_TINT if self.lit else theme.LINE_SOFT)
        reader = QRectF(px(32), px(140), px(236), px(80))
        box(painter, reader, px(14), theme.DEVICE if self.lit else theme.LINE)
        box(painter, reader.adjusted(px(12), px(10), -px(12), -px(20)), px(8), theme.DEVICE_SOFT)
        if not self.lit:
            side = px(72)
            draw_icon(
                painter, "unplug", QRectF(area.center().x() - side / 2, px(40), side, side), theme.INK_QUIET
            )
            painter.end()
            return
        draw_icon(
            painter,
            "nfc",
            QRectF(reader.center().x() - px(20), reader.top() + px(14), px(40), px(40)),
            theme.PRIMARY_SOFT,
        )
        painter.save()
        painter.translate(px(140), px(72))
        painter.rotate(-7)
        card = QRectF(-px(92), -px(58), px(184), px(116))
        box(painter, card, px(12), theme.CARD, theme.LINE, px(1.5))
        painter.setPen(theme.CARD_INK)
        painter.setFont(fitted(self._sample, self._scale.font(theme.FINE, bold=True), px(110), px(14)))
        painter.drawText(
            QRectF(card.left() + px(14), card.top() + px(8), px(130), px(28)), theme.ALIGN_LEFT, self._sample
        )
        box(
            painter,
            QRectF(card.right() - px(40), card.top() + px(12), px(26), px(20)),
            px(4),
            theme.CHIP,
        )
        box(
            painter, QRectF(card.left() + px(14), card.top() + px(42), px(38), px(48)), px(4), theme.CARD_LINE
        )
        for row, width in enumerate((96, 108, 76)):
            box(
                painter,
                QRectF(card.left() + px(62), card.top() + px(48 + 18 * row), px(width), px(9)),
                px(4),
                theme.CARD_LINE,
            )
        painter.restore()
        pen = QPen(
            theme.PRIMARY_SOFT.darker(120),
            px(5),
            Qt.PenStyle.SolidLine,
            Qt.PenCapStyle.RoundCap,
            Qt.PenJoinStyle.RoundJoin,
        )
        painter.setPen(pen)
        x = px(276)
        painter.drawLine(x, px(44), x, px(122))
        painter.drawPolyline(
            [QPointF(x - px(13), px(110)), QPointF(x, px(124)), QPointF(x + px(13), px(110))]
        )
        painter.end()
