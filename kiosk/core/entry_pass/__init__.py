"""The household pass: a household signed by its city, small enough for one QR code, or two.

    ESR1: + Base45( signed )                signed = COSE_Sign1 around deflated canonical CBOR claims
    ESR2: + Base45( sealed signed )         the same, readable with the municipality's pass key only
    ESRH1: + Base45( half of a signed )     one of two codes of a household too large for one

docs/formats/pass.md is the whole format. Each module knows one layer: `my_number` what must never be kept,
`claims` what a pass says, `packing` how that gets small, `cose` who signed it, `halves` how it divides,
`issuing` the city's side and `reading` the desk's. None knows a camera, a screen or a clock, and none
decides whether a household was here before.
"""

from __future__ import annotations

from kiosk.core.entry_pass.claims import HOUSEHOLD_KEY_SIZE, Member, PassHousehold
from kiosk.core.entry_pass.cose import PublicKey, open_cose_sign1, public_key
from kiosk.core.entry_pass.halves import HALF_PREFIX, MAX_CODE_TEXT, Halves
from kiosk.core.entry_pass.issuing import IssuerKey, issue, issue_codes
from kiosk.core.entry_pass.my_number import holds_my_number
from kiosk.core.entry_pass.reading import (
    PREFIX,
    SEALED_PREFIX,
    Accepted,
    Mark,
    PassReader,
    Refusal,
    Refused,
    is_pass_text,
    to_household,
    verify,
)

__all__ = [
    "HALF_PREFIX",
    "HOUSEHOLD_KEY_SIZE",
    "MAX_CODE_TEXT",
    "PREFIX",
    "SEALED_PREFIX",
    "Accepted",
    "Halves",
    "IssuerKey",
    "Mark",
    "Member",
    "PassHousehold",
    "PassReader",
    "PublicKey",
    "Refusal",
    "Refused",
    "holds_my_number",
    "is_pass_text",
    "issue",
    "issue_codes",
    "open_cose_sign1",
    "public_key",
    "to_household",
    "verify",
]
