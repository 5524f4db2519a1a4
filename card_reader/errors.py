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
    "two_cards",
]
CODES: Final[tuple[Code, ...]] = get_args(Code)

# What lies on the reader, where it could be told; the empty string where it could not.
Seen: TypeAlias = Literal["", "driving_licence", "residence_card", "passport", "felica"]
SEEN: Final[tuple[Seen, ...]] = get_args(Seen)


class CardError(Exception):
    """A card could not be read, for a reason that is nobody's bug.

    Attributes:
        code: one of `CODES`; stable, and the only part that programs should look at.
        tries_left: how many tries the card still grants for the secret that was meant, as the
            card told it; None where the card did not say or where the answer was lost.
        seen: with `not_my_number_card`, which card it is instead, if it could be told.
    """

    def __init__(self, code: Code, message: str, *, tries_left: int | None = None, seen: Seen = "") -> None:
        super().__init__(message)
        self.code: Final[Code] = code
        self.tries_left: Final[int | None] = tries_left
        self.seen: Final[Seen] = seen

    @property
    def notice(self) -> str:
        """The name under which words for people are kept: the card that was seen, or the code.

        `card_malformed` for `malformed`: a code held to the camera can be malformed too, and there
        another thing helps.
        """
        return self.seen or ("card_malformed" if self.code == "malformed" else self.code)


class ExpiryUnreadError(CardError):
    """The card did not tell its year of expiry: code B is whole only with the year that is printed.

    Nothing was sent; the same code B, with the year, may be tried.
    """

    def __init__(self) -> None:
        super().__init__("malformed", "the card does not tell its expiry; it has to be entered with the code")


NOTICES: Final[tuple[str, ...]] = tuple(
    dict.fromkeys((*(CardError(code, "").notice for code in CODES), *filter(None, SEEN)))
)
"""Every `CardError.notice` there can be: what a screen or a command needs words for."""


def malformed(message: str, *, tries_left: int | None = None) -> CardError:
    """Make the error for bytes that are not what the card's documents promise."""
    return CardError("malformed", message, tries_left=tries_left)
