"""How long this laptop has been running, sleep included: a clock that no calendar moves.

Locks and waits are counted on it. Python's own monotonic clock stands still on Linux while the laptop
sleeps, and a laptop that was shut for eight hours must be locked when it is opened.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_COARSE = 600
"""Seconds within which two guesses at when the laptop was started are taken for the same start."""


def seconds() -> float:
    """Seconds since the laptop was started (Linux), or since some moment before this process (elsewhere).

    Windows' and newer macOS' monotonic clocks count sleep by themselves.
    """
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    if clock is not None:
        with suppress(OSError):
            return time.clock_gettime(clock)
    return time.monotonic()


def boot() -> str:
    """A word for the present run of the laptop; another after it was started again.

    Where the system gives none it is worked out from the calendar: a calendar that is moved looks like a
    restart, and a wait then begins anew.
    """
    with suppress(OSError):
        return _BOOT_ID.read_text(encoding="ascii").strip()
    return f"about {int((time.time() - seconds()) // _COARSE)}"
