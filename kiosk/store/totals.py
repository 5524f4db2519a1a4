"""The sums over the household view, kept up row by row: they are asked for at every reception.

It knows rows as numbers, and no household.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from kiosk.core.counts import Counts
from kiosk.core.household import Method
from kiosk.core.roll import Whereabouts

COUNT_COLUMNS = tuple(field.name for field in fields(Counts))
TOTALLED = ", ".join(("own", "whereabouts", "method", *COUNT_COLUMNS))
"""What of a row is summed up."""


class Totals:
    """Sums over the household view."""

    def __init__(self) -> None:
        self.figures = [0] * len(COUNT_COLUMNS)
        self.by_method = dict.fromkeys((method.word for method in Method), 0)

    def add(self, row: Sequence[int], times: int = 1) -> None:
        """One row more, as `TOTALLED` has it but for its first, or one less."""
        whereabouts, method, *figures = row
        self.figures = [total + times * figure for total, figure in zip(self.figures, figures, strict=True)]
        if whereabouts not in (Whereabouts.VOID, Whereabouts.MERGED):
            self.by_method[Method(method).word] += times


class Sums:
    """The totals of everybody, and of those whom this laptop put in: two desks never report one household."""

    def __init__(self) -> None:
        self.every, self.own = Totals(), Totals()

    def add(self, row: Sequence[int], times: int = 1) -> None:
        """One row more, as `TOTALLED` has it, or one less."""
        own, *more = row
        self.every.add(more, times)
        if own:
            self.own.add(more, times)
