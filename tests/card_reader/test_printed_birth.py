"""Birth dates as cards print them: eras change within a year, and a person chooses between the forms."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from card_reader.errors import CardError
from card_reader.printed_birth import PrintedBirth, printed_as, printed_forms


@pytest.mark.parametrize(
    ("date", "printed"),
    [
        ("2019-05-01", "010501"),
        ("2019-04-30", "310430"),
        ("1989-01-08", "010108"),
        ("1989-01-07", "640107"),
        ("1926-12-25", "011225"),
        ("1926-12-24", "151224"),
        ("1912-07-30", "010730"),
        ("1912-07-29", "450729"),
        ("1945-08-00", "200800"),
    ],
)
def test_birth_years_are_those_of_the_era(date, printed):
    """The day decides between two eras of one year."""
    assert printed_as(date, "era").digits == printed
    assert len(printed_forms(date)) == 2


def test_both_forms_are_offered_as_they_look_on_the_card():
    """The person points at one of them; which it is can not be known from the date."""
    assert printed_forms("1980-02-17") == (
        PrintedBirth("era", "550217", "昭和55年2月17日"),
        PrintedBirth("western", "800217", "1980年2月17日"),
    )
    assert printed_as("2019-06-01", "era").text == "令和元年6月1日"
    assert printed_as("1945-00-00", "western") == PrintedBirth("western", "450000", "1945年")


@pytest.mark.parametrize(
    ("date", "digits"),
    [
        ("1989-01-00", ["010100", "640100", "890100"]),
        ("1989-00-00", ["010000", "640000", "890000"]),
        ("1926-12-00", ["011200", "151200", "261200"]),
        ("1989-02-00", ["010200", "890200"]),
    ],
)
def test_an_unknown_day_may_leave_the_era_open(date, digits):
    """Then each era is a choice of its own."""
    assert [form.digits for form in printed_forms(date)] == digits


@given(st.dates(min_value=dt.date(1868, 1, 25), max_value=dt.date(2099, 12, 31)))
def test_every_whole_date_has_one_form_of_each_kind(date):
    """Six digits that end in month and day, whatever the year."""
    forms = printed_forms(date.isoformat())
    assert [form.form for form in forms] == ["era", "western"]
    assert {form.digits[2:] for form in forms} == {f"{date:%m%d}"}


@pytest.mark.parametrize(
    "date",
    ["1868-01-24", "1980-2-17", "19800217", "1980-02-1a", "1980-02-１７", "", "1980-13-01", "0000-00-00"],
)
def test_a_birth_date_that_cannot_be_is_refused(date):
    """Before every era, or not a date: bad format, and nothing sent."""
    with pytest.raises(CardError) as caught:
        printed_forms(date)
    assert caught.value.code == "bad_secret_format"


def test_a_form_in_a_log_line_tells_no_birthday():
    """The repr says which kind it is and no more."""
    assert repr(printed_as("1980-02-17", "era")) == "PrintedBirth(form='era')"
