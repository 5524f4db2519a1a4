"""`kiosk run` as processes: a small parent, the desk, and the sync process beside it.

The desk holds the store's key while it is unlocked. To lock is to end it: no library can be trusted to wipe
what it copied. The parent starts it again, at the lock screen, and sees that reporting to HQ goes on from
the outbox all the while. The parent itself holds no key, loads no window, no store and no device, and reads
nothing but how its children ended.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Protocol

from kiosk import console, hardening
from kiosk.core.locking import EXIT_LOCKED
from kiosk.errors import KnownError

CLOSED, REFUSED, MISUSED = 0, 1, 2
BROKEN = 70
"""The desk's exit code for a mistake of ours."""
_FINAL = frozenset({CLOSED, REFUSED, MISUSED})
CRASHES, WITHIN = 3, 60.0
"""A desk that breaks so often within so many seconds is not started again."""
SYNC_AFTER = 2.0
"""Seconds that the first sync process leaves to the window to come up."""
SYNC_WAITS = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Seconds before a sync process that ended is started again; the last one from then on."""
LIVED = 120.0
"""A sync process that lived so long ended for a new reason: its waits begin anew."""
SPARE_AFTER = 15.0
"""Seconds after a desk began when the next one is made ready: not while the first still loads."""
LONGEST_WAIT = 3600.0
"""Some systems refuse to wait for longer at once."""
PATIENCE = 10.0
"""Seconds that a desk has to write down what is on its way when the launcher is told to end."""


class Child(Protocol):
    """What the launcher needs of a process."""

    @property
    def sentinel(self) -> int:
        """Ready when it ended."""

    @property
    def exitcode(self) -> int | None:
        """None while it lives."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it."""

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""

    def close(self) -> None:
        """Let it go."""


class Desk(Child, Protocol):
    """A desk's process, made ready: it has loaded what it needs, holds nothing, and waits to be shown."""

    def show(self) -> None:
        """Show the window."""


Wait = Callable[[Sequence[int], float | None], Sequence[object]]
"""Until one of these is ready, or so many seconds are over; those that are ready."""


def _wait(sentinels: Sequence[int], seconds: float | None) -> Sequence[object]:
    return connection.wait(sentinels, None if seconds is None else min(seconds, LONGEST_WAIT))


@dataclass(slots=True)
class Launcher:
    """Keeps a desk and a sync process alive until the desk is closed, and the next desk ready."""

    start_desk: Callable[[], Desk]
    start_sync: Callable[[], Child]
    clock: Callable[[], float] = time.monotonic
    wait: Wait = _wait
    spare_after: float = SPARE_AFTER
    _desk: Desk | None = None
    _spare: Desk | None = None
    _spare_due: float | None = None
    _sync: Child | None = None
    _sync_begun: float = 0.0
    _sync_due: float | None = None
    _sync_ended: int = 0
    _crashes: list[float] = field(default_factory=list)
    _told_to_end: bool = False

    def run(self) -> int:
        """Until the desk is closed; returns the exit code.

        Raises:
            KnownError: `desk_breaks`.
        """
        try:
            self._show_desk()
            self._sync_due = self.clock() + SYNC_AFTER
            while True:
                code = self._until_the_desk_ends()
                if self._told_to_end:
                    return CLOSED
                if code in _FINAL:
                    return code
                if code != EXIT_LOCKED:
                    self._broke()
                self._show_desk()
        finally:
            _end(self._desk, PATIENCE)
            _end(self._spare, 0.0)
            _end(self._sync, PATIENCE / 2)

    def end(self) -> None:
        """Close the desk and end; may be called from a signal's handler."""
        self._told_to_end = True
        if self._desk is not None:
            # Its own handler closes the window, and with it the store.
            with suppress(ValueError, AttributeError, OSError):
                self._desk.terminate()

    def _until_the_desk_ends(self) -> int:
        while True:
            children = (self._desk, self._spare, self._sync)
            dues = [due - self.clock() for due in (self._sync_due, self._spare_due) if due is not None]
            self.wait(
                [child.sentinel for child in children if child is not None],
                max(0.0, min(dues)) if dues else None,
            )
            if self._sync is not None and self._sync.exitcode is not None:
                self._lost_sync()
            if self._sync_due is not None and self.clock() >= self._sync_due:
                self._begin_sync()
            self._look_after_the_spare()
            if self._desk is not None and self._desk.exitcode is not None:
                code = self._desk.exitcode
                self._desk.close()
                self._desk = None
                return code

    def _show_desk(self) -> None:
        if self._spare is not None and self._spare.exitcode is None:
            self._desk, self._spare = self._spare, None
        else:
            self._desk = self.start_desk()
        self._desk.show()
        self._spare_due = self.clock() + self.spare_after

    def _look_after_the_spare(self) -> None:
        if self._spare is not None and self._spare.exitcode is not None:
            self._spare.close()
            self._spare, self._spare_due = None, self.clock() + self.spare_after
        elif self._spare_due is not None and self.clock() >= self._spare_due:
            self._spare_due = None
            if self._spare is None:
                self._spare = self.start_desk()

    def _begin_sync(self) -> None:
        self._sync_due, self._sync_begun = None, self.clock()
        self._sync = self.start_sync()

    def _lost_sync(self) -> None:
        if self._sync is not None:
            self._sync.close()
        self._sync = None
        if self.clock() - self._sync_begun >= LIVED:
            self._sync_ended = 0
        self._sync_due = self.clock() + SYNC_WAITS[min(self._sync_ended, len(SYNC_WAITS) - 1)]
        self._sync_ended += 1

    def _broke(self) -> None:
        now = self.clock()
        self._crashes = [at for at in self._crashes if now - at < WITHIN] + [now]
        if len(self._crashes) >= CRASHES:
            raise KnownError(
                "desk_breaks",
                "受付の 画面が 何度も 止まります。紙で 受付けて、係の人を よんでください。",
                "the desk broke several times in a row and is not started again; run `kiosk doctor`",
            )


def _end(child: Child | None, seconds: float) -> None:
    if child is None:
        return
    child.terminate()
    child.join(seconds)
    if child.exitcode is None:
        child.kill()
        child.join()
    child.close()


def spawned(target: Callable[..., None], *arguments: object, daemon: bool) -> SpawnProcess:
    """A process of our own; spawned, so that it inherits nothing. A daemon may have no children itself."""
    process = multiprocessing.get_context("spawn").Process(target=target, args=arguments, daemon=daemon)
    process.start()
    return process


class SpawnedDesk:
    """A `Desk` as a spawned process: the end of a pipe tells it when to show itself."""

    def __init__(
        self, load: Callable[[], None], desk: Callable[..., None], arguments: Sequence[object]
    ) -> None:
        theirs, self._ours = multiprocessing.get_context("spawn").Pipe(duplex=False)
        self._process = spawned(_ready, theirs, load, desk, tuple(arguments), daemon=False)
        theirs.close()

    @property
    def sentinel(self) -> int:
        """Ready when it ended."""
        return self._process.sentinel

    @property
    def exitcode(self) -> int | None:
        """None while it lives."""
        return self._process.exitcode

    def show(self) -> None:
        """Show the window."""
        with suppress(OSError):  # it ended meanwhile, and is started again
            self._ours.send(None)

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def kill(self) -> None:
        """End it."""
        self._process.kill()

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""
        self._process.join(timeout)

    def close(self) -> None:
        """Let it go."""
        self._ours.close()
        self._process.close()


def _ready(
    told: connection.Connection[object, None],
    load: Callable[[], None],
    desk: Callable[..., None],
    arguments: tuple[object, ...],
) -> None:
    load()
    try:
        told.recv()
    except EOFError:
        return  # the launcher is gone: nobody waits for this desk
    finally:
        told.close()
    desk(*arguments)


def launch(
    desk: Callable[..., None],
    arguments: Sequence[object],
    data: Path,
    load: Callable[[], None],
    spare_after: float = SPARE_AFTER,
) -> int:
    """Run `desk(*arguments)` in a process of its own, again after each lock, and sync beside it.

    `load` imports what the desk needs and nothing else: it is called in the process before it is its turn.
    All are functions of modules. Returns the exit code.

    Raises:
        KnownError: `desk_breaks`.
    """
    launcher = Launcher(
        lambda: SpawnedDesk(load, desk, arguments),
        lambda: spawned(_sync, str(data), daemon=True),
        spare_after=spare_after,
    )
    before = {
        # The terminal tells the desk itself; the launcher waits for it.
        signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None),
        signal.SIGTERM: signal.signal(signal.SIGTERM, lambda *_: launcher.end()),
    }
    try:
        return launcher.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _sync(data: str) -> None:
    """The sync process. It holds no key of the store and reads no name."""
    from sync import runner  # noqa: PLC0415 - only this process loads the HTTP library

    runner.main(data)


@dataclass(frozen=True, slots=True)
class DeskOptions:
    """How the desk of `kiosk run` is shown and when it locks."""

    data: Path
    camera: str
    """Empty: the one that was chosen on this laptop."""
    windowed: bool
    idle_minutes: int | None
    """None: as chosen there."""


def load_desk() -> None:
    """Load the window's and the store's libraries, which takes most of a desk's start.

    What is loaded stays for good: to look for garbage in it while it grows takes a tenth of a second, and
    later every collection would walk through it again.
    """
    gc.disable()
    try:
        import kiosk.wiring  # noqa: F401, PLC0415 - the launcher's own process stays small
        import ui.app  # noqa: F401, PLC0415 - as above
    finally:
        gc.freeze()
        gc.enable()


def desk(options: DeskOptions) -> None:
    """The desk's process: ends with `EXIT_LOCKED`, or as the window was closed."""
    run_desk(lambda: _show(options))


def run_desk(show: Callable[[], int]) -> None:
    """Show a desk and end this process with its exit code; a known error is said in one sentence."""
    hardening.keep_memory_private()
    try:
        code = show()
    except KnownError as error:
        console.say(error)
        code = REFUSED
    except Exception as error:  # noqa: BLE001 - our bug: the launcher tries again
        console.say_bug(error)
        code = BROKEN
    if code == EXIT_LOCKED:
        # Everything is closed. Taking the interpreter down in order would only keep its memory for longer.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _show(options: DeskOptions) -> int:
    from kiosk import uptime, wiring  # noqa: PLC0415 - the launcher's own process stays small
    from kiosk.core.locking import AutoLock  # noqa: PLC0415 - as above
    from kiosk.store import closing, opening  # noqa: PLC0415 - as above

    # A closing that was cut off is finished before anything else: the decision was made.
    closing.resume(options.data, time.time)
    if not opening.is_opened(options.data):
        founding = wiring.FoundingStation(options.data, wiring.real_devices(options.data, options.camera))
        from ui import app  # noqa: PLC0415 - Qt is loaded after everything that can refuse

        return app.run(founding, full_screen=not options.windowed, again=True)
    practice = opening.is_practice(options.data)
    station = wiring.DeskStation(
        options.data,
        wiring.real_devices(options.data, options.camera),
        passphrase=opening.PRACTICE_PASSPHRASE if practice else None,
        reports=False,
    )
    from ui import app  # noqa: PLC0415 - Qt is loaded after everything that can refuse

    # A store of invented people opens by itself: there would be nothing to unlock it with.
    # Asked when it is unlocked: it may have been chosen anew since the desk was made.
    lock = (
        None
        if practice
        else lambda: AutoLock(uptime.seconds, options.idle_minutes or station.settings.lock_minutes)
    )
    return app.run(station, full_screen=not options.windowed, lock=lock)
