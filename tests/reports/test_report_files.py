"""A report as a workbook and on paper: the same figures, as figures, and nothing that runs."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest

from heard import listen
from kiosk.core.household import Method, Mode
from kiosk.reports import baselines, formats, reception_report, report_pdf, timing_report, timings
from kiosk.reports.cells import DRILL
from kiosk.reports.receptions import ReceptionRow, Receptions, read_csv
from kiosk.reports.report import MACHINE_ONLY, Heading

MADE = dt.datetime(2026, 9, 1, 18, 30, tzinfo=dt.timezone(dt.timedelta(hours=9)))
HEAD = Heading("力合西小学校", "2026年9月1日 18:30", Mode.DRILL, MADE)


def timed(intake, *, machine_only=False, heading=HEAD):
    rows = [
        intake(method, persons, 20 * place, 12 + place)
        for place, (method, persons) in enumerate((method, n) for method in Method for n in (1, 4, 2))
    ]
    measured = timings.measure(rows, baselines.load(baselines.DEFAULT))
    return timing_report.report(measured, heading, machine_only=machine_only)


def book(report):
    return openpyxl.load_workbook(io.BytesIO(formats.render(report, "xlsx")))


def test_figures_are_numbers_that_look_as_they_are_printed(published):
    """1,375 is 1375 with a comma, a share beside its count stays text."""
    found = book(reception_report.report(read_csv(published.encode()), Heading("熊本市")))
    assert found.sheetnames == ["災害", "訓練", "数値"]
    cells = {cell.value: cell for row in found["災害"] for cell in row if cell.value is not None}
    assert cells[1375].number_format == "#,##0"
    assert cells[1.7].number_format == "0.00"
    assert "2024-08-28" in cells
    assert "1,302（95%）" in cells
    records = list(found["数値"].values)
    total = next(row for row in records if row[0] == "total" and row[3] == "disaster")
    assert total[4:7] == (217, 1469, 2458)


def test_every_table_is_a_sheet_with_all_that_explains_it(intake):
    """Per person and per household stay apart, and the drill says so on each."""
    report = timed(intake, machine_only=True)
    found = book(report)
    assert found.sheetnames == ["1人あたり", "1世帯あたり", "数値"]
    for table in report.tables:
        texts = [str(cell) for row in found[table.title].values for cell in row if cell is not None]
        assert MACHINE_ONLY in texts
        assert {*table.notes, *report.notes} <= set(texts)
        assert any("力合西小学校" in text and "訓練" in text for text in texts)
        for row in table.rows:
            assert row.cells[0] in texts


@pytest.mark.parametrize("kind", ["=1+1", "＝cmd|' /C calc'!A0", "+1", "@SUM(A1)", "-2"])
def test_no_cell_of_a_workbook_runs(kind):
    """What people typed as an occasion is text, also where it looks like a formula or a number."""
    row = ReceptionRow("2024-06-22", kind, Mode.DISASTER, 1, 3, 1, 1, 0)
    report = reception_report.report(Receptions((row,)), Heading(kind))
    data = formats.render(report, "xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as inside:
        sheets = [inside.read(name) for name in inside.namelist() if "worksheets/" in name]
    assert not any(b"<f>" in sheet or b"hyperlink" in sheet for sheet in sheets)
    texts = [cell for sheet in book(report) for row in sheet.values for cell in row]
    assert f"'{kind}" in texts
    assert kind not in texts


@pytest.fixture
def heard(monkeypatch):
    """What is written and drawn on the next document."""
    return listen(monkeypatch, report_pdf)


def test_paper_says_all_that_the_page_says(heard, intake):
    """Every cell, every note, the charts' figures; a drill on each page."""
    report = timed(intake, machine_only=True)
    pdf = formats.render(report, "pdf")
    assert len(re.findall(rb"/Type /Page\b", pdf)) == len(heard.pages) == 2
    said = set(heard.said)
    for table in report.tables:
        assert {table.title, *table.notes} <= said
        assert {cell for row in table.rows for cell in row.cells} <= said
    for chart in report.charts:
        assert {chart.title, chart.key, *(bar.text for bar in chart.bars)} <= said
    assert {MACHINE_ONLY, *report.notes} <= said
    assert all(DRILL in part for part in heard.pages)


def test_a_long_table_goes_over_pages_and_over_no_edge(heard):
    """Two hundred events with the longest names: each page has the line of titles."""
    rows = tuple(
        ReceptionRow("2024-06-22", f"{number}の" + "長い名前" * 40, Mode.DISASTER, 1, 3, 1, 1, 0)
        for number in range(200)
    )
    formats.render(reception_report.report(Receptions(rows), Heading("熊本市" * 50)), "pdf")
    pages = [part for part in heard.pages if any("の長い名前" in text for text in part)]
    assert len(pages) >= 5
    assert all("避難世帯数" in part for part in pages)


def test_the_same_report_is_the_same_file(intake):
    """Of one moment: what is filed twice can be compared."""
    one, other = (formats.render(timed(intake), "pdf") for _ in range(2))
    assert one == other
    assert b"20260901" in one


def test_nobody_came(intake):
    """A report of nothing can be printed too."""
    empty = timing_report.report(timings.measure([], baselines.load(baselines.DEFAULT)), Heading())
    assert formats.render(empty, "pdf").startswith(b"%PDF")
    assert book(empty).sheetnames[-1] == "数値"
    assert intake
