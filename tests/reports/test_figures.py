"""Printed figures are the exact ones, rounded once."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.reports import figures

amounts = st.integers(0, 10**9)
counts = st.integers(1, 10**6)


@given(amounts, counts, st.integers(0, 6))
def test_rounding_is_half_up_on_the_exact_value(total, number, places):
    """No value is ever further from its print than half of the last digit, and a tie goes up."""
    value = Fraction(total, number)
    printed = Fraction(figures.decimal(value, places))
    half = Fraction(1, 2 * 10**places)
    assert -half < printed - value <= half


@given(st.decimals(-(10**6), 10**6, places=5), st.integers(0, 4))
def test_rounding_agrees_with_the_decimal_module(value, places):
    """Where a value is a decimal number, the standard library rounds it to the same digits."""
    expected = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert Decimal(figures.decimal(Fraction(value), places)) == expected


@pytest.mark.parametrize(
    ("value", "places", "printed"),
    [
        ("0.05", 1, "0.1"),
        ("0.005", 2, "0.01"),
        ("2.675", 2, "2.68"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-0.04", 1, "0.0"),
        ("-1.25", 1, "-1.3"),
        ("0", 3, "0.000"),
        ("1234567.891", 2, "1234567.89"),
    ],
)
def test_ties_and_signs(value, places, printed):
    """Ties go away from zero, and there is no minus zero."""
    assert figures.decimal(Fraction(value), places) == printed


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (Fraction(1327, 19), "70"),
        (Fraction(911, 38), "24"),
        (Fraction(202, 44), "4.6"),
        (Fraction(10), "10"),
        (Fraction(999, 100), "10.0"),
        (Fraction(1, 20), "0.1"),
        (Fraction(12, 1000), "0.012"),
        (Fraction(1, 10_000), "<0.001"),
        (Fraction(0), "0.0"),
        (None, "—"),
    ],
)
def test_seconds(value, printed):
    """Whole seconds from ten on, one decimal below, and nothing that took time is printed as zero."""
    assert figures.seconds(value) == printed


def test_nothing_to_divide_by():
    """Where there is no whole there is a dash, never a percentage."""
    assert figures.share(0, 0, 1) == "—"
    assert figures.mean(0, 0, 2) == "—"
    assert figures.ratio(Fraction(70), None) == "—"
    assert figures.ratio(Fraction(70), Fraction(0)) == "—"
    assert figures.per_hour(None) == "—"
    assert figures.reduction(None, None) == "—"
    assert figures.number(None, 3) is None


@given(st.lists(st.fractions(0, 1000), min_size=1, max_size=60), st.integers(1, 100))
def test_a_percentile_is_a_value_that_was_measured(values, percent):
    """At least the asked share of values does not exceed it, and no smaller value would do."""
    found = figures.percentile(values, percent)
    assert found in values
    below = sum(value <= found for value in values)
    assert 100 * below >= percent * len(values)
    assert 100 * sum(value < found for value in values) < percent * len(values)


@given(st.lists(st.fractions(0, 1000), min_size=1, max_size=60))
def test_a_median_has_as_many_values_above_as_below(values):
    """Neither side of the median holds more than half."""
    found = figures.median(values)
    assert 2 * sum(value < found for value in values) <= len(values)
    assert 2 * sum(value > found for value in values) <= len(values)


def test_no_values_have_no_middle():
    """Statistics of nothing are nothing."""
    assert figures.median([]) is None
    assert figures.percentile([], 90) is None


@pytest.mark.parametrize(("seconds", "printed"), [(1327, "22分7秒"), (2440, "40分40秒"), (9, "9秒")])
def test_minutes(seconds, printed):
    """Durations read as in the published tables."""
    assert figures.minutes(Fraction(seconds)) == printed
