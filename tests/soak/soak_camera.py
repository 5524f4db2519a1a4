"""The camera's long runs: pulled out and plugged in, hostile pictures, and a decoder that is killed."""

from __future__ import annotations

import os
import queue
import random
import signal
import threading
import time
from pathlib import Path

import numpy as np

from hostile_frames import hostile
from kiosk.camera import synthetic
from kiosk.camera.child import DecoderProcess
from kiosk.camera.decode import read_codes
from kiosk.camera.worker import CodeReader
from kiosk.errors import KnownError
from played_time import wait_until
from scripted_camera import Plug
from soak import Outcome, Soak

FLAT_MIB = 40
"""How much a decoder's process may hold more at the end than after its first hundred frames."""


def _frame(text: str) -> np.ndarray:
    rng = np.random.default_rng(4)
    return synthetic.photograph(text, synthetic.held_up(rng), rng)


def _descriptors() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def _resident_mib(pid: int | None) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _replugged(rounds: int, rng: random.Random) -> Outcome:
    """Each round: out, for up to a second; in; the time from there to the next frame is what is limited."""
    seen, heard = Outcome(), queue.Queue()
    plug = Plug(_frame("ESR1:SOAK"), per_second=60)
    reader = CodeReader(plug.camera(), heard.put, renew=plug.camera)
    reader.start()
    try:
        wait_until(lambda: not heard.empty(), "the first code")
        flat = (_descriptors(), threading.active_count())
        for number in range(rounds):
            plug.there = False
            wait_until(lambda: reader.problem is not None, "the loss to be told")
            time.sleep(rng.uniform(0, 1.0))
            before = plug.read
            with seen.timed():
                plug.there = True
                wait_until(
                    lambda before=before: plug.read > before and reader.problem is None, f"round {number}"
                )
            if number % 10 == 9:
                reader.forget()
                _drain(heard)
                wait_until(lambda: not heard.empty(), f"the code after round {number}")
        now = (_descriptors(), threading.active_count())
        if now[0] > flat[0] or now[1] > flat[1]:
            seen.fail(f"descriptors and threads grew from {flat} to {now}")
        if len(plug.threads) != 1:
            seen.fail(f"{len(plug.threads)} threads touched the camera")
        seen.notes.append(f"descriptors and threads {flat} at the start, {now} at the end")
    except TimeoutError as error:
        seen.fail(f"waited in vain for {error}")
    finally:
        reader.stop()
    if plug.open_now:
        seen.fail("the camera was not released at the end")
    return seen


def _drain(heard):
    while not heard.empty():
        heard.get_nowait()


def _in_child(rounds: int, rng: random.Random) -> Outcome:
    seen, decoder = Outcome(), DecoderProcess()
    calm = _frame("ESR1:CALM")
    held = 0.0
    try:
        decoder.start()
        for number in range(rounds):
            kind, frame = hostile(rng)
            with seen.timed():
                try:
                    decoder.read(frame)
                except KnownError as error:
                    seen.fail(f"{kind} in round {number}: {error.code}")
            if number % 100 == 99:
                if decoder.read(calm).reading.texts != ("ESR1:CALM",):
                    seen.fail(f"round {number}: a calm frame was not read any more")
                held = held or _resident_mib(decoder.pid)
        grown = _resident_mib(decoder.pid) - held if held else 0.0
        if not decoder.restarts and grown > FLAT_MIB:
            seen.fail(f"the decoder's process grew by {grown:.0f} MiB")
        seen.notes.append(f"the decoder was replaced {decoder.restarts} times and grew by {grown:.0f} MiB")
    finally:
        decoder.stop()
    return seen


def _in_process(rounds: int, rng: random.Random) -> Outcome:
    seen, most = Outcome(), (0.0, "")
    for number in range(rounds):
        kind, frame = hostile(rng)
        begun = time.thread_time()
        try:
            with seen.timed():
                read_codes(frame)
        except Exception as error:  # noqa: BLE001 - whatever comes out is what this run looks for
            seen.fail(f"{kind} in round {number}: {type(error).__name__}")
        most = max(most, (time.thread_time() - begun, kind))
    # On a busy machine the clock runs while others work: this is what the frame itself costs.
    seen.notes.append(f"the most work was {most[0] * 1000:.0f} ms of a processor, at {most[1]}")
    return seen


def _killed(rounds: int, rng: random.Random) -> Outcome:
    """Each round: a few frames, a kill, and the time until a frame is read again."""
    seen, decoder = Outcome(), DecoderProcess()
    frame, most_lost = _frame("ESR1:KILLED"), 0
    flat = (0, 0)
    try:
        for number in range(rounds):
            for _ in range(rng.randrange(30)):
                decoder.read(frame)
            decoder.start()
            wait_until(lambda: decoder.stands_by, "the first spare")
            flat = flat if number != 1 else (_descriptors(), threading.active_count())
            os.kill(decoder.pid, signal.SIGKILL)
            lost = 0
            with seen.timed():
                while decoder.read(frame).reading.texts != ("ESR1:KILLED",):
                    lost += 1
            most_lost = max(most_lost, lost)
            if lost > 1:
                seen.fail(f"round {number}: {lost} frames were lost")
            # One killing picture right after the other is another story: the spare needs its time to load.
            wait_until(lambda: decoder.stands_by, "the spare")
        decoder.start()
        now = (_descriptors(), threading.active_count())
        if rounds > 1 and (now[0] > flat[0] or now[1] > flat[1]):
            seen.fail(f"descriptors and threads grew from {flat} to {now}")
        seen.notes.append(f"at most {most_lost} frames lost; descriptors and threads {flat}, then {now}")
    finally:
        decoder.stop()
    return seen


SOAKS = [
    Soak(
        "camera_replugged",
        "A camera that is pulled out and plugged in is back within 3 s, and nothing piles up",
        _replugged,
        short=2,
        long=100,
        limit_ms=3000,
        limit_mib=64,
    ),
    Soak(
        "decoder_hostile",
        "No picture takes the desk's process down, stops the decoder, or takes longer than 150 ms",
        _in_child,
        short=60,
        long=10_000,
        limit_ms=150,
        limit_mib=128,
    ),
    Soak(
        "read_codes_hostile",
        "No picture makes read_codes raise, and none takes longer than 150 ms",
        _in_process,
        short=60,
        long=10_000,
        limit_ms=150,
        limit_mib=128,
    ),
    Soak(
        "decoder_killed",
        "A decoder that dies is replaced within 0.5 s and costs one frame at most",
        _killed,
        short=2,
        long=60,
        limit_ms=500,
        limit_mib=64,
    ),
]
