"""Hostile codes, layer by layer: whatever a camera reads, a verdict comes back, soon and in little memory.

Each layer is given inputs that the layers before it let through: claims that are properly packed and signed,
packed bytes that are properly signed. Nothing that no issuer signed may come out.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import cbor2

import resources
from kiosk.core import base45, shelter_code, trust_list
from kiosk.core.entry_pass import (
    Accepted,
    Halves,
    PassReader,
    claims,
    open_cose_sign1,
    packing,
    public_key,
    verify,
)
from kiosk.core.entry_pass.halves import Half, divide
from kiosk.core.keys import Master, MunicipalKeys
from kiosk.core.trust import Algorithm
from kiosk.errors import Malformed
from kiosk.invented import invent_household
from pass_vectors import KEYS, NOW, TRUST, issue, vectors
from soak import Outcome, Soak

LIMIT_MS = 50
LIMIT_MIB = 32
ROOT = MunicipalKeys.derive(Master(bytes(32))).root
ROOT_KEY = ROOT.public_key().public_bytes_raw()
PUBLIC = {one.kid: public_key(one) for one in TRUST.issuers}
_LENGTHS = [
    bytes([major << 5 | info]) + b"\xff" * (1 << info - 24) for major in range(7) for info in range(24, 28)
]
HOSTILE = [
    b"",
    b"\x81" * 5000,
    b"\xa1\x00" * 2000,
    b"\xd2" * 300,
    b"\xd8\x23\x78\x20" + b"(a+)+" * 6,  # tag 35: a regular expression
    b"\xc2\x5a\xff\xff\xff\xff",
    b"\x9f" * 100,
    b"\xbf" * 100,
    b"\x5f\x41a" * 50,
    b"\xf9\x7e\x00",
    b"\xfb" + b"\xff" * 8,
    b"\xf8\x14",
    b"\x7b" + b"\xff" * 8,
    b"\x62\xc3\x28",
    b"\x63\xed\xa0\x80",
    *_LENGTHS,
]
"""Beginnings that decoders have died of: depth, length, tags, indefinite items, floats, bad texts."""


def samples(count: int) -> list[str]:
    """Passes of invented households of all sizes, by both algorithms."""
    rng = random.Random(11)
    return [
        issue(invent_household(rng, 1 + number % 7).on_pass(), KEYS[list(Algorithm)[number % 2]], seed=number)
        for number in range(count)
    ]


def mutated(rng: random.Random, seeds: list[bytes], rounds: int) -> Iterator[bytes]:
    """So many changed inputs: bits, bytes, pieces left out, doubled, moved, mixed, and hostile beginnings."""
    for _ in range(rounds):
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.choice((1, 1, 1, 2, 4, 16))):
            _change(rng, data, seeds)
        yield bytes(data)


def _change(rng: random.Random, data: bytearray, seeds: list[bytes]) -> None:
    start = rng.randrange(len(data) + 1)
    end = min(len(data), start + rng.choice((1, 1, 2, 4, 8, 40, 400)))
    kind = rng.randrange(8)
    if kind == 0 and start < len(data):
        data[start] ^= 1 << rng.randrange(8)
    elif kind == 1 and start < len(data):
        data[start] = rng.choice((0, 1, 0x17, 0x18, 0x1B, 0x1F, 0x5F, 0x7F, 0x9F, 0xBF, 0xD2, 0xF6, 0xFF))
    elif kind == 2:
        del data[start:end]
    elif kind == 3:
        data[start:start] = data[start:end] * rng.choice((1, 1, 2, 30))
    elif kind == 4:
        data[start:start] = rng.randbytes(end - start)
    elif kind == 5:
        other = rng.choice(seeds)
        data[start:end] = other[start:end]
    elif kind == 6:
        data[start:end] = rng.choice(HOSTILE)[: rng.choice((9, 50, 5000))]
    else:
        del data[start:]


def _attacked(
    make: Callable[[], tuple[list[bytes], Callable[[bytes], object]]],
) -> Callable[[int, random.Random], Outcome]:
    """A run that gives mutated seeds to a layer; it may refuse by Malformed, and by nothing else."""

    def run(rounds: int, rng: random.Random) -> Outcome:
        seen = Outcome()
        seeds, layer = make()
        taken = 0
        for data in mutated(rng, seeds, rounds):
            try:
                with seen.timed():
                    problem = layer(data)
            except Malformed:
                continue
            except Exception as error:  # noqa: BLE001 - this is what is looked for
                seen.fail(f"{type(error).__name__} for {data[:400].hex()}")
                continue
            taken += 1
            if problem:
                seen.fail(f"{problem}: {data[:400].hex()}")
        seen.notes.append(f"{taken:,} of {seen.rounds:,} were still well formed")
        return seen

    return run


def _base45() -> tuple[list[bytes], Callable[[bytes], object]]:
    def layer(data: bytes) -> object:
        text = data.decode("latin-1")
        return base45.encode(base45.decode(text)) != text and "two texts for one"

    return [text[5:].encode() for text in samples(20)], layer


def _cose() -> tuple[list[bytes], Callable[[bytes], object]]:
    seeds = [base45.decode(text[5:]) for text in samples(20)]
    signed = {open_cose_sign1(seed, PUBLIC) for seed in seeds}
    return seeds, lambda data: open_cose_sign1(data, PUBLIC) not in signed and "a forgery"


def _inflate() -> tuple[list[bytes], Callable[[bytes], object]]:
    dictionary = resources.read_bytes("dictionaries/pass-1.dict")
    said = [packing.unpack(_payload(text), 1) for text in samples(20)]
    bombs = [vectors.deflate(bytes(size)) for size in (16_000, 17_000, 1_000_000, 30_000_000)]
    stored = [zlib.compress(one, 0, wbits=-15) for one in said[:4]]
    tables = [_dynamic(one, dictionary) for one in said]

    def layer(data: bytes) -> object:
        return len(packing.unpack(data, 1)) > packing.MAX_CLAIMS and "too much"

    return [*(_payload(text) for text in samples(20)), *bombs, *stored, *tables], layer


def _dynamic(data: bytes, dictionary: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_HUFFMAN_ONLY, dictionary)
    return packer.compress(data) + packer.flush()


def _payload(text: str) -> bytes:
    return open_cose_sign1(base45.decode(text[5:]), PUBLIC)


def _claims() -> tuple[list[bytes], Callable[[bytes], object]]:
    seeds = [packing.unpack(_payload(text), 1) for text in samples(20)]

    def layer(data: bytes) -> object:
        said = claims.read(data)
        # What a later version appends is left out here, and it is the only thing that may be.
        return claims.read(claims.write(said)) != said and "not what was written"

    return seeds, layer


def _signed_claims() -> tuple[list[bytes], Callable[[bytes], object]]:
    """An issuer gone mad: any claims, properly packed and signed."""
    seeds = [packing.unpack(_payload(text), 1) for text in samples(20)]

    def layer(data: bytes) -> object:
        verify(vectors.sign(vectors.deflate(data)), TRUST, NOW)
        return None

    return seeds, layer


def _texts() -> tuple[list[bytes], Callable[[bytes], object]]:
    """Whole texts, as a camera gives them; also sealed ones and halves."""
    plain = samples(12)
    sealed = [issue(vectors.FOUR, key, seal_to=vectors.PASS_KEY.public) for key in KEYS.values()]
    both = [half for text in (*plain[:4], *sealed) for half in divide(text)]
    known = {verify(text, TRUST, NOW).household for text in (*plain, *sealed)}
    digits = [b"123456789018", "個人番号 1234-5678-9018".encode(), b"https://example.org/?q=1"]

    def layer(data: bytes) -> object:
        outcome = verify(data.decode("utf-8", "replace"), TRUST, NOW)
        return isinstance(outcome, Accepted) and outcome.household not in known and "a forgery"

    return [*(text.encode() for text in (*plain, *sealed, *both)), *digits], layer


def _sealed() -> tuple[list[bytes], Callable[[bytes], object]]:
    texts = [
        issue(vectors.FOUR, key, seal_to=vectors.PASS_KEY.public, seed=n)
        for n in range(5)
        for key in KEYS.values()
    ]
    seeds = [base45.decode(text[5:]) for text in texts]

    def layer(data: bytes) -> object:
        outcome = verify("ESR2:" + base45.encode(data), TRUST, NOW)
        return isinstance(outcome, Accepted) and data not in seeds and "a forgery"

    return seeds, layer


def _halves() -> tuple[list[bytes], Callable[[bytes], object]]:
    """A desk that is shown good and bad halves for a whole night."""
    wholes = samples(8)
    both = [half for text in wholes for half in divide(text)]
    reader, waiting = PassReader(TRUST), Halves()
    known = {verify(text, TRUST, NOW).household for text in wholes}

    def layer(data: bytes) -> object:
        text = "ESRH1:" + base45.encode(data)
        joined = waiting.whole(text)
        if joined != text and joined not in wholes:
            return "joined what was never divided"
        outcome = reader.read(text, NOW)
        if isinstance(outcome, Accepted) and outcome.household not in known:
            return "a forgery"
        Half.read(text)
        return None

    return [base45.decode(text[6:]) for text in both], layer


def _trust() -> tuple[list[bytes], Callable[[bytes], object]]:
    lists = [trust_list.SignedList("431001", number, TRUST.issuers[: number % 3]) for number in range(6)]
    seeds = [base45.decode(trust_list.write(one, ROOT)[6:]) for one in lists]

    def layer(data: bytes) -> object:
        return trust_list.read("ESRT1:" + base45.encode(data), ROOT_KEY) not in lists and "a forgery"

    return seeds, layer


def _shelter() -> tuple[list[bytes], Callable[[bytes], object]]:
    one = shelter_code.ShelterCode(shelter_code.Mode.DRILL, "431001", "K012", "城山小学校", b"series-1")
    signature = shelter_code.endorse(one, ROOT)
    texts = [
        shelter_code.write(one, signature),
        *(shelter_code.write(one, signature, NOW + n, vectors.ED25519.private) for n in range(5)),
    ]

    def layer(data: bytes) -> object:
        return shelter_code.read("ESRS1:" + base45.encode(data), ROOT_KEY)[0] != one and "a forgery"

    return [base45.decode(text[6:]) for text in texts], layer


def _colliding(rounds: int, rng: random.Random) -> Outcome:
    """Maps made to collide in a hash table, and arrays as wide as a code can hold."""
    seen = Outcome()
    for number in range(rounds):
        keys = [(1 << 61) - 1 << shift for shift in range(3)]
        value: Any = {keys[0] * (n + 1) % (1 << 64): n for n in range(rng.randrange(1, 1500))}
        data = cbor2.dumps(value if number % 2 else [value, [0] * rng.randrange(12_000)], canonical=True)
        with seen.timed():
            for layer in (claims.read, lambda one: open_cose_sign1(b"\xd2" + one, PUBLIC)):
                try:
                    layer(data)
                except Malformed:
                    continue
                seen.fail(f"accepted in round {number}")
    return seen


def _layer(name: str, promise: str, make: Any) -> Soak:
    return Soak(f"pass.{name}", promise, _attacked(make), 400, 100_000, LIMIT_MS, LIMIT_MIB)


SOAKS = [
    _layer("base45", "No letters crash Base45, and no bytes have two texts", _base45),
    _layer("cose", "No bytes crash the envelope, and only what was signed comes out", _cose),
    _layer("inflate", "No packed bytes unpack to more than 16 KiB, or end the program", _inflate),
    _layer("claims", "No claims are read that could not have been written", _claims),
    _layer("signed-claims", "Not even a trusted issuer can send what crashes a desk", _signed_claims),
    _layer("text", "No text of a code gets past the check unsigned, sealed or divided", _texts),
    _layer("sealed", "No sealed bytes open but those that were sealed", _sealed),
    _layer("halves", "No halves join but those of one pass", _halves),
    _layer("trust-list", "No list of issuers is believed that the root did not sign", _trust),
    _layer("shelter-code", "No shelter code is believed that the root did not endorse", _shelter),
    Soak(
        "pass.collisions",
        "Maps made to collide and the widest arrays are refused in time",
        _colliding,
        20,
        2_000,
        LIMIT_MS,
        LIMIT_MIB,
    ),
]
