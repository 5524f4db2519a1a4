"""The jobs of the stage: a desk that receives on a disk that is recorded, broken or full.

One line of JSON a job on standard input. For each the process id of a child is printed, and when it has
ended, how. The child says what it does in a file outside the disk under test: `ACK <household>` after each
commit, `REFUSED <code>` for each reception that was not taken, `BUG <what>` for what must never be.
"""

from __future__ import annotations

import ctypes
import faulthandler
import itertools
import json
import os
import random
import resource
import shutil
import signal
import sys
import traceback
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from aftermath import patient
from kiosk import hardening
from kiosk.commands import write_forever
from kiosk.core.acts import Source
from kiosk.core.household import Method, Mode
from kiosk.core.notices import Disk
from kiosk.desk import Arrival, Desk, Received
from kiosk.errors import KnownError
from kiosk.store import backup, ballast, cipher, ledger, opening

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
                code = {"desk": desk, "forever": forever, "named": named}[job.pop("do")](**job)
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


def named(
    data: str, says: str, name: str, kana: str, number: str, *, full: bool, crash: bool, private: bool = True
) -> int:
    """Everything a desk does with one person's data, every way it may go wrong, and a crash at the end.

    Temporary files, core dumps and whatever is printed go where they can be looked through.
    """
    os.chdir(Path(data).parent)
    os.environ["TMPDIR"] = str(Path(data).parent)
    for output in (1, 2):
        os.dup2(os.open(says, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), output)
    faulthandler.enable(sys.__stderr__)
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    if private:
        hardening.keep_memory_private()  # as every `kiosk` command does first
    FAULTS.faults_watch(os.fsencode(data), -1)
    opening.open_shelter(Path(data), opening.practice_sheet(), opening.PRACTICE_STAFF)
    store = opening.unlock(Path(data), opening.PRACTICE_PASSPHRASE)
    reception = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, store.access)
    card = Source(Method.CARD, key=sha256(name.encode()).digest()[:16])

    def household():
        person = reception.new_person(name=name, kana=kana, note=name)
        return reception.new_household([person], address=f"{name}町1-2-3", phone=number, note=kana)

    outcome = reception.receive(Arrival(Method.CARD, household(), card))
    reception.roster(kana)
    reception.look_at(outcome.row.household.id)
    reception.leave(outcome.row.household.id, destination=name)
    store.ledger.publish()
    backup.write(store, Path(data).parent / "backup", lambda: START)
    if full:
        FAULTS.faults_room(ctypes.c_int64(0))
    for _ in range(40):
        try:
            reception.receive(Arrival(Method.DESK, household()))
        except KnownError as error:
            sys.stderr.write(f"{error!r} {error} {error.sentence} {error.english} {error.__cause__!r}\n")
    FAULTS.faults_room(ctypes.c_int64(-1))
    store.ledger.rebuild()
    sys.stdout.write(f"{store.ledger.problems(deep=True)}\n{store.ledger.notices}\n{store}\n")
    sys.stdout.flush()
    store.ledger.rest()
    if crash:
        os.kill(os.getpid(), signal.SIGSEGV)
    store.close()
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
    filler: str | None = None,
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
    ballast.LOW = 0
    ballast.Ballast.__init__.__defaults__ = (48 * 1024, ballast.free_bytes)
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
        _evening(Path(data), say, random.Random(seed), households, _Room(Path(data), room, filler))
    except KnownError as error:
        say(f"STOPPED {error.code}")
    except BaseException as error:  # noqa: BLE001 - the very thing that is looked for
        where = traceback.extract_tb(error.__traceback__)[-3:]
        say(f"BUG {type(error).__name__} {error} {[f'{one.name}:{one.lineno}' for one in where]}")
        return 1
    if count:
        Path(count).write_text(str(FAULTS.faults_calls()))
    return 0


class _Room:
    """A disk that has only `room` bytes left for the middle third of the evening.

    With a `filler` the disk is a small real one, and the filler takes the rest of it; without, the preload
    library plays it.
    """

    def __init__(self, data, room, filler):
        self._data, self._room, self._filler = data, room, filler

    @property
    def is_played(self):
        """Whether room is short at some time."""
        return self._room is not None

    def at(self, number, households):
        """Whether the disk is short of room now, as the evening goes on."""
        if self._room is None:
            return False
        if number == households // 3:
            self._take()
        elif number == 2 * households // 3:
            self._give_back()
        return households // 3 <= number < 2 * households // 3

    def _take(self):
        if self._filler is None:
            FAULTS.faults_room(ctypes.c_int64(self._room))
            return
        free = shutil.disk_usage(self._data).free
        with Path(self._filler).open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, free - self._room))

    def _give_back(self):
        if self._filler is None:
            FAULTS.faults_room(ctypes.c_int64(-1))
        else:
            Path(self._filler).unlink()


def _evening(data, say, rng, households, room):
    ticks = itertools.count(1)

    def clock():
        return START + next(ticks) / 10

    if not opening.is_opened(data):
        opening.open_shelter(
            data, opening.practice_sheet(rng.randbytes), opening.PRACTICE_STAFF, rng.randbytes, clock
        )
    store, gate = None, patient(data)
    try:
        for number in range(households):
            short = room.at(number, households)
            if store is None:
                store = opening.unlock(data, opening.PRACTICE_PASSPHRASE, clock, clock, gate=gate)
            if room.is_played and not short and store.ledger.disk is Disk.FULL:
                say("BUG the disk has room again, and the desk says that it is full")
            _receive(store, say, rng, short=short)
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


def _receive(store, say, rng, *, short):
    reception = Desk(store.ledger, Mode.DRILL, lambda: None, rng.randbytes, store.access)
    people = [
        reception.new_person(name=f"練習　{number}郎", kana=f"レンシュウ　{number}ロウ")
        for number in range(rng.randint(1, 5))
    ]
    household = reception.new_household(people, address="練習市1-2-3", note="x" * rng.randint(0, 300))
    try:
        outcome = reception.receive(Arrival(Method.DESK, household))
    except KnownError as error:
        say(f"{'REFUSED' if short else 'TURNED_AWAY'} {error.code}")
        _read_all_the_same(store, say)
        return
    assert isinstance(outcome, Received)
    say(f"ACK {outcome.committed.household.hex()}")


def _read_all_the_same(store, say):
    """What is here can be looked up and counted when nothing can be written."""
    try:
        store.ledger.roster("レンシュウ")
        store.ledger.counts()
    except KnownError as error:
        say(f"UNREAD {error.code}")


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
