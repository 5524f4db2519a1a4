"""Who keeps this laptop's clock right, and when the program itself was made."""

from __future__ import annotations

import ctypes
import sys
import time
from pathlib import Path

_TIME_ERROR = 5
"""What adjtimex(2) returns while nobody disciplines the clock."""
_TIMEX_BYTES = 512
"""More than struct timex has on any Linux; its first field, zero, asks and changes nothing."""


def is_synchronised(platform: str = sys.platform) -> bool | None:
    """Whether the system's clock follows a time server; None where that can not be known.

    Linux's kernel is asked, so it does not matter which program keeps the time. Windows tells only in the
    words of its language (`w32tm`), and is not asked.
    """
    if platform != "linux" or sys.platform != "linux":
        return None
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else bool(state != _TIME_ERROR)


def seconds_east() -> int:
    """How far the laptop's own time zone is ahead of UTC, now."""
    return time.localtime().tm_gmtoff


def built() -> float | None:
    """When this program was put together, in seconds since 1970: no clock may be earlier than that."""
    program = Path(sys.executable) if getattr(sys, "frozen", False) else Path(__file__)
    try:
        return program.stat().st_mtime
    except OSError:
        return None
