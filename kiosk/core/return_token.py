"""戻り用カード: what is kept of a contactless card that stands for a person, so that a tap finds them again.

A FeliCa card shows its number to every reader: it is no secret and proves nothing, but it would tell who
reads the log which transit card a person carries. So only a keyed hash of it is kept, under a key that
every opening sheet of a municipality and mode leads to: another desk of the shelter knows the same card, and
a drill's cards mean nothing in a disaster.

It refuses to know readers.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable

from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

DOMAIN = b"ESR1 return token"
TOKEN_SIZE = 16

Keyed = Callable[[bytes], bytes]


def keyed_by(transfer_key: bytes) -> Keyed:
    """What makes a token (16 bytes) of a card's id, for one municipality and mode."""
    key = HKDF(SHA512(), 32, salt=None, info=DOMAIN).derive(transfer_key)
    return lambda identity: hmac.digest(key, identity, "sha256")[:TOKEN_SIZE]
