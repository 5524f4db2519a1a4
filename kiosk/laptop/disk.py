"""The disk under a folder: what kind it is, whether it is encrypted, how fast it keeps a promise."""

from __future__ import annotations

import ctypes
import os
import re
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kiosk.core.clock import MonotonicClock
from kiosk.files import written_down
from kiosk.laptop.power import Ask, ask

ROOT = Path("/")
BLOCK = 4096
"""Bytes of one write: a page of the database."""

NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "sshfs", "fuse.sshfs", "davfs", "afs", "ceph"}
)
FORGETFUL = frozenset({"tmpfs", "ramfs", "overlay", "squashfs"})
"""Gone when the power goes: memory, and what a system started from a stick writes."""
NO_JOURNAL = frozenset({"vfat", "msdos", "exfat", "fat", "fat32", "fat16", "ext2"})
"""Kinds that a power cut can leave in disorder, and most of which keep no permissions."""


def existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next((place for place in (folder, *folder.parents) if place.is_dir()), Path.cwd())


@dataclass(frozen=True, slots=True)
class Volume:
    """What a folder lies on; None where it is not known."""

    kind: str
    """The file system, in small letters (`ext4`, `ntfs`)."""
    read_only: bool = False
    removable: bool | None = None
    """It can be pulled out."""
    encrypted: bool | None = None
    """The whole volume is (LUKS, BitLocker): what a thief of the switched-off laptop meets."""


def volume(folder: Path, root: Path = ROOT, platform: str = sys.platform, asked: Ask = ask) -> Volume | None:
    """The volume under an existing folder."""
    if platform == "win32":
        return _windows_volume(folder, asked)
    return _linux_volume(folder, root)


@dataclass(frozen=True, slots=True)
class _Mount:
    device: str
    """Major and minor number."""
    place: Path
    options: frozenset[str]
    kind: str
    source: str


def _mounts(root: Path) -> Iterator[_Mount]:
    try:
        lines = (
            (root / "proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        )
    except OSError:
        return
    for line in lines:
        left, _, right = line.partition(" - ")
        fields, told = left.split(), right.split()
        if len(fields) >= 6 and len(told) >= 2:
            options = frozenset(fields[5].split(",") + (told[2].split(",") if len(told) > 2 else []))
            yield _Mount(fields[2], Path(_plain(fields[4])), options, told[0].lower(), _plain(told[1]))


def _plain(text: str) -> str:
    """The kernel writes blanks and the like as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)


def _linux_volume(folder: Path, root: Path) -> Volume | None:
    wanted = folder.resolve()
    over = [mount for mount in _mounts(root) if wanted.is_relative_to(mount.place)]
    if not over:
        return None
    # Of mounts on the same place, the later one covers the earlier.
    mount = max(enumerate(over), key=lambda pair: (len(pair[1].place.parts), pair[0]))[1]
    blocks = [block for block in _blocks(mount, root) if block.exists()]
    removable = any(map(_is_removable, blocks)) if blocks else None
    encrypted = any(map(_is_encrypted, blocks)) if blocks else None
    return Volume(mount.kind, "ro" in mount.options, removable, encrypted)


def _blocks(mount: _Mount, root: Path) -> Iterator[Path]:
    """The block device's folder in /sys, by its numbers, or by its name where a file system hides them."""
    yield root / "sys/dev/block" / mount.device
    if mount.source.startswith("/dev/"):
        # /dev/mapper/name is a link to /dev/dm-0; btrfs shows only such names.
        device = (root / mount.source.lstrip("/")).resolve().name
        yield root / "sys/class/block" / device


def _is_removable(block: Path) -> bool:
    place = block.resolve()
    if any(part.startswith(("usb", "mmc")) for part in place.parts):
        return not _is_fixed_memory(place)
    # A partition does not say it, the disk around it does.
    return any(_says(folder / "removable") == "1" for folder in (place, place.parent))


def _is_fixed_memory(place: Path) -> bool:
    """Small laptops have memory soldered on as an MMC; it says so, cards say SD."""
    return any(_says(folder / "device/type") == "MMC" for folder in (place, place.parent))


def _is_encrypted(block: Path) -> bool:
    place = block.resolve()
    if (_says(place / "dm/uuid") or "").startswith("CRYPT-"):
        return True
    # A logical volume may lie on an encrypted partition: then what it is made of says so.
    below = list((place / "slaves").glob("*"))
    return bool(below) and all(map(_is_encrypted, below))


def _says(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None


_FILE_READ_ONLY_VOLUME = 0x00080000
_DRIVE_REMOVABLE, _DRIVE_FIXED, _DRIVE_REMOTE = 2, 3, 4
_BITLOCKER = {"1": True, "3": True, "5": True, "0": False, "2": False, "4": False, "6": True}
"""System.Volume.BitLockerProtection: 1 on, 2 off, 3 being made, 4 being undone, 5 suspended, 6 locked."""


def _windows_volume(folder: Path, asked: Ask) -> Volume | None:
    # Untried on Windows: written from its documentation.
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        place, kind = ctypes.create_unicode_buffer(261), ctypes.create_unicode_buffer(261)
        flags = ctypes.c_uint32()
        if not kernel.GetVolumePathNameW(str(folder), place, len(place)):
            return None
        if not kernel.GetVolumeInformationW(
            place.value, None, 0, None, None, ctypes.byref(flags), kind, len(kind)
        ):
            return None
        drive = kernel.GetDriveTypeW(place.value)
        name = "cifs" if drive == _DRIVE_REMOTE else kind.value.lower()
        removable = {_DRIVE_REMOVABLE: True, _DRIVE_FIXED: False}.get(drive)
        read_only = bool(flags.value & _FILE_READ_ONLY_VOLUME)
        return Volume(name, read_only, removable, bitlocker(place.value, asked))
    return None


def bitlocker(drive: str, asked: Ask = ask) -> bool | None:
    """Whether BitLocker keeps a drive (`C:`), as Explorer shows it to everybody.

    `manage-bde` and Get-BitLockerVolume want an administrator; this property does not.
    """
    quoted = drive.replace("'", "''")
    script = (
        f"(New-Object -ComObject Shell.Application).NameSpace('{quoted}')"
        ".Self.ExtendedProperty('System.Volume.BitLockerProtection')"
    )
    said = asked(["powershell", "-NoProfile", "-NonInteractive", "-Command", script])
    return _BITLOCKER.get(said or "")


@dataclass(frozen=True, slots=True)
class Writing:
    """How long the disk takes to promise that a small write is kept, in milliseconds."""

    median_ms: float
    worst_ms: float


def try_writing(folder: Path, clock: MonotonicClock, rounds: int = 8) -> Writing:
    """Write and sync one page, several times, in a file of its own that is gone afterwards.

    Raises:
        KnownError: `disk_full` or `disk_unwritable`.
    """
    times = []
    with written_down():
        descriptor, name = tempfile.mkstemp(prefix=".kiosk-doctor-", dir=folder)
        try:
            for _ in range(rounds):
                begun = clock()
                os.write(descriptor, bytes(BLOCK))
                os.fsync(descriptor)
                times.append((clock() - begun) * 1000)
        finally:
            os.close(descriptor)
            with suppress(OSError):
                Path(name).unlink()
    return Writing(statistics.median(times), max(times))
