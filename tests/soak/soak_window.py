"""A night at the desk: receptions by every way through the real window, on a real store, off the screen.

What is watched is the whole process: memory, handles, threads, Qt's objects, and how soon a press shows.
"""

from __future__ import annotations

import os
import random
import tempfile
import threading
from pathlib import Path

import soak

SETTLED = 1000
"""Receptions after which everything that is kept for good is there."""
GROWS_MIB = 30.0
SLOWER = 1.5
"""How much longer a press may take to show at the end of the night than at its begin (95 of 100)."""
LANGUAGES = ("en", "ne", "zh", "")


def receptions(rounds: int, rng: random.Random) -> soak.Outcome:
    """Receive `rounds` households by every way, some undone, some leaving, in several languages."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from kiosk import flow
    from kiosk.bench import effort
    from kiosk.invented import invent_household
    from kiosk.store import opening

    seen = soak.Outcome()
    settled = min(SETTLED, max(1, rounds // 2))
    with tempfile.TemporaryDirectory(prefix="kiosk-soak-") as name:
        opening.open_shelter(Path(name), opening.practice_sheet(), opening.PRACTICE_STAFF)
        desk = effort._Desk(Path(name), rng)
        try:
            before, early = _used(desk.hand.window), 0
            for number in range(rounds):
                if number == settled:
                    before, early = _used(desk.hand.window), len(desk.hand.painted)
                home = invent_household(rng)
                with seen.timed():
                    if number % 20 == 11:
                        desk.count()
                    elif number % 20 == 7:
                        desk.asked(home)
                    elif number % 4 == 3:
                        desk.card(home)
                    else:
                        desk.app(home)
                        if number % 10 == 2:
                            desk.undo()
                        else:
                            desk.home()
                        if number % 50 == 4:
                            desk.out_and_back(home)
                if number % 25 == 0:
                    desk.hand.bridge.put(flow.LanguageChosen(LANGUAGES[number // 25 % len(LANGUAGES)]))
                    desk.hand.until(lambda: isinstance(desk.hand.bridge.state, flow.Ready))
            after = _used(desk.hand.window)
            paints = desk.hand.painted
        finally:
            desk.hand.leave()
    _judge(seen, before, after, (paints[:early], paints[-len(paints) // 4 :]), whole=rounds > 2 * settled)
    return seen


def _judge(
    seen: soak.Outcome,
    before: dict[str, float],
    after: dict[str, float],
    paints: tuple[list[float], list[float]],
    *,
    whole: bool,
) -> None:
    for what in ("handles", "threads", "objects"):
        # One language's screens have a few objects more than another's; a leak has one a reception.
        allowed = 0 if what != "objects" else 200
        if after[what] > before[what] + allowed:
            seen.fail(f"{what} grew from {before[what]:g} to {after[what]:g}")
    seen.notes += [f"{what} {before[what]:g} to {after[what]:g}" for what in before]
    first, last = (sorted(times)[int(len(times) * 0.95)] * 1000 if times else 0.0 for times in paints)
    seen.notes.append(f"press to paint, 95 of 100: {first:.1f} ms at first, {last:.1f} ms at the end")
    if whole:
        if after["rss_mib"] > before["rss_mib"] + GROWS_MIB:
            seen.fail(f"memory grew from {before['rss_mib']:.0f} to {after['rss_mib']:.0f} MiB")
        if first and last > SLOWER * first:
            seen.fail(f"a press shows after {last:.1f} ms, at first after {first:.1f}")


def _used(window: object) -> dict[str, float]:
    """What this process holds now."""
    from PySide6.QtCore import QObject

    import looks

    looks.settle()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "rss_mib": round(pages * os.sysconf("SC_PAGE_SIZE") / 1048576, 1),
        "handles": sum(1 for _ in Path("/proc/self/fd").iterdir()),
        "threads": threading.active_count(),
        "objects": len(window.findChildren(QObject)),
    }


SOAKS = [
    soak.Soak(
        "ui.receptions",
        "A long night at the window leaves memory, handles, threads, objects and pace as they were",
        receptions,
        short=24,
        long=10_000,
    )
]
