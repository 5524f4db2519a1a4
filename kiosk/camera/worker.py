"""The decoder in a process of its own, and the thread that feeds it.

A picture can be hostile: it may kill or hang the library that reads it. Here it kills a process that
holds nothing, and the next frame is read by a new one. Frames go over in shared memory without a name;
texts come back as JSON, because what a broken process says is data, never code.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

import numpy as np

from kiosk.camera.frames import Frame, FrameSource, Grabber
from kiosk.camera.picture import MAX_PIXELS, Reading, as_grey
from kiosk.camera.sightings import Sightings
from kiosk.core.clock import MonotonicClock
from kiosk.errors import KnownError, Malformed

START_TIMEOUT = 20.0
"""Seconds: a frozen program on a slow disk unpacks before it runs."""
READ_TIMEOUT = 3.0
MAX_ANSWER = 256 * 1024


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the decoder said of one frame, and how many seconds the program took for it."""

    reading: Reading
    seconds: float


class DecoderProcess:
    """The cascade of `kiosk.camera.decode` in a child process. Used by one thread at a time."""

    def __init__(self) -> None:
        # Spawned, never forked: the same on Windows and in a frozen program, and the child inherits
        # neither the kiosk's memory nor its keys.
        self._context = multiprocessing.get_context("spawn")
        self._shared = self._context.RawArray(ctypes.c_uint8, MAX_PIXELS)
        self._pixels = _pixels(self._shared)
        self._process: SpawnProcess | None = None
        self._pipe: Connection[Any, Any] | None = None
        self.restarts = 0
        """How often the child was lost and replaced."""

    @property
    def pid(self) -> int | None:
        """The child's process id, or None while there is none."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the child and wait until it can read.

        Raises:
            KnownError: `decoder_failed` when it does not start.
        """
        if self._process is not None:
            return
        ours, theirs = self._context.Pipe()
        self._process = self._context.Process(
            target=_serve, args=(theirs, self._shared), name="decoder", daemon=True
        )
        self._pipe = ours
        try:
            self._process.start()
            theirs.close()
            self._receive(START_TIMEOUT)
        except (_Lost, OSError) as error:
            self.stop()
            raise KnownError(
                "decoder_failed",
                "QRコードの 読み取りを 始められません。もう一度 起動してください。",
                "the decoder's process does not start",
            ) from error

    def stop(self) -> None:
        """End the child; harmless when there is none."""
        process, self._process = self._process, None
        pipe, self._pipe = self._pipe, None
        if pipe is not None:
            pipe.close()
        if process is not None and process.pid is not None:
            process.kill()
            process.join()
            process.close()

    def read(self, image: np.ndarray, *, thorough: bool = False) -> Decoded:
        """Read one frame; a frame that costs the child its life reads as nothing.

        Raises:
            Malformed: `bad_frame`, as `kiosk.camera.decode.read_codes`.
            KnownError: `decoder_failed` when no child can be started.
        """
        begun = time.perf_counter()
        grey = as_grey(image)
        self.start()
        np.copyto(self._pixels[: grey.size], grey.ravel())
        try:
            self._send([*grey.shape, thorough])
            texts, located = self._receive(READ_TIMEOUT)
            reading = Reading(tuple(str(text) for text in texts), bool(located))
        except (_Lost, OSError, ValueError, TypeError):
            self.stop()
            self.restarts += 1
            self.start()
            reading = Reading()
        return Decoded(reading, time.perf_counter() - begun)

    def _send(self, value: Any) -> None:  # noqa: ANN401 - JSON
        if self._pipe is None:
            raise _Lost
        self._pipe.send_bytes(json.dumps(value).encode())

    def _receive(self, seconds: float) -> Any:  # noqa: ANN401 - JSON
        if self._pipe is None or not self._pipe.poll(seconds):
            raise _Lost
        try:
            return json.loads(self._pipe.recv_bytes(MAX_ANSWER))
        except EOFError as error:
            raise _Lost from error


class _Lost(Exception):
    """The child does not answer."""


def _pixels(shared: Any) -> np.ndarray:  # noqa: ANN401 - ctypes' array has no public name
    return np.frombuffer(memoryview(shared).cast("B"), np.uint8)


def _serve(pipe: Connection[Any, Any], shared: Any) -> None:  # noqa: ANN401 - ctypes' array has no public name
    """The child: read what lies in the shared memory, as often as asked, until the desk is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at the terminal is the desk's to answer
    pixels = _pixels(shared)
    from kiosk.camera.decode import Decoder  # noqa: PLC0415 - only the child loads the libraries that a picture could break

    decoder = Decoder()
    decoder.read(np.zeros((64, 64), np.uint8), thorough=True)  # the first call of each library is slow
    try:
        pipe.send_bytes(b"true")
        while True:
            high, wide, thorough = json.loads(pipe.recv_bytes(256))
            reading = decoder.read(pixels[: high * wide].reshape(high, wide), thorough=thorough)
            pipe.send_bytes(json.dumps([reading.texts, reading.located]).encode())
    except (EOFError, OSError):
        return


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """A code was held up and read."""

    text: str
    first_seen: float
    """Monotonic seconds of the first frame in which it was located."""
    machine_seconds: float
    """From the arrival of the frame that could be read until its text was known."""


class CodeReader:
    """A camera that reads codes: frames come in one thread, are read in another process, told in a third.

    `on_code` is called from the reader's thread, once for each time a code is held up.
    """

    def __init__(
        self,
        source: FrameSource,
        on_code: Callable[[CodeSeen], None],
        clock: MonotonicClock = time.monotonic,
    ) -> None:
        self._grabber = Grabber(source, clock)
        self._decoder = DecoderProcess()
        self._on_code = on_code
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
            self._thread.join(READ_TIMEOUT + START_TIMEOUT)
        self._grabber.stop()

    def forget(self) -> None:
        """Tell what is held up as if it were seen for the first time."""
        self._forgetting.set()

    def latest_frame(self) -> np.ndarray | None:
        """The newest frame for the live view, at no cost of decoding; not to be written to."""
        newest = self._grabber.newest
        return None if newest is None else newest.image

    @property
    def problem(self) -> KnownError | None:
        """Why no code can be read now (`no_camera`, `camera_lost`, `decoder_failed` …), or None."""
        return self._failed or self._grabber.problem

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
        for text, first_seen in sightings.saw(frame.at, decoded.reading):
            self._on_code(CodeSeen(text, first_seen, self._clock() - frame.at))
