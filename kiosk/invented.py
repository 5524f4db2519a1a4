"""Households that do not exist, for demonstrations, practice, screenshots, measurements and tests.

The same random generator gives the same households, so that a demonstration can be told twice. Names are
put together by chance and telephone numbers come from ranges that are not given out: no row here is a
person. It refuses to know what the households are used for.
"""

from __future__ import annotations

import datetime as dt
import functools
import random
import re
import tomllib
from dataclasses import dataclass, replace

import resources
from kiosk.core import ids
from kiosk.core.dates import BirthDate
from kiosk.core.entry_pass import HOUSEHOLD_KEY_SIZE, Member, PassHousehold
from kiosk.core.household import Household, Need, Person, Relation, Sex
from kiosk.core.ids import Randomness

TODAY = dt.date(2026, 9, 1)
"""The day on which the invented people have their ages: fixed, so that a seed means one household."""

SIZES = (1, 2, 3, 4, 5, 6, 7)
SIZE_WEIGHTS = (36, 29, 16, 12, 5, 1, 1)
"""About how households divide by size: small ones are the most."""


@dataclass(frozen=True, slots=True)
class InventedHousehold:
    """One household nobody belongs to; the head is the first member."""

    key: bytes
    """8 bytes, as its city would number it."""
    members: tuple[Member, ...]
    postcode: str
    address: str
    phone: str
    home_shelter: str

    @property
    def head(self) -> Member:
        """The one whose card or name is shown at the desk."""
        return self.members[0]

    def on_pass(self, revision: int = 1) -> PassHousehold:
        """As its city writes it on a pass."""
        return PassHousehold(
            self.key,
            self.members,
            revision,
            self.postcode,
            self.address,
            self.phone,
            self.home_shelter,
        )

    def at_desk(self, randomness: Randomness) -> Household:
        """As staff take it down when they are told everything, under fresh ids."""
        people = tuple(
            Person(ids.new_person(randomness), m.name, m.kana, m.birth, m.sex, m.relation, m.needs, m.note)
            for m in self.members
        )
        return Household(ids.new_household(randomness), people, self.postcode, self.address, self.phone)


def invent_household(rng: random.Random, size: int | None = None) -> InventedHousehold:
    """A household of `size` members, or of a size as usual in a city."""
    count = size or rng.choices(SIZES, SIZE_WEIGHTS)[0]
    lists = _lists()
    postcode, town, shelter = rng.choice(lists.towns)
    members = _foreign(rng) if count == 1 and rng.random() < 0.06 else _family(rng, count)
    return InventedHousehold(
        rng.randbytes(HOUSEHOLD_KEY_SIZE),
        members,
        postcode,
        town + _lot(rng),
        rng.choice((f"090-0{rng.randrange(1000):03}", f"096-0{rng.randrange(100):02}"))
        + f"-{rng.randrange(10_000):04}",
        shelter,
    )


def _lot(rng: random.Random) -> str:
    chome, ban, number = rng.randint(1, 8), rng.randint(1, 40), rng.randint(1, 30)
    lot = rng.choice((f"{chome}丁目{ban}番{number}号", f"{chome}-{ban}-{number}", f"{ban * 37 + number}番地"))
    if rng.random() < 0.3:
        lot += f"　{rng.choice(_lists().houses)}{rng.randint(1, 9)}0{rng.randint(1, 6)}"
    return lot


def _family(rng: random.Random, count: int) -> tuple[Member, ...]:
    """A head, usually a spouse, children, and sometimes a parent of the head who lives with them."""
    family, kana = rng.choice(_lists().families)
    age = rng.randint(24, 92) if count == 1 else rng.randint(30, 84) if count == 2 else rng.randint(28, 52)
    sex = rng.choice((Sex.MALE, Sex.FEMALE))
    grown: list[tuple[Relation, Sex, int]] = [(Relation.HEAD, sex, age)]
    if count > 1:
        spouse = max(20, age + rng.randint(-6, 6))
        grown.append((Relation.SPOUSE, Sex.FEMALE if sex is Sex.MALE else Sex.MALE, spouse))
    while len(grown) < count:
        other = rng.choice((Sex.MALE, Sex.FEMALE))
        if len(grown) == 4 or (len(grown) > 4 and rng.random() < 0.5):
            grown.append((Relation.PARENT, other, min(99, age + rng.randint(22, 34))))
        else:
            grown.append((Relation.CHILD, other, max(0, age - rng.randint(24, 34))))
    used: set[str] = set()
    return tuple(_member(rng, family, kana, *one, used) for one in grown)


def _member(
    rng: random.Random, family: str, kana: str, relation: Relation, sex: Sex, age: int, used: set[str]
) -> Member:
    birth = TODAY - dt.timedelta(days=age * 365 + age // 4 + rng.randrange(364))
    pool = _lists().men if sex is Sex.MALE else _lists().women
    near = [row for row in pool if abs(row[0] - birth.year) <= 12 and row[1] not in used] or list(pool)
    _, given, given_kana = rng.choice(near)
    used.add(given)
    person = Member(
        family, given, kana, given_kana, BirthDate(birth.year, birth.month, birth.day), sex, relation
    )
    return _with_needs(rng, person, age)


def _with_needs(rng: random.Random, person: Member, age: int) -> Member:
    if age < 1:
        return replace(person, needs=frozenset({Need.INFANT, Need.FORMULA_MILK}))
    if age <= 6:
        return replace(person, needs=frozenset({Need.TODDLER}))
    likely = 0.35 if age >= 75 else 0.08
    if rng.random() >= likely:
        return person
    need, note = rng.choice(_lists().needs if age >= 65 else _lists().young_needs)
    return replace(person, needs=frozenset({need}), note=note if rng.random() < 0.5 else "")


def _foreign(rng: random.Random) -> tuple[Member, ...]:
    name, kana = rng.choice(_lists().foreign)
    birth = TODAY - dt.timedelta(days=rng.randint(20 * 365, 45 * 365))
    return (
        Member(
            None,
            name,
            None,
            kana,
            BirthDate(birth.year, birth.month, birth.day),
            rng.choice((Sex.MALE, Sex.FEMALE)),
            Relation.HEAD,
            frozenset({Need.LANGUAGE}),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Lists:
    families: tuple[tuple[str, str], ...]
    men: tuple[tuple[int, str, str], ...]
    women: tuple[tuple[int, str, str], ...]
    foreign: tuple[tuple[str, str], ...]
    towns: tuple[tuple[str, str, str], ...]
    houses: tuple[str, ...]
    needs: tuple[tuple[Need, str], ...]
    young_needs: tuple[tuple[Need, str], ...]


_TOWN = re.compile(r"(\d{7})(.+)/(.+)")


def _split(row: str) -> tuple[int, str, str]:
    """`1930キヌ子キヌコ` → 1930, キヌ子, キヌコ; a name written in kana is its own reading twice."""
    decade = int(row[:4]) if row[:4].isdecimal() else 0
    rest = row[4:] if decade else row
    half = len(rest) // 2
    if rest[:half] == rest[half:]:
        return decade, rest[:half], rest[half:]
    written = re.sub(r"[ァ-ヶー]+$", "", rest)
    return decade, written, rest.removeprefix(written)


@functools.cache
def _lists() -> _Lists:
    raw = tomllib.loads(resources.read_text("demo/people.toml"))
    spaced = {name: value.split() for name, value in raw.items()}
    foreign = (row.replace("_", " ").split("/") for row in spaced["foreign"])
    towns = (match.groups() for row in spaced["towns"] if (match := _TOWN.fullmatch(row)))

    def needs(name: str) -> tuple[tuple[Need, str], ...]:
        return tuple((Need[word], note) for word, note in (row.split(":") for row in spaced[name]))

    return _Lists(
        tuple(_split(row)[1:] for row in spaced["families"]),
        tuple(_split(row) for row in spaced["men"]),
        tuple(_split(row) for row in spaced["women"]),
        tuple((name, kana) for name, kana in foreign),
        tuple((postcode, town, shelter) for postcode, town, shelter in towns),
        tuple(spaced["houses"]),
        needs("needs"),
        needs("young_needs"),
    )
