"""Writes docs/formats/pass-vectors.json: passes to accept and to refuse, by keys that protect nothing.

python tests/core/make_pass_vectors.py
"""

from __future__ import annotations

import json
import random
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from pyhpke import AEADId, CipherSuite, KDFId, KEMId

import resources
from kiosk.commands.household_json import household_to_json
from kiosk.core import base45, cbor
from kiosk.core.dates import BirthDate
from kiosk.core.entry_pass import Halves, IssuerKey, Member, PassHousehold, issue, issue_codes
from kiosk.core.entry_pass.halves import divide
from kiosk.core.household import Need, Relation, Sex
from kiosk.core.pass_key import PassKey
from kiosk.core.trust_list import to_row

FILE = Path(__file__).parents[2] / "docs/formats/pass-vectors.json"
ISSUED, EXPIRES, NOW = 1_790_000_000, 1_850_000_000, 1_800_000_000
P256 = IssuerKey("431001", ec.derive_private_key(0x0123456789ABCDEF, ec.SECP256R1()))
ED25519 = IssuerKey("431001", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER_CITY = IssuerKey("401005", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
STRANGER = IssuerKey("431001", Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34))))
REVOKED = IssuerKey("431001", Ed25519PrivateKey.from_private_bytes(bytes(range(3, 35))))
TRUSTED = (P256, ED25519, OTHER_CITY, REVOKED)
PASS_KEY = PassKey(X25519PrivateKey.from_private_bytes(bytes(range(32, 64))))
OTHER_PASS_KEY = PassKey(X25519PrivateKey.from_private_bytes(bytes(range(33, 65))))

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
        [["試験", None, "太郎", None, None, 1, 1, 0]],
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


def sealed(signed: bytes, key: PassKey = PASS_KEY) -> str:
    """Sealed by another implementation of RFC 9180, with an ephemeral key that is the same each time."""
    suite = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES128_GCM)
    public = suite.kem.deserialize_public_key(key.public)
    once = suite.kem.derive_key_pair(bytes(range(3, 35)))
    encapsulated, sender = suite.create_sender_context(public, b"ESR2 pass\0" + key.kid, eks=once)
    return "ESR2:" + base45.encode(key.kid + encapsulated + sender.seal(signed))


def flipped(text: str, place: int) -> str:
    """One bit of one byte changed; the place may count from the end."""
    prefix, _, letters = text.partition(":")
    body = bytearray(base45.decode(letters))
    body[place] ^= 1
    return f"{prefix}:{base45.encode(bytes(body))}"


def made(household: PassHousehold, key: IssuerKey, issued: int = ISSUED, expires: int = EXPIRES) -> str:
    return issue(household, key, issued=issued, expires=expires, randomness=random.Random(1).randbytes)


def many() -> PassHousehold:
    """Nine members with long notes: too much for one code."""
    rng = random.Random(9)
    letters = [chr(rng.randrange(0x4E00, 0x9FA0)) for _ in range(400)]
    people = tuple(
        Member("試験", "".join(letters[40 * n : 40 * n + 2]), note="".join(letters[40 * n + 2 : 40 * n + 40]))
        for n in range(9)
    )
    return PassHousehold(bytes.fromhex("0f1e2d3c4b5a6978"), people, 7)


def accepted_vectors() -> list[dict[str, Any]]:
    one, four = made(ONE, ED25519), made(FOUR, P256)
    rows: list[tuple[str, str, PassHousehold | None, list[str]]] = [
        ("ES256, one member", made(ONE, P256), ONE, []),
        ("EdDSA, one member", one, ONE, []),
        ("four members: variant kanji, one name, unknown day, unknown birth", four, FOUR, []),
        ("expired: accepted with a mark", made(ONE, ED25519, ISSUED, ISSUED + 86_400), ONE, ["expired"]),
        ("issued tomorrow: accepted with a mark", made(ONE, P256, NOW + 86_400), ONE, ["not_yet_valid"]),
        ("sealed, EdDSA inside", sealed(body_of(one)), ONE, []),
        ("sealed, ES256 inside, four members", sealed(body_of(four)), FOUR, []),
        (
            "items and numbers of a later version are ignored",
            sign(deflate(claims(row={7: [LATER]}))),
            None,
            [],
        ),
        (
            "packed by another deflate, which uses nothing of the dictionary",
            sign(zlib.compress(claims(), wbits=-15)),
            None,
            [],
        ),
        (
            "a telephone number of another country has twelve digits",
            sign(deflate(claims(row={5: "+819012345678"}))),
            None,
            [],
        ),
    ]
    accepted: list[dict[str, Any]] = [
        {
            "what": what,
            "codes": [text],
            "marks": marks,
            "household": household_to_json(household) if household else None,
        }
        for what, text, household, marks in rows
    ]
    both = issue_codes(many(), P256, issued=ISSUED, expires=EXPIRES, randomness=random.Random(1).randbytes)
    for what, codes in (
        ("divided into two codes", list(both)),
        ("divided, the second code first", list(both)[::-1]),
        ("sealed and divided", list(divide(sealed(body_of(halves_joined(both)))))),
    ):
        accepted.append({"what": what, "codes": codes, "marks": [], "household": household_to_json(many())})
    return accepted


LATER = ["試験", None, "太郎", None, None, 1, 77, 1 << 40, "", "later"]


def body_of(text: str) -> bytes:
    return base45.decode(text.partition(":")[2])


def halves_joined(both: tuple[str, ...]) -> str:
    waiting = Halves()
    return [waiting.whole(text) for text in both][-1]


def refused_vectors() -> dict[str, list[tuple[str, str | list[str]]]]:
    """Verdict → what is wrong, and the codes."""
    kid = ED25519.trusted().kid
    good = made(ONE, ED25519)
    es256 = made(ONE, P256)
    body = body_of(good)
    secret = sealed(body)
    first, second = divide(made(FOUR, P256))
    other_first, _ = divide(made(FOUR, ED25519))
    protected = cbor.dumps({1: -8, 4: kid, -65537: 1})

    def inside(data: bytes) -> str:
        """Any bytes as claims, properly packed and signed."""
        return sign(deflate(data))

    def member(*changes: tuple[int, Any]) -> str:
        row: list[Any] = ["試験", "シケン", "太郎", "タロウ", 0, 1, 1, 0, "メモ"]
        for place, value in changes:
            row[place] = value
        return inside(claims(row={7: [row]}))

    def household(place: int, value: Any) -> str:
        return inside(claims(row={place: value}))

    def top(key: int, value: Any) -> str:
        return inside(claims(top={key: value}))

    plain = claims()
    deep: Any = 1
    for _ in range(9):
        deep = [deep]
    return {
        "unknown_issuer": [
            ("signed by a key that is not in the list", made(ONE, STRANGER)),
            ("a key of another city", sign(deflate(claims()), OTHER_CITY)),
            ("issued before the key was valid", made(ONE, OTHER_CITY, 1000, EXPIRES)),
            ("a revoked key", made(ONE, REVOKED)),
            ("an empty key id", sign(deflate(plain), header={1: -8, 4: b"", -65537: 1})),
            ("a key id cut short", sign(deflate(plain), header={1: -8, 4: kid[:7], -65537: 1})),
            ("a key that is not in the list, sealed", sealed(body_of(made(ONE, STRANGER)))),
        ],
        "bad_signature": [
            ("a bit of the signature", flipped(good, -1)),
            ("a bit of the payload", flipped(good, len(body) // 2)),
            ("a bit of r", flipped(es256, -64)),
            ("a bit of s", flipped(es256, -1)),
            ("the other algorithm", sign(deflate(plain), header={1: -7, 4: kid, -65537: 1})),
            ("a signature of zeros", "ESR1:" + base45.encode(body[:-64] + bytes(64))),
            ("signed by another key than the key id says", signed_by_another(protected)),
            (
                "the signature of another pass",
                "ESR1:" + base45.encode(body[:-64] + body_of(made(FOUR, ED25519))[-64:]),
            ),
            ("the sealed text altered", flipped(secret, 60)),
            ("the sealed text's tag altered", flipped(secret, -1)),
            ("the encapsulated key altered", flipped(secret, 20)),
            ("sealed, and a bit of the signature inside", sealed(body_of(flipped(good, -1)))),
            ("sealed to one key and labelled with another", relabelled(body)),
        ],
        "malformed": [
            ("an algorithm that is not allowed", sign(b"", header={1: -37, 4: kid, -65537: 1})),
            ("no algorithm", sign(deflate(plain), header={4: kid, -65537: 1})),
            ("an algorithm as text", sign(deflate(plain), header={1: "ES256", 4: kid, -65537: 1})),
            ("no key id", sign(deflate(plain), header={1: -8, -65537: 1})),
            ("a key id as text", sign(deflate(plain), header={1: -8, 4: "11", -65537: 1})),
            ("another label beside", sign(deflate(plain), header={1: -8, 3: 0, 4: kid})),
            ("a critical label", sign(deflate(plain), header={1: -8, 2: [4], 4: kid, -65537: 1})),
            ("no dictionary", sign(deflate(plain), header={1: -8, 4: kid})),
            ("another dictionary", sign(deflate(plain), header={1: -8, 4: kid, -65537: 9})),
            ("an unprotected header", sign(deflate(plain), unprotected={4: kid})),
            ("no tag", sign(deflate(plain), tag=b"")),
            ("a second tag", sign(deflate(plain), tag=b"\xd2\xd2")),
            ("the tag in a longer spelling", sign(deflate(plain), tag=b"\xd8\x12")),
            ("the tag of a MAC", sign(deflate(plain), tag=b"\xd1")),
            ("five items", "ESR1:" + base45.encode(b"\xd2\x85" + body[2:] + b"\x40")),
            ("an array of no fixed length", "ESR1:" + base45.encode(b"\xd2\x9f" + body[2:] + b"\xff")),
            ("a signature of 63 bytes", "ESR1:" + base45.encode(body[:-66] + b"\x58\x3f" + body[-64:-1])),
            (
                "the protected header in a longer spelling",
                raw_protected(b"\xa3\x01\x27\x04\x58\x08" + kid + b"\x3a\x00\x01\x00\x00\x01"),
            ),
            (
                "the protected header out of order",
                raw_protected(b"\xa3\x04\x48" + kid + b"\x01\x27\x3a\x00\x01\x00\x00\x01"),
            ),
            (
                "a label twice in the protected header",
                raw_protected(b"\xa4\x01\x27\x01\x27\x04\x48" + kid + b"\x3a\x00\x01\x00\x00\x01"),
            ),
            ("bytes after the structure", "ESR1:" + base45.encode(body + b"\0")),
            ("cut short", good[:-3]),
            ("small letters", good.lower().replace("esr1:", "ESR1:")),
            ("a line break at the end", good + "\n"),
            ("a letter that Base45 has not", good[:40] + "&" + good[41:]),
            ("a triple above 65535", good[:5] + ":::" + good[8:]),
            ("one letter too many", good + "0"),
            ("nothing after the prefix", "ESR1:"),
            ("not deflated", sign(plain)),
            ("deflated with a zlib header", sign(zlib.compress(plain))),
            ("a deflate stream cut short", sign(deflate(plain)[:-2])),
            ("more than 16 KiB inside", sign(deflate(bytes(20_000)))),
            ("bytes after the deflate stream", sign(deflate(plain) + b"\0")),
            ("no claims", inside(b"")),
            ("claims that are no map", inside(cbor.dumps([1]))),
            ("a key twice in the claims", inside(b"\xa6\x01\x66431001" + plain[1:])),
            ("claims out of order", inside(swapped(plain))),
            ("a map of no fixed length", inside(b"\xbf" + plain[1:] + b"\xff")),
            ("a number in a longer spelling", inside(plain.replace(b"\x88\x01\x48", b"\x88\x18\x01\x48"))),
            ("a number as a float", top(6, float(ISSUED))),
            ("a tag inside", inside(plain.replace(b"\x06\x1a", b"\x06\xc1\x1a"))),
            ("true where a number belongs", household(2, value=True)),
            ("nested deeper than 8", top(-65537, deep)),
            ("a text that is not UTF-8", inside(plain.replace("本町".encode(), b"\xff" * 6))),
            ("half of a surrogate pair", inside(plain.replace("本".encode(), b"\xed\xa0\x80"))),
            ("expiry before issue", top(4, ISSUED - 1)),
            ("expiry at the moment of issue", top(4, ISSUED)),
            ("a negative time", top(6, -1)),
            ("an issuer of five digits", top(1, "43100")),
            ("an issuer in full-width digits", top(1, "４３１００１")),
            ("a pass id of 7 bytes", top(7, bytes(7))),
            ("a claim too many", top(5, ISSUED)),
            ("a claim missing", inside(cbor.dumps({1: "431001", 4: EXPIRES, 6: ISSUED, 7: bytes(8)}))),
            ("schema 2", household(0, 2)),
            ("a household number of 7 bytes", household(1, bytes(7))),
            ("a revision of 2 to the 32", household(2, 1 << 32)),
            ("a postcode with a hyphen", household(3, "860-0001")),
            ("a line break in the address", household(4, "本町\n1")),
            ("a text that runs backwards", household(4, "\u202e1町本")),
            ("an address of 201 letters", household(4, "本" * 201)),
            ("no members", household(7, [])),
            ("41 members", household(7, [["試験", None, "太郎", None, None, 1, 1, 0]] * 41)),
            ("a member without needs", household(7, [["試験", None, "太郎", None, None, 1, 1]])),
            ("an empty name", member((0, ""))),
            ("a name that begins with a gap", member((2, "\u3000太郎"))),
            ("a name with a NUL", member((2, "太\0郎"))),
            ("a full date as three numbers", member((4, [1980, 2, 17]))),
            ("a day that no calendar has", member((4, [1945, 2, 30]))),
            ("a birth after 2200", member((4, 200_000))),
            ("sex 3", member((5, 3))),
            ("a negative relation", member((6, -1))),
            ("needs of 2 to the 53", member((7, 1 << 53))),
            ("a note of 201 letters", member((8, "あ" * 201))),
            ("a sealed pass of nothing", "ESR2:"),
            ("a sealed pass cut before its text", "ESR2:" + base45.encode(body_of(secret)[:56])),
            ("no COSE_Sign1 inside the seal", sealed(plain)),
            ("half of nothing", "ESRH1:"),
            ("half with a place that is none", "ESRH1:" + base45.encode(b"\x13" + body_of(first)[1:])),
            ("half without a part", "ESRH1:" + base45.encode(body_of(first)[:9])),
        ],
        "sealed": [
            ("sealed to a key that is not here", sealed(body, OTHER_PASS_KEY)),
            ("the key id altered", flipped(secret, 3)),
        ],
        "half": [
            ("the first half alone", first),
            ("the second half alone", second),
            ("the first half twice", [first, first]),
            ("halves of two passes", [other_first, second]),
            ("a half whose part was altered", [flipped(first, -1), second]),
            ("a half whose set was altered", [flipped(first, 3), second]),
        ],
        "not_a_pass": [
            ("a wrong prefix", good.replace("ESR1:", "ESR9:")),
            ("a small prefix", good.replace("ESR1:", "esr1:")),
            ("a space before", " " + good),
            ("an opening sheet", good.replace("ESR1:", "ESRO1:")),
            ("an EU health certificate", "HC1:" + good[5:]),
            ("any other code", "https://example.org/menu"),
            ("a 13-digit article number", "4901234567894"),
            ("nothing", ""),
        ],
        "my_number_discarded": [
            ("twelve digits", "123456789018"),
            ("twelve digits in groups", "1234-5678-9018"),
            ("twelve full-width digits", "１２３４　５６７８　９０１８"),
            ("twelve digits in a web address", "https://example.org/?n=123456789018"),
            ("twelve digits after the prefix", "ESR1:123456789018"),
            ("twelve digits in a signed note", member((8, "番号は123456789018"))),
            ("twelve digits in a signed name", member((2, "1234 5678 9018"))),
            ("twelve digits in a signed address", household(4, "本町1234-5678-9018")),
        ],
    }


def raw_protected(protected: bytes) -> str:
    """Signed over a protected header of any bytes."""
    payload = deflate(claims())
    signature = ED25519.sign(cbor.dumps(["Signature1", protected, b"", payload]))
    return "ESR1:" + base45.encode(b"\xd2" + cbor.dumps([protected, {}, payload, signature]))


def signed_by_another(protected: bytes) -> str:
    payload = deflate(claims())
    signature = STRANGER.sign(cbor.dumps(["Signature1", protected, b"", payload]))
    return "ESR1:" + base45.encode(b"\xd2" + cbor.dumps([protected, {}, payload, signature]))


def relabelled(body: bytes) -> str:
    other = body_of(sealed(body, OTHER_PASS_KEY))
    return "ESR2:" + base45.encode(PASS_KEY.kid + other[8:])


def swapped(plain: bytes) -> bytes:
    """The first claim put last."""
    first = b"\x01\x66431001"
    return plain[:1] + plain[1:].removeprefix(first) + first


def build() -> dict[str, Any]:
    trust = [
        to_row(
            replace(key.trusted(valid_from=1_700_000_000 if key is OTHER_CITY else 0), revoked=key is REVOKED)
        )
        for key in TRUSTED
    ]
    return {
        "now": NOW,
        "trust": trust,
        "pass_keys": [PASS_KEY.private.private_bytes_raw().hex()],
        "accepted": accepted_vectors(),
        "refused": [
            {"what": what, "codes": codes if isinstance(codes, list) else [codes], "verdict": verdict}
            for verdict, rows in refused_vectors().items()
            for what, codes in rows
        ],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(build(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
