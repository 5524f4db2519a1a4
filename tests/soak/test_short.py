"""Every long run, at a length that fits a test suite."""

from __future__ import annotations

import random

import pytest

import soak


@pytest.mark.parametrize("run", [pytest.param(run, id=run.name) for run in soak.find() if run.short])
def test_a_long_run_is_green_at_its_short_length(run):
    """What a long run promises holds for a few rounds too."""
    seen = run.run(run.short, random.Random(7))
    assert seen.failures == 0, seen.told
    assert seen.rounds > 0
