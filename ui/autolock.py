"""Sees whether anybody is at the desk, and locks it when nobody was for too long.

Somebody is there when a key, a mouse or the screen is pressed, and when a screen gives way to another: a
household shown to the camera is received without a touch. A device that comes and goes by itself is nobody.
When it is time is `kiosk.core.locking`; what locking means is the launcher's.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

from kiosk import flow
from kiosk.core.locking import AutoLock

LOOK_MS = 250
_PRESSED = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.Wheel,
        QEvent.Type.InputMethod,
    }
)


class DeskLock(QObject):
    """Watches one application; `begin` makes the clock when the desk was unlocked."""

    locked = Signal()
    """It is time: draw the lock screen and end."""

    def __init__(self, begin: Callable[[], AutoLock]) -> None:
        super().__init__()
        self._begin = begin
        self._lock: AutoLock | None = None
        self._shown: type[flow.State] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    def watch(self, application: QCoreApplication) -> None:
        """See every key and touch of this application."""
        application.installEventFilter(self)

    def wait(self, minutes: int) -> None:
        """Lock after so many minutes without anybody, from now on."""
        if self._lock is not None:
            self._lock.wait(minutes)

    def stepped(self, state: flow.State) -> None:
        """The desk shows this state now."""
        if self._lock is None:
            if not isinstance(state, flow.Locked):
                self._lock = self._begin()
                self._timer.start()
        elif type(state) is not self._shown:
            self._lock.touched()
        self._shown = type(state)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Takes nothing away, but Ctrl+L: lock now."""
        if self._lock is None or event.type() not in _PRESSED:
            return False
        if (
            isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_L
            and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        ):
            self._lock.ask()
            self._look()
            return True
        self._lock.touched()
        return False

    def _look(self) -> None:
        if self._lock is not None and self._lock.due() is not None:
            self._timer.stop()
            self._lock = None
            self.locked.emit()
