"""A real desk behind the real window: practice store, real wiring, a played reader, codes as if seen."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QAbstractButton, QLabel

from card_reader.simulated import SimulatedReader
from kiosk import flow
from kiosk.camera.worker import CodeSeen
from kiosk.store import opening
from kiosk.wiring import DeskStation, Devices
from ui.hand import Hand

TOWNS = (flow.Town("小田原市栄町", "サカエチョウ"), flow.Town("小田原市城山", "シロヤマ"))


class RealDesk(Hand):
    """`lay` a card, `show` a code, press what people press."""

    def __init__(self, data, sheet="", letter="A", **known):
        if not opening.is_opened(data):
            text = sheet or opening.practice_sheet()
            opening.open_shelter(data, text, opening.PRACTICE_STAFF, desk=letter)
        self.reader = SimulatedReader()
        settings = {"passphrase": opening.PRACTICE_PASSPHRASE, "towns": TOWNS, "reports": False, **known}
        self.station = DeskStation(data, Devices(None, lambda: self.reader), **settings)
        super().__init__(self.station)
        self.wait(flow.Ready)
        self.until(lambda: self.station.surroundings().reader.value == "working")

    @property
    def state(self):
        return self.bridge.state

    @property
    def screen(self):
        return self.window.screen_shown

    @property
    def ledger(self):
        """For a look from outside the desk's thread, when nothing is being written."""
        return self.station._store.ledger

    def lay(self, card):
        self.reader.insert(card)

    def lift(self):
        self.reader.remove()

    def show(self, text):
        """A code is held to the camera."""
        self.station._codes.seen(CodeSeen(text, time.monotonic(), 0.001))

    def home(self):
        """Time passes until the ready screen is there, with nobody remembered."""
        self.until(self._at_home)
        self.bridge.put(flow.TimeUp())

    def _at_home(self):
        if not isinstance(self.bridge.state, flow.Ready):
            self.bridge.put(flow.TimeUp())
        return isinstance(self.bridge.state, flow.Ready)

    def at_desk(self, job):
        """Do this on the desk's own thread; returns what it gave."""
        given = []
        self.bridge._thread.do(lambda: given.append(job()))
        self.until(lambda: bool(given))
        return given[0]

    def said(self):
        """Everything the window says."""
        widgets = [*self.window.findChildren(QLabel), *self.window.findChildren(QAbstractButton)]
        return "\n".join(widget.text() for widget in widgets if widget.isVisible())
