"""The system's card service for tests: the one that runs, or one of our own, started and stopped at will.

It needs pcscd and the virtual reader of vsmartcard (Debian: pcscd, vsmartcard-vpcd). There is one virtual
reader on a computer, so test runs side by side take turns with it; within a process everybody shares it.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import subprocess
import tempfile
import threading
import time
import unittest
from functools import cache
from pathlib import Path

from card_reader.errors import CardError
from card_reader.pcsc import PcscPort

PCSCD = Path("/usr/sbin/pcscd")
FIRST, SECOND = "Virtual PCD 00 00", "Virtual PCD 00 01"
SECOND_PORT = 35964
STARTS_WITHIN = 10.0


class CardService:
    """`start` and `stop` a service of our own; `ours` tells whether it is. Made by `the_service` alone."""

    def __init__(self):
        self._process = None
        # A played card may stop the service from its own thread, while a test already asks for it.
        self._lock = threading.RLock()

    def runs(self):
        """Whether a service with the virtual reader answers."""
        port = PcscPort()
        try:
            return FIRST in port.look()
        except CardError:
            return False
        finally:
            port.close()

    def _answers(self):
        port = PcscPort()
        try:
            port.look()
        except CardError:
            return False
        finally:
            port.close()
        return True

    @property
    def ours(self):
        with self._lock:
            return self._process is not None

    def start(self, *, reader=True):
        """Start it, with the virtual reader or without any, and return when it answers.

        Raises:
            unittest.SkipTest: only root can.
        """
        if not PCSCD.exists():
            raise AssertionError("pcscd is not installed; these tests need pcscd and vsmartcard-vpcd")
        if os.geteuid() != 0:
            raise unittest.SkipTest("no card service with a virtual reader runs, and only root can start one")
        Path("/run/pcscd").mkdir(parents=True, exist_ok=True)
        with self._lock:
            # A folder that names no reader; the virtual one is named in the system's.
            where = [] if reader else ["--config", self._no_readers()]
            self._process = subprocess.Popen(
                [PCSCD, "--foreground", *where], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            end = time.monotonic() + STARTS_WITHIN
            while not (self.runs() if reader else self._answers()):
                if time.monotonic() > end:
                    self.stop()
                    raise AssertionError("pcscd shows no virtual reader; is vsmartcard-vpcd installed?")
                time.sleep(0.02)

    @staticmethod
    @cache
    def _no_readers():
        folder = tempfile.mkdtemp(prefix="no-readers-")
        atexit.register(os.rmdir, folder)
        return folder

    def stop(self, *, kill=False):
        """End it, as an administrator does, or as a crash."""
        with self._lock:
            if self._process is None:
                return
            (self._process.kill if kill else self._process.terminate)()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


@cache
def the_service() -> CardService:
    """This process's card service, running, until the process ends."""
    lock = Path(tempfile.gettempdir(), f"shelter-kiosk-virtual-reader-{os.getuid()}.lock")
    turn = os.open(lock, os.O_RDWR | os.O_CREAT)  # held, and let go, by the process
    fcntl.flock(turn, fcntl.LOCK_EX)
    service = CardService()
    atexit.register(service.stop)
    if not service.runs():
        service.start()
    return service
