"""How long receptions took, by the definitions of docs/manual/timing.md.

Three things are measured and never mixed: the *batch pace* of a queue (seconds per person, comparable
with published trials), the *service time* of one household, and the same shared out over its persons.
All arithmetic is in whole microseconds and exact fractions. It knows rows of stopwatches, not who they
were for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any

from kiosk.core.household import Method
from kiosk.ports import IntakeRow
from kiosk.reports import figures
from kiosk.reports.baselines import Baseline

MICRO = 1_000_000
ALL = "all"
"""The key under which all methods together are reported."""


@dataclass(frozen=True, slots=True)
class Span:
    """One intake, in microseconds of its session's clock.

    `end` is the moment of the commit, `machine` the program's part of the time between.
    """

    method: Method
    persons: int
    session: int
    start: int
    end: int
    machine: int

    @classmethod
    def of(cls, row: IntakeRow) -> Span:
        """From the log: the commit is added to what was taken, and is the program's time."""
        start = row.timing.start * 1000
        end = start + row.timing.taken * 1000 + row.commit_us
        machine = min(row.timing.machine, row.timing.taken) * 1000 + row.commit_us
        return cls(row.method, row.persons, row.timing.session, start, end, machine)

    @property
    def service(self) -> int:
        """From first sight to commit."""
        return self.end - self.start

    @property
    def human(self) -> int:
        """What the program did not take."""
        return self.service - self.machine


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Median and 90th percentile (nearest rank) in seconds; None when there was nothing."""

    median: Fraction | None
    p90: Fraction | None

    @classmethod
    def of(cls, values: Sequence[Fraction]) -> Quantiles:
        """Of values in seconds."""
        return cls(figures.median(values), figures.percentile(values, 90))


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one method, or of all together. Times in seconds, exact.

    `batch_pace` and `per_person` are seconds per person, `per_household` seconds per household.
    `machine` and `human` are totals that add up to all service time. `turnover` is the median gap to the
    next start in the same session; None when nothing followed.
    """

    households: int
    persons: int
    batch_pace: Fraction | None
    per_household: Quantiles
    per_person: Quantiles
    machine: Fraction
    human: Fraction
    turnover: Fraction | None


@dataclass(frozen=True, slots=True)
class Timings:
    """All methods, every one present, and what they are compared with."""

    by_method: Mapping[Method, Measured]
    together: Measured
    baseline: Baseline

    def speedup(self, method: Method) -> Fraction | None:
        """How many times faster than the baseline, both per person."""
        return times(self.baseline.pace_for(method), self.by_method[method].batch_pace)

    def to_dict(self) -> dict[str, Any]:
        """By word of method, with `all` for all together; seconds as numbers, null for nothing.

        `batch_pace_s`, `service_*_s`, `baseline_s` and `speedup` are per person; what is per household
        stands under `per_household`.
        """
        result = {
            method.word: _to_dict(measured, self.baseline.pace_for(method))
            for method, measured in self.by_method.items()
        }
        return result | {ALL: _to_dict(self.together, None)}


def measure(rows: Iterable[IntakeRow], baseline: Baseline) -> Timings:
    """Statistics of receptions, in any order."""
    spans = sorted(map(Span.of, rows), key=lambda span: (span.session, span.start, span.end, span.method))
    gaps = _turnovers(spans)
    return Timings(
        {
            method: _measured(
                [span for span in spans if span.method is method],
                _batches(spans, method),
                [gap for of, gap in gaps if of is method],
            )
            for method in Method
        },
        _measured(spans, _batches(spans, None), [gap for _, gap in gaps]),
        baseline,
    )


def _batches(spans: Sequence[Span], method: Method | None) -> int:
    """Total microseconds of the batches: runs of one session, or of one method within one session.

    Where methods alternate at one desk, the span from a method's first start to its last end would
    hold the others' people too; so each unbroken run counts by itself.
    """
    runs = groupby(spans, key=lambda span: (span.session, method is None or span.method is method))
    total = 0
    for (_, wanted), run in runs:
        members = list(run)
        if wanted:
            total += max(span.end for span in members) - members[0].start
    return total


def _turnovers(spans: Sequence[Span]) -> list[tuple[Method, int]]:
    """The gap after each intake that another follows; none when the next began before this ended."""
    return [
        (span.method, max(0, after.start - span.end))
        for span, after in pairwise(spans)
        if span.session == after.session
    ]


def _measured(spans: Sequence[Span], batches: int, gaps: Sequence[int]) -> Measured:
    persons = sum(span.persons for span in spans)
    each = [
        Fraction(span.service, MICRO * span.persons)
        for span in spans
        if span.persons
        for _ in range(span.persons)
    ]
    return Measured(
        len(spans),
        persons,
        Fraction(batches, MICRO * persons) if persons else None,
        Quantiles.of([Fraction(span.service, MICRO) for span in spans]),
        Quantiles.of(each),
        Fraction(sum(span.machine for span in spans), MICRO),
        Fraction(sum(span.human for span in spans), MICRO),
        figures.median([Fraction(gap, MICRO) for gap in gaps]),
    )


def times(baseline: Fraction | None, pace: Fraction | None) -> Fraction | None:
    """How many times faster `pace` is than `baseline`; None when either is missing or no time passed."""
    return baseline / pace if baseline is not None and pace else None


def _to_dict(measured: Measured, baseline: Fraction | None) -> dict[str, Any]:
    return {
        "n_households": measured.households,
        "n_persons": measured.persons,
        "unit": "s/person",
        "batch_pace_s": figures.number(measured.batch_pace, 6),
        "service_median_s": figures.number(measured.per_person.median, 6),
        "service_p90_s": figures.number(measured.per_person.p90, 6),
        "baseline_s": figures.number(baseline, 6),
        "speedup": figures.number(times(baseline, measured.batch_pace), 1),
        "per_household": {
            "unit": "s/household",
            "service_median_s": figures.number(measured.per_household.median, 6),
            "service_p90_s": figures.number(measured.per_household.p90, 6),
            "turnover_median_s": figures.number(measured.turnover, 6),
        },
        "machine_s": figures.number(measured.machine, 6),
        "human_s": figures.number(measured.human, 6),
    }
