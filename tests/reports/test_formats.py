"""However a report is written, text stays text."""

from __future__ import annotations

import csv
import io
import json
import re
from fractions import Fraction
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.household import Method, Mode
from kiosk.reports import baselines, formats, plain, reception_report, svg, timing_report, timings
from kiosk.reports.receptions import ReceptionRow, Receptions
from kiosk.reports.report import Heading

NASTY = "<script>alert(1)</script>\"'&</style>"


def report_of(kind, place="避難所"):
    rows = (
        ReceptionRow("2024-06-22", kind, Mode.DISASTER, 1, 3, 1, 1, 0),
        ReceptionRow("2024-06-23", "大雨", Mode.DISASTER, 1, 3, 1, 1, 0),
    )
    return reception_report.report(Receptions(rows), Heading(place, "2024年7月1日", Mode.DISASTER))


class Page(HTMLParser):
    """Reads a page back: its tags, its attributes and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text.append(data)


def test_names_cannot_become_markup():
    """A kind or a shelter's name full of markup is shown, not run."""
    page = Page(formats.render(report_of(NASTY, NASTY), "html").decode())
    assert "script" not in page.tags
    assert page.text.count(NASTY) == 2


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_any_name_comes_back_from_the_page(kind):
    """Whatever letters a name has, the page holds exactly them."""
    assert kind in Page(formats.render(report_of(kind), "html").decode()).text


def test_the_page_stands_alone(intake):
    """Nothing is loaded from anywhere: no script, no link, no address but SVG's own name."""
    found = timings.measure([intake(Method.APP, 2, 0, 5)], baselines.load())
    text = formats.render(timing_report.report(found, Heading("避難所", "", Mode.DRILL)), "html").decode()
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert not {"src", "href", "style", "onload", "onclick"} & {name for name, _ in page.attributes}
    assert set(re.findall(r"https?://[^\"\s]+", text)) == {"http://www.w3.org/2000/svg"}
    assert "@import" not in text
    assert "url(" not in text
    assert text.startswith("<!DOCTYPE html>")
    assert '<html lang="ja">' in text
    assert "@page { size: A4" in text


def test_a_chart_is_told_in_words(intake):
    """Who cannot see the chart hears what it shows."""
    found = timings.measure([intake(Method.CARD, 2, 0, 30)], baselines.load())
    page = Page(formats.render(timing_report.report(found, Heading()), "html").decode())
    labels = [value for name, value in page.attributes if name == "aria-label"]
    assert labels[0] == "1人あたりの受付の速さ。カード 15秒"


@given(st.sampled_from("=+-@\t\r\n＝＋－＠"), st.text("1+cmd|/C!A0", max_size=9))
def test_no_cell_is_a_formula(sign, rest):
    """A cell that a spreadsheet would run arrives as text with an apostrophe in front."""
    text = formats.shown(formats.render(report_of(sign + rest), "csv"))
    cell = list(csv.reader(io.StringIO(text, newline="")))[1][2]
    assert cell == "'" + sign + rest


def test_csv_opens_in_excel():
    """The file begins with the mark by which Excel knows UTF-8 and ends its lines with CR LF."""
    data = formats.render(report_of("大雨"), "csv")
    assert data.startswith(b"\xef\xbb\xbfline,date,kind")
    assert data.endswith(b"\r\n")
    assert not formats.shown(data).startswith("\ufeff")


def test_the_columns_of_the_text_stand_under_each_other():
    """Wide letters count as two cells, so that a terminal shows straight columns."""
    lines = formats.render(report_of("台風第10号"), "table").decode().splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("日付"))
    widths = {plain.width(line) for line in lines[start : start + 6]}
    assert len(widths) == 1


def test_json_keeps_letters():
    """Japanese is written as Japanese."""
    assert "大雨" in formats.render(report_of("大雨"), "json").decode()
    json.loads(formats.render(report_of(NASTY), "json"))


@pytest.mark.parametrize(
    ("highest", "step", "count"),
    [
        ("0", "1", 1),
        ("70", "20", 4),
        ("80", "20", 4),
        ("101", "50", 3),
        ("1", "1/5", 5),
        ("0.013", "1/200", 3),
        ("5", "1", 5),
        ("10", "2", 5),
    ],
)
def test_an_axis_has_round_steps(highest, step, count):
    """Steps are 1, 2 or 5 times a power of ten, and at most five hold the highest value."""
    assert svg.axis(Fraction(highest)) == (Fraction(step), count)


@given(st.fractions(Fraction(1, 10**6), 10**6))
def test_an_axis_holds_its_highest_value(highest):
    """Nothing is ever drawn beyond the axis, nor on an axis more than twice as long."""
    step, count = svg.axis(highest)
    assert highest <= step * count
    assert step * (count - 1) < highest
    assert 1 <= count <= svg.TICKS
