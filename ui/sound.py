"""Short sounds, played by whatever the system has; silence where there is nothing. Never the only sign."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

from PySide6.QtCore import QProcess
from PySide6.QtGui import QGuiApplication

import resources


def player() -> Callable[[str], None]:
    """Something that plays a sound by name and returns at once."""
    if QGuiApplication.platformName() in {"offscreen", "minimal"}:
        return lambda _name: None
    if sys.platform == "win32":
        import winsound  # noqa: PLC0415 - only Windows has it

        flags = winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT
        return lambda name: winsound.PlaySound(str(_file(name)), flags)
    program = next(filter(None, map(shutil.which, ("paplay", "pw-play", "aplay", "afplay"))), None)
    if program is None:
        return lambda _name: None
    return lambda name: _start(program, name)


def _start(program: str, name: str) -> None:
    QProcess.startDetached(program, [_file(name)])


def _file(name: str) -> str:
    return str(resources.path(f"sounds/{name}.wav"))
