"""A desk for commands that ask it for lists: unlocked, closed again at the end."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.core.clock import JAPAN
from kiosk.desk import Desk
from kiosk.lists import Lists
from kiosk.ports import RosterRow
from kiosk.reports.cells import Heading
from kiosk.reports.roster_words import PLACES
from kiosk.store import opening
from kiosk.store.opening import OpenStore


@dataclass(frozen=True, slots=True)
class OpenLists:
    """An unlocked store and its lists."""

    store: OpenStore
    lists: Lists

    def heading(self, title: str) -> Heading:
        """What a list made now says of itself."""
        sheet, (version, _) = self.store.sheet, self.store.ledger.head
        return Heading(title, sheet.name, sheet.mode, dt.datetime.now(JAPAN), version)


@contextmanager
def open_lists(data: Path, passphrase: str, who: str | None) -> Iterator[OpenLists]:
    """Unlock the store of a data folder for its lists."""
    with opening.unlocked(data, passphrase, who) as store:
        desk = Desk(store.ledger, store.sheet.mode, lambda: None, os.urandom, store.access)
        yield OpenLists(store, Lists(desk, store.ledger, store.access))


def row_to_json(row: RosterRow) -> dict[str, object]:
    """A household as `search` and `list` print it: without what is covered until somebody asks."""
    home = row.household
    return {
        "id": home.id.hex(),
        "number": row.number,
        "whereabouts": row.whereabouts.name.lower(),
        "method": row.method.word,
        "stay": home.stay.name.lower(),
        "area": home.area,
        "receptions": row.receptions,
        "present": len(row.present),
        "members": [
            {"name": person.name, "kana": person.kana, "here": person.id not in row.elsewhere}
            for person in home.members
        ],
    }


def row_to_text(row: RosterRow) -> str:
    """The same in one line for people."""
    called = next((person.called for person in row.household.members if person.called), "（名前なし）")
    kana = next((person.kana for person in row.household.members if person.kana and person.name), "")
    whose = f"{called}（{kana}）" if kana else str(called)
    people = f"{len(row.present)}/{len(row.household.members)}人"
    doubled = "二重の受付？" if row.receptions > 1 else ""
    parts = (row.number, PLACES[row.whereabouts], people, whose, row.household.area, doubled)
    return "\t".join(part for part in parts if part)
