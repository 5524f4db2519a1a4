"""Phones before the camera of a real desk: drawn frames, decoder process, ledger and window are real."""

import os
import random
import time

import numpy as np
import pytest
from PySide6.QtCore import Qt

from kiosk import flow
from kiosk.camera import grabber, remembered, sightings, synthetic
from kiosk.camera.devices import Camera, Choice
from kiosk.core import entry_pass
from kiosk.core.clock import JAPAN, moment
from kiosk.core.trust import TrustList
from kiosk.invented import invent_household
from kiosk.store import opening
from kiosk.wiring import DeskStation, Devices
from scripted_camera import Plug
from ui.station import Device

ISSUER = entry_pass.IssuerKey.generate("431001")
ROOM = synthetic.empty(np.random.default_rng(1))


def phone(seed):
    """A frame in which a household's phone is held up."""
    now, rng = int(time.time()), np.random.default_rng(seed)
    home = invent_household(random.Random(seed), 3).on_pass()
    text = entry_pass.issue(home, ISSUER, issued=now - 60, expires=now + 9999, randomness=os.urandom)
    return synthetic.photograph(text, synthetic.held_up(rng), rng)


ONE, OTHER = phone(3), phone(4)


@pytest.fixture
def plug():
    return Plug(ROOM, per_second=30)


@pytest.fixture
def desk(sit_down, tmp_path, plug):
    """A desk that was opened, with its window, before a camera on a plug."""
    opening.open_shelter(tmp_path / "kiosk", opening.practice_sheet(), opening.PRACTICE_STAFF)
    station = DeskStation(
        tmp_path / "kiosk",
        Devices(plug.camera, None),
        passphrase=opening.PRACTICE_PASSPHRASE,
        trust=TrustList((ISSUER.trusted(),)),
        reports=False,
    )
    desktop = sit_down(station)
    desktop.qtbot.waitUntil(lambda: station.surroundings().camera is Device.WORKING, timeout=30_000)
    return desktop


def shown(desk, state):
    desk.qtbot.waitUntil(lambda: isinstance(desk.bridge.state, state), timeout=20_000)
    return desk.bridge.state


def put_away(desk, plug, gone=1.3):
    """The phone leaves the picture for longer than a lamp's flicker."""
    plug.picture = ROOM
    desk.qtbot.wait(int(gone * 1000))


def test_a_phone_shown_again_is_told_that_it_is_done_and_later_since_when(desk, plug, monkeypatch):
    """Within seconds もう すんでいます, whoever came between; later: here since when, and what now?"""
    plug.picture = ONE
    number = shown(desk, flow.Done).row.number
    plug.picture = OTHER
    desk.qtbot.waitUntil(
        lambda: isinstance(desk.bridge.state, flow.Done) and desk.bridge.state.row.number != number,
        timeout=20_000,
    )
    put_away(desk, plug)
    plug.picture = ONE
    seen = shown(desk, flow.Seen)
    assert seen.row.number == number
    assert "もう すんでいます" in desk.said()
    since = f"{moment(seen.row.received_at).astimezone(JAPAN):%H:%M}"
    assert since in desk.said()
    desk.keys(Qt.Key.Key_Escape)
    # Later is ten seconds later; here it comes sooner.
    monkeypatch.setattr(sightings, "AGAIN", 2.0)
    put_away(desk, plug, 2.5)
    assert desk.bridge.state == flow.Ready()
    plug.picture = ONE
    asked = shown(desk, flow.WhatNow)
    assert asked.row.number == number
    assert f"{since}に 受付が おわっています" in desk.said()
    assert desk.bridge.ambient.counts.households == 2


def test_a_camera_that_is_pulled_out_and_plugged_in_is_seen_on_the_screen(desk, plug):
    """Pulled out, pill and picture say so and what to do; plugged in, phones are received again."""
    plug.there = False
    desk.qtbot.waitUntil(lambda: "カメラ つながっていません" in desk.said(), timeout=10_000)
    assert "ケーブルを たしかめて ください" in desk.said()
    plug.there = True
    desk.qtbot.waitUntil(lambda: "カメラ 正常" in desk.said(), timeout=10_000)
    assert "たしかめて ください" not in desk.said()
    plug.picture = ONE
    shown(desk, flow.Done)
    assert plug.threads
    assert len(plug.threads) == 1


def test_a_covered_lens_and_a_picture_that_stands_still_are_said(desk, plug):
    """まっくら and 止まっています are told apart, each with what helps."""
    plug.dark = True
    desk.qtbot.waitUntil(lambda: "カメラ まっくら" in desk.said(), timeout=15_000)
    assert "カバーを 開ける" in desk.said()
    plug.dark = False
    desk.qtbot.waitUntil(lambda: "カメラ 正常" in desk.said(), timeout=15_000)
    plug.frozen = True
    desk.qtbot.waitUntil(lambda: "カメラ 止まっています" in desk.said(), timeout=15_000)
    plug.frozen = False
    desk.qtbot.waitUntil(lambda: "カメラ 正常" in desk.said(), timeout=20_000)


def test_a_driver_that_never_returns_is_left_behind(desk, plug, monkeypatch):
    """The desk opens the camera anew on another thread, and says meanwhile that the picture stands still."""
    monkeypatch.setattr(grabber, "HANG", 1.0)
    plug.hang()
    try:
        desk.qtbot.waitUntil(lambda: "カメラ 止まっています" in desk.said(), timeout=10_000)
        desk.qtbot.waitUntil(lambda: len(plug.threads) > 1, timeout=10_000)
    finally:
        plug.recover()
    plug.picture = ONE
    shown(desk, flow.Done)
    assert "カメラ" not in desk.said()
    assert plug.open_now == 1


def test_another_camera_is_taken_when_it_is_chosen(desk, plug, tmp_path):
    """Chosen in the settings, a camera is opened at once and is the one at the next start."""
    station = desk.station
    other = Camera("usb-2", "ほかの カメラ", 2)
    station.choose_camera(other)
    desk.qtbot.waitUntil(lambda: plug.opened == 2 and plug.open_now == 1, timeout=10_000)
    assert remembered.read(tmp_path / "kiosk") == Choice("usb-2", "ほかの カメラ")
    station.cameras_seen([("usb-2", "ほかの カメラ")])
    desk.qtbot.waitUntil(lambda: station.surroundings().camera is Device.WORKING, timeout=10_000)
