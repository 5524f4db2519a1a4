"""A backup: the whole store in one file, encrypted as it is, that the same people's secrets open.

    the database, as SQLite wrote it: encrypted, under the store's key
    a description, CBOR: whose it is, when, up to which event, and the small files beside the database:
        both key slots and the opening sheet, so that nothing else is needed to open it
    4 bytes: how long the description is
    32 bytes: SHA-256 of everything before
    64 bytes: the device's signature over that
    8 bytes: what kind of file this is

Written beside its place, read back, opened and checked, and only then put in place. Nothing of it was ever
in clear. A backup opens with the secrets of the time it was made: whoever was removed since can still open
an old one. It knows files; what follows from putting one back is `restoring`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.core import cbor, events
from kiosk.core.clock import WallClock
from kiosk.core.ids import DEVICE_SIZE, DeviceId, device_id
from kiosk.errors import KnownError, Malformed
from kiosk.files import put_in_place, written_down
from kiosk.store import slots
from kiosk.store.cipher import StoreKey, connect, translating
from kiosk.store.opening import OpenStore
from kiosk.store.witness import SignedHead
from sync.wire import is_signed

FORMAT = 1
SUFFIX = ".kiosk-backup"
BESIDE = ("sheet.txt", "desk.txt", "trust.txt", "pass-keys.cbor")
"""Small files of the data folder that go along, where they are. Both copies of the key slots are one file."""
_MAGIC = b"ESR1bak\0"
_DOMAIN = b"ESR1 backup\0"
_LENGTH, _TRAILER = 4, 4 + 32 + events.SIGNATURE_SIZE + len(_MAGIC)
_MAX_DESCRIPTION = 1024 * 1024
_STEP = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Backup:
    """What stands in a backup beside the database."""

    path: Path
    made_at: int
    """Milliseconds since 1970 of the laptop's clock."""
    head: SignedHead
    shelter: str
    files: dict[str, bytes]
    database_size: int

    @property
    def device(self) -> DeviceId:
        """Whose it is."""
        return self.head.device


def write(store: OpenStore, target: Path, wall: WallClock) -> Backup:
    """Make a backup of an open store: at `target`, or in it under a name of its own if it is a folder.

    Raises:
        KnownError: `backup_exists`, `disk_full`, `disk_unwritable`, `backup_failed` when what was written
            can not be read back; nothing is left there then.
    """
    parts, shelter = store.ledger.parts, store.sheet.shelter
    head, now = parts.log.signed_head(), int(wall() * 1000)
    if head is None:
        raise KnownError("nothing_to_back_up", "まだ 記録が ありません。", "the log is empty")
    if target.is_dir():
        target /= f"{shelter}-{now}{SUFFIX}"
    if target.exists():
        raise KnownError(
            "backup_exists",
            "同じ 名前の ファイルが もう あります。ほかの 名前に してください。",
            "there is a file of this name already",
        )
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    with _gone_if_it_fails(beside), written_down():
        # Never a copy of the file: what lies in the write-ahead log would be missing.
        with translating():
            parts.connection.execute("VACUUM INTO ?", (str(beside),))
        _see_that_it_opens(beside, store.vault.key, head)
        files = {slots.NAMES[0]: store.vault.slots.to_bytes()}
        for name in BESIDE:
            with suppress(FileNotFoundError):
                files[name] = (parts.data / name).read_bytes()
        _describe(beside, [FORMAT, now, shelter, *_row(head), files], parts.identity.sign)
        made = read(beside)
        put_in_place(beside, target)
    return Backup(target, made.made_at, made.head, made.shelter, made.files, made.database_size)


def _see_that_it_opens(path: Path, key: StoreKey, head: SignedHead) -> None:
    database = connect(path, key)
    try:
        connection = database.conn
        with translating():
            wrong = connection.execute("PRAGMA cipher_integrity_check").fetchone()
            (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            row = connection.execute(
                "SELECT hash FROM event WHERE device = ? AND seq = ?", (head.device, head.seq)
            ).fetchone()
    finally:
        database.close()
    if wrong is not None or said != "ok" or row is None or bytes(row[0]) != head.hash:
        raise KnownError(
            "backup_failed",
            "バックアップを 正しく 書けませんでした。ほかの USBメモリで ためしてください。",
            "what was written as a backup can not be read back",
        )


def _describe(path: Path, description: list[object], key: Ed25519PrivateKey) -> None:
    packed = cbor.dumps(description)
    with path.open("r+b") as file:
        file.seek(0, os.SEEK_END)
        file.write(packed + len(packed).to_bytes(_LENGTH, "big"))
        file.flush()
        digest = _digest(path, file.tell())
        file.write(digest + key.sign(_DOMAIN + digest) + _MAGIC)
        file.flush()
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):
            # What is read back shall come from the stick, not from what the system remembers.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _digest(path: Path, size: int) -> bytes:
    found = sha256()
    with path.open("rb") as file:
        while size > 0:
            part = file.read(min(_STEP, size))
            if not part:
                raise Malformed("cut_short", "a backup that is cut short")
            found.update(part)
            size -= len(part)
    return found.digest()


def read(path: Path) -> Backup:
    """Read a backup's description, and verify every byte of the file.

    Raises:
        KnownError: `no_backup` when it can not be read or is none; `backup_damaged`.
    """
    try:
        return _read(path)
    except OSError as error:
        raise KnownError(
            "no_backup", "バックアップの ファイルを 読めません。", "the backup can not be read"
        ) from error
    except Malformed as error:
        raise KnownError(
            "backup_damaged",
            "バックアップの ファイルが こわれています。ほかの ものを 使ってください。",
            f"the backup is damaged ({error.code})",
        ) from error


def _read(path: Path) -> Backup:
    size = path.stat().st_size
    with path.open("rb") as file:
        if size < _TRAILER:
            raise Malformed("malformed", "not a backup")
        file.seek(size - _TRAILER)
        trailer = file.read()
        length = int.from_bytes(trailer[:_LENGTH], "big")
        if not trailer.endswith(_MAGIC) or not 0 < length <= min(_MAX_DESCRIPTION, size - _TRAILER):
            raise Malformed("malformed", "not a backup")
        file.seek(size - _TRAILER - length)
        packed = file.read(length)
    digest = trailer[_LENGTH : _LENGTH + 32]
    if _digest(path, size - _TRAILER + _LENGTH) != digest:
        raise Malformed("malformed", "a backup whose bytes have changed")
    value = cbor.loads(packed, limit=_MAX_DESCRIPTION)
    try:
        form, made_at, shelter, device, seq, hashed, signature, key, files = value
        if form != FORMAT or len(device) != DEVICE_SIZE:
            raise Malformed("unknown_format", "a backup of another version")
        head = SignedHead(DeviceId(device), seq, hashed, signature, key)
        contents = {str(name): bytes(content) for name, content in files.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise Malformed("malformed", "not a backup") from error
    vouched = is_signed(key, _DOMAIN + digest, trailer[_LENGTH + 32 : -len(_MAGIC)])
    if not vouched or device_id(key) != device or not head.is_genuine():
        raise Malformed("bad_signature", "the backup was not made by the device it names")
    if any(name not in (*BESIDE, slots.NAMES[0]) for name in contents):
        raise Malformed("malformed", "a backup with files that belong into none")
    return Backup(path, made_at, head, shelter, contents, size - _TRAILER - length)


def _row(head: SignedHead) -> tuple[object, ...]:
    return head.device, head.seq, head.hash, head.signature, head.sign_key


def unpack(backup: Backup, folder: Path) -> None:
    """Lay a verified backup's files into a folder, the database as `store.db`, synced.

    Raises:
        KnownError: `disk_full`, `disk_unwritable`.
    """
    with written_down():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        left = backup.database_size
        with backup.path.open("rb") as source, (folder / "store.db").open("wb") as target:
            while left > 0:
                part = source.read(min(_STEP, left))
                if not part:
                    raise OSError("the backup ended early")
                target.write(part)
                left -= len(part)
            target.flush()
            os.fsync(target.fileno())
        for name, content in backup.files.items():
            (folder / name).write_bytes(content)


@contextmanager
def _gone_if_it_fails(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for leftover in path.parent.glob(path.name + "*"):
            with suppress(OSError):
                leftover.unlink()
        raise
