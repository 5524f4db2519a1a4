"""What can go wrong between a card and the desk, each with a code that never changes.

Every module of this room raises `CardError` and nothing else for what a card, a reader or a
person at the desk can cause. Screens turn the code into words; the English sentence is for
logs and for whoever reads them. No sentence ever holds a digit of a secret, a name, or a byte
that a card said.

It refuses to know what the desk does about an error.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

Code: TypeAlias = Literal[
    "no_reader",
    "no_card",
    "not_my_number_card",
    "wrong_secret",
    "last_try_refused",
    "blocked",
    "no_pin_set",
    "card_removed",
    "malformed",
    "timeout",
    "reader_lost",
    "bad_secret_format",
]
CODES: Final[tuple[Code, ...]] = get_args(Code)


class CardError(Exception):
    """A card could not be read, for a reason that is nobody's bug.

    Attributes:
        code: one of `CODES`; stable, and the only part that programs should look at.
        tries_left: how many tries the card still grants for the secret that was meant, as the
            card told it; None where the card did not say or where the answer was lost.
    """

    def __init__(self, code: Code, message: str, *, tries_left: int | None = None) -> None:
        super().__init__(message)
        self.code: Final[Code] = code
        self.tries_left: Final[int | None] = tries_left


def malformed(message: str) -> CardError:
    """Make the error for bytes that are not what the card's documents promise."""
    return CardError("malformed", message)
