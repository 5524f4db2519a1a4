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
"""At most so many, 95 of 100 times: names are long or short."""


@pytest.fixture(scope="module")
def figures(qapp, tmp_path_factory):  # noqa: ARG001 - Qt must be up
    data = tmp_path_factory.mktemp("effort") / "kiosk"
    opening.open_shelter(data, opening.practice_sheet(), opening.PRACTICE_STAFF)
    return {figure.key: figure for figure in effort.measure(data, 3)}


@pytest.mark.parametrize("way", sorted({**BUDGET, **NAMED}))
def test_a_way_takes_no_more_presses_than_promised(figures, way):
    """Counted at the window, key by key; how long it takes is measured elsewhere."""
    figure = figures[f"{way}_presses"]
    assert figure.at_most == {**BUDGET, **NAMED}[way]
    assert figure.value <= figure.at_most


def test_every_way_that_is_measured_is_promised(figures):
    """No way is gone without a budget, and each tells how soon it is seen."""
    ways = {name.removesuffix("_presses") for name in figures if name.endswith("_presses")}
    assert ways == set(BUDGET) | set(NAMED)
    assert {f"{way}_paint_p95_ms" for way in ways} <= set(figures)
