"""Long runs of the keys: staff come and go while the power does, and nothing stays in memory after a lock."""

from __future__ import annotations

import json
import os
import random
import select
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import memory
import people
from kiosk.core.household import Method, Mode
from kiosk.desk import Arrival, Desk
from kiosk.errors import KnownError
from kiosk.store import cipher, opening, slots
from kiosk.store.cipher import StoreKey
from soak import Outcome, Soak

HELPERS = Path(__file__).resolve().parents[1] / "helpers"
ROOT = HELPERS.parents[1]
PATIENCE = 60.0
BALLAST = 2_000_000
"""Bytes of pages in the database, so that changing the key takes a while to be killed in."""

CHURN = """
import random, sys
from pathlib import Path
import people

data, seed, number = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
choice = random.Random(seed)
with people.unlocked(data) as store:
    accounts = people.accounts(store)
    known = [row["name"] for row in accounts.list() if row["name"] != people.BOSS]
    print("READY", flush=True)
    while True:
        number += 1
        if known and (len(known) > 4 or choice.random() < 0.6):
            name = known.pop(choice.randrange(len(known)))
            print("removing", name, flush=True)
            accounts.remove(name)
            print("removed", name, flush=True)
        else:
            name = str(number)
            print("adding", name, flush=True)
            accounts.add(name, *people.secret_of(number))
            print("added", name, flush=True)
            known.append(name)
"""


def environment() -> dict[str, str]:
    """For our child processes: this project and its helpers."""
    path = os.pathsep.join((str(HELPERS), str(ROOT)))
    return os.environ | {"PYTHONPATH": path, "QT_QPA_PLATFORM": "offscreen"}


class Staff:
    """What must hold of who may open the store: `may` do, `must not`, or `either` for the one in flight."""

    def __init__(self) -> None:
        self.inside: set[str] = set()
        self.outside: set[str] = set()
        self.either: set[str] = set()
        self.last = 0
        """The highest number that was given to an account."""

    def heard(self, line: str) -> None:
        """A line of the churning process."""
        word, _, name = line.partition(" ")
        self.inside.discard(name)
        self.outside.discard(name)
        self.either.discard(name)
        self.last = max(self.last, int(name))
        {"added": self.inside, "removed": self.outside}.get(word, self.either).add(name)


def churned(data: Path, seed: int, seconds: float, staff: Staff) -> str:
    """Let staff come and go for so long, then kill; returns how far the last change had come."""
    command = [sys.executable, "-c", CHURN, str(data), str(seed), str(staff.last)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment()) as process:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        first = process.stdout.readline() if ready else b""
        time.sleep(seconds)
        process.kill()
        said = process.stdout.read().decode()
    # Where Python does not buffer, a kill leaves half a line, and half a number is another account's.
    lines = said[: said.rfind("\n") + 1].splitlines()
    if first != b"READY\n":
        raise AssertionError(f"seed {seed}: the store did not open")
    for line in lines:
        staff.heard(line)
    return lines[-1].split()[0] if lines else "nothing"


def kills(rounds: int, rng: random.Random) -> Outcome:
    """Kill a process that adds and removes staff, at random moments."""
    seen = Outcome()
    interrupted: dict[str, int] = {}
    with (
        tempfile.TemporaryDirectory(prefix="kiosk-soak-") as place,
        people.own_device(Path(place) / "device"),
    ):
        data = people.open_shelter(Path(place) / "kiosk")
        with people.unlocked(data) as store:
            desk = Desk(store.ledger, Mode.DRILL, lambda: None, rng.randbytes, store.access)
            desk.receive(Arrival(Method.COUNT, desk.heads(3)))
            connection = store.vault.database.conn
            connection.execute("CREATE TABLE IF NOT EXISTS soak_ballast (b BLOB)")
            connection.execute("INSERT INTO soak_ballast VALUES (randomblob(?))", (BALLAST,))
        staff = Staff()
        for number in range(rounds):
            where = churned(data, rng.randrange(1 << 30), rng.uniform(0.0, 0.25), staff)
            interrupted[where] = interrupted.get(where, 0) + 1
            with seen.timed():
                for what in _wrong(data, staff):
                    seen.fail(f"round {number}, killed while {where}: {what}")
        seen.notes.append(
            "killed while " + ", ".join(f"{what} {n}" for what, n in sorted(interrupted.items()))
        )
    return seen


def _wrong(data: Path, staff: Staff) -> list[str]:
    """What is not as it must be after a kill; settles what became of the change in flight."""
    try:
        with people.unlocked(data) as store:
            names = {slot.name for slot in store.vault.slots.staff} - {people.BOSS}
            newest = store.vault._keys[-1].to_bytes()
            found = _inside(store)
    except KnownError as error:
        return [f"the store does not open: {error.code}"]
    staff.inside |= staff.either & names
    staff.outside |= staff.either - names
    staff.either.clear()
    for is_wrong, what in (
        (staff.inside - names, "somebody who may open the store has no slot"),
        (names - staff.inside, "somebody who was removed has a slot"),
        (
            not all(_opens(data, name, name) for name in staff.inside),
            "somebody's own secret does not open it",
        ),
        (
            any(_opens(data, name) for name in sorted(staff.outside, key=int)[-3:]),
            "a removed secret opens it",
        ),
        (not _opens_database(data, newest), "the slots' newest key does not open the database"),
        (len({(data / name).read_bytes() for name in slots.NAMES}) != 1, "the copies of the slots differ"),
    ):
        if is_wrong:
            found.append(what)
    return found


def _inside(store: opening.OpenStore) -> list[str]:
    connection = store.vault.database.conn
    return [
        what
        for is_wrong, what in (
            (store.ledger.counts().persons != 3, "a household is gone"),
            (store.vault.is_changing, "the change of the key was not finished"),
            (connection.execute("PRAGMA cipher_integrity_check").fetchall(), "pages under another key"),
        )
        if is_wrong
    ]


def _opens(data: Path, number: str, name: str | None = None) -> bool:
    return people.opens(data, people.secret_of(int(number))[1], name)


def _opens_database(data: Path, key: bytes) -> bool:
    try:
        cipher.connect(data / opening.DATABASE, StoreKey.from_bytes(key)).close()
    except KnownError:
        return False
    return True


PEOPLE = [
    ["記憶　検査郎", "キオク　ケンサロウ", "検査県記憶市走査町七丁目八番九号"],
    ["残留　無子", "ザンリュウ　ムコ", "検査県残留市痕跡町一丁目二番三号"],
]
PASSPHRASE = "だれも しらない ことば"


def scans(rounds: int, rng: random.Random) -> Outcome:
    """Unlock, receive, lock; then look through the memory of every process that is left."""
    seen = Outcome()
    locked, controls = [], 0
    for number in range(rounds):
        with (
            tempfile.TemporaryDirectory(prefix="kiosk-soak-", ignore_cleanup_errors=True) as place,
            people.own_device(Path(place) / "device"),
        ):
            told = _one_lock(Path(place), rng)
            seen.rounds += 1
            locked.append(told["seconds"])
            controls += told["control"]
            for what in told["wrong"]:
                seen.fail(f"round {number}: {what}")
    locked.sort()
    seen.notes.append(
        f"lock to lock screen: median {locked[len(locked) // 2]:.2f} s, worst {locked[-1]:.2f} s"
    )
    seen.notes.append(f"the same scan of the open desk found everything in {controls} of {rounds} rounds")
    return seen


def _one_lock(place: Path, rng: random.Random) -> dict:
    data, secrets = place / "kiosk", place / "secrets"
    secrets.mkdir()
    (secrets / "passphrase").write_text(PASSPHRASE)
    (secrets / "people.json").write_text(json.dumps(PEOPLE))
    staff = opening.Staff("係", PASSPHRASE, people.QUICK)
    opening.open_shelter(data, opening.practice_sheet(), staff)
    told = {"wrong": [], "control": 0, "seconds": 0.0}
    command = [sys.executable, str(HELPERS / "locking_desk.py"), str(data), str(secrets)]
    with subprocess.Popen(command, env=environment()) as running:
        try:
            if not _appears(secrets / "unlocked"):
                return told | {"wrong": ["the desk did not open"]}
            looked_for = _looked_for(secrets)
            before = memory.family(running.pid)
            told["control"] = _control(before, running.pid, looked_for, told["wrong"])
            time.sleep(rng.uniform(0.0, 0.2))
            (secrets / "lock").touch()
            begun = time.monotonic()
            if not _appears(secrets / "locked"):
                told["wrong"].append("no lock screen came")
            told["seconds"] = float((secrets / "locked").read_text()) - begun
            told["wrong"] += _left(before, running.pid, looked_for)
        finally:
            (secrets / "end").touch()
            with suppress(subprocess.TimeoutExpired):
                running.wait(PATIENCE)
            running.kill()
    return told


def _looked_for(secrets: Path) -> dict[str, str | bytes]:
    held = json.loads((secrets / "held.json").read_text())
    found: dict[str, str | bytes] = {name: bytes.fromhex(key) for name, key in held.items()}
    found["passphrase"] = PASSPHRASE
    for number, (name, kana, address) in enumerate(PEOPLE):
        found |= {f"name {number}": name, f"kana {number}": kana, f"address {number}": address}
    return found


def _control(before: set[int], launcher: int, looked_for: dict[str, str | bytes], wrong: list[str]) -> int:
    """The scan must see in an open desk what it must not see afterwards. 0 where only root may look."""
    if not all(memory.can_be_read(pid) for pid in before):
        return 0
    found: set[str] = set()
    for pid in before:
        here = memory.found_in(pid, looked_for)
        if pid == launcher and here:
            wrong.append("the launcher knows a secret while the desk is open")
        found |= here
    missing = {"store key", "name 0", "address 0"} - found
    if missing:
        wrong.append(f"the scan is blind: it does not see {', '.join(sorted(missing))} in an open desk")
    return int(not missing)


def _left(before: set[int], launcher: int, looked_for: dict[str, str | bytes]) -> list[str]:
    """Secrets in any process that is left: the launcher, sync, the new desk, and whatever they started."""
    wrong = []
    now = memory.family(launcher) | memory.alive(before)
    if len(now) < 3:
        wrong.append("the launcher, the desk and sync are not all there")
    for pid in sorted(now):
        if not memory.can_be_read(pid):
            continue  # a desk that keeps its memory private, looked at by an ordinary user
        found = sorted(memory.found_in(pid, looked_for))
        wrong += [f"{name} is in the memory of a process after the lock" for name in found]
    return wrong


def _appears(path: Path) -> bool:
    ends = time.monotonic() + PATIENCE
    while not path.exists() or (not path.stat().st_size and path.name == "locked"):
        if time.monotonic() > ends:
            return False
        time.sleep(0.01)
    return True


SOAKS = [
    Soak(
        "keys_kills",
        "Whenever a process that adds and removes staff is killed, the store opens with exactly the right"
        " secrets, and no household is lost.",
        kills,
        short=3,
        long=300,
    ),
    Soak(
        "keys_memory",
        "After a lock no process of the program holds a key, a passphrase or a name.",
        scans,
        short=1,
        long=20,
    ),
]
