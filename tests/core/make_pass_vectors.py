"""Writes docs/formats/pass-vectors.json: passes to accept and to refuse, by keys that protect nothing.

python tests/core/make_pass_vectors.py
"""

from __future__ import annotations

import json
import random
import zlib
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import resources
from kiosk.commands.household_json import household_to_json
from kiosk.commands.trust_file import to_json
from kiosk.core import base45, cbor
from kiosk.core.dates import BirthDate
from kiosk.core.entry_pass import IssuerKey, Member, PassHousehold, issue
from kiosk.core.household import Need, Relation, Sex

FILE = Path(__file__).parents[2] / "docs/formats/pass-vectors.json"
ISSUED, EXPIRES, NOW = 1_790_000_000, 1_850_000_000, 1_800_000_000
P256 = IssuerKey("431001", ec.derive_private_key(0x0123456789ABCDEF, ec.SECP256R1()))
ED25519 = IssuerKey("431001", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER_CITY = IssuerKey("401005", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
STRANGER = IssuerKey("431001", Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34))))
TRUSTED = (P256, ED25519, OTHER_CITY)

ONE = PassHousehold(
    bytes.fromhex("0011223344556677"),
    (Member("試験", "太郎", "シケン", "タロウ", BirthDate(1980, 2, 17), Sex.MALE, Relation.HEAD),),
    1,
    "8600001",
    "熊本県熊本市中央区本町1番1号",
    "096-000-0000",
    "K001",
)
FOUR = PassHousehold(
    bytes.fromhex("8899aabbccddeeff"),
    (
        Member("𠮷田", "一", "ヨシダ", "ハジメ", BirthDate(1975, 12, 31), Sex.MALE, Relation.HEAD),
        Member("𠮷田", "さくら", "ヨシダ", "サクラ", BirthDate(1978, 1, 1), Sex.FEMALE, Relation.SPOUSE),
        Member(
            "神󠄀田", None, "カンダ", None, BirthDate(1945, 8, 0), Sex.UNKNOWN, Relation.PARENT,
            frozenset({Need.WHEELCHAIR, Need.MEDICATION}), "お薬手帳あり",
        ),
        Member(
            None, "MARIA CLARA", None, "マリア クララ", None, Sex.NOT_APPLICABLE, Relation.COHABITANT,
            frozenset({Need.LANGUAGE}),
        ),
    ),
    3,
    "",
    "",
)  # fmt: skip


def claims(**changed: Any) -> bytes:
    """The claims of ONE, with some changed; `row` replaces household items by place."""
    row: list[Any] = [
        1,
        ONE.key,
        1,
        "8600001",
        "本町1",
        "",
        "",
        [["試験", "太郎", None, None, None, 1, 1, 0]],
    ]
    for place, value in changed.pop("row", {}).items():
        row[place] = value
    value = {1: "431001", 4: EXPIRES, 6: ISSUED, 7: bytes(8), -65537: row}
    value.update(changed.pop("top", {}))
    return cbor.dumps(value)


def deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, 0, resources.read_bytes("dictionaries/pass-1.dict"))
    return packer.compress(data) + packer.flush()


def sign(
    payload: bytes,
    key: IssuerKey = ED25519,
    header: dict[int, Any] | None = None,
    unprotected: dict[int, Any] | None = None,
    tag: bytes = b"\xd2",
) -> str:
    """A pass around any payload, correctly signed: to show that a signature alone is not enough."""
    public = key.trusted()
    protected = cbor.dumps({1: int(public.algorithm), 4: public.kid, -65537: 1} if header is None else header)
    signature = key.sign(cbor.dumps(["Signature1", protected, b"", payload]))
    body = tag + cbor.dumps([protected, unprotected or {}, payload, signature])
    return "ESR1:" + base45.encode(body)


def build() -> dict[str, Any]:
    kid = ED25519.trusted().kid

    def made(household: PassHousehold, key: IssuerKey, issued: int = ISSUED, expires: int = EXPIRES) -> str:
        return issue(household, key, issued=issued, expires=expires, randomness=random.Random(1).randbytes)

    good = made(ONE, ED25519)
    body = base45.decode(good.removeprefix("ESR1:"))

    def altered(place: int) -> str:
        return "ESR1:" + base45.encode(body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :])

    accepted = [
        ("ES256, one member", made(ONE, P256), ONE, []),
        ("EdDSA, one member", good, ONE, []),
        ("four members: variant kanji, one name, unknown day, unknown birth", made(FOUR, P256), FOUR, []),
        ("expired: accepted with a mark", made(ONE, ED25519, ISSUED, ISSUED + 86_400), ONE, ["expired"]),
        ("issued tomorrow: accepted with a mark", made(ONE, P256, NOW + 86_400), ONE, ["not_yet_valid"]),
    ]
    later = deflate(claims(row={7: [["試験", "太郎", None, None, None, 1, 77, 1 << 40, "", "later"]]}))
    refused = [
        ("signed by a key that is not in the list", made(ONE, STRANGER), "unknown_issuer"),
        ("a key of another city", sign(deflate(claims()), OTHER_CITY), "unknown_issuer"),
        ("issued before the key was valid", made(ONE, OTHER_CITY, 1000, EXPIRES), "unknown_issuer"),
        ("a bit of the signature", altered(len(body) - 1), "bad_signature"),
        ("a bit of the payload", altered(len(body) // 2), "bad_signature"),
        ("the other algorithm", sign(deflate(claims()), header={1: -7, 4: kid, -65537: 1}), "bad_signature"),
        ("an algorithm that is not allowed", sign(b"", header={1: -37, 4: kid, -65537: 1}), "malformed"),
        ("no key id", sign(deflate(claims()), header={1: -8, -65537: 1}), "malformed"),
        ("another label beside", sign(deflate(claims()), header={1: -8, 3: 0, 4: kid}), "malformed"),
        ("no dictionary", sign(deflate(claims()), header={1: -8, 4: kid}), "malformed"),
        ("another dictionary", sign(deflate(claims()), header={1: -8, 4: kid, -65537: 9}), "malformed"),
        ("an unprotected header", sign(deflate(claims()), unprotected={4: kid}), "malformed"),
        ("no tag", sign(deflate(claims()), tag=b""), "malformed"),
        ("a second tag", sign(deflate(claims()), tag=b"\xd2\xd2"), "malformed"),
        ("the tag in a longer spelling", sign(deflate(claims()), tag=b"\xd8\x12"), "malformed"),
        ("bytes after the structure", "ESR1:" + base45.encode(body + b"\0"), "malformed"),
        ("cut short", good[:-3], "malformed"),
        ("small letters", good.lower().replace("esr1:", "ESR1:"), "malformed"),
        ("nothing after the prefix", "ESR1:", "malformed"),
        ("not deflated", sign(claims()), "malformed"),
        ("more than 16 KiB inside", sign(deflate(bytes(20_000))), "malformed"),
        ("bytes after the deflate stream", sign(deflate(claims()) + b"\0"), "malformed"),
        ("schema 2", sign(deflate(claims(row={0: 2}))), "malformed"),
        ("no members", sign(deflate(claims(row={7: []}))), "malformed"),
        ("a household number of 7 bytes", sign(deflate(claims(row={1: bytes(7)}))), "malformed"),
        ("a postcode with a hyphen", sign(deflate(claims(row={3: "860-0001"}))), "malformed"),
        ("a line break in the address", sign(deflate(claims(row={4: "本町\n1"}))), "malformed"),
        ("a text that runs backwards", sign(deflate(claims(row={4: "\u202e1町本"}))), "malformed"),
        ("expiry before issue", sign(deflate(claims(top={4: ISSUED - 1}))), "malformed"),
        ("a claim too many", sign(deflate(claims(top={5: ISSUED}))), "malformed"),
        ("a wrong prefix", good.replace("ESR1:", "ESR9:"), "not_a_pass"),
        ("any other code", "https://example.org/menu", "not_a_pass"),
        ("a 13-digit article number", "4901234567894", "not_a_pass"),
        ("twelve digits", "123456789018", "my_number_discarded"),
        ("twelve digits in groups", "1234-5678-9018", "my_number_discarded"),
        ("twelve full-width digits", "１２３４　５６７８　９０１８", "my_number_discarded"),
    ]
    trust = [to_json(key.trusted(valid_from=1_700_000_000 if key is OTHER_CITY else 0)) for key in TRUSTED]
    return {
        "now": NOW,
        "trust": trust,
        "accepted": [
            {"what": what, "text": text, "marks": marks, "household": household_to_json(household)}
            for what, text, household, marks in accepted
        ]
        + [
            {
                "what": "items and numbers of a later version are ignored",
                "text": sign(later),
                "marks": [],
                "household": None,
            }
        ],
        "refused": [{"what": what, "text": text, "code": code} for what, text, code in refused],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(build(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
