"""Texts stay texts, numbers stay numbers, and nothing that somebody is called runs in a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
import zipfile

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.core.household import Mode
from kiosk.reports.cells import DRILL, OLD_LISTS, Field, Listing, csv_bytes, guarded
from kiosk.reports.xlsx import LONGEST_TEXT, xlsx_bytes
from listed import MADE, heading

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
DAYS = st.dates(dt.date(1900, 3, 1), dt.date(2100, 1, 1))
BEGIN, END = (dt.datetime(year, 1, 1) for year in (1950, 2100))  # noqa: DTZ001 - a spreadsheet knows no zones
TIMES = st.datetimes(BEGIN, END).map(lambda one: one.replace(second=0, microsecond=0))
VALUES = st.one_of(TEXTS, st.integers(-(2**50), 2**50), DAYS, TIMES, st.none())
DANGEROUS = [
    "=1+1",
    "+81 90",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM",
    "﹦1",
    "⁺1",
    "₌1",
    "\u22121",
    " =1",
    "\u3000＝1",
    "\u200b=1",
    "\ufeff=1",
    '=HYPERLINK("http://x")',
    "=cmd|' /C calc'!A0",
]


def listing(rows, mode=Mode.DISASTER, fields=None):
    width = max((len(row) for row in rows), default=1)
    named = fields or tuple(Field(f"列{at}", f"column_{at}") for at in range(width))
    return Listing(heading(mode=mode), named, rows)


def read_csv(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_xlsx(data):
    return openpyxl.load_workbook(io.BytesIO(data)).active


@pytest.mark.parametrize("text", DANGEROUS, ids=ascii)
def test_what_a_spreadsheet_would_run_is_shown(text):
    """Also in full-width letters, behind spaces and behind marks that nobody sees."""
    assert guarded(text) == "'" + text
    assert read_csv(csv_bytes(listing([(text,)])))[1][0] == "'" + text
    cell = read_xlsx(xlsx_bytes(listing([(text,)])))["A5"]
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'")


@given(TEXTS)
@example("'=1")
def test_a_guarded_text_is_never_run_and_loses_nothing(text):
    """After normalisation too, it begins with none of the signs; without the guard it is what it was."""
    kept = guarded(text)
    assert kept in (text, "'" + text)
    assert unicodedata.normalize("NFKC", kept).lstrip()[:1] not in set("=+-@")
    assert guarded(kept) == kept


@pytest.mark.parametrize("text", ["見本　太郎", "𠮷田", "O'Brien", "A-12", "（名前なし）", "~", "", "5-3-12"])
def test_an_ordinary_text_is_left_alone(text):
    """No apostrophe where nothing would run."""
    assert guarded(text) == text


@given(st.lists(st.tuples(VALUES, VALUES), max_size=5))
def test_a_csv_comes_back_cell_by_cell(rows):
    """Lines end with CR LF, quotation marks are doubled, and what is in a cell stays in it."""
    data = csv_bytes(listing(rows, fields=(Field("一", "one"), Field("二", "two"))))
    assert data.startswith(b"\xef\xbb\xbf")
    head, *lines = read_csv(data)
    assert head == ["一", "二", "区分", "版", "作成"]
    assert [line[:2] for line in lines] == [[said(value) for value in row] for row in rows]
    assert all(line[2:] == ["災害", "1234", "2026-09-01 18:30"] for line in lines)


def said(value):
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else str(value)


def test_for_programs_a_csv_has_their_names_and_no_mark():
    """RFC 4180 knows no mark; programs read column names of their own."""
    data = csv_bytes(listing([("a",)]), programs=True, mark=False)
    assert data == (
        b"column_0,list_mode,list_version,list_made_at\r\na,"
        + "災害".encode()
        + b",1234,2026-09-01 18:30\r\n"
    )


XLSX_TEXTS = st.text(
    # What XML can not hold is written by Excel's own escape, which openpyxl does not undo.
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    max_size=40,
).filter(lambda text: "_x" not in text.lower())


@given(st.lists(st.tuples(XLSX_TEXTS, st.integers(-(2**50), 2**50), DAYS, TIMES), max_size=4))
def test_cells_of_a_workbook_have_their_types(rows):
    """Texts are texts (never formulas), numbers numbers, days days and times times, as Excel means them."""
    sheet = read_xlsx(xlsx_bytes(listing(rows, fields=tuple(Field(c, c) for c in "abcd"))))
    for at, (text, number, day, time) in enumerate(rows, 5):
        cells = sheet[at]
        assert (cells[0].value or "") == guarded(text)
        assert cells[0].data_type in "sn"
        assert (cells[1].value, cells[1].data_type) == (number, "n")
        assert (cells[2].value.date(), cells[2].is_date) == (day, True)
        assert abs(cells[3].value - time) < dt.timedelta(seconds=1)
    assert sheet.auto_filter.ref == f"A4:D{4 + len(rows)}"
    assert sheet.freeze_panes == "A5"


def test_digits_that_are_no_number_stay_text():
    """A telephone number keeps its zero, a postcode its length, a lot number is no date."""
    sheet = read_xlsx(xlsx_bytes(listing([("0901234567", "8620950", "5-3-12", "1e5")])))
    assert [cell.value for cell in sheet[5]] == ["0901234567", "8620950", "5-3-12", "1e5"]
    assert {cell.data_type for cell in sheet[5]} == {"s"}
    assert {cell.number_format for cell in sheet[5]} == {"@"}


def test_what_no_cell_holds_is_cut_where_one_sees_it():
    """Excel takes 32,767 letters; a day before its calendar is a text."""
    sheet = read_xlsx(xlsx_bytes(listing([("寿" * 40_000, dt.date(1890, 2, 3))])))
    assert len(sheet["A5"].value) == LONGEST_TEXT
    assert sheet["A5"].value.endswith("…")
    assert sheet["B5"].value == "1890-02-03"


def test_control_letters_break_no_workbook():
    """A name may hold what XML may not: the workbook can still be read."""
    assert read_xlsx(xlsx_bytes(listing([("a\0b\x1bc\ufffe", "\r\n")])))["A5"].data_type == "s"


@pytest.mark.parametrize("mode", Mode)
def test_a_list_says_how_old_it_is_and_whether_it_is_a_drill(mode):
    """Version, time and what to do with old lists stand above the table and on every printed page."""
    sheet = read_xlsx(xlsx_bytes(listing([("a",)], mode)))
    above = "".join(str(sheet.cell(line, 1).value) for line in (1, 2, 3))
    assert "版 1234" in above
    assert "2026年9月1日 18:30" in above
    assert OLD_LISTS in above
    assert "版 1234" in sheet.oddFooter.left.text
    assert (DRILL in above) == (mode is Mode.DRILL)
    assert (DRILL in (sheet.oddHeader.center.text or "")) == (mode is Mode.DRILL)
    assert sheet.print_title_rows in ("$4:$4", "4:4")


def test_the_same_list_is_the_same_file():
    """Nothing of the moment of writing is in it but what the heading says."""
    one = listing([("a", 1)])
    assert csv_bytes(one) == csv_bytes(one)
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(one))) as inside:
        assert {part.date_time for part in inside.infolist()} == {(1980, 1, 1, 0, 0, 0)}  # a zip's zero
        told = inside.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[0-9:]+", told)) == {f"{MADE:%Y-%m-%dT%H:%M:%S}"}
