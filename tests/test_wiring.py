"""What the station makes of its devices: played camera and cards, real decoder, pass, store and sync."""

from __future__ import annotations

import queue
import time

import numpy as np
import pytest

from card_reader.my_number import BasicFour
from card_reader.simulated import InventedPerson, SimulatedCard, SimulatedReader
from card_reader.teaching import LESSONS
from kiosk import flow
from kiosk.camera import synthetic
from kiosk.camera.frames import Drawn, open_source
from kiosk.core import entry_pass, sheet
from kiosk.core.dates import BirthDate
from kiosk.core.household import Method, Sex
from kiosk.core.trust import TrustList
from kiosk.desk import Arrival, Received
from kiosk.errors import KnownError
from kiosk.invented import invent_household
from kiosk.store import opening
from kiosk.wiring import DeskStation, Devices, household_of_card, read_sheet_picture
from scripted_camera import Plug
from ui.station import Device, Link


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "kiosk"
    opening.open_shelter(folder, opening.practice_sheet(), opening.PRACTICE_STAFF)
    return folder


@pytest.fixture
def issuer():
    return entry_pass.IssuerKey.generate("431001")


def issued(issuer, seed=1):
    import os
    import random

    now = int(time.time())
    home = invent_household(random.Random(seed)).on_pass()
    return entry_pass.issue(home, issuer, issued=now - 60, expires=now + 9999, randomness=os.urandom)


class Stage:
    """A running station and the inputs it pushed."""

    def __init__(self, data, devices, trust=None):
        self.station = DeskStation(data, devices, passphrase=opening.PRACTICE_PASSPHRASE, trust=trust)
        self.pushed = queue.SimpleQueue()
        self.desk = self.station.open(None)
        self.station.start(self.pushed.put)

    def next(self, kind, seconds=20.0):
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            try:
                event = self.pushed.get(timeout=0.2)
            except queue.Empty:
                continue
            if isinstance(event, kind):
                return event
        raise AssertionError(f"no {kind.__name__} came")


@pytest.fixture
def stage(data):
    opened = []

    def begin(devices, trust=None):
        opened.append(Stage(data, devices, trust))
        return opened[-1]

    yield begin
    for one in opened:
        one.station.close()


def showing(text):
    rng = np.random.default_rng(5)
    frame = synthetic.photograph(text, synthetic.held_up(rng), rng)
    return lambda: Drawn(lambda: frame, per_second=15)


def test_a_phone_held_up_is_a_household_ready_to_be_received(stage, issuer):
    """Frame, decoder process, signature: the household arrives with its stopwatch running."""
    one = stage(Devices(showing(issued(issuer)), None), TrustList((issuer.trusted(),)))
    seen = one.next(flow.CodeAccepted)
    outcome = one.desk.receive(Arrival(Method.APP, seen.household, seen.source, seen.stopwatch))
    assert isinstance(outcome, Received)
    assert one.desk.counts().persons == len(seen.household.members)
    assert one.station.latest_frame().shape == (720, 1280, 3)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda _text: "https://example.jp/menu", "not_a_pass"),
        (lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"), "bad_signature"),
        (lambda text: text[:40], "malformed"),
    ],
    ids=["a stranger's code", "an altered pass", "half a pass"],
)
def test_what_is_no_pass_is_refused_by_its_reason(stage, issuer, change, code):
    """Refused with a stable code, and nobody is received."""
    one = stage(Devices(showing(change(issued(issuer))), None), TrustList((issuer.trusted(),)))
    refused = one.next(flow.CodeRefused)
    assert refused.code in {code, "malformed"}
    assert one.desk.counts().persons == 0


def test_a_pass_of_a_city_not_on_the_sheet_is_refused(stage, issuer):
    """Trust comes from the opening sheet alone."""
    one = stage(Devices(showing(issued(issuer)), None))
    assert one.next(flow.CodeRefused).code == "unknown_issuer"


def test_a_card_gives_one_person_and_a_wrong_pin_gives_the_tries(stage):
    """The digits go to the card; what comes back is a household of one, or why not."""
    reader = SimulatedReader()
    one = stage(Devices(None, lambda: reader))
    one.next(flow.DeviceChanged)
    card = SimulatedCard()
    reader.insert(card)
    one.next(flow.CardPlaced)
    one.station.read_card(flow.Secret("9999"))
    failed = one.next(flow.CardFailed)
    assert (failed.code, failed.tries_left) == ("wrong_secret", 2)
    one.station.read_card(flow.Secret("1234"))
    read = one.next(flow.CardRead)
    assert read.household.members[0].name == "熊本　花子"
    assert card.violations == []
    reader.remove()
    one.next(flow.CardRemoved)


@pytest.mark.parametrize(
    ("lesson", "notice"),
    [
        ("driving_licence", "driving_licence"),
        ("no_pin", "no_pin_set"),
        ("blocked", "blocked"),
        ("last_try", "last_try_refused"),
    ],
)
def test_nobody_types_a_pin_for_nothing(stage, lesson, notice):
    """What a card is, and that it can not be opened, is said before anybody is asked for a PIN."""
    reader = SimulatedReader()
    one = stage(Devices(None, lambda: reader))
    one.next(flow.DeviceChanged)
    card = LESSONS[lesson](InventedPerson(), time.sleep)
    reader.insert(card)
    assert one.next(flow.CardFailed).code == notice
    assert getattr(card, "secrets_sent", 0) == 0


def test_a_card_that_lies_there_at_the_start_is_left_alone(stage):
    """A clerk's own card in the laptop opens no screen; the same card laid down again does."""
    reader = SimulatedReader()
    reader.insert(SimulatedCard())
    one = stage(Devices(None, lambda: reader))
    one.next(flow.DeviceChanged)
    with pytest.raises(AssertionError, match="no CardPlaced came"):
        one.next(flow.CardPlaced, seconds=0.5)
    reader.remove()
    one.next(flow.CardRemoved)
    reader.insert(SimulatedCard())
    assert one.next(flow.CardPlaced)


def test_a_desk_without_camera_or_reader_still_opens(stage):
    """A missing device closes one way in, never the desk."""

    def no_camera():
        return open_source("camera:97")

    one = stage(Devices(no_camera, None))
    assert isinstance(one.desk.receive(Arrival(Method.COUNT, one.desk.heads(2))), Received)
    ends = time.monotonic() + 15
    while one.station.surroundings().camera is not Device.MISSING and time.monotonic() < ends:
        time.sleep(0.1)
    around = one.station.surroundings()
    assert (around.camera, around.reader) == (Device.MISSING, Device.OFF)
    assert around.sync.link is Link.OFF
    one.station.read_card(flow.Secret("1234"))
    assert one.next(flow.CardFailed).code == "no_reader"


def test_a_wrong_passphrase_can_be_tried_again(data):
    """Refused with a sentence; the right one opens afterwards."""
    station = DeskStation(data, Devices(None, None))
    assert station.asks_passphrase
    try:
        with pytest.raises(KnownError) as caught:
            station.open(flow.Secret("wrong"))
        assert caught.value.code == "wrong_passphrase"
        assert station.open(flow.Secret(opening.PRACTICE_PASSPHRASE)).counts().persons == 0
    finally:
        station.close()


def test_an_odd_birth_date_on_a_card_turns_nobody_away():
    """What can not be a date is left unknown; unknown days stay unknown."""
    odd, _ = household_of_card(BasicFour("山田　太郎", "熊本市", "0000-00-00", 9, ()))
    assert odd.members[0].birth is None
    assert odd.members[0].sex is Sex.UNKNOWN
    partly, _ = household_of_card(BasicFour("山田　太郎", "熊本市", "1945-08-00", 1, ()))
    assert partly.members[0].birth == BirthDate(1945, 8, 0)


def test_the_same_card_is_known_again_and_another_is_not():
    """A card is its holder's name, birth and sex; an address may change."""
    one = household_of_card(BasicFour("山田　太郎", "熊本市", "1945-08-01", 1, ()))[1]
    moved = household_of_card(BasicFour("山田　太郎", "福岡市", "1945-08-01", 1, ()))[1]
    other = household_of_card(BasicFour("山田　次郎", "熊本市", "1945-08-01", 1, ()))[1]
    assert one == moved != other


def test_a_practice_sheet_is_a_real_sheet():
    """Practice opens stores the way a city does."""
    assert sheet.read(opening.practice_sheet()).name == "練習用避難所"


def test_a_phone_held_up_all_the_while_is_seen_when_codes_are_wanted_again(stage, issuer):
    """Nobody has to take the phone away and show it again because another screen was busy."""
    one = stage(Devices(showing(issued(issuer)), None), TrustList((issuer.trusted(),)))
    one.station.watch_codes(wanted=False)
    one.station.watch_codes(wanted=True)
    one.next(flow.CodeAccepted)
    one.station.watch_codes(wanted=False)
    one.station.watch_codes(wanted=True)
    one.next(flow.CodeAccepted)


def test_a_sheet_is_read_before_a_camera_and_no_pile_of_old_frames_is(monkeypatch):
    """Of a live camera the newest frame is read, in a process that a picture can not take down."""
    text = opening.practice_sheet()
    rng = np.random.default_rng(5)
    plug = Plug(synthetic.photograph(text, synthetic.held_up(rng), rng), per_second=120)
    monkeypatch.setattr("kiosk.camera.frames.open_source", lambda _: plug.camera())
    assert read_sheet_picture("camera:0") == text
    assert plug.open_now == 0


def test_without_a_camera_no_sheet_is_waited_for():
    """A camera that is not there is said at once, not after a minute."""
    with pytest.raises(KnownError, match="no_camera"):
        read_sheet_picture("camera:97")
