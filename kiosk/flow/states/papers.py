"""What the screens draw of papers and codes: lists taken out, the shelter's code, a transfer slip."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.choices import Paper
from kiosk.flow.kinds import StaffScreen, State
from kiosk.flow.values import Outlet, OutletKind
from kiosk.ports import RosterRow


@dataclass(frozen=True, slots=True)
class TakeOut(StaffScreen):
    """名ぼを 出す: which list, where to, why, and with whom. Outlets are None until they were looked for."""

    outlets: tuple[Outlet, ...] | None = None
    paper: Paper = Paper.ROSTER
    outlet: int = 0
    reason: str = field(default="", repr=False)
    who: str = field(default="", repr=False)
    missing: int | None = None
    code: str = ""
    sentence: str = ""

    @property
    def fitting(self) -> tuple[Outlet, ...]:
        """The outlets that can do something with this list."""
        return tuple(
            outlet
            for outlet in self.outlets or ()
            if self.paper.on_paper or outlet.kind is not OutletKind.PRINTER
        )


@dataclass(frozen=True, slots=True)
class TakenOut(StaffScreen):
    """It is out: where it lies, and how many stand in it."""

    back: TakeOut
    where: str
    households: int = 0
    persons: int = 0


@dataclass(frozen=True, slots=True)
class ShelterCode(State):
    """避難所コード, for people's phones. None until it was drawn; drawn anew each minute."""

    png: bytes | None = field(default=None, repr=False)
    """One pixel a module."""
    code: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class SlipShown(StaffScreen):
    """転出票: what the next shelter's desk reads. None until it was drawn."""

    row: RosterRow = field(repr=False)
    back: State = field(repr=False)
    png: bytes | None = field(default=None, repr=False)
    """One pixel a module."""
    outlets: tuple[Outlet, ...] = ()
    outlet: int = 0
    where: str = ""
    """Where it was printed, or lies."""
    code: str = ""
    sentence: str = ""
