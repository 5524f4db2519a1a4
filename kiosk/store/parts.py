"""What an open store is made of, for the modules of this room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from kiosk.core.ids import DeviceId
from kiosk.core.sealing import SealingKey
from kiosk.files import written_down
from kiosk.store import witness
from kiosk.store.ballast import Ballast
from kiosk.store.cipher import Connection, Database, DatabaseError, translated
from kiosk.store.identity import Identity
from kiosk.store.log import Log
from kiosk.store.segments import Segments
from kiosk.store.views import Views
from kiosk.store.witness import Witness
from sync import outbox

DATABASE = "store.db"
WAL = DATABASE + "-wal"

# Notes in the store: names in its table `meta`.
LABEL = "label"
"""What stands after the desk's letter in its reception numbers, since this laptop is another device."""
LOST = "lost/"
"""With a device: up to which number its log once went, if it is shorter now."""
BRANCHED = "branched/"
"""With a device of the past: others know other events under its numbers."""
ANEW = "anew/"
"""With a device: its log was completed by HQ, so a copy may write on under its id; this laptop must not."""
AGAIN = "again/"
"""With such a device: from which number on its events were said again under a new id."""


def aside(data: Path, what: str, now: int) -> Path:
    """A new folder for files that are moved out of the way, never deleted; `now` in milliseconds.

    Raises:
        KnownError: `disk_full`, `disk_unwritable`.
    """
    with written_down():
        for number in count():
            folder = data / f"{what}-{now + number}"
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700)
                return folder
    raise AssertionError  # pragma: no cover - there is always a next number


@dataclass(frozen=True, slots=True)
class Parts:
    """One store: a connection, and everything that works on it. One thread."""

    data: Path
    connection: Connection
    identity: Identity
    log: Log
    views: Views
    segments: Segments
    witness: Witness
    ballast: Ballast

    @classmethod
    def of(
        cls,
        database: Database,
        data: Path,
        identity: Identity,
        held: Mapping[DeviceId, SealingKey] | None = None,
    ) -> Parts:
        """The parts of the store in a data folder; `held`: sealing keys of what it was before."""
        log = Log(database.conn, identity, held)
        return cls(
            data,
            database.conn,
            identity,
            log,
            Views(database.conn, log),
            Segments(database.conn, log, outbox.folder(data)),
            Witness(data / witness.NAME),
            Ballast(data),
        )

    @property
    def outbox(self) -> Path:
        """Where segments are laid."""
        return outbox.folder(self.data)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside, synced to disk at its end, or nothing of it.

        Raises:
            KnownError: `disk_full`, `disk_unwritable`, `read_only`, `store_damaged`: nothing was written.
        """
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            yield
            self.connection.execute("COMMIT")
        except BaseException as error:
            # A full disk has often rolled back by itself; rolling back again would hide the first error.
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            self.views.forget_totals()
            if isinstance(error, (DatabaseError, MemoryError)):
                raise translated(error) from error
            raise

    def remember(self, name: str, value: str) -> None:
        """Write a note into the store. Belongs into the caller's transaction."""
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def forget(self, name: str) -> None:
        """Take a note out. Belongs into the caller's transaction."""
        self.connection.execute("DELETE FROM meta WHERE name = ?", (name,))

    def note(self, name: str) -> str | None:
        """One note."""
        row = self.connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def notes(self, prefix: str) -> dict[str, str]:
        """The notes whose names begin so, by the rest of their names."""
        rows = self.connection.execute(
            "SELECT name, value FROM meta WHERE substr(name, 1, ?) = ?", (len(prefix), prefix)
        )
        return {name[len(prefix) :]: value for name, value in rows}
