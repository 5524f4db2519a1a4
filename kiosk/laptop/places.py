"""Where this laptop's people put files: sticks that are plugged in, and the folders a system keeps for them.

It refuses to know what lies there.
"""

from __future__ import annotations

import ctypes
import os
import string
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/")
_MOUNTED = ("media", "run/media", "mnt", "Volumes")
"""Where systems mount what is plugged in (FHS 3.0, 3.11; udisks; macOS)."""
_KEPT = (
    "Downloads",
    "ダウンロード",
    "Desktop",
    "デスクトップ",
    "Pictures",
    "ピクチャ",
    "Documents",
    "ドキュメント",
)
_REMOVABLE = 2
"""DRIVE_REMOVABLE of GetDriveTypeW."""


@dataclass(frozen=True, slots=True)
class Stick:
    """Something plugged in to which files can be written."""

    path: Path
    name: str
    """As its people know it: the name of the volume."""


def sticks(root: Path = ROOT, platform: str = sys.platform) -> Sequence[Stick]:
    """Sticks that are mounted and can be written to, by name. Empty where none is."""
    found = _windows() if platform == "win32" else _mounted(root)
    return sorted(found, key=lambda stick: stick.name)


def _mounted(root: Path) -> list[Stick]:
    found: list[Stick] = []
    for top in _MOUNTED:
        # /media/NAME, /media/USER/NAME, /run/media/USER/NAME
        for path in sorted((*(root / top).glob("*"), *(root / top).glob("*/*"))):
            with suppress(OSError):
                if path.is_dir() and _is_other_device(path) and os.access(path, os.W_OK):
                    found.append(Stick(path, path.name))
    return found


def _is_other_device(path: Path) -> bool:
    return path.stat().st_dev != path.parent.stat().st_dev


def _windows() -> list[Stick]:
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        drives = [f"{letter}:\\" for letter in string.ascii_uppercase]
        return [
            Stick(Path(drive), drive[:2]) for drive in drives if kernel.GetDriveTypeW(drive) == _REMOVABLE
        ]
    return []


def own_folder(home: Path | None = None) -> Path:
    """Where what is written for people goes on this laptop itself."""
    home = home or Path.home()
    return next((home / name for name in ("Documents", "ドキュメント") if (home / name).is_dir()), home)


def where_pictures_lie(root: Path = ROOT, home: Path | None = None) -> Sequence[Path]:
    """Folders in which somebody may have put a picture: sticks first."""
    home = home or Path.home()
    own = [home / name for name in _KEPT]
    return [*(stick.path for stick in sticks(root)), *(folder for folder in own if folder.is_dir())]
