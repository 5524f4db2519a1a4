"""Working memory."""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/")


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes in all, and bytes a program could still get without the disk being used for it."""

    total: int
    available: int


def read(root: Path = ROOT, platform: str = sys.platform) -> Memory | None:
    """How much there is now."""
    return _windows() if platform == "win32" else _linux(root / "proc/meminfo")


def _linux(path: Path) -> Memory | None:
    try:
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
        told = {
            name: int(rest.split()[0]) * 1024 for name, _, rest in (line.partition(":") for line in lines)
        }
        return Memory(told["MemTotal"], told["MemAvailable"])
    except (OSError, ValueError, KeyError, IndexError):
        return None


class _MemoryStatusEx(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("available", ctypes.c_uint64),
        ("rest", ctypes.c_uint64 * 5),
    )


def _windows() -> Memory | None:
    if sys.platform == "win32":
        status = _MemoryStatusEx()
        status.length = ctypes.sizeof(status)
        if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
            return None
        return Memory(status.total, status.available)
    return None
