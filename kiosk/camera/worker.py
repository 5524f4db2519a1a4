"""The thread between a camera and whoever wants to hear of codes.

It takes the newest frame, has it read in another process, and tells each code once for each time it is
held up. It refuses to know what a text means.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kiosk.camera.child import LIVE_TIMEOUT, START_TIMEOUT, DecoderProcess
from kiosk.camera.frames import Frame, FrameSource
from kiosk.camera.grabber import Grabber
from kiosk.camera.sightings import Sightings
from kiosk.core.clock import MonotonicClock
from kiosk.errors import KnownError, Malformed


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """A code was held up and read."""

    text: str
    first_seen: float
    """Monotonic seconds of the first frame in which it was located."""
    machine_seconds: float
    """From the arrival of the frame that could be read until its text was known."""
    gone: float | None = None
    """Seconds since the same code was last seen, when that was a moment ago (`sightings.AGAIN`)."""


class CodeReader:
    """A camera that reads codes: frames come in one thread, are read in another process, told in a third.

    `on_code` is called from the reader's thread, once for each time a code is held up; `on_state` from the
    same thread with `problem`, once the first picture or the first trouble is there and whenever its code
    changes. `renew` makes the source anew, when its driver hangs or another camera was chosen.
    """

    def __init__(
        self,
        source: FrameSource,
        on_code: Callable[[CodeSeen], None],
        clock: MonotonicClock = time.monotonic,
        renew: Callable[[], FrameSource] | None = None,
        on_state: Callable[[KnownError | None], None] | None = None,
    ) -> None:
        self._grabber = Grabber(source, clock, renew)
        self._decoder = DecoderProcess()
        self._on_code = on_code
        self._on_state = on_state
        self._told: str | None = None
        self._clock = clock
        self._stopping = threading.Event()
        self._forgetting = threading.Event()
        self._failed: KnownError | None = None
        self._thread = threading.Thread(target=self._run, name="codes", daemon=True)

    def start(self) -> None:
        """Begin; returns at once, the camera and the decoder come up on their own."""
        self._grabber.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop and release the camera."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(LIVE_TIMEOUT + START_TIMEOUT)
        self._grabber.stop()

    def forget(self) -> None:
        """Tell what is held up as if it were seen for the first time."""
        self._forgetting.set()

    def wake(self) -> None:
        """A camera came or went: look for it now."""
        self._grabber.wake()

    def reopen(self) -> None:
        """Let go of the camera and open what `renew` makes now: somebody chose another one."""
        self._grabber.reopen()

    def latest_frame(self) -> np.ndarray | None:
        """The newest frame for the live view, at no cost of decoding; not to be written to."""
        newest = self._grabber.newest
        return None if newest is None else newest.image

    @property
    def problem(self) -> KnownError | None:
        """Why no code can be read now, or None.

        `decoder_failed`, or what `kiosk.camera.grabber.Grabber.problem` tells of the camera.
        """
        return self._failed or self._grabber.problem

    @property
    def rate(self) -> float:
        """Frames a second that the camera gives."""
        return self._grabber.rate

    @property
    def over(self) -> bool:
        """The source came to its end."""
        return self._grabber.over

    def _run(self) -> None:
        sightings, last = Sightings(), 0
        try:
            with contextlib.suppress(KnownError):
                self._decoder.start()
            while not self._stopping.is_set():
                frame = self._grabber.wait(last, 0.2)
                self._tell()
                if frame is None:
                    if self._grabber.over:
                        return
                    continue
                last = frame.number
                if self._forgetting.is_set():
                    self._forgetting.clear()
                    sightings = Sightings()
                self._read(frame, sightings)
        finally:
            self._decoder.stop()

    def _tell(self) -> None:
        """Say how the camera is, when that changed."""
        problem = self.problem
        if problem is None and self._grabber.newest is None:
            return  # it is still opening
        code = "" if problem is None else problem.code
        if self._on_state is not None and code != self._told:
            self._told = code
            self._on_state(problem)

    def _read(self, frame: Frame, sightings: Sightings) -> None:
        try:
            decoded = self._decoder.read(frame.image)
            self._failed = None
        except Malformed:
            return  # a camera that gives pictures of no known kind shows no codes
        except KnownError as error:
            self._failed = error
            self._stopping.wait(1.0)
            return
        for seen in sightings.saw(frame.at, decoded.reading):
            spent = self._clock() - frame.at
            self._on_code(CodeSeen(seen.text, seen.first_seen, spent, seen.gone))
