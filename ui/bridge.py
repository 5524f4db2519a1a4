"""The one crossing between the window and the world: inputs in, effects out, threads kept apart.

The window's thread never waits. The desk and its ledger live on one thread of their own, which does its
jobs in order; devices push from theirs. What crosses is values; nothing here draws or decides.
"""

from __future__ import annotations

import logging
import queue
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from kiosk import flow
from kiosk.core.counts import Counts
from kiosk.desk import Arrival, Transfer
from kiosk.errors import BugError, KnownError
from kiosk.flow import Effect, Failed, Input, State, Work
from ui import cameras
from ui.errands import AT_ONCE, CHANGES, ERRANDS, filed
from ui.keeper import Founder, Keeper
from ui.keeping import FOUNDING, KEEPING
from ui.stage import Ambient, Place
from ui.station import DeskPort, Frame, Reception, Station

AMBIENT_MS = 1000
REST_MS = 20_000
"""Nobody came for so long: the store is put in order, which a reception would have to wait for."""
POST_MS = 2000
"""What the sync process is handed waits this long after a reception: several travel in one segment."""
COUNT_EVERY = 10
"""Ambient ticks between looks at the counts: what other desks received shows up too."""

log = logging.getLogger(__name__)


def report(error: BaseException) -> None:
    """Log where it broke and nothing that anyone told: messages of foreign exceptions may hold it."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
    log.error("%s at %s", type(error).__name__, where)


class DeskThread:
    """The thread on which the store is opened, used and closed. Jobs are done in order, all of them."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="desk", daemon=True)
        self._thread.start()

    def do(self, job: Callable[[], None]) -> None:
        """Do this after what was asked before; returns at once."""
        self._jobs.put(job)

    def finish(self, seconds: float) -> None:
        """Do what was asked, then end; wait no longer than this."""
        self._jobs.put(None)
        self._thread.join(seconds)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception as error:  # noqa: BLE001 - the desk's thread must outlive any mistake of ours
                report(error)


class Bridge(QObject):
    """Holds the flow's state and carries out its effects."""

    stepped = Signal(object)
    """The state to draw (`kiosk.flow.State`)."""
    ambient_changed = Signal(object)
    """`ui.stage.Ambient`."""
    sounded = Signal(str)
    spoken = Signal(str)
    """The language to show; empty means the desk's own."""
    quit_wanted = Signal()
    lock_wanted = Signal()
    """Somebody else takes over: the key must go."""
    settled = Signal(object)
    """What was chosen for this laptop holds now (`kiosk.settings.Settings`)."""

    _arrived = Signal(object)
    _counted = Signal(object)
    _told = Signal()

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self.place = Place(station.shelter_name, station.desk_label, station.mode, station.capacity)
        self.state: State = self._first().state
        self._desk: DeskPort | None = None
        self._thread = DeskThread()
        self._counts: Counts | None = None
        self._started = self._watching = self._closed = False
        self._ticks = 0
        self._cameras: object | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self.put(flow.TimeUp()))
        self._post = QTimer(self)
        self._post.setSingleShot(True)
        self._post.setInterval(POST_MS)
        self._post.timeout.connect(lambda: self._thread.do(self._publish))
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(REST_MS)
        self._idle.timeout.connect(lambda: self._thread.do(self._rest))
        self._clock = QTimer(self)
        self._clock.setInterval(AMBIENT_MS)
        self._clock.timeout.connect(self._look_around)
        # Always queued: an input that arrives while another is answered waits its turn.
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._wait_to_publish, Qt.ConnectionType.QueuedConnection)
        self._counted.connect(self._take_counts, Qt.ConnectionType.QueuedConnection)

    # For the window

    def begin(self) -> None:
        """Show the first state; call after the window was painted, so that nothing delays its picture."""
        self._answer(self._first())
        self._look_around()
        self._clock.start()
        if self._station.reception is None:
            # The sheet is held before the camera while nothing is open yet.
            self._start()

    def begin_again(self) -> None:
        """The desk was locked and no other process takes over: ask anew whose it is."""
        self._answer(self._first())

    def _first(self) -> flow.Step:
        here = self._station.reception
        return flow.begin_founding() if here is None else flow.begin(asks=here.asks_passphrase)

    def _start(self) -> None:
        self._started = True
        self._station.start(self.push)
        self._cameras = cameras.watch(self._station.cameras_seen)

    def put(self, event: Input) -> None:
        """An input from the window's own thread."""
        self._answer(flow.step(self.state, event))
        if isinstance(event, flow.ShelterErased):
            # There is nothing left to count, to lay or to look at.
            self._desk = None
        if isinstance(event, flow.SettingsRead):
            self.settled.emit(event.equipment.settings)
        if isinstance(event, flow.Opened) and not self._started:
            self._start()
            self._watch()

    def push(self, event: Input) -> None:
        """An input from any thread."""
        self._arrived.emit(event)

    def open_asked(self) -> None:
        """F1: the stopwatch starts with the key."""
        stopwatch, today = self._station.stopwatch(), self._station.now().date()
        here = self._station.reception
        self.put(flow.AskOpened(stopwatch, today, () if here is None else tuple(here.towns)))

    def open_count(self) -> None:
        """F5: the stopwatch starts with the key."""
        self.put(flow.CountOpened(self._station.stopwatch()))

    def latest_frame(self) -> Frame | None:
        """The camera's newest picture."""
        return self._station.latest_frame()

    @property
    def ambient(self) -> Ambient:
        """What is around, now."""
        return Ambient(self._station.now(), self._station.surroundings(), self._counts)

    def close(self) -> None:
        """Write down what is on its way, close the store, end the thread. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._timer.stop()
        self._post.stop()
        self._idle.stop()
        self._clock.stop()
        self._thread.do(self._station.close)
        self._thread.finish(10.0)

    def _wait_to_publish(self) -> None:
        if not self._post.isActive() and not self._closed:
            self._post.start()

    # Answers and effects

    def _answer(self, step: flow.Step) -> None:
        changed = step.state != self.state
        self.state = step.state
        if changed:
            self._timer.stop()
        for effect in step.effects:
            self._carry_out(effect)
        self._watch()
        if isinstance(step.state, flow.Ready):
            self._idle.start()
        else:
            self._idle.stop()
        self.stepped.emit(step.state)

    def _watch(self) -> None:
        wanted = self._started and flow.watches_codes(self.state)
        if wanted != self._watching:
            self._watching = wanted
            self._reception().watch_codes(wanted=wanted)

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case flow.OpenDesk():
                self._try(Work.OPEN, lambda: self._open(effect))
            case flow.Receive():
                self._receive(effect.arrival)
            case flow.StartTimer():
                self._timer.start(round(effect.seconds * 1000))
            case flow.Sound():
                self.sounded.emit(effect.name)
            case flow.Speak():
                self.spoken.emit(effect.language)
            case flow.Lock():
                self.lock_wanted.emit()
            case flow.Quit():
                self.quit_wanted.emit()
            case _ if type(effect) in AT_ONCE:
                told = AT_ONCE[type(effect)](self._reception(), effect)
                if told is not None:
                    self.push(told)
            case _:
                self._send(effect)

    def _send(self, effect: Effect) -> None:
        """To the desk's thread, with whoever there knows how."""
        kind = type(effect)
        if (founding := FOUNDING.get(kind)) is not None:
            self._try(Work.KEEP, lambda: founding(self._founder(), effect))
        elif (keeping := KEEPING.get(kind)) is not None:
            self._try(Work.KEEP, lambda: self._kept(keeping(self._keeper(), effect)))
        else:
            work, errand = ERRANDS[kind]
            self._try(work, lambda: errand(self._known_desk(), effect, self._reception()))

    @Slot(object)
    def _take(self, event: Input) -> None:
        if self._closed:
            return
        self.put(event)
        if isinstance(event, flow.DeviceChanged):
            self.ambient_changed.emit(self.ambient)

    @Slot(object)
    def _take_counts(self, counts: Counts) -> None:
        self._counts = counts
        self.ambient_changed.emit(self.ambient)

    def _look_around(self) -> None:
        self.ambient_changed.emit(self.ambient)
        self._ticks += 1
        if self._started and self._ticks % COUNT_EVERY == 0:
            self._thread.do(self._count)

    # On the desk's thread

    def _try(self, work: Work, job: Callable[[], Input]) -> None:
        """Do it on the desk's thread and push how it went."""

        def tried() -> None:
            try:
                outcome = job()
            except KnownError as error:
                outcome = Failed(work, error.code, error.sentence)
            except Exception as error:  # noqa: BLE001 - our bug: the desk says sorry and goes on
                report(error)
                outcome = Failed(work, "bug")
            self.push(outcome)
            if self._desk is not None and work in CHANGES:
                self._count()
                self._told.emit()

        self._thread.do(tried)

    def _known_desk(self) -> DeskPort:
        if self._desk is None:
            raise KnownError("locked", "係の人の 合い言葉が いります。", "the store is locked")
        return self._desk

    def _kept(self, outcome: Input) -> Input:
        """What was looked after stands in the log, too: HQ is to have it, while there is a log."""
        if not isinstance(outcome, flow.ShelterErased):
            self._told.emit()
        return outcome

    def _keeper(self) -> Keeper:
        keeper = self._reception().keeper
        if keeper is None:
            raise KnownError("locked", "係の人の 合い言葉が いります。", "the store is locked")
        return keeper

    def _reception(self) -> Reception:
        if self._station.reception is None:
            raise BugError("a laptop without a shelter has no desk")
        return self._station.reception

    def _founder(self) -> Founder:
        if self._station.founder is None:
            raise BugError("this laptop is a shelter's kiosk already")
        return self._station.founder

    def _open(self, effect: flow.OpenDesk) -> Input:
        self._desk = self._reception().open(effect.passphrase)
        return flow.Opened()

    def _receive(self, arrival: Arrival | Transfer) -> None:
        watch = arrival.stopwatch
        asked = watch.elapsed if watch is not None else 0.0

        def job() -> Input:
            desk = self._known_desk()
            if watch is not None:
                watch.add_machine(watch.elapsed - asked)
            if isinstance(arrival, Transfer):
                return desk.take_over(arrival.slip, watch)
            return desk.receive(replace(arrival, household=filed(desk, arrival.household)))

        self._try(Work.RECEIVE, job)

    def _publish(self) -> None:
        # What can not be laid now is laid after the next reception or at the next start.
        with suppress(KnownError):
            self._known_desk().publish()

    def _rest(self) -> None:
        # What can not be put in order now waits for the next quiet moment.
        with suppress(KnownError):
            self._reception().rest()

    def _count(self) -> None:
        if self._desk is not None:
            self._counted.emit(self._desk.counts())
