"""Long reliability runs: what one is, how its cost is watched, and where they are found.

A run lives in `tests/soak/soak_*.py` as a `Soak` in that module's `SOAKS`. `./run soak` runs them at full
length and prints a table; the test suite runs each at its short length.
"""

from __future__ import annotations

import importlib.util
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HOME = Path(__file__).resolve().parents[1] / "soak"
KEPT = 20
"""Failures told in words; the rest are only counted."""


@dataclass(slots=True)
class Outcome:
    """What a run saw. Fill it while running; a run that raises has failed too."""

    rounds: int = 0
    failures: int = 0
    told: list[str] = field(default_factory=list)
    worst_ms: float = 0.0
    """The slowest single round that was `timed`."""
    notes: list[str] = field(default_factory=list)
    """Figures worth printing, as short phrases."""

    def fail(self, what: str) -> None:
        """Count one failure; `what` must make it repeatable and hold no personal data."""
        self.failures += 1
        if len(self.told) < KEPT:
            self.told.append(what)

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Count a round and keep the longest."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.rounds += 1
            self.worst_ms = max(self.worst_ms, (time.perf_counter() - begun) * 1000)


@dataclass(frozen=True, slots=True)
class Soak:
    """One run: `run(rounds, rng)` does about `rounds` rounds with that randomness."""

    name: str
    promise: str
    """What holds when it is green, in one sentence."""
    run: Callable[[int, random.Random], Outcome]
    short: int
    """Rounds in the test suite: a second or two; 0 leaves it to `./run soak`."""
    long: int
    """Rounds in `./run soak`."""
    limit_ms: float | None = None
    """No timed round may take longer. Judged by `./run soak` only: a test is never timed."""
    limit_mib: float | None = None
    """How much the process's peak memory may grow over the run. Judged by `./run soak` only."""


def peak_mib() -> float:
    """The most memory this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def find() -> list[Soak]:
    """Every soak there is, by file and place."""
    found: list[Soak] = []
    for path in sorted(HOME.glob("soak_*.py")):
        module = sys.modules.get(path.stem)
        if module is None:
            spec = importlib.util.spec_from_file_location(path.stem, path)
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            sys.modules[path.stem] = module
            spec.loader.exec_module(module)
        found += module.SOAKS
    return found
