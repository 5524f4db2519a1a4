from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.camera import health, synthetic
from kiosk.camera.health import Health

RNG = np.random.default_rng(1)
BLACK = np.full((480, 640), 12, np.uint8)


def alive():
    return RNG.integers(90, 140, (480, 640), np.uint8)


def seen(*pictures, step=0.5):
    one = Health()
    for place, picture in enumerate(pictures):
        one.saw(place * step, picture)
    return one.problem


def test_a_living_picture_is_fine():
    """Noise never repeats: a wall with nobody before it is no frozen camera."""
    assert seen(*(alive() for _ in range(20))) == ""


def test_a_repeated_picture_is_frozen_after_a_while():
    """The same bytes for two seconds come from a driver, not from a sensor."""
    still = alive()
    assert seen(alive(), *[still] * 4) == ""
    assert seen(alive(), *[still] * 6) == "camera_frozen"
    assert seen(*[still] * 6, alive()) == ""


def test_a_slow_camera_is_not_frozen():
    """A few repeats far apart are a slow stream."""
    still = alive()
    assert seen(still, still, still, step=1.5) == ""


def test_darkness_is_told_apart():
    """A covered lens is dark even where its black repeats, and noise and a hot pixel make no light."""
    hot = BLACK.copy()
    hot[16, 16] = 255
    noisy = [np.clip(BLACK + RNG.integers(0, 8, BLACK.shape), 0, 255).astype(np.uint8) for _ in range(6)]
    assert seen(*[BLACK] * 8) == "camera_dark"
    assert seen(*[hot] * 8) == "camera_dark"
    assert seen(*noisy) == "camera_dark"
    assert seen(*noisy, alive()) == ""


def test_a_screen_in_a_dark_room_is_no_darkness():
    """A dimmed phone in a dark room is still something to see."""
    rng = np.random.default_rng(4)
    scene = synthetic.CONDITIONS["low_light"](synthetic.held_up(rng), rng)
    assert seen(*[synthetic.photograph("ESR1:DIM", scene, rng) for _ in range(6)]) == ""


@pytest.mark.parametrize("code", health._SENTENCES)
def test_each_trouble_is_one_sentence(code):
    """What is wrong with a camera is said in one sentence with something to do."""
    error = health.trouble(code)
    assert error.code == code
    assert error.sentence.endswith("。")
    assert error.english != error.sentence


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 2), st.sampled_from("ABLX")), max_size=40))
def test_only_what_lasts_is_a_problem(steps):
    """Nothing is said before it lasted, and a living picture takes every complaint back."""
    pictures = {"A": np.full((32, 32), 99, np.uint8), "B": np.zeros((32, 32), np.uint8)}
    pictures["X"] = np.full((32, 32, 3), 200, np.uint8)
    one, now, since = Health(), 0.0, 0.0
    last = ""
    for step, kind in steps:
        now += step
        since = since if kind == last else now
        last = kind
        one.saw(now, alive() if kind == "L" else pictures[kind])
        if kind == "L" or now - since < health.FROZEN_AFTER:
            assert not one.problem
