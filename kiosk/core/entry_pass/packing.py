"""How the claims of a pass get small: raw deflate with a preset dictionary, both ways.

Inflating comes after the signature, stops at 16 KiB and takes nothing but one whole stream. It refuses to
know what the bytes mean.
"""

from __future__ import annotations

import functools
import zlib

import resources
from kiosk.errors import Malformed

DICTIONARY = 1
"""The number of the dictionary that passes are packed with; a better one gets the next number."""
MAX_CLAIMS = 16 * 1024


@functools.cache
def _dictionary(number: int) -> bytes:
    return resources.read_bytes(f"dictionaries/pass-{number}.dict")


def pack(claims: bytes) -> bytes:
    """Deflated with the current dictionary; the same claims always give the same bytes on one zlib."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, _dictionary(DICTIONARY))
    return packer.compress(claims) + packer.flush()


def unpack(payload: bytes, dictionary: int | None) -> bytes:
    """The claims, at most 16 KiB of them.

    Raises:
        Malformed: `malformed` for another dictionary, a broken stream, or bytes after it; `too_large`.
    """
    if dictionary != DICTIONARY:
        raise Malformed("malformed", "packed with another dictionary")
    reader = zlib.decompressobj(-15, _dictionary(DICTIONARY))
    try:
        claims = reader.decompress(payload, MAX_CLAIMS + 1)
    except zlib.error as error:
        raise Malformed("malformed", "bad compression") from error
    if len(claims) > MAX_CLAIMS:
        raise Malformed("too_large", f"more than {MAX_CLAIMS} bytes inside")
    if not reader.eof or reader.unused_data:
        raise Malformed("malformed", "bad compression")
    return claims
