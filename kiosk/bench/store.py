"""The log and its views: what the views cost an append, how fast they are made anew, how fast a check is.

The long log is that of a stay: every household is received, looked at, amended, goes out and comes back
several times and leaves. Everybody in it is invented; the store is the real one, encrypted, on disk.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from kiosk.bench.figures import Figure, Result, median, p95, rounded
from kiosk.core import acts
from kiosk.core.acts import Act, Amend, Away, Leave, Note, Receive, Return, Source, Topic
from kiosk.core.household import Household, Method, Mode
from kiosk.invented import invent_household
from kiosk.store import opening
from kiosk.store.ledger import Ledger
from kiosk.store.log import Head

ROUNDS = 100_000
"""Events in the long log."""
APPENDS = 400
WARM_UP = 20
RECEPTIONS = 2_000
_CIRCUMSTANCES = (Mode.DRILL, None)


def measure(rounds: int = ROUNDS, seed: int = 1) -> Result:
    """Write a log of `rounds` events, and make its views anew."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        ours, bare, stay, arrivals = (
            stack.enter_context(_store(folder / place)) for place in ("ours", "bare", "stay", "arrivals")
        )
        with_views, without = _appends(ours, bare, min(APPENDS, rounds), rng)
        events = _write(stay, _stays(rng), rounds)
        rebuild = _seconds(stay.rebuild)
        check = _seconds(stay.problems)
        receptions = _write(arrivals, _arrivals(rng), min(RECEPTIONS, rounds))
        each = _seconds(arrivals.rebuild) / receptions
    return Result(
        "store",
        (
            _ms("append_median_ms", "an append with its views, on disk", with_views),
            _ms("event_row_median_ms", "the event alone, sealed and signed, on disk", without),
            Figure(
                "append_ratio",
                rounded(median(with_views) / median(without)),
                "times",
                "an append with its views against the event alone, turn by turn",
                1.5,
            ),
            Figure("append_p95_ms", rounded(p95(with_views) * 1000), "ms", "95 of 100 appends with views"),
            Figure("rebuild_s", rounded(rebuild), "s", f"all views made anew from {events:,} events", 10),
            Figure("check_s", rounded(check), "s", "a quick check of the same log"),
            Figure("events", events, "", "events in the log, ten for a household's stay"),
            Figure(
                "rebuild_us_per_reception",
                rounded(each * 1e6),
                "us",
                "views made anew in a log of receptions only, each",
            ),
        ),
    )


def _ms(key: str, says: str, seconds: list[float]) -> Figure:
    return Figure(key, rounded(median(seconds) * 1000), "ms", says)


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


@contextmanager
def _store(folder: Path) -> Iterator[Ledger]:
    """A practice store in a folder of its own."""
    opening.open_shelter(folder, opening.practice_sheet(), opening.PRACTICE_STAFF)
    with opening.unlocked(folder, opening.PRACTICE_PASSPHRASE) as store:
        yield store.ledger


def _appends(ours: Ledger, bare: Ledger, rounds: int, rng: random.Random) -> tuple[list[float], list[float]]:
    """Seconds of each append, with views and without, turn by turn on the same disk."""
    with_views: list[float] = []
    without: list[float] = []
    clock, head = 1 << 40, bare.parts.log.newest()
    for number, act in zip(range(rounds + WARM_UP), _arrivals(rng), strict=False):
        begun = time.perf_counter()
        ours.append(act, "係")
        middle = time.perf_counter()
        with bare.parts.transaction():
            head = _append(bare, act, head, clock + number)
        ended = time.perf_counter()
        if number >= WARM_UP:
            with_views.append(middle - begun)
            without.append(ended - middle)
    return with_views, without


def _append(ledger: Ledger, act: Act, head: Head, at: int) -> Head:
    """The event alone."""
    event, signed = ledger.parts.log.append(
        head,
        at,
        acts.kind_of(act),
        acts.public_part(act),
        acts.personal_part(act, "係"),
        acts.household_of(act),
    )
    return Head(event.seq, signed.hash)


def _write(ledger: Ledger, written: Iterator[Act], number: int) -> int:
    """Write so many events in one transaction, without views; how many."""
    head, at = ledger.parts.log.newest(), 1 << 40
    with ledger.parts.transaction():
        for step, act in zip(range(number), written, strict=False):
            head = _append(ledger, act, head, at + step)
    return number


def _arrivals(rng: random.Random) -> Iterator[Act]:
    number = 0
    while True:
        number += 1
        yield _received(rng, number)[1]


def _received(rng: random.Random, number: int) -> tuple[Household, Act]:
    invented = invent_household(rng)
    home = invented.at_desk(os.urandom)
    source = Source(Method.APP, "431001", invented.key, 1)
    return home, Receive(*_CIRCUMSTANCES, Method.APP, home, f"A-{number:03}", source, None, "係")


def _stays(rng: random.Random) -> Iterator[Act]:
    """Ten events a household, and many households at once: their events lie scattered in the log."""
    number = 0
    while True:
        here = []
        for _ in range(200):
            number += 1
            here.append(_received(rng, number))
        yield from (act for _, act in here)
        for step in (_looked_at, _out, _back, _amended, _looked_at, _out, _back, _looked_at, _gone):
            rng.shuffle(here)
            yield from (step(home) for home, _ in here)


def _looked_at(home: Household) -> Act:
    return Note(*_CIRCUMSTANCES, None, Topic.SEEN, "card_view", "面会の 問い合わせ", about=(home.id,))


def _out(home: Household) -> Act:
    return Away(*_CIRCUMSTANCES, home.id, destination="自宅の 片づけ")


def _back(home: Household) -> Act:
    return Return(*_CIRCUMSTANCES, home.id)


def _amended(home: Household) -> Act:
    return Amend(*_CIRCUMSTANCES, replace(home, note="毛布 2枚"))


def _gone(home: Household) -> Act:
    return Leave(*_CIRCUMSTANCES, home.id, destination="親戚の 家")
