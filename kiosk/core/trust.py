"""Whom a desk believes: the issuers of household passes, as brought by the opening sheet.

A key is known by its `kid`, the first 8 bytes of its SHA-256, so that an id proves its key.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

KID_SIZE = 8


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
        return sha256(self.key).digest()[:KID_SIZE]


@dataclass(frozen=True, slots=True)
class TrustList:
    """The issuers a desk knows."""

    issuers: tuple[Issuer, ...] = ()

    def find(self, kid: bytes) -> Issuer | None:
        """The issuer with this key id, unless revoked."""
        return next((issuer for issuer in self.issuers if issuer.kid == kid and not issuer.revoked), None)

    def with_issuers(self, more: Iterable[Issuer]) -> TrustList:
        """A list that also knows `more`."""
        known = {issuer.kid for issuer in self.issuers}
        return TrustList(self.issuers + tuple(issuer for issuer in more if issuer.kid not in known))
