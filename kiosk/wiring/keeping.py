"""What a window's keeper does with an open store: a `ui.keeper.Keeper`. It decides nothing.

What somebody may do is asked of the store's access first: a screen that was opened all the same hears it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kiosk import flow, settings
from kiosk.camera import remembered
from kiosk.camera.devices import Camera
from kiosk.core.access import Action, Role
from kiosk.core.key_slots import STAFF_COST, Cost
from kiosk.core.staff import SecretKind
from kiosk.flow.choices import ROLES
from kiosk.settings import Settings
from kiosk.store.accounts import Accounts
from kiosk.store.opening import OpenStore


class Bench(Protocol):
    """What a keeper needs of the desk's devices: `kiosk.wiring.DeskStation`, or a fake."""

    def cameras(self) -> Sequence[Camera]:
        """The cameras that are attached now."""

    def choose_camera(self, camera: Camera) -> None:
        """Use this one from now on."""

    def readers(self) -> Sequence[str]:
        """The card readers that are attached now."""

    def use(self, wanted: Settings) -> None:
        """What was chosen holds from now on."""


class StoreKeeper:
    """Looks after the store that somebody opened. Use it on the store's thread."""

    def __init__(self, store: OpenStore, bench: Bench, cost: Cost = STAFF_COST) -> None:
        self._store = store
        self._bench = bench
        self._accounts = Accounts(store, cost=cost)

    def accounts(self) -> Sequence[flow.Account]:
        """Everybody who may open the store, supervisors first."""
        told = self._accounts.list()
        rows = [
            flow.Account(
                one.name,
                one.actor.role,
                pin=one.kind is SecretKind.PIN,
                laptop_only=one.bound,
                wrong_tries=about["wrong_tries"],
                own=one.id == self._store.actor.id,
            )
            for one, about in zip(self._store.vault.slots.staff, told, strict=True)
        ]
        order = {role: place for place, role in enumerate(ROLES)}
        return sorted(rows, key=lambda row: (order.get(row.role or Role.AUDITOR, len(order)), row.name))

    def add_account(self, name: str, role: Role, secret: flow.Secret) -> None:
        """Somebody more."""
        self._accounts.add(name, role, secret.reveal())

    def remove_account(self, name: str) -> None:
        """Somebody less."""
        self._accounts.remove(name)

    def reset_account(self, name: str, role: Role, secret: flow.Secret) -> None:
        """A new secret for somebody, and perhaps another role."""
        self._accounts.reset(name, secret.reveal(), role)

    def free_account(self, name: str) -> None:
        """Take back somebody's wait."""
        self._accounts.unblock(name)

    def change_secret(self, old: flow.Secret, new: flow.Secret) -> None:
        """Another secret for who stands here: a desk that was left open is not enough to take it over."""
        self._accounts.second(self._store.actor.name, old.reveal())
        self._accounts.change_own_secret(new.reveal())

    def equipment(self) -> flow.Equipment:
        """What was chosen, and what could be."""
        self._store.access.check(Action.SETTINGS)
        data = self._store.vault.data
        chosen = remembered.read(data)
        return flow.Equipment(
            settings.read(data),
            "" if chosen is None else chosen.id,
            tuple(flow.Attached(camera.id, camera.name) for camera in self._bench.cameras()),
            tuple(flow.Attached(name, name) for name in sorted(self._bench.readers())),
        )

    def choose_camera(self, camera: flow.Attached) -> None:
        """Use this camera from now on."""
        self._store.access.check(Action.SETTINGS)
        attached = next((one for one in self._bench.cameras() if one.id == camera.id), None)
        if attached is not None:
            self._bench.choose_camera(attached)

    def keep_settings(self, wanted: Settings) -> None:
        """Keep what was chosen, and act on it."""
        self._store.access.check(Action.SETTINGS)
        settings.write(self._store.vault.data, wanted)
        self._bench.use(wanted)
