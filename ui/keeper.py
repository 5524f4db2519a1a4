"""What the window needs of the world to look after the laptop and its shelter, beside receiving people.

Two Protocols: `Founder` for a laptop that is no kiosk yet, `Keeper` for one whose store is open. Implemented
where everything is joined; no Qt is needed to implement or to fake them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kiosk.core.access import Role
from kiosk.core.ids import HouseholdId
from kiosk.flow import (
    Account,
    Attached,
    ClosingFacts,
    Equipment,
    Outlet,
    Paper,
    PutOut,
    Secret,
    SheetFacts,
    ShelterErased,
)
from kiosk.settings import Settings


@dataclass(frozen=True, slots=True)
class Second:
    """Somebody beside who stands here, for what takes two: a name and their own secret."""

    name: str = field(repr=False)
    secret: Secret


class Founder(Protocol):
    """Makes a laptop a shelter's kiosk. Every call is made on the window's one desk thread."""

    def read_sheet(self, told: str) -> SheetFacts:
        """The sheet of a code's text, or of the picture at this path.

        Raises:
            KnownError: `no_sheet_seen`, `no_file`, or what is wrong with the sheet.
        """

    def pictures(self) -> Sequence[str]:
        """Paths of pictures that may show a sheet, newest first: on sticks, and where downloads lie."""

    def found(self, sheet: SheetFacts, name: str, secret: Secret, desk: str) -> None:
        """Make this laptop the kiosk of the sheet's shelter, with its first supervisor.

        Raises:
            KnownError: as `kiosk.store.opening.open_shelter`: nothing was opened.
        """


class Keeper(Protocol):
    """Looks after a laptop whose store is open. Every call is made on the window's one desk thread.

    Raises:
        KnownError: what `kiosk.core.access` does not allow who stands here, and what the store refuses.
    """

    def accounts(self) -> Sequence[Account]:
        """Everybody who may open the store."""

    def add_account(self, name: str, role: Role, secret: Secret) -> None:
        """Somebody more."""

    def remove_account(self, name: str) -> None:
        """Somebody less, from this moment on."""

    def reset_account(self, name: str, role: Role, secret: Secret) -> None:
        """A new secret for somebody, and perhaps another role."""

    def free_account(self, name: str) -> None:
        """Take back somebody's wait after wrong tries."""

    def change_secret(self, old: Secret, new: Secret) -> None:
        """Another secret for who stands here, who knows the old one."""

    def equipment(self) -> Equipment:
        """What was chosen for this laptop, and the cameras and readers that are plugged in."""

    def outlets(self) -> Sequence[Outlet]:
        """Where papers and files can go now, the likeliest first."""

    def take_out(self, paper: Paper, outlet: Outlet, reason: str, second: Second | None) -> PutOut:
        """Put a list there; who took it, of whom and why is in the log before."""

    def shelter_code(self) -> bytes:
        """The shelter's code of this minute: a PNG, one pixel a module."""

    def slip(self, household: HouseholdId) -> bytes:
        """A household's transfer slip, in the log before it is drawn: a PNG, one pixel a module."""

    def put_slip(self, household: HouseholdId, outlet: Outlet) -> str:
        """The slip on paper or in a file; returns where it is."""

    def closing(self) -> ClosingFacts:
        """How things stand for closing the shelter."""

    def erase(self, outlet: Outlet, second: Second, reason: str) -> ShelterErased:
        """Erase this laptop's records for good. The store is closed afterwards, whatever happens."""

    def choose_camera(self, camera: Attached) -> None:
        """Use this camera from now on, wherever it is plugged in."""

    def keep_settings(self, settings: Settings) -> None:
        """Keep what was chosen, and use the devices it names."""
