"""A desk as its window sees it: a `ui.station.Station` of real or played devices, a store and a sync process.

It decides nothing about receptions.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TYPE_CHECKING

from card_reader.channel import ReaderPort
from kiosk import flow
from kiosk.core import shelter_code
from kiosk.core.access import Actor
from kiosk.core.clock import MonotonicClock
from kiosk.core.entry_pass import PassReader, Refused, to_household
from kiosk.core.household import Mode
from kiosk.core.trust import TrustList
from kiosk.desk import Desk
from kiosk.errors import KnownError
from kiosk.laptop import power
from kiosk.store import belief, opened_as, opening
from kiosk.store.accounts import Accounts
from kiosk.timing import Session, Stopwatch
from kiosk.wiring.cards import CardSide, forms_on_cards
from kiosk.wiring.processes import JAPAN, end_process, start_sync, sync_of
from sync import outbox
from ui.keeper import Founder
from ui.station import Device, Frame, Surroundings, Sync

if TYPE_CHECKING:
    from kiosk.camera.frames import FrameSource
    from kiosk.camera.worker import CodeReader, CodeSeen


@dataclass(frozen=True, slots=True)
class Devices:
    """What stands at a desk: a camera (None when there is none) and card readers (None as well)."""

    camera: Callable[[], FrameSource] | None
    reader: Callable[[], ReaderPort] | None


def real_devices(camera: str = "camera:0") -> Devices:
    """A webcam and PC/SC."""

    def source() -> FrameSource:
        from kiosk.camera import frames  # noqa: PLC0415 - OpenCV is loaded after the first picture of the window

        return frames.open_source(camera)

    def port() -> ReaderPort:
        from card_reader.pcsc import PcscPort  # noqa: PLC0415 - a machine without PC/SC still runs the desk

        return PcscPort()

    return Devices(source, port)


def _trust_of(data: Path) -> TrustList:
    believed = belief.read(data)
    return TrustList() if believed is None else believed.trust


class DeskStation:
    """A `ui.station.Station` over a kiosk's data folder."""

    capacity: int | None = None
    founder: Founder | None = None

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
    ) -> None:
        """With `reports`, a sync process of this station's own: where no launcher has one."""
        self._data = data
        self._reports = reports
        self._devices = devices
        self._passphrase = passphrase
        self.towns = tuple(towns)
        self._sheet = opening.read_sheet(data)
        self.shelter_name = self._sheet.name
        self.desk_label = f"受付 {opened_as.read_desk(data)}"
        self.mode: Mode = self._sheet.mode
        self.asks_passphrase = passphrase is None
        self._passes = PassReader(trust or _trust_of(data))
        self._session = Session(clock, int(time.time()))
        self._store: opening.OpenStore | None = None
        self._codes: CodeReader | None = None
        self._cards: CardSide | None = None
        self._sync: SpawnProcess | None = None
        self._wanted = True
        self._push: Callable[[flow.Input], None] = lambda _: None
        self._camera_missing = devices.camera is None
        self._power: tuple[float, tuple[int | None, bool]] = (float("-inf"), (None, True))

    def open(self, passphrase: flow.Secret | None) -> Desk:
        """Open the store with what staff typed, or with what this station was made with."""
        given = self._passphrase if self._passphrase is not None else (passphrase or flow.NO_DIGITS).reveal()
        if self._store is not None:
            # Locked by hand, where no launcher has another process take over.
            self._store.close()
            self._store = None
        self._store = opening.unlock(self._data, given)
        desk = Desk(self._store.ledger, self._store.sheet.mode, lambda: None, os.urandom, self._store.access)
        desk.publish()
        keys = belief.pass_keys(self._data, self._store.ledger.identity.agreement)
        self._passes = PassReader(self._passes.trust.with_pass_keys(keys))
        if self._reports and self._sync is None:
            self._sync = start_sync(self._data)
        return desk

    def second(self, name: str, secret: flow.Secret) -> Actor:
        """Somebody else of the staff, for what one alone may not do."""
        if self._store is None:
            raise KnownError("locked", "係の人の 合い言葉が いります。", "the store is locked")
        return Accounts(self._store).second(name, secret.reveal())

    def try_sync(self) -> None:
        """Have the sync process try at once."""
        # A disk that is full does not keep the process from its own next attempt.
        with suppress(KnownError):
            outbox.try_now(outbox.folder(self._data))

    def start(self, push: Callable[[flow.Input], None]) -> None:
        """Start the devices on a thread of their own: loading them must not hold up the window."""
        self._push = push
        threading.Thread(target=self._start_devices, name="devices", daemon=True).start()

    def _start_devices(self) -> None:
        if self._devices.reader is not None:
            try:
                self._cards = CardSide(self._devices.reader(), self._session, self._push)
                self._cards.start()
            except ImportError:
                self._push(flow.DeviceChanged("reader", working=False))
        if self._devices.camera is not None:
            from kiosk.camera.worker import CodeReader  # noqa: PLC0415 - as in real_devices

            try:
                self._codes = CodeReader(self._devices.camera(), self._seen, self._session.clock)
                self._codes.start()
            except KnownError:
                self._camera_missing = True
                self._push(flow.DeviceChanged("camera", working=False))

    def _seen(self, code: CodeSeen) -> None:
        if not self._wanted:
            return
        begun = self._session.clock()
        outcome = self._passes.read(code.text, time.time())
        if isinstance(outcome, Refused):
            self._push(flow.CodeRefused(outcome.code))
            return
        # An older pass never overwrites what a newer one said.
        household, source = to_household(self._passes.newest(outcome), os.urandom)
        stopwatch = self._session.stopwatch(code.first_seen)
        stopwatch.add_machine(code.machine_seconds + self._session.clock() - begun)
        # Whether the household was seen before is told by the ledger, which knows who is here.
        marks = frozenset(outcome.marks) - {"seen_before"}
        self._push(flow.CodeAccepted(household, source, stopwatch, marks))

    def watch_codes(self, *, wanted: bool) -> None:
        """Codes are decoded all the same; those seen while not wanted are let go."""
        if wanted and not self._wanted and self._codes is not None:
            self._codes.forget()
        self._wanted = wanted

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

    def latest_frame(self) -> Frame | None:
        """The newest camera picture."""
        return None if self._codes is None else self._codes.latest_frame()

    def surroundings(self) -> Surroundings:
        """Devices, link and power as last known."""
        now = self._session.clock()
        if now - self._power[0] > 30:
            told = power.read()
            self._power = (now, (told.percent, told.plugged is not False))
        percent, charging = self._power[1]
        link = sync_of(outbox.read_status(outbox.folder(self._data))) if self._sheet.hq_url else Sync()
        return Surroundings(self._camera(), self._reader(), link, percent, charging)

    def _camera(self) -> Device:
        if self._devices.camera is None:
            return Device.OFF
        if self._codes is None:
            return Device.MISSING if self._camera_missing else Device.STARTING
        if self._codes.problem is not None:
            return Device.MISSING
        return Device.STARTING if self._codes.latest_frame() is None else Device.WORKING

    def _reader(self) -> Device:
        if self._devices.reader is None:
            return Device.OFF
        return Device.STARTING if self._cards is None else self._cards.device

    def now(self) -> dt.datetime:
        """Japan's time."""
        return dt.datetime.now(JAPAN)

    def shelter_code(self, side: int) -> bytes:
        """The code by which a phone knows this shelter: a PNG of at most `side` pixels.

        While the store is open the device vouches for the moment; draw it anew each minute.
        """
        from kiosk.paper import code  # noqa: PLC0415 - drawn only when asked for

        shelter = shelter_code.of_sheet(self._sheet)
        device = None if self._store is None else self._store.ledger.identity.sign
        text = shelter_code.write(shelter, self._sheet.endorsement, int(time.time()), device)
        return code.fitting_png(text, side)

    def stopwatch(self) -> Stopwatch:
        """Started now."""
        return self._session.stopwatch()

    def close(self) -> None:
        """Stop everything this station started; the store is closed last but one, reporting last."""
        if self._codes is not None:
            self._codes.stop()
        if self._cards is not None:
            self._cards.stop()
        if self._store is not None:
            with suppress(KnownError):
                self._store.ledger.publish()
            self._store.close()
            self._store = None
        end_process(self._sync)
        self._sync = None
