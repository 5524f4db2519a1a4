"""The processes that `kiosk bench ui` starts and watches: real desks under the real launcher, off the screen.

One is started as people start it and says when it has painted. The other locks again and again: its clock
says that it is time, it closes its store and ends, and the launcher shows the next one. Each process writes
down when it began to lock and when it had painted, on the clock that all processes share.

This module loads little: what it imports at its top is part of what is measured.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from kiosk import launcher
from kiosk.errors import KnownError

SECONDS = 60.0
"""More than a lock takes on any machine."""


def ourselves() -> list[str]:
    """This program's own command line, frozen or not."""
    frozen = bool(getattr(sys, "frozen", False))
    return [sys.executable] if frozen else [sys.executable, "-m", "kiosk.cli"]


READY, COLD = "ready", "cold"
STAYS, SPARE = 4.0, 1.0
"""So long a desk stays open before it locks, and after so long the next one is made ready."""
NEVER = 1e9


def locks(data: Path, rounds: int, how: str) -> list[float]:
    """Seconds of each lock of the practice store in `data`; `how` tells whether the next desk was loaded.

    Raises:
        KnownError: `no_window`.
    """
    command = [*ourselves(), "bench", "ui", "--relock", how, str(data), "--rounds", str(rounds)]
    try:
        told = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=True,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS * (rounds + 1),
        )
        painted = [line.split() for line in told.stdout.splitlines() if line.startswith("LOCKED ")]
        times = [float(after) - float(before) for _, before, after in painted]
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise no_window() from error
    if len(times) != rounds:
        raise no_window()
    return times


def lock(how: str, data: Path, rounds: int) -> int:
    """A measured program: a launcher whose desk locks `rounds` times; prints each one's two times."""
    (data / "locks").write_text("")
    stays, spare = (STAYS, SPARE) if how == READY else (0.0, NEVER)
    return launcher.launch(_locking, (str(data), rounds, stays), data, launcher.load_desk, spare)


def paint(data: Path) -> int:
    """A measured program: a launcher whose desk says `PAINTED` after its first picture and ends."""
    return launcher.launch(_painting, (str(data),), data, launcher.load_desk)


def _painting(data: str) -> None:
    launcher.run_desk(lambda: _show_once(Path(data)))


def _show_once(data: Path) -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from kiosk.wiring import DeskStation, Devices  # noqa: PLC0415 - only the measured process loads a desk
    from ui import app  # noqa: PLC0415 - Qt is loaded after its platform was chosen

    def painted() -> None:
        os.write(1, b"PAINTED\n")
        # The picture is all that is measured; an orderly end would only make the next start wait.
        os._exit(0)

    return app.run(DeskStation(data, Devices(None, None), reports=False), painted=painted)


def _locking(data: str, rounds: int, stays: float) -> None:
    launcher.run_desk(lambda: _show_and_lock(Path(data), rounds, stays))


def _show_and_lock(data: Path, rounds: int, stays: float) -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from kiosk.core.locking import AutoLock  # noqa: PLC0415 - only the measured process loads a desk
    from kiosk.store import opening  # noqa: PLC0415 - as above
    from kiosk.wiring import DeskStation, Devices  # noqa: PLC0415 - as above
    from ui import app  # noqa: PLC0415 - Qt is loaded after its platform was chosen

    note = data / "locks"
    before = note.read_text().split()

    def painted() -> None:
        if before:
            sys.stdout.write(f"LOCKED {before[-1]} {time.perf_counter()}\n")
            sys.stdout.flush()
        if len(before) >= rounds:
            os._exit(0)

    looks: list[float] = []
    told: list[float] = []

    def clock() -> float:
        # The look that makes the clock reads 0; the first one after `stays` finds that it is time.
        now = time.perf_counter()
        looks.append(now)
        if len(looks) == 1 or now - looks[0] < stays:
            return 0.0
        if not told:
            told.append(now)
            with note.open("a") as file:
                file.write(f"{now}\n")
        return NEVER

    station = DeskStation(data, Devices(None, None), passphrase=opening.PRACTICE_PASSPHRASE, reports=False)
    return app.run(station, painted=painted, lock=lambda: AutoLock(clock))


def no_window() -> KnownError:
    """The window did not come up, here or in a child."""
    return KnownError(
        "no_window", "画面を 開けません。kiosk selftest で 確かめてください。", "the window does not come up"
    )
