"""Cards that are not My Number cards: told apart, so that the desk can say what to do instead.

A person who puts the wrong card on the reader should hear its name and the way on, not "error". Each is
recognised by an application that answers to SELECT; the ATR tells nothing, because the reader makes it
up. The exception is FeliCa, which knows no SELECT: there the reader itself speaks (`felica`).

Some cards are two: a マイナ免許証 is a My Number card that carries a driving licence too, a 特定在留カード a
residence card that carries the My Number applications. Those never come here, because the text
application is selected first and answers: they are read like any other.

**To add a card that is only named:** its AID in `apdu.OtherApplication`, its word in `errors.Seen`, a row
below, a played one in `simulated_cards.OTHERS`, its two sentences in `resources/words/`.

**To add one that is read**, take the driving licence: name, address and birth stand in DF1/EF01 behind
PIN 1 (four digits, three tries, so the lock rule of `my_number` holds for it word by word); its texts are
JIS X 0208 and it holds no sex. That wants a conversation of its own beside `my_number`, chosen in
`reader.CardDesk` by what `recognise` says, and its own page of `docs/formats/`, because the allow-list in
`apdu` has to grow by exactly the file it reads.

It refuses to know how anything is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from card_reader import apdu
from card_reader.apdu import OtherApplication
from card_reader.conversation import Conversation
from card_reader.errors import CardError, Seen


@dataclass(frozen=True, slots=True)
class OtherCard:
    """A card by the applications it may answer for; one answer is enough."""

    seen: Seen
    applications: tuple[OtherApplication, ...]


OTHER_CARDS: Final = (
    OtherCard(
        "driving_licence",
        (
            OtherApplication.DRIVING_LICENCE_1,
            OtherApplication.DRIVING_LICENCE_2,
            OtherApplication.DRIVING_LICENCE_3,
        ),
    ),
    OtherCard(
        "residence_card",
        (
            OtherApplication.RESIDENCE_CARD_1,
            OtherApplication.RESIDENCE_CARD_2,
            OtherApplication.RESIDENCE_CARD_3,
        ),
    ),
    OtherCard("passport", (OtherApplication.PASSPORT,)),
)
"""In the order in which people are likely to bring them."""


def recognise(atr: bytes) -> Conversation[CardError]:
    """Tell what lies there, once it is known to be no My Number card; the error to raise.

    At most one SELECT for each application of the table; a card that goes meanwhile ends it as it ends
    every conversation. None of these SELECTs can cost a try of anything.
    """
    if apdu.is_felica(atr):
        return _not_ours("felica")
    for card in OTHER_CARDS:
        for application in card.applications:
            answer = apdu.response((yield apdu.select_application(application)))
            if answer.ok or answer.more:
                return _not_ours(card.seen)
    return _not_ours("")


def _not_ours(seen: Seen) -> CardError:
    return CardError("not_my_number_card", f"not a My Number card ({seen or 'unknown'})", seen=seen)
