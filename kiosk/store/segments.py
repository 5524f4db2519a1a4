"""Cutting the log into segments and laying them where the sync process finds them.

Off the way of a reception: what fails here is laid by the next call or the next start. It knows no
network and waits for nobody.
"""

from __future__ import annotations

from pathlib import Path

from kiosk.store.cipher import Connection
from kiosk.store.log import Log
from sync import outbox, wire

_ROOM = 512
"""Bytes of a segment that are not events: its frame and signature."""


class Segments:
    """The segments of this device's events."""

    def __init__(self, connection: Connection, log: Log, folder: Path) -> None:
        self._connection = connection
        self._log = log
        self._folder = folder

    def cut(self) -> list[tuple[int, int]]:
        """Decide the borders of the segments since the last one, and write them down.

        They must be durable before `lay` makes a file, so that after a crash the same segment has the
        same bytes. Belongs into the caller's transaction.
        """
        (last,) = self._connection.execute(
            "SELECT coalesce(max(last), 0) FROM segment WHERE device = ?", (self._log.device,)
        ).fetchone()
        borders: list[tuple[int, int]] = []
        first, newest, size = last + 1, last, 0
        for event in self._log.events(after=last):
            weight = len(event.header) + len(event.sealed or b"")
            if size and size + weight > wire.SEGMENT_TARGET - _ROOM:
                borders.append((first, newest))
                first, size = event.seq, 0
            size, newest = size + weight, event.seq
        if size:
            borders.append((first, newest))
        self._connection.executemany(
            "INSERT INTO segment VALUES (?, ?, ?)", [(self._log.device, begin, end) for begin, end in borders]
        )
        return borders

    def lay(self, first: int, last: int) -> None:
        """Write one segment's file.

        Raises:
            KnownError: `disk_full`, `disk_unwritable`.
        """
        outbox.write_segment(self._folder, self._log.device, first, last, self.segment(first, last))

    def lay_missing(self) -> None:
        """Lay again every segment whose file is not there."""
        here = {(name.first, name.last) for name in outbox.segments(self._folder, self._log.device)}
        rows = self._connection.execute(
            "SELECT first, last FROM segment WHERE device = ?", (self._log.device,)
        ).fetchall()
        for first, last in rows:
            if (first, last) not in here:
                self.lay(first, last)

    def segment(self, first: int, last: int) -> bytes:
        """The bytes of one segment."""
        run = [event for event in self._log.events(after=first - 1) if event.seq <= last]
        return wire.encode_segment(
            run,
            self._log.hash_at(self._log.device, first - 1),
            self._log.signature(self._log.device, last),
        )
