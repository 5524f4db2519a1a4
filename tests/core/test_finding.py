"""What a household is filed under, and what a typed text asks for: answered here by a plain list."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kiosk.core.dates import BirthDate
from kiosk.core.finding import address_key, births, questions, terms_of
from kiosk.core.household import Household, Person
from kiosk.core.ids import HouseholdId, PersonId
from kiosk.core.names import loose_key, search_key


def household(*names, address="", phone="", births=(), absent=()):
    """A household of people who are called so; `births` as parsed, one for each or none."""
    born = [*map(BirthDate.parse, births), *(None for _ in names)]
    people = [Person(PersonId(bytes([at] * 4)), name, birth=born[at]) for at, name in enumerate(names)]
    away = tuple(Person(PersonId(bytes([at + 99] * 4)), name) for at, name in enumerate(absent))
    return Household(HouseholdId(b"h" * 8), tuple(people), address=address, phone=phone, absent=away)


def rank(text, home, number="A-001"):
    """Which question finds the household, the first being 0; None if it is not found."""
    filed = terms_of(home, number)

    def met(term):
        wanted = term.kind + term.key
        return wanted in filed if term.exactly else any(key.startswith(wanted) for key in filed)

    for place, question in enumerate(questions(text)):
        if all(any(map(met, clause)) for clause in question):
            return place
    return None


MORI = household("森　杏", "モリ　アン")
SATO = household(
    "佐藤　太郎",
    "サトウ　タロウ",
    births=["1980-02-17", "1980-02-17"],
    address="熊本県熊本市南区島町五丁目3番12号",
    phone="090-0123-2344",
)


@pytest.mark.parametrize(
    "text",
    ["モ", "モリ", "もり", "ﾓﾘ", "mori", "mor", "m", "森", "アン", "an", "モリ アン", "アン モリ", "もりあ"],
)
def test_two_kana_and_one_kanji_are_enough(text):
    """森 (モリ) is found by one letter or two, in any way of writing, and by the given name."""
    assert rank(text, MORI) is not None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("高崎", "髙﨑　真"),
        ("髙﨑", "高崎　眞"),
        ("渡辺", "渡邉　一"),
        ("渡邊", "渡辺　一"),
        ("斉藤", "齋藤　一"),
        ("斎藤", "齊藤　一"),
        ("浜田", "濱田　一"),
        ("沢", "澤　一"),
        ("国広", "國廣　一"),
        ("吉田", "𠮷田　一"),
        ("桑田", "桒田　一"),
        ("富", "冨　一"),
        ("島", "嶋　一"),
        ("峰", "峯　一"),
        ("檜", "桧　一"),
        ("佐佐木", "佐々木　一"),
        ("龍ヶ崎", "竜ケ崎　一"),
        ("葛城", "葛\U000e0100城　一"),
        ("葛\U000e0101城", "葛城　一"),
        ("塚本", "塚本　一"),
        ("張", "张　伟"),
    ],
)
def test_old_new_and_variant_kanji_find_each_other(typed, name):
    """Whoever types the plain letter finds the name in the letter of its register, and the other way."""
    assert rank(typed, household(name)) == 0


@pytest.mark.parametrize(
    ("typed", "kana"),
    [
        ("はっとり", "ハットリ　イチ"),
        ("ﾊﾂﾄﾘ", "ハットリ　イチ"),
        ("hattori", "ハツトリ　イチ"),
        ("きょうこ", "サトウ　キヨウコ"),
        ("カヅコ", "サトウ　カズコ"),
        ("サトー", "サトウ　イチ"),
        ("satoh", "サトウ　イチ"),
        ("Satō", "サトウ　イチ"),
        ("Ohno", "オオノ　イチ"),
        ("oono", "オオノ　イチ"),
        ("kanno", "カンノ　イチ"),
        ("honma", "ホンマ　イチ"),
        ("Homma", "ホンマ　イチ"),
        ("shinichi", "サトウ　シニチ"),
        ("いすず", "サトウ　いすゞ"),
        ("バイオレット", "サトウ　ヴァイオレット"),
        ("けーこ", "サトウ　ケイコ"),
        ("nguyen", "NGUYỄN VĂN ĐỨC"),
        ("duc", "NGUYỄN VĂN ĐỨC"),
        ("van duc", "NGUYỄN VĂN ĐỨC"),
        ("obrien", "O'Brien　Mary-Jane"),
        ("mary jane", "O'Brien　Mary-Jane"),
    ],
)
def test_habits_of_writing_make_no_difference(typed, kana):
    """Small or large kana, long vowels, Romaji of maps and passports, accents and signs."""
    assert rank(typed, household(kana)) is not None


@pytest.mark.parametrize("typed", ["ono", "おの", "やまさき", "しょじ", "yuko"])
def test_what_was_only_heard_is_found_but_after_what_was_written(typed):
    """Short for long vowels and unvoiced for voiced are found, and shown after those who are written so."""
    heard = {
        "ono": "オオノ",
        "おの": "オオノ",
        "やまさき": "ヤマザキ",
        "しょじ": "ショウジ",
        "yuko": "ユウコ",
    }
    written = {"ono": "オノ", "おの": "オノ", "やまさき": "ヤマサキ", "しょじ": "ショジ", "yuko": "ユコ"}
    assert rank(typed, household(f"{written[typed]}　ア")) == 0
    assert rank(typed, household(f"{heard[typed]}　ア")) > 0


@pytest.mark.parametrize(("typed", "found"), [("トウ", True), ("ロウ", True), ("藤", True), ("ウ", False)])
def test_the_inside_of_a_name_is_found_after_its_beginning(typed, found):
    """Two kana or one kanji from within a name are enough; one kana would be in everybody's."""
    assert (rank(typed, SATO) is not None) == found
    if found:
        assert rank(typed, SATO) > rank(typed, household(f"{typed}　ア"))


@pytest.mark.parametrize(
    "text",
    [
        "19800217",
        "1980-02-17",
        "1980/2/17",
        "1980年2月17日",
        "1980年2月",
        "1980",
        "S550217",
        "s55.2.17",
        "昭和55年2月17日",
        "昭和55年",
        "昭55",
        "550217",
        "800217",
        "１９８００２１７",
        "2344",
        "232344",
        "0900",
        "090-0123-2344",
        "09001232344",
        "A-12",
        "a012",
        "A12",
        "12",
        "Ａ－１２",
        "島町",
        "南区島町5丁目",
        "島町５－３",
        "サトウ 1980",
        "佐藤 2344",
        "島町 太郎",
    ],
)
def test_figures_find_too(text):
    """A birth in any spelling, the end or beginning of a telephone number, a reception number, an address."""
    assert rank(text, SATO, "A-012") is not None


@pytest.mark.parametrize(
    "text",
    ["19800218", "S550218", "昭和54年", "344", "B-12", "13", "島村", "サトウ 1981", "ハヤシ", "林", "satake"],
)
def test_another_is_not_found(text):
    """Another day, another number, another name."""
    assert rank(text, SATO, "A-012") is None


@given(st.dates(dt.date(1880, 1, 1), dt.date(2099, 12, 31)))
def test_a_birth_is_found_at_every_keystroke(day):
    """Typed figure by figure, western or by era, a birth stays found from its fourth figure on."""
    birth = BirthDate(day.year, day.month, day.day)
    home = household("甲　乙", births=[birth.iso])
    for typed in (str(birth.to_int()), f"{birth.year}-{birth.month}-{birth.day}", birth.wareki):
        for length in range(4, len(typed) + 1):
            part = typed[:length]
            if part.endswith(("-", "年", "月", "日")) or part[-1].isdecimal():
                assert rank(part, home) is not None, part


def test_unknown_days_are_found_by_what_is_known():
    """1945-08-00 is found by its year and month, and as it was read."""
    home = household("甲　乙", births=["1945-08-00"])
    for typed in ("1945", "1945-08", "昭和20年8月", "S2008", "19450800"):
        assert rank(typed, home) is not None, typed


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@given(NAMES, st.data())
def test_every_beginning_of_a_name_finds_it(name, data):
    """Whatever a name is made of, typing it letter by letter finds it at each letter that says something."""
    home = household(name)
    typed = name[: data.draw(st.integers(1, len(name)))]
    # Halves of letters that normalisation joins, or splits, do not say anything yet.
    assume(search_key(name).startswith(search_key(typed)))
    assume(search_key(typed) and not search_key(typed).isdecimal())
    assume(" " not in unicodedata.normalize("NFKC", typed))
    assert rank(typed, home) is not None


@given(NAMES)
def test_terms_hold_nothing_that_the_index_divides_at(name):
    """No term has a space, a quotation mark or a sign in it, whatever people are called."""
    for term in terms_of(household(name, address=name, phone=name), name):
        assert not any(letter.isascii() and not letter.isalnum() for letter in term), term
        assert len(term) <= 25 or term[0] == "p"


@given(st.text(st.characters(exclude_categories=[]), max_size=30))
def test_no_text_is_too_odd_to_ask_with(text):
    """Whatever lies on the keyboard, also half a surrogate pair, is a question or none."""
    for question in questions(text):
        assert all(question)
        assert all(term.key.encode() for clause in question for term in clause)


def test_nothing_to_look_for_asks_nothing():
    """Spaces and signs alone are no question."""
    assert questions("") == questions("　 ") == questions("・-") == []


def test_those_who_did_not_come_lead_to_their_family():
    """A member who is not here is how the others are found."""
    assert rank("タロウ", household("甲　乙", absent=["ミホン　タロウ"])) == 0


def test_an_address_has_one_key_in_all_its_spellings():
    """丁目, 番, 号 and dashes of every kind, kanji and full-width figures."""
    spellings = ["島町5丁目3番12号", "島町五丁目３－１２", "島町5-3-12", "島町5ー3ー12", "島町 5丁目3番地12"]
    assert len(set(map(address_key, spellings))) == 1
    assert address_key("一番町十二丁目1") == address_key("一番町12-1")
    assert address_key("島町5-31-2") != address_key("島町5-3-12")


def test_half_a_date_asks_for_what_it_may_become():
    """S5 may become S55, 1980-1 may become December; 1980年1月 may not."""
    assert {"1930", "1980"} <= set(births("S5"))
    assert births("1980-1") == ["198001", "19801"]
    assert births("1980年1月") == ["198001"]
    assert births("昭和0年") == births("S00") == births("2月") == []


@given(st.text(alphabet="アイウエオカガキギサザタダチヅハバパヤユヨンッーA漢", max_size=12))
def test_what_is_heard_is_heard_once(text):
    """A loose key is its own loose key, and holds no long and no voiced sound."""
    heard = loose_key(search_key(text))
    assert loose_key(heard) == heard
    assert not set(heard) & set("ガギザダヅバパー")
