"""Counts by the names and definitions of EEI/GIF 455-1 避難所.

避難者数（総数） excludes those who only come to the desk and stay in a car, a tent or at home; they are
避難所外避難者数. Who went out or left is in none. The standard defines the total as men + women and yet
has 性別不明等: all three are carried, and whoever exports them flags the difference instead of hiding it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from kiosk.core.household import Method, Sex, Stay
from kiosk.core.roll import Standing, Whereabouts


@dataclass(frozen=True, slots=True)
class Counts:
    """One shelter's figures. Field comments give the EEI item."""

    persons: int = 0  # 避難者数（総数）
    voluntary_persons: int = 0  # 自主避難者数
    households: int = 0  # 避難世帯数
    voluntary_households: int = 0  # 自主避難世帯数
    men: int = 0  # 避難者数（男）
    women: int = 0  # 避難者数（女）
    sex_unknown: int = 0  # 避難者数（性別不明等）
    infants: int = 0  # 乳幼児数
    care: int = 0  # 要配慮者数
    outside_persons: int = 0  # 避難所外避難者数
    outside_households: int = 0  # 避難所外避難世帯数
    fever: int = 0  # what follows is not EEI's: 発熱
    injury: int = 0  # 負傷
    power: int = 0  # 電源が要る医療機器
    provisional: int = 0  # 保護者確認待ち
    supplies: int = 0  # 物資の数

    def __add__(self, other: Counts) -> Counts:
        """Field by field."""
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def to_dict(self) -> dict[str, int]:
        """By field name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


EEI_NAMES: Mapping[str, str] = {
    "persons": "避難者数（総数）",
    "voluntary_persons": "自主避難者数",
    "households": "避難世帯数",
    "voluntary_households": "自主避難世帯数",
    "men": "避難者数（男）",
    "women": "避難者数（女）",
    "sex_unknown": "避難者数（性別不明等）",
    "infants": "乳幼児数",
    "care": "要配慮者数",
    "outside_persons": "避難所外避難者数",
    "outside_households": "避難所外避難世帯数",
}
TRIAGE_NAMES: Mapping[str, str] = {
    "fever": "発熱",
    "injury": "負傷",
    "power": "電源が要る医療機器",
    "provisional": "保護者確認待ち",
    "supplies": "物資の数",
}
"""What HQ is told beyond the standard's items."""


def count_one(standing: Standing) -> Counts:
    """What one household adds to its shelter's figures now."""
    if standing.whereabouts is not Whereabouts.HERE:
        return Counts()
    people = [tally for _, tally in standing.persons]
    inside = standing.stay is Stay.SHELTER
    number = len(people) if inside else 0
    men = women = infants = care = fever = injury = power = provisional = 0
    for tally in people:  # one pass: this is on the way of every reception
        fever += tally.fever
        injury += tally.injury
        power += tally.power
        provisional += tally.provisional
        if inside:
            men += tally.sex is Sex.MALE
            women += tally.sex is Sex.FEMALE
            infants += tally.infant
            care += tally.care
    return Counts(
        persons=number,
        voluntary_persons=number if standing.voluntary else 0,
        households=int(inside),
        voluntary_households=int(inside and standing.voluntary),
        men=men,
        women=women,
        sex_unknown=number - men - women,
        infants=infants,
        care=care,
        outside_persons=len(people) - number,
        outside_households=int(not inside),
        fever=fever,
        injury=injury,
        power=power,
        provisional=provisional,
        supplies=standing.supplies,
    )


def count(standings: Iterable[Standing]) -> Counts:
    """A shelter's figures."""
    return sum(map(count_one, standings), Counts())


def by_method(standings: Iterable[Standing]) -> dict[str, int]:
    """Households ever received and not taken back, by the method of their first reception; zeros kept."""
    result = dict.fromkeys((method.word for method in Method), 0)
    for standing in standings:
        if standing.whereabouts is not Whereabouts.VOID:
            result[standing.method.word] += 1
    return result


def counts_from_dict(values: Mapping[str, Any]) -> Counts:
    """The inverse of `Counts.to_dict`; unknown names are ignored, missing ones are zero."""
    return Counts(**{f.name: int(values.get(f.name, 0)) for f in fields(Counts)})
