"""`kiosk run` as processes: started again when locked, reporting all the while, ended in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from kiosk import launcher
from kiosk.core.locking import EXIT_LOCKED
from kiosk.errors import KnownError
from kiosk.launcher import Launcher
from kiosk.store import closing, opening, slots


class World:
    """Processes that end when the script says so, and a clock that waiting moves.

    `desks` are the exit codes of one shown desk after the other, `syncs` how long each sync process lives,
    `spares` how long each desk that was made ready lives while it waits.
    """

    def __init__(self, desks, syncs=(), desk_seconds=100.0, spares=()):
        self.now = 0.0
        self.desks, self.syncs, self.spares = list(desks), list(syncs), list(spares)
        self.desk_seconds = desk_seconds
        self.alive, self.started = [], []

    def start(self, kind):
        script = self.spares if kind == "ready" else self.syncs
        self.alive.append(Child(self, self.now + (script.pop(0) if script else 1e9)))
        self.started.append((kind, round(self.now, 1)))
        return self.alive[-1]

    def wait(self, sentinels, seconds):
        ends = [child.ends for child in self.alive if child.sentinel in sentinels]
        self.now = max(self.now, min([*ends, float("inf") if seconds is None else self.now + seconds]))
        return []

    def launcher(self):
        return Launcher(lambda: self.start("ready"), lambda: self.start("sync"), lambda: self.now, self.wait)

    def times(self, kind):
        return [at for what, at in self.started if what == kind]


class Child:
    def __init__(self, world, ends):
        self.world, self.ends, self.code = world, ends, 1
        self.closed = self.told = False
        self.sentinel = id(self)

    @property
    def exitcode(self):
        assert not self.closed
        return self.code if self.world.now >= self.ends else None

    def show(self):
        if self.ends > self.world.now:
            self.ends, self.code = self.world.now + self.world.desk_seconds, self.world.desks.pop(0)
        self.world.started.append(("desk", round(self.world.now, 1)))

    def terminate(self):
        self.told, self.ends = True, min(self.ends, self.world.now)

    kill = terminate

    def join(self, _timeout=None):
        pass

    def close(self):
        assert self.exitcode is not None
        self.closed = True


def test_a_locked_desk_is_started_again_and_sync_goes_on():
    """Locked three times in a shift: four desks, one sync process, and nothing left at the end."""
    world = World([EXIT_LOCKED, EXIT_LOCKED, EXIT_LOCKED, 0])
    assert world.launcher().run() == 0
    assert len(world.times("desk")) == 4
    assert world.times("sync") == [launcher.SYNC_AFTER]
    assert all(child.closed for child in world.alive)


def test_the_next_desk_stands_ready():
    """A while after a desk was shown the next one is loaded, so that a lock screen comes at once."""
    world = World([EXIT_LOCKED, EXIT_LOCKED, 0])
    world.launcher().run()
    after = launcher.SPARE_AFTER
    assert world.times("ready") == [0.0, after, 100.0 + after, 200.0 + after]
    assert world.times("desk") == [0.0, 100.0, 200.0]


def test_a_desk_that_locks_before_the_next_is_ready():
    """Then it is loaded when it is needed."""
    world = World([EXIT_LOCKED, 0], desk_seconds=5.0)
    world.launcher().run()
    assert world.times("ready") == [0.0, 5.0]


def test_a_spare_that_ends_is_replaced():
    """A spare is not counted as a desk that breaks."""
    world = World([EXIT_LOCKED, 0], spares=[1e9, 10.0, 10.0])
    assert world.launcher().run() == 0
    assert world.times("ready") == [0.0, 15.0, 40.0, 65.0, 115.0]


@pytest.mark.parametrize("code", [0, 1, 2])
def test_a_closed_or_refused_desk_ends_the_program(code):
    """Its exit code is the program's, and the sync process ends with it."""
    world = World([code])
    assert world.launcher().run() == code
    assert all(child.told for child in world.alive[1:])


@pytest.mark.parametrize("code", [-9, -11, launcher.BROKEN, 255])
def test_a_broken_desk_is_started_again(code):
    """A desk that was killed or broke comes back at the lock screen."""
    world = World([code, 0])
    assert world.launcher().run() == 0
    assert len(world.times("desk")) == 2


def test_a_desk_that_breaks_again_and_again_is_given_up():
    """Three times within a minute: staff are told to go on with paper."""
    world = World([-11] * 9, desk_seconds=2.0)
    with pytest.raises(KnownError, match="desk_breaks") as caught:
        world.launcher().run()
    assert "紙" in caught.value.sentence
    assert len(world.times("desk")) == 3
    assert all(child.closed for child in world.alive)


def test_a_desk_that_breaks_now_and_then_is_not_given_up():
    """Once in a while is no loop."""
    world = World([*[-11] * 9, 0], desk_seconds=100.0)
    assert world.launcher().run() == 0


def test_sync_comes_back_later_and_later():
    """A sync process that ends is started again after 1, 2, 5, 15, 60 seconds, and never given up."""
    world = World([0], syncs=[1.0] * 8, desk_seconds=300.0)
    world.launcher().run()
    begun = world.times("sync")
    pauses = [round(after - before - 1.0, 1) for before, after in pairwise(begun)]
    assert pauses[:7] == [1.0, 2.0, 5.0, 15.0, 60.0, 60.0, 60.0]


def test_sync_that_lived_long_comes_back_at_once():
    """After two minutes of good work the waits begin anew."""
    world = World([0], syncs=[1.0, 1.0, 1.0, 200.0], desk_seconds=300.0)
    world.launcher().run()
    begun = world.times("sync")
    assert begun[4] - begun[3] == pytest.approx(201.0)


def test_told_to_end_it_closes_the_desk_first():
    """A launcher that is told to end closes the desk and does not start it again."""
    world = World([-15, 0])
    running = world.launcher()
    wait = running.wait

    def told(sentinels, seconds):
        running.end()
        return wait(sentinels, seconds)

    running.wait = told
    assert running.run() == 0
    assert len(world.times("desk")) == 1


# -- real processes ------------------------------------------------------------------------------------

PROGRAM = """
import os, sys, time
from pathlib import Path
from kiosk import launcher

def desk(folder):
    launcher.run_desk(lambda: scripted(Path(folder)))

def load():
    pass

def scripted(folder):
    with (folder / "desks").open("a") as file:
        file.write(f"{os.getpid()}\\n")
    times = len((folder / "desks").read_text().splitlines())
    if times == 2:
        os.kill(os.getpid(), 9)
    if times == 4:
        (folder / "waiting").touch()
        time.sleep(60)
    return 75

if __name__ == "__main__":
    sys.exit(launcher.launch(desk, (sys.argv[1],), Path(sys.argv[1]), load))
"""


@pytest.mark.skipif(os.name == "nt", reason="sends a signal")
def test_real_processes_are_started_again_and_ended(tmp_path):
    """Locked, killed, locked, and ended by a signal: four desks came, and none is left."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    running = subprocess.Popen(
        [sys.executable, program, tmp_path], env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    )
    try:
        ends = time.monotonic() + 60
        while not (tmp_path / "waiting").exists() and time.monotonic() < ends:
            time.sleep(0.05)
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0
    finally:
        running.kill()
        running.wait()
    pids = [int(line) for line in (tmp_path / "desks").read_text().splitlines()]
    assert len(set(pids)) == 4
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def kiosk(*arguments):
    return [sys.executable, "-m", "kiosk.cli", *map(str, arguments)]


OFFSCREEN = os.environ | {"QT_QPA_PLATFORM": "offscreen"}


@pytest.mark.parametrize(
    ("names", "said"),
    [(slots.NAMES, "鍵の ファイル"), ((closing.BEGUN,), "消去の 記録")],
    ids=["slots", "closing"],
)
def test_what_keeps_a_desk_from_opening_is_said_once(tmp_path, names, said):
    """The desk's process refuses, and the program ends with its sentence and exit code."""
    for name in names:
        (tmp_path / name).write_bytes(b"nothing that can be read")
    ended = subprocess.run(
        kiosk("run", "--data", tmp_path),
        env=OFFSCREEN,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    assert ended.stderr.count(said) == 1
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="sends a signal")
def test_a_fresh_laptop_shows_a_window_and_keeps_its_folder_to_itself(tmp_path):
    """`kiosk run` without a store waits for an opening sheet; what will lie in its folder is its owner's."""
    data = tmp_path / "kiosk"
    with subprocess.Popen(
        kiosk("run", "--data", data, "--window", "--camera", tmp_path / "none.mp4"),
        env=OFFSCREEN,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        ends = time.monotonic() + 60
        while not data.exists() and time.monotonic() < ends:
            time.sleep(0.05)
        time.sleep(1.0)
        assert running.poll() is None
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0
        assert "Traceback" not in running.stderr.read()
    assert data.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.name == "nt", reason="sends a signal")
def test_the_desk_is_closed_in_order_when_the_program_is_told_to_end(tmp_path):
    """`kiosk run` ends with 0 on SIGTERM, and its store was closed: no write-ahead log is left."""
    data = tmp_path / "kiosk"
    opening.open_shelter(data, opening.practice_sheet(), opening.PRACTICE_STAFF)
    with subprocess.Popen(
        kiosk("run", "--data", data, "--window", "--camera", tmp_path / "none.mp4"), env=OFFSCREEN
    ) as running:
        ends = time.monotonic() + 60
        # The open store shows by its log.
        while not (data / "store.db-wal").exists() and time.monotonic() < ends:
            time.sleep(0.05)
        time.sleep(1.0)
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0
    assert not (data / "store.db-wal").exists() or not (data / "store.db-wal").stat().st_size


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_a_process_that_holds_the_key_keeps_its_memory_private():
    """No core dump, and no other program of this user reads it."""
    code = (
        "import ctypes, resource\n"
        "from kiosk.hardening import keep_memory_private\n"
        "keep_memory_private()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "(0, 0) 0"
