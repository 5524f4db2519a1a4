"""One card visiting one desk again and again while things go wrong, and what must hold all the same.

The promises of the lock rule are written down here once; a hypothesis test and a long run try them.
"""

from __future__ import annotations

from card_reader import apdu
from card_reader.conversation import LIMITS
from card_reader.errors import CODES, CardError
from card_reader.my_number import BasicFour
from card_reader.reader import CardDesk
from card_reader.secret import CodeB, Pin
from card_reader.simulated import HandClock, InventedPerson, SimulatedReader

LONG = InventedPerson(name="熊本　太郎", address="熊" * 100, sex="1")
"""A holder whose record takes two READs, so that a card can be swapped between them."""
LONG_READ = BasicFour(LONG.name, LONG.address, "1980-02-17", 1)


def secret_for(word):
    """A right or wrong secret: `1234 0000 code edoc`."""
    if word in ("code", "edoc"):
        return CodeB("550217", "2285" if word == "code" else "0000")
    return Pin(word)


class Schedule:
    """`visit` after `visit` of `card`; `broken` says which promises were.

    `honest` is False for a card that says what is not so: then it may count as it likes, but it gets one
    VERIFY a secret all the same.
    """

    def __init__(self, card, expected=LONG_READ, *, honest=True):
        self.clock = HandClock()
        self.card = card
        card._pause = self.clock.advance
        card._seconds = 0.05
        self.expected = expected
        self.honest = honest
        self.reader = SimulatedReader()
        self.desk = CardDesk(self.reader, clock=self.clock, pause=self.clock.advance)
        self.broken = []

    def visit(self, faults, secret):
        """Lay the card on, read, lift it; a promise that did not hold is noted."""
        card, kind = self.card, secret.kind
        key = card.pin if kind == "pin" else card.code_b
        tries, sent_before, said_before = key.tries, card.secrets_sent, len(card.trace)
        card.befall(faults)
        self.reader.plug()
        self.reader.insert(card)
        began = self.clock()
        try:
            outcome = self.desk.read(secret)
        except CardError as error:
            outcome = error
        waited, spent = self.clock() - began, card.secrets_sent - sent_before
        self.reader.remove()

        promises = {
            "one VERIFY with data for one secret": spent <= 1,
            "a secret that was sent is spent": secret.spent or spent == 0,
            "nobody waits longer than ten seconds": waited <= LIMITS.session + 1e-9,
            "no violation": card.violations == [],
            "only what is allowed": all(
                apdu.is_allowed(said.command, card.atr) for said in card.trace[said_before:]
            ),
            "no digits in the trace": all(
                set(said.command[5:]) <= {ord("*")}
                for said in card.trace[said_before:]
                if said.command[1] == 0x20
            ),
            "a known outcome": not isinstance(outcome, CardError) or outcome.code in CODES,
        }
        if self.honest:
            promises |= {
                "none on the last try": tries > 1 or (spent == 0 and key.tries == tries),
                "never locked by us": key.tries >= min(tries, 1),
                "one whole person or nobody": isinstance(outcome, CardError)
                or outcome.person == self.expected,
                "tries as the card has them": not isinstance(outcome, CardError)
                or outcome.tries_left in (None, key.tries),
            }
        self.broken += [f"{name}: faults {faults!r}, {kind}" for name, kept in promises.items() if not kept]
        return outcome
