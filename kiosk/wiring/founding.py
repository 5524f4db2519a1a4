"""A laptop that is no shelter's kiosk yet, as its window sees it: a camera that looks for an opening sheet.

It holds no key and no store; when the store stands, this station's work is over.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk import flow
from kiosk.core import sheet as sheets
from kiosk.core.clock import JAPAN, MonotonicClock
from kiosk.core.household import Mode
from kiosk.core.key_slots import STAFF_COST, Cost
from kiosk.errors import KnownError
from kiosk.laptop import places, power
from kiosk.settings import Settings
from kiosk.store import opening
from kiosk.timing import Session, Stopwatch
from kiosk.wiring.codes import CodeSide
from kiosk.wiring.sheets import read_sheet_picture
from kiosk.wiring.station import Devices
from ui.station import NO_SHELTER, OPENING_DESK, Device, Frame, Surroundings

if TYPE_CHECKING:
    from kiosk.camera.worker import CodeSeen

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"})
MOST_PICTURES = 2
"""So many may be offered: the newest is nearly always meant."""


class FoundingStation:
    """A `ui.station.Station` and its `ui.keeper.Founder` over a data folder without a store."""

    shelter_name = NO_SHELTER
    desk_label = OPENING_DESK
    mode = Mode.DISASTER
    capacity: int | None = None
    reception = None
    settings = Settings()

    def __init__(
        self,
        data: Path,
        devices: Devices,
        *,
        clock: MonotonicClock = time.monotonic,
        cost: Cost = STAFF_COST,
        look: Callable[[], Sequence[Path]] = places.where_pictures_lie,
    ) -> None:
        """`look` tells the folders in which pictures of a sheet may lie."""
        # Before any other process writes beside it: what will lie here is its owner's alone.
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._data = data
        self._devices = devices
        self._session = Session(clock, int(time.time()))
        self._cost = cost
        self._folders = look
        self._codes: CodeSide | None = None
        self._power: tuple[float, tuple[int | None, bool]] = (float("-inf"), (None, True))

    @property
    def founder(self) -> FoundingStation:
        """This."""
        return self

    # ui.keeper.Founder

    def read_sheet(self, told: str) -> flow.SheetFacts:
        """The sheet of a code's text, or of a picture."""
        text = told if told.startswith(sheets.PREFIX) else read_sheet_picture(told)
        return _facts(text)

    def pictures(self) -> Sequence[str]:
        """The newest pictures on sticks and where downloads lie."""
        found: list[tuple[float, str]] = []
        for folder in self._folders():
            with suppress(OSError):
                found += [
                    (path.stat().st_mtime, str(path))
                    for path in folder.iterdir()
                    if path.suffix.lower() in PICTURES and not path.name.startswith(".")
                ]
        return [path for _, path in sorted(found, reverse=True)[:MOST_PICTURES]]

    def found(self, sheet: flow.SheetFacts, name: str, secret: flow.Secret, desk: str) -> None:
        """Make this laptop the kiosk of the sheet's shelter."""
        first = opening.Staff(name, secret.reveal(), self._cost)
        opening.open_shelter(self._data, sheet.text, first, desk=desk)

    # ui.station.Station

    def start(self, push: Callable[[flow.Input], None]) -> None:
        """Start the camera on a thread of its own."""
        self._codes = CodeSide(self._devices.camera, _judged, self._session, push)
        threading.Thread(target=self._codes.start, name="devices", daemon=True).start()

    def latest_frame(self) -> Frame | None:
        """The newest camera picture."""
        return None if self._codes is None else self._codes.latest_frame()

    def surroundings(self) -> Surroundings:
        """The camera and the power; there is no reader and no HQ yet."""
        now = self._session.clock()
        if now - self._power[0] > 30:
            told = power.read()
            self._power = (now, (told.percent, told.plugged is not False))
        percent, charging = self._power[1]
        reader = Device.OFF
        if self._codes is None:
            camera = Device.OFF if self._devices.camera is None else Device.STARTING
            return Surroundings(camera, reader, battery=percent, charging=charging)
        code, says = self._codes.says
        return Surroundings(
            self._codes.device, reader, battery=percent, charging=charging, camera_code=code, camera_says=says
        )

    def cameras_seen(self, seen: Sequence[tuple[str, str]]) -> None:
        """Take in the cameras that the window sees, and look for ours at once."""
        if self._devices.cameras is not None:
            self._devices.cameras.offer(seen)
        if self._codes is not None:
            self._codes.wake()

    def now(self) -> dt.datetime:
        """Japan's time."""
        return dt.datetime.now(JAPAN)

    def stopwatch(self) -> Stopwatch:
        """Started now."""
        return self._session.stopwatch()

    def close(self) -> None:
        """Let the camera go."""
        if self._codes is not None:
            self._codes.stop()


def _judged(code: CodeSeen) -> flow.Input:
    if not code.text.startswith(sheets.PREFIX):
        return flow.SheetRefused(
            "not_a_sheet", "これは 開設シートでは ありません。開設シートの コードを 見せてください。"
        )
    try:
        return flow.SheetSeen(_facts(code.text))
    except KnownError as error:
        return flow.SheetRefused(error.code, error.sentence)


def _facts(text: str) -> flow.SheetFacts:
    read = sheets.read(text)
    return flow.SheetFacts(text, read.name, read.mode, read.municipality)
