"""Real readers, through the system's PC/SC service; the only module that imports pyscard.

It uses pyscard's plain `scard` calls rather than its connection objects. Those leak a card handle,
and lock the reader, when connected twice; raise from `__del__` once the service has died; and hide
the number of changes that tells a swapped card. The plain calls return a result code, which is
turned into a `CardError` in one table.

Each opening is exclusive and fresh, and ends with the card unpowered: a reset alone, or a card left
powered, would keep the PIN verified for the next program that asks.

It refuses to know what the bytes mean, and sends no reader-specific (escape) command.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from smartcard import scard

from card_reader.channel import Clock, Command, Presence
from card_reader.errors import CardError, Code

log = logging.getLogger(__name__)

# Windows looks at every new card itself (Plug and Play, certificate propagation) for a second or so.
SHARING_PATIENCE_SECONDS: Final = 2.0
_TRY_AGAIN_SECONDS: Final = 0.05
_LIST_AGAIN: Final = 3

# The service or the reader went away. pcsc-lite says INVALID_HANDLE or COMM errors to a client whose
# service was restarted under it.
_READER_LOST: Final = frozenset(
    (
        scard.SCARD_E_NO_SERVICE,
        scard.SCARD_E_SERVICE_STOPPED,
        scard.SCARD_E_READER_UNAVAILABLE,
        scard.SCARD_E_UNKNOWN_READER,
        scard.SCARD_E_NO_READERS_AVAILABLE,
        scard.SCARD_E_INVALID_HANDLE,
        scard.SCARD_F_COMM_ERROR,
        scard.SCARD_F_INTERNAL_ERROR,
        scard.SCARD_E_SHARING_VIOLATION,
        scard.SCARD_E_SYSTEM_CANCELLED,
    ),
)
_TIMEOUT: Final = frozenset((scard.SCARD_E_TIMEOUT,))
# At opening, worth another try within the patience: somebody else has the card, or it lies at the
# edge of the field and has not found its feet.
_PASSING: Final = frozenset(
    (
        scard.SCARD_E_SHARING_VIOLATION,
        scard.SCARD_W_UNRESPONSIVE_CARD,
        scard.SCARD_W_UNPOWERED_CARD,
        scard.SCARD_W_RESET_CARD,
        scard.SCARD_E_PROTO_MISMATCH,
    ),
)
_NO_CARD: Final = frozenset((scard.SCARD_E_NO_SMARTCARD, scard.SCARD_W_REMOVED_CARD))


def _code(result: int, *, opening: bool) -> Code:
    if result in _READER_LOST:
        return "reader_lost"
    if result in _TIMEOUT:
        return "timeout"
    if opening and result in _NO_CARD:
        return "no_card"
    # Everything else means in practice that the card slipped: removed, reset, unpowered, "not
    # transacted", and results that drivers make up.
    return "card_removed"


def _error(result: int, doing: str, *, opening: bool = False) -> CardError:
    code = _code(result, opening=opening)
    return CardError(code, f"{doing}: {scard.SCardGetErrorMessage(result)}")


class PcscChannel:
    """One exclusively opened, freshly powered card. Made by `PcscPort.open`."""

    def __init__(self, card: int, protocol: int) -> None:
        self._card = card
        self._header = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1

    def transmit(self, command: Command) -> bytes:
        """Send one command; see `Channel`."""
        outgoing = list(command)
        result, answer = scard.SCardTransmit(self._card, self._header, outgoing)
        outgoing.clear()
        if result != scard.SCARD_S_SUCCESS:
            raise _error(result, "sending to the card")
        if len(answer) < 2:
            # A card torn away in mid-command can come back as a success with nothing in it.
            raise CardError("card_removed", "the card did not answer")
        return bytes(byte & 0xFF for byte in answer)


class PcscPort:
    """The readers that PC/SC knows. `look` and `open` may be called from different threads."""

    def __init__(self, *, clock: Clock = time.monotonic, pause: Callable[[float], None] = time.sleep) -> None:
        self._clock = clock
        self._pause = pause
        self._context: int | None = None  # kept between looks
        self._looking = threading.Lock()

    def look(self) -> Mapping[str, Presence]:
        """Return attached readers and what lies on them; see `ReaderPort`."""
        with self._looking:
            try:
                return self._look()
            except CardError:
                # The handle is of no use after its service went; the next look asks for another.
                self._drop_context()
                raise

    def close(self) -> None:
        """Give the system's handle back; the port may still be used afterwards."""
        with self._looking:
            self._drop_context()

    @contextmanager
    def open(self, reader: str) -> Iterator[PcscChannel]:
        """Open the card on `reader` exclusively; see `ReaderPort`."""
        context = _establish()
        try:
            card, protocol = self._connect(context, reader)
            try:
                yield PcscChannel(card, protocol)
            finally:
                _ignore(scard.SCardDisconnect(card, scard.SCARD_UNPOWER_CARD), "unpowering the card")
        finally:
            _ignore(scard.SCardReleaseContext(context), "releasing the card service")

    def _connect(self, context: int, reader: str) -> tuple[int, int]:
        end = self._clock() + SHARING_PATIENCE_SECONDS
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        while True:
            result, card, protocol = scard.SCardConnect(
                context, reader, scard.SCARD_SHARE_EXCLUSIVE, protocols
            )
            if result == scard.SCARD_S_SUCCESS:
                return card, protocol
            if result not in _PASSING or self._clock() >= end:
                raise _error(result, "opening the card", opening=True)
            self._pause(_TRY_AGAIN_SECONDS)

    def _look(self) -> Mapping[str, Presence]:
        if self._context is None:
            self._context = _establish()
        for _ in range(_LIST_AGAIN):
            seen = self._states(self._context)
            if seen is not None:
                return seen
        return {}

    def _states(self, context: int) -> Mapping[str, Presence] | None:
        """List the readers and ask after each; None when one vanished between the two questions."""
        result, names = scard.SCardListReaders(context, [])
        if result == scard.SCARD_E_NO_READERS_AVAILABLE or (result == scard.SCARD_S_SUCCESS and not names):
            return {}
        if result != scard.SCARD_S_SUCCESS:
            raise CardError("no_reader", f"listing readers: {scard.SCardGetErrorMessage(result)}")
        asked = [(name, scard.SCARD_STATE_UNAWARE) for name in names]
        result, states = scard.SCardGetStatusChange(context, 0, asked)
        if result == scard.SCARD_E_UNKNOWN_READER:
            return None
        if result not in (scard.SCARD_S_SUCCESS, scard.SCARD_E_TIMEOUT):
            raise CardError("no_reader", f"looking at readers: {scard.SCardGetErrorMessage(result)}")
        gone = scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE | scard.SCARD_STATE_IGNORE
        return {
            # The upper half of the state counts insertions and removals.
            name: Presence(card=bool(state & scard.SCARD_STATE_PRESENT), changes=state >> 16 & 0xFFFF)
            for name, state, _ in states
            if not state & gone
        }

    def _drop_context(self) -> None:
        if self._context is not None:
            _ignore(scard.SCardReleaseContext(self._context), "releasing the card service")
            self._context = None


def _establish() -> int:
    context: int
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if result != scard.SCARD_S_SUCCESS:
        raise CardError("no_reader", f"reaching the card service: {scard.SCardGetErrorMessage(result)}")
    return context


def _ignore(result: int, doing: str) -> None:
    """Note a failure of tidying up; the card or the service is gone, which is tidy too."""
    if result != scard.SCARD_S_SUCCESS:
        log.debug("%s: %s", doing, scard.SCardGetErrorMessage(result))
