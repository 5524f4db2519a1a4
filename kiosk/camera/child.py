"""The decoder in a process of its own, and a second one that waits beside it.

A picture can be hostile: it may kill or hang the library that reads it. Here it kills a process that
holds nothing; the one beside it reads the next frame, and a new one is started. Frames go over in shared
memory without a name; texts come back as JSON, because what a broken process says is data, never code.
It refuses to know where frames come from and what a text means.
"""

from __future__ import annotations

import ctypes
import json
import multiprocessing
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext
from typing import Any

import cv2
import numpy as np

from kiosk.camera.picture import MAX_PIXELS, Reading, as_grey
from kiosk.errors import KnownError

START_TIMEOUT = 20.0
"""Seconds: a frozen program on a slow disk unpacks before it runs."""
LIVE_TIMEOUT, STILL_TIMEOUT = 2.0, 6.0
"""Seconds for one frame, many times what it takes: after that the process hangs."""
MAX_ANSWER = 256 * 1024


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the decoder said of one frame, and how many seconds the program took for it."""

    reading: Reading
    seconds: float


class _Lost(Exception):
    """The child does not answer."""


class _Child:
    """One process that reads frames, from its start until its end."""

    def __init__(self, context: SpawnContext, shared: Any) -> None:  # noqa: ANN401 - ctypes' array has no public name
        ours, theirs = context.Pipe()
        self._pipe: Connection[Any, Any] = ours
        self._ready = False
        self._process = context.Process(target=_serve, args=(theirs, shared), name="decoder", daemon=True)
        try:
            self._process.start()
        except OSError as error:
            ours.close()
            raise _Lost from error
        finally:
            theirs.close()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def lives(self) -> bool:
        return self._process.is_alive()

    def await_ready(self) -> None:
        """Wait until it can read."""
        if not self._ready:
            self.hear(START_TIMEOUT)
            self._ready = True

    @property
    def is_ready(self) -> bool:
        """Whether it can read now."""
        if not self._ready:
            with suppress(_Lost):
                self.hear(0)
                self._ready = True
        return self._ready

    def say(self, value: Any) -> None:  # noqa: ANN401 - JSON
        try:
            self._pipe.send_bytes(json.dumps(value).encode())
        except OSError as error:
            raise _Lost from error

    def hear(self, seconds: float) -> Any:  # noqa: ANN401 - JSON
        try:
            if not self._pipe.poll(seconds):
                raise _Lost
            return json.loads(self._pipe.recv_bytes(MAX_ANSWER))
        except (EOFError, OSError, ValueError) as error:
            raise _Lost from error

    def end(self) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.join()
        self._process.close()


class DecoderProcess:
    """The cascade of `kiosk.camera.decode` in a child process. Used by one thread at a time.

    With a `spare`, a second child waits, loaded, beside the first, so that losing one costs one frame and not
    the time that a program takes to start.
    """

    def __init__(self, *, spare: bool = True) -> None:
        # Spawned, never forked: the same on Windows and in a frozen program, and the child inherits
        # neither the kiosk's memory nor its keys.
        self._context = multiprocessing.get_context("spawn")
        self._shared = self._context.RawArray(ctypes.c_uint8, MAX_PIXELS)
        self._pixels = _pixels(self._shared)
        self._with_spare = spare
        self._child: _Child | None = None
        self._spare: _Child | None = None
        self.restarts = 0
        """How often the child was lost and replaced."""

    @property
    def pid(self) -> int | None:
        """The child's process id, or None while there is none."""
        return self._child.pid if self._child else None

    @property
    def stands_by(self) -> bool:
        """Whether a second child is loaded and waits."""
        return self._spare is not None and self._spare.is_ready

    def start(self) -> None:
        """Have a child that can read.

        Raises:
            KnownError: `decoder_failed` when none starts.
        """
        if self._child is None:
            self._child, self._spare = self._spare or self._new(), None
        try:
            self._child.await_ready()
        except _Lost as error:
            self.stop()
            raise _failed() from error
        if self._with_spare and self._spare is None:
            # Without one the desk goes on as long as the child lives.
            with suppress(KnownError):
                self._spare = self._new()

    def _new(self) -> _Child:
        try:
            return _Child(self._context, self._shared)
        except _Lost as error:
            raise _failed() from error

    def stop(self) -> None:
        """End the children; harmless when there are none."""
        for child in (self._child, self._spare):
            if child is not None:
                child.end()
        self._child = self._spare = None

    def read(self, image: np.ndarray, *, thorough: bool = False) -> Decoded:
        """Read one frame; a frame that costs the child its life reads as nothing.

        Raises:
            Malformed: `bad_frame`, as `kiosk.camera.decode.read_codes`.
            KnownError: `decoder_failed` when no child can be started.
        """
        begun = time.perf_counter()
        grey = as_grey(image)
        if self._child is not None and not self._child.lives:
            # It died between two frames: this one is not to blame, and is read.
            self._lose()
        self.start()
        np.copyto(self._pixels[: grey.size], grey.ravel())
        return Decoded(self._ask(grey.shape, thorough=thorough), time.perf_counter() - begun)

    def _ask(self, shape: tuple[int, ...], *, thorough: bool) -> Reading:
        if self._child is None:
            raise _failed()
        try:
            self._child.say([*shape, thorough])
            texts, located = self._child.hear(STILL_TIMEOUT if thorough else LIVE_TIMEOUT)
            return Reading(tuple(str(text) for text in texts), bool(located))
        except (_Lost, TypeError, ValueError):
            self._lose()
            self.start()
            return Reading()

    def _lose(self) -> None:
        if self._child is not None:
            self._child.end()
        self._child = None
        self.restarts += 1


def _failed() -> KnownError:
    return KnownError(
        "decoder_failed",
        "QRコードの 読み取りを 始められません。もう一度 起動してください。",
        "the decoder's process does not start",
    )


def _pixels(shared: Any) -> np.ndarray:  # noqa: ANN401 - ctypes' array has no public name
    return np.frombuffer(memoryview(shared).cast("B"), np.uint8)


def _serve(pipe: Connection[Any, Any], shared: Any) -> None:  # noqa: ANN401 - ctypes' array has no public name
    """The child: read what lies in the shared memory, as often as asked, until the desk is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at the terminal is the desk's to answer
    # One core for reading leaves the others to the window, the store and the camera.
    cv2.setNumThreads(1)
    pixels = _pixels(shared)
    from kiosk.camera.decode import Decoder  # noqa: PLC0415 - only the child loads the libraries that a picture could break

    decoder = Decoder()
    Decoder().read(np.zeros((64, 64), np.uint8), thorough=True)  # the first call of each library is slow
    try:
        pipe.send_bytes(b"true")
        while True:
            high, wide, thorough = json.loads(pipe.recv_bytes(256))
            reading = decoder.read(pixels[: high * wide].reshape(high, wide), thorough=thorough)
            pipe.send_bytes(json.dumps([reading.texts, reading.located]).encode())
    except (EOFError, OSError):
        return
