"""Lays a simulated card under the real PC/SC service, by way of vsmartcard's virtual reader (vpcd).

So that the whole real path - pyscard, pcsc-lite, a driver - is walked in tests and rehearsals without a
reader. The virtual reader listens on this computer; whoever connects plays the card. Messages are two
bytes of length, big-endian, then that many bytes. One byte is a control: 0 power off, 1 power on, 2
reset (none answered), 4 "send your ATR". Anything longer is a command, answered with its response.
Source: vsmartcard's manual, "Creating a virtual smart card".

It refuses to know what the card says.
"""

from __future__ import annotations

import contextlib
import math
import socket
import threading
import time
from typing import Final

from card_reader.faults import LateError, PlayedCard, TornError

PORT: Final = 35963
"""Of the first reader; the second, where there is one, listens on the next."""

# A connection made sooner after the last one ended is accepted and then never looked at: the driver is
# asked whether a card is there only every 0.4 s, and must have said "no" in between.
_SETTLE_SECONDS: Final = 0.9

_ON: Final = 1
_RESET: Final = 2
_ASK_ATR: Final = 4


_hung_up: Final[dict[tuple[str, int], float]] = {}
"""When the last card of each virtual reader went, whoever's hand it was."""


class VirtualPcd:
    """A virtual reader's card slot: `insert` a card, `swap` it in place, `remove` it."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = PORT) -> None:
        self._address = (host, port)
        self._card: PlayedCard | None = None
        self._line: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self.silent = False
        """Whether the card that lies there left a command without an answer: only lifting it helps."""

    @property
    def occupied(self) -> bool:
        """Whether a card is there and was not torn away by its fault script."""
        return self._thread is not None and self._thread.is_alive()

    def insert(self, card: PlayedCard) -> None:
        """Lay `card` on the virtual reader. The service notices within about half a second.

        Waits, if need be, until the service had time to notice that the card before it went.

        Raises:
            OSError: the virtual reader is not listening.
        """
        self.remove()
        hung_up = _hung_up.get(self._address, -math.inf)
        time.sleep(max(0.0, hung_up + _SETTLE_SECONDS - time.monotonic()))
        self._card = card
        card.power_on()
        line = socket.create_connection(self._address, timeout=5.0)
        line.settimeout(None)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line = line
        self._thread = threading.Thread(target=self._serve, args=(line,), name="virtual-card", daemon=True)
        self._thread.start()

    def swap(self, card: PlayedCard) -> None:
        """Put `card` in the place of the one that lies there, unnoticed by the service.

        Saves the second that a removal and an insertion take; the next opening powers it up anew.
        """
        card.power_on()
        self._card = card

    def remove(self) -> None:
        """Lift the card off, if there is one. The service notices within about half a second."""
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)
        if self._thread is not None:
            self._thread.join()
        self._line = self._thread = None
        self.silent = False

    def _serve(self, line: socket.socket) -> None:
        with line, contextlib.suppress(OSError, TornError):
            while (message := _receive(line)) is not None:
                answer = self._answer(message)
                if answer is not None:
                    line.sendall(len(answer).to_bytes(2, "big") + answer)
        _hung_up[self._address] = time.monotonic()

    def _answer(self, message: bytes) -> bytes | None:
        card = self._card
        if card is None or not message:
            return None
        if len(message) > 1:
            try:
                return card.transmit(message)
            except LateError:
                # The service now waits, without end, until it is hung up on.
                self.silent = True
                return None
        if message[0] in (_ON, _RESET):
            card.power_on()
        return card.atr if message[0] == _ASK_ATR else None


def _receive(line: socket.socket) -> bytes | None:
    """Return the next message, or None when the service hung up."""
    length = _exactly(line, 2)
    return None if length is None else _exactly(line, int.from_bytes(length, "big"))


def _exactly(line: socket.socket, count: int) -> bytes | None:
    got = b""
    while len(got) < count:
        # The kernel forgets this wish after each segment. Without it each side waits for the other's
        # acknowledgement, and every command costs 40 to 90 ms.
        if hasattr(socket, "TCP_QUICKACK"):
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        piece = line.recv(count - len(got))
        if not piece:
            return None
        got += piece
    return got
