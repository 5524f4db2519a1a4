"""How large household passes come out, and how long checking one takes.

Half of the households live in towns, and have notes, that the pass dictionary was made from; half in towns
and with notes kept apart from it (`resources/demo/elsewhere.toml`), because a city's people and words are not
known when a dictionary is made. Four of ten members have a note. It refuses to know how codes are read.
"""

from __future__ import annotations

import functools
import itertools
import random
import re
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace

import resources
from kiosk.bench.figures import Figure, Result, median, rounded
from kiosk.core.entry_pass import IssuerKey, Member, PassHousehold, issue_codes, verify
from kiosk.core.household import Need
from kiosk.core.pass_key import PassKey
from kiosk.core.trust import Algorithm, TrustList
from kiosk.invented import invent_household

HOUSEHOLDS = 40
"""Of each size, from each of the two places."""
SIZES = {1: 215, 2: 250, 4: 320, 7: 400}
"""Members → bytes that passes of such households may have on average."""
NOTED = 0.4
"""Of the members, as in the measurements that the sizes were set by."""
READABLE = 16
"""The largest version that a webcam reads well: 81 modules."""
ISSUED, EXPIRES = 1_790_000_000, 1_850_000_000
_LETTERS = (
    20, 38, 61, 90, 122, 154, 178, 221, 262, 311, 366, 419, 483, 528, 600, 656, 734, 816, 909, 970,
)  # fmt: skip
"""Alphanumeric capacity at error correction M of versions 1 to 20 (ISO/IEC 18004, table 7)."""


def version(text: str) -> int:
    """The QR version that `text` needs at error correction M, up to 20."""
    return next(place for place, letters in enumerate(_LETTERS, 1) if len(text) <= letters)


def size(text: str) -> int:
    """Bytes that were signed, of the text of one code."""
    return (len(text) - len("ESR1:")) * 2 // 3


@dataclass(frozen=True, slots=True)
class _Words:
    towns: tuple[tuple[str, str], ...]
    """Postcode (empty: any of Kumamoto's) and town."""
    notes: tuple[str, ...]


@functools.cache
def _words(*, elsewhere: bool) -> _Words:
    if elsewhere:
        raw = tomllib.loads(resources.read_text("demo/elsewhere.toml"))
        return _Words(tuple((row[:7], row[7:]) for row in raw["towns"].split()), tuple(raw["notes"].split()))
    raw = tomllib.loads(resources.read_text("dictionaries/pass-1.toml"))
    wards, towns = _parted(raw["towns"].split())
    notes = [word for word in raw["notes"].split() if len(word) >= 4]
    notes += [f"{one}、{other}" for one, other in itertools.pairwise(notes)]
    return _Words(tuple(("", ward + town) for ward in wards for town in towns), tuple(notes))


def _parted(words: list[str]) -> tuple[list[str], list[str]]:
    wards = [word for word in words if re.fullmatch(r".+県.+市.+区", word)]
    return wards, [word for word in words if word not in wards]


def measured_household(rng: random.Random, members: int, *, elsewhere: bool) -> PassHousehold:
    """A household nobody belongs to, of here or of elsewhere."""
    words = _words(elsewhere=elsewhere)
    home = invent_household(rng, members).on_pass()
    postcode, town = rng.choice(words.towns)
    lot = re.sub(r"^\D*", "", home.address)
    people = tuple(_with_note(rng, member, words.notes) for member in home.members)
    return replace(
        home,
        members=people,
        postcode=postcode or f"86{rng.randrange(3)}{rng.randrange(10_000):04}",
        address=town + lot,
    )


def _with_note(rng: random.Random, member: Member, notes: tuple[str, ...]) -> Member:
    if rng.random() >= NOTED:
        return replace(member, note="")
    return replace(member, note=rng.choice(notes), needs=member.needs | {rng.choice(list(Need))})


def measure(rounds: int = HOUSEHOLDS, seed: int = 1) -> Result:
    """Issue and check passes of `rounds` households of each size and place."""
    issuers = {algorithm: IssuerKey.generate("431001", algorithm) for algorithm in Algorithm}
    figures: list[Figure] = []
    texts: list[str] = []
    for members, at_most in SIZES.items():
        made = {
            where: [
                _codes(random.Random(f"{seed} {members} {where} {turn}"), members, where, issuers)
                for turn in range(rounds)
            ]
            for where in ("here", "elsewhere")
        }
        figures += _sizes(members, at_most, made)
        texts += [codes[0] for place in made.values() for codes in place if len(codes) == 1]
    figures += _times(texts, issuers)
    note = "Half of the households have towns and notes unknown to the dictionary; 4 of 10 members a note."
    return Result("pass", tuple(figures), (note,))


def _codes(
    rng: random.Random, members: int, where: str, issuers: dict[Algorithm, IssuerKey]
) -> tuple[str, ...]:
    return issue_codes(
        measured_household(rng, members, elsewhere=where == "elsewhere"),
        issuers[rng.choice(list(Algorithm))],
        issued=ISSUED + rng.randrange(10_000_000),
        expires=EXPIRES + rng.randrange(10_000_000),
        randomness=rng.randbytes,
    )


def _sizes(members: int, at_most: int, made: dict[str, list[tuple[str, ...]]]) -> list[Figure]:
    means = {
        place: _mean([sum(map(size, codes)) for codes in all_codes]) for place, all_codes in made.items()
    }
    both = [codes for all_codes in made.values() for codes in all_codes]
    versions = [max(version(text) for text in codes) for codes in both]
    readable = sum(each <= READABLE for each in versions)
    name = f"{members}_member" + "s" * (members > 1)
    who = name.replace("_", " ")
    return [
        Figure(f"{name}_bytes", rounded(_mean(list(means.values()))), "bytes", f"{who}: on average", at_most),
        *(Figure(f"{name}_{w}_bytes", rounded(m), "bytes", f"{who}: {w} only") for w, m in means.items()),
        Figure(f"{name}_largest_version", max(versions), "version", f"{who}: the largest code at EC M"),
        Figure(
            f"{name}_readable_pct",
            rounded(100 * readable / len(both)),
            "%",
            f"{who}: up to version {READABLE}",
        ),
        Figure(
            f"{name}_divided",
            sum(len(codes) > 1 for codes in both),
            "passes",
            f"{who}: divided into two codes",
        ),
    ]


def _mean(values: list[float] | list[int]) -> float:
    return sum(values) / len(values)


def _times(texts: list[str], issuers: dict[Algorithm, IssuerKey]) -> list[Figure]:
    """Each way in turn, so that a busy moment meets all of them."""
    rng, pass_key = random.Random(1), PassKey.generate()
    trust = TrustList(tuple(key.trusted() for key in issuers.values()), (pass_key,))
    home = measured_household(rng, 4, elsewhere=True)
    ways: dict[str, tuple[str, Callable[[], str]]] = {}
    for algorithm, key in issuers.items():
        ways[algorithm.name.lower()] = (f"4 members, {algorithm.name}", functools.partial(_issued, home, key))
    key = issuers[Algorithm.ES256]
    ways["sealed"] = ("4 members, ES256, sealed", functools.partial(_issued, home, key, pass_key.public))
    passes = {way: make() for way, (_, make) in ways.items()}
    spent: dict[str, list[float]] = {way: [] for way in ways}
    for text in passes.values():
        verify(text, trust, ISSUED)
    for _ in range(max(20, len(texts))):
        for way, text in passes.items():
            begun = time.perf_counter()
            verify(text, trust, ISSUED)
            spent[way].append(time.perf_counter() - begun)
    return [
        Figure(f"verify_{way}_ms", rounded(median(each) * 1000), "ms", f"to check: {ways[way][0]}", 1)
        for way, each in spent.items()
    ]


def _issued(home: PassHousehold, key: IssuerKey, seal_to: bytes | None = None) -> str:
    rng = random.Random(2)
    return issue_codes(home, key, issued=ISSUED, expires=EXPIRES, randomness=rng.randbytes, seal_to=seal_to)[
        0
    ]
