"""What a desk brings to a pass: the issuers it believes, and the pass keys it opens sealed ones with.

A key is known by its `kid`, the first 8 bytes of its SHA-256, so that an id proves its key. How issuers reach
a desk is `kiosk.core.trust_list`'s.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256

from kiosk.core.pass_key import PassKey

KID_SIZE = 8


@functools.lru_cache(maxsize=4096)
def _kid(key: bytes) -> bytes:
    """Kept, because each pass is looked up among all issuers of a list."""
    return sha256(key).digest()[:KID_SIZE]


class Algorithm(enum.IntEnum):
    """COSE algorithms allowed for passes."""

    ES256 = -7
    EDDSA = -8


@dataclass(frozen=True, slots=True)
class Issuer:
    """One issuing key.

    `issuer` is the six-digit municipality code; `key` is an Ed25519 public key (32 bytes) or a
    compressed P-256 point (33 bytes); the times are seconds since 1970, 0 for unbounded.
    """

    issuer: str
    algorithm: Algorithm
    key: bytes
    valid_from: int = 0
    valid_to: int = 0
    revoked: bool = False

    @property
    def kid(self) -> bytes:
        """The key's id, 8 bytes."""
        return _kid(self.key)

    def covers(self, moment: int) -> bool:
        """Whether a pass issued at `moment` was issued while the key was valid."""
        return self.valid_from <= moment and (not self.valid_to or moment <= self.valid_to)


@dataclass(frozen=True, slots=True)
class TrustList:
    """The issuers a desk knows, and the pass keys it holds."""

    issuers: tuple[Issuer, ...] = ()
    pass_keys: tuple[PassKey, ...] = field(default=(), repr=False)

    def find(self, kid: bytes) -> Issuer | None:
        """The issuer with this key id, unless revoked."""
        return next((issuer for issuer in self.issuers if issuer.kid == kid and not issuer.revoked), None)

    def pass_key(self, kid: bytes) -> PassKey | None:
        """The pass key with this id, if this desk holds it."""
        return next((key for key in self.pass_keys if key.kid == kid), None)

    def with_issuers(self, more: Iterable[Issuer]) -> TrustList:
        """A list that also knows `more`."""
        known = {issuer.kid for issuer in self.issuers}
        return replace(self, issuers=self.issuers + tuple(one for one in more if one.kid not in known))

    def with_pass_keys(self, more: Iterable[PassKey]) -> TrustList:
        """A list that also opens what is sealed to `more`."""
        known = {key.kid for key in self.pass_keys}
        return replace(self, pass_keys=self.pass_keys + tuple(one for one in more if one.kid not in known))
