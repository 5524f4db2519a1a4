"""Opening a store that stands: is the log as long as it was, and if not, what can be taken back?

A write-ahead log that was truncated, deleted or damaged opens cleanly and shorter. So the log is compared
with what stands outside the database: the head witness, our own segments in the outbox, and what HQ said
it has. What is missing is taken back from segments, byte for byte. What can not be taken back is told, and
the laptop goes on as a new device, so that no number is ever given to two events.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.core.clock import MonotonicClock, WallClock
from kiosk.core.ids import DeviceId, Randomness
from kiosk.core.notices import Notice
from kiosk.core.sheet import OpeningSheet
from kiosk.errors import KnownError
from kiosk.files import write_whole
from kiosk.store import branching, erasure, inspection, opened_as, succession, wal, witness
from kiosk.store.cipher import Connection, Database, translating
from kiosk.store.ledger import Ledger
from kiosk.store.log import entry_of
from kiosk.store.parts import ANEW, BRANCHED, LOST, WAL, Parts
from kiosk.store.schema import migrations
from sync import outbox

_OTHER = "other"
"""Of a note `ANEW`: HQ has other events under numbers of this log."""
PROBED = 500
"""So many of the newest events are verified at every start; all of them by `kiosk check`."""


@dataclass(frozen=True, slots=True)
class _Missing:
    """What others know of this device's log, and the log does not."""

    upto: int
    other_branch: bool


@translating()
def reopen(
    database: Database,
    data: Path,
    wall: WallClock,
    monotonic: MonotonicClock,
    randomness: Randomness,
) -> Ledger:
    """The ledger of a database that was just unlocked, compared, completed, and laid for HQ.

    Raises:
        KnownError: `store_damaged`, `sheet_unreadable`, `disk_full`, `disk_unwritable`, `read_only`.
    """
    unread = _unread(database.conn, data)
    migrations.apply(database)
    identity, held = succession.read_secrets(database.conn)
    parts = Parts.of(database, data, identity, held)
    notices: list[Notice] = []
    with parts.transaction():
        notices += take_back(parts, parts.outbox).notices
        unread += parts.segments.adopt()
    # A full disk keeps nobody out for what HQ has anyway.
    with suppress(KnownError), parts.transaction():
        notices += _given_back(parts)
    sheet = opened_as.sheet_of(parts)
    missing = _missing(parts)
    if unread or notices or missing:
        _see_that_it_is_sound(parts)
    if missing is not None:
        parts = _go_on_anew(database, parts, sheet, missing, wall, randomness)
    elif unread and not notices:
        notices.append(_UNFINISHED)
    notices += _told(parts)
    if witness.damaged_places(data / witness.NAME):
        parts.witness.renew()
        notices.append(_WITNESS)
    notices += opened_as.settle(parts)
    ledger = Ledger(parts, sheet.mode, wall, monotonic, opened_as.desk_of(parts), notices)
    with suppress(KnownError):  # a full disk keeps nobody out: the rest is said at the next start
        ledger.notices += tuple(branching.say_again(ledger))
    _lay(ledger, sheet)
    return ledger


def _unread(connection: Connection, data: Path) -> int:
    """Frames that SQLite did not take up. To be asked before anything is written."""
    _, used, _ = connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
    (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    return wal.unread_frames(data / WAL, max(used, 0), int(page_size))


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of the segments in one folder, of all our devices."""

    notices: tuple[Notice, ...]
    parted: frozenset[DeviceId]
    """Of these there are other events under numbers of ours."""


def take_back(parts: Parts, folder: Path) -> TakenIn:
    """Take back from the outbox or the inbox what the log lacks of our own devices.

    Belongs into the caller's transaction.
    """
    notices: list[Notice] = []
    parted: set[DeviceId] = set()
    came = False
    for device in sorted(parts.log.held):
        back = parts.segments.take_back(device, folder)
        for event in back.events:
            parts.views.take(entry_of(event))
        if back.parted:
            parted.add(device)
        if back.damaged:
            notices.append(_damaged(len(back.damaged)))
        if back.events:
            came = True
            notices.append(_taken_back(len(back.events)))
    if came:
        # What was erased before they came is erased in them too.
        for device in parts.log.devices():
            erasure.again(parts, list(parts.log.events(device)))
    return TakenIn(tuple(notices), frozenset(parted))


def _given_back(parts: Parts) -> tuple[Notice, ...]:
    """Take in what HQ gave back, and remember what that means for the present device.

    Its log is whole again, and yet a copy of this laptop may be writing on after it. Belongs into the
    caller's transaction: what is taken and what follows of it stand together.
    """
    device, before = parts.log.device, parts.log.newest().seq
    taken = take_back(parts, outbox.inbox(parts.data))
    if device in taken.parted or parts.log.newest().seq > before:
        parts.remember(ANEW + device.hex(), _OTHER if device in taken.parted else "")
    return taken.notices


def _missing(parts: Parts) -> _Missing | None:
    """Whether anybody knows more of this device's log, or another log, than stands here."""
    device, head, upto = parts.log.device, parts.log.newest(), 0
    anew = parts.note(ANEW + device.hex())
    other = anew == _OTHER or device in outbox.read_parted(parts.outbox)
    for seq, digest, _ in inspection.witnessed(parts):
        upto = max(upto, seq)
        if digest and 0 < seq <= head.seq and parts.log.hash_at(device, seq) != digest:
            other = True
    if other or anew is not None or upto > head.seq:
        # What others have of another branch is not missing in this one.
        return _Missing(head.seq if other else max(upto, head.seq), other)
    return None


def _see_that_it_is_sound(parts: Parts) -> None:
    """A database that lost pages may be a mixture of old and new ones: look before anything is built on it.

    Raises:
        KnownError: `store_damaged`.
    """
    found = list(inspection.structure(parts))
    for device in parts.log.devices():
        after = max(0, parts.log.newest(device).seq - PROBED)
        found += inspection.chain(parts, device, after)
    if found:
        raise KnownError(
            "store_damaged",
            "保存データに 問題が あります。係の人を よんでください。",
            f"the store is damaged ({found[0].says}); run `kiosk check --repair`",
        )
    if not inspection.views_follow(parts):
        with parts.transaction():
            parts.views.rebuild()


def _go_on_anew(
    database: Database,
    parts: Parts,
    sheet: OpeningSheet,
    missing: _Missing,
    wall: WallClock,
    randomness: Randomness,
) -> Parts:
    transport = transport_key(parts.data, randomness)
    with parts.transaction():
        if missing.other_branch:
            parts.remember(BRANCHED + parts.identity.device.hex(), str(missing.upto))
        parts.forget(ANEW + parts.identity.device.hex())
        return succession.succeed(database, parts, sheet, transport, missing.upto, wall, randomness)


def transport_key(data: Path, randomness: Randomness) -> Ed25519PrivateKey:
    """The key of the sync process, made if it is not there."""
    try:
        return Ed25519PrivateKey.from_private_bytes((data / outbox.TRANSPORT).read_bytes())
    except (OSError, ValueError):
        key = Ed25519PrivateKey.from_private_bytes(randomness(32))
        write_whole(data / outbox.TRANSPORT, key.private_bytes_raw())
        return key


def _told(parts: Parts) -> Iterator[Notice]:
    """What stays to be told until it is put right."""
    for device, upto in parts.notes(LOST).items():
        here = parts.log.newest(DeviceId(bytes.fromhex(device))).seq
        if here < int(upto):
            yield _log_cut(int(upto) - here)
        else:  # they came back, from HQ or from another desk
            with parts.transaction():
                parts.forget(LOST + device)
    if parts.notes(BRANCHED):
        yield _BRANCHED


def _lay(ledger: Ledger, sheet: OpeningSheet) -> None:
    """What a crash may have left undone between a commit and its files."""
    parts = ledger.parts
    succession.lay_first_words(parts, sheet)
    erasure.finish(parts)
    ledger.lay_missing()
    ledger.publish()
    parts.segments.clear(outbox.inbox(parts.data))
    head = parts.log.signed_head()
    if head is not None:
        parts.witness.say(head)


_UNFINISHED = Notice(
    "unfinished_write",
    "前に 終わったとき、書きかけの ものが ありました。受付けた ものは すべて あります。",
    "the last write before the stop was not finished; everything that was acknowledged is here",
    serious=False,
)
_WITNESS = Notice(
    "witness_damaged",
    "記録の 控えが こわれていたので、作りなおしました。",
    "the head witness was damaged and is made anew",
    serious=False,
)
_BRANCHED = Notice(
    "other_branch",
    "この パソコンの 記録と ちがう 記録が 外に あります。両方 残っています。係の人を よんでください。",
    "others have other events of this laptop than the laptop itself; it goes on as a new device",
)


def _taken_back(number: int) -> Notice:
    return Notice(
        "taken_back",
        f"なくなっていた 記録 {number}件を、送るための ファイルや 本部から もどしました。",
        f"{number} events that the database had lost were taken back from segments",
        serious=False,
    )


def _damaged(number: int) -> Notice:
    return Notice(
        "segment_damaged",
        f"送るための ファイル {number}個が こわれています。係の人を よんでください。",
        f"{number} segments that should lead on are damaged",
    )


def _log_cut(number: int) -> Notice:
    return Notice(
        "log_cut",
        f"この パソコンから 記録 {number}件が なくなりました。受付票や 紙と くらべてください。",
        f"{number} events of this laptop are lost here; HQ or another desk may still have them",
    )
