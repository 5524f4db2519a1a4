"""Staff accounts of an open store: who may open it, and since when, and by whom.

Every change is asked of the table of access, then written into the log, then carried out: after a crash the
log may tell of a change that did not happen, never the other way round. Whatever takes a way in away also
changes the store's key, so that an old copy of the slots opens nothing of what is written from then on.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kiosk.core import staff as rules
from kiosk.core.access import Action, Actor, Role
from kiosk.core.acts import Key, Kind
from kiosk.core.ids import Randomness
from kiosk.core.key_slots import MAX_STAFF, STAFF_COST, Cost, StaffSlot
from kiosk.core.staff import Change, StaffEvent
from kiosk.errors import KnownError
from kiosk.store import slots
from kiosk.store.entrance import prove
from kiosk.store.gate import Gate
from kiosk.store.opening import OpenStore, new_slot


class Accounts:
    """What the person who opened `store` may do with its accounts. Use it on the store's thread."""

    def __init__(
        self,
        store: OpenStore,
        gate: Gate | None = None,
        randomness: Randomness = os.urandom,
        cost: Cost = STAFF_COST,
    ) -> None:
        self._store = store
        self._vault = store.vault
        self._gate = gate or Gate(store.vault.data)
        self._randomness = randomness
        self._cost = cost

    def list(self) -> list[Mapping[str, Any]]:
        """Everybody who may open the store, and the wrong tries that stand against them.

        Raises:
            KnownError: `not_allowed`.
        """
        self._store.access.check(Action.STAFF_LIST)
        return [
            {**told, "wrong_tries": self._gate.failures(slot.id)}
            for told, slot in zip(slots.describe(self._vault.slots), self._vault.slots.staff, strict=True)
        ]

    def add(self, name: str, role: Role, secret: str) -> StaffSlot:
        """Somebody new.

        Raises:
            KnownError: `not_allowed`, `name_taken`, `too_many_staff`, `bad_staff_name`, `weak_passphrase`,
                `weak_pin`, `passphrase_needed`, `disk_full`.
        """
        self._store.access.check(Action.STAFF_ACCOUNTS)
        self._see_that_it_is_free(name)
        if len(self._staff) >= MAX_STAFF:
            raise KnownError(
                "too_many_staff",
                f"係の人は {MAX_STAFF}人までです。もう 来ない人を 消してください。",
                f"a store has at most {MAX_STAFF} staff accounts",
            )
        slot = new_slot(self._vault.slots.store, name, role, secret, self._randomness, self._cost)
        self._note(Change.ADDED, slot)
        self._vault.put((*self._staff, slot))
        return slot

    def remove(self, name: str) -> None:
        """Somebody may not open the store any more, from this moment on.

        Raises:
            KnownError: `not_allowed`, `no_such_staff`, `last_supervisor`; `key_not_changed`: they can not
                open it any more, and the change of the key is finished at the next unlocking.
        """
        self._store.access.check(Action.STAFF_ACCOUNTS)
        slot = self._vault.slots.find(name)
        others = tuple(one for one in self._staff if one.id != slot.id)
        self._see_that_one_stays(others)
        self._note(Change.REMOVED, slot)
        self._gate.opened(slot.id)
        self._vault.replace_key(others)

    def rename(self, name: str, new: str) -> None:
        """The same person under another name; the log keeps the old one where it stood.

        Raises:
            KnownError: `not_allowed`, `no_such_staff`, `name_taken`, `bad_staff_name`.
        """
        self._store.access.check(Action.STAFF_ACCOUNTS)
        slot = self._vault.slots.find(name)
        self._see_that_it_is_free(new)
        renamed = replace(slot, name=rules.judge_name(new))
        self._note(Change.RENAMED, renamed)
        self._vault.put(tuple(renamed if one.id == slot.id else one for one in self._staff))

    def change_own_secret(self, secret: str) -> None:
        """Another passphrase or PIN for the person who opened the store.

        Raises:
            KnownError: as `reset`.
        """
        self._store.access.check(Action.OWN_SECRET)
        own = next((one for one in self._staff if one.id == self._store.actor.id), None)
        if own is None:
            raise KnownError(
                "no_such_staff", "その 名前の 人は いません。", "this account was removed meanwhile"
            )
        self._replace(own, secret, Change.SECRET_CHANGED)

    def reset(self, name: str, secret: str, role: Role | None = None) -> None:
        """A new passphrase or PIN for somebody who forgot theirs, or whose was seen; and a role, if given.

        A role is decided when a slot is made, with a secret that is good enough for it: there is no other way
        to give one.

        Raises:
            KnownError: `not_allowed`, `no_such_staff`, `weak_passphrase`, `weak_pin`, `passphrase_needed`,
                `last_supervisor`; `key_not_changed` as in `remove`.
        """
        self._store.access.check(Action.STAFF_ACCOUNTS)
        slot = self._vault.slots.find(name)
        if role is not None and role is not Role.SUPERVISOR:
            self._see_that_one_stays(tuple(one for one in self._staff if one.id != slot.id))
        self._replace(slot, secret, Change.SECRET_RESET, role)

    def unblock(self, name: str) -> None:
        """Take back somebody's wait after wrong tries.

        Raises:
            KnownError: `not_allowed`, `no_such_staff`.
        """
        self._store.access.check(Action.STAFF_ACCOUNTS)
        slot = self._vault.slots.find(name)
        self._note(Change.UNBLOCKED, slot)
        self._gate.opened(slot.id)

    def second(self, name: str, secret: str) -> Actor:
        """A second person, known by their own secret: for what one alone may not do.

        Raises:
            KnownError: as `entrance.prove`.
        """
        return prove(self._vault.data, secret, name, self._gate).actor

    @property
    def _staff(self) -> tuple[StaffSlot, ...]:
        return self._vault.slots.staff

    def _see_that_it_is_free(self, name: str) -> None:
        if any(one.name == name.strip() for one in self._staff):
            raise KnownError(
                "name_taken", "その 名前の 人が もう います。", "there is a staff account of that name"
            )

    @staticmethod
    def _see_that_one_stays(others: tuple[StaffSlot, ...]) -> None:
        if not any(one.role == Role.SUPERVISOR for one in others):
            raise KnownError(
                "last_supervisor",
                "責任者が ひとりも いなくなります。先に ほかの責任者を 加えてください。",
                "the last supervisor can not be removed: add another first",
            )

    def _replace(self, slot: StaffSlot, secret: str, change: Change, role: Role | None = None) -> None:
        role = role or slot.actor.role
        if role is None:
            raise KnownError(
                "unknown_role",
                "この人の 役わりは 新しい版の ものです。ソフトを 新しく してください。",
                "the account has a role of a later version",
            )
        new = new_slot(
            self._vault.slots.store, slot.name, role, secret, self._randomness, self._cost, slot.id
        )
        self._note(change, new)
        self._gate.opened(slot.id)
        self._vault.replace_key(tuple(new if one.id == slot.id else one for one in self._staff))

    def _note(self, change: Change, slot: StaffSlot) -> None:
        note(self._store, change, slot, self._store.staff)


def note(store: OpenStore, change: Change, slot: StaffSlot, by: str) -> None:
    """Write a change of an account into the log; the names in it are sealed.

    Raises:
        KnownError: as `Ledger.append_plain`: then the change is not to be made.
    """
    event = StaffEvent(change, slot.id, slot.name, slot.role, by)
    store.ledger.append_plain(Kind.STAFF, {Key.MODE: int(store.sheet.mode)}, event.to_bytes())
