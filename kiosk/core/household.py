"""Household, person, needs: what a reception desk is told, as plain values.

Nothing here is required but a head: a person without name, birth and sex is a person, and a household
of four such persons is what "count-only" means. Names are held exactly as read or signed.
"""

from __future__ import annotations

import enum
import functools
from dataclasses import dataclass, field, replace

from kiosk.core.dates import BirthDate
from kiosk.core.ids import HouseholdId, PersonId

NAME_GAP = "\u3000"
"""Between family and given name, as My Number cards have it."""


class Sex(enum.IntEnum):
    """ISO/IEC 5218."""

    UNKNOWN = 0
    MALE = 1
    FEMALE = 2
    NOT_APPLICABLE = 9


class Method(enum.IntEnum):
    """受付方式: how a household was received. Official tables fold DESK, PAPER and COUNT into 紙様式等."""

    APP = 1
    CARD = 2
    DESK = 3
    PAPER = 4
    COUNT = 5

    @property
    def word(self) -> str:
        """The word of commands and reports: app, card, desk, paper, count."""
        return self.name.lower()


class Stay(enum.IntEnum):
    """滞在区分: where the household spends its nights. All but SHELTER count as 避難所外."""

    SHELTER = 1
    CAR = 2
    TENT = 3
    HOME = 4


class Mode(enum.IntEnum):
    """Disaster and drill never mix."""

    DISASTER = 0
    DRILL = 1


class Need(enum.IntEnum):
    """要配慮: what the shelter should know to help. Numbers are bit positions and never change."""

    WHEELCHAIR = 0
    INJURY = 1
    ALLERGY = 2
    PREGNANT = 3
    INFANT = 4
    TODDLER = 5
    CARE_LEVEL = 6
    BEDRIDDEN = 7
    DEMENTIA = 8
    INTELLECTUAL_DISABILITY = 9
    PHYSICAL_DISABILITY = 10
    MENTAL_DISABILITY = 11
    MEDICAL_CARE = 12
    MEDICAL_POWER = 13
    MEDICATION = 14
    LANGUAGE = 15
    ASSISTANCE_DOG = 16
    HEARING = 17
    SIGHT = 18
    FORMULA_MILK = 19
    ELDERLY_ALONE = 20
    ELDERLY_HOUSEHOLD = 21
    FEVER = 22


Needs = frozenset[Need]

NOT_CARE: Needs = frozenset({Need.TODDLER, Need.FORMULA_MILK, Need.FEVER})
"""Needs that do not by themselves make a person 要配慮者 in the counts."""


def needs_to_bits(needs: Needs) -> int:
    """The needs as a bit set."""
    return sum(1 << need for need in needs)


@functools.lru_cache(256)
def needs_from_bits(bits: int) -> Needs:
    """The known needs in a bit set; bits of a later version are ignored here and kept in the log."""
    return frozenset(need for need in Need if bits >> need & 1)


class Relation(enum.IntEnum):
    """続柄 to the head of the household."""

    UNKNOWN = 0
    HEAD = 1
    SPOUSE = 2
    CHILD = 3
    PARENT = 4
    GRANDCHILD = 5
    GRANDPARENT = 6
    SIBLING = 7
    OTHER_RELATIVE = 8
    COHABITANT = 9


class PetKind(enum.IntEnum):
    """ペット: kept apart from people, and from each other."""

    DOG = 1
    CAT = 2
    BIRD = 3
    OTHER = 9


class Consent(enum.IntEnum):
    """安否照会: to whom it may be said that they are here. Nobody, unless they said otherwise."""

    NOBODY = 0
    RELATIVES = 1
    ANYONE = 2


@dataclass(frozen=True, slots=True)
class Pet:
    """Animals of one kind that came along."""

    kind: PetKind
    number: int


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a household, as far as known.

    `name` and `kana` hold family and given name joined by U+3000, byte for byte as read or signed.
    """

    id: PersonId
    name: str | None = None
    kana: str | None = None
    birth: BirthDate | None = None
    sex: Sex = Sex.UNKNOWN
    relation: Relation = Relation.UNKNOWN
    needs: Needs = frozenset()
    note: str = ""
    age: int | None = None
    """In years, as said, when no date of birth is known."""
    provisional: bool = False
    """保護者確認待ち: a child alone, or somebody who can not say who they are."""

    @property
    def infant(self) -> bool:
        """乳幼児, as staff or the family said; ages are the counts' matter."""
        return bool(self.needs & {Need.INFANT, Need.TODDLER, Need.FORMULA_MILK})

    @property
    def care(self) -> bool:
        """要配慮者."""
        return bool(self.needs - NOT_CARE)

    @property
    def called(self) -> str | None:
        """What to call the person on a screen: the name, else the kana, else nothing."""
        return self.name or self.kana


@dataclass(frozen=True, slots=True)
class Household:
    """世帯: the unit of reception."""

    id: HouseholdId
    members: tuple[Person, ...]
    postcode: str = ""
    address: str = ""
    phone: str = ""
    stay: Stay = Stay.SHELTER
    secrecy: bool = False
    note: str = ""
    absent: tuple[Person, ...] = field(default=())
    """Members who belong to the household and did not come."""
    no_address: bool = False
    """申告なし: asked, and not told; an address that was never asked for is just empty."""
    area: str = ""
    """The room or area where they stay."""
    pets: tuple[Pet, ...] = ()
    languages: tuple[str, ...] = ()
    """Languages they speak, BCP 47, the best one first; empty where it was no question."""
    embassy: str = ""
    """The country whose embassy they wish to be told, ISO 3166-1 alpha-2; empty for none."""
    consent: Consent = Consent.NOBODY
    supplies: int = 0
    """Portions of supplies (物資) they come for: told to HQ, also for those who stay outside."""

    def present_only(self, here: frozenset[PersonId]) -> Household:
        """The same household with only `here` received; the others are kept as absent."""
        everyone = self.members + self.absent
        return replace(
            self,
            members=tuple(person for person in everyone if person.id in here),
            absent=tuple(person for person in everyone if person.id not in here),
        )
