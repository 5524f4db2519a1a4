from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.camera.picture import Reading
from kiosk.camera.sightings import AGAIN, GONE, HELD, LONGEST, Sightings

EMPTY, BLURRED = Reading(), Reading((), located=True)
A, B = Reading(("A",), located=True), Reading(("B",), located=True)


def told(*frames):
    sightings = Sightings()
    return [(code.text, code.first_seen) for at, reading in frames for code in sightings.saw(at, reading)]


def test_the_stopwatch_starts_where_the_code_was_located():
    """A code is told with the first frame in which it could be seen, not the one that could be read."""
    assert told((1.0, EMPTY), (1.1, BLURRED), (1.2, BLURRED), (1.3, A)) == [("A", 1.1)]
    assert told((1.0, EMPTY), (1.3, A)) == [("A", 1.3)]


def test_a_code_held_up_is_told_once():
    """Thirty frames of one code are one household at the desk."""
    assert told(*((place / 30, A if place % 3 else BLURRED) for place in range(1, 90))) == [("A", 1 / 30)]


def test_a_code_that_comes_again_is_told_again():
    """A code that was gone for a while and is held up again is told again."""
    assert told((0, A), (GONE + 0.5, A)) == [("A", 0), ("A", GONE + 0.5)]


def test_a_code_that_comes_back_soon_says_so():
    """Shown again within ten seconds it is told with how long it was gone; later, like one never seen."""
    sightings = Sightings()
    gone = []
    for at in (0.0, 0.5, 4.5, 4.5 + AGAIN, 5.0 + 2 * AGAIN):
        gone += [code.gone for code in sightings.saw(at, A)]
    assert gone == [None, 4.0, AGAIN, None]


def test_a_lamp_over_a_code_makes_no_second_sighting():
    """A code that is still located, and cannot be read for a moment, is still the same code held up."""
    frames = [(0.0, A), *((place / 10, BLURRED) for place in range(1, int(HELD * 10))), (HELD, A)]
    assert told(*frames) == [("A", 0.0)]
    held = [(place / 10, BLURRED) for place in range(1, int(HELD * 10) + 20)]
    assert [text for text, _ in told((0.0, A), *held, (HELD + 2, A))] == ["A", "A"]


def test_the_next_household_starts_its_own_stopwatch():
    """Time while the household before still holds its code up is not the next one's."""
    frames = [(0.0, A), (0.2, BLURRED), (0.4, A), (0.6, BLURRED), (0.7, B)]
    assert told(*frames) == [("A", 0.0), ("B", 0.6)]


def test_a_glimpse_long_before_counts_for_nobody():
    """What was located and went away again starts nobody's stopwatch."""
    assert told((0, BLURRED), (5, EMPTY), (9, A)) == [("A", 9)]
    held = [(place / 2, BLURRED) for place in range(int(LONGEST * 2) + 4)]
    (_, first), *_ = told(*held, (LONGEST + 2, A))
    assert first > LONGEST


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 0.9), st.sampled_from([EMPTY, BLURRED, A, B])), max_size=60))
def test_first_sight_is_never_after_the_reading(steps):
    """Whatever the frames show, a code is told at a moment that has come, and only when it is shown."""
    sightings, now, seen = Sightings(), 0.0, 0.0
    for step, reading in steps:
        now += step
        for code in sightings.saw(now, reading):
            assert code.text in reading.texts
            assert seen <= code.first_seen <= now
            assert code.gone is None or GONE < code.gone <= AGAIN
