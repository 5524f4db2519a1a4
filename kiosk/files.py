"""Files that appear whole or not at all, whatever the power does.

It knows paths and bytes, nothing of what they mean.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kiosk.errors import KnownError


def write_whole(path: Path, data: bytes, *, durable: bool = True, mode: int = 0o600) -> None:
    """Put `data` at `path`: readers see the old content or the new, never half of it.

    With `durable`, it is on the disk when this returns. The folder is made if it is missing.

    Raises:
        KnownError: `disk_full` or `disk_unwritable`.
    """
    with written_down():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            beside.replace(path)
        except OSError:
            with suppress(OSError):
                beside.unlink()
            raise
        if durable:
            sync_folder(path.parent)


def put_in_place(beside: Path, path: Path) -> None:
    """Give a file that is on the disk its name, or a folder; the name is on the disk when this returns.

    Raises:
        KnownError: as `write_whole`.
    """
    with written_down():
        beside.replace(path)
        sync_folder(path.parent)


def mark_of(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file does that is put in its place whole, as another file; None without one."""
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_ino, told.st_size, told.st_mtime_ns


def sync_folder(folder: Path) -> None:
    """See that the names in a folder are on the disk."""
    if os.name == "nt":  # Windows keeps no handle of a folder to sync; NTFS journals the rename.
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def written_down() -> Iterator[None]:
    """Translate the disk's refusals."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise KnownError(
                "disk_full", "ディスクが いっぱいです。空きを 作ってください。", "the disk is full"
            ) from error
        raise KnownError(
            "disk_unwritable",
            "ディスクに 書けません。係の人を よんでください。",
            "the disk can not be written",
        ) from error
