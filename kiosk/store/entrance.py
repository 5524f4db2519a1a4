"""Proving who one is: from a secret that was typed to the store's keys.

It reads key slots and the laptop's own secret, and makes too many wrong tries wait. It opens no database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kiosk.core import key_slots
from kiosk.core.access import Actor
from kiosk.core.key_slots import KeySlots, StaffSlot
from kiosk.errors import KnownError, Malformed
from kiosk.store import device, slots
from kiosk.store.gate import ANYBODY, Gate


@dataclass(frozen=True, slots=True)
class Proven:
    """Somebody's secret opened their slot, and the slots were written by people who may."""

    slots: KeySlots
    slot: StaffSlot
    keys: tuple[bytes, ...]
    """The store's keys, newest last."""

    def __repr__(self) -> str:
        """Without the keys."""
        return "Proven(…)"

    @property
    def actor(self) -> Actor:
        """Who it is."""
        return self.slot.actor


def prove(data: Path, secret: str, name: str | None = None, gate: Gate | None = None) -> Proven:
    """Open a slot: `name`'s, or without a name whichever this secret opens.

    Takes a slot's cost, a third of a second or more, for each slot that is tried.

    Raises:
        KnownError: `not_opened`, `slots_damaged`, `no_such_staff`, `must_wait`, `wrong_passphrase`,
            `other_laptop`, `slots_altered`.
    """
    found = slots.load_all(data)
    gate = gate or Gate(data)
    who = ANYBODY if name is None else found[0].find(name).id
    gate.enter(who)
    altered = False
    for one in found:
        wanted = one.staff if name is None else tuple(slot for slot in one.staff if slot.name == name)
        try:
            proven = _open(one, wanted, secret)
        except Malformed:
            altered = True  # only then is the older copy asked: it may still hold who was removed since
            continue
        if proven is None:
            break
        gate.opened(who, proven.slot.id)
        return proven
    if altered:
        raise KnownError(
            "slots_altered",
            "鍵の ファイルが 書きかえられています。係の人を よんでください。",
            "the key slots were not written by this store's staff; ask HQ's officer for recovery",
        )
    if device.read(found[0].store) is None and any(slot.bound for slot in found[0].staff):
        raise KnownError(
            "other_laptop",
            "この パソコンでは この 合言葉で 開けません。責任者の 長い 合言葉が いります。",
            "this laptop's own secret is missing: only a long passphrase opens the store here",
        )
    raise KnownError("wrong_passphrase", "合言葉が ちがいます。", "the passphrase opens no key slot")


def _open(found: KeySlots, wanted: Iterable[StaffSlot], secret: str) -> Proven | None:
    """Raises Malformed when the secret is right and the slots around it are not."""
    own = device.read(found.store)
    for slot in wanted:
        private = key_slots.open_slot(found.store, slot, secret, own)
        if private is None:
            continue
        keys = found.open(slot, private)
        if not found.verify(keys):
            raise Malformed("slots_altered", "the key slots do not fit their keys")
        return Proven(found, slot, keys)
    return None
