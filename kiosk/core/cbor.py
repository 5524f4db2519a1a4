"""Canonical CBOR (RFC 8949, section 4.2.1) in and out: one value, one spelling.

Everything that is signed or hashed passes here. Decoding is strict: what does not re-encode to the same
bytes, is too deep, too large, tagged or followed by anything is refused, so that two spellings of one
value can never carry two signatures. It knows nothing of what the values mean.
"""

from __future__ import annotations

from typing import Any

import cbor2

from kiosk.errors import Malformed

MAX_DEPTH = 8


def dumps(value: Any) -> bytes:  # noqa: ANN401 - CBOR is any value by nature
    """Encode `value` canonically.

    Map keys are small unsigned integers or texts of one length class in all our formats, where the older
    length-first order of RFC 7049 and the bytewise order of RFC 8949 agree.

    Raises:
        Malformed: `not_text` for half a surrogate pair, the one thing in a text that is none.
    """
    try:
        return cbor2.dumps(value, canonical=True)
    except UnicodeEncodeError as error:
        raise Malformed("not_text", "half a character where a text belongs") from error


def loads(data: bytes, *, limit: int, depth: int = MAX_DEPTH) -> Any:  # noqa: ANN401 - as above
    """Decode exactly one canonical value of at most `limit` bytes, nested at most `depth` deep.

    Raises:
        Malformed: `too_large`, `too_deep` or `not_canonical`.
    """
    if len(data) > limit:
        raise Malformed("too_large", f"more than {limit} bytes")
    _scan(data, depth)
    try:
        value = cbor2.loads(data)
        again = cbor2.dumps(value, canonical=True)
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise Malformed("malformed", "not CBOR") from error
    if again != data:
        raise Malformed("not_canonical", "not in canonical form")
    return value


def loads_own(data: bytes) -> Any:  # noqa: ANN401 - as above
    """Decode what this program wrote itself and kept under authentication: a view's row, read by the dozen.

    Raises:
        Malformed: `malformed`.
    """
    try:
        return cbor2.loads(data)
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise Malformed("malformed", "not CBOR") from error


def _scan(data: bytes, depth: int) -> None:  # noqa: C901, PLR0912 - one pass over the eight major types reads best whole
    """Walk the structure without building it: refuse what a decoder should never be asked to build.

    A declared length is compared with what is left before anything is allocated, and a tag or an
    indefinite length ends the walk: cbor2 would otherwise compile an attacker's regular expression
    (tag 35) or hash a map of colliding keys.
    """
    position, size = 0, len(data)
    remaining = [1]
    while remaining:
        if remaining[-1] == 0:
            remaining.pop()
            continue
        remaining[-1] -= 1
        if position >= size:
            raise Malformed("malformed", "cut short")
        major, info = data[position] >> 5, data[position] & 31
        position += 1
        if info < 24:
            argument = info
        elif info < 28:
            width = 1 << (info - 24)
            argument = int.from_bytes(data[position : position + width], "big")
            position += width
            if position > size:
                raise Malformed("malformed", "cut short")
        else:
            raise Malformed("not_canonical", "indefinite or reserved length")
        if major in (2, 3):
            position += argument
            if argument > size or position > size:
                raise Malformed("malformed", "a string longer than the data")
            if major == 3:
                _read_text(data[position - argument : position])
        elif major in (4, 5):
            items = argument * (2 if major == 5 else 1)
            if items > size - position:
                raise Malformed("malformed", "more items than bytes")
            if len(remaining) > depth:
                raise Malformed("too_deep", f"nested deeper than {depth}")
            remaining.append(items)
        elif major == 6:
            raise Malformed("not_canonical", "a tag")
        elif major == 7 and info not in (20, 21, 22):
            raise Malformed("not_canonical", "a float or an unassigned simple value")
    if position != size:
        raise Malformed("not_canonical", "bytes after the value")


def _read_text(data: bytes) -> None:
    """Refuse a text here that is not UTF-8: cbor2 5.9 keeps 690 bytes for ever each time it refuses one."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise Malformed("malformed", "a text that is not UTF-8") from error
