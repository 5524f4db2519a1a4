"""Birth dates are kept as people know them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.dates import ERAS, BirthDate
from kiosk.errors import Malformed

days = st.dates(dt.date(1868, 1, 1), dt.date(2200, 12, 31))
known = days.map(lambda day: BirthDate(day.year, day.month, day.day))
partly = st.builds(BirthDate, st.integers(1868, 2200), st.integers(0, 12), st.just(0))


@given(known | partly)
def test_wareki_round_trip(birth):
    """What is written in Japanese years is read back as the same day, or as little of it as is known."""
    assert BirthDate.parse(birth.wareki) == birth


@given(known | partly)
def test_western_round_trips(birth):
    """The ISO form and the number keep every part, also the unknown ones."""
    assert BirthDate.parse(birth.iso) == birth
    assert BirthDate.parse(birth.iso.replace("-", "")) == birth
    assert BirthDate.from_int(birth.to_int()) == birth


@pytest.mark.parametrize(
    ("day", "wareki"),
    [
        ("2019-05-01", "令和元年5月1日"),
        ("2019-04-30", "平成31年4月30日"),
        ("1989-01-08", "平成元年1月8日"),
        ("1989-01-07", "昭和64年1月7日"),
        ("1926-12-25", "昭和元年12月25日"),
        ("1926-12-24", "大正15年12月24日"),
        ("1912-07-30", "大正元年7月30日"),
        ("1912-07-29", "明治45年7月29日"),
        ("1868-01-25", "明治元年1月25日"),
        ("1980-02-17", "昭和55年2月17日"),
        ("2000-02-29", "平成12年2月29日"),
    ],
)
def test_the_borders_of_the_eras(day, wareki):
    """An era begins on its first day, and the day before belongs to the last."""
    assert BirthDate.parse(day).wareki == wareki
    assert BirthDate.parse(wareki).iso == day


@pytest.mark.parametrize(("letter", "name", "first"), ERAS)
def test_typed_era_letters(letter, name, first):
    """S550217 is typed in six digits and a letter, small or large."""
    typed = f"{letter}01{first:%m%d}"
    assert BirthDate.parse(typed) == BirthDate.parse(typed.lower()) == BirthDate.parse(first.isoformat())
    assert BirthDate.parse(typed).wareki.startswith(f"{name}元年")


def test_unknown_parts_stay_unknown():
    """A month or a day that is not known is never invented."""
    birth = BirthDate.parse("1945-08-00")
    assert (birth.year, birth.month, birth.day) == (1945, 8, 0)
    assert birth.iso == "1945-08-00"
    assert birth.wareki == "昭和20年8月"
    assert BirthDate.parse("1945-00-00").wareki == "昭和20年"


@pytest.mark.parametrize(
    "text",
    [
        *("", "1980", "1980-13-01", "1980-02-30", "1981-02-29", "1980/02/17", "1980-2-17", "198002170"),
        *(
            "S000217",
            "S551301",
            "X550217",
            "昭和0年1月1日",
            "昭和55年2月17",
            "昭和55",
            "慶応3年1月1日",
            "1867-12-31",
        ),
        *("2201-01-01", "S５５0217", "1980-02-17\n1", "-1980-02-17"),
    ],
)
def test_what_is_no_birth_date(text):
    """Days that never were are refused with one code."""
    with pytest.raises(Malformed) as caught:
        BirthDate.parse(text)
    assert caught.value.code == "bad_birth_date"


@given(st.text(max_size=12) | st.from_regex(r"[MTSHR]\d{6}|\d{8}|\d{4}-\d\d-\d\d", fullmatch=True))
def test_any_text_is_a_date_or_refused(text):
    """Nothing typed makes a traceback."""
    try:
        birth = BirthDate.parse(text)
    except Malformed:
        return
    assert BirthDate.parse(birth.iso) == birth


@given(known, days)
def test_age_is_full_years(birth, today):
    """The birthday itself completes the year."""
    age = birth.age(today)
    assert age >= 0
    if today >= dt.date(birth.year, birth.month, birth.day):
        assert (today.year - birth.year - age) == ((today.month, today.day) < (birth.month, birth.day))


@pytest.mark.parametrize(
    ("birth", "today", "age"),
    [
        ("1980-02-17", dt.date(2026, 2, 16), 45),
        ("1980-02-17", dt.date(2026, 2, 17), 46),
        ("1945-08-00", dt.date(2026, 8, 30), 80),
        ("1945-08-00", dt.date(2026, 9, 1), 81),
        ("1945-00-00", dt.date(2026, 12, 30), 80),
        ("2026-05-01", dt.date(2026, 4, 1), 0),
    ],
)
def test_age_with_unknown_parts_is_the_age_reached_for_certain(birth, today, age):
    """Nobody is made older than is known."""
    assert BirthDate.parse(birth).age(today) == age
