"""Published trials to compare with: named sets of data, not constants.

Paper alone varied from 30 to 262 seconds per person between trials. All are per person, and are never
compared with a figure per household.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import resources
from kiosk.core.household import Method
from kiosk.errors import BugError, KnownError

DEFAULT = "kumamoto-2024-02-25"
PERSON = "person"

COMPARED_WITH: Mapping[Method, str] = {
    Method.APP: "app",
    Method.CARD: "card",
    Method.DESK: "paper",  # asked at the desk instead of written by the family: the same questions
    Method.PAPER: "paper",
    Method.COUNT: "paper",  # what the people would otherwise have filled in
}
"""With which trial's method ours is compared."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One method in a published trial.

    `method` is our word for it, or a word of its own where we have no such method (`tablet`,
    `web_form`); `pace` is in seconds per person; `persons` and `seconds` are None where only the pace was
    published.
    """

    method: str
    label: str
    pace: Fraction
    persons: int | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """One published trial. `date` may lack the day; `unit` is `person` in all there are."""

    name: str
    title: str
    date: str
    unit: str
    source: str
    note: str
    trials: tuple[Trial, ...]

    def pace(self, method: str) -> Fraction | None:
        """Seconds per person by one of the trial's own methods, if it had it."""
        return next((trial.pace for trial in self.trials if trial.method == method), None)

    def pace_for(self, method: Method) -> Fraction | None:
        """Seconds per person that our `method` is compared with."""
        return self.pace(COMPARED_WITH[method])


def names() -> list[str]:
    """The names of all baselines, in order."""
    return sorted(file.stem for file in resources.path("baselines").glob("*.toml"))


def load(name: str = DEFAULT) -> Baseline:
    """One baseline.

    Raises:
        KnownError: `unknown_baseline`.
    """
    if name not in names():
        raise KnownError(
            "unknown_baseline",
            "その名前の 比較データは ありません。",
            f"no such baseline; there are {', '.join(names())}",
        )
    return read(name, resources.read_text(f"baselines/{name}.toml"))


def read(name: str, text: str) -> Baseline:
    """A baseline from its TOML text."""
    value = tomllib.loads(text)
    if value["unit"] != PERSON:
        raise BugError(f"baseline {name} is not per person")
    return Baseline(
        name,
        value["title"],
        value["date"],
        value["unit"],
        value["source"],
        value["note"],
        tuple(_trial(row) for row in value["trial"]),
    )


def _trial(row: Mapping[str, Any]) -> Trial:
    if "seconds_per_person" in row:
        return Trial(row["method"], row["label"], Fraction(row["seconds_per_person"]))
    persons, seconds = int(row["persons"]), int(row["seconds"])
    return Trial(row["method"], row["label"], Fraction(seconds, persons), persons, seconds)
