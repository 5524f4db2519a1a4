"""What a desk does with a card: wait for one, ask its tries, read it.

One class for every kind of reader; what differs is the `ReaderPort` it is given. Each reading opens
the card anew, alone and unpowered afterwards, so that nothing one visitor verified can outlive the
visit.

A laptop may have several readers, and one of them may hold a card all day (the clerk's own, in a built-in
slot). Where it is not said which reader is meant, the one with a My Number card is; where two have one,
none is read, because a secret sent to the wrong person's card costs that person a try.

It refuses to know PC/SC, and words for the screen.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from card_reader.channel import Clock, ReaderPort
from card_reader.conversation import LIMITS, Limits, converse
from card_reader.errors import CardError
from card_reader.felica import read_idm
from card_reader.my_number import CardReading, find_application, read_basic_four, read_tries
from card_reader.secret import Secret, SecretKind

_LOOK_EVERY_SECONDS: Final = 0.05
# Enough to open a card that is free and to ask it one thing; a card that somebody else holds is not the
# visitor's.
_ASKING_SECONDS: Final = 1.0


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
        limits: Limits = LIMITS,
    ) -> None:
        """Take the readers of `port` whose name contains `reader`; `pause` waits for seconds."""
        self._port = port
        self._wanted = reader
        self._clock = clock
        self._pause = pause
        self._limits = limits

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
                return self._readers_with_card()[0]
            except CardError:
                if self._clock() >= end:
                    raise
            self._pause(_LOOK_EVERY_SECONDS)

    def tries_left(self, kind: SecretKind = "pin", *, reader: str | None = None) -> int:
        """Ask the card how many tries are left, 0 when blocked. Costs no try.

        Raises:
            CardError: `no_pin_set`, or whatever kept the card from being asked.
        """
        start = self._clock()
        place = self._place(reader)
        left = self._limits.after(self._clock() - start)
        with self._port.open(place, left.session) as channel:
            return read_tries(channel, kind, clock=self._clock, limits=left)

    def idm(self, *, reader: str | None = None) -> bytes:
        """Ask the reader for the number of the FeliCa card that lies on it, 8 bytes; see `felica`.

        Raises:
            CardError: as `felica.read_idm`, or whatever kept the card from being asked.
        """
        start = self._clock()
        place = self._place(reader)
        left = self._limits.after(self._clock() - start)
        with self._port.open(place, left.session) as channel:
            return read_idm(channel, clock=self._clock, limits=left)

    def read(self, secret: Secret, *, reader: str | None = None) -> CardReading:
        """Read the card that lies there; `milliseconds` counts from before it is powered.

        `reader` is the full name of the reader where the card was seen (`Sighting.reader`). Without it,
        the one that holds a My Number card is taken.

        The secret is spent as soon as it is sent, and stays usable when it was not. It all takes 10 s at
        the most.

        Raises:
            CardError: any code. After `card_removed`, `timeout` or `reader_lost` the tries left are
                unknown until the card is asked again, which `tries_left` and the next `read` both do
                before anything else.
        """
        start = self._clock()
        place = self._place(reader)
        left = self._limits.after(self._clock() - start)
        opened = self._clock()
        with self._port.open(place, left.session) as channel:
            left = left.after(self._clock() - opened)
            reading = read_basic_four(channel, secret, clock=self._clock, limits=left)
        return replace(reading, milliseconds=(self._clock() - start) * 1000)

    def _readers_with_card(self) -> Sequence[str]:
        """The readers of this desk that have a card, at least one."""
        seen = {name: there for name, there in self._port.look().items() if self._wanted in name}
        if not seen:
            raise CardError("no_reader", "no card reader is attached")
        with_card = [name for name, there in seen.items() if there.card]
        if not with_card:
            raise CardError("no_card", "no card lies on the reader")
        return with_card

    def _place(self, reader: str | None) -> str:
        """The one reader to use."""
        if reader is not None:
            return reader
        names = self._readers_with_card()
        if len(names) == 1:
            return names[0]
        ours = [name for name in names if self._is_ours(name)]
        if len(ours) > 1:
            raise CardError("two_cards", "My Number cards lie on two readers; nobody said which is meant")
        # Without any, what lies on the first is as good a reason as another.
        return ours[0] if ours else names[0]

    def _is_ours(self, name: str) -> bool:
        try:
            with self._port.open(name, _ASKING_SECONDS) as channel:
                limits = Limits(self._limits.apdu, _ASKING_SECONDS)
                return converse(channel, find_application(), clock=self._clock, limits=limits)[0]
        except CardError:
            return False
