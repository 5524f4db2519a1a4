"""One row of the household view: which columns it has, what fills them, and what is read out of them.

It knows what a row says of one household, and neither when rows are written nor what the log is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kiosk.core import acts
from kiosk.core.card import Card
from kiosk.core.counts import count_one
from kiosk.core.household import Method
from kiosk.core.ids import PERSON_SIZE, DeviceId, HouseholdId, PersonId
from kiosk.core.roll import Standing, Whereabouts
from kiosk.ports import RosterRow
from kiosk.store.totals import COUNT_COLUMNS

COLUMNS = (
    "place",
    "id",
    "mode",
    "whereabouts",
    "own",
    "method",
    "received_at",
    "receptions",
    "number",
    "source_device",
    "source_seq",
    "from_method",
    "from_issuer",
    "from_key",
    "from_revision",
    "secrecy",
    "merged_into",
    "elsewhere",
    "card",
    *COUNT_COLUMNS,
)
SAVE = (
    f"INSERT INTO household ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - our own column names
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in COLUMNS)}"
)
ROW_COLUMNS = (
    "id, card, number, method, whereabouts, received_at, source_device, source_seq, elsewhere,"
    " merged_into, receptions, coalesce(from_revision, 0)"
)
ROW = f"SELECT {ROW_COLUMNS} FROM household"  # noqa: S608 - our own column names
NOT_LISTED = f"({int(Whereabouts.VOID)}, {int(Whereabouts.MERGED)})"


@dataclass(frozen=True, slots=True)
class Row:
    """What the household view shall hold of one household; its place is found when it is written."""

    standing: Standing
    card: Card
    own: bool
    """Whether this laptop was the last to put somebody of it in."""
    tied: bool
    """Whether a return token was ever tied to one of it."""
    columns: tuple[Any, ...]
    """As in `COLUMNS`, without the place."""

    @classmethod
    def of(cls, standing: Standing, made: Card, *, own: bool, tied: bool) -> Row:
        """The row of a household with this standing and this card."""
        return cls(standing, made, own, tied, _columns(standing, made, own=own))

    @property
    def totalled(self) -> tuple[int, ...]:
        """As in `TOTALLED`."""
        figures = self.columns[-len(COUNT_COLUMNS) :]
        return int(self.own), int(self.standing.whereabouts), int(self.standing.method), *figures


def _columns(standing: Standing, made: Card, *, own: bool) -> tuple[Any, ...]:
    source, counted, home = made.source, count_one(standing), made.household
    elsewhere = b"".join(
        member.id + bytes([member.whereabouts])
        for member in standing.members
        if member.whereabouts is not Whereabouts.HERE
    )
    return (
        standing.household,
        int(standing.mode),
        int(standing.whereabouts),
        int(own),
        int(standing.method),
        standing.received_at,
        standing.receptions,
        made.number,
        *standing.source,
        None if source is None else int(source.method),
        None if source is None else source.issuer,
        None if source is None else source.key,
        None if source is None else source.revision,
        int(home.secrecy),
        standing.merged_into if standing.whereabouts is Whereabouts.MERGED else None,
        elsewhere,
        acts.pack_card(home),
        *(getattr(counted, name) for name in COUNT_COLUMNS),
    )


def roster_row(row: Sequence[Any]) -> RosterRow:
    """What the roster says of a household: `row` as in `ROW_COLUMNS`."""
    household, packed, number, method, whereabouts, received_at, device, seq, *more = row
    elsewhere, into, receptions, revision = more
    width = PERSON_SIZE + 1
    places = [elsewhere[start : start + width] for start in range(0, len(elsewhere), width)]
    return RosterRow(
        acts.unpack_card(HouseholdId(household), packed),
        number,
        Method(method),
        Whereabouts(whereabouts),
        received_at,
        DeviceId(device),
        seq,
        {PersonId(place[:PERSON_SIZE]): Whereabouts(place[PERSON_SIZE]) for place in places},
        None if into is None else HouseholdId(into),
        receptions,
        revision,
    )
