"""Rows of stopwatches and the city's published events, for the reports."""

from __future__ import annotations

import pytest

from kiosk.core.acts import Timing
from kiosk.ports import IntakeRow

PUBLISHED = """\
date,kind,mode,shelters,households,people,app,card,paper
2024-06-22,大雨,disaster,12,9,12,0,1,8
2024-06-27,大雨,disaster,20,43,61,0,7,36
2024-06-30,大雨,disaster,12,12,15,0,3,9
2024-07-11,大雨,disaster,20,30,39,0,4,26
2024-08-28,台風第10号,disaster,153,1375,2331,20,53,1302
2024-11-24,震災対処訓練（11/24他・事前開催含む延べ）,drill,132,1401,1806,383,276,742
"""


@pytest.fixture
def published():
    return PUBLISHED


@pytest.fixture
def intake():
    """One reception from seconds: method, persons, start, taken, and what the machine and the commit took."""

    def make(method, persons, start, taken, machine=0.0, commit=0.0, session=1):
        milliseconds = [round(1000 * value) for value in (start, taken, machine)]
        return IntakeRow(0, method, persons, Timing(session, *milliseconds), round(1_000_000 * commit))

    return make
