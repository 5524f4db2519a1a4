"""The desk's side: whether a text is a household pass to believe, and what the desk has read before.

The order of work is the safety of it: size, structure, opening, issuer, signature, and only then inflating
and reading. What comes from a camera is refused by a returned value; a text that may hold a My Number is
refused without being kept. It reads no clock, and never decides whether a household is at the shelter: that
is the ledger's.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from kiosk.core import base45, ids
from kiosk.core.acts import Source
from kiosk.core.entry_pass import claims, packing
from kiosk.core.entry_pass.claims import PassHousehold
from kiosk.core.entry_pass.cose import MAX_SIGNED, Sign1, bad_signature, public_key, unknown_issuer
from kiosk.core.entry_pass.halves import HALF_PREFIX, Half, Halves
from kiosk.core.entry_pass.my_number import holds_my_number
from kiosk.core.household import Household, Method, Person
from kiosk.core.ids import Randomness
from kiosk.core.pass_key import KID_SIZE, OVERHEAD
from kiosk.core.trust import TrustList
from kiosk.errors import Malformed

PREFIX = "ESR1:"
SEALED_PREFIX = "ESR2:"
MAX_TEXT = 7089
"""Characters: no QR code holds more."""
EARLY_TOLERANCE = 300
"""Seconds by which an issuer's clock may be ahead of a desk's before a pass is marked as early."""

Mark: TypeAlias = Literal["expired", "not_yet_valid", "older_revision", "seen_before"]
Refusal: TypeAlias = Literal[
    "unknown_issuer", "bad_signature", "malformed", "not_a_pass", "my_number_discarded", "sealed", "half"
]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A pass whose signature stands. Times are seconds since 1970."""

    issuer: str
    issued: int
    expires: int
    pass_id: bytes
    household: PassHousehold
    marks: tuple[Mark, ...] = ()
    """What staff should know; the household is received all the same, because a disaster outlasts an
    expiry and a kiosk's clock may be wrong."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Not a pass this desk can believe, or not yet; ask the household instead.

    `sealed`: for a pass key that this desk has not. `half`: one of two codes, the other is still to come.
    """

    code: Refusal


_BELIEF: dict[str, Refusal] = {
    "unknown_issuer": "unknown_issuer",
    "bad_signature": "bad_signature",
    "my_number_discarded": "my_number_discarded",
    "sealed": "sealed",
    "half": "half",
}
"""Refusals of a text that is formed like a pass: it is no My Number in the clear."""


def is_pass_text(text: str) -> bool:
    """Whether a text claims to be a pass or half of one; nothing is checked."""
    return text.startswith((PREFIX, SEALED_PREFIX, HALF_PREFIX))


def verify(text: str, trust: TrustList, now: float) -> Accepted | Refused:
    """Check and read the text of a code; `now` is in seconds since 1970.

    Never raises, whatever the text, and keeps nothing of a text that may hold a My Number. A key whose
    validity does not cover the moment of issue, and a pass that names another issuer than its key's, are
    `unknown_issuer`. Halves are joined by `Halves` before; one alone is `half`.
    """
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        return Refused("not_a_pass")
    try:
        said = _open(text, trust)
    except Malformed as error:
        if error.code in _BELIEF:
            return Refused(_BELIEF[error.code])
        if holds_my_number(text):
            return Refused("my_number_discarded")
        return Refused("malformed" if is_pass_text(text) else "not_a_pass")
    marks: list[Mark] = []
    if now > said.expires:
        marks.append("expired")
    if now < said.issued - EARLY_TOLERANCE:
        marks.append("not_yet_valid")
    return Accepted(said.issuer, said.issued, said.expires, said.pass_id, said.household, tuple(marks))


def _open(text: str, trust: TrustList) -> claims.Claims:
    if text.startswith(PREFIX):
        return _open_signed(base45.decode(text.removeprefix(PREFIX)), trust)
    if text.startswith(SEALED_PREFIX):
        return _open_signed(_unseal(base45.decode(text.removeprefix(SEALED_PREFIX)), trust), trust)
    Half.read(text)
    raise Malformed("half", "one of two codes")


def _unseal(sealed: bytes, trust: TrustList) -> bytes:
    if not OVERHEAD < len(sealed) <= MAX_SIGNED + OVERHEAD:
        raise Malformed("malformed", "not a sealed pass")
    key = trust.pass_key(sealed[:KID_SIZE])
    if key is None:
        raise Malformed("sealed", "sealed to a pass key that is not here")
    return key.open(sealed)


def _open_signed(signed: bytes, trust: TrustList) -> claims.Claims:
    sign1 = Sign1.read(signed)
    issuer = trust.find(sign1.kid)
    if issuer is None:
        raise unknown_issuer()
    if issuer.algorithm is not sign1.algorithm or not sign1.is_signed_by(public_key(issuer)):
        raise bad_signature()
    said = claims.read(packing.unpack(sign1.payload, sign1.dictionary))
    if said.issuer != issuer.issuer or not issuer.covers(said.issued):
        raise unknown_issuer()
    return said


class PassReader:
    """What one desk reads, one code after another: joins halves, and marks what it has read before.

    A lower revision of a household never overwrites a higher one: it is marked, and `newest` gives the
    higher. It remembers the newest `keep` households of this run of the program; who is at the shelter
    stands in the ledger.
    """

    def __init__(self, trust: TrustList, keep: int = 4096) -> None:
        self.trust = trust
        self._keep = keep
        self._halves = Halves()
        self._read: OrderedDict[tuple[str, bytes], Accepted] = OrderedDict()

    def read(self, text: str, now: float) -> Accepted | Refused:
        """As `verify`, with `seen_before` or `older_revision` among the marks."""
        outcome = verify(self._halves.whole(text) if isinstance(text, str) else text, self.trust, now)
        if isinstance(outcome, Refused):
            return outcome
        who = (outcome.issuer, outcome.household.key)
        before = self._read.get(who)
        if before is None or outcome.household.revision >= before.household.revision:
            self._read[who] = outcome
        self._read.move_to_end(who)
        if len(self._read) > self._keep:
            self._read.popitem(last=False)
        if before is None:
            return outcome
        older = outcome.household.revision < before.household.revision
        return replace(outcome, marks=(*outcome.marks, "older_revision" if older else "seen_before"))

    def newest(self, accepted: Accepted) -> Accepted:
        """The highest revision read of the same household, without the marks of its first reading."""
        newest = self._read.get((accepted.issuer, accepted.household.key), accepted)
        return replace(newest, marks=accepted.marks)


def to_household(accepted: Accepted, randomness: Randomness) -> tuple[Household, Source]:
    """The household as the desk receives it, under fresh ids, and where it was read from."""
    home = accepted.household
    members = tuple(
        Person(
            ids.new_person(randomness),
            member.name,
            member.kana,
            member.birth,
            member.sex,
            member.relation,
            member.needs,
            member.note,
        )
        for member in home.members
    )
    household = Household(ids.new_household(randomness), members, home.postcode, home.address, home.phone)
    return household, Source(Method.APP, accepted.issuer, home.key, home.revision)
