"""What the screens draw when a shelter is closed: how things stand, two people, the certificate."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.kinds import StaffScreen, State
from kiosk.flow.values import ClosingFacts, Outlet


@dataclass(frozen=True, slots=True)
class Closing(StaffScreen):
    """避難所を とじる: what HQ has, and who is still here. None until it was looked."""

    facts: ClosingFacts | None = None
    outlets: tuple[Outlet, ...] = ()
    """Where the certificate may go."""
    code: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class ClosingPair(StaffScreen):
    """A second supervisor, and where the certificate goes; a reason where HQ lacks something."""

    back: Closing
    outlet: int = 0
    reason: str = field(default="", repr=False)
    who: str = field(default="", repr=False)
    missing: int | None = None
    code: str = ""
    sentence: str = ""

    @property
    def forced(self) -> bool:
        """Whether something would be erased that HQ has not."""
        return self.back.facts is not None and self.back.facts.unsent > 0


@dataclass(frozen=True, slots=True)
class Erased(State):
    """Nothing is left but the certificate, which lies where `where` says."""

    where: str
    certificate: str = field(repr=False)
