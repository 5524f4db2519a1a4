"""What a desk does with a card: wait for one, ask its tries, read it.

One class for every kind of reader; what differs is the `ReaderPort` it is given. Each reading opens
the card anew, alone and unpowered afterwards, so that nothing one visitor verified can outlive the
visit.

It refuses to know PC/SC, and words for the screen.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from card_reader.channel import Clock, ReaderPort
from card_reader.errors import CardError
from card_reader.my_number import CardReading, read_basic_four, read_tries
from card_reader.secret import Secret, SecretKind

_LOOK_EVERY_SECONDS: Final = 0.05


class CardDesk:
    """The card side of a reception desk.

    Belongs to one thread; a `Watcher` on the same port may live in another.
    """

    def __init__(
        self,
        port: ReaderPort,
        *,
        reader: str = "",
        clock: Clock = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take the readers of `port` whose name contains `reader`; `pause` waits for seconds."""
        self._port = port
        self._wanted = reader
        self._clock = clock
        self._pause = pause

    def readers(self) -> tuple[str, ...]:
        """Return the names of the readers this desk would use; none when there is no card service."""
        try:
            names = self._port.look()
        except CardError:
            return ()
        return tuple(name for name in names if self._wanted in name)

    def wait_for_card(self, timeout: float) -> str:
        """Return the name of the first reader that has a card, looking for up to `timeout` seconds.

        Raises:
            CardError: `no_reader` or `no_card`, whichever was so at the end.
        """
        end = self._clock() + timeout
        while True:
            try:
                return self._reader_with_card()
            except CardError:
                if self._clock() >= end:
                    raise
            self._pause(_LOOK_EVERY_SECONDS)

    def tries_left(self, kind: SecretKind = "pin") -> int:
        """Ask the card how many tries are left, 0 when blocked. Costs no try.

        Raises:
            CardError: `no_pin_set`, or whatever kept the card from being asked.
        """
        with self._port.open(self._reader_with_card()) as channel:
            return read_tries(channel, kind, clock=self._clock)

    def read(self, secret: Secret) -> CardReading:
        """Read the card that lies there; `milliseconds` counts from before it is powered.

        The secret is spent as soon as it is sent, and stays usable when it was not.

        Raises:
            CardError: any code. After `card_removed` or `timeout` the tries left are unknown until
                `tries_left` has asked again.
        """
        start = self._clock()
        with self._port.open(self._reader_with_card()) as channel:
            reading = read_basic_four(channel, secret, clock=self._clock)
        return replace(reading, milliseconds=(self._clock() - start) * 1000)

    def _reader_with_card(self) -> str:
        seen = {name: there for name, there in self._port.look().items() if self._wanted in name}
        if not seen:
            raise CardError("no_reader", "no card reader is attached")
        for name, there in seen.items():
            if there.card:
                return name
        raise CardError("no_card", "no card lies on the reader")
