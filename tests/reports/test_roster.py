"""The roster: who stands where on it, under which column, and what is not on it."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.dates import BirthDate
from kiosk.core.household import Consent, Need, Pet, PetKind, Relation, Sex, Stay
from kiosk.core.ids import PersonId
from kiosk.core.roll import Whereabouts
from kiosk.reports import roster, roster_words
from listed import family, heading, person, row


def table(rows, **how):
    """Each person as a mapping from column to value."""
    made = roster.listing(rows, heading(), **how)
    names = [field.key if how.get("programs") else field.title for field in made.fields]
    assert len(set(names)) == len(names)
    return [dict(zip(names, cells, strict=True)) for cells in made.rows]


def test_each_person_has_a_line_with_typed_cells():
    """Names in their parts, days as days, numbers as numbers, words as on forms."""
    home = row(
        7,
        person(
            1,
            "見本　太郎",
            "ミホン　タロウ",
            birth=BirthDate(1980, 2, 17),
            sex=Sex.MALE,
            relation=Relation.HEAD,
        ),
        person(2, "Nguyễn Văn Đức", birth=BirthDate(1945, 8)),
        person(3, None, "ジロウ", age=5, provisional=True),
        postcode="8620950",
        address="熊本市南区島町5-3-12",
        phone="0901234567",
        area="体育館 A-3",
        languages=("vi", "xx"),
        pets=(Pet(PetKind.DOG, 2), Pet(PetKind.CAT, 1)),
        consent=Consent.RELATIVES,
        elsewhere={PersonId(bytes([2] * 8)): Whereabouts.AWAY},
    )
    first, second, third = table([home])
    assert (first["氏"], first["名"], first["氏（カナ）"], first["名（カナ）"]) == (
        "見本",
        "太郎",
        "ミホン",
        "タロウ",
    )
    assert (first["生年月日"], first["生年月日（和暦）"], first["年齢"]) == (
        dt.date(1980, 2, 17),
        "昭和55年2月17日",
        46,
    )
    assert (first["性別"], first["性別コード"], first["続柄"]) == ("男", 1, "代表者")
    assert (first["電話"], first["郵便番号"]) == ("0901234567", "8620950")
    assert first["入所日時"] == dt.datetime(2026, 9, 1, 14, 7)  # noqa: DTZ001 - a spreadsheet knows no zones
    assert (first["言語"], first["ペット"]) == ("ベトナム語、xx", "犬2、猫1")
    assert first["安否照会への回答"] == "家族・親族だけ"
    assert (second["氏"], second["名"], second["生年月日"]) == ("Nguyễn Văn Đức", "", "1945-08-00")
    assert [line["状況"] for line in (first, second)] == ["在所", "外出中"]
    assert (third["氏"], third["名（カナ）"], third["年齢"], third["保護者確認待ち"]) == ("", "", 5, "○")
    assert third["氏（カナ）"] == "ジロウ"


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_name_in_its_parts_is_the_name(family_name, given_name):
    """Family and given name put together again are what was said, byte for byte."""
    whole = f"{family_name}\u3000{given_name}"
    parts = roster.split_name(whole)
    assert "\u3000".join(parts) == whole
    assert roster.split_name(None) == ("", "")


def test_households_stand_in_the_order_of_their_kana():
    """五十音順, in any way of writing; who has no name yet comes last; the numbers are the list's own."""
    rows = [
        row(1, person(1)),
        row(2, person(2, "渡辺　一", "ワタナベ　ハジメ")),
        row(3, person(3, "安部　二", "あべ　に")),
        row(4, person(4, "森　三", "モリ　サン"), person(14, "阿部　四", "アベ　シ")),
    ]
    made = table(rows)
    assert [line["氏"] for line in made] == ["安部", "森", "阿部", "渡辺", ""]
    assert [line["番号"] for line in made] == [1, 2, 3, 4, 5]
    assert [line["世帯番号"] for line in made] == [1, 2, 2, 3, 4]


def test_who_is_not_on_the_list_leaves_no_gap():
    """With one household less, every number of the list is taken all the same; no other number is on it."""
    rows = [family(number) for number in range(1, 9)]
    fewer = [one for one in rows if one.number != "A-004"]
    for chosen in (rows, fewer):
        for how in ({}, {"programs": True}):
            made = table(chosen, **how)
            key = "number" if how else "番号"
            assert [line[key] for line in made] == list(range(1, len(made) + 1))
            assert not any("A-0" in str(value) for line in made for value in line.values())


def test_needs_are_on_the_list_only_when_asked_for():
    """Neither the columns nor a word of it, unless somebody who may know asked."""
    told = person(1, "見本　一", needs=frozenset({Need.DEMENTIA, Need.MEDICATION}), note="夜に 歩く")
    (line,) = table([row(1, told)])
    assert not any("要配慮" in column for column in line)
    assert not {"認知症、服薬", "夜に 歩く"} & set(map(str, line.values()))
    (line,) = table([row(1, told)], needs=True)
    assert (line["要配慮"], line["要配慮の内容"]) == ("認知症、服薬", "夜に 歩く")


@pytest.mark.parametrize(
    ("sex", "code", "lgdpm"),
    [(Sex.MALE, 1, 1), (Sex.FEMALE, 2, 2), (Sex.UNKNOWN, 0, 3), (Sex.NOT_APPLICABLE, 9, 3)],
)
def test_sexes_are_mapped_one_by_one(sex, code, lgdpm):
    """ISO 5218 for people's spreadsheets, LGDPM's own codes under LGDPM's names."""
    rows = [row(1, person(1, sex=sex))]
    assert table(rows)[0]["性別コード"] == code
    assert table(rows, programs=True)[0]["sex"] == lgdpm


def test_under_lgdpm_names_stands_what_lgdpm_means():
    """Its columns, its words for a stay, its flags; what only looks alike is not claimed."""
    rows = [
        row(1, person(1, "見本　一", needs=frozenset({Need.PREGNANT, Need.CARE_LEVEL}))),
        row(2, person(2, "見本　二"), stay=Stay.CAR, consent=Consent.ANYONE),
        row(
            3, person(3, "見本　三"), elsewhere={PersonId(bytes([3] * 8)): Whereabouts.LEFT}, no_address=True
        ),
    ]
    made = table(rows, programs=True, needs=True)
    by_name = {line["given_name"]: line for line in made}
    assert by_name["一"]["pregnancy"] == 1
    assert "upper_care_level_three" not in by_name["一"]
    assert [by_name[name]["refuge_status"] for name in "一二三"] == ["避難済", "未避難", "退所済"]
    assert [by_name[name]["public_flag"] for name in "一二三"] == [0, 1, 0]
    assert by_name["三"]["home_street"] == "申告なし"
    assert {line["shelter_name"] for line in made} == {"力合西小学校"}


def test_every_word_of_a_household_has_its_word_on_a_list():
    """A new need, relation or stay is not exported as nothing."""
    for table_of, kinds in (
        (roster_words.NEEDS, Need),
        (roster_words.RELATIONS, Relation),
        (roster_words.SEXES, Sex),
        (roster_words.LGDPM_SEXES, Sex),
        (roster_words.STAYS, Stay),
        (roster_words.PLACES, Whereabouts),
        (roster_words.CONSENTS, Consent),
        (roster_words.PETS, PetKind),
    ):
        assert set(table_of) == set(kinds)


def test_an_empty_shelter_has_an_empty_list():
    """Before anybody comes there is a list with its columns and no line."""
    made = roster.listing([], heading())
    assert (made.rows, made.summary) == ([], "この一覧 0世帯 0人（うち 在所 0人）")


def test_the_order_does_not_depend_on_who_came_first():
    """The same people in another order are the same list."""
    rows = [family(number) for number in range(1, 6)]
    shuffled = random.Random(1).sample(rows, len(rows))
    assert roster.listing(rows, heading()) == roster.listing(shuffled, heading())
    renamed = replace(rows[0], household=replace(rows[0].household, note="x"))
    assert roster.listing([renamed, *rows[1:]], heading()) != roster.listing(rows, heading())


@pytest.mark.parametrize("programs", [False, True])
def test_the_manual_lists_every_column(programs):
    """Whoever reads a list finds each of its columns explained, by the name it has there."""
    page = (Path(__file__).resolve().parents[2] / "docs/manual/lists.md").read_text(encoding="utf-8")
    for field in roster.listing([], heading(), needs=True, programs=programs).fields:
        assert (f"`{field.key}`" if programs else field.title) in page
