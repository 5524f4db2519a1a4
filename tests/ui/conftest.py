"""A small working station: real flow, real desk, a ledger in memory, devices that a test plays."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import datetime as dt
from dataclasses import replace
from itertools import count

import pytest

from at_desk import supervisor
from kiosk import flow
from kiosk.core.access import Actor, Role
from kiosk.core.acts import Source
from kiosk.core.dates import BirthDate
from kiosk.core.household import Household, Method, Mode, Person, Relation
from kiosk.core.ids import HouseholdId, PersonId
from kiosk.desk import Desk
from kiosk.errors import KnownError
from kiosk.settings import Settings
from kiosk.timing import Session
from memory_ledger import MemoryLedger
from ui.station import Device, Surroundings

NOW = dt.datetime(2026, 9, 1, 21, 47, tzinfo=dt.timezone(dt.timedelta(hours=9)))
FULL = KnownError("disk_full", "この パソコンに 空きが ありません。", "the disk is full")


class TestStation:
    """One desk whose camera and card are played by the test."""

    __test__ = False

    shelter_name = "城山小学校 避難所"
    desk_label = "受付 1番"
    capacity = 200
    founder = None
    keeper = None
    settings = Settings()
    towns = (flow.Town("小田原市栄町", "サカエチョウ"), flow.Town("小田原市城山", "シロヤマ"))

    def __init__(self, *, passphrase=None, mode=Mode.DISASTER):
        self.mode = mode
        self.passphrase = passphrase
        self.asks_passphrase = passphrase is not None
        self.ledger = MemoryLedger(int(NOW.timestamp() * 1000) << 16)
        self.around = Surroundings(Device.WORKING, Device.WORKING)
        self.pins = []
        self.card_answers = []
        self.watching = []
        self.closed = self.tried = self.rested = 0
        self.push = None
        ticks, ids = count(), count(1)
        self.session = Session(lambda: next(ticks) / 1000, 1)
        self.randomness = lambda size: next(ids).to_bytes(size, "big")

    @property
    def reception(self):
        return self

    def open(self, passphrase):
        if self.passphrase is not None and passphrase.reveal() != self.passphrase:
            raise KnownError("wrong_passphrase", "合い言葉が ちがいます。", "wrong passphrase")
        return Desk(self.ledger, self.mode, lambda: None, self.randomness, supervisor())

    def start(self, push):
        self.push = push

    def watch_codes(self, *, wanted):
        self.watching.append(wanted)

    def cameras_seen(self, seen):
        self.cameras = seen

    def read_card(self, digits):
        self.pins.append(digits.reveal())
        self.push(self.card_answers.pop(0))

    def latest_frame(self):
        return None

    def surroundings(self):
        return self.around

    def now(self):
        return NOW

    def stopwatch(self):
        return self.session.stopwatch()

    def rest(self):
        self.rested += 1

    def acknowledge(self):
        self.around = replace(self.around, notices=())

    def try_sync(self):
        self.tried += 1

    def second(self, name, secret):
        if secret.reveal() != "second":
            raise KnownError("wrong_passphrase", "合い言葉が ちがいます。", "wrong passphrase")
        return Actor(b"2" * 8, name, Role.SUPERVISOR)

    def close(self):
        self.closed += 1

    # What a test plays.

    def show_code(self, key=b"1", *names):
        """A phone is held to the camera."""
        names = names or ("山田\u3000太郎", "山田\u3000和子")
        members = tuple(
            Person(PersonId((key + bytes([place])) * 4), name, kana="ヤマダ")
            for place, name in enumerate(names)
        )
        home = Household(HouseholdId(key * 16), members)
        self.push(flow.CodeAccepted(home, Source(Method.APP, "city", key, 1), self.stopwatch()))

    def place_card(self):
        self.push(flow.CardPlaced(self.stopwatch()))

    def card_tells(self):
        """The next PIN is right."""
        holder = Person(PersonId(b""), "山田\u3000太郎", birth=BirthDate(1954, 3, 2), relation=Relation.HEAD)
        home = Household(HouseholdId(b""), (holder,), address="神奈川県小田原市栄町二丁目3番4号")
        self.card_answers.append(flow.CardRead(home, Source(Method.CARD, "", b"k")))


class Desktop:
    """The real window on a station, with the few things a person does."""

    def __init__(self, qtbot, station):
        from ui.app import application, joined

        application()
        self.qtbot, self.station = qtbot, station
        self.bridge, self.window = joined(station)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()

    @property
    def screen(self):
        return self.window.screen_shown

    def until(self, state):
        """Wait for a state to be drawn; returns it."""
        self.qtbot.waitUntil(lambda: isinstance(self.bridge.state, state), timeout=5000)
        return self.bridge.state

    def keys(self, *keys):
        """Type on the keyboard, wherever the focus is: letters of a string one by one."""
        from PySide6.QtWidgets import QApplication

        for key in keys:
            target = QApplication.focusWidget() or self.window
            if isinstance(key, str):
                for letter in key:
                    self.qtbot.keyClicks(QApplication.focusWidget() or self.window, letter)
            else:
                self.qtbot.keyClick(target, key)

    def touch(self, widget):
        from PySide6.QtCore import Qt

        assert widget.isVisible()
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def said(self):
        """Everything the screen and the header say."""
        from PySide6.QtWidgets import QAbstractButton, QLabel

        widgets = [*self.window.findChildren(QLabel), *self.window.findChildren(QAbstractButton)]
        return "\n".join(widget.text() for widget in widgets if widget.isVisible())


@pytest.fixture
def sit_down(qtbot):
    """Open the window on a station and wait until it can be used."""
    opened = []

    def sit(station=None, *, until=flow.Ready):
        desktop = Desktop(qtbot, station or TestStation())
        opened.append(desktop)
        desktop.until(until)
        return desktop

    sit.station = TestStation
    sit.full_disk = FULL
    yield sit
    for desktop in opened:
        desktop.window.close()
        desktop.bridge.close()
