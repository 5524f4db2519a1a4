"""A reception by app, from the frame to the durable commit, and its commit beside a bare one.

The frames are drawn, not photographed; the decoder, the signature check, the desk and the encrypted store
on disk are the real ones. The bare commit is one INSERT of as many bytes into a table of its own, in the
same folder, under the same cipher and settings, in turn with the receptions.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kiosk.bench.figures import Figure, Result, median, p95, rounded
from kiosk.bench.passes import Held, hold_up
from kiosk.camera.child import DecoderProcess
from kiosk.camera.decode import Decoder
from kiosk.core.access import Access
from kiosk.core.acts import Source
from kiosk.core.entry_pass import Accepted, IssuerKey, to_household, verify
from kiosk.core.household import Method, Mode
from kiosk.core.trust import TrustList
from kiosk.desk import Arrival, Desk, Received
from kiosk.errors import BugError
from kiosk.invented import InventedHousehold, invent_household
from kiosk.ports import Committed
from kiosk.store import opening
from kiosk.store.cipher import Database, StoreKey, connect
from kiosk.store.ledger import Ledger
from kiosk.timing import Session

ROUNDS = 100
WARM_UP = 3
"""The first calls of each library load and compile things: one evacuee a night waits for them."""


@dataclass(slots=True)
class _Times:
    """Seconds of each round."""

    whole: list[float] = field(default_factory=list)
    decode: list[float] = field(default_factory=list)
    through_child: list[float] = field(default_factory=list)
    check: list[float] = field(default_factory=list)
    commit: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    steady_append: list[float] = field(default_factory=list)
    steady_commit: list[float] = field(default_factory=list)
    steady_bare: list[float] = field(default_factory=list)
    unread: int = 0


def measure(rounds: int = ROUNDS, seed: int = 1) -> Result:
    """Receive `rounds` households that nobody belongs to; a frame that is not read counts as unread."""
    rng, noise = random.Random(seed), np.random.default_rng(seed)
    issuer = IssuerKey.generate("431001")
    times = _Times()
    child = DecoderProcess(spare=False)
    child.start()
    try:
        with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name:
            folder = Path(name)
            opening.open_shelter(folder / "kiosk", opening.practice_sheet(), opening.PRACTICE_STAFF)
            with (
                opening.unlocked(folder / "kiosk", opening.PRACTICE_PASSPHRASE) as store,
                closing(_Bare(folder / "bare.db")) as bare,
            ):
                reception = _Reception(store.ledger, TrustList((issuer.trusted(),)), store.access)
                for number in range(rounds + WARM_UP):
                    if number == WARM_UP:
                        times = _Times()
                    held = hold_up(rng, noise, issuer)
                    size = reception.receive(held, times)
                    times.through_child.append(child.read(held.frame).seconds)
                    times.bare.append(bare.commit(size))
                for _ in range(rounds):
                    committed, size = reception.commit(invent_household(rng))
                    times.steady_append.append(committed.commit_us / 1e6)
                    times.steady_commit.append(committed.transaction_us / 1e6)
                    times.steady_bare.append(bare.commit(size))
    finally:
        child.stop()
    return _result(times)


class _Reception:
    """The real path of one household."""

    def __init__(self, ledger: Ledger, trust: TrustList, access: Access) -> None:
        self._ledger = ledger
        self._trust = trust
        self._decoder = Decoder()
        self._desk = Desk(ledger, Mode.DRILL, lambda: None, os.urandom, access)
        self._session = Session(time.monotonic, int(time.time()))
        self._size = 512

    def receive(self, held: Held, times: _Times) -> int:
        """Receive one household; the size of its event in bytes."""
        stopwatch = self._session.stopwatch()
        begun = time.perf_counter()
        texts = self._decoder.read(held.frame).texts
        decoded = time.perf_counter()
        times.decode.append(decoded - begun)
        if held.text not in texts:
            times.unread += 1
            return self._size
        accepted = verify(held.text, self._trust, time.time())
        if not isinstance(accepted, Accepted):
            raise BugError("a pass made for the measurement was refused")
        household, source = to_household(accepted, os.urandom)
        checked = time.perf_counter()
        stopwatch.add_machine(checked - begun)
        committed = self._received(Arrival(Method.APP, household, source, stopwatch))
        times.whole.append(time.perf_counter() - begun)
        times.check.append(checked - decoded)
        times.commit.append(committed.commit_us / 1e6)
        self._size = self._size_of(committed)
        return self._size

    def commit(self, invented: InventedHousehold) -> tuple[Committed, int]:
        """Receive a household whose pass was read already; its commit, and its event's size."""
        source = Source(Method.APP, "431001", invented.key, 1)
        home, stopwatch = invented.at_desk(os.urandom), self._session.stopwatch()
        committed = self._received(Arrival(Method.APP, home, source, stopwatch))
        return committed, self._size_of(committed)

    def _received(self, arrival: Arrival) -> Committed:
        outcome = self._desk.receive(arrival)
        if not isinstance(outcome, Received):
            raise BugError("a household made for the measurement was here already")
        return outcome.committed

    def _size_of(self, committed: Committed) -> int:
        return len(self._ledger.segment(committed.seq, committed.seq))


class _Bare:
    """One table in an encrypted database of its own, opened with the store's settings."""

    def __init__(self, path: Path) -> None:
        self._database: Database = connect(path, StoreKey(os.urandom(32), os.urandom(16)))
        self._database.conn.execute("CREATE TABLE row (number INTEGER PRIMARY KEY, content BLOB NOT NULL)")

    def commit(self, size: int) -> float:
        """Insert one row of `size` bytes, durably; seconds."""
        connection, content = self._database.conn, os.urandom(size)
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO row (content) VALUES (?)", (content,))
        connection.execute("COMMIT")
        return time.perf_counter() - begun

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def _result(times: _Times) -> Result:
    def ms(key: str, says: str, seconds: list[float], at_most: float | None = None, *, high: bool) -> Figure:
        value = (p95 if high else median)(seconds) * 1000 if seconds else None
        return Figure(key, None if value is None else rounded(value), "ms", says, at_most)

    def ratio(
        key: str, says: str, ours: list[float], bare: list[float], at_most: float | None = None
    ) -> Figure:
        value = rounded(median(ours) / median(bare)) if ours else None
        return Figure(key, value, "times", says, at_most)

    return Result(
        "receive",
        (
            ms("median_ms", "frame in to durable commit, median", times.whole, 15, high=False),
            ms("p95_ms", "frame in to durable commit, 95 of 100", times.whole, 40, high=True),
            ms("decode_median_ms", "of it: reading the code", times.decode, high=False),
            ms("check_median_ms", "of it: signature and contents", times.check, high=False),
            ms(
                "commit_median_ms",
                "of it: sealed, signed, committed",
                times.commit,
                high=False,
            ),
            ms("bare_commit_median_ms", "a bare INSERT, same cipher and settings", times.bare, high=False),
            ratio(
                "commit_ratio",
                "a reception's transaction (event and views) against the bare one, turn by turn",
                times.steady_commit,
                times.steady_bare,
                2,
            ),
            ratio(
                "append_ratio",
                "the same with sealing, signing and the witness",
                times.steady_append,
                times.steady_bare,
            ),
            ratio(
                "append_ratio_after_frame",
                "the same right after a frame was read, all caches cold",
                times.commit,
                times.bare,
            ),
            ms("child_decode_median_ms", "reading in the decoder's process", times.through_child, high=False),
            Figure("receptions", len(times.whole), "", "receptions measured"),
            Figure("unread_frames", times.unread, "", "frames not read: the next one would be"),
        ),
        ("Frames of 1280 by 720 are drawn, not photographed: a phone held up well.",),
    )
