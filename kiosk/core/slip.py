"""転出票: a household's card as one code, from one shelter to the next, with no network at either.

    EST1: + Base45( 01 ‖ sealed )

Sealed with the municipality's transfer key, which every opening sheet of one mode carries: any of its
desks can open it, and nobody else learns a name from a lost slip. Whoever holds an opening sheet could
write one, too; a slip therefore brings people in like any other reception, seen by staff, and proves
nothing by itself. Described in docs/formats/transfer-slip.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.core import acts, base45, cbor
from kiosk.core.household import Household, Method, Mode
from kiosk.core.ids import HOUSEHOLD_SIZE, PERSON_SIZE, HouseholdId, PersonId
from kiosk.core.sealing import KEY_SIZE, MAX_PLAIN, SealingKey, seal, unseal
from kiosk.errors import Malformed

PREFIX = "EST1:"
FORMAT = 1
DOMAIN = b"ESR1 transfer slip"
MAX_TEXT = 4096
"""Letters: more than the largest code holds in alphanumeric mode is not read."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What the next shelter takes over."""

    household: Household
    present: tuple[PersonId, ...]
    """Who goes on: they keep their ids, so that HQ counts them once."""
    mode: Mode
    method: Method
    """How they were received first."""
    shelter: str
    """Id of the shelter they come from."""
    number: str
    """Their number there."""
    at: int
    """Clock value of the slip."""


def write(slip: Slip, transfer_key: bytes) -> str:
    """The text of the code."""
    plain = cbor.dumps(
        [
            FORMAT,
            slip.household.id,
            int(slip.mode),
            int(slip.method),
            slip.shelter,
            slip.number,
            slip.at,
            b"".join(slip.present),
            acts.pack_card(slip.household),
        ]
    )
    return PREFIX + base45.encode(bytes([FORMAT]) + seal(_key(transfer_key), plain, [DOMAIN]))


def read(text: str, transfer_key: bytes) -> Slip:
    """Open a slip.

    Raises:
        Malformed: `not_a_slip`, `unknown_format`, `wrong_seal` for one of another municipality or of the
            other mode, `malformed` for anything that a desk does not write.
    """
    if not text.startswith(PREFIX) or len(text) > MAX_TEXT:
        raise Malformed("not_a_slip", "not a transfer slip")
    data = base45.decode(text.removeprefix(PREFIX))
    if data[:1] != bytes([FORMAT]):
        raise Malformed("unknown_format", "a slip of another version")
    value = cbor.loads(unseal(_key(transfer_key), data[1:], [DOMAIN]), limit=MAX_PLAIN)
    try:
        form, household, mode, method, shelter, number, at, present, card = value
        if form != FORMAT or len(household) != HOUSEHOLD_SIZE or len(present) % PERSON_SIZE:
            raise Malformed("malformed", "a part of the wrong kind or size")
        if not (isinstance(shelter, str) and isinstance(number, str) and isinstance(at, int)):
            raise Malformed("malformed", "a part of the wrong kind")
        home = acts.unpack_card(HouseholdId(household), card)
        who = tuple(
            PersonId(present[place : place + PERSON_SIZE]) for place in range(0, len(present), PERSON_SIZE)
        )
        if not who or not set(who) <= {person.id for person in home.members}:
            raise Malformed("malformed", "nobody of the household goes on")
        return Slip(home, who, Mode(mode), Method(method), shelter, number, at)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise Malformed("malformed", "not a slip") from error


def _key(transfer_key: bytes) -> SealingKey:
    return SealingKey(HKDF(SHA512(), KEY_SIZE, salt=None, info=DOMAIN).derive(transfer_key))
