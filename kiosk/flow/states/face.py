"""What the screen draws while a card is opened with what is printed on it: 照合番号B, for want of a PIN.

The birth date as printed, the security code, and the year of expiry only where the card does not tell it.
Three tries lock a PIN; this has ten, counted apart, and the last of them is never spent either.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from kiosk.flow.kinds import State
from kiosk.flow.values import NO_DIGITS, PIN_DIGITS, PrintedForm, Secret
from kiosk.timing import Stopwatch


class FaceAsk(enum.Enum):
    """What is asked next; each has its words."""

    BIRTH = "birth"
    FORM = "form"
    YEAR = "year"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Face(State):
    """A card lies on the reader, and its holder reads from its face."""

    stopwatch: Stopwatch
    pin: bool = True
    """Whether the PIN may still be tried instead."""
    text: str = field(default="", repr=False)
    """The birth date as typed."""
    forms: tuple[PrintedForm, ...] = field(default=(), repr=False)
    form: int | None = None
    """Which of them the person pointed at: one choice is one try."""
    asks_year: bool = False
    year: Secret = NO_DIGITS
    digits: Secret = NO_DIGITS
    wrong: bool = False
    """The card refused what was told, or there is no such date."""
    tries_left: int | None = None

    @property
    def asks(self) -> FaceAsk:
        """What is asked now."""
        if not self.forms:
            return FaceAsk.BIRTH
        if self.form is None:
            return FaceAsk.FORM
        return FaceAsk.YEAR if self.asks_year and len(self.year) < PIN_DIGITS else FaceAsk.CODE

    @property
    def printed(self) -> PrintedForm | None:
        """The birth date as it stands on this card."""
        return None if self.form is None else self.forms[self.form]
