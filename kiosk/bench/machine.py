"""Which machine gave the figures. A part that can not be told is left out, never guessed."""

from __future__ import annotations

import os
import platform
import sys
from importlib import metadata
from pathlib import Path

PACKAGES = (
    "cryptography",
    "cbor2",
    "sqlcipher3",
    "opencv-python-headless",
    "zxing-cpp",
    "pyzbar",
    "PySide6-Essentials",
    "fastapi",
    "uvicorn",
    "sqlalchemy",
)
"""Those whose speed is in the figures."""


def describe(folder: Path) -> dict[str, object]:
    """CPU, cores, RAM, kernel, Python, versions, and the file system `folder` lies on."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "ram_mib": _ram_mib(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "file_system": _file_system(folder),
        "load_1min": _load(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "frozen": bool(getattr(sys, "frozen", False)),
        "versions": {name: version for name in PACKAGES if (version := _version(name))},
    }


def _cpu() -> str:
    for line in _lines(Path("/proc/cpuinfo")):
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.processor() or platform.machine()


def _ram_mib() -> int | None:
    for line in _lines(Path("/proc/meminfo")):
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) // 1024
    return None


def _file_system(folder: Path) -> str | None:
    """The kind of file system under a folder: a commit on tmpfs is no commit."""
    place, best, kind = folder.resolve(), Path(), None
    for line in _lines(Path("/proc/mounts")):
        _, mounted, this, *_ = line.split()
        point = Path(mounted.replace("\\040", " "))
        if place.is_relative_to(point) and len(point.parts) >= len(best.parts):
            best, kind = point, this
    return kind


def _load() -> float | None:
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(errors="replace").splitlines()
    except OSError:
        return []
