"""Carries a conversation with a card over a channel, and keeps time.

A conversation is a generator that yields command APDUs and is sent response APDUs: it does no input or
output, so every rule of it can be tried on a train. This is the one place that drives one.

It refuses to know what is said.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from card_reader import apdu
from card_reader.channel import Channel, Clock, Command
from card_reader.errors import CardError

T = TypeVar("T")
Conversation: TypeAlias = Generator[Command, bytes, T]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a person at the desk is kept waiting, in seconds.

    Attributes:
        apdu: for one command. A type B card may take 2.5 s by its own declaration (FWI 13), and phones
            are known to take 5 s for a read; longer is a card that slipped, not one that thinks.
        session: for all of it, with opening and unpowering.
    """

    apdu: float = 5.0
    session: float = 10.0

    def after(self, spent: float) -> Limits:
        """What remains when `spent` seconds of the session are over."""
        return Limits(self.apdu, self.session - spent)


LIMITS: Final = Limits()


def converse(
    channel: Channel, conversation: Conversation[T], *, clock: Clock, limits: Limits = LIMITS
) -> tuple[T, int]:
    """Carry `conversation` over `channel` to its end; return its result and the count of APDUs.

    The channel gives up a command in time. Time is judged here as well, so that nothing read too late is
    ever handed on, and nothing more is sent.

    Raises:
        CardError: `timeout` when a limit is reached, or what either side raises.
    """
    start = clock()
    apdus = 0
    # Closing the generator runs its `finally`, which wipes a secret that was on its way.
    with closing(conversation):
        try:
            command = next(conversation)
            while True:
                sent = clock()
                left = limits.session - (sent - start)
                if left <= 0:
                    raise CardError("timeout", "the card took too long in all")
                if not apdu.is_allowed(command, channel.atr):
                    raise AssertionError("a command outside the allow-list was about to be sent")
                apdus += 1
                allowed = min(left, limits.apdu)
                answer = channel.transmit(command, allowed)
                if clock() - sent > allowed:
                    raise CardError("timeout", "the card took too long over a command")
                command = conversation.send(answer)
        except StopIteration as end:
            result: T = end.value
            return result, apdus
