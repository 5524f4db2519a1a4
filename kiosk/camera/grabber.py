"""The thread that owns a live source: it opens, reads and releases it, and keeps only the newest frame.

The newest frame lies in a slot, never in a queue, so that what is read is what is held up now. A source
that is lost is opened again, ever more patiently; one that hangs in its driver is left behind with its
thread, and a new one is made. It refuses to know what a frame shows.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Generator

import numpy as np

from kiosk.camera.frames import OPEN_TIMEOUT_MS, Frame, FrameSource
from kiosk.camera.health import Health, trouble
from kiosk.core.clock import MonotonicClock
from kiosk.errors import KnownError

STALL = 2.5
"""Seconds without a new frame after which a live source counts as stalled."""
HANG = 12.0
"""Seconds in one call after which a driver is given up; some take ten to open a camera."""
BACK_OFF = (0.2, 0.4, 0.8, 1.5)
"""Seconds before each try to open a lost source again; the last one repeats."""
FROZEN_PATIENCE = (0.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds before a source that repeats one picture is opened again, and again; the last one repeats."""
RATE_OVER = 2.0
"""Seconds over which frames are counted."""


class Grabber:
    """Reads a source as fast as its frames come; `problem` tells what is wrong meanwhile.

    `renew` makes the source anew, for the case that a driver never returns or that `reopen` is called.
    """

    def __init__(
        self,
        source: FrameSource,
        clock: MonotonicClock = time.monotonic,
        renew: Callable[[], FrameSource] | None = None,
    ) -> None:
        self._source = source
        self._clock = clock
        self._renew = renew
        self._changed = threading.Condition()
        self._newest: Frame | None = None
        self._times: deque[float] = deque()
        self._problem: KnownError | None = None
        self._health = Health()
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._reopening = threading.Event()
        self._moved = self._started = clock()
        """When the source last answered a call."""
        self._frozen = 0
        """How often it was opened again because it repeated one picture."""
        self._over = False
        self._thread = self._new_thread(source)

    def _new_thread(self, source: FrameSource) -> threading.Thread:
        return threading.Thread(target=self._run, args=(source,), name="camera", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._moved = self._started = self._clock()
        self._thread.start()

    def stop(self) -> None:
        """Stop reading and wait until the source is released."""
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(STALL + OPEN_TIMEOUT_MS / 1000)

    def wake(self) -> None:
        """Something was plugged in: try now, not after the back-off."""
        self._woken.set()

    def reopen(self) -> None:
        """Release the source and open what `renew` makes now, on the same thread."""
        self._reopening.set()
        self._woken.set()

    @property
    def newest(self) -> Frame | None:
        """The newest frame; its image is not to be written to."""
        with self._changed:
            return self._newest

    @property
    def over(self) -> bool:
        """The source came to its end, or was stopped."""
        return self._over

    @property
    def rate(self) -> float:
        """Frames a second, over the last two."""
        with self._changed:
            since = self._clock() - RATE_OVER
            return sum(at > since for at in self._times) / RATE_OVER

    @property
    def problem(self) -> KnownError | None:
        """Why no frames come, or why they show nothing; None while all is well.

        `no_camera no_stream camera_lost camera_stalled camera_frozen camera_dark`, or what else kept the
        source from being opened.
        """
        with self._changed:
            if self._problem is not None or self._over:
                return self._problem
            # Until the first picture came, it may still be opening.
            last = self._newest.at if self._newest else self._started + HANG - STALL
            code = self._health.problem
        if self._clock() - last > STALL:
            return trouble("camera_stalled")
        return trouble(code) if code else None

    def wait(self, after: int, seconds: float) -> Frame | None:
        """The newest frame with a number above `after`, or None when none comes within `seconds`.

        Whoever waits also watches: a source that hangs is left behind from here.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._over or (self._newest is not None and self._newest.number > after), seconds
            )
            newest = self._newest
        if newest is not None and newest.number > after:
            return newest
        self._leave_what_hangs()
        return None

    def _leave_what_hangs(self) -> None:
        if self._renew is None or self._clock() - self._moved < HANG:
            return
        with self._changed:
            self._moved = self._clock()
            if self._over or self._stopping.is_set():
                return
            try:
                source = self._renew()
            except KnownError as error:
                self._problem = error
                return
            # The old thread finds that the source is no longer its own when its driver returns, if ever.
            self._source = source
            self._thread = self._new_thread(self._source)
        self._thread.start()

    def _run(self, source: FrameSource) -> None:
        tries = 0
        while self._is_ours(source):
            before = self._newest
            try:
                source = self._another(source)
                self._answered(source)
                source.open()
                self._read_on(source)
                if not self._reopening.is_set():
                    break
            except KnownError as error:
                with self._changed:
                    if self._source is source:
                        self._problem = error
                        self._changed.notify_all()
            finally:
                source.release()
            self._answered(source)
            tries = 0 if self._newest is not before else tries + 1
            self._woken.wait(BACK_OFF[min(tries, len(BACK_OFF) - 1)])
            if not self._stopping.is_set():
                self._woken.clear()
        with self._changed:
            if self._source is source:
                self._over = True
                self._changed.notify_all()

    def _another(self, source: FrameSource) -> FrameSource:
        """The source to open now: the same, or one made anew."""
        if not self._reopening.is_set():
            return source
        self._reopening.clear()
        with self._changed:
            if self._renew is None or self._source is not source:
                return source
            # What the other camera showed is nothing that this one is.
            self._source, self._health = self._renew(), Health()
            return self._source

    def _is_ours(self, source: FrameSource) -> bool:
        return not self._stopping.is_set() and self._source is source

    def _answered(self, source: FrameSource) -> None:
        if self._is_ours(source):
            self._moved = self._clock()

    def _read_on(self, source: FrameSource) -> None:
        opened = self._clock()
        while self._is_ours(source) and not self._reopening.is_set():
            image = source.read()
            if image is None:
                return
            image.flags.writeable = False
            with self._changed:
                if not self._is_ours(source):
                    return
                self._take(image, noisy=source.sensor)
                code = self._health.problem
            if code != "camera_frozen":
                self._frozen = 0
            elif self._clock() - opened >= FROZEN_PATIENCE[min(self._frozen, len(FROZEN_PATIENCE) - 1)]:
                # Some drivers repeat the last picture of a camera that is gone; opening it tells.
                self._frozen += 1
                raise trouble(code)

    def _take(self, image: np.ndarray, *, noisy: bool) -> None:
        at = self._moved = self._clock()
        number = self._newest.number + 1 if self._newest else 1
        self._newest = Frame(number, at, image)
        self._times.append(at)
        while self._times[0] < at - RATE_OVER:
            self._times.popleft()
        self._health.saw(at, image, noisy=noisy)
        self._problem = None
        self._changed.notify_all()


def newest_of(
    source: FrameSource,
    seconds: float | None = None,
    on_trouble: Callable[[KnownError], None] = lambda _: None,
    clock: MonotonicClock = time.monotonic,
) -> Generator[Frame]:
    """The newest frame of a live source each time one is asked for, for so many seconds or until its end.

    `on_trouble` is told once of each trouble that comes later.

    Raises:
        KnownError: what is wrong with a source that never gave a frame.
    """
    grabber, last, begun, told = Grabber(source), 0, clock(), ""
    grabber.start()
    try:
        while not grabber.over and (seconds is None or clock() - begun < seconds):
            frame = grabber.wait(last, 0.1)
            problem = grabber.problem
            if problem is not None and last == 0 and frame is None:
                raise problem
            code = "" if problem is None else problem.code
            if problem is not None and code != told:
                on_trouble(problem)
            told = code
            if frame is not None:
                last = frame.number
                yield frame
    finally:
        grabber.stop()
