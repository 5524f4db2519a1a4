"""What can go wrong with a played card: scripts of faults, time, and a trace of all that was said.

Every played card (`simulated`, `simulated_others`) stands on `PlayedCard`, so that the same faults can
befall each of them, in tests as in practice: a script has one letter per command, see `FAULTS`.

It refuses to know what a card answers when nothing is wrong.
"""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from card_reader.apdu import masked
from card_reader.channel import Command

# One of the ATRs that readers make for a type B card (OpenSC's table of My Number cards).
TYPE_B_ATR: Final = bytes.fromhex("3B888001000005E0B381A1007F")

FaultKind: TypeAlias = Literal[
    "none", "torn_before", "torn_after", "status", "slow", "amnesia", "reader_lost"
]


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one command. `status` replaces the card's answer, `seconds` delays it."""

    kind: FaultKind
    status: int = 0
    seconds: float = 0.0


_OK: Final = 0x9000

# One letter per command, in the order commands arrive; commands beyond the script go well. "..a" lets
# two commands pass and tears the card away at the third, after it acted.
FAULTS: Final[Mapping[str, Fault]] = {
    ".": Fault("none"),
    "b": Fault("torn_before"),  # the card never saw the command
    "a": Fault("torn_after"),  # the card acted, and the answer was lost
    "w": Fault("status", status=0x6F00),  # acted, and says that it failed
    "f": Fault("status", status=0x6A82),  # acted, and says there is no such file
    "k": Fault("status", status=_OK),  # did nothing, and says all is well
    "3": Fault("status", status=0x63C3),  # did nothing, and claims three tries
    "d": Fault("slow", seconds=6.0),  # acted; beyond the time for one command
    "s": Fault("slow", seconds=3.0),  # acted; within it, but four of these exceed a session
    "h": Fault("slow", seconds=math.inf),  # acted; and never answers, until it is taken away
    "m": Fault("amnesia"),  # lost power for a moment before the command, unnoticed
    "x": Fault("reader_lost"),  # the reader is unplugged before the command
}
LIES: Final = frozenset("k3")
"""Letters by which a card says what is not so."""
_LIES: Final = tuple(FAULTS[letter] for letter in LIES)


class TornError(Exception):
    """The played card or its reader is gone in mid-command. Only its carriers meet this."""

    def __init__(self, *, reader_too: bool) -> None:
        super().__init__("the reader went" if reader_too else "the card went")
        self.reader_too = reader_too


class LateError(Exception):
    """The played card did not answer in time. Only its carriers meet this."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One command and its answer, None where it was lost; secrets masked."""

    command: bytes
    answer: bytes | None


class PlayedCard(ABC):
    """A card that is not there: what happens to it, when, and what was said.

    What may be chosen:
        faults: a script of letters from `FAULTS`.
        pause: how the card takes its time; a test passes its own clock's `advance`.
        seconds_per_command: how long each command takes.

    What may be looked at: `trace`, and `violations` (commands that reached for a My Number).
    """

    atr: bytes = TYPE_B_ATR

    def __init__(
        self,
        *,
        faults: str = "",
        pause: Callable[[float], None] = time.sleep,
        seconds_per_command: float = 0.0,
    ) -> None:
        self.befall(faults)
        self._pause = pause
        self._seconds = seconds_per_command
        self.trace: list[Exchanged] = []
        self.violations: list[bytes] = []
        self.power_on()

    def befall(self, faults: str) -> None:
        """Let these faults happen from the next command on, in place of what was still to come."""
        self._faults = [FAULTS[letter] for letter in faults]

    @abstractmethod
    def power_on(self) -> None:
        """Begin a session: nothing selected, nothing verified."""

    @abstractmethod
    def act(self, command: bytes) -> tuple[bytes, int]:
        """Do what a command says, with nothing wrong: data and status word."""

    def transmit(self, command: Command, seconds: float = math.inf) -> bytes:
        """Answer one command within `seconds`, with whatever fault the script has for it.

        Raises:
            TornError: the card, or its reader, went away in mid-command.
            LateError: it needs longer; it acted all the same.
        """
        fault = self._faults.pop(0) if self._faults else FAULTS["."]
        needed = self._seconds + fault.seconds
        if not math.isinf(min(needed, seconds)):
            self._pause(min(needed, seconds))
        answer = self._with_fault(bytes(command), fault)
        late = needed > seconds or math.isinf(needed)
        self.trace.append(Exchanged(masked(command), None if late else answer))
        if answer is None:
            raise TornError(reader_too=fault.kind == "reader_lost")
        if late:
            raise LateError
        return answer

    def _with_fault(self, command: bytes, fault: Fault) -> bytes | None:
        if fault.kind in ("torn_before", "reader_lost"):
            return None
        if fault.kind == "amnesia":
            self.power_on()
        if fault in _LIES:
            return fault.status.to_bytes(2, "big")
        data, status = self.act(command)
        if fault.kind == "torn_after":
            return None
        if fault.kind == "status":
            data, status = b"", fault.status
        return data + status.to_bytes(2, "big")
