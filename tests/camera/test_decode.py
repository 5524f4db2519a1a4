from __future__ import annotations

import random
import sys
import types

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pyzbar.pyzbar import ZBarSymbol

from kiosk.camera import decode, draw, looks, synthetic
from kiosk.camera.crowd import Crowd
from kiosk.camera.decode import Decoder, read_codes
from kiosk.camera.looks import Look
from kiosk.camera.picture import Reading
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
        for blur in (2.2, 2.4, 2.6, 2.8, 3.0, 3.2, 3.4, 3.6, 4.5)
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


class Ticks:
    """A clock that a test moves."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def played(monkeypatch):
    """Looks by script: each takes some seconds and reads what `sees` says; `taken` tells the order."""
    clock, taken, sees = Ticks(), [], {}

    def look(name, cost, seconds):
        def read(_grey):
            clock.now += seconds
            taken.append(name)
            return Reading(sees.get(name, ()), name in sees)

        return Look(name, cost, read)

    monkeypatch.setattr(decode, "BUDGET", 0.024)
    monkeypatch.setattr(decode, "zxing", look("first", 1, 0.002).read)
    looks = [look("a", 1, 0.004), look("b", 1, 0.006), look("c", 7, 0.009), look("d", 1, 0.002)]
    monkeypatch.setattr(decode, "LOOKS", tuple(looks))
    return Decoder(clock), taken, sees


def changing(number):
    """A scene that is another one each time."""
    return np.full((60, 60), number * 40 % 256, np.uint8)


def test_a_readable_code_takes_one_look(played):
    """What the first look reads is not looked at again."""
    decoder, taken, sees = played
    sees["first"] = ("A",)
    assert decoder.read(changing(1)).texts == ("A",)
    assert taken == ["first"]


def test_looks_are_taken_while_the_time_lasts(played):
    """Looks that do not fit into a frame's time get their turn one by one, at every other frame's end."""
    decoder, taken, _ = played
    decoder.read(changing(1))
    frames = []
    for number in range(2, 7):
        frames.append(taken.copy())
        taken.clear()
        decoder.read(changing(number))
    best = ["first", "a", "b"]
    assert frames == [best, [*best, "c"], best, [*best, "d"], best]


def test_a_slow_laptop_takes_one_look_more_at_each_frame(played, monkeypatch):
    """However slow the machine, no look is left out for good."""
    decoder, taken, _ = played
    monkeypatch.setattr(decode, "BUDGET", 0.001)
    for number in range(8):
        decoder.read(changing(number))
    assert "".join(name for name in taken if name != "first") == "aabaacaadaab"


def test_a_crowded_picture_gets_one_look(played, monkeypatch):
    """A picture that is slow to look at is made to stop a desk: costly looks are not taken at it."""
    decoder, taken, _ = played
    monkeypatch.setattr(decode, "CROWDED", 0.013)
    for number in range(6):
        decoder.read(changing(number))
    assert "c" not in taken
    monkeypatch.setattr(decode, "CROWDED", 0.001)
    taken.clear()
    decoder.read(changing(3))
    assert taken == ["first"]
    decoder.read(changing(4), thorough=True)
    assert "c" in taken


def test_a_wall_of_squares_is_let_go():
    """Thousands of corner squares without a code cost no more than any picture, and read as nothing."""
    eye = np.full((9, 9), 255, np.uint8)
    eye[1:8, 1:8], eye[2:7, 2:7], eye[3:6, 3:6] = 0, 255, 0
    wall = np.tile(np.kron(eye, np.ones((3, 3), np.uint8)), (40, 70))
    assert Crowd.of(wall).too_many
    assert read_codes(wall) == []
    modules = draw.modules(a_pass(1))
    code = np.kron(modules, np.ones((6, 6), np.uint8))
    assert not Crowd.of(code).many


@pytest.mark.parametrize("gap", range(1, 24))
@pytest.mark.parametrize("inverted", [False, True])
def test_no_wall_hides_between_the_rows_that_are_looked_at(gap, inverted):
    """Whatever the distance of its squares, a wall of a thousand and more is known as a crowd."""
    eye = np.full((7 * 2 + gap, 7 * 2 + gap), 255, np.uint8)
    eye[:14, :14], eye[2:12, 2:12], eye[4:10, 4:10] = 0, 255, 0
    wall = np.tile(eye, (1080 // len(eye) + 1, 1920 // len(eye) + 1))[:1080, :1920]
    assert Crowd.of(255 - wall if inverted else wall).many


def test_the_look_that_read_last_is_the_first_of_the_next_frame(played):
    """A phone held up shows the same trouble in the next frame."""
    decoder, taken, sees = played
    sees["b"] = ("B",)
    assert decoder.read(changing(1)).texts == ("B",)
    taken.clear()
    assert decoder.read(changing(2)).texts == ("B",)
    assert taken == ["first", "b"]


def test_a_still_is_looked_at_in_every_way(played):
    """A picture that no other follows gets all there is."""
    decoder, taken, _ = played
    decoder.read(changing(1), thorough=True)
    assert taken == ["first", "a", "b", "c", "d"]


def test_an_empty_desk_costs_little(played):
    """A scene at which every look was taken in vain gets one other look a frame, until it changes."""
    decoder, taken, _ = played
    for _ in range(5):
        decoder.read(changing(1))
    taken.clear()
    for _ in range(4):
        decoder.read(changing(1))
    assert taken.count("first") == 4
    assert sorted(name for name in taken if name != "first") == ["a", "b", "c", "d"]
    taken.clear()
    decoder.read(changing(2))
    assert len(taken) > 2


def test_each_lone_frame_is_read_as_the_first(played):
    """What was read before does not change how a frame is read alone."""
    _, taken, _ = played
    read_codes(changing(1))
    read_codes(changing(2))
    assert taken[: len(taken) // 2] == taken[len(taken) // 2 :]


def test_a_library_that_fails_is_one_look_less(monkeypatch):
    """What a decoder raises on an odd picture never reaches the desk."""

    def breaks(*_args, **_options):
        raise RuntimeError

    frame = cv2.resize(draw.modules("ESR1:A"), None, fx=8, fy=8, interpolation=0)
    monkeypatch.setattr(looks.zxingcpp, "read_barcodes", breaks)
    assert Decoder().read(frame, thorough=True).texts == ("ESR1:A",)
    monkeypatch.setattr(looks, "_pyzbar", lambda: types.SimpleNamespace(decode=breaks, ZBarSymbol=ZBarSymbol))
    assert Decoder().read(frame, thorough=True).texts == ()


def test_without_zbar_the_rest_reads(monkeypatch):
    """A machine without libzbar lacks one look, and says so when asked."""
    monkeypatch.setitem(sys.modules, "pyzbar", None)
    looks._pyzbar.cache_clear()
    try:
        assert not looks.has_zbar()
        frame = cv2.resize(draw.modules("ESR1:A"), None, fx=8, fy=8, interpolation=0)
        assert looks.zbar(frame) == Reading()
        assert Decoder().read(frame, thorough=True).texts == ("ESR1:A",)
    finally:
        monkeypatch.undo()
        looks._pyzbar.cache_clear()
    assert looks.has_zbar()


@pytest.mark.parametrize(
    "frame",
    [
        None,
        [[1, 2], [3, 4]],
        np.zeros((9, 9), np.float32),
        np.zeros((9, 9, 4), np.uint8),
        np.zeros((9, 9, 3, 1), np.uint8),
        np.zeros((9,), np.uint8),
        np.zeros((0, 9), np.uint8),
        np.zeros((9, 0, 3), np.uint8),
    ],
    ids=lambda frame: str(getattr(frame, "shape", frame)),
)
def test_what_is_no_frame_is_refused(frame):
    """An array of another kind is refused by the one documented error."""
    with pytest.raises(Malformed, match="bad_frame"):
        read_codes(frame)


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 9000), (20, 20), (9000, 30), (21, 21, 3), (6000, 6000), (40, 60, 1)]
)
def test_frames_of_any_size_are_looked_at(shape):
    """A frame may be tiny, huge or a strip: it is read, and nothing is found in it."""
    assert read_codes(np.full(shape, 128, np.uint8)) == []


@pytest.mark.parametrize(
    "turned", [np.flipud, np.fliplr, lambda frame: frame.transpose(1, 0, 2), lambda frame: frame[..., ::-1]]
)
def test_a_frame_may_lie_in_memory_as_it_likes(turned):
    """A view that is not in order in memory is read like any other, mirrored phones' cameras too."""
    text, rng = a_pass(3), np.random.default_rng(3)
    frame = turned(synthetic.photograph(text, synthetic.held_up(rng), rng))
    assert not frame.flags.c_contiguous
    assert read_codes(frame) == [text]


def test_a_huge_photograph_is_thinned_and_read():
    """A frame of fifty megapixels is read at the size of one that a camera gives."""
    frame = np.kron(draw.modules("ESR1:HUGE"), np.ones((250, 250), np.uint8))
    assert frame.size > 50_000_000
    assert read_codes(frame) == ["ESR1:HUGE"]


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
