"""Putting a backup back, on this laptop or another.

What was received after the backup is missing in it; what of that lies in this laptop's outbox is taken
back. The laptop goes on as a new device, whose first words name the one it was: numbers given since the
backup may be with HQ, other desks and evacuees, and are never given again. Files of before are moved aside,
never deleted. The key slots come last: until they stand, the folder is no kiosk and a try that was cut off
is thrown away by the next.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from kiosk.core.access import Access, Action
from kiosk.core.clock import WallClock
from kiosk.core.ids import DeviceId, Randomness
from kiosk.errors import KnownError
from kiosk.files import put_in_place, sync_folder, write_whole, written_down
from kiosk.store import backup, inspection, opened_as, slots, spare, succession
from kiosk.store.backup import Backup
from kiosk.store.cipher import Connection, StoreKey, connect_newest, refuse_if_in_use, translating
from kiosk.store.entrance import prove
from kiosk.store.gate import Gate
from kiosk.store.identity import Identity
from kiosk.store.parts import DATABASE, WAL, Parts, aside
from kiosk.store.reopening import take_back, transport_key
from kiosk.store.schema import migrations
from kiosk.store.succession import FORMER, HELD
from sync import outbox

STAGING = ".restoring"
_OLD = (DATABASE, WAL, spare.NAME)
"""What is moved aside with the slots; outbox, inbox and witness stay and say what is missing."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it."""

    backup: Backup
    device: DeviceId
    """Who this laptop is from now on."""
    taken_back: int
    """Events past the backup that lay in the outbox."""
    missing: int
    """Events past those that are known of, and lie here no more."""
    aside: Path | None
    """Where the files of before are."""


@translating()
def restore(
    path: Path,
    data: Path,
    passphrase: str,
    *,
    who: str | None = None,
    replace: bool = False,
    wall: WallClock,
    randomness: Randomness = os.urandom,
) -> Restored:
    """Make `data` the kiosk that a backup holds, as a new device.

    Raises:
        KnownError: `no_backup`, `backup_damaged`, `already_opened` unless `replace`, those of `prove`,
            `not_allowed`, `disk_full`, `disk_unwritable`.
    """
    found = backup.read(path)
    is_kiosk = any((data / name).exists() for name in slots.NAMES)
    if is_kiosk and not replace:
        raise KnownError(
            "already_opened",
            "このパソコンは もう 避難所の受付に なっています。入れかえるなら --replace を つけてください。",
            "this folder is already a kiosk; --replace moves its files aside",
        )
    if is_kiosk:
        refuse_if_in_use(data / DATABASE)
    staging = data / STAGING
    with written_down():
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True, mode=0o700)
    backup.unpack(found, staging)
    proven = prove(staging, passphrase, who, Gate(data))
    Access(proven.actor).check(Action.RESTORE)
    taken, missing, device = _bring_up_to_date(
        staging, data, [StoreKey.from_bytes(key) for key in proven.keys], wall, randomness
    )
    moved = _move_aside(data, int(wall() * 1000)) if is_kiosk else None
    _move_in(staging, data)
    return Restored(found, device, taken, missing, moved)


def _bring_up_to_date(
    staging: Path, data: Path, keys: list[StoreKey], wall: WallClock, randomness: Randomness
) -> tuple[int, int, DeviceId]:
    database, key = connect_newest(staging / DATABASE, keys)
    try:
        migrations.apply(database)
        _take_keys(database.conn, data, keys)
        identity, held = succession.read_secrets(database.conn)
        # Its outbox and inbox are the data folder's: they stay where they are.
        parts = Parts.of(database, data, identity, held)
        before = parts.log.newest().seq
        findings = list(inspection.structure(parts)) + list(inspection.chain(parts, identity.device))
        if findings:
            raise KnownError(
                "backup_damaged",
                "バックアップの 中身が こわれています。ほかの ものを 使ってください。",
                f"the backup's contents are damaged ({findings[0].code})",
            )
        known = max((seq for seq, _, _ in inspection.witnessed(parts)), default=0)
        with parts.transaction():
            for folder in (parts.outbox, outbox.inbox(data)):
                take_back(parts, folder)
            here = parts.log.newest().seq
            opened_as.learn(parts, staging)
            sheet = opened_as.sheet_of(parts)
            transport = transport_key(data, randomness)
            parts = succession.succeed(database, parts, sheet, transport, known, wall, randomness)
        opened_as.lay(parts, staging)
        spare.keep(staging, key, database.conn)
        database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return here - before, max(0, known - here), parts.identity.device
    finally:
        database.close()


def _take_keys(connection: Connection, data: Path, keys: list[StoreKey]) -> None:
    """Keep opening what this laptop sealed since the backup as yet another device, if its spare opens."""
    secrets = next((found for key in reversed(keys) if (found := spare.read(data, key))), {})
    if "sign" not in secrets:
        return
    since = Identity.from_secrets(secrets)
    kept = {name: value for name, value in secrets.items() if name.startswith((HELD, FORMER))}
    kept[HELD + since.device.hex()] = since.sealing
    link = outbox.read_link(outbox.folder(data))
    words = outbox.read_registration(outbox.folder(data))
    if words is not None and link is not None and link.device == since.device:
        kept[FORMER + since.device.hex()] = words
    connection.executemany("INSERT OR IGNORE INTO secret VALUES (?, ?)", list(kept.items()))


def _move_aside(data: Path, now: int) -> Path:
    folder = aside(data, "replaced", now)
    with written_down():
        # The slots first: from here on, the folder is no kiosk until the new ones stand.
        for name in (*slots.NAMES, *_OLD):
            if (data / name).exists():
                (data / name).replace(folder / name)
        sync_folder(folder)
        sync_folder(data)
    return folder


def _move_in(staging: Path, data: Path) -> None:
    for name in sorted(path.name for path in staging.iterdir()):
        if name not in slots.NAMES:
            put_in_place(staging / name, data / name)
    content = (staging / slots.NAMES[0]).read_bytes()
    with written_down():
        outbox.folder(data).mkdir(exist_ok=True)
    for name in slots.NAMES:
        write_whole(data / name, content)
    shutil.rmtree(staging, ignore_errors=True)
