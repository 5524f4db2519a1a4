"""A PC/SC system that is not there: the calls of `smartcard.scard`, played, so that each can fail or hang.

Results may be scripted call by call, with numbers of Linux or of Windows; what is open is counted, because
a handle that leaks is a reader that stays locked.
"""

from __future__ import annotations

import threading

from smartcard import scard

from card_reader.faults import LateError, TornError


class PlayedPcsc:
    """Readers by name, each with a card or None.

    `script[call]` is a list of results to give instead, first to last (0: as usual); `hang[call]` an event
    that a call waits for before it goes on.
    """

    def __init__(self, **readers):
        self.readers = readers
        self.script = {}
        self.hang = {}
        self.contexts = set()
        self.cards = {}
        self.changes = dict.fromkeys(readers, 0)
        self.calls = []
        self._number = 0
        self._lock = threading.Lock()

    def _begin(self, call):
        self.calls.append(call)
        if call in self.hang:
            assert self.hang[call].wait(30), f"{call} was never let go"
        results = self.script.get(call)
        return results.pop(0) if results else scard.SCARD_S_SUCCESS

    def _new(self):
        with self._lock:
            self._number += 1
            return self._number

    def SCardEstablishContext(self, _scope):  # noqa: N802 - PC/SC's name
        result = self._begin("establish")
        if result:
            return result, 0
        context = self._new()
        self.contexts.add(context)
        return 0, context

    def SCardReleaseContext(self, context):  # noqa: N802 - PC/SC's name
        self.contexts.discard(context)
        return self._begin("release")

    def SCardListReaders(self, _context, _groups):  # noqa: N802 - PC/SC's name
        result = self._begin("list")
        return result, [] if result else list(self.readers)

    def SCardGetStatusChange(self, _context, _timeout, states):  # noqa: N802 - PC/SC's name
        result = self._begin("status")
        present = {name: scard.SCARD_STATE_PRESENT if card else 0 for name, card in self.readers.items()}
        return result, [(name, present[name] | self.changes[name] << 16, []) for name, _ in states]

    def SCardConnect(self, _context, reader, mode, _protocols):  # noqa: N802 - PC/SC's name
        result = self._begin("connect")
        if not result and reader not in self.readers:
            result = scard.SCARD_E_UNKNOWN_READER
        if not result and self.readers[reader] is None:
            result = scard.SCARD_E_NO_SMARTCARD
        if not result and reader in self.cards.values():
            result = scard.SCARD_E_SHARING_VIOLATION
        if result:
            return result, 0, 0
        assert mode == scard.SCARD_SHARE_EXCLUSIVE
        handle = self._new()
        self.cards[handle] = reader
        self.readers[reader].power_on()
        return 0, handle, scard.SCARD_PROTOCOL_T1

    def SCardStatus(self, card):  # noqa: N802 - PC/SC's name
        result = self._begin("atr")
        reader = self.cards[card]
        return result, reader, 0, 0, list(self.readers[reader].atr)

    def SCardTransmit(self, card, _header, command):  # noqa: N802 - PC/SC's name
        command = bytes(command)  # pyscard copies the list, too, before it calls the system
        result = self._begin("transmit")
        if result:
            return result, []
        try:
            return 0, list(self.readers[self.cards[card]].transmit(command))
        except (TornError, LateError):
            return scard.SCARD_W_REMOVED_CARD, []

    def SCardDisconnect(self, card, disposition):  # noqa: N802 - PC/SC's name
        result = self._begin("disconnect")
        assert disposition == scard.SCARD_UNPOWER_CARD
        self.cards.pop(card, None)
        return result
