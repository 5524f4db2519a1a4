"""Tells which cameras Qt sees, where its multimedia module is installed: names and ids that Windows tells.

On Linux the camera's room asks the kernel itself. The module is no dependency: without it the first camera is
taken, and one that is plugged in again comes back all the same. It refuses to know how a camera is opened.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

Seen = Sequence[tuple[str, str]]
"""Each camera's id and name."""


def watch(tell: Callable[[Seen], None]) -> object | None:
    """Tell what there is, now and at each change; keep what is returned. None: Qt can not tell."""
    try:
        multimedia: Any = importlib.import_module("PySide6.QtMultimedia")
    except ImportError:
        return None
    devices = multimedia.QMediaDevices()

    def changed() -> None:
        tell([(bytes(one.id()).decode(errors="replace"), one.description()) for one in devices.videoInputs()])

    devices.videoInputsChanged.connect(changed)
    changed()
    return devices  # type: ignore[no-any-return] # Qt's own, which has no types here
