"""The desk locks itself when nobody is there, and not while somebody is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kiosk import flow
from kiosk.core.locking import EXIT_LOCKED, AutoLock

KEY = Qt.Key
ROOT = Path(__file__).resolve().parents[2]


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watched(sit_down, clock):
    """A desk that was unlocked with its passphrase, under a lock whose clock the test turns."""
    from ui.autolock import DeskLock

    kept = []

    def begin():
        desktop = sit_down(sit_down.station(passphrase="correct horse"), until=flow.Locked)
        lock = DeskLock(lambda: AutoLock(clock))
        lock.watch(QApplication.instance())
        desktop.bridge.stepped.connect(lock.stepped)
        desktop.locked = []
        lock.locked.connect(lambda: desktop.locked.append(clock.now))
        kept.append(lock)
        return desktop

    yield begin
    for lock in kept:
        QApplication.instance().removeEventFilter(lock)
        lock.deleteLater()


def unlock(desktop):
    desktop.qtbot.waitUntil(desktop.screen.field.hasFocus)
    desktop.keys("correct horse", KEY.Key_Return)
    desktop.until(flow.Ready)


def test_a_locked_desk_has_no_clock(watched, clock):
    """Before it is unlocked nothing is counted, however long it stands there."""
    desktop = watched()
    clock.now = 1e6
    unlock(desktop)
    desktop.qtbot.wait(400)
    assert desktop.locked == []


def test_it_locks_when_nobody_is_there(watched, clock):
    """Three minutes without a touch."""
    desktop = watched()
    unlock(desktop)
    clock.now = 179.0
    desktop.qtbot.wait(400)
    assert desktop.locked == []
    clock.now = 181.0
    desktop.qtbot.waitUntil(lambda: desktop.locked == [181.0])


@pytest.mark.parametrize("act", ["key", "touch", "code"])
def test_somebody_there_keeps_it_open(watched, clock, act):
    """A key, a touch, or a household that shows its code, which nobody touches anything for."""
    desktop = watched()
    unlock(desktop)
    clock.now = 170.0
    if act == "key":
        desktop.keys(KEY.Key_Shift)
    elif act == "touch":
        desktop.touch(desktop.window)
    else:
        desktop.station.show_code()
        desktop.until(flow.Done)
    clock.now = 340.0
    desktop.qtbot.wait(400)
    assert desktop.locked == []
    clock.now = 351.0
    desktop.qtbot.waitUntil(lambda: desktop.locked != [])


def test_a_reader_that_comes_and_goes_is_nobody(watched, clock):
    """A loose cable does not keep a desk open that everybody left."""
    desktop = watched()
    unlock(desktop)
    for moment in (60.0, 120.0, 175.0):
        clock.now = moment
        desktop.station.push(flow.DeviceChanged("reader", working=moment == 120.0))
        desktop.qtbot.wait(50)
    clock.now = 181.0
    desktop.qtbot.waitUntil(lambda: desktop.locked == [181.0])


def test_somebody_locks_it_on_going_away(watched):
    """Ctrl+L locks at once, on any screen."""
    desktop = watched()
    unlock(desktop)
    desktop.keys(KEY.Key_F1)
    desktop.until(flow.AskName)
    desktop.qtbot.keyClick(desktop.window, KEY.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert desktop.locked == [0.0]


def test_a_desk_that_locks_ends_its_process_and_shows_nobody(tmp_path):
    """The exit code asks to be started again, and the last picture is the lock screen."""
    code = (
        "import os, sys; os.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
        "from pathlib import Path\n"
        "from kiosk import flow\n"
        "from kiosk.core.locking import AutoLock\n"
        "from kiosk.store import opening\n"
        "from kiosk.wiring import DeskStation, Devices\n"
        "from ui import app\n"
        "from ui.window import Window\n"
        "data = Path(sys.argv[1])\n"
        "opening.open_shelter(data, opening.practice_sheet(), opening.PRACTICE_STAFF)\n"
        "shown, draw = [], Window.show_state\n"
        "Window.show_state = lambda window, state: (shown.append(state), draw(window, state))[1]\n"
        "looks = iter([0.0])\n"
        "secret = opening.PRACTICE_PASSPHRASE\n"
        "station = DeskStation(data, Devices(None, None), passphrase=secret, reports=False)\n"
        "code = app.run(station, lock=lambda: AutoLock(lambda: next(looks, 1e9)))\n"
        "assert isinstance(shown[-1], flow.Locked), shown[-1]\n"
        "sys.exit(code)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "kiosk")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == EXIT_LOCKED, ended.stderr
