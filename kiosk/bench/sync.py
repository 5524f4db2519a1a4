"""What it costs to bring an evening's receptions to HQ: bytes, requests, time, and HQ's pace.

HQ is the real one, in a process of its own, reached by HTTP on loopback; the kiosks are real stores whose
segments were laid one reception at a time, as at a desk. The bare peer inserts as many rows of the same
size into an SQLite of its own with HQ's settings, in transactions as large as HQ's, in turn with HQ.
"""

from __future__ import annotations

import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.bench.figures import Figure, Result, median, rounded
from kiosk.core.acts import Source
from kiosk.core.household import Method, Mode
from kiosk.desk import Arrival, Desk
from kiosk.invented import invent_household
from kiosk.rehearsal import City, PrivateHq, found_city
from kiosk.store import opening
from kiosk.timing import Session
from sync import outbox
from sync.client import Answer, Fork, Gap, HqClient
from sync.runner import Runner
from sync.wire import decode_segment

ROUNDS = 200
KIOSKS = 3
"""Laptops one after another; medians are over them."""
METHODS = {Method.APP: 4, Method.CARD: 3, Method.DESK: 2, Method.COUNT: 1}
"""About how households come, in tenths."""


@dataclass(frozen=True, slots=True)
class _Brought:
    """One kiosk's whole backlog, brought to HQ."""

    sent_bytes: int
    requests: int
    counts_first: float
    """Seconds from the first word until HQ has the counts, registration included."""
    whole: float
    events_per_s: float
    bare_rows_per_s: float


class _Noting(HqClient):
    """The real client, which notes when the counts were taken and what each request carried."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.counted_at: float | None = None
        self.batches: list[list[int]] = []
        """The size of each event, request by request."""

    def report_counts(self, counts: bytes) -> Answer:
        """As `HqClient`."""
        answer = super().report_counts(counts)
        self.counted_at = self.counted_at or time.perf_counter()
        return answer

    def push(self, segments: Sequence[bytes]) -> Answer | Gap | Fork:
        """As `HqClient`."""
        sizes = []
        for data in segments:
            count = len(decode_segment(data).events)
            sizes += [len(data) // count] * count
        self.batches.append(sizes)
        return super().push(segments)


def measure(rounds: int = ROUNDS, seed: int = 1) -> Result:
    """Bring `rounds` households from each of three laptops, which were out of reach until then."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name:
        folder = Path(name)
        city = found_city(folder, "練習避難所", "http://127.0.0.1:1")
        hq = PrivateHq(city)
        url = hq.start()
        try:
            brought = [
                _bring(folder, number, _written(folder / f"kiosk{number}", city, url, rounds, rng))
                for number in range(KIOSKS)
            ]
        finally:
            hq.stop()
    return _result(brought, rounds)


def _written(data: Path, city: City, url: str, households: int, rng: random.Random) -> Path:
    """A kiosk that received so many households with no link; its outbox."""
    opening.open_shelter(data, city.sheet_text, opening.PRACTICE_STAFF)
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
        # Kept in the store's own thread and order: reception, acknowledgement, then what HQ shall learn.
        desk = Desk(store.ledger, Mode.DRILL, lambda: None, rng.randbytes, store.access)
        session = Session(time.monotonic, int(time.time()))
        for _ in range(households):
            desk.receive(_arrival(desk, session, rng))
            store.ledger.publish()
        folder = outbox.folder(data)
        outbox.write_link(folder, outbox.Link(url, b"", store.ledger.device))
    return folder


def _arrival(desk: Desk, session: Session, rng: random.Random) -> Arrival:
    """A household as it is known by its method: all of it, its card's holder, or its heads."""
    invented = invent_household(rng)
    method = rng.choices(list(METHODS), list(METHODS.values()))[0]
    stopwatch = session.stopwatch()
    household = invented.at_desk(rng.randbytes)
    others = [desk.new_person() for _ in household.members[1:]]
    if method is Method.APP:
        return Arrival(method, household, Source(method, "431001", invented.key, 1), stopwatch)
    if method is Method.COUNT:
        return Arrival(method, desk.heads(len(household.members)), None, stopwatch)
    household = replace(household, members=(household.members[0], *others), postcode="", phone="")
    source = Source(method, key=rng.randbytes(16)) if method is Method.CARD else None
    return Arrival(method, household, source, stopwatch)


def _bring(folder: Path, number: int, laid: Path) -> _Brought:
    clients: list[_Noting] = []

    def connect(url: str) -> _Noting:
        clients.append(_Noting(url))
        return clients[-1]

    with closing(Runner(laid, connect)) as runner:
        begun = time.perf_counter()
        runner.round()
        ended = time.perf_counter()
        (client,) = clients
        counted = client.counted_at or ended
        events = sum(map(len, client.batches))
        return _Brought(
            runner.sent_bytes,
            runner.requests,
            counted - begun,
            ended - begun,
            events / (ended - counted),
            _bare(folder / f"bare{number}.sqlite", client.batches),
        )


def _bare(path: Path, batches: Sequence[Sequence[int]]) -> float:
    """Rows a second of plain inserts, as many and as large, one transaction a batch."""
    rows = [[os.urandom(size) for size in batch] for batch in batches]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}").close()
        connection.execute("CREATE TABLE row (number INTEGER PRIMARY KEY, content BLOB NOT NULL)")
        begun = time.perf_counter()
        for batch in rows:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO row (content) VALUES (?)", [(content,) for content in batch])
            connection.execute("COMMIT")
        return sum(map(len, rows)) / (time.perf_counter() - begun)


def _result(brought: Sequence[_Brought], households: int) -> Result:
    def middle(key: str, says: str, unit: str, values: Sequence[float]) -> Figure:
        return Figure(key, rounded(median(values)), unit, says)

    events, bare = [b.events_per_s for b in brought], [b.bare_rows_per_s for b in brought]
    return Result(
        "sync",
        (
            middle(
                "bytes_per_household",
                "bodies sent, registration and counts included",
                "bytes",
                [b.sent_bytes / households for b in brought],
            ),
            Figure("requests", median([b.requests for b in brought]), "", "requests for a laptop's backlog"),
            middle("counts_first_s", "until HQ has the counts", "s", [b.counts_first for b in brought]),
            middle("whole_s", "until HQ has everything", "s", [b.whole for b in brought]),
            middle("ingest_events_per_s", "HQ takes, checks, counts and keeps", "events/s", events),
            middle("bare_insert_rows_per_s", "bare INSERTs, as large and as many", "rows/s", bare),
            middle(
                "bare_ratio",
                "bare INSERTs against HQ's pace",
                "times",
                [rows / pace for rows, pace in zip(bare, events, strict=True)],
            ),
            Figure("households", households, "", f"households on each of {len(brought)} laptops"),
        ),
        ("HTTP on loopback, without TLS; bytes are of bodies, without headers.",),
    )
