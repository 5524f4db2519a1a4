"""Erasing the sealed parts of one household at HQ, when a person has decided that their purpose is over.

What is erased is bytes that HQ could not read anyway; their hashes stay, so every chain and every signature
still verifies, and the counts stay as they were. A segment that comes in later brings nothing back: HQ
keeps of it only what it did not have. Backups of HQ's database are for those who keep them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, and_, func, select, update

from kiosk.core import cbor
from kiosk.core.acts import Key, Kind
from kiosk.core.events import MAX_HEADER
from kiosk.errors import Malformed
from sync.hq import tables

NOTHING = b""
"""The sealed part of an event that never had one."""


def erase_household(connection: Connection, household: bytes) -> int:
    """Erase every sealed part HQ has about a household, in the log and in branches; returns how many.

    The event that says who erased it at a desk keeps its own. Doing it again is harmless.
    """
    if connection.dialect.name == "sqlite":
        # Without it, what is erased would lie in free pages until they are used again.
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    event = tables.event
    here = and_(event.c.household == household, event.c.sealed != NOTHING, event.c.kind != str(Kind.ERASE))
    number = connection.scalar(select(func.count()).select_from(event).where(here)) or 0
    connection.execute(update(event).where(here).values(sealed=None))
    branch = tables.branch
    for device, seq, digest in list(_in_branches(connection, household)):
        mine = and_(branch.c.device == device, branch.c.seq == seq, branch.c.hash == digest)
        connection.execute(update(branch).where(mine).values(sealed=None))
        number += 1
    return number


def _in_branches(connection: Connection, household: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    branch = tables.branch
    # Forks are rare, and short: their rows are read one by one.
    for row in connection.execute(select(branch).where(branch.c.sealed != NOTHING)):
        try:
            public = cbor.loads(row.public, limit=MAX_HEADER)
        except Malformed:
            continue
        if public.get(Key.HOUSEHOLD) == household and row.kind != Kind.ERASE:
            yield row.device, row.seq, row.hash
