"""A second of a camera, played by the test: light, movement and pace are told; it is always released."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.camera import trial
from kiosk.camera.frames import Video
from kiosk.errors import KnownError
from laptops import PlayedCamera, pictures
from played_time import HandClock


def tried(shown, **how):
    clock = HandClock()
    camera = PlayedCamera(shown, clock, **how)
    try:
        return trial.try_out(camera, clock=clock)
    finally:
        assert camera.opened == 0


def test_a_good_camera():
    """Its size, its pace, its light and what its pictures travel as."""
    told = tried(pictures())
    assert (told.width, told.height, told.form) == (1280, 720, "MJPG")
    assert told.per_second == pytest.approx(30, abs=0.5)
    assert told.problem == ""
    assert 60 < told.light < 240


def test_a_lens_cap_is_dark_and_a_lamp_at_night_is_not():
    """Black with a little noise; a room with one bright thing in it can still show a code."""
    cap = [np.full((720, 1280, 3), 3, np.uint8) + number for number in range(3)]
    assert tried([picture.astype(np.uint8) for picture in cap]).problem == "camera_dark"
    night = pictures(light=4)
    for picture in night:
        picture[200:400, 300:600] = 200
    assert tried(night).problem == ""


def test_pictures_that_are_the_same_to_the_last_bit_are_frozen():
    """No lens gives the same picture twice."""
    assert tried(pictures(count=1)).problem == "camera_frozen"


def test_a_slow_camera_is_waited_for():
    """Enough pictures are taken to tell its pace, however long they take."""
    assert tried(pictures(), seconds=0.5).per_second == 2.0


def test_a_camera_that_does_not_open_is_an_error_and_is_released():
    """The error is the source's own."""
    with pytest.raises(KnownError) as caught:
        trial.try_out(PlayedCamera([], HandClock()), clock=HandClock())
    assert caught.value.code == "no_camera"


def test_what_pictures_travel_as_is_asked_of_the_driver(tmp_path):
    """Four letters, or nothing while it is not open."""
    import cv2

    path = tmp_path / "a.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 64))
    for _ in range(3):
        writer.write(np.zeros((64, 64, 3), np.uint8))
    writer.release()
    video = Video(path)
    assert video.form == ""
    video.open()
    assert video.form == "MJPG"
    video.release()
