"""The gate before the key slots: who tried too often waits, and the note of it lies on the disk.

A try is written down before it is made, so that ending the program in the middle gains nothing. How long
the wait is, is `kiosk.core.tries`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kiosk import uptime
from kiosk.core import cbor
from kiosk.core.key_slots import some, whole
from kiosk.core.tries import DOUBT, Moment, Tries
from kiosk.errors import KnownError, Malformed
from kiosk.files import write_whole

FILE = "tries.cbor"
FORMAT = 1
MAX_FILE = 64 * 1024
PATIENCE = 4.0
"""Seconds that are waited here; whoever must wait longer is told so."""
ANYBODY = b""
"""The way in of somebody who does not say who they are: every slot is tried."""
_EVERYBODY = b"?"
"""Stands for every way in when the note itself was spoilt."""


class MustWait(KnownError):
    """Too many wrong secrets: code `must_wait`, with the seconds that are left."""

    def __init__(self, seconds: float) -> None:
        left = math.ceil(seconds)
        super().__init__(
            "must_wait",
            f"まちがいが つづきました。{left}秒 待ってから、もう一度 入れてください。",
            f"too many wrong secrets: wait {left} seconds",
        )
        self.seconds = left
        self.extra = {"seconds": left}


def this_moment() -> Moment:
    """Now, in this run of the laptop."""
    return Moment(uptime.boot(), uptime.seconds())


class Gate:
    """The waits of one store. `now` and `sleep` are the laptop's, or a test's."""

    def __init__(
        self,
        data: Path,
        now: Callable[[], Moment] = this_moment,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._path = data / FILE
        self._now = now
        self._sleep = sleep

    def enter(self, who: bytes) -> None:
        """Wait if it is short, then write down that a try is made: `opened` takes it back.

        Raises:
            MustWait: it is not short; no try was made.
        """
        known = self._read()
        tries = known.get(who, known.get(_EVERYBODY))
        if tries is not None:
            now = self._now()
            if not tries.is_of(now):
                # The laptop was started again: the wait begins anew, once.
                tries = known[who] = Tries(tries.failures, now)
                self._write(known)
            left = tries.left(now)
            if left > PATIENCE:
                raise MustWait(left)
            if left > 0:
                self._sleep(left)
        known[who] = (tries or Tries(0, self._now())).failed(self._now())
        if not self._write(known):
            # A full disk must not lock anybody out, and must not make guessing free either.
            self._sleep(PATIENCE)

    def opened(self, *who: bytes) -> None:
        """These ways in were opened by their owners, or by a supervisor: their failures are forgotten."""
        known = self._read()
        forgotten = {*who, _EVERYBODY}
        if forgotten & known.keys():
            self._write({one: tries for one, tries in known.items() if one not in forgotten})

    def failures(self, who: bytes) -> int:
        """How many failures stand against a way in."""
        known = self._read()
        tries = known.get(who, known.get(_EVERYBODY))
        return 0 if tries is None else tries.failures

    def _read(self) -> dict[bytes, Tries]:
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError:
            return {_EVERYBODY: Tries(DOUBT, self._now())}
        try:
            return _decoded(data)
        except Malformed:
            # Whoever spoils the note gains nothing by it; a spoilt disk costs one long wait.
            spoilt = {_EVERYBODY: Tries(DOUBT, self._now())}
            self._write(spoilt)
            return spoilt

    def _write(self, known: dict[bytes, Tries]) -> bool:
        rows = [
            [who, tries.failures, tries.last.boot, int(tries.last.seconds * 1000)]
            for who, tries in sorted(known.items())
        ]
        with suppress(KnownError):
            write_whole(self._path, cbor.dumps([FORMAT, rows]))
            return True
        return False


def _decoded(data: bytes) -> dict[bytes, Tries]:
    value = cbor.loads(data, limit=MAX_FILE)
    try:
        form, rows = value
        if form != FORMAT:
            raise Malformed("unknown_format", "a note of tries of another version")
        return {
            some(who): Tries(whole(failures), Moment(str(boot), whole(at) / 1000))
            for who, failures, boot, at in rows
        }
    except (ValueError, TypeError) as error:
        raise Malformed("malformed", "not a note of tries") from error
