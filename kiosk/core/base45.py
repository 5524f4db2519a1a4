"""Base45 (RFC 9285), strict: one text for one byte string.

The alphabet is that of a QR code's alphanumeric mode, so that a code stays small.
"""

from __future__ import annotations

from kiosk.errors import Malformed

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


def encode(data: bytes) -> str:
    """Two bytes become three letters, a last single byte two."""
    letters: list[str] = []
    for place in range(0, len(data) - 1, 2):
        high, rest = divmod(data[place] << 8 | data[place + 1], 45 * 45)
        letters += ALPHABET[rest % 45], ALPHABET[rest // 45], ALPHABET[high]
    if len(data) % 2:
        letters += ALPHABET[data[-1] % 45], ALPHABET[data[-1] // 45]
    return "".join(letters)


def decode(text: str) -> bytes:
    """The inverse of `encode`.

    Raises:
        Malformed: `malformed` for a letter or a length that `encode` never writes.
    """
    try:
        values = [_VALUES[letter] for letter in text]
    except KeyError as error:
        raise Malformed("malformed", "not Base45") from error
    if len(values) % 3 == 1:
        raise Malformed("malformed", "not Base45")
    data = bytearray()
    for place in range(0, len(values) - 2, 3):
        number = values[place] + 45 * values[place + 1] + 45 * 45 * values[place + 2]
        if number > 0xFFFF:
            raise Malformed("malformed", "not Base45")
        data += number.to_bytes(2, "big")
    if len(values) % 3 == 2:
        number = values[-2] + 45 * values[-1]
        if number > 0xFF:
            raise Malformed("malformed", "not Base45")
        data.append(number)
    return bytes(data)
