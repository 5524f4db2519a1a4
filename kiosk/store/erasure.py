"""Erasing what is known of one household, for good, while every chain still verifies.

The sealed parts of its events become empty; their hashes stay, and with them the chain, the signatures and
the counts. An `erase` event says so in the same transaction: who, when, and which household by its number,
so that a backup put back later erases again. Then the segments that held the sealed parts are laid anew
with the hash in their place, and the write-ahead log is emptied. What a crash leaves undone of that is done
at the next start. HQ's copies, other desks' and backups are for those who keep them.
"""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.core.acts import Key, Kind
from kiosk.core.events import Event
from kiosk.core.ids import HOUSEHOLD_SIZE, HouseholdId
from kiosk.files import written_down
from kiosk.store.parts import Parts
from sync import outbox
from sync.outbox import SegmentName

PENDING = "erasing/"
"""Notes in the store: segments that must still be laid anew after an erasure."""


def erase(parts: Parts, household: HouseholdId) -> set[HouseholdId]:
    """Empty every sealed part of a household and of those merged with it; returns which households.

    Belongs into the caller's transaction; `finish` after it.
    """
    households = parts.views.group(household)
    touched: set[SegmentName] = set()
    laid = parts.segments.remembered()
    for one in households:
        rows = parts.connection.execute(
            "SELECT device, seq FROM event WHERE household = ? AND sealed <> x''", (one,)
        ).fetchall()
        for device, seq in rows:
            touched |= {name for name in laid if name.device == device and name.first <= seq <= name.last}
        parts.connection.execute(
            "UPDATE event SET sealed = NULL WHERE household = ? AND sealed <> x''", (one,)
        )
        parts.connection.execute("DELETE FROM token WHERE household = ?", (one,))
    parts.views.refresh(household)
    parts.views.index(households)
    for name in touched:
        parts.remember(PENDING + str(name), "")
    return households


def finish(parts: Parts) -> None:
    """Lay anew what still holds sealed parts that were erased, and empty the write-ahead log.

    Raises:
        KnownError: `disk_full`, `disk_unwritable`: it is tried again at the next start.
    """
    pending = parts.notes(PENDING)
    if not pending:
        return
    for text in pending:
        name = outbox.parse_name(text)
        if name is not None:
            parts.segments.lay(name)
    inbox = outbox.inbox(parts.data)
    for name in outbox.segments(inbox):
        # What came in here is in the log; this copy would keep what was erased.
        if name.last <= parts.log.newest(name.device).seq:
            with written_down():
                (inbox / str(name)).unlink(missing_ok=True)
    with parts.transaction():
        for text in pending:
            parts.forget(PENDING + text)
    parts.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def again(parts: Parts, events: Iterable[Event]) -> None:
    """Erase what these events say was erased. Belongs into the caller's transaction."""
    for event in events:
        household = event.public.get(Key.HOUSEHOLD)
        if event.kind == Kind.ERASE and isinstance(household, bytes) and len(household) == HOUSEHOLD_SIZE:
            erase(parts, HouseholdId(household))
