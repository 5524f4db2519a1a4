"""How people are spoken of on screens: small turns of words that several screens share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from kiosk.core.clock import moment
from kiosk.core.dates import BirthDate
from kiosk.core.household import NAME_GAP, Person, Relation, Sex
from kiosk.core.roll import Whereabouts
from kiosk.ports import RosterRow
from ui.words import Words

_PREFECTURE = re.compile("^(東京都|北海道|京都府|大阪府|[^市区町村]{2,3}県)")


def age(words: Words, birth: BirthDate | None, today: dt.date) -> str:
    """`72さい`; a baby's in months; nothing when not known."""
    if birth is None:
        return ""
    years = birth.age(today)
    if years == 0 and birth.month and birth.year >= today.year - 1:
        months = (today.year - birth.year) * 12 + today.month - birth.month
        return words.plain("people.months", n=max(0, months - (today.day < birth.day)))
    return words.plain("people.age", n=years)


def age_of(words: Words, person: Person, today: dt.date) -> str:
    """By the birth date, or as it was said."""
    if person.birth is None and person.age is not None:
        return words.plain("people.age", n=person.age)
    return age(words, person.birth, today)


def birth_and_age(words: Words, person: Person, today: dt.date) -> str:
    """`昭和29年3月2日 72さい`, or the age that was said; nothing when not known."""
    told = age_of(words, person, today)
    return told if person.birth is None else f"{person.birth.wareki}　{told}"


def date_with_blanks(words: Words, text: str) -> str:
    """A birth date as it is typed, `昭和 29年 03月 __日`: an era's letter and six digits, or eight."""
    if text[:1].isalpha():
        start, digits, widths = words.plain(f"ask_birth.era_{text[0]}"), text[1:], (2, 2, 2)
    else:
        start, digits, widths = words.plain("ask_birth.western"), text, (4, 2, 2)
    pieces = [start]
    for width, unit in zip(widths, ("year", "month", "day"), strict=True):
        pieces.append(f" {digits[:width].ljust(width, '_')}{words.plain(f'ask_birth.{unit}')}")
        digits = digits[width:]
    return "".join(pieces)


def relation(words: Words, person: Person) -> str:
    """`本人`; nothing when not known."""
    return "" if person.relation is Relation.UNKNOWN else words.plain(f"relation.{person.relation.name}")


def detail(words: Words, person: Person, today: dt.date) -> str:
    """Age, sex and relation, as far as known."""
    sex = "" if person.sex is Sex.UNKNOWN else words.plain(f"sex.{person.sex.name}")
    return "　".join(filter(None, (age_of(words, person, today), sex, relation(words, person))))


def needs(words: Words, person: Person) -> str:
    """`車いす・ミルク`; nothing when nothing was said."""
    return "・".join(words.plain(f"need.{need.name}") for need in sorted(person.needs))


def called(words: Words, person: Person) -> str:
    """The name, the kana, or that it is not known."""
    return person.called or words.plain("people.not_known" if person.provisional else "people.nameless")


def whereabouts(words: Words, row: RosterRow, person: Person) -> str:
    """`います`, `外出中`."""
    return words.plain(f"whereabouts.{row.elsewhere.get(person.id, Whereabouts.HERE).name}")


def received_at(row: RosterRow, now: dt.datetime) -> str:
    """`21:47`, or `11/20 21:47` when it was another day: when the household was received."""
    at = moment(row.received_at).astimezone(now.tzinfo)
    return at.strftime("%H:%M" if at.date() == now.date() else "%m/%d %H:%M")


def family_name(people: Sequence[Person]) -> str:
    """The family name of the first person who has one."""
    named = next((person.called for person in people if person.called), "") or ""
    return named.split(NAME_GAP)[0]


def first_and_others(words: Words, people: Sequence[Person]) -> str:
    """`山田 太郎 さん ほか 2人`; nothing when nobody has a name."""
    named = next((person.called for person in people if person.called), None)
    if named is None:
        return ""
    if len(people) == 1:
        return words.plain("people.one", name=named)
    return words.plain("people.and_others", name=named, n=len(people) - 1)


def named(words: Words, people: Sequence[Person]) -> str:
    """The same, or that nobody has a name."""
    return first_and_others(words, people) or words.plain("people.unnamed")


def neighbourhood(address: str) -> str:
    """Town and block, without prefecture and house number: enough to be sure of where others look on."""
    address = _PREFECTURE.sub("", address)
    for place, letter in enumerate(address):
        if letter.isdigit() and letter not in "〇一二三四五六七八九十":
            rest = address[place:]
            block = rest.find("丁目")
            return address[: place + block + 2] if 0 <= block <= 2 else address[:place]
    return address


def numbers(rows: Sequence[RosterRow], most: int) -> str:
    """`A-012 A-020 …`: the first few reception numbers."""
    return " ".join([*(row.number for row in rows[:most]), *(["…"] if len(rows) > most else [])])
