"""Published trials come out as they were published."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kiosk.core.household import Method
from kiosk.errors import BugError, KnownError
from kiosk.reports import baselines, figures


def test_the_city_s_own_trial_is_the_default():
    """The trial of 2024-02-25 prints its 70, 24 and 4.6 seconds, and its people an hour."""
    trial = baselines.load()
    assert trial.name == "kumamoto-2024-02-25"
    printed = {word: figures.seconds(trial.pace(word)) for word in ("paper", "card", "app")}
    assert printed == {"paper": "70", "card": "24", "app": "4.6"}
    hourly = {word: figures.per_hour(trial.pace(word)) for word in ("paper", "card", "app")}
    assert hourly == {"paper": "51.5", "card": "150.2", "app": "784.2"}
    assert [figures.decimal(trial.pace(word), 4) for word in ("paper", "card", "app")] == [
        "69.8421",
        "23.9737",
        "4.5909",
    ]
    assert [figures.minutes(Fraction(part.seconds)) for part in trial.trials] == [
        "22分7秒",
        "15分11秒",
        "3分22秒",
    ]


def test_ratios_come_from_totals():
    """Paper over app is 15.2, never 1.5; and the reductions are the published ones."""
    pace = baselines.load().pace
    assert figures.ratio(pace("paper"), pace("app")) == "15.2"
    assert figures.ratio(pace("paper"), pace("card")) == "2.9"
    assert figures.ratio(pace("card"), pace("app")) == "5.2"
    assert figures.decimal(pace("paper") / pace("app"), 4) == "15.2131"
    assert figures.reduction(pace("paper"), pace("card")) == "65.7"
    assert figures.reduction(pace("paper"), pace("app")) == "93.4"


def test_the_sums_of_the_trial():
    """101 receptions took 40分40秒; its note says that they were not 101 people."""
    trial = baselines.load()
    assert sum(part.persons for part in trial.trials) == 101
    assert figures.minutes(Fraction(sum(part.seconds for part in trial.trials))) == "40分40秒"
    assert "60人" in trial.source
    assert "101人は参加者60人より多い" in trial.note


def test_other_cities():
    """Chiba, Odawara and Kishiwada print what they published."""
    chiba, odawara, kishiwada = map(
        baselines.load, ("chiba-2025-11-16", "odawara-2023-10", "kishiwada-2025-01-25")
    )
    assert [figures.decimal(chiba.pace(word), 1) for word in ("paper", "card", "app")] == [
        "30.3",
        "27.2",
        "4.9",
    ]
    assert figures.decimal(chiba.pace("paper") / chiba.pace("app"), 2) == "6.19"
    assert [odawara.pace(word) for word in ("paper", "card", "app", "tablet")] == [262, 26, 25, 352]
    assert figures.decimal(odawara.pace("paper") / odawara.pace("card"), 2) == "10.08"
    assert figures.reduction(kishiwada.pace("web_form"), kishiwada.pace("card")) == "91.4"
    assert figures.reduction(kishiwada.pace("paper"), kishiwada.pace("card")) == "87.1"


def test_a_web_form_is_not_an_app():
    """A QR code that opens a form to fill in is no baseline for one that is only read."""
    assert baselines.load("kishiwada-2025-01-25").pace_for(Method.APP) is None


@pytest.mark.parametrize("method", [Method.DESK, Method.PAPER, Method.COUNT])
def test_what_replaces_paper_is_compared_with_paper(method):
    """Asked entry and count-only have no trial of their own: paper is what they save."""
    assert baselines.load().pace_for(method) == Fraction(1327, 19)


@pytest.mark.parametrize("name", baselines.names())
def test_every_baseline_says_where_it_is_from(name):
    """A baseline has a title, a date, a source and per-person paces."""
    trial = baselines.load(name)
    assert trial.title
    assert trial.date in name
    assert trial.source.endswith("。")
    assert trial.unit == "person"
    assert trial.trials
    assert all(part.pace > 0 for part in trial.trials)


def test_an_unknown_baseline():
    """A name that is none of ours is one clear sentence, and no path into the file system."""
    with pytest.raises(KnownError, match="unknown_baseline"):
        baselines.load("../../pyproject")


def test_a_baseline_per_household_is_refused():
    """Nothing per household can become a baseline by accident."""
    with pytest.raises(BugError):
        baselines.read("x", 'title="x"\ndate=""\nunit="household"\nsource=""\nnote=""\ntrial=[]')
