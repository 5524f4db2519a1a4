"""The head witness: a small file beside the database that knows how long the log was.

A write-ahead log that was cut, deleted or damaged opens cleanly and shorter, and a hash chain can not see
that its own end is missing. So the newest signed head also stands here, outside the database. It is
written after each commit, never before, without waiting for the disk: whatever a crash does, the witness
may lag behind the log, but a witness ahead of the log means that the log has lost something. It is
synced when the desk has time, and when it locks.

A record vouches for itself by the device's signature, so a damaged one is never believed. Two places are
written in turn, each in a sector of its own: a torn write spoils one of them. It knows heads, and nothing
of events.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from kiosk.core import events
from kiosk.core.ids import DEVICE_SIZE, DeviceId, device_id

NAME = "witness"
_MAGIC = b"ESR1wit\0"
_PLACE = 4096
"""Bytes from one place to the other: the largest sector in use."""
_PLACES = 2
_KEY_SIZE = 32
_RECORD = len(_MAGIC) + DEVICE_SIZE + 8 + events.HASH_SIZE + events.SIGNATURE_SIZE + _KEY_SIZE


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A device's head as it stood once, vouched for by the device."""

    device: DeviceId
    seq: int
    hash: bytes
    signature: bytes
    sign_key: bytes
    """The device's public key, 32 bytes: its id follows from it."""

    def is_genuine(self) -> bool:
        """Whether the device really signed this."""
        return device_id(self.sign_key) == self.device and events.head_is_signed(
            self.sign_key, self.device, self.seq, self.hash, self.signature
        )

    def to_bytes(self) -> bytes:
        """One record."""
        return b"".join(
            (_MAGIC, self.device, self.seq.to_bytes(8, "big"), self.hash, self.signature, self.sign_key)
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> SignedHead | None:
        """Read a record; None for one that is damaged, torn or was never written."""
        if len(data) < _RECORD or not data.startswith(_MAGIC):
            return None
        parts, place = [], len(_MAGIC)
        for size in (DEVICE_SIZE, 8, events.HASH_SIZE, events.SIGNATURE_SIZE, _KEY_SIZE):
            parts.append(data[place : place + size])
            place += size
        device, seq, digest, signature, key = parts
        head = cls(DeviceId(device), int.from_bytes(seq, "big"), digest, signature, key)
        return head if head.is_genuine() else None


class Witness:
    """The file, kept open. It never stops a reception: what goes wrong here is only remembered."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: FileIO | None = None
        self._dirty = False
        self.failed = False
        """Whether the last write or sync went wrong."""

    def say(self, head: SignedHead) -> None:
        """Write down a head that is committed. Not synced: see `sync`."""
        try:
            file = self._opened()
            file.seek(head.seq % _PLACES * _PLACE)
            file.write(head.to_bytes())
        except OSError:
            self.failed = True
        else:
            self.failed, self._dirty = False, True

    def sync(self) -> None:
        """Wait until what was said is on the disk."""
        if self._file is None or not self._dirty:
            return
        try:
            os.fsync(self._file.fileno())
        except OSError:
            self.failed = True
        else:
            self._dirty = False

    def renew(self) -> None:
        """Forget a damaged file: the next head makes a new one."""
        self.close()
        with suppress(OSError):
            self._path.unlink()

    def close(self) -> None:
        """Sync and let the file go."""
        self.sync()
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None

    def _opened(self) -> FileIO:
        if self._file is None:
            if not self._path.exists():
                # Its final size at once: later writes need no room on a full disk.
                descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
                with os.fdopen(descriptor, "wb") as made:
                    made.write(bytes(_PLACES * _PLACE))
            self._file = FileIO(self._path, "r+")
        return self._file


def read(path: Path) -> list[SignedHead]:
    """The genuine records that stand there, the newest of each device last; empty without a file."""
    try:
        data = path.read_bytes()
    except OSError:
        return []
    found = (SignedHead.from_bytes(data[n * _PLACE : n * _PLACE + _RECORD]) for n in range(_PLACES))
    return sorted((head for head in found if head is not None), key=lambda head: head.seq)


def damaged_places(path: Path) -> int:
    """How many places hold anything but a genuine record and zeros; untouched places are none."""
    try:
        data = path.read_bytes()
    except OSError:
        return 0
    places = [data[n * _PLACE : (n + 1) * _PLACE] for n in range(_PLACES)]
    return sum(
        any(place) and (SignedHead.from_bytes(place) is None or any(place[_RECORD:])) for place in places
    )
