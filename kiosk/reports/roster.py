"""避難者名簿: everybody on a list, one line a person, as typed cells under the columns others know.

Households come in the order of their kana and are numbered in it. Reception numbers are not on it: where one
is missing between two others, somebody could ask whose it was. Column names for people are GIF's where it has
one, those for programs LGDPM's (docs/manual/lists.md has the table). What somebody may not see is not in the
rows it is given; it refuses to know why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kiosk.core import clock
from kiosk.core.clock import JAPAN
from kiosk.core.dates import BirthDate
from kiosk.core.household import NAME_GAP, Household, Need, Person, Stay
from kiosk.core.names import search_key
from kiosk.core.roll import Whereabouts
from kiosk.ports import RosterRow
from kiosk.reports import roster_words as words
from kiosk.reports.cells import Field, Heading, Listing, Value

NOT_TOLD = "申告なし"


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the list, with their household and their numbers in it."""

    number: int
    household_number: int
    row: RosterRow
    person: Person
    today: dt.date

    @property
    def home(self) -> Household:
        """Their household."""
        return self.row.household

    @property
    def leads(self) -> bool:
        """Whether this is the first line of the household."""
        return self.person is self.home.members[0]

    @property
    def whereabouts(self) -> Whereabouts:
        """Where this person is."""
        return self.row.elsewhere.get(self.person.id, Whereabouts.HERE)

    @property
    def age(self) -> int | None:
        """In years, worked out or as said."""
        return age_of(self.person, self.today)


def age_of(person: Person, today: dt.date) -> int | None:
    """In years: worked out from the birth, else as said, else unknown."""
    return person.birth.age(today) if person.birth is not None else person.age


def in_order(rows: Iterable[RosterRow]) -> list[RosterRow]:
    """By the kana of who speaks for the household, those without a name last."""

    def key(row: RosterRow) -> tuple[bool, str, int, bytes]:
        spoken = next((spelled for person in row.household.members if (spelled := _spelled(person))), "")
        return not spoken, spoken, row.received_at, row.household.id

    return sorted(rows, key=key)


def _spelled(person: Person) -> str:
    return search_key(person.kana or person.name or "")


def lines(rows: Iterable[RosterRow], today: dt.date) -> list[Line]:
    """Everybody, household by household."""
    result: list[Line] = []
    for household_number, row in enumerate(in_order(rows), 1):
        for person in row.household.members:
            result.append(Line(len(result) + 1, household_number, row, person, today))
    return result


def received(row: RosterRow) -> dt.datetime:
    """When the household was received, by the clock on the wall."""
    return clock.moment(row.received_at).astimezone(JAPAN)


def address_of(home: Household) -> str:
    """The address; that it was asked for and not told, where it was not."""
    return home.address or (NOT_TOLD if home.no_address else "")


def pets_of(home: Household) -> str:
    """犬2、猫1."""
    return "、".join(f"{words.PETS[pet.kind]}{pet.number}" for pet in home.pets)


def languages_of(home: Household) -> str:
    """ベトナム語、英語."""
    return "、".join(map(words.language, home.languages))


def needs_of(person: Person) -> str:
    """車いす、服薬."""
    return "、".join(words.NEEDS[need] for need in sorted(person.needs))


def split_name(name: str | None) -> tuple[str, str]:
    """Family and given name, byte for byte; a name without a gap is all family name."""
    family, _, given = (name or "").partition(NAME_GAP)
    return family, given


def _birth(birth: BirthDate | None) -> Value:
    """A day where it is known as a whole, else what is known of it, in words of its own."""
    if birth is None:
        return None
    return dt.date(birth.year, birth.month, birth.day) if birth.month and birth.day else birth.iso


@dataclass(frozen=True, slots=True)
class _Column:
    field: Field
    value: Callable[[Line], Value]


def _columns(rows: Sequence[tuple[str, str, float, Callable[[Line], Value]]]) -> tuple[_Column, ...]:
    return tuple(_Column(Field(title, key, width), value) for title, key, width, value in rows)


_BOTH = _columns(
    [
        ("番号", "number", 4, lambda line: line.number),
        ("世帯番号", "household_number", 4, lambda line: line.household_number),
        ("氏", "family_name", 6, lambda line: split_name(line.person.name)[0]),
        ("名", "given_name", 6, lambda line: split_name(line.person.name)[1]),
        ("氏（カナ）", "alternate_family_name", 7, lambda line: split_name(line.person.kana)[0]),
        ("名（カナ）", "alternate_given_name", 7, lambda line: split_name(line.person.kana)[1]),
    ]
)
_PEOPLE = _columns(
    [
        ("性別", "sex", 4, lambda line: words.SEXES[line.person.sex]),
        ("性別コード", "sex_iso_5218", 4, lambda line: int(line.person.sex)),
        ("生年月日", "date_of_birth", 6, lambda line: _birth(line.person.birth)),
        (
            "生年月日（和暦）",
            "date_of_birth_wareki",
            8,
            lambda line: line.person.birth.wareki if line.person.birth else "",
        ),
        ("年齢", "age", 3, lambda line: line.age),
        ("続柄", "relation", 5, lambda line: words.RELATIONS[line.person.relation]),
        ("郵便番号", "home_postal_code", 5, lambda line: line.home.postcode),
        ("居住住所", "address", 22, lambda line: address_of(line.home)),
        ("電話", "phone", 8, lambda line: line.home.phone),
        ("滞在区分", "stay", 4, lambda line: words.STAYS[line.home.stay]),
        ("現在の滞在場所", "area", 8, lambda line: line.home.area),
        ("状況", "whereabouts", 4, lambda line: words.PLACES[line.whereabouts]),
        ("入所日時", "shelter_entry_date", 8, lambda line: received(line.row).replace(tzinfo=None)),
        ("保護者確認待ち", "provisional", 4, lambda line: "○" if line.person.provisional else ""),
        ("言語", "languages", 6, lambda line: languages_of(line.home)),
        ("大使館へ連絡", "embassy", 4, lambda line: line.home.embassy),
        ("ペット", "pets", 5, lambda line: pets_of(line.home)),
        ("安否照会への回答", "public_consent", 6, lambda line: words.CONSENTS[line.home.consent]),
        ("備考情報", "note", 12, lambda line: line.home.note),
        ("世帯の記号", "household_id", 8, lambda line: line.home.id.hex()),
    ]
)
_NEEDS = _columns(
    [
        ("要配慮", "needs", 12, lambda line: needs_of(line.person)),
        ("要配慮の内容", "needs_note", 14, lambda line: line.person.note),
    ]
)


def _lgdpm_status(line: Line) -> str:
    """避難済, 未避難 (who only comes to the desk) or 退所済."""
    if line.whereabouts in (Whereabouts.LEFT, Whereabouts.MOVED):
        return "退所済"
    return "避難済" if line.home.stay is Stay.SHELTER else "未避難"


_PROGRAMS = _columns(
    [
        ("生年月日", "date_of_birth", 6, lambda line: _birth(line.person.birth)),
        ("性別", "sex", 4, lambda line: words.LGDPM_SEXES[line.person.sex]),
        ("年齢", "age", 3, lambda line: line.age),
        ("郵便番号", "home_postal_code", 5, lambda line: line.home.postcode),
        ("居住住所", "home_street", 22, lambda line: address_of(line.home)),
        ("電話", "phone", 8, lambda line: line.home.phone),
        ("避難状況", "refuge_status", 5, _lgdpm_status),
        ("入所日時", "shelter_entry_date", 8, lambda line: received(line.row).replace(tzinfo=None)),
        ("続柄", "relation", 5, lambda line: words.RELATIONS[line.person.relation]),
        ("公開", "public_flag", 3, lambda line: int(line.home.consent > 0)),
        ("備考情報", "note", 12, lambda line: line.home.note),
        ("世帯の記号", "household_id", 8, lambda line: line.home.id.hex()),
    ]
)


def _has(need: Need) -> Callable[[Line], Value]:
    return lambda line: int(need in line.person.needs)


_PROGRAMS_NEEDS = (
    *_columns([(words.NEEDS[need], key, 3, _has(need)) for key, need in words.LGDPM_NEEDS.items()]),
    _NEEDS[1],
)


def listing(
    rows: Iterable[RosterRow], heading: Heading, *, needs: bool = False, programs: bool = False
) -> Listing:
    """The roster as a list: for people, or under the names and codes of LGDPM for `programs`.

    `needs` adds what is in confidence of each person; the rows must come from somebody who may see it.
    """
    listed = lines(rows, heading.made.date())
    shelter = _columns([("避難所名", "shelter_name", 10, lambda _: heading.place)])
    columns = (*_BOTH, *_PROGRAMS, *shelter) if programs else (*_BOTH, *_PEOPLE)
    if needs:
        columns = (*columns, *(_PROGRAMS_NEEDS if programs else _NEEDS))
    cells = [tuple(column.value(line) for column in columns) for line in listed]
    return Listing(heading, tuple(column.field for column in columns), cells, summary(listed))


def summary(listed: Sequence[Line]) -> str:
    """How much is on the list; who is not on it is not counted here either."""
    here = sum(line.whereabouts is Whereabouts.HERE for line in listed)
    households = listed[-1].household_number if listed else 0
    return f"この一覧 {households}世帯 {len(listed)}人（うち 在所 {here}人）"
