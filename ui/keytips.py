"""F10: a letter on everything that can be pressed and has no key of its own; the letter presses it.

What is pressed often has its key printed on it. For the rest, whoever has no mouse and no touch screen
presses F10, reads the letter and types it; Esc or F10 again, a touch or another screen put the letters away.
It knows controls, and no screen.
"""

from __future__ import annotations

from PySide6.QtCore import SIGNAL, QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent, QShortcut
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui import theme
from ui.theme import Scale
from ui.widgets.buttons import Control
from ui.widgets.facts import HoldButton
from ui.widgets.paint import box, painter_for

KEY = "F10"
LETTERS = "123456789ABCDEFGHJKLMNPRSTUVWXYZ"
"""Without I, O and Q, which look like others."""


class KeyTips(QWidget):
    """Lies over a window; seen only while letters are shown."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._tips: dict[str, Control] = {}
        self._held: HoldButton | None = None
        self._scale = Scale()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()
        self._shortcut = QShortcut(KEY, window, self.turn)

    @property
    def tips(self) -> dict[str, Control]:
        """Letter → what it presses, while they are shown."""
        return dict(self._tips)

    def turn(self) -> None:
        """Show the letters, or put them away."""
        if self.isVisible():
            self.put_away()
        else:
            self._show()

    def put_away(self) -> None:
        """No letters."""
        if self._held is not None:
            self._let_go()
        if self._tips:
            self._tips = {}
            app = QApplication.instance()
            if app is not None:
                app.removeEventFilter(self)
        self.hide()

    def another_state(self) -> None:
        """What the letters stood on may be gone; unless one is held, which is what changed the screen."""
        if self._held is None:
            self.put_away()

    def _show(self) -> None:
        window = self._window
        controls = [
            control
            for control in window.findChildren(Control)
            if control.isVisible() and control.isEnabled() and not control.visibleRegion().isEmpty()
            if not control.key and _leads_on(control)
        ]
        controls.sort(key=lambda control: (control.mapTo(window, QPoint()).y() // 24, _left(control, window)))
        self._tips = dict(zip(LETTERS, controls, strict=False))
        app = QApplication.instance()
        if not self._tips or app is None:
            return
        self._scale = Scale.fitting(window.width(), window.height())
        self.setGeometry(window.rect())
        self.raise_()
        self.show()
        app.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """While letters are shown all keys are theirs; a touch puts them away and counts."""
        kind = event.type()
        if kind in {QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin}:
            self.put_away()
            return False
        if not isinstance(event, QKeyEvent):
            return False
        if kind == QEvent.Type.ShortcutOverride:
            # Accepted, the key comes as a key and not as anybody's shortcut.
            event.accept()
            return True
        if kind == QEvent.Type.KeyRelease:
            if self._held is not None and not event.isAutoRepeat():
                self._let_go()
                self.put_away()
            return True
        if kind == QEvent.Type.KeyPress and not event.isAutoRepeat():
            self._press(event)
        return True

    def _press(self, event: QKeyEvent) -> None:
        control = self._tips.get(event.text().upper())
        if control is not None and not isValid(control):
            control = None
        if isinstance(control, HoldButton):
            # What is masked is seen as long as the key is held, as with a finger.
            self._held = control
            control.setDown(True)
            control.pressed.emit()
        elif control is not None:
            self.put_away()
            control.click()
        else:
            self.put_away()

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None and isValid(held):
            held.setDown(False)
            held.released.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Each letter on the upper left corner of what it presses, in the focus' own colours."""
        px = self._scale.px
        window = self._window
        painter = painter_for(self)
        font = self._scale.font(theme.BODY, bold=True, families=theme.FAMILIES)
        for letter, control in self._tips.items():
            corner = control.mapTo(window, QPoint())
            area = QRectF(corner.x() + px(2), corner.y() + px(2), px(36), px(36))
            box(painter, area, px(8), theme.AIM, theme.DEVICE, px(3))
            painter.setPen(theme.CARD_INK)
            painter.setFont(font)
            painter.drawText(area, theme.ALIGN_CENTRE, letter)
        painter.end()


def _leads_on(control: Control) -> bool:
    """Whether anybody listens: some rows only show."""
    signal = "pressed()" if isinstance(control, HoldButton) else "clicked(bool)"
    return control.receivers(SIGNAL(signal)) > 0


def _left(control: Control, window: QWidget) -> int:
    return control.mapTo(window, QPoint()).x()
