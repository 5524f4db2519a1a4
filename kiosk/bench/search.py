"""Finding people among a hundred thousand: the answer to each keystroke, beside a plain LIKE scan.

Everybody is invented and received through the real ledger, encrypted as always; each question goes through
`Ledger.roster` with the screen's limit, and its rows are opened. The scan is `LIKE '%…%'` over kana and names
in a table of its own, in the same folder, under the same cipher and settings, in turn with ours; it finds
neither old kanji, nor Romaji, nor births, and its rows are not opened.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.bench.figures import Figure, Result, median, p95, rounded
from kiosk.core.acts import Receive
from kiosk.core.household import Household, Method, Mode, Person
from kiosk.core.names import ROMAJI
from kiosk.invented import invent_household
from kiosk.store import opening
from kiosk.store.cipher import Database, StoreKey, connect
from kiosk.store.ledger import Ledger
from kiosk.store.parts import DATABASE

ROUNDS = 200
PERSONS, PERSONS_A_ROUND = 100_000, 500
BATCH = 200
"""Households received between two searches, while the shelter fills."""
LIMIT = 50
"""Rows of the screen."""
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made inside it
AT_MOST_MS = 2.0

_ROMAJI = {kana: romaji for romaji, kana in sorted(ROMAJI.items(), key=lambda one: -len(one[0]))}
"""Each kana as it is typed with the fewest keys."""


@dataclass(slots=True)
class _Times:
    """Seconds."""

    keys: dict[str, list[float]] = field(default_factory=dict)
    own: list[float] = field(default_factory=list)
    """Of each keystroke what the processor worked for us: the rest it gave to others."""
    names: list[float] = field(default_factory=list)
    like: list[float] = field(default_factory=list)
    index: float = 0.0
    households: int = 0
    persons: int = 0


def measure(rounds: int = ROUNDS, seed: int = 1) -> Result:
    """Type `rounds` people letter by letter, each in eight ways, among 500 times as many, at most 100,000."""
    rng, times = random.Random(seed), _Times()
    in_memory = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-", dir=in_memory) as name:
        folder = Path(name)
        opening.open_shelter(folder / "kiosk", opening.practice_sheet(), opening.PRACTICE_STAFF)
        with (
            opening.unlocked(folder / "kiosk", opening.PRACTICE_PASSPHRASE) as store,
            closing(_Scan(folder / "scan.db")) as scan,
        ):
            _fill(store.ledger, scan, rng, min(PERSONS, rounds * PERSONS_A_ROUND), times)
            for number in rng.sample(range(times.households), min(rounds, times.households)):
                (row,) = store.ledger.roster(f"A-{number + 1:03}", 1)
                person = rng.choice(row.household.members)
                for way, text in _ways(row.household, person, row.number):
                    _type(store.ledger, scan, way, text, times)
        size = (folder / "kiosk" / DATABASE).stat().st_size
    return _result(times, size)


def _fill(ledger: Ledger, scan: _Scan, rng: random.Random, persons: int, times: _Times) -> None:
    while times.persons < persons:
        for _ in range(BATCH):
            home = invent_household(rng).at_desk(os.urandom)
            ledger.append(Receive(Mode.DRILL, None, Method.DESK, home, ledger.next_number()))
            scan.add(home)
            times.households += 1
            times.persons += len(home.members)
        # The first search after receptions files their names; one person's number costs next to nothing.
        times.index += _seconds(lambda: ledger.roster("A-1", 1))


def _ways(home: Household, person: Person, number: str) -> Iterator[tuple[str, str]]:
    """How somebody may be typed at the desk."""
    kana, name = (text.replace("\u3000", " ") for text in (person.kana or "", person.name or ""))
    yield "kana", kana
    yield "kanji", name
    yield "romaji", "".join(_ROMAJI.get(letter, letter) for letter in kana)
    if person.birth is not None:
        yield "birth", str(person.birth.to_int())
        yield "birth", person.birth.wareki
    yield "phone", home.phone[-4:]
    yield "number", number
    yield "address", home.address[home.address.find("区") + 1 :][:6]


def _type(ledger: Ledger, scan: _Scan, way: str, text: str, times: _Times) -> None:
    for length in range(1, len(text) + 1):
        typed, before = text[:length], time.thread_time()
        took = _seconds(lambda typed=typed: ledger.roster(typed, LIMIT))  # type: ignore[misc]  # bound now
        times.own.append(time.thread_time() - before)
        times.keys.setdefault(way, []).append(took)
        if way in {"kana", "kanji"}:
            times.names.append(took)
            times.like.append(_seconds(lambda typed=typed: scan.find(typed)))  # type: ignore[misc]  # bound now


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


class _Scan:
    """Names in a plain table of an encrypted database of its own, opened with the store's settings."""

    def __init__(self, path: Path) -> None:
        self._database: Database = connect(path, StoreKey(os.urandom(32), os.urandom(16)))
        self._database.conn.execute(
            "CREATE TABLE person (place INTEGER PRIMARY KEY, kana TEXT, name TEXT, household BLOB)"
        )

    def add(self, home: Household) -> None:
        """Write a household's names down."""
        self._database.conn.execute("BEGIN")
        self._database.conn.executemany(
            "INSERT INTO person (kana, name, household) VALUES (?, ?, ?)",
            [(_plain(person.kana), _plain(person.name), home.id) for person in home.members],
        )
        self._database.conn.execute("COMMIT")

    def find(self, text: str) -> list[object]:
        """The newest who have the text in their name."""
        like = f"%{_plain(text)}%"
        return list(
            self._database.conn.execute(
                "SELECT household FROM person WHERE kana LIKE ? OR name LIKE ? ORDER BY place DESC LIMIT ?",
                (like, like, LIMIT),
            ).fetchall()
        )

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def _plain(text: str | None) -> str:
    return (text or "").replace("\u3000", "").replace(" ", "")


def _result(times: _Times, size: int) -> Result:
    every = [took for each in times.keys.values() for took in each]
    figures = [
        Figure("persons", times.persons, "", "people in the store"),
        Figure("households", times.households, "", "their households"),
        Figure("keystrokes", len(every), "", "questions asked, typed letter by letter"),
        _ms("median_ms", "a keystroke, median", median(every)),
        _ms("p95_ms", "a keystroke, 95 of 100", p95(every), AT_MOST_MS),
        _ms(
            "own_median_ms",
            "of it our own work, without waiting for the processor, median",
            median(times.own),
        ),
        _ms("own_p95_ms", "of it our own work, 95 of 100", p95(times.own)),
        _ms("worst_ms", "the slowest keystroke", max(every)),
    ]
    for way, each in times.keys.items():
        figures.append(_ms(f"{way}_p95_ms", f"{way}: a keystroke, 95 of 100", p95(each)))
    ours, scan = median(times.names), median(times.like)
    figures += [
        _ms("names_median_ms", "kana and kanji: a keystroke, median, rows opened", ours),
        _ms("like_median_ms", "the same by a LIKE scan, rows not opened, median", scan),
        _ms("names_p95_ms", "kana and kanji: a keystroke, 95 of 100", p95(times.names)),
        _ms("like_p95_ms", "the same by a LIKE scan, 95 of 100", p95(times.like)),
        Figure("like_ratio", rounded(p95(times.like) / p95(times.names)), "times", "the scan beside ours"),
        Figure(
            "indexed_persons_per_s", rounded(times.persons / times.index), "/s", "people filed, off the way"
        ),
        Figure("store_mb", rounded(size / 1e6), "MB", "the store with log, views and index"),
    ]
    where = f"The store lies in {MEMORY}" if MEMORY.is_dir() else "The store lies on the disk"
    return Result("search", tuple(figures), (f"{where}: no reception is timed here, only questions.",))


def _ms(key: str, says: str, seconds: float, at_most: float | None = None) -> Figure:
    return Figure(key, rounded(seconds * 1000), "ms", says, at_most)
