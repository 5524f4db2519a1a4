"""The desk's use-cases: what people do at a reception, each one act in the log.

It knows a `Ledger`, not SQLite; households, not screens. What it returns are outcomes to show; it never
says "received" before the ledger has committed.

`values` is what comes and what is answered, `counter` what every act stands on; `arriving`, `going`,
`keeping`, `seeing` and `shelter` are what people do, and a `Desk` does all of it.
"""

from __future__ import annotations

from kiosk.desk.arriving import Arriving
from kiosk.desk.keeping import Keeping, surname
from kiosk.desk.shelter import Overseeing
from kiosk.desk.values import (
    EVERYBODY,
    MAX_HEADS,
    MOST_IN_A_NOTE,
    AlreadyHere,
    Arrival,
    Received,
    Tapped,
    Transfer,
)

__all__ = [
    "EVERYBODY",
    "MAX_HEADS",
    "MOST_IN_A_NOTE",
    "AlreadyHere",
    "Arrival",
    "Desk",
    "Received",
    "Tapped",
    "Transfer",
    "surname",
]


class Desk(Arriving, Keeping, Overseeing):
    """One reception desk, and somebody at it: whatever they do is asked of `kiosk.core.access` first."""
