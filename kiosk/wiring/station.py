"""A desk as its window sees it: a `ui.station.Reception` of real or played devices, a store, a sync process.

It decides nothing about receptions.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing.context import SpawnProcess
from pathlib import Path

from kiosk import flow, settings
from kiosk.camera import remembered
from kiosk.camera.devices import Camera, Choice
from kiosk.core import shelter_code
from kiosk.core.access import Actor
from kiosk.core.clock import MonotonicClock
from kiosk.core.household import Mode
from kiosk.core.key_slots import STAFF_COST, Cost
from kiosk.core.notices import Disk
from kiosk.core.return_token import keyed_by
from kiosk.core.trust import TrustList
from kiosk.desk import Desk
from kiosk.errors import KnownError
from kiosk.store import belief, opened_as, opening
from kiosk.store.accounts import Accounts
from kiosk.wiring.cards import CardSide, forms_on_cards
from kiosk.wiring.codes import CodeSide, DeskJudge, PassJudge, SlipJudge
from kiosk.wiring.devices import AnyStation, Devices
from kiosk.wiring.keeping import StoreKeeper
from kiosk.wiring.processes import end_process, start_sync, sync_of
from sync import outbox
from ui.keeper import Founder, Keeper
from ui.station import Device, Surroundings, Sync


class DeskStation(AnyStation):
    """A `ui.station.Reception` over a kiosk's data folder."""

    founder: Founder | None = None
    keeper: Keeper | None = None

    def __init__(
        self,
        data: Path,
        devices: Devices,
        *,
        passphrase: str | None = None,
        towns: Sequence[flow.Town] = (),
        trust: TrustList | None = None,
        clock: MonotonicClock = time.monotonic,
        reports: bool = True,
        cost: Cost = STAFF_COST,
    ) -> None:
        """With `reports`, a sync process of this station's own: where no launcher has one."""
        super().__init__(devices, clock)
        self._data = data
        self._reports = reports
        self._cost = cost
        self._passphrase = passphrase
        self.towns = tuple(towns)
        self._sheet = opening.read_sheet(data)
        self.shelter_name = self._sheet.name
        self.desk_label = f"受付 {opened_as.read_desk(data)}"
        self.mode: Mode = self._sheet.mode
        self.asks_passphrase = passphrase is None
        self._given_trust = trust
        self.settings = settings.read(data)
        self._store: opening.OpenStore | None = None
        self._cards: CardSide | None = None
        self._sync: SpawnProcess | None = None
        self._push: Callable[[flow.Input], None] = lambda _: None
        self._known = False

    @property
    def reception(self) -> DeskStation:
        """This."""
        return self

    def open(self, passphrase: flow.Secret | None) -> Desk:
        """Open the store with what staff typed, or with what this station was made with."""
        given = self._passphrase if self._passphrase is not None else (passphrase or flow.NO_DIGITS).reveal()
        if self._store is not None:
            # Locked by hand, where no launcher has another process take over.
            self._store.close()
            self._store = None
        self._store = opening.unlock(self._data, given)
        desk = Desk(self._store.ledger, self._store.sheet.mode, lambda: None, os.urandom, self._store.access)
        self.keeper = StoreKeeper(self._store, desk, self, self._cost)
        desk.publish()
        if self._reports and self._sync is None:
            self._sync = start_sync(self._data)
        return desk

    @property
    def _opened(self) -> opening.OpenStore:
        if self._store is None:
            raise KnownError("locked", "係の人の 合い言葉が いります。", "the store is locked")
        return self._store

    def second(self, name: str, secret: flow.Secret) -> Actor:
        """Somebody else of the staff, for what one alone may not do."""
        return Accounts(self._opened).second(name, secret.reveal())

    def try_sync(self) -> None:
        """Have the sync process try at once."""
        # A disk that is full does not keep the process from its own next attempt.
        with suppress(KnownError):
            outbox.try_now(outbox.folder(self._data))

    def readers(self) -> Sequence[str]:
        """The card readers that are attached now, by name."""
        return () if self._cards is None else self._cards.readers

    def use(self, wanted: settings.Settings) -> None:
        """What was chosen holds from now on; nothing that is under way is interrupted."""
        self.settings = wanted
        if self._cards is not None:
            self._cards.use(wanted.reader)

    def let_go(self) -> None:
        """The shelter is closed: nobody reports any more, and the store is its eraser's."""
        end_process(self._sync)
        self._sync = self._store = None

    def start(self, push: Callable[[flow.Input], None]) -> None:
        """Start the devices on a thread of their own: loading them must not hold up the window."""
        self._push = push
        key = self._opened.sheet.transfer_key
        judge = DeskJudge(PassJudge(self._trust(), self._session), SlipJudge(key, self._session))
        self._codes = CodeSide(self._devices.camera, judge, self._session, push)
        self._keyed = keyed_by(key)
        threading.Thread(target=self._start_devices, name="devices", daemon=True).start()

    def _trust(self) -> Callable[[], TrustList]:
        """Who is believed: asked at each pass, because lists come in while the desk is open."""
        agreement = self._opened.ledger.identity.agreement
        if self._given_trust is None:
            return belief.Watch(self._data, self._opened.sheet, agreement).trust
        given = self._given_trust.with_pass_keys(belief.pass_keys(self._data, agreement))
        return lambda: given

    def _start_devices(self) -> None:
        if self._devices.reader is not None:
            try:
                self._cards = CardSide(self._devices.reader(), self._session, self._push, self._keyed)
                self._cards.use(self.settings.reader)
                self._cards.start()
            except ImportError:
                self._push(flow.DeviceChanged("reader", working=False))
        if self._codes is not None:
            self._codes.start()

    def watch_codes(self, *, wanted: bool) -> None:
        """Codes are decoded all the same; those seen while not wanted are let go."""
        if self._codes is not None:
            self._codes.want(wanted=wanted)

    def cameras(self) -> tuple[Camera, ...]:
        """The cameras that are attached now."""
        return () if self._devices.cameras is None else self._devices.cameras.attached()

    def choose_camera(self, camera: Camera) -> None:
        """Use this one from now on, also when it is plugged in elsewhere or the program starts again.

        Raises:
            KnownError: `disk_full` or `disk_unwritable`; the camera stays as it was.
        """
        remembered.write(self._data, Choice(camera.id, camera.name))
        if self._codes is not None:
            self._codes.reopen()

    def read_card(self, digits: flow.Secret) -> None:
        """Hand the digits to the card."""
        if self._cards is None:
            self._push(flow.CardFailed("no_reader"))
        else:
            self._cards.read(digits)

    def printed_forms(self, birth: str) -> list[flow.PrintedForm]:
        """How a birth date may stand on a card."""
        return forms_on_cards(birth, self.now().date())

    def read_face(self, birth: flow.Secret, code: flow.Secret, year: flow.Secret) -> None:
        """Open the card with what is printed on it."""
        if self._cards is None:
            self._push(flow.CardFailed("no_reader"))
        else:
            self._cards.read_face(birth, code, year)

    def surroundings(self) -> Surroundings:
        """Devices, link and power as last known."""
        ledger = None if self._store is None else self._store.ledger
        return replace(
            super().surroundings(),
            reader=self._reader(),
            sync=sync_of(outbox.read_status(outbox.folder(self._data))) if self._sheet.hq_url else Sync(),
            disk=Disk.ROOM if ledger is None else ledger.disk,
            notices=() if ledger is None or self._known else ledger.notices,
        )

    def rest(self) -> None:
        """Put the store's write-ahead log and its witness to their places."""
        if self._store is not None:
            self._store.ledger.rest()

    def acknowledge(self) -> None:
        """What the store found is known."""
        self._known = True

    def _reader(self) -> Device:
        if self._devices.reader is None:
            return Device.OFF
        return Device.STARTING if self._cards is None else self._cards.device

    def shelter_code(self, side: int) -> bytes:
        """The code by which a phone knows this shelter: a PNG of at most `side` pixels.

        While the store is open the device vouches for the moment; draw it anew each minute.
        """
        from kiosk.paper import code  # noqa: PLC0415 - drawn only when asked for

        shelter = self._sheet.code
        device = None if self._store is None else self._store.ledger.identity.sign
        text = shelter_code.write(shelter, self._sheet.endorsement, int(time.time()), device)
        return code.fitting_png(text, side)

    def close(self) -> None:
        """Stop everything this station started; the store is closed last but one, reporting last."""
        if self._codes is not None:
            self._codes.stop()
        if self._cards is not None:
            self._cards.stop()
        if self._store is not None:
            with suppress(KnownError):
                self._store.ledger.publish()
                self._store.ledger.rest()
            self._store.close()
            self._store = None
        end_process(self._sync)
        self._sync = None
