"""How soon the window shows something: from the start of a fresh process to the first picture.

The process is started as people start it, by the command line, and draws on no screen (Qt's offscreen
platform) the desk of a practice store with no devices, locked: what `kiosk run` shows first.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kiosk.bench.figures import Figure, Result, median, p95, rounded
from kiosk.errors import KnownError
from kiosk.store import opening

ROUNDS = 9
PAINTED = b"PAINTED\n"
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
        command = [*_ourselves(), "bench", "ui", "--paint", str(data)]
        first = _until_said(command)
        times = [(_until_said(command), _until_said([*_ourselves(), "--version"])) for _ in range(rounds)]
    painted, bare = [pair[0] for pair in times], [pair[1] for pair in times]
    return Result(
        "ui",
        (
            Figure("painted_median_s", rounded(median(painted)), "s", "start to first picture", 0.6),
            Figure("painted_p95_s", rounded(p95(painted)), "s", "start to first picture, 95 of 100"),
            Figure("first_start_s", rounded(first), "s", "the first start of this run, less in the caches"),
            Figure("version_median_s", rounded(median(bare)), "s", "of it: what `kiosk --version` takes"),
        ),
        ("Drawn offscreen, 1366 by 768, without a camera or a reader.",),
    )


def paint(data: Path) -> int:
    """Show the window of a practice store until it was painted once; says `PAINTED`. Ends this process."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from kiosk.wiring import DeskStation, Devices  # noqa: PLC0415 - only the measured process loads a desk
    from ui import app  # noqa: PLC0415 - Qt is loaded after its platform was chosen

    def painted() -> None:
        os.write(1, PAINTED)
        # The picture is all that is measured; an orderly end would only make the next start wait.
        os._exit(0)

    return app.run(DeskStation(data, Devices(None, None)), painted=painted)


def _ourselves() -> list[str]:
    """This program's own command line, frozen or not."""
    frozen = bool(getattr(sys, "frozen", False))
    return [sys.executable] if frozen else [sys.executable, "-m", "kiosk.cli"]


def _until_said(command: list[str]) -> float:
    """Seconds from the start of a process until its first line."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
        if process.stdout is None:
            raise _no_window()
        line = process.stdout.readline()
        taken = time.perf_counter() - begun
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise _no_window() from error
    if process.returncode or not line:
        raise _no_window()
    return taken


def _no_window() -> KnownError:
    return KnownError(
        "no_window", "画面を 開けません。kiosk selftest で 確かめてください。", "the window does not come up"
    )
