"""A flipped bit in any file of the store is found, and none is used without a word."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from aftermath import patient, wrong
from kiosk.core.household import Method, Mode
from kiosk.desk import Arrival, Desk, Received
from kiosk.errors import KnownError
from kiosk.store import backup, opening, salvage
from kiosk.store.cipher import StoreKey
from kiosk.store.entrance import prove
from kiosk.store.parts import DATABASE, WAL
from powercut import scratch
from soak import Outcome, Soak
from sync import outbox

START = 1_700_000_000.0


@dataclass(frozen=True, slots=True)
class _Whole:
    """A store as it is before a bit flips in it."""

    folder: Path
    acknowledged: tuple[str, ...]


def flipped(rounds: int, rng: random.Random) -> Outcome:
    """One bit flips, in any file that holds what people told us, or opens it."""
    outcome, found_by = Outcome(), Counter[str]()
    with tempfile.TemporaryDirectory(prefix="soak-", dir=scratch()) as name:
        home = Path(name)
        resting, killed_one = _whole(home / "resting", rng), _whole(home / "killed", rng, killed_=True)
        copy_of = home / "copy.kiosk-backup"
        with opening.unlocked(resting.folder, opening.PRACTICE_PASSPHRASE) as store:
            made = backup.write(store, copy_of, lambda: START)
        for _ in range(rounds):
            target = rng.choice(("db", "wal", "slots", "outbox", "witness", "spare", "backup"))
            with outcome.timed():
                if target == "backup":
                    where, what = _flip_backup(made.path, home / "flipped", rng)
                else:
                    whole = killed_one if target == "wal" else resting
                    where, what = _flip(whole, home / "flipped", target, rng)
            found_by[what or "nobody"] += 1
            if not what:
                outcome.fail(f"{where}: nobody noticed")
            elif what.startswith("!"):
                outcome.fail(f"{where}: {what}")
    outcome.notes.append("found by " + ", ".join(f"{what} {times}" for what, times in found_by.most_common()))
    return outcome


def _whole(folder: Path, rng: random.Random, *, killed_: bool = False) -> _Whole:
    data = folder / "kiosk"
    opening.open_shelter(data, opening.practice_sheet(), opening.PRACTICE_STAFF)
    store = opening.unlock(data, opening.PRACTICE_PASSPHRASE)
    desk = Desk(store.ledger, Mode.DRILL, lambda: None, rng.randbytes, store.access)
    acknowledged = []

    def receive(number: int) -> None:
        for _ in range(number):
            person = desk.new_person(name="練習　太郎", kana="レンシュウ　タロウ")
            got = desk.receive(Arrival(Method.DESK, desk.new_household([person], address="練習市1-2-3")))
            assert isinstance(got, Received)
            acknowledged.append(got.row.household.id.hex())

    receive(30)
    store.ledger.publish()
    store.ledger.rest()
    receive(8)  # fewer than a new write-ahead log takes: every frame of it is alive
    kept = folder / "whole"
    if killed_:
        shutil.copytree(data, kept)
        store.close()
    else:
        store.ledger.publish()
        store.close()
        with opening.unlocked(data, opening.PRACTICE_PASSPHRASE):
            pass
        shutil.copytree(data, kept)
    shutil.rmtree(data)
    return _Whole(kept, tuple(acknowledged))


def _flip(whole: _Whole, folder: Path, target: str, rng: random.Random) -> tuple[str, str]:
    shutil.copytree(whole.folder, folder)
    path = {
        "db": folder / DATABASE,
        "wal": folder / WAL,
        "slots": folder / rng.choice(("keys.cbor", "keys.copy.cbor")),
        "outbox": rng.choice(sorted(outbox.folder(folder).glob("*.seg"))),
        "witness": folder / "witness",
        "spare": folder / "spare.keys",
    }[target]
    size = path.stat().st_size
    # SQLCipher never reads the first bytes of the file, the salt: it comes with the key.
    place, bit = rng.randrange(16 if target == "db" else 0, size), rng.randrange(8)
    content = bytearray(path.read_bytes())
    content[place] ^= 1 << bit
    before = path.read_bytes()
    path.write_bytes(content)
    # Of some files there are two, and a copy that differs is written again from the other.
    what = _noticed(folder, whole) or ("mended" if path.exists() and path.read_bytes() == before else "")
    if target == "db" and what:
        left = _repaired(folder, whole)
        what = f"!not made whole again: {left}" if left else what
    shutil.rmtree(folder)
    return f"{path.name} byte {place} bit {bit}", what


def _repaired(folder: Path, whole: _Whole) -> list[str]:
    """What is still wrong after `kiosk check --repair`: everything had been laid for HQ."""
    keys = prove(folder, opening.PRACTICE_PASSPHRASE, gate=patient(folder)).keys
    salvage.salvage(
        folder, [StoreKey.from_bytes(key) for key in keys], opening.read_sheet(folder), lambda: START
    )
    return wrong(folder, list(whole.acknowledged), deep=True)


def _noticed(folder: Path, whole: _Whole) -> str:
    """Who noticed; begins with `!` when the damage was used without a word."""
    try:
        with closing(opening.unlock(folder, opening.PRACTICE_PASSPHRASE, gate=patient(folder))) as store:
            here = {household.hex() for household in store.ledger.households()}
            notices = [notice.code for notice in store.ledger.notices]
            problems = store.ledger.problems(deep=True)
            names = {
                person.name for row in store.ledger.roster(limit=100) for person in row.household.members
            }
            if not notices and not problems:
                if here != set(whole.acknowledged) or names != {"練習　太郎"}:
                    return "!silently other"
                return ""
            if here != set(whole.acknowledged) and "log_cut" not in notices:
                return f"!lost without a word: {notices} {problems[:1]}"
            return notices[0] if notices else "check"
    except KnownError as error:
        return error.code


def _flip_backup(path: Path, flipped_one: Path, rng: random.Random) -> tuple[str, str]:
    content = bytearray(path.read_bytes())
    place, bit = rng.randrange(len(content)), rng.randrange(8)
    content[place] ^= 1 << bit
    flipped_one.write_bytes(content)
    try:
        backup.read(flipped_one)
    except KnownError as error:
        return f"backup byte {place} bit {bit}", error.code
    finally:
        flipped_one.unlink()
    return f"backup byte {place} bit {bit}", ""


SOAKS = [
    Soak(
        "store-bit-flips",
        "Every flipped bit is found, none is used without a word, and the database is made whole again.",
        flipped,
        short=40,
        long=1000,
    ),
]
