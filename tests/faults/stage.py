"""The jobs of the stage: a desk that receives on a disk that is recorded, broken or full.

One line of JSON a job on standard input. For each the process id of a child is printed, and when it has
ended, how. The child says what it does in a file outside the disk under test: `ACK <household>` after each
commit, `REFUSED <code>` for each reception that was not taken, `BUG <what>` for what must never be.
"""

from __future__ import annotations

import ctypes
import itertools
import json
import os
import random
import sys
import traceback
from contextlib import suppress
from pathlib import Path

from kiosk.commands import write_forever
from kiosk.core.household import Method, Mode
from kiosk.desk import Arrival, Desk, Received
from kiosk.errors import KnownError
from kiosk.store import ballast, cipher, ledger, opening

FAULTS = ctypes.CDLL(None)
START = 1_700_000_000.0
ENDLESS = (1 << 62) - 1


def main() -> None:
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = {"desk": desk, "forever": forever}[job.pop("do")](**job)
            finally:
                os._exit(code)
        _tell(child)
        _, status = os.waitpid(child, 0)
        _tell(os.waitstatus_to_exitcode(status))


def _tell(number):
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def forever(data: str, says: str) -> int:
    """`kiosk write-forever`, its output in a file."""
    os.dup2(os.open(says, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 1)
    write_forever.command.main(["--data", data], standalone_mode=False)
    return 0


def desk(
    data: str,
    says: str,
    *,
    seed: int = 1,
    households: int = 20,
    record: str | None = None,
    fail: tuple[int, int, bool, int] | None = None,
    room: int | None = None,
    room_after: int = 0,
    count: str | None = None,
    normal: bool = False,
    witness_first: bool = False,
) -> int:
    """Open a shelter if there is none, receive, publish, rest, lock and unlock now and then, close."""
    if normal:
        full = cipher.PRAGMAS
        cipher.PRAGMAS = tuple(text.replace("synchronous=FULL", "synchronous=NORMAL") for text in full)
        assert full != cipher.PRAGMAS
    if witness_first:
        _say_before_the_commit()
    # The scratch disk is smaller than a laptop's.
    ballast.LOW, ballast.SIZE = 0, 256 * 1024
    saying = os.open(says, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def say(text: str) -> None:
        FAULTS.faults_note(text.encode())
        os.write(saying, (text + "\n").encode())

    log = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) if record else -1
    FAULTS.faults_watch(os.fsencode(data), log)
    if fail is not None:
        FAULTS.faults_fail(ctypes.c_long(fail[0]), fail[1], int(fail[2]), fail[3])
    elif count:
        FAULTS.faults_fail(ctypes.c_long(ENDLESS), 5, 0, 15)
    try:
        _evening(Path(data), say, random.Random(seed), households, room, room_after)
    except KnownError as error:
        say(f"STOPPED {error.code}")
    except BaseException as error:  # noqa: BLE001 - the very thing that is looked for
        where = traceback.extract_tb(error.__traceback__)[-3:]
        say(f"BUG {type(error).__name__} {error} {[f'{one.name}:{one.lineno}' for one in where]}")
        return 1
    if count:
        Path(count).write_text(str(FAULTS.faults_calls()))
    return 0


def _evening(data, say, rng, households, room, room_after):
    ticks = itertools.count(1)

    def clock():
        return START + next(ticks) / 10

    if not opening.is_opened(data):
        opening.open_shelter(
            data, opening.practice_sheet(rng.randbytes), opening.PRACTICE_STAFF, rng.randbytes, clock
        )
    store = None
    try:
        for number in range(households):
            if room is not None and number == room_after:
                FAULTS.faults_room(ctypes.c_int64(room))
            if store is None:
                store = opening.unlock(data, opening.PRACTICE_PASSPHRASE, clock, clock)
            _receive(store, say, rng)
            habit = rng.random()
            if habit < 0.4:
                with suppress(KnownError):
                    store.ledger.publish()
            elif habit < 0.5:
                store.ledger.rest()
            elif habit < 0.55:
                _lock(store)
                store = None
    finally:
        if store is not None:
            _lock(store)


def _receive(store, say, rng):
    reception = Desk(store.ledger, Mode.DRILL, lambda: None, rng.randbytes, store.access)
    people = [
        reception.new_person(name=f"練習　{number}郎", kana=f"レンシュウ　{number}ロウ")
        for number in range(rng.randint(1, 5))
    ]
    household = reception.new_household(people, address="練習市1-2-3", note="x" * rng.randint(0, 300))
    try:
        outcome = reception.receive(Arrival(Method.DESK, household))
    except KnownError as error:
        say(f"REFUSED {error.code}")
        return
    assert isinstance(outcome, Received)
    say(f"ACK {outcome.committed.household.hex()}")


def _lock(store):
    with suppress(KnownError):
        store.ledger.publish()
    with suppress(KnownError):
        store.ledger.close()


def _say_before_the_commit():
    """A desk as it must not be: its witness speaks before the commit."""
    put = ledger.Ledger._transaction

    def early(self):
        real = put(self)

        class Early:
            def __enter__(_):  # noqa: N805 - two selves
                return real.__enter__()

            def __exit__(_, *error):  # noqa: N805 - two selves
                head = self.parts.log.signed_head()
                if head is not None:
                    self.parts.witness.say(head)
                    self.parts.witness.sync()
                return real.__exit__(*error)

        return Early()

    ledger.Ledger._transaction = early


if __name__ == "__main__":
    main()
