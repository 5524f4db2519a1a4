"""A transfer slip on paper: the code large enough for a webcam, and nobody's name beside it."""

from __future__ import annotations

import datetime as dt

import pytest

from heard import listen
from kiosk.core.household import Mode
from kiosk.paper import code, slip_sheet
from kiosk.paper.slip_sheet import SlipSheet

NOW = dt.datetime(2026, 9, 1, 21, 47, tzinfo=dt.timezone(dt.timedelta(hours=9)))
LEAST_MODULE = 0.5
"""Millimetres: what a webcam reads with ease from a hand's distance."""


@pytest.fixture
def heard(monkeypatch):
    """What is written and drawn on the next document."""
    return listen(monkeypatch, slip_sheet)


def slip(mode=Mode.DISASTER, text="EST1:" + "A7" * 900):
    return SlipSheet(text, "A-042", 3, "城山小学校 避難所", mode, NOW)


def test_the_code_can_be_read_and_nobody_is_named(heard):
    """Number, how many, from where; of a large household too the modules are large enough."""
    assert slip_sheet.pdf(slip()).startswith(b"%PDF")
    ((text, size),) = heard.squares
    assert size / (len(code.rows(text)) + 2 * code.QUIET) >= LEAST_MODULE
    assert "受付番号 A-042" in heard.said
    assert any("3人" in line and "2026年09月01日 21:47" in line for line in heard.said)


def test_a_drill_can_not_be_taken_for_the_real_thing(heard):
    """The word stands on the page of a drill, and only there."""
    slip_sheet.pdf(slip(Mode.DRILL))
    assert "訓 練" in heard.said
    heard.pages.clear()
    slip_sheet.pdf(slip())
    assert "訓 練" not in heard.said


def test_the_same_slip_is_the_same_file():
    """Made from the same, byte for byte the same."""
    assert slip_sheet.pdf(slip()) == slip_sheet.pdf(slip())
