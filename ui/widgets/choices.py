"""What is on or off: whatever is pressed, whether it is on comes from the state."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from ui import theme
from ui.theme import Scale
from ui.widgets.buttons import Control
from ui.widgets.icons import draw_icon
from ui.widgets.paint import box, fitted, key_cap, painter_for


class OnOff(Control):
    """A control that is on or off: a check box to assistive technology."""

    def __init__(self, scale: Scale, name: str) -> None:
        super().__init__(scale, name)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def nextCheckState(self) -> None:
        """Pressing says so; whether it is on comes from the state."""

    def paint_ground(
        self,
        painter: QPainter,
        area: QRectF,
        radius: float,
        line: QColor = theme.LINE,
        *,
        width: float = 4,
        lit: bool = False,
    ) -> None:
        """The tile it is on: tinted and with a line of `width` while it is on, tinted while `lit`."""
        on, px = self.isChecked(), self.scale.px
        fill = theme.PRIMARY_TINT if on or lit else theme.PAPER
        box(painter, area, radius, fill, theme.PRIMARY if on else line, px(width if on else 2))


def tick(painter: QPainter, disc: QRectF) -> None:
    """That it is on, by more than a colour."""
    box(painter, disc, disc.width() / 2, theme.PRIMARY)
    inset = disc.width() * 0.2
    draw_icon(painter, "check", disc.adjusted(inset, inset, -inset, -inset), theme.ON_FILL)


class Choice(OnOff):
    """A small rounded button that may be on or off: a language, an era."""

    def __init__(self, scale: Scale, label: str, *, key: str = "", height: float = 48) -> None:
        super().__init__(scale, label)
        self._key = key
        self.setAccessibleDescription(key)
        self.setFixedHeight(scale.px(height))

    def say(self, label: str) -> None:
        """Stand for something else."""
        self.setText(label)
        self.setAccessibleName(label)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Its label and some air."""
        width = QFontMetricsF(self.scale.font(theme.SMALL)).horizontalAdvance(self.text())
        return QSize(round(width) + self.scale.px(44 + (44 if self._key else 0)), self.height())

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return QSize(round(self.sizeHint().width() * 0.85), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A pill, filled when on."""
        px = self.scale.px
        painter = painter_for(self)
        radius = min(self.height() / 2, px(24))
        area = self.body(painter, radius)
        on = self.isChecked()
        fill = theme.PRIMARY if on else (theme.PRIMARY_TINT if self.isDown() else theme.PAPER)
        box(painter, area, min(radius, area.height() / 2), fill, theme.PRIMARY if on else theme.LINE, px(2))
        right = area.right()
        if self._key:
            right = key_cap(painter, right - px(10), area.center().y(), self._key, self.scale, dark=on)
        font = fitted(
            self.text(), self.scale.font(theme.SMALL, bold=on), right - area.left() - px(16), px(theme.LEAST)
        )
        painter.setFont(font)
        painter.setPen(theme.ON_FILL if on else theme.INK)
        painter.drawText(
            QRectF(area.left(), area.top(), right - area.left(), area.height()),
            theme.ALIGN_CENTRE,
            self.text(),
        )
        painter.end()


def choose(choices: Sequence[Choice], place: int | None) -> None:
    """The one at this place is on, or none."""
    for at, choice in enumerate(choices):
        choice.setChecked(at == place)


def offer(choices: Sequence[Choice], labels: Sequence[str], place: int) -> None:
    """Let the first of them stand for these, the one at `place` be on, and put the others away."""
    for choice, label in zip(choices, labels, strict=False):
        choice.say(label)
    for at, choice in enumerate(choices):
        choice.setVisible(at < len(labels))
    choose(choices, place)
