"""What is heard at the desk."""

import itertools
import math
import struct
import wave

import pytest

from kiosk import flow
from kiosk.flow import Sound
from ui import sound

NAMES = ("ok", "attention", "error", "tick")


def heard(name, *, quiet=False):
    with wave.open(sound.file(name, quiet=quiet)) as file:
        data = file.readframes(file.getnframes())
        return file.getframerate(), struct.unpack(f"<{len(data) // 2}h", data)


def pitches(name):
    """The notes in hertz, by how often the wave crosses zero within each stretch of sound."""
    rate, samples = heard(name)
    window = rate // 100
    found = []
    for start in range(0, len(samples) - window, window):
        part = samples[start : start + window]
        if max(map(abs, part)) > 3000:
            crossings = sum(one < 0 <= other for one, other in itertools.pairwise(part))
            found.append(crossings * 100)
    return found


def test_good_and_bad_sound_different():
    """Received rises, a mistake falls and is lower, attention is one note: each known without the others."""
    ok, attention, error = pitches("ok"), pitches("attention"), pitches("error")
    assert ok[0] < ok[-1]
    assert error[0] >= error[-1]
    assert max(error) < min(attention) <= min(ok)
    assert max(attention) - min(attention) <= 100


@pytest.mark.parametrize("name", NAMES)
def test_the_night_is_only_softer(name):
    """At night the same is heard at a sixth: nobody has to learn new sounds."""
    (rate, day), (night_rate, night) = heard(name), heard(name, quiet=True)
    assert rate == night_rate
    assert len(day) == len(night)
    loud, soft = (math.sqrt(sum(one * one for one in samples) / len(samples)) for samples in (day, night))
    assert 12 <= 20 * math.log10(loud / soft) <= 24


@pytest.mark.parametrize("name", NAMES)
def test_no_sound_is_long_or_clicks(name):
    """Shorter than half a second, from silence to silence."""
    rate, samples = heard(name)
    assert len(samples) < rate / 2
    assert abs(samples[0]) < 400
    assert abs(samples[-1]) < 400


def test_every_digit_of_a_pin_ticks_alike(sit_down):
    """Ten keys, one sound: whoever listens learns nothing but how many."""
    desktop = sit_down()
    heard_names = []
    desktop.bridge.sounded.connect(heard_names.append)
    for digit in range(10):
        desktop.station.place_card()
        desktop.until(flow.Pin)
        heard_names.clear()
        desktop.keys(str(digit))
        assert heard_names == ["tick"]
        desktop.bridge.put(flow.Back())
        desktop.until(flow.Ready)


def test_nothing_is_told_by_sound_alone(sit_down, qtbot):
    """Each sound comes with another picture: who hears nothing misses nothing."""
    desktop = sit_down()
    told = []
    desktop.bridge.sounded.connect(lambda name: told.append((name, before)))
    before = desktop.window.grab().toImage()
    desktop.station.show_code()
    desktop.until(flow.Done)
    desktop.bridge.put(flow.CodeRefused("not_a_pass"))
    desktop.bridge.put(flow.HelpWanted())
    qtbot.wait(10)
    assert told
    assert {name for name, _ in told} <= set(NAMES)
    assert all(desktop.window.grab().toImage() != picture for _, picture in told)


def test_a_sound_the_flow_asks_for_is_there():
    """Every name the flow may give has its two files."""
    for name in NAMES:
        Sound(name)
        assert heard(name)
        assert heard(name, quiet=True)
