"""What the screens draw that only staff need: the roster, and the affairs of the shelter and the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.core.acts import Shelter
from kiosk.core.household import NAME_GAP, Person
from kiosk.core.names import search_key
from kiosk.core.roll import Whereabouts
from kiosk.flow.choices import Show
from kiosk.flow.kinds import StaffScreen, State
from kiosk.overview import Double, Looking, ShiftSheet
from kiosk.ports import RosterRow


@dataclass(frozen=True, slots=True)
class Roster(StaffScreen):
    """名簿: the households here, found by the beginning of a name or number. `at` is the row chosen."""

    text: str = field(default="", repr=False)
    rows: tuple[RosterRow, ...] = field(default=(), repr=False)
    sentence: str = ""
    show: Show = Show.ALL
    at: int = 0
    going: bool = False
    """Opened to say that somebody goes or is back: Enter asks that instead of opening the card."""

    @property
    def shown(self) -> tuple[RosterRow, ...]:
        """The rows that fit what is to be shown."""
        return tuple(row for row in self.rows if fits(row, self.show))

    @property
    def chosen(self) -> RosterRow | None:
        """The row chosen."""
        shown = self.shown
        return shown[self.at] if 0 <= self.at < len(shown) else None


def fits(row: RosterRow, show: Show) -> bool:
    """Whether a row belongs to what is shown; a household of which one is out is both here and away."""
    elsewhere = set(row.elsewhere.values())
    match show:
        case Show.HERE:
            return row.whereabouts is Whereabouts.HERE
        case Show.AWAY:
            return Whereabouts.AWAY in elsewhere
        case Show.LEFT:
            return bool(elsewhere & {Whereabouts.LEFT, Whereabouts.MOVED})
        case Show.DOUBLE:
            return row.receptions > 1
        case _:
            return True


@dataclass(frozen=True, slots=True)
class Staff(StaffScreen):
    """What only staff need, as a menu."""


@dataclass(frozen=True, slots=True)
class Doubles(StaffScreen):
    """かさなり: pairs of households in which somebody stands twice."""

    pairs: tuple[Double, ...] | None = field(default=None, repr=False)
    """None until the ledger answered."""
    at: int = 0
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Compare(StaffScreen):
    """Two households side by side: one, or two?"""

    double: Double = field(repr=False)
    back: State = field(repr=False)


@dataclass(frozen=True, slots=True)
class Inquiry(StaffScreen):
    """安否照会: somebody asks for somebody. Nobody here and nobody to be told of are one answer."""

    text: str = field(default="", repr=False)
    relative: bool | None = None
    asking: bool = False
    answer: tuple[RosterRow, ...] | None = field(default=None, repr=False)
    """Who may be told of; None before it was asked."""
    missing: str = ""
    """What is still to be said: `name` or `relative`."""
    sentence: str = ""

    @property
    def named(self) -> tuple[Person, ...]:
        """Whom of the households told of the question is about: their name begins as it was asked."""
        asked = search_key(self.text)
        return tuple(
            person
            for row in self.answer or ()
            for person in row.household.members
            if any(key.startswith(asked) for key in _keys(person))
        )


def _keys(person: Person) -> set[str]:
    whole = [text for text in (person.name, person.kana) if text]
    return {search_key(key) for text in whole for key in (text, text.partition(NAME_GAP)[2])}


@dataclass(frozen=True, slots=True)
class ShelterBoard(StaffScreen):
    """避難所の状況: `said` is as last written down, `draft` as chosen so far."""

    said: Shelter | None = None
    draft: Shelter | None = None
    areas: Mapping[str, int] = field(default_factory=dict)
    """Persons who are here, by area."""
    saving: bool = False
    saved: bool = False
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class AreaPage(StaffScreen):
    """One area of the shelter: its name and how many it holds. `place` is None for a new one."""

    board: ShelterBoard
    place: int | None
    name: str = ""
    capacity: str = ""
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Devices(StaffScreen):
    """送信と 機械: how everything is. Codes and cards are only shown to be seen here, and not received."""

    code_seen: bool = False
    card_seen: bool = False
    rang: bool = False
    tried: bool = False


@dataclass(frozen=True, slots=True)
class Audit(StaffScreen):
    """見た人の 記録. None until the ledger answered."""

    entries: tuple[Looking, ...] | None = field(default=None, repr=False)
    first: int = 0
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Shift(StaffScreen):
    """引きつぎ. None until the ledger answered."""

    sheet: ShiftSheet | None = None
    sentence: str = ""
