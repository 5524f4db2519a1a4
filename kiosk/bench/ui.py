"""How soon the window shows something, and how much people have to press until they are received.

The process is started as people start it, by the command line, and draws on no screen (Qt's offscreen
platform) the desk of a practice store with no devices, locked: what `kiosk run` shows first.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from kiosk.bench import desks, effort
from kiosk.bench.figures import Figure, Result, median, p95, rounded
from kiosk.store import opening

ROUNDS = 9
WAYS = 4
"""Each way of being received is gone so often in a round."""
SECONDS = 60.0
"""Longer than any start takes."""


def measure(rounds: int = ROUNDS) -> Result:
    """Start `rounds` windows, each beside an empty Python, in turn.

    Raises:
        KnownError: `no_window` when one does not come up.
    """
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name:
        data = Path(name)
        opening.open_shelter(data, opening.practice_sheet(), opening.PRACTICE_STAFF)
        command = [*desks.ourselves(), "bench", "ui", "--paint", str(data)]
        first = _until_said(command)
        times = [
            (_until_said(command), _until_said([*desks.ourselves(), "--version"])) for _ in range(rounds)
        ]
        ready = desks.locks(data, rounds, desks.READY)
        cold = desks.locks(data, rounds, desks.COLD)
        presses = effort.measure(data, rounds * WAYS)
    painted, bare = [pair[0] for pair in times], [pair[1] for pair in times]
    return Result(
        "ui",
        (
            Figure("painted_median_s", rounded(median(painted)), "s", "start to first picture", 0.6),
            Figure("painted_p95_s", rounded(p95(painted)), "s", "start to first picture, 95 of 100"),
            Figure("first_start_s", rounded(first), "s", "the first start of this run, less in the caches"),
            Figure("version_median_s", rounded(median(bare)), "s", "of it: what `kiosk --version` takes"),
            Figure(
                "lock_median_s", rounded(median(ready)), "s", "lock to lock screen of the next process", 1.5
            ),
            Figure("lock_p95_s", rounded(p95(ready)), "s", "lock to lock screen, 95 of 100"),
            Figure(
                "lock_cold_median_s", rounded(median(cold)), "s", "the same in a desk's first seconds", 1.5
            ),
            *presses,
        ),
        ("Drawn offscreen, 1366 by 768, without a camera or a reader.",),
    )


def _until_said(command: list[str]) -> float:
    """Seconds from the start of a process until its first line."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
        if process.stdout is None:
            raise desks.no_window()
        line = process.stdout.readline()
        taken = time.perf_counter() - begun
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise desks.no_window() from error
    if process.returncode or not line:
        raise desks.no_window()
    return taken
