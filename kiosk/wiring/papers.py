"""What a keeper puts out: lists, slips and codes, on sticks, in folders and on the system's printer.

Who took what is in the log before a byte of it exists; that is the lists' and the desk's own rule. It decides
nothing else.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk import flow
from kiosk.core import slip
from kiosk.core.access import Action, Actor
from kiosk.core.clock import JAPAN, WallClock
from kiosk.core.ids import HouseholdId
from kiosk.files import write_whole
from kiosk.flow import Outlet, OutletKind, Paper
from kiosk.laptop import places, printer
from kiosk.lists import Lists, reporting
from kiosk.reports.cells import Heading

if TYPE_CHECKING:
    from kiosk.desk import Desk
    from kiosk.ports import RosterRow
    from kiosk.store.opening import OpenStore

_TITLES = {
    Paper.ROSTER: "避難者名簿",
    Paper.TABLE: "避難者名簿",
    Paper.CARDS: "世帯カード",
    Paper.HANDOVER: "引き継ぎ",
}
_ENDINGS = {Paper.TABLE: "xlsx"}
_ACTIONS = {
    Paper.ROSTER: Action.PRINT_ROSTER,
    Paper.TABLE: Action.BULK_EXPORT,
    Paper.CARDS: Action.BULK_EXPORT,
}


class Papers:
    """Puts out what an open store's desk may. Use it on the store's thread."""

    def __init__(self, store: OpenStore, desk: Desk, wall: WallClock = time.time) -> None:
        self._store = store
        self._desk = desk
        self._lists = Lists(desk, store.ledger, store.access)
        self._wall = wall

    @staticmethod
    def outlets() -> Sequence[Outlet]:
        """Sticks first, then the printer, then this laptop's own folder."""
        sticks = [Outlet(str(stick.path), stick.name, OutletKind.STICK) for stick in places.sticks()]
        name = printer.default()
        printers = [] if name is None else [Outlet(name, name, OutletKind.PRINTER)]
        own = places.own_folder()
        return [*sticks, *printers, Outlet(str(own), own.name, OutletKind.FOLDER)]

    def take_out(self, paper: Paper, outlet: Outlet, reason: str, second: Actor | None) -> flow.PutOut:
        """Put a list there."""
        content, rows = self._made(paper, reason, second)
        where = self._put(content, _TITLES[paper], _ENDINGS.get(paper, "pdf"), outlet)
        return flow.PutOut(where, len(rows), sum(len(row.household.members) for row in rows))

    def _made(self, paper: Paper, reason: str, second: Actor | None) -> tuple[bytes, Sequence[RosterRow]]:
        # A second to load together, and only those who take lists out wait for it.
        from kiosk.reports import handover_pdf, roster, roster_card, roster_pdf, xlsx  # noqa: PLC0415 - as above

        heading = self._heading(_TITLES[paper])
        if paper is Paper.HANDOVER:
            told = reporting(self._store.vault.data, linked=bool(self._store.sheet.hq_url))
            return handover_pdf.pdf(self._lists.hand_over(), told, heading), ()
        rows = self._lists.everybody(_ACTIONS[paper], reason, second)
        if paper is Paper.TABLE:
            return xlsx.xlsx_bytes(roster.listing(rows, heading)), rows
        if paper is Paper.CARDS:
            rows = roster.in_order(rows)
            return roster_card.pdf(rows, heading), rows
        return roster_pdf.pdf(rows, heading), rows

    def slip(self, household: HouseholdId) -> bytes:
        """A household's transfer slip; that it was made is in the log."""
        from kiosk.paper import code  # noqa: PLC0415 - drawn only when asked for

        text, _, _ = self._slip(household)
        self._desk.write_down(Action.TRANSFER_SLIP, [household])
        return code.fitting_png(text, 1)

    def put_slip(self, household: HouseholdId, outlet: Outlet) -> str:
        """The slip on paper, or in a file."""
        from kiosk.paper import slip_sheet  # noqa: PLC0415 - 0.8 s to load, and only paper needs it

        text, number, persons = self._slip(household)
        self._desk.write_down(Action.TRANSFER_SLIP, [household])
        sheet = self._store.sheet
        page = slip_sheet.SlipSheet(text, number, persons, sheet.name, sheet.mode, self._now())
        return self._put(slip_sheet.pdf(page), f"転出票_{number}", "pdf", outlet)

    def _slip(self, household: HouseholdId) -> tuple[str, str, int]:
        sheet = self._store.sheet
        told = self._desk.hand_over(household, sheet.shelter)
        return slip.write(told, sheet.transfer_key), told.number, len(told.present)

    def _put(self, content: bytes, title: str, ending: str, outlet: Outlet) -> str:
        """Print or write it; returns where it is, in words."""
        if outlet.kind is OutletKind.PRINTER:
            # What stands in a printer's queue is seen by everybody: only what kind of paper it is.
            printer.put(content, title.partition("_")[0], outlet.id)
            return outlet.name
        path = Path(outlet.id) / f"{title}_{self._now():%Y%m%d-%H%M%S}.{ending}"
        write_whole(path, content)
        return str(path)

    def _heading(self, title: str) -> Heading:
        sheet, (version, _) = self._store.sheet, self._store.ledger.head
        return Heading(title, sheet.name, sheet.mode, self._now(), version)

    def _now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self._wall(), JAPAN)
