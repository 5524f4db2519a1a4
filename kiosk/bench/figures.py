"""What a measurement brings: figures with a unit, a target and their origin; and a few words on them.

It knows nothing of what was measured.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One number."""

    key: str
    """Its name in `--json`, stable."""
    value: float | None
    """None when it could not be measured here."""
    unit: str
    says: str
    """What it is, in a few words."""
    at_most: float | None = None
    """The target, if there is one."""
    quoted: bool = False
    """Taken from a publication, not measured in this run."""
    at_least: float | None = None
    """The target of what should be high; a figure has one kind of target."""

    @property
    def verdict(self) -> str:
        """`ok`, `over` or `under` beside a target; nothing without one."""
        if self.value is None or not self.has_target:
            return ""
        if self.at_most is not None and self.value > self.at_most:
            return "over"
        return "under" if self.at_least is not None and self.value < self.at_least else "ok"

    @property
    def has_target(self) -> bool:
        """Whether anything is expected of it."""
        return self.at_most is not None or self.at_least is not None

    @property
    def target(self) -> dict[str, float]:
        """What is expected, as `--json` says it."""
        both = {"at_most": self.at_most, "at_least": self.at_least}
        return {name: limit for name, limit in both.items() if limit is not None}


@dataclass(frozen=True, slots=True)
class Result:
    """Everything one measurement found."""

    subject: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Figures by their keys, then the targets, what was quoted, and the notes."""
        said: dict[str, object] = {figure.key: figure.value for figure in self.figures}
        said["targets"] = {
            figure.key: {**figure.target, "verdict": figure.verdict}
            for figure in self.figures
            if figure.has_target
        }
        said["quoted"] = [figure.key for figure in self.figures if figure.quoted]
        said["notes"] = list(self.notes)
        return said


def median(values: Sequence[float]) -> float:
    """The middle of at least one value."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """The smallest value that 95 of 100 do not exceed (nearest rank), of at least one value."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def rounded(value: float, digits: int = 3) -> float:
    """So many significant digits: more would promise what a measurement can not keep."""
    return float(f"{value:.{digits}g}")
