"""Keeping a process's memory out of files and other programs' hands.

What stands in the memory of an unlocked desk, a key and names, must not end in a core dump, a crash report
or a debugger. Nothing here is a wall against the administrator of the laptop; that is disk encryption's and
the lock's part.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

_PR_SET_DUMPABLE = 4  # prctl(2)
_SEM_FAILCRITICALERRORS, _SEM_NOGPFAULTERRORBOX = 0x0001, 0x0002  # SetErrorMode
_WER_FAULT_REPORTING_FLAG_NOHEAP = 1  # WerSetFlags


def keep_memory_private() -> None:
    """No core dumps and no crash reports of this process, and no other program of this user reads it.

    What a system does not offer is left out. The first part goes over to child processes, the second does
    not: a spawned process asks for itself.
    """
    if sys.platform == "win32":
        # Untried on Windows. A report may still be made; it then holds no heap.
        with suppress(AttributeError, OSError):
            ctypes.windll.kernel32.SetErrorMode(_SEM_FAILCRITICALERRORS | _SEM_NOGPFAULTERRORBOX)
            ctypes.windll.kernel32.WerSetFlags(_WER_FAULT_REPORTING_FLAG_NOHEAP)
        return
    import resource  # noqa: PLC0415 - Windows has none

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # Also takes /proc/PID/mem and ptrace from everybody but root.
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
