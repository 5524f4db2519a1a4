"""The law over all card tests: no command reaches for a My Number, whatever the test is about.

`lawful` is switched on for every test of a folder by its conftest. It sees each command that is about to
be sent (`apdu.is_allowed` is asked before) and each that reaches a played card by any way, and judges them
by rules of its own, so that a mistake in the program's list cannot excuse itself.
"""

from __future__ import annotations

import pytest

from card_reader import apdu
from card_reader.faults import PlayedCard

TEXT, COMMON = "D3921000310001010408", "D3921000310001010100"
NAMED_ONLY = (
    "A0000002310100000000000000000000",
    "A0000002310200000000000000000000",
    "A0000002480300000000000000000000",
    "D392F0004F0200000000000000000000",
    "D392F0004F0300000000000000000000",
    "D392F0004F0400000000000000000000",
    "A0000002471001",
)
SELECTED = {bytes.fromhex(aid) for aid in (TEXT, COMMON, *NAMED_ONLY)}
BASIC_FOUR, PIN, CODE_B = 0x02, 0x11, 0x15


LAWFUL = {
    # SELECT by name, or of a file by its id
    "00a4": lambda p1, p2, data: (
        ((p1, p2) == (4, 0x0C) and data in SELECTED)
        or ((p1, p2) == (2, 0x0C) and data in {bytes((0, file)) for file in (BASIC_FOUR, PIN, CODE_B)})
    ),
    # VERIFY
    "0020": lambda p1, p2, _: p1 == 0 and p2 & 0x80 and p2 & 0x7F in (0, PIN, CODE_B),
    # READ BINARY, of the current file or by short identifier
    "00b0": lambda p1, _p2, _: not p1 & 0x80 or p1 & 0x7F == BASIC_FOUR,
    # READ RECORD of the common application
    "00b2": lambda p1, p2, _: (p1, p2) == (1, 0x0C),
    # GET RESPONSE, and the question to a contactless reader
    "00c0": lambda *_: True,
    "ffca": lambda *_: True,
}


def crime(command):
    """What is wrong with a command, in a word; empty when it is lawful."""
    if len(command) < 4:
        return "no command"
    judge = LAWFUL.get(bytes(command[:2]).hex())
    lawful = judge is not None and judge(command[2], command[3], bytes(command[5:]))
    return "" if lawful else "reaches for what is not ours"


class Law:
    """What was seen, and whether this test may break the law on purpose."""

    def __init__(self):
        self.commands = []
        self.cards = []
        self.on = True

    def judge(self):
        for card in self.cards:
            assert card.violations == []
        for command in self.commands:
            assert not crime(command), f"{crime(command)}: {apdu.masked(command).hex()}"
            assert b"1234" not in bytes(command)


@pytest.fixture(autouse=True)
def lawful(monkeypatch):
    """Watch this test, and judge it when it is over."""
    law = Law()
    allowed, transmit = apdu.is_allowed, PlayedCard.transmit

    def asked(command, atr):
        law.commands.append(apdu.masked(command))
        return allowed(command, atr)

    def reached(card, command, *rest):
        law.commands.append(apdu.masked(command))
        law.cards.append(card)
        return transmit(card, command, *rest)

    monkeypatch.setattr(apdu, "is_allowed", asked)
    monkeypatch.setattr(PlayedCard, "transmit", reached)
    yield law
    if law.on:
        law.judge()


@pytest.fixture
def trespass(lawful):
    """For a test that breaks the law on purpose, to see that it is noticed."""
    lawful.on = False
    return lawful
