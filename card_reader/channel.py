"""The narrow door between the conversation with a card and whatever carries its bytes.

A channel is one uninterrupted power-up of one card: it dies with the first removal, reset or
loss of the reader, and is never revived. That is what lets `my_number` promise that name,
address, birth and sex come from one card and one session.

It refuses to know what the bytes mean, and which kind of reader carries them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

# A command that carries a secret travels as a bytearray, so that its maker can overwrite it.
Command: TypeAlias = bytes | bytearray

# A monotonic clock, in seconds; only differences mean anything.
Clock: TypeAlias = Callable[[], float]


class Channel(Protocol):
    """Carries one command APDU to the card and brings back its response APDU."""

    @property
    def atr(self) -> bytes:
        """What the reader says of the card at power-up; empty if it said nothing.

        Readers make it up for contactless cards, so it never decides which card this is. It tells a
        FeliCa card, which has no commands of its own to be asked by (`felica`).
        """
        ...

    def transmit(self, command: Command, seconds: float) -> bytes:
        """Send `command`, return the answer: data, then two status bytes.

        A channel never sends a command twice and keeps no copy of it. It comes back within `seconds`,
        also when the card, its driver or the service beneath never does.

        Raises:
            CardError: `card_removed`, `reader_lost` or `timeout`. The card may or may not have
                acted; the channel is dead from then on.
        """
        ...


@dataclass(frozen=True, slots=True)
class Presence:
    """What lies on one reader.

    Attributes:
        card: whether something that answers like a card is there.
        changes: a number that moves whenever a card comes or goes, so that a card swapped
            between two looks is noticed; only inequality means anything.
    """

    card: bool
    changes: int = 0


class ReaderPort(Protocol):
    """The readers of this computer; PC/SC and the simulation both look like this."""

    def look(self) -> Mapping[str, Presence]:
        """Return every attached reader by name, and what lies on it. Never waits.

        Raises:
            CardError: `no_reader` when the system's card service is not there at all.
        """
        ...

    def open(self, reader: str, seconds: float) -> AbstractContextManager[Channel]:
        """Power the card on `reader` for this program alone; leaving the context unpowers it.

        All of it, from before the opening until after the unpowering, takes the caller `seconds` at most.

        Raises:
            CardError: `no_card`, `card_removed` (a card that does not answer), `timeout` (a card that
                does not wake up) or `reader_lost` (gone, held by another program for longer than
                patience allows, or still busy with a command that was given up).
        """
        ...
