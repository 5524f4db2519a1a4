"""What a window's keeper does with an open store: a `ui.keeper.Keeper`. It decides nothing.

What somebody may do is asked of the store's access first: a screen that was opened all the same hears it.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kiosk import flow, settings
from kiosk.camera import remembered
from kiosk.camera.devices import Camera
from kiosk.core.access import Action, Actor, Role
from kiosk.core.clock import JAPAN
from kiosk.core.ids import HouseholdId
from kiosk.core.key_slots import STAFF_COST, Cost
from kiosk.core.staff import SecretKind
from kiosk.desk import Desk
from kiosk.errors import KnownError
from kiosk.files import write_whole
from kiosk.flow.choices import ROLES
from kiosk.settings import Settings
from kiosk.store import closing
from kiosk.store.accounts import Accounts
from kiosk.store.opening import OpenStore
from ui.keeper import Second

if TYPE_CHECKING:
    from kiosk.wiring.papers import Papers


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

    def shelter_code(self, side: int) -> bytes:
        """The shelter's code: a PNG of at most so many pixels, one a module at least."""

    def let_go(self) -> None:
        """The store is about to be closed for good: touch it no more."""


class StoreKeeper:
    """Looks after the store that somebody opened. Use it on the store's thread."""

    def __init__(
        self,
        store: OpenStore,
        desk: Desk,
        bench: Bench,
        cost: Cost = STAFF_COST,
    ) -> None:
        self._store = store
        self._desk = desk
        self._bench = bench
        self._accounts = Accounts(store, cost=cost)

    @cached_property
    def _papers(self) -> Papers:
        from kiosk.wiring.papers import Papers  # noqa: PLC0415 - lists load with the first page that takes one out

        return Papers(self._store, self._desk)

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

    # Papers, codes, and the end

    def outlets(self) -> Sequence[flow.Outlet]:
        """Where papers and files can go now."""
        return self._papers.outlets()

    def take_out(
        self, paper: flow.Paper, outlet: flow.Outlet, reason: str, second: Second | None
    ) -> flow.PutOut:
        """Put a list there."""
        joined = None if second is None else self._second(second)
        return self._papers.take_out(paper, outlet, reason, joined)

    def shelter_code(self) -> bytes:
        """The shelter's code of this minute."""
        return self._bench.shelter_code(1)

    def slip(self, household: HouseholdId) -> bytes:
        """A household's transfer slip."""
        return self._papers.slip(household)

    def put_slip(self, household: HouseholdId, outlet: flow.Outlet) -> str:
        """The slip on paper or in a file."""
        return self._papers.put_slip(household, outlet)

    def closing(self) -> flow.ClosingFacts:
        """What HQ has, and who is still here."""
        access, ledger = self._store.access, self._store.ledger
        if not access.may(Action.CLOSE_SHELTER):
            access.check(Action.CLOSE_SHELTER)
        ledger.publish()
        counts = ledger.counts()
        left = closing.unsent(ledger.parts)
        return flow.ClosingFacts(left, counts.persons, counts.households, bool(self._store.sheet.hq_url))

    def erase(self, outlet: flow.Outlet, second: Second, reason: str) -> flow.ShelterErased:
        """Erase this laptop's records for good."""
        # All that can refuse is asked while there is still something to go back to.
        joined = self._second(second)
        self._store.access.check(Action.CLOSE_SHELTER, second=joined)
        sheet, made = self._store.sheet, dt.datetime.now(JAPAN)
        target = Path(outlet.id) / f"消去証明書_{sheet.shelter}_{made:%Y%m%d-%H%M}.json"
        write_whole(target, b"")
        self._bench.let_go()
        try:
            signed = closing.close_shelter(
                self._store, target, second=joined, force=bool(reason), reason=reason, wall=time.time
            )
        except KnownError as error:
            raise KnownError("closing_cut_off", error.sentence, error.english) from error
        return flow.ShelterErased(str(target.with_suffix(".txt")), closing.as_text(signed))

    def _second(self, second: Second) -> Actor:
        return self._accounts.second(second.name, second.secret.reveal())
