"""Short sounds, played by whatever the system has; silence where there is nothing. Never the only sign."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

from PySide6.QtCore import QProcess
from PySide6.QtGui import QGuiApplication

import resources

PROGRAMS = ("paplay", "pw-play", "aplay", "afplay")
"""What plays a WAV file on systems that are not Windows, best first."""


def player(*, quiet: Callable[[], bool] = lambda: False) -> Callable[[str], None]:
    """Something that plays a sound by name and returns at once; asks `quiet` each time: softly now?"""
    if QGuiApplication.platformName() in {"offscreen", "minimal"}:
        return lambda _name: None
    if sys.platform == "win32":
        import winsound  # noqa: PLC0415 - only Windows has it

        flags = winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT
        return lambda name: winsound.PlaySound(file(name, quiet=quiet()), flags)
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        return lambda _name: None
    return lambda name: _start(program, file(name, quiet=quiet()))


def _start(program: str, path: str) -> None:
    QProcess.startDetached(program, [path])


def file(name: str, *, quiet: bool) -> str:
    """Where a sound lies: by day, or softer for the night."""
    return str(resources.path(f"sounds/night/{name}.wav" if quiet else f"sounds/{name}.wav"))
