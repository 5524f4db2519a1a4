"""Desks to try cards at: simulated, on the real PC/SC service with a virtual reader, on a real reader.

Each has a `desk`, a hand that can `put` a card and `lift` it, and knows the holder's PIN. On a real reader
the hand is a person's, told on the terminal what to do.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from card_reader.errors import CardError
from card_reader.my_number import BasicFour
from card_reader.pcsc import PcscPort
from card_reader.reader import CardDesk
from card_reader.secret import Pin
from card_reader.simulated import SimulatedReader
from card_service import FIRST

HANAKO = BasicFour("熊本　花子", "熊本県熊本市中央区手取本町１番１号", "1980-02-17", 2)
PATIENCE = 60.0
"""How long a person is given to move a card, in seconds."""


class SimulatedBench:
    """A simulated reader."""

    def __init__(self):
        self.port = SimulatedReader()
        self.desk = CardDesk(self.port)

    def put(self, card):
        self.port.insert(card)

    def lift(self):
        self.port.remove()

    def pin(self):
        return Pin("1234")

    def is_holder(self, person):
        return person == HANAKO

    def tell(self, what):
        """Say something worth knowing of a real card; of a played one it is known."""

    def close(self):
        self.port.remove()


class PcscBench(SimulatedBench):
    """The real service; the hand works through the virtual reader."""

    def __init__(self, slot, reader=FIRST):
        self._slot = slot
        self._reader = reader
        self.port = PcscPort()
        self.desk = CardDesk(self.port, reader=reader)

    def put(self, card):
        if self._slot.occupied and not self._slot.silent:
            self._slot.swap(card)
        else:
            self._slot.insert(card)
        self.desk.wait_for_card(5)

    def lift(self):
        self._slot.remove()
        for _ in range(250):
            if not self.port.look()[self._reader].card:
                return
            time.sleep(0.02)
        pytest.fail("the service did not notice that the card was lifted")

    def close(self):
        self.port.close()


class HardwareBench(SimulatedBench):
    """A real reader and a real My Number card, whose holder is at the keyboard.

    CARD_READER: a part of the reader's name, if there are several. CARD_PIN_FILE: a file whose first line
    is the PIN; without it, whatever needs the PIN is skipped.
    """

    def __init__(self):
        self.port = PcscPort()
        self.desk = CardDesk(self.port, reader=os.environ.get("CARD_READER", ""))

    def put(self, card):
        if card is not None:
            pytest.skip("needs a card made for this test")
        self._until(there=True, say="lay your My Number card on the reader")

    def lift(self):
        self._until(there=False, say="lift the card")

    def pin(self):
        named = os.environ.get("CARD_PIN_FILE")
        if not named:
            pytest.skip("CARD_PIN_FILE names no file: nothing that needs the PIN is tried")
        if self.desk.tries_left() < 3:
            pytest.skip(
                "a try of this card was lost already: it is left alone until its PIN was used elsewhere"
            )
        return Pin(Path(named).read_bytes().split(b"\n")[0].strip())

    def is_holder(self, person):
        # Nothing of the person is printed, not even when the assertion fails.
        return bool(person.name and person.address and len(person.birth_date) == 10)

    def tell(self, what):
        print(f"\n>>> {what}", file=sys.__stderr__, flush=True)

    def close(self):
        self.port.close()

    def _until(self, *, there, say):
        end, told = time.monotonic() + PATIENCE, False
        while self._is_there() != there:
            if not told:
                self.tell(f"Please {say}.")
                told = True
            if time.monotonic() > end:
                pytest.fail(f"nobody did: {say}")
            time.sleep(0.1)

    def _is_there(self):
        try:
            self.desk.wait_for_card(0)
        except CardError as error:
            if error.code == "no_reader":
                pytest.fail("no reader is attached, or the card service does not run")
            return False
        return True
