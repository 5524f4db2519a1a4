"""When nobody can open the store any more: asking the municipality's officer, and taking the answer.

What travels is `kiosk.core.recovery`. The new account's slot waits in a file of its own until the answer
comes; it opens nothing before.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from kiosk.core import cbor, key_slots
from kiosk.core.access import Role
from kiosk.core.ids import Randomness
from kiosk.core.key_slots import STAFF_COST, Cost, KeySlots, StaffSlot
from kiosk.core.recovery import Answer, Request
from kiosk.core.staff import Change
from kiosk.errors import KnownError, Malformed
from kiosk.files import write_whole
from kiosk.store import device, opening, slots
from kiosk.store.accounts import note
from kiosk.store.entrance import Proven

FILE = "recovery.cbor"
FORMAT = 1
OFFICER = "本部"
"""Who gave the account, in the log."""


def request(
    data: Path, name: str, secret: str, randomness: Randomness = os.urandom, cost: Cost = STAFF_COST
) -> Request:
    """Ask for a new supervisor's account under a new passphrase. A later request replaces this one.

    Raises:
        KnownError: `not_opened`, `slots_damaged`, `bad_staff_name`, `weak_passphrase`, `passphrase_needed`,
            `disk_full`.
    """
    found = slots.load(data)
    sheet = opening.read_sheet(data)
    slot = opening.new_slot(found.store, name, Role.SUPERVISOR, secret, randomness, cost)
    write_whole(data / FILE, cbor.dumps([FORMAT, key_slots.slot_row(slot)]))
    return Request.of(found, sheet.name, slot)


def accept(data: Path, text: str, secret: str) -> opening.OpenStore:
    """Open the store with the officer's answer and the passphrase that was chosen for it.

    The new account stands from then on. One of the same name goes, and the store's key is changed. Accounts
    that were not written by this store's staff go too.

    Raises:
        KnownError: `no_request`, `not_this_request`, `wrong_passphrase`, `other_laptop`, or as
            `opening.unlock`; Malformed for a damaged answer.
    """
    answer = Answer.from_text(text)
    slot = _waiting(data)
    found = slots.load_all(data)
    store = found[0].store
    if (answer.store, answer.account) != (store, slot.id):
        raise KnownError(
            "not_this_request",
            "この 返事は 別の お願いへの ものです。いちばん 新しい お願いへの 返事を 読ませてください。",
            "the answer belongs to another request or another laptop",
        )
    own = device.read(store)
    private = key_slots.open_slot(store, slot, secret, own)
    if private is None and slot.bound and own is None:
        raise KnownError(
            "other_laptop",
            "お願いを 作った パソコンで してください。",
            "the answer opens only on the laptop that made the request",
        )
    if private is None:
        raise KnownError("wrong_passphrase", "合言葉が ちがいます。", "not the passphrase of the request")
    keys = answer.open(slot, private)
    opened = _open(data, found, slot, keys)
    try:
        note(opened, Change.RECOVERED, slot, OFFICER)
        others = (one for one in opened.vault.slots.staff if one.id != slot.id and one.name != slot.name)
        opened.vault.replace_key((*others, slot))
    except BaseException:
        opened.close()
        raise
    with suppress(OSError):
        (data / FILE).unlink()
    return opened


def _open(data: Path, found: list[KeySlots], slot: StaffSlot, keys: tuple[bytes, ...]) -> opening.OpenStore:
    for one in found:
        fitting = keys[-len(one.wraps) :]
        if one.verify(fitting):
            return opening.opened(data, Proven(one, slot, fitting))
    # Nobody who had the store's keys wrote these slots: nobody in them is taken over.
    sheet = opening.read_sheet(data)
    alone = KeySlots.write(found[0].store, found[0].serial + 1, sheet.records_key, (slot,), keys)
    try:
        return opening.opened(data, Proven(alone, slot, keys))
    except KnownError as error:
        if error.code != "store_damaged":
            raise
        raise KnownError(
            "not_this_request",
            "お願いの あとで 鍵が かわりました。もう一度 お願いを 作ってください。",
            "the store's key was changed after this request was made: make a new one",
        ) from error


def _waiting(data: Path) -> StaffSlot:
    try:
        value = cbor.loads((data / FILE).read_bytes(), limit=key_slots.MAX_FILE)
        _, row = value
        return key_slots.read_slot(row)
    except (OSError, ValueError, TypeError, Malformed) as error:
        raise KnownError(
            "no_request",
            "本部への お願いが ありません。先に お願いを 作ってください。",
            "there is no recovery request on this laptop to which this could be the answer",
        ) from error
