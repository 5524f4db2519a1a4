from __future__ import annotations

import threading

import numpy as np
import pytest

from kiosk.camera import grabber as module
from kiosk.camera.frames import Drawn, open_source
from kiosk.camera.grabber import Grabber
from kiosk.camera.health import trouble
from played_time import HandClock, wait_until
from scripted_camera import Plug


@pytest.fixture
def started():
    """Starts grabbers and stops them at the end."""
    running = []

    def start(source, *arguments, **options):
        grabber = Grabber(source, *arguments, **options)
        running.append(grabber)
        grabber.start()
        return grabber

    yield start
    for grabber in running:
        grabber.stop()


def test_a_lost_camera_is_opened_again_by_the_same_thread(started):
    """A camera unplugged and plugged in again gives frames again; one thread alone ever touched it."""
    plug = Plug()
    grabber = started(plug.camera())
    wait_until(lambda: grabber.newest is not None)
    plug.there = False
    wait_until(lambda: grabber.problem is not None)
    wait_until(lambda: grabber.problem.code == "no_camera")
    last, plug.there = grabber.newest.number, True
    wait_until(lambda: grabber.newest.number > last)
    assert grabber.problem is None
    grabber.stop()
    assert plug.opened == plug.released == 2
    assert len(plug.threads) == 1
    assert threading.get_ident() not in plug.threads


def test_a_camera_that_never_was_is_reported_and_awaited(started):
    """Without a camera the desk is told so, and the camera is found when it comes."""
    plug = Plug()
    plug.there = False
    grabber = started(plug.camera())
    wait_until(lambda: grabber.problem is not None)
    assert grabber.problem.code == "no_camera"
    plug.there = True
    wait_until(lambda: grabber.newest is not None)
    assert grabber.problem is None


def test_a_plug_is_heard(started, monkeypatch):
    """Who is told that something was plugged in tries at once, not after its patience."""
    monkeypatch.setattr(module, "BACK_OFF", (3600.0,))
    plug = Plug()
    plug.there = False
    grabber = started(plug.camera())
    wait_until(lambda: grabber.problem is not None)
    plug.there = True
    grabber.wake()
    wait_until(lambda: grabber.newest is not None)


def test_a_stalled_camera_is_reported(started):
    """A camera that gave pictures and gives none now is not taken for one that works."""
    clock, plug = HandClock(100.0), Plug()
    grabber = started(plug.camera(), clock)
    wait_until(lambda: grabber.newest is not None)
    plug.hang()
    assert grabber.problem is None
    clock.now += 3
    assert grabber.problem.code == "camera_stalled"
    plug.recover()
    wait_until(lambda: grabber.problem is None)


def test_a_camera_may_take_its_time_to_open(started):
    """Some take ten seconds before the first picture: that is no stall yet."""
    clock, plug = HandClock(100.0), Plug()
    plug.hang()
    grabber = started(plug.camera(), clock)
    clock.now += 10
    assert grabber.problem is None
    clock.now += 10
    assert grabber.problem.code == "camera_stalled"
    plug.recover()


def test_a_driver_that_never_returns_is_left_behind(started):
    """A source hanging in its driver is replaced; when the old one returns after all, nobody listens."""
    clock, hung, fresh = HandClock(100.0), Plug(), Plug()
    grabber = started(hung.camera(), clock, renew=fresh.camera)
    wait_until(lambda: grabber.newest is not None)
    hung.hang()
    last = grabber.newest.number
    wait_until(lambda: grabber.wait(grabber.newest.number, 0.05) is None)
    assert fresh.opened == 0
    clock.now += module.HANG + 1
    assert grabber.wait(10**9, 0.01) is None
    wait_until(lambda: fresh.opened == 1 and grabber.newest.number > last + 1)
    hung.recover()
    wait_until(lambda: hung.released == 1)
    assert grabber.problem is None
    assert not grabber.over
    grabber.stop()
    assert fresh.opened == fresh.released == 1
    assert len(hung.threads | fresh.threads) == 2


def test_a_frozen_picture_is_reported_and_the_camera_opened_again(started, monkeypatch):
    """A driver that repeats the last picture of a camera that is gone is found out."""
    monkeypatch.setattr("kiosk.camera.health.FROZEN_AFTER", 0.05)
    monkeypatch.setattr(module, "FROZEN_PATIENCE", (0.0, 0.1))
    plug = Plug()
    grabber = started(plug.camera())
    wait_until(lambda: grabber.newest is not None)
    plug.frozen = True
    wait_until(lambda: grabber.problem is not None)
    assert grabber.problem.code == "camera_frozen"
    wait_until(lambda: plug.opened >= 3)
    plug.frozen = False
    wait_until(lambda: grabber.problem is None)
    opened, number = plug.opened, grabber.newest.number
    wait_until(lambda: grabber.newest.number > number + 20)
    assert plug.opened <= opened + 1


def test_a_dark_picture_is_reported_and_the_camera_kept(started, monkeypatch):
    """A closed shutter is told as darkness, and is no reason to open the camera again."""
    monkeypatch.setattr("kiosk.camera.health.DARK_AFTER", 0.05)
    plug = Plug()
    plug.dark = True
    grabber = started(plug.camera())
    wait_until(lambda: grabber.problem is not None)
    assert grabber.problem.code == "camera_dark"
    plug.dark = False
    wait_until(lambda: grabber.problem is None)
    assert plug.opened == 1


def test_a_drawing_may_repeat_itself(started, monkeypatch):
    """Only a sensor's pictures must differ: practice shows a still phone, a network's camera a still room."""
    monkeypatch.setattr("kiosk.camera.health.FROZEN_AFTER", 0.0)
    grabber = started(Drawn(lambda: np.full((4, 4), 90, np.uint8), 500))
    wait_until(lambda: grabber.newest is not None and grabber.newest.number > 20)
    assert grabber.problem is None
    assert not open_source("http://127.0.0.1/stream").sensor


def test_darkness_is_told_of_every_live_source(started, monkeypatch):
    """A camera on the network whose lens is covered is as blind as any."""
    monkeypatch.setattr("kiosk.camera.health.DARK_AFTER", 0.0)
    grabber = started(Drawn(lambda: np.zeros((4, 4), np.uint8), 500))
    wait_until(lambda: grabber.problem is not None)
    assert grabber.problem.code == "camera_dark"


def test_the_newest_frame_wins(started):
    """Who reads slowly gets what is held up now, never what was held up then."""
    count = iter(range(1, 201))

    def draw_next():
        number = next(count, None)
        return None if number is None else np.full((2, 2), number, np.uint8)

    grabber = started(Drawn(draw_next, sleep=lambda _: None))
    wait_until(lambda: grabber.over)
    frame = grabber.wait(0, 1)
    assert frame.number == 200
    assert frame.image[0, 0] == 200
    assert grabber.wait(200, 0.01) is None
    with pytest.raises(ValueError, match="read-only"):
        frame.image[0, 0] = 1


def test_frames_are_counted(started):
    """How many frames a second come is known: a camera that crawls can be told from one that runs."""
    clock, plug = HandClock(100.0), Plug()
    grabber = started(plug.camera(), clock)
    assert grabber.rate == 0
    wait_until(lambda: grabber.newest is not None and grabber.newest.number > 60)
    assert grabber.rate >= 30
    plug.hang()
    clock.now += 5
    assert grabber.rate == 0
    plug.recover()


def test_another_camera_that_was_chosen_is_opened_by_the_same_thread(started):
    """Choosing another camera releases the one and opens the other, with no moment in which both are held."""
    first, second = Plug(np.full((48, 64), 60, np.uint8)), Plug(np.full((48, 64), 200, np.uint8))
    grabber = started(first.camera(), renew=second.camera)
    wait_until(lambda: grabber.newest is not None)
    grabber.reopen()
    wait_until(lambda: second.read > 2 and grabber.newest.image[5, 5] == 200)
    assert (first.open_now, second.open_now) == (0, 1)
    assert first.threads == second.threads
    assert len(first.threads) == 1
    assert grabber.problem is None


def test_a_camera_that_can_not_be_made_anew_is_a_trouble_and_no_end(started, monkeypatch):
    """Whatever the new one's maker says is what is wrong; the thread that waits goes on waiting."""
    monkeypatch.setattr(module, "HANG", 0.2)
    plug = Plug()

    def renew():
        raise trouble("no_camera")

    grabber = started(plug.camera(), renew=renew)
    wait_until(lambda: grabber.newest is not None)
    plug.hang()
    try:
        last = grabber.newest.number + 10
        wait_until(lambda: grabber.wait(last, 0.05) is None and grabber.problem is not None)
        assert grabber.problem.code == "no_camera"
    finally:
        plug.recover()
