"""A laptop that is no shelter's kiosk yet, as its window sees it: a camera that looks for an opening sheet.

It holds no key and no store; when the store stands, this station's work is over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk import flow
from kiosk.core import sheet as sheets
from kiosk.core.clock import MonotonicClock
from kiosk.core.household import Mode
from kiosk.core.key_slots import STAFF_COST, Cost
from kiosk.errors import KnownError
from kiosk.laptop import places
from kiosk.settings import Settings
from kiosk.store import opening
from kiosk.wiring.codes import CodeSide
from kiosk.wiring.devices import AnyStation, Devices
from kiosk.wiring.sheets import read_sheet_picture
from ui.station import NO_SHELTER, OPENING_DESK

if TYPE_CHECKING:
    from kiosk.camera.worker import CodeSeen

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"})
MOST_PICTURES = 2
"""So many may be offered: the newest is nearly always meant."""


class FoundingStation(AnyStation):
    """A `ui.station.Station` and its `ui.keeper.Founder` over a data folder without a store."""

    shelter_name = NO_SHELTER
    desk_label = OPENING_DESK
    mode = Mode.DISASTER
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
        super().__init__(devices, clock)
        self._data = data
        self._cost = cost
        self._folders = look

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
