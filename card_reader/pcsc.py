"""Real readers, through the system's PC/SC service; the only module that imports pyscard.

It uses pyscard's plain `scard` calls rather than its connection objects. Those leak a card handle,
and lock the reader, when connected twice; raise from `__del__` once the service has died; and hide
the number of changes that tells a swapped card. The plain calls return a result code, which is
turned into a `CardError` in one table.

Each opening is exclusive and fresh, and ends with the card unpowered: a reset alone, or a card left
powered, would keep the PIN verified for the next program that asks.

Any of these calls may hang, for as long as a card or a driver likes. So each session, and all looking,
has a `Messenger` of its own, and a session that hangs is given up. It holds its reader until the system
lets go: meanwhile that reader is `reader_lost`, other readers work, and no second thread is sent after
the first.

Linux (pcsc-lite) and Windows (WinSCard) differ; a comment says so where they do. In short: Windows stops
its service with the last reader, reports a driver's failure by plain Win32 numbers, and looks at each
new card itself for a second or so.

It refuses to know what the bytes mean, and sends no reader-specific (escape) command.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from smartcard import scard

from card_reader import apdu
from card_reader.channel import Clock, Command, Presence
from card_reader.errors import CardError, Code
from card_reader.messenger import Messenger, TooLate

log = logging.getLogger(__name__)

# Windows looks at every new card itself (Plug and Play, certificate propagation) for a second or so.
SHARING_PATIENCE_SECONDS: Final = 2.0
# A look asks the service only, and comes back in a millisecond; a service that needs longer hangs.
LOOK_SECONDS: Final = 2.0
# Powering a card up and hearing its ATR is as much as one command.
CONNECT_SECONDS: Final = 5.0
_TRY_AGAIN_SECONDS: Final = 0.05
_LIST_AGAIN: Final = 3

States: TypeAlias = list[tuple[str, int, list[int]]]


class PcscCalls(Protocol):
    """The calls of `smartcard.scard` that are used here, so that tests can play a system that is not theirs.

    Each returns its result code first, as pyscard does.
    """

    def SCardEstablishContext(self, scope: int) -> tuple[int, int]: ...  # noqa: D102, N802 - PC/SC's name and meaning
    def SCardReleaseContext(self, context: int) -> int: ...  # noqa: D102, N802 - as above
    def SCardListReaders(self, context: int, groups: list[str]) -> tuple[int, list[str]]: ...  # noqa: D102, N802 - as above
    def SCardGetStatusChange(  # noqa: D102, N802 - as above
        self, context: int, timeout: int, states: list[tuple[str, int]]
    ) -> tuple[int, States]: ...
    def SCardConnect(  # noqa: D102, N802 - as above
        self, context: int, reader: str, mode: int, protocols: int
    ) -> tuple[int, int, int]: ...
    def SCardStatus(self, card: int) -> tuple[int, str, int, int, list[int]]: ...  # noqa: D102, N802 - as above
    def SCardTransmit(self, card: int, header: object, command: list[int]) -> tuple[int, list[int]]: ...  # noqa: D102, N802 - as above
    def SCardDisconnect(self, card: int, disposition: int) -> int: ...  # noqa: D102, N802 - as above


# Result codes, as numbers that no platform's header changes. pyscard gives them unsigned on Linux and may
# give them signed on Windows, where its `long` has 32 bits: `_unsigned` before looking one up.
def _unsigned(result: int) -> int:
    return result & 0xFFFFFFFF


def _codes(*results: int) -> frozenset[int]:
    return frozenset(map(_unsigned, results))


# The service or the reader went away. pcsc-lite says INVALID_HANDLE or COMM errors to a client whose
# service was restarted under it. Windows stops its service when the last reader is unplugged and says
# SERVICE_STOPPED to all its contexts (and NO_SERVICE in a remote desktop session without smart cards);
# its drivers pass on plain Win32 errors for a reader that was pulled out in mid-command.
_READER_LOST: Final = _codes(
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
    scard.SCARD_E_CANCELLED,
    scard.SCARD_P_SHUTDOWN,
    6,  # ERROR_INVALID_HANDLE
    22,  # ERROR_BAD_COMMAND: "the device does not recognize the command", from a reader on its way out
    55,  # ERROR_DEV_NOT_EXIST
    109,  # ERROR_BROKEN_PIPE: the service itself went, or a remote session did
    433,  # ERROR_NO_SUCH_DEVICE
    995,  # ERROR_OPERATION_ABORTED
    1117,  # ERROR_IO_DEVICE
    1167,  # ERROR_DEVICE_NOT_CONNECTED
)
_TIMEOUT: Final = _codes(
    scard.SCARD_E_TIMEOUT,
    121,  # ERROR_SEM_TIMEOUT: what some Windows drivers say for a card that does not answer
    1460,  # ERROR_TIMEOUT
)
# At opening, worth another try within the patience: somebody else has the card, or it lies at the
# edge of the field and has not found its feet.
_PASSING: Final = _codes(
    scard.SCARD_E_SHARING_VIOLATION,
    scard.SCARD_W_UNRESPONSIVE_CARD,
    scard.SCARD_W_UNPOWERED_CARD,
    scard.SCARD_W_RESET_CARD,
    scard.SCARD_E_PROTO_MISMATCH,
)
_NO_CARD: Final = _codes(scard.SCARD_E_NO_SMARTCARD, scard.SCARD_W_REMOVED_CARD)
_NO_READERS: Final = _codes(scard.SCARD_E_NO_READERS_AVAILABLE)
_UNKNOWN_READER: Final = _codes(scard.SCARD_E_UNKNOWN_READER)
_TIME_OVER: Final = _codes(scard.SCARD_E_TIMEOUT)


def _code(result: int, *, opening: bool) -> Code:
    number = _unsigned(result)
    if number in _READER_LOST:
        return "reader_lost"
    if number in _TIMEOUT:
        return "timeout"
    if opening and number in _NO_CARD:
        return "no_card"
    # Everything else means in practice that the card slipped: removed, reset, unpowered, "not
    # transacted", and results that drivers make up.
    return "card_removed"


def _said(result: int) -> str:
    """The system's own words for a result; a number where it has none."""
    try:
        return str(scard.SCardGetErrorMessage(result)).strip()
    except (ValueError, OverflowError, UnicodeDecodeError):
        # Windows words its messages in its own language and code page, which pyscard takes for UTF-8.
        return f"0x{_unsigned(result):08X}"


def _error(result: int, doing: str, *, opening: bool = False) -> CardError:
    return CardError(_code(result, opening=opening), f"{doing}: {_said(result)}")


class _Handles:
    """What one session holds of the system. Touched by its messenger's thread alone."""

    def __init__(self, calls: PcscCalls) -> None:
        self._calls = calls
        self._context: int | None = None
        self._card: int | None = None
        self._header: object = None

    def connect(self, reader: str) -> tuple[int, bytes]:
        """Try once to have the card of `reader` alone; the result code, and the ATR if it went well.

        Raises:
            CardError: `no_reader` when there is no card service.
        """
        if self._context is None:
            self._context = _establish(self._calls)
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        result, card, protocol = self._calls.SCardConnect(
            self._context, reader, scard.SCARD_SHARE_EXCLUSIVE, protocols
        )
        if result != scard.SCARD_S_SUCCESS:
            return result, b""
        self._card = card
        # Contactless cards are T=1 to PC/SC; T=0 is for a contact card somebody put in.
        self._header = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
        status, _, _, _, atr = self._calls.SCardStatus(card)
        return result, bytes(byte & 0xFF for byte in atr) if status == scard.SCARD_S_SUCCESS else b""

    def transmit(self, outgoing: list[int]) -> tuple[int, list[int]]:
        """Send one command; empties `outgoing`, which may hold a secret, when the call is over."""
        try:
            return self._calls.SCardTransmit(self._card or 0, self._header, outgoing)
        finally:
            outgoing.clear()

    def let_go(self) -> None:
        """Unpower the card and give everything back."""
        if self._card is not None:
            # Windows may have reset the card meanwhile (it does so after 5 s without a command inside a
            # transaction, which is why none is used here); unpowering is right all the same.
            unpowered = self._calls.SCardDisconnect(self._card, scard.SCARD_UNPOWER_CARD)
            _ignore(unpowered, "unpowering the card")
            self._card = None
        if self._context is not None:
            _ignore(self._calls.SCardReleaseContext(self._context), "releasing the card service")
            self._context = None


@dataclass(frozen=True, slots=True)
class PcscChannel:
    """One exclusively opened, freshly powered card. Made by `PcscPort.open`."""

    atr: bytes
    _handles: _Handles
    _messenger: Messenger
    _left: Callable[[], float]

    def transmit(self, command: Command, seconds: float) -> bytes:
        """Send one command; see `Channel`."""
        if not apdu.is_allowed(command, self.atr):
            raise AssertionError("a command outside the allow-list was about to be sent")
        outgoing = list(command)
        try:
            result, answer = self._messenger.send(
                lambda: self._handles.transmit(outgoing), min(seconds, self._left())
            )
        except TooLate:
            raise CardError("timeout", "the card did not answer in time") from None
        if result != scard.SCARD_S_SUCCESS:
            raise _error(result, "sending to the card")
        if len(answer) < 2:
            # A card torn away in mid-command can come back as a success with nothing in it.
            raise CardError("card_removed", "the card did not answer")
        return bytes(byte & 0xFF for byte in answer)


class PcscPort:
    """The readers that PC/SC knows. `look` and `open` may be called from different threads."""

    def __init__(
        self,
        *,
        clock: Clock = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
        calls: PcscCalls = scard,
    ) -> None:
        self._clock = clock
        self._pause = pause
        self._calls = calls
        self._looking = threading.Lock()
        self._looks: tuple[_Looks, Messenger] | None = None
        self._given_up: dict[str, Messenger] = {}

    def look(self) -> Mapping[str, Presence]:
        """Return attached readers and what lies on them; see `ReaderPort`."""
        with self._looking:
            if self._looks is None or self._looks[1].gone:
                looks = _Looks(self._calls)
                self._looks = looks, Messenger("card-looks", looks.drop_context)
                # A port that nobody holds any more leaves no thread behind.
                weakref.finalize(self, self._looks[1].dismiss, 0.0)
            looks, messenger = self._looks
            try:
                # Given up, it raises at once: looking goes on when the service lets the old thread go.
                return messenger.send(looks.look, LOOK_SECONDS)
            except TooLate:
                raise CardError("no_reader", "the card service does not answer") from None

    def close(self) -> None:
        """Give the system's handle back; the port may still be used afterwards."""
        with self._looking:
            if self._looks is not None:
                self._looks[1].dismiss(LOOK_SECONDS)
                self._looks = None

    @contextmanager
    def open(self, reader: str, seconds: float) -> Iterator[PcscChannel]:
        """Open the card on `reader` exclusively; see `ReaderPort`."""
        end = self._clock() + seconds

        def left() -> float:
            return end - self._clock()

        self._await_former(reader, min(SHARING_PATIENCE_SECONDS, left()))
        handles = _Handles(self._calls)
        messenger = Messenger("card-session", handles.let_go)
        try:
            atr = self._connect(messenger, handles, reader, left)
            yield PcscChannel(atr, handles, messenger, left)
        finally:
            if not messenger.dismiss(left()):
                self._given_up[reader] = messenger

    def _await_former(self, reader: str, seconds: float) -> None:
        """See that no session that was given up is still at `reader`.

        Raises:
            CardError: `reader_lost` when one is. Most often the card that did not answer still lies
                there; lifting it, or pulling the reader's plug, makes the system let go.
        """
        former = self._given_up.get(reader)
        if former is None:
            return
        if not former.wait(seconds):
            raise CardError("reader_lost", "the reader is still busy with a command it never answered")
        self._given_up.pop(reader, None)

    def _connect(
        self, messenger: Messenger, handles: _Handles, reader: str, left: Callable[[], float]
    ) -> bytes:
        end = self._clock() + SHARING_PATIENCE_SECONDS
        while True:
            try:
                result, atr = messenger.send(lambda: handles.connect(reader), min(CONNECT_SECONDS, left()))
            except TooLate:
                raise CardError("timeout", "the card did not wake up in time") from None
            if result == scard.SCARD_S_SUCCESS:
                return atr
            if _unsigned(result) not in _PASSING or self._clock() >= end or left() <= _TRY_AGAIN_SECONDS:
                raise _error(result, "opening the card", opening=True)
            self._pause(_TRY_AGAIN_SECONDS)


class _Looks:
    """Looking at the readers, with a handle kept between looks. Used by one messenger's thread."""

    def __init__(self, calls: PcscCalls) -> None:
        self._calls = calls
        self._context: int | None = None

    def look(self) -> Mapping[str, Presence]:
        """Look once.

        Raises:
            CardError: `no_reader` when there is no card service.
        """
        try:
            if self._context is None:
                self._context = _establish(self._calls)
            for _ in range(_LIST_AGAIN):
                seen = self._states(self._context)
                if seen is not None:
                    return seen
        except CardError:
            # The handle is of no use after its service went; the next look asks for another.
            self.drop_context()
            raise
        return {}

    def _states(self, context: int) -> Mapping[str, Presence] | None:
        """List the readers and ask after each; None when one vanished between the two questions."""
        result, names = self._calls.SCardListReaders(context, [])
        if _unsigned(result) in _NO_READERS or (result == scard.SCARD_S_SUCCESS and not names):
            return {}
        if result != scard.SCARD_S_SUCCESS:
            raise CardError("no_reader", f"listing readers: {_said(result)}")
        asked = [(name, scard.SCARD_STATE_UNAWARE) for name in names]
        result, states = self._calls.SCardGetStatusChange(context, 0, asked)
        if _unsigned(result) in _UNKNOWN_READER:
            return None
        if result != scard.SCARD_S_SUCCESS and _unsigned(result) not in _TIME_OVER:
            raise CardError("no_reader", f"looking at readers: {_said(result)}")
        gone = scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE | scard.SCARD_STATE_IGNORE
        return {
            # The upper half of the state counts insertions and removals, on both systems.
            name: Presence(card=bool(state & scard.SCARD_STATE_PRESENT), changes=state >> 16 & 0xFFFF)
            for name, state, _ in states
            if not state & gone
        }

    def drop_context(self) -> None:
        """Give the handle back."""
        if self._context is not None:
            _ignore(self._calls.SCardReleaseContext(self._context), "releasing the card service")
            self._context = None


def _establish(calls: PcscCalls) -> int:
    # SCOPE_USER: on Windows the readers of this session; pcsc-lite knows no difference. Where polkit
    # guards pcscd (a login from afar), the refusal comes here as SCARD_W_SECURITY_VIOLATION.
    result, context = calls.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if result != scard.SCARD_S_SUCCESS:
        raise CardError("no_reader", f"reaching the card service: {_said(result)}")
    return context


def _ignore(result: int, doing: str) -> None:
    """Note a failure of tidying up; the card or the service is gone, which is tidy too."""
    if result != scard.SCARD_S_SUCCESS:
        log.debug("%s: %s", doing, _said(result))
