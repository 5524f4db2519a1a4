"""Joins the rooms: the one module that knows every class.

It turns what a camera or a card gave into plain core values, and makes a `ui.station.Station` of real
or simulated devices, a store and a sync process. It decides nothing about receptions.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TYPE_CHECKING

from card_reader.channel import ReaderPort
from card_reader.errors import CardError
from card_reader.my_number import BasicFour
from card_reader.reader import CardDesk
from card_reader.secret import Pin
from card_reader.watcher import Sighting, Watcher
from kiosk import flow
from kiosk.core import sheet, shelter_code
from kiosk.core.access import Actor
from kiosk.core.acts import Source
from kiosk.core.clock import MonotonicClock
from kiosk.core.dates import BirthDate
from kiosk.core.entry_pass import PassReader, Refused, to_household
from kiosk.core.household import Household, Method, Mode, Person, Relation, Sex
from kiosk.core.trust import TrustList
from kiosk.desk import Desk
from kiosk.errors import KnownError, Malformed
from kiosk.laptop import power
from kiosk.store import belief, opening
from kiosk.store.accounts import Accounts
from kiosk.store.ledger import Ledger
from kiosk.timing import Session, Stopwatch
from sync import outbox
from ui.station import Device, Frame, Link, Surroundings, Sync

if TYPE_CHECKING:
    from kiosk.camera.frames import FrameSource
    from kiosk.camera.worker import CodeReader, CodeSeen

JAPAN = dt.timezone(dt.timedelta(hours=9), "JST")
SHEET_SECONDS = 60.0
"""How long a sheet may be looked for before a camera."""
_CARD_SEX = {1: Sex.MALE, 2: Sex.FEMALE}


def household_of_card(person: BasicFour) -> tuple[Household, Source]:
    """A household of one, as its card told it, without ids yet, and how to know it again.

    The card gives no number of its own that may be kept: the same name, birth and sex are the same card.
    """
    try:
        birth = BirthDate.parse(person.birth_date)
    except Malformed:
        birth = None  # an odd date on a card is no reason to turn its holder away
    sex = _CARD_SEX.get(person.sex, Sex.UNKNOWN)
    holder = Person(flow.NO_PERSON_ID, person.name, None, birth, sex, Relation.HEAD)
    told = "\0".join((person.name, person.birth_date, str(person.sex)))
    source = Source(Method.CARD, key=sha256(told.encode()).digest()[:16])
    return Household(flow.NO_HOUSEHOLD_ID, (holder,), address=person.address), source


@contextmanager
def open_ledger(data: Path, passphrase: str) -> Iterator[Ledger]:
    """A kiosk's ledger, closed again at the end; use it on this thread only."""
    with opening.unlocked(data, passphrase) as store:
        yield store.ledger


def read_sheet_picture(source: str) -> str:
    """The text of the opening sheet shown in a picture, a folder, a video or before a camera.

    Raises:
        KnownError: `no_sheet_seen`, or what kept the source from being opened.
    """
    from kiosk.camera import frames  # noqa: PLC0415 - OpenCV is loaded only where pictures are read
    from kiosk.camera.decode import Decoder  # noqa: PLC0415 - as above

    decoder, ends = Decoder(), time.monotonic() + SHEET_SECONDS
    for frame in frames.in_order(frames.open_source(source)):
        for text in decoder.read(frame.image, thorough=True).texts:
            if text.startswith(sheet.PREFIX):
                return text
        if time.monotonic() > ends:
            break
    raise KnownError(
        "no_sheet_seen",
        "開設シートの コードが 見つかりません。明るい所で まっすぐ 見せてください。",
        "no opening sheet was seen",
    )


def start_process(target: Callable[..., None], *arguments: object) -> SpawnProcess:
    """A process of our own that ends with this one; spawned, so that it inherits no key."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def end_process(process: SpawnProcess | None, seconds: float = 5.0) -> None:
    """Ask it to end, and see that it does."""
    if process is None:
        return
    process.terminate()
    process.join(seconds)
    if process.is_alive():
        process.kill()
        process.join()
    process.close()


def start_sync(data: Path, longest_wait: float = 60.0) -> SpawnProcess:
    """The sync process beside the desk. It never holds the store's key."""
    from sync import runner  # noqa: PLC0415 - the HTTP library is not loaded before the window's first picture

    return start_process(runner.main, str(data), longest_wait)


def sync_of(status: outbox.Status | None) -> Sync:
    """What the pill says of the sync process's last words."""
    if status is None or status.state == "no_link":
        return Sync()
    link = {"sending": Link.SENDING, "synced": Link.SENT}.get(status.state, Link.CUT)
    sent = (
        None if status.last_contact is None else dt.datetime.fromtimestamp(status.last_contact / 1000, JAPAN)
    )
    return Sync(link, sent, status.unsent_events)


_SLIPPED = frozenset({"no_card", "card_removed"})
"""A card that was lifted before it could be asked: it will be laid down again."""


class CardSide:
    """The card reader as a station uses it: told of cards by its watcher, reading on a thread of its own."""

    def __init__(self, port: ReaderPort, session: Session, push: Callable[[flow.Input], None]) -> None:
        self._desk = CardDesk(port)
        self._port = port
        self._session = session
        self._push = push
        self._placed: Stopwatch | None = None
        self._reader: str | None = None
        self._lying: set[str] = set()
        self._watcher = Watcher(port, self._saw, clock=session.clock)

    def start(self) -> None:
        """Begin to look for cards. One that lies there already is a clerk's own: it is left alone."""
        with suppress(CardError):
            self._lying = {name for name, there in self._port.look().items() if there.card}
        self._watcher.start()

    def stop(self) -> None:
        """Stop looking."""
        self._watcher.stop()

    @property
    def device(self) -> Device:
        """Whether there is a reader."""
        return Device.WORKING if self._watcher.there else Device.MISSING

    def _saw(self, sighting: Sighting) -> None:
        if sighting.what == "card_came":
            if sighting.reader in self._lying:
                self._lying.discard(sighting.reader)
                return
            placed = self._session.stopwatch(sighting.at)
            threading.Thread(
                target=self._look_at, args=(sighting.reader, placed), name="card", daemon=True
            ).start()
        elif sighting.what == "card_gone":
            self._lying.discard(sighting.reader)
            self._push(flow.CardRemoved())
        else:
            self._push(flow.DeviceChanged("reader", sighting.what == "reader_came"))

    def _look_at(self, reader: str, placed: Stopwatch) -> None:
        """Ask what it is and how many tries it has, which costs none: nobody types a PIN for nothing."""
        begun = self._session.clock()
        try:
            tries = self._desk.tries_left("pin", reader=reader)
        except CardError as error:
            if error.code not in _SLIPPED:
                self._push(flow.CardFailed(error.notice, error.tries_left))
            return
        if tries <= 1:
            self._push(flow.CardFailed("last_try_refused" if tries else "blocked", tries))
            return
        placed.add_machine(self._session.clock() - begun)
        self._placed, self._reader = placed, reader
        self._push(flow.CardPlaced(placed))

    def read(self, digits: flow.Secret) -> None:
        """Read the card with these digits; the answer is pushed."""
        threading.Thread(
            target=self._read, args=(digits, self._placed, self._reader), name="card", daemon=True
        ).start()

    def _read(self, digits: flow.Secret, placed: Stopwatch | None, reader: str | None) -> None:
        begun = self._session.clock()
        try:
            with Pin(digits.reveal()) as pin:
                reading = self._desk.read(pin, reader=reader)
        except CardError as error:
            self._push(flow.CardFailed(error.notice, error.tries_left))
            return
        if placed is not None:
            placed.add_machine(self._session.clock() - begun)
        household, source = household_of_card(reading.person)
        self._push(flow.CardRead(household, source))


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
        self.desk_label = f"受付 {opening.read_desk(data)}"
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
        self._store = opening.unlock(self._data, given)
        desk = Desk(self._store.ledger, self.mode, lambda: None, os.urandom, self._store.access)
        desk.publish()
        keys = belief.pass_keys(self._data, self._store.ledger.identity.agreement)
        self._passes = PassReader(self._passes.trust.with_pass_keys(keys))
        if self._reports:
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
