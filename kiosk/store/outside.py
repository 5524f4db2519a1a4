"""A store seen from outside: what its folder tells without a key, without a passphrase, without opening it.

For `kiosk doctor`. Nothing here is written, and the database is never opened as one, so a kiosk that runs
on the same folder does not notice.

**Never call this in the process that has the store open.** On POSIX systems, closing any handle of a file
drops every lock that the same process holds on it, SQLite's too.
"""

from __future__ import annotations

import os
import stat
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.store import slots
from kiosk.store.cipher import PLAIN_HEADER
from kiosk.store.parts import DATABASE
from kiosk.store.slots import KeySlots
from sync import outbox

# Where SQLite's locks lie, beyond any real content (https://www.sqlite.org/fileformat2.html, "The Lock-Byte
# Page", and the WAL-index locks of https://www.sqlite.org/walformat.html).
_DATABASE_LOCKS = (0x40000000, 512)
_SHARED_MEMORY_LOCKS = (120, 9)

SECRET_FILES = (*slots.NAMES, outbox.TRANSPORT)
"""What nobody but the kiosk's own user may read."""


@dataclass(frozen=True, slots=True)
class DatabaseFile:
    """The database as a file."""

    size: int
    """Bytes, with its write-ahead log."""
    is_plain: bool
    """It begins like a database without a cipher: names could be read by anybody."""


def database(data: Path) -> DatabaseFile | None:
    """The database in a kiosk's data folder, or None.

    Raises:
        OSError: it can not be read.
    """
    path = data / DATABASE
    if not path.exists():
        return None
    with path.open("rb") as file:
        is_plain = file.read(len(PLAIN_HEADER)) == PLAIN_HEADER
    beside = [part for part in data.glob(f"{DATABASE}*") if part.is_file()]
    return DatabaseFile(sum(part.stat().st_size for part in beside), is_plain)


def is_in_use(data: Path) -> bool | None:
    """Whether another process has the store open; None where that can not be seen."""
    locks = {DATABASE: _DATABASE_LOCKS, f"{DATABASE}-shm": _SHARED_MEMORY_LOCKS}
    seen = [_is_locked(data / name, *place) for name, place in locks.items() if (data / name).exists()]
    if any(seen):
        return True
    return None if None in seen else False


def _is_locked(path: Path, start: int, length: int) -> bool | None:
    if sys.platform == "win32":
        return _windows_locked(path, start, length)
    return _posix_locked(path, start, length)


def _posix_locked(path: Path, start: int, length: int) -> bool | None:
    if sys.platform != "linux" or struct.calcsize("P") != 8:
        return None  # the order of this structure's fields is each system's own
    import fcntl  # noqa: PLC0415 - Windows has none

    asked = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, start, length, 0)
    try:
        with path.open("rb") as file:
            # F_GETLK tells who would be in the way, and takes no lock itself.
            told = fcntl.fcntl(file, fcntl.F_GETLK, asked)
    except OSError:
        return None
    kind: int = struct.unpack_from("h", told)[0]
    return kind != fcntl.F_UNLCK


def _windows_locked(path: Path, start: int, length: int) -> bool | None:
    # Untried on Windows. It can not be asked about a lock, so one is tried and given back at once; SQLite
    # tries again for half a second, and does not notice.
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - only Windows has it

        try:
            with path.open("r+b") as file:
                file.seek(start)
                try:
                    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, length)
                except OSError:
                    return True
                file.seek(start)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, length)
        except OSError:
            return None
        return False
    return None


def key_slots(data: Path) -> list[KeySlots | None]:
    """Each copy of the key slots that there is, None for one that is damaged or missing."""
    return [slots.load_copy(data / name) for name in slots.NAMES]


def too_open(data: Path) -> Iterator[str]:
    """The names of what other users of this laptop may read: the folder itself (`.`), or a secret file.

    Nothing on Windows, where a user's folder is closed by its owner's rights and modes mean nothing.
    """
    if os.name == "nt":
        return
    for name in (".", *SECRET_FILES):
        path = data / name
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield name


def newest_change(data: Path) -> float | None:
    """When the store's files were last written, in seconds since 1970: no honest clock is earlier."""
    places: list[Callable[[], Iterator[Path]]] = [
        lambda: data.glob(f"{DATABASE}*"),
        lambda: (data / "outbox").glob("*.seg"),
    ]
    times = []
    for place in places:
        for path in place():
            try:
                times.append(path.stat().st_mtime)
            except OSError:
                continue  # a segment or the log beside the database can go between two looks
    return max(times, default=None)
