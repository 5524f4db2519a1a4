"""Cutting the log into segments and laying them where the sync process finds them; and taking them back.

Laying is off the way of a reception: what fails here is laid by the next call or the next start. A laid
segment holds the events as they are, sealed and signed, so a log that lost its end takes it back from
there, byte for byte. It knows no network and waits for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kiosk.core.acts import Key, Kind, sign_key_in
from kiosk.core.events import Event
from kiosk.core.ids import HOUSEHOLD_SIZE, DeviceId
from kiosk.errors import BugError, Malformed
from kiosk.store.cipher import Connection
from kiosk.store.log import Log
from sync import outbox, wire
from sync.outbox import SegmentName
from sync.wire import Segment

_ROOM = 512
"""Bytes of a segment that are not events: its frame and signature."""
FORK = "fork"
"""The code of a segment that says something else under numbers of ours."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What came back from the segments of one folder."""

    events: tuple[Event, ...]
    damaged: tuple[str, ...] = ()
    """Files that should have led on and are not what their names say."""
    parted: bool = False
    """A file says something else under numbers of ours."""


class Segments:
    """The segments of this laptop's devices: the present one, and those it was before a restore."""

    def __init__(self, connection: Connection, log: Log, folder: Path) -> None:
        self._connection = connection
        self._log = log
        self._folder = folder

    # -- laying ----------------------------------------------------------------------------------------

    def cut(self) -> list[SegmentName]:
        """Decide the borders of the segments since the last one, and write them down.

        They must be durable before `lay` makes a file, so that after a crash the same segment has the
        same bytes. Belongs into the caller's transaction.
        """
        return [name for device in sorted(self._log.held) for name in self._cut(device)]

    def _cut(self, device: DeviceId) -> Iterator[SegmentName]:
        (last,) = self._connection.execute(
            "SELECT coalesce(max(last), 0) FROM segment WHERE device = ?", (device,)
        ).fetchone()
        names: list[SegmentName] = []
        first, newest, size = last + 1, last, 0
        for event in self._log.events(device, after=last):
            weight = len(event.header) + len(event.sealed or b"")
            full = size + weight > wire.SEGMENT_TARGET - _ROOM or event.seq - first >= wire.MAX_EVENTS
            if size and full and self._log.signature(device, newest) is not None:
                names.append(SegmentName(device, first, newest))
                first, size = event.seq, 0
            size, newest = size + weight, event.seq
        if size:
            names.append(SegmentName(device, first, newest))
        for name in names:
            self.remember(name)
        return iter(names)

    def remember(self, name: SegmentName) -> None:
        """Write down the borders of a segment. Belongs into the caller's transaction."""
        self._connection.execute(
            "INSERT OR IGNORE INTO segment VALUES (?, ?, ?)", (name.device, name.first, name.last)
        )

    def remembered(self) -> list[SegmentName]:
        """Every segment whose borders were decided."""
        rows = self._connection.execute("SELECT device, first, last FROM segment ORDER BY device, first")
        return [SegmentName(DeviceId(device), first, last) for device, first, last in rows]

    def lay(self, name: SegmentName) -> None:
        """Write one segment's file.

        Raises:
            KnownError: `disk_full`, `disk_unwritable`.
        """
        outbox.write_segment(self._folder, name.device, name.first, name.last, self.segment(name))

    def lay_missing(self) -> None:
        """Lay again every segment whose file is not there.

        Raises:
            KnownError: as `lay`.
        """
        here = {name for device in self._log.held for name in outbox.segments(self._folder, device)}
        for name in self.remembered():
            if name not in here:
                self.lay(name)

    def segment(self, name: SegmentName) -> bytes:
        """The bytes of one segment."""
        signature = self._log.signature(name.device, name.last)
        if signature is None:
            raise BugError("a segment ends with an event that its device signed")
        return wire.encode_segment(
            list(self._log.events(name.device, name.first - 1, name.last)),
            self._log.hash_at(name.device, name.first - 1),
            signature,
        )

    # -- taking back -----------------------------------------------------------------------------------

    def take_back(self, device: DeviceId, folder: Path) -> TakenBack:
        """Append what the segments in `folder` have of a device past its end here, exactly those bytes.

        Every segment is verified first: its signature, that it continues the chain, and, where we hold
        the key, that its seals open. The first that does not ends it. Belongs into the caller's transaction.
        """
        taken: list[Event] = []
        damaged: list[str] = []
        parted = False
        names = outbox.segments(folder, device)
        while True:
            head = self._log.newest(device)
            fitting = [name for name in names if name.first <= head.seq + 1 <= name.last]
            # The furthest first; a damaged one may have a shorter neighbour that is whole.
            for name in sorted(fitting, key=lambda one: one.last, reverse=True):
                try:
                    taken += self._take(name, outbox.read_segment(folder, name) or b"")
                except Malformed as error:
                    if error.code == FORK:
                        parted = True
                    else:
                        damaged.append(str(name))
                    names.remove(name)
                else:
                    break
            else:
                return TakenBack(tuple(taken), tuple(damaged), parted)

    def _take(self, name: SegmentName, data: bytes) -> list[Event]:
        segment = verified(data, name, self._log)
        head = self._log.newest(name.device).seq
        previous, new = segment.previous, []
        for event, digest in zip(segment.events, segment.hashes(), strict=True):
            if event.seq <= head and digest != self._log.hash_at(name.device, event.seq):
                raise Malformed(FORK, "a segment of another branch")
            if event.seq > head:
                self._log.unsealed(event, previous)
                new.append((event, digest))
            previous = digest
        for event, digest in new:
            signature = segment.signature if event.seq == segment.last else None
            self._log.put(event, digest, signature, household_of(event))
        if name.device in self._log.held and name.first == self._next_border(name.device):
            self.remember(name)
        return [event for event, _ in new]

    def clear(self, folder: Path) -> None:
        """Delete from the inbox what came back of our own devices: what fitted is in the log and laid.

        What did not fit, or is damaged, HQ gives again. A second copy would outlive an erasure.
        """
        for name in outbox.segments(folder):
            if name.device in self._log.held:
                with suppress(OSError):  # somebody else may hold it: at the next start again
                    (folder / str(name)).unlink(missing_ok=True)

    def adopt(self) -> int:
        """Write down borders that were lost while their file was not; how many. Belongs into a transaction.

        What was decided once must stay decided, or the same events would be laid twice in two shapes.
        """
        known, adopted = set(self.remembered()), 0
        for device in sorted(self._log.held):
            head = self._log.newest(device).seq
            for name in outbox.segments(self._folder, device):
                if name in known or name.first != self._next_border(device) or name.last > head:
                    continue
                whole = self._log.signature(device, name.last) is not None
                if whole and outbox.read_segment(self._folder, name) == self.segment(name):
                    self.remember(name)
                    adopted += 1
        return adopted

    def _next_border(self, device: DeviceId) -> int:
        (last,) = self._connection.execute(
            "SELECT coalesce(max(last), 0) FROM segment WHERE device = ?", (device,)
        ).fetchone()
        return int(last) + 1


def verified(data: bytes, name: SegmentName, log: Log) -> Segment:
    """A segment that is what its name says and that its device signed.

    Raises:
        Malformed: as `wire.decode_segment`, or `bad_signature`, or `malformed` under a wrong name.
    """
    segment = wire.decode_segment(data)
    if (segment.device, segment.first, segment.last) != (name.device, name.first, name.last):
        raise Malformed("malformed", "a segment under the name of another")
    key = log.sign_key(name.device) or sign_key_in(segment.events[0])
    if key is None or not segment.is_signed_by(key):
        raise Malformed("bad_signature", "the signature is not the device's")
    if name.first > 1 and segment.previous != log.hash_at(name.device, name.first - 1):
        raise Malformed(FORK, "a segment of another branch")
    return segment


def household_of(event: Event) -> bytes | None:
    """The household an event is filed under, as its public part says; of any kind, known or not."""
    household = event.public.get(Key.HOUSEHOLD)
    # The word that a household was erased is not erased with it.
    if event.kind == Kind.ERASE or not isinstance(household, bytes) or len(household) != HOUSEHOLD_SIZE:
        return None
    return household
