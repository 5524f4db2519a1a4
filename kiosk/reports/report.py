"""A report as a value: what it says, before anybody decides how it looks.

Cells are printed figures already (`figures`); charts keep exact values, because a bar has no rounding.
Nothing here names a person: reports are about counts and times.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kiosk.core.household import Mode
from kiosk.core.words import METHOD_WORDS, MODE_WORDS

MACHINE_ONLY = "機械だけの時間であり、訓練の結果ではありません"
"""The loud note on figures of a run without people."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `number` columns are set right."""

    title: str
    number: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """Printed cells; a `total` row is set apart."""

    cells: tuple[str, ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table with the sentences that explain it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: solid up to `value`, pale up to `reach`, a mark at `mark`; all in the chart's unit."""

    label: str
    under: str
    colour: str
    text: str
    value: Fraction | None
    reach: Fraction | None = None
    mark: Fraction | None = None


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars on one axis that begins at zero; `key` explains mark and pale part in words."""

    title: str
    unit: str
    bars: tuple[Bar, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole."""

    label: str
    colour: str
    amount: int
    text: str


@dataclass(frozen=True, slots=True)
class ShareChart:
    """Whole bars cut into parts, one labelled bar a line."""

    title: str
    lines: tuple[tuple[str, tuple[Part, ...]], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a renderer needs.

    `data` is the JSON object, `records` the flat table for CSV (programs' column names first);
    `warning`, when not empty, is shown so that nobody can miss it.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    charts: tuple[BarChart | ShareChart, ...]
    notes: tuple[str, ...]
    data: Mapping[str, Any]
    records: Sequence[Sequence[str]]
    mode: Mode | None = None
    warning: str = ""
    made: dt.datetime | None = None
    """What a file says of its own age; None leaves that out."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a report is about, as its maker knows it: shelter or municipality, occasion, when it was made."""

    place: str = ""
    made_at: str = ""
    mode: Mode | None = None
    made: dt.datetime | None = None

    def facts(self) -> tuple[tuple[str, str], ...]:
        """The lines under the title, empty ones left out."""
        mode = "" if self.mode is None else MODE_WORDS[self.mode]
        lines = (("対象", self.place), ("区分", mode), ("作成", self.made_at))
        return tuple(line for line in lines if line[1])


METHOD_COLOURS: Mapping[str, str] = {
    "app": "#0017c1",
    "card": "#008bf2",
    "desk": "#fb5b01",
    "paper": "#666666",
    "count": "#197a4b",
}
"""By word of method; told apart by people with any colour vision, and always labelled."""

METHOD_LABELS: Mapping[str, str] = {method.word: said for method, said in METHOD_WORDS.items()}
