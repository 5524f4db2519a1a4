"""Played cards that are not My Number cards, and some that are more than that.

They answer as far as the desk asks: SELECT by name tells which card it is. Their files are not played,
because none of them is read.

It refuses to know who asks, as `simulated` does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

from card_reader.faults import PlayedCard

_LICENCE: Final = (
    bytes.fromhex("A0000002310100000000000000000000"),
    bytes.fromhex("A0000002310200000000000000000000"),
    bytes.fromhex("A0000002480300000000000000000000"),
)
_RESIDENCE: Final = tuple(bytes.fromhex(f"D392F0004F0{n}00000000000000000000") for n in (2, 3, 4))
_PASSPORT: Final = (bytes.fromhex("A0000002471001"),)

# PC/SC part 3: the ATR a reader makes for FeliCa.
FELICA_ATR: Final = bytes.fromhex("3B8F8001804F0CA0000003061100 3B0000000042")
IDM: Final = bytes.fromhex("0123456789ABCDEF")


class OtherCard(PlayedCard):
    """Another ISO card: it knows these applications and refuses everything else.

    `strange` answers every command with that status word, as some cards and readers do.
    """

    def __init__(
        self,
        *applications: bytes,
        strange: int = 0,
        faults: str = "",
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._applications = applications
        self._strange = strange
        super().__init__(faults=faults, pause=pause)

    def power_on(self) -> None:
        """Nothing to forget."""

    def act(self, command: bytes) -> tuple[bytes, int]:
        """Answer SELECT by name."""
        if self._strange:
            return b"", self._strange
        if command[:4] != b"\x00\xa4\x04\x0c":
            return b"", 0x6D00
        return b"", 0x9000 if command[5:] in self._applications else 0x6A82


class FelicaCard(PlayedCard):
    """A FeliCa card as a contactless reader presents it: the reader tells the IDm, and refuses the rest."""

    atr = FELICA_ATR

    def power_on(self) -> None:
        """Nothing to forget."""

    def act(self, command: bytes) -> tuple[bytes, int]:
        """Answer GET DATA of PC/SC part 3."""
        return (IDM, 0x9000) if command == bytes.fromhex("FFCA000000") else (b"", 0x6A81)


OTHERS: Final[Mapping[str, Callable[[], PlayedCard]]] = {
    "driving_licence": lambda: OtherCard(*_LICENCE),
    "residence_card": lambda: OtherCard(*_RESIDENCE),
    "passport": lambda: OtherCard(*_PASSPORT),
    "felica": FelicaCard,
    "": OtherCard,
}
"""By the word under which the desk should recognise it; empty for a card nobody knows."""
