"""Saying again what HQ counts for nobody: the own branch of a laptop that was copied, under the new device.

Two laptops went on as one. HQ keeps both branches and counts the first that came; this laptop has gone on as
a new device, and its former log stays. Once HQ has said from which event on the two part, this laptop writes
those events once more under its new id, each with the mark `AGAIN`, and takes the former receptions back, so
that nobody is received twice. A void is about one household, so it touches nobody of the other branch.

What a crash leaves undone is done at the next start: the marks say how far it came. It refuses to know why
the laptop was copied.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kiosk.core import cbor
from kiosk.core.acts import Key, Kind, Personal
from kiosk.core.events import Event
from kiosk.core.ids import DeviceId
from kiosk.core.notices import Notice
from kiosk.core.sealing import MAX_PLAIN
from kiosk.store.ledger import Ledger
from kiosk.store.parts import AGAIN, BRANCHED, Parts
from kiosk.store.segments import household_of
from sync import outbox

_SAID = {str(kind): kind for kind in Kind if kind is not Kind.DEVICE}
"""The kinds that are said again: not a device's first words, which are true of the former one only."""


def say_again(ledger: Ledger) -> Iterator[Notice]:
    """Say again what is to be said, as far as HQ told where branches part; what was said is told.

    Raises:
        KnownError: `disk_full`, `disk_unwritable`, `read_only`: the rest follows at the next start.
    """
    parts = ledger.parts
    for device, first in sorted(outbox.read_parted(parts.outbox).items()):
        was_ours = device in parts.log.held and device != parts.log.device
        if not was_ours or parts.note(AGAIN + device.hex()) is not None:
            continue
        number = _of_branch(ledger, device, first)
        with parts.transaction():
            parts.remember(AGAIN + device.hex(), str(first))
            parts.forget(BRANCHED + device.hex())
        yield _said_again(number)


def _of_branch(ledger: Ledger, device: DeviceId, first: int) -> int:
    """Write the events of one branch once more; how many."""
    new, taken_back = _written(ledger.parts, device)
    for event in list(ledger.parts.log.events(device, first - 1)):
        if event.kind not in _SAID:
            continue
        if event.seq not in new:
            new[event.seq] = _write(ledger, event, new)
        if event.kind == Kind.RECEIVE and event.seq not in taken_back:
            _take_back(ledger, event)
    return len(new)


def _written(parts: Parts, device: DeviceId) -> tuple[dict[int, int], set[int]]:
    """What was said again so far (former number → new one), and which receptions were taken back."""
    new: dict[int, int] = {}
    taken_back: set[int] = set()
    for event in parts.log.events():
        match event.public.get(Key.AGAIN):
            case [one, seq] if one == device:
                new[seq] = event.seq
        if event.kind == Kind.VOID and event.public.get(Key.TARGET_DEVICE) == device:
            taken_back.add(event.public[Key.TARGET_SEQ])
    return new, taken_back


def _write(ledger: Ledger, event: Event, new: dict[int, int]) -> int:
    log = ledger.parts.log
    public: dict[int, Any] = {key: value for key, value in event.public.items() if key != Key.COMMIT}
    if public.get(Key.TARGET_DEVICE) == event.device and public.get(Key.TARGET_SEQ) in new:
        public |= {
            int(Key.TARGET_DEVICE): bytes(ledger.device),
            int(Key.TARGET_SEQ): new[public[Key.TARGET_SEQ]],
        }
    plain = _renumbered(log.open(event.device, event.seq), event.device, ledger.device, new)
    public[int(Key.AGAIN)] = [bytes(event.device), event.seq]
    return ledger.append_again(_SAID[event.kind], public, plain, household_of(event)).seq


def _renumbered(plain: bytes, device: DeviceId, now: DeviceId, new: dict[int, int]) -> bytes:
    """A personal part whose cleared secrecies are named by their new numbers."""
    if not plain:
        return plain
    part = cbor.loads(plain, limit=MAX_PLAIN)
    rows = part.get(int(Personal.CLEARS)) if isinstance(part, dict) else None
    if not isinstance(rows, list):
        return plain
    cleared = [[bytes(now), new[seq]] if one == device and seq in new else [one, seq] for one, seq in rows]
    return cbor.dumps(part | {int(Personal.CLEARS): cleared})


def _take_back(ledger: Ledger, event: Event) -> None:
    public: dict[int, Any] = {
        int(key): event.public[key] for key in (Key.INCIDENT, Key.MODE, Key.HOUSEHOLD) if key in event.public
    }
    public |= {int(Key.TARGET_DEVICE): bytes(event.device), int(Key.TARGET_SEQ): event.seq}
    ledger.append_again(Kind.VOID, public, b"", household_of(event))


def _said_again(number: int) -> Notice:
    return Notice(
        "said_again",
        f"この パソコンの コピーが あります。記録 {number}件を 書きなおしました。係の人を よんでください。",
        f"there is a copy of this laptop: {number} events that HQ counted for nobody were written anew",
    )
