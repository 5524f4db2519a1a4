"""A household too large for one code: its pass divides into two, read in any order.

    ESRH1: + Base45( place (1 byte) ‖ set (8 bytes) ‖ half of the signed or sealed bytes )

The set is the beginning of the SHA-256 of the whole, so halves of different passes never join, and what was
joined is what was divided. The signature is over the whole and is judged afterwards. It refuses to know what
the bytes mean, and keeps no more than a few halves waiting.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from kiosk.core import base45
from kiosk.core.entry_pass.cose import MAX_SIGNED
from kiosk.errors import KnownError, Malformed

HALF_PREFIX = "ESRH1:"
MAX_CODE_TEXT = 970
"""Letters that fit a version 20 code at error correction M; a larger code is too fine for a webcam."""
SET_SIZE = 8
_KINDS = {1: "ESR1:", 2: "ESR2:"}
"""The first digit of the place says what the whole begins with; the second is 1 or 2."""
_PLACES = {kind << 4 | half: (prefix, half) for kind, prefix in _KINDS.items() for half in (1, 2)}


@dataclass(frozen=True, slots=True)
class Half:
    """One of two codes."""

    prefix: str
    """Of the whole pass: `ESR1:` or `ESR2:`."""
    place: int
    """1 or 2."""
    set: bytes
    """8 bytes that both halves share."""
    part: bytes

    @classmethod
    def read(cls, text: str) -> Half:
        """Read one code.

        Raises:
            Malformed: `not_a_half` for another text, else `malformed`.
        """
        if not text.startswith(HALF_PREFIX):
            raise Malformed("not_a_half", "not half of a pass")
        data = base45.decode(text.removeprefix(HALF_PREFIX))
        if len(data) < 2 + SET_SIZE or data[0] not in _PLACES:
            raise Malformed("malformed", "not half of a pass")
        return cls(*_PLACES[data[0]], data[1 : 1 + SET_SIZE], data[1 + SET_SIZE :])

    @property
    def text(self) -> str:
        """What its code says."""
        place = next(byte for byte, told in _PLACES.items() if told == (self.prefix, self.place))
        return HALF_PREFIX + base45.encode(bytes([place]) + self.set + self.part)


def divide(text: str) -> tuple[str, str]:
    """The two texts of a whole pass; the first half is never the shorter."""
    prefix = next(known for known in _KINDS.values() if text.startswith(known))
    whole = base45.decode(text.removeprefix(prefix))
    middle = (len(whole) + 1) // 2
    which = sha256(whole).digest()[:SET_SIZE]
    return (Half(prefix, 1, which, whole[:middle]).text, Half(prefix, 2, which, whole[middle:]).text)


def codes(text: str) -> tuple[str, ...]:
    """The pass as one code, or as two where one would be too fine for a webcam.

    Raises:
        KnownError: `pass_too_large` when two are not enough.
    """
    if len(text) <= MAX_CODE_TEXT:
        return (text,)
    both = divide(text)
    if len(both[0]) > MAX_CODE_TEXT:
        raise too_large()
    return both


def too_large() -> KnownError:
    """What is raised for a household that no code can hold."""
    return KnownError(
        "pass_too_large",
        "内容が 多くて コードに 入りません。メモを 短く してください。",
        "too much for a code: shorten the notes",
    )


class Halves:
    """Joins halves as they are read, in any order and with anything else between.

    It remembers the newest `keep` halves and no more; a joined pair is forgotten at once.
    """

    def __init__(self, keep: int = 8) -> None:
        self._keep = keep
        self._waiting: dict[tuple[str, bytes, int], bytes] = {}

    def whole(self, text: str) -> str:
        """The whole pass when `text` completes one; else `text` as it is, half or not."""
        try:
            half = Half.read(text)
        except Malformed:
            return text
        kind = (half.prefix, half.set)
        other = self._waiting.get((*kind, 3 - half.place))
        if other is not None:
            joined = half.part + other if half.place == 1 else other + half.part
            if len(joined) <= MAX_SIGNED and sha256(joined).digest()[:SET_SIZE] == half.set:
                self._waiting = {place: part for place, part in self._waiting.items() if place[:2] != kind}
                return half.prefix + base45.encode(joined)
        self._waiting.pop((*kind, half.place), None)
        self._waiting[(*kind, half.place)] = half.part
        while len(self._waiting) > self._keep:
            del self._waiting[next(iter(self._waiting))]
        return text
