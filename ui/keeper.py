"""What the window needs of the world to look after the laptop and its shelter, beside receiving people.

Two Protocols: `Founder` for a laptop that is no kiosk yet, `Keeper` for one whose store is open. Implemented
where everything is joined; no Qt is needed to implement or to fake them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kiosk.flow import Secret, SheetFacts


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
