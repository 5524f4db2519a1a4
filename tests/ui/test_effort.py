"""What people have to press, promised as counts: the ways of `kiosk bench ui`, through the real window."""

import pytest

from kiosk.bench import effort
from kiosk.store import opening

BUDGET = {
    "app": 0,
    "card": 4,
    "face": 13,
    "slip": 0,
    "count": 3,
    "out": 1,
    "back": 1,
    "leave": 1,
    "tie": 1,
    "tap_out": 0,
    "tap_back": 0,
    "undo": 1,
    "tap_undo": 1,
    "need": 1,
    "needs": 3,
}
"""At most so many keys and touches, by everybody together and every time."""
NAMED = {"asked": 30, "member": 14}
"""So many in the middle of all: names are long or short. How many 95 of 100 take is printed by the bench."""


@pytest.fixture(scope="module")
def figures(qapp, tmp_path_factory):  # noqa: ARG001 - Qt must be up
    data = tmp_path_factory.mktemp("effort") / "kiosk"
    opening.open_shelter(data, opening.practice_sheet(), opening.PRACTICE_STAFF)
    return {figure.key: figure for figure in effort.measure(data, 3)}


@pytest.mark.parametrize("way", sorted(BUDGET))
def test_a_way_takes_no_more_presses_than_promised(figures, way):
    """Counted at the window, key by key; how long it takes is measured elsewhere."""
    figure = figures[f"{way}_presses"]
    assert figure.at_most == BUDGET[way]
    assert figure.value <= figure.at_most


@pytest.mark.parametrize("way", sorted(NAMED))
def test_a_name_of_ordinary_length_keeps_within_its_budget(figures, way):
    """Name, sex and birth date of a person, with the town for the first: no mouse, and no more keys."""
    assert figures[f"{way}_presses_median"].value <= NAMED[way]
    assert figures[f"{way}_presses"].at_most == NAMED[way]


def test_every_way_that_is_measured_is_promised(figures):
    """No way is gone without a budget, and each tells how soon it is seen."""
    ways = {key.removesuffix("_presses") for key in figures if key.endswith("_presses")}
    assert ways == set(BUDGET) | set(NAMED)
    assert {f"{way}_paint_p95_ms" for way in ways} <= set(figures)
