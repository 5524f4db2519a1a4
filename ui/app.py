"""Opens the window on a station and runs until it is closed. Painted first, loaded after."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from types import TracebackType

from PySide6.QtWidgets import QApplication

from ui import fonts, theme
from ui.bridge import Bridge, report
from ui.props import Prop, Props
from ui.sound import player
from ui.station import Station
from ui.window import Window
from ui.words import BASE


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
) -> int:
    """Show the window until it is closed; returns the exit code. `props` are a practice's buttons.

    `painted` is called once after the first picture. The station is closed when this returns.
    """
    app = application()
    bridge, window = joined(station, language)
    bridge.sounded.connect(player())
    beside = Props(props) if props else None
    if beside is not None:
        window.first_painted.connect(beside.show)
        window.closed.connect(beside.close)
    if painted is not None:
        window.first_painted.connect(painted)
    # Qt's loop would swallow both: an interrupt closes properly, a bug is logged without what was told.
    before = signal.signal(signal.SIGINT, lambda *_: window.close())
    hook, sys.excepthook = sys.excepthook, _excepthook
    try:
        if full_screen:
            window.showFullScreen()
        else:
            window.showMaximized() if app.platformName() != "offscreen" else window.show()
        return app.exec()
    finally:
        bridge.close()
        signal.signal(signal.SIGINT, before)
        sys.excepthook = hook


def _excepthook(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    report(error)
