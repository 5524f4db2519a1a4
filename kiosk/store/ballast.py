"""Room on the disk: a ballast file to throw overboard when it is full, and how the disk stands.

On a full disk nothing can be written, not even to say what must be deleted. So some megabytes are kept by
a file that holds nothing. When a reception does not fit any more, the file goes, the reception is written,
and staff have a thousand receptions' time to make room. The ballast comes back by itself when there is
room again. It knows files and bytes, nothing of what is written.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kiosk.core.notices import Disk
from kiosk.errors import KnownError

NAME = "ballast"
SIZE = 4 * 1024 * 1024
"""About a thousand receptions with their views, segments and write-ahead log."""
LOW = 128 * 1024 * 1024
"""With less free than this, staff are told to make room."""
_REFUSALS = {"disk_full": Disk.FULL, "read_only": Disk.READ_ONLY, "disk_unwritable": Disk.FAILING}

Free = Callable[[Path], int]
"""Bytes that may still be written to the disk of a folder."""


def free_bytes(folder: Path) -> int:
    """As the system tells it."""
    return shutil.disk_usage(folder).free


class Ballast:
    """The ballast of one data folder, and what its disk last said."""

    def __init__(self, folder: Path, size: int = SIZE, free: Free = free_bytes) -> None:
        self._folder = folder
        self._path = folder / NAME
        self._size = size
        self._free = free
        self._refused: Disk | None = None

    def lay(self) -> bool:
        """Put the ballast there if it is not, and if room for more than it is left; whether it is there."""
        try:
            if self._path.exists() and self._path.stat().st_size == self._size:
                return True
            if self._free(self._folder) < LOW + self._size:
                return False
            self._fill()
        except OSError:
            with suppress(OSError):
                self._path.unlink()
            return False
        return True

    def _fill(self) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, self._size)
            else:  # Windows: zeros take room there
                file.write(bytes(self._size))

    def throw(self) -> bool:
        """Give its room free; whether there was anything to give."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True

    def wrote(self) -> None:
        """Take note that the disk took something."""
        self._refused = None

    def refused(self, error: KnownError) -> None:
        """Take note that the disk refused something."""
        self._refused = _REFUSALS.get(error.code, self._refused)

    @property
    def disk(self) -> Disk:
        """How the disk stands now. Cheap; may be asked from any thread, once a second."""
        refused = self._refused
        try:
            free = self._free(self._folder)
        except OSError:
            return refused or Disk.FAILING
        if refused is Disk.FULL and free >= self._size:
            refused = None  # somebody made room: the next reception will be taken
        if refused is not None:
            return refused
        return Disk.ROOM if free >= LOW and self._path.exists() else Disk.LOW
