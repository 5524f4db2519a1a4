"""Opens the window on a station and runs until it is closed. Painted first, loaded after."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kiosk import flow
from kiosk.core.locking import EXIT_LOCKED, AutoLock
from ui import fonts, theme
from ui.autolock import DeskLock
from ui.beside import GuestSide
from ui.bridge import Bridge, report
from ui.comfort import Comfort, dress_for
from ui.props import Prop, Props
from ui.sound import player
from ui.station import Station
from ui.sweeper import Sweeper
from ui.window import Window
from ui.words import BASE

LOCK_SECONDS = 1.0
"""However long the devices and the store take to close, a locked desk's process is gone after so long."""


def application() -> QApplication:
    """The one QApplication, with the desk's look."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    app.setPalette(theme.palette())
    fonts.load(BASE)
    app.setFont(theme.Scale().font(theme.BODY))
    return app


def joined(station: Station, language: str = BASE) -> tuple[Bridge, Window]:
    """A bridge and its window, joined; the bridge begins when the window was painted."""
    bridge = Bridge(station)
    window = Window(bridge.place, bridge, language)
    bridge.stepped.connect(window.show_state)
    bridge.ambient_changed.connect(window.show_ambient)
    bridge.spoken.connect(window.speak)
    bridge.quit_wanted.connect(window.close)
    window.closed.connect(bridge.close)
    window.first_painted.connect(bridge.begin)
    window.first_painted.connect(window.warm)
    window.first_painted.connect(fonts.load_rarer)
    window.show_ambient(bridge.ambient)
    window.show_state(bridge.state)
    return bridge, window


def run(
    station: Station,
    *,
    language: str = BASE,
    full_screen: bool = False,
    painted: Callable[[], None] | None = None,
    props: Sequence[Prop] = (),
    lock: Callable[[], AutoLock] | None = None,
    again: bool = False,
) -> int:
    """Show the window until it is closed; returns the exit code. `props` are a practice's buttons.

    `painted` is called once after the first picture. `lock` makes the clock by which the unlocked desk locks
    itself: the exit code is then `EXIT_LOCKED`. With `again`, whoever called starts another desk
    when this one ends so; without, a desk that is locked by hand asks in the same window. The station is
    closed when this returns.
    """
    theme.dress(theme.Look(dress_for(station.settings, station.now().hour), still=station.settings.still))
    app = application()
    sweeper = Sweeper()
    bridge, window = joined(station, language)
    comfort = Comfort(window, station.settings, player(quiet=lambda: comfort.quiet))
    bridge.sounded.connect(comfort.sound)
    bridge.settled.connect(comfort.settle)
    bridge.stepped.connect(comfort.stepped)
    bridge.ambient_changed.connect(comfort.show_ambient)
    guests = GuestSide(window, station.settings, lambda: station.now().date(), language)
    bridge.stepped.connect(guests.stepped)
    bridge.spoken.connect(guests.spoken)
    bridge.settled.connect(guests.settle)
    window.first_painted.connect(guests.begin)
    window.closed.connect(guests.close)
    beside = Props(props) if props else None
    if beside is not None:
        window.first_painted.connect(beside.show)
        window.closed.connect(beside.close)
    if painted is not None:
        window.first_painted.connect(painted)
    if lock is not None:
        desk_lock = DeskLock(lock)
        desk_lock.watch(app)
        comfort.lock_minutes.connect(desk_lock.wait)
        bridge.stepped.connect(desk_lock.stepped)
        desk_lock.locked.connect(guests.close)
        desk_lock.locked.connect(lambda: _lock(app, window))
    if lock is not None or again:
        bridge.lock_wanted.connect(guests.close)
        bridge.lock_wanted.connect(lambda: _lock(app, window))
    else:
        bridge.lock_wanted.connect(bridge.begin_again, Qt.ConnectionType.QueuedConnection)
    # Qt's loop would swallow them: an interrupt closes properly, a bug is logged without what was told.
    before = {
        number: signal.signal(number, lambda *_: window.close()) for number in (signal.SIGINT, signal.SIGTERM)
    }
    hook, sys.excepthook = sys.excepthook, _excepthook
    sweeper.begin()
    try:
        if full_screen:
            window.showFullScreen()
        else:
            window.showMaximized() if app.platformName() != "offscreen" else window.show()
        return app.exec()
    finally:
        bridge.close()
        sweeper.end()
        for number, handler in before.items():
            signal.signal(number, handler)
        sys.excepthook = hook


def _lock(app: QApplication, window: Window) -> None:
    """No name stays on the screen while the store is closed and the process ends."""
    window.show_state(flow.Locked())
    window.repaint()
    # A device or a disk may be slow to let go. What was acknowledged is on the disk; the key must go now.
    last = threading.Timer(LOCK_SECONDS, os._exit, (EXIT_LOCKED,))
    last.daemon = True
    last.start()
    app.exit(EXIT_LOCKED)


def _excepthook(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    report(error)
