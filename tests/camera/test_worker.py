from __future__ import annotations

import json
import os
import queue
import signal
import threading
import time

import numpy as np
import pytest

from kiosk.camera import child, synthetic
from kiosk.camera.child import DecoderProcess
from kiosk.camera.frames import Drawn, open_source
from kiosk.camera.worker import CodeReader
from kiosk.errors import KnownError, Malformed
from played_time import wait_until
from scripted_camera import Plug

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


def shows(text, seed=4):
    rng = np.random.default_rng(seed)
    return synthetic.photograph(text, synthetic.held_up(rng), rng)


@pytest.fixture
def decoder():
    process = DecoderProcess(spare=False)
    yield process
    process.stop()


def test_a_child_reads_and_comes_back_when_it_dies(decoder):
    """A decoder that was killed between two frames costs none: the next is read by a new one."""
    frame = shows("ESR1:CHILD")
    assert decoder.read(frame).reading.texts == ("ESR1:CHILD",)
    first = decoder.pid
    kill(first)
    assert decoder.read(frame).reading.texts == ("ESR1:CHILD",)
    assert decoder.restarts == 1
    assert decoder.pid != first


def kill(pid):
    os.kill(pid, KILL)
    # Dead, and not yet buried: burying it is the decoder's to do.
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


class Dying(child._Child):
    """A child whose next frame is its last."""

    def say(self, value):
        kill(self.pid)
        super().say(value)


def test_a_frame_that_kills_costs_that_frame_alone(decoder, monkeypatch):
    """A hostile picture reads as nothing, and the next one is read."""
    frame = shows("ESR1:NEXT")
    monkeypatch.setattr(child, "_Child", Dying)
    decoder.start()
    monkeypatch.undo()
    assert decoder.read(frame).reading.texts == ()
    assert decoder.restarts == 1
    assert decoder.read(frame).reading.texts == ("ESR1:NEXT",)


def test_a_spare_takes_over(monkeypatch):
    """With a spare beside it, losing a child needs no new one before the next frame is read."""
    decoder, frame = DecoderProcess(), shows("ESR1:SPARE")
    try:
        decoder.start()
        spare = decoder._spare
        end = time.monotonic() + 20
        while not decoder.stands_by:
            assert time.monotonic() < end
            time.sleep(0.01)
        for _ in range(3):
            kill(decoder.pid)
            assert decoder.read(frame).reading.texts == ("ESR1:SPARE",)
            assert decoder.pid == spare.pid
            spare = decoder._spare
            assert spare is not None
        assert decoder.restarts == 3
        # Where no more processes can be had, the one that reads goes on.
        kill(decoder.pid)
        monkeypatch.setattr(child, "_Child", no_more)
        assert decoder.read(frame).reading.texts == ("ESR1:SPARE",)
        assert decoder._spare is None
        kill(decoder.pid)
        with pytest.raises(KnownError, match="decoder_failed"):
            decoder.read(frame)
    finally:
        decoder.stop()


def no_more(*_):
    raise child._Lost


def test_a_child_that_hangs_is_replaced(decoder, monkeypatch):
    """A decoder that no longer answers is ended and replaced, like one that died."""
    frame = shows("ESR1:HANG")
    decoder.start()
    os.kill(decoder.pid, signal.SIGSTOP)
    monkeypatch.setattr(child, "LIVE_TIMEOUT", 0.3)
    assert decoder.read(frame).reading.texts == ()
    assert decoder.restarts == 1
    monkeypatch.setattr(child, "LIVE_TIMEOUT", 20)
    assert decoder.read(frame).reading.texts == ("ESR1:HANG",)


@pytest.mark.parametrize("answer", ["[]", "[1]", "7", "[7, true]", "null", "{", '[["A"]]'])
def test_a_child_that_talks_nonsense_is_replaced(decoder, monkeypatch, answer):
    """What a broken process says is data: anything but texts and a yes or no costs it its place."""

    class Babbling(child._Child):
        def hear(self, seconds):
            heard = super().hear(seconds)
            return heard if heard is True else json.loads(answer) if answer != "{" else no_more()

    monkeypatch.setattr(child, "_Child", Babbling)
    decoder.start()
    monkeypatch.undo()
    frame = shows("ESR1:SENSE")
    assert decoder.read(frame).reading.texts == ()
    assert decoder.restarts == 1
    assert decoder.read(frame).reading.texts == ("ESR1:SENSE",)


def test_the_child_is_never_asked_to_read_what_is_no_frame(decoder):
    """A bad array is refused before it goes anywhere."""
    with pytest.raises(Malformed, match="bad_frame"):
        decoder.read(np.zeros((3, 3), np.float64))
    assert decoder.pid is None


def test_stopping_ends_the_child(decoder):
    """Nothing is left running; stopping twice is harmless."""
    decoder.start()
    process = decoder._child._process
    decoder.stop()
    decoder.stop()
    with pytest.raises(ValueError, match="closed"):
        process.is_alive()


class Desk:
    """A desk that hears of codes, before a camera that shows what it is told to."""

    def __init__(self):
        self.heard = queue.Queue()
        self.image = synthetic.empty(np.random.default_rng(1))
        self.reader = CodeReader(Drawn(self._held_up, 60), self.heard.put)

    def _held_up(self):
        return self.image.copy()

    def __enter__(self):
        self.reader.start()
        return self

    def __exit__(self, *_):
        self.reader.stop()


def test_a_code_held_up_is_told_once_with_its_time():
    """Holding up a code tells the desk once, with when it was seen and what the machine took."""
    before = time.monotonic()
    with Desk() as desk:
        desk.image = shows("ESR1:FIRST")
        seen = desk.heard.get(timeout=30)
        assert seen.text == "ESR1:FIRST"
        assert before <= seen.first_seen <= time.monotonic()
        assert seen.machine_seconds > 0
        desk.image = shows("ESR1:SECOND")
        assert desk.heard.get(timeout=30).text == "ESR1:SECOND"
        assert desk.reader.latest_frame().shape == (720, 1280, 3)
        assert desk.reader.problem is None
    assert desk.heard.empty()
    assert not any(thread.name in ("camera", "codes") for thread in threading.enumerate())


def test_a_desk_goes_on_when_the_decoder_is_killed():
    """Killing the decoder in the middle of work costs the desk nothing but a moment."""
    with Desk() as desk:
        desk.image = shows("ESR1:BEFORE")
        assert desk.heard.get(timeout=30).text == "ESR1:BEFORE"
        os.kill(desk.reader._decoder.pid, KILL)
        desk.image = shows("ESR1:AFTER")
        assert desk.heard.get(timeout=30).text == "ESR1:AFTER"
    assert desk.reader._decoder.restarts >= 1


def test_without_a_camera_the_reader_says_why():
    """A desk without a camera goes on, and can say what is missing."""
    reader = CodeReader(open_source("camera:97"), lambda _: None)
    reader.start()
    end = time.monotonic() + 20
    while reader.problem is None and time.monotonic() < end:
        time.sleep(0.01)
    assert reader.problem.code == "no_camera"
    assert reader.latest_frame() is None
    reader.stop()


def test_the_reader_tells_each_change_of_the_camera_once():
    """Working, pulled out, back again: each is told once, in order, with its code."""
    plug, told = Plug(synthetic.empty(np.random.default_rng(1)), per_second=60), queue.Queue()
    reader = CodeReader(plug.camera(), lambda _: None, renew=plug.camera, on_state=told.put)
    reader.start()
    try:
        assert told.get(timeout=30) is None
        plug.there = False
        codes = {told.get(timeout=20).code}
        wait_until(lambda: reader.problem is not None and reader.problem.code == "no_camera")
        plug.there = True
        while (problem := told.get(timeout=20)) is not None:
            codes.add(problem.code)
        assert codes <= {"camera_lost", "no_camera"}
        assert reader.problem is None
    finally:
        reader.stop()
    assert told.empty()
