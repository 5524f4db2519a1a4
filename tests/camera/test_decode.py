from __future__ import annotations

import random

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from kiosk.camera import draw, synthetic
from kiosk.camera.decode import Decoder, read_codes
from kiosk.core.entry_pass import IssuerKey, issue
from kiosk.core.trust import Algorithm
from kiosk.errors import Malformed
from kiosk.invented import invent_household


def a_pass(seed, size=None):
    rng = random.Random(seed)
    key = IssuerKey.generate("431001", Algorithm.EDDSA)
    household = invent_household(rng, size).on_pass()
    return issue(household, key, issued=1, expires=2, randomness=rng.randbytes)


@pytest.mark.parametrize("seed", range(4))
def test_a_phone_held_up_is_read(seed):
    """A pass on a phone held up to a webcam is read letter for letter, in colour and in grey."""
    text, rng = a_pass(seed), np.random.default_rng(seed)
    frame = synthetic.photograph(text, synthetic.held_up(rng), rng)
    assert frame.shape == (720, 1280, 3)
    assert read_codes(frame) == [text]
    assert read_codes(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)) == [text]


@pytest.mark.parametrize("condition", synthetic.CONDITIONS)
def test_bad_conditions_never_change_a_text(condition):
    """Whatever is wrong with the picture, what is read is what was shown."""
    rng, decoder = np.random.default_rng(5), Decoder()
    for seed in range(4):
        text = a_pass(seed)
        scene = synthetic.CONDITIONS[condition](synthetic.held_up(rng), rng)
        reading = decoder.read(synthetic.photograph(text, scene, rng), thorough=True)
        assert set(reading.texts) <= {text}


def test_a_code_too_blurred_to_read_is_located_and_gives_nothing():
    """An unreadable code gives no text, and yet starts the stopwatch."""
    rng = np.random.default_rng(1)
    text = a_pass(1, 4)
    blurred = [
        Decoder().read(synthetic.photograph(text, synthetic.Scene(across=330, blur=blur), rng))
        for blur in (1.5, 1.8, 2.1, 2.4, 2.7, 3.0)
    ]
    assert not blurred[-1].texts
    assert any(reading.located and not reading.texts for reading in blurred)


def test_an_empty_room_shows_nothing():
    """No text is ever read where no code is."""
    decoder = Decoder()
    for seed in range(6):
        assert not decoder.read(synthetic.empty(np.random.default_rng(seed)), thorough=True).texts


def test_two_codes_are_both_read():
    """Two phones in one frame are two texts."""
    texts = ["ESR1:A", "ESR1:B"]
    sides = [cv2.resize(draw.modules(text), None, fx=8, fy=8, interpolation=0) for text in texts]
    assert sorted(read_codes(np.hstack(sides))) == texts


@pytest.mark.parametrize(
    "frame",
    [
        None,
        [[1, 2], [3, 4]],
        np.zeros((9, 9), np.float32),
        np.zeros((9, 9, 4), np.uint8),
        np.zeros((9,), np.uint8),
        np.zeros((0, 9), np.uint8),
        np.zeros((1, 5000), np.uint8),
        np.zeros((4096, 4096), np.uint8),
    ],
    ids=lambda frame: str(getattr(frame, "shape", frame)),
)
def test_what_is_no_frame_is_refused(frame):
    """An array of another kind or size is refused by the one documented error."""
    with pytest.raises(Malformed, match="bad_frame"):
        read_codes(frame)


@settings(max_examples=60, deadline=None)
@given(
    arrays.arrays(
        np.uint8,
        st.tuples(st.integers(1, 90), st.integers(1, 90)) | st.just((60, 60, 3)),
        elements=st.integers(0, 255),
    ),
    st.booleans(),
)
def test_any_picture_can_be_looked_at(frame, flipped):
    """No picture of any size makes the reader fail, nor does a view that is not in order in memory."""
    reading = Decoder().read(frame[::-1, ::-1] if flipped else frame, thorough=True)
    assert reading.texts == ()


def test_broken_symbols_are_looked_at_without_harm():
    """Codes with flipped and blotted modules are read rightly, or not at all."""
    rng, decoder = np.random.default_rng(3), Decoder()
    text = a_pass(2)
    modules = draw.modules(text)
    for share in (0.005, 0.02, 0.05, 0.2, 0.5):
        for _ in range(6):
            hurt = np.where(rng.random(modules.shape) < share, 255 - modules, modules)
            frame = cv2.resize(hurt, None, fx=4, fy=4, interpolation=cv2.INTER_NEAREST)
            assert set(decoder.read(frame, thorough=True).texts) <= {text}
