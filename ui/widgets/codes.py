"""A code to be read by somebody's camera: whole pixels a module, dark on white at any hour."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui import theme
from ui.theme import Scale


class CodeView(QLabel):
    """A square with a code in it, as large as whole pixels allow; the rest is its quiet zone."""

    def __init__(self, scale: Scale, name: str, side: float) -> None:
        super().__init__()
        self._image = QImage()
        self.setAccessibleName(name)
        self.setFixedSize(scale.px(side), scale.px(side))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_code(self, png: bytes | None) -> None:
        """Show a PNG of one pixel a module; nothing without one."""
        self._image = QImage() if png is None else QImage.fromData(png)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Modules without any smoothing: a blurred edge costs the camera more than a smaller code."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.ON_SCENE)
        if not self._image.isNull():
            ratio = self.devicePixelRatio()
            whole = max(1, int(self.width() * ratio) // self._image.width())
            side = self._image.width() * whole / ratio
            corner = QPointF((self.width() - side) / 2, (self.height() - side) / 2)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
            painter.drawImage(QRectF(corner.x(), corner.y(), side, side), self._image)
        painter.end()
