"""A thread that carries calls which may never come back, and can be given up.

A call into PC/SC has no time limit. SCardTransmit returns when the driver does, and the driver when the
card does; SCardCancel ends no transmission, only a wait for changes; a second thread that calls
SCardDisconnect waits behind the first. So no call is made in the thread that must answer a person: it is
handed to a messenger, and whoever sent it waits only as long as the person can.

A messenger that is late is **given up**: its sender goes on at once, and nothing else is ever handed to it.
The call it is in cannot be taken back, but the thread outlives it, tidies up what it holds (the card, the
service's context) as soon as the system lets go, and ends. Whatever came back is dropped unread.

A child process would be no better: the system's service, not we, is what waits for the card, and it goes
on waiting when its client is killed.

It refuses to know what it carries.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


class TooLate(Exception):
    """The call has not come back in time, and the messenger was given up. Only its senders meet this."""


class _Errand:
    """One call, and what came of it."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call
        self.back = threading.Event()
        self.result: Any = None
        self.error: BaseException | None = None

    def do(self) -> None:
        try:
            self.result = self._call()
        except BaseException as error:  # noqa: BLE001 - it is raised again where the call came from
            self.error = error
        finally:
            self.back.set()


class Messenger:
    """One thread, doing one call after another until `dismiss`; at its end it calls `tidy`, once.

    `send` and `dismiss` belong to one thread, that of the sender.
    """

    def __init__(self, name: str, tidy: Callable[[], None]) -> None:
        self._errands: SimpleQueue[_Errand | None] = SimpleQueue()
        self._tidy = tidy
        self._given_up = False
        self._begin = threading.Lock()
        # A daemon, because a thread inside the system's library cannot be ended and must not keep the
        # program from ending.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def given_up(self) -> bool:
        """Whether a call was late once; nothing is sent by this messenger any more."""
        return self._given_up

    @property
    def gone(self) -> bool:
        """Whether the thread has ended, with everything tidied up."""
        return not self._thread.is_alive()

    def send(self, call: Callable[[], T], seconds: float) -> T:
        """Have `call` done, and return what it returns.

        Raises:
            TooLate: it did not come back within `seconds`. A call that had not begun is never made.
        """
        if self._given_up:
            raise TooLate
        errand = _Errand(call)
        self._errands.put(errand)
        if not errand.back.wait(max(0.0, seconds)):
            with self._begin:
                self._given_up = True
            self._errands.put(None)
            raise TooLate
        if errand.error is not None:
            raise errand.error
        result: T = errand.result
        return result

    def dismiss(self, seconds: float) -> bool:
        """Let the thread tidy up and end; wait for that `seconds` at most. Whether it has ended.

        One that was given up is not waited for.
        """
        self._errands.put(None)
        return self.wait(0.0 if self._given_up else seconds)

    def wait(self, seconds: float) -> bool:
        """Wait `seconds` at most for a dismissed or given-up thread to end; whether it has."""
        self._thread.join(max(0.0, seconds))
        return self.gone

    def _run(self) -> None:
        while (errand := self._errands.get()) is not None:
            with self._begin:
                if self._given_up:
                    break
            errand.do()
            del errand
        try:
            self._tidy()
        except Exception:
            log.exception("tidying up after the card reader failed")
