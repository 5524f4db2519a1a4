"""The second window beside a running desk: off by default, and never a word of another household."""

import random

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel

from any_input import any_input
from card_reader.simulated import SimulatedCard
from card_reader.simulated_others import FelicaCard
from kiosk import flow
from kiosk.settings import Settings
from real_desk import RealDesk
from ui import pictures
from ui.beside import GuestSide
from ui.guest import WAIT, WELCOME, view
from ui.widgets.text import NameLabel
from ui.words import Words

THERE = QRect(0, 0, 1024, 600)
WITH = Settings(second_window=True)


class Beside:
    """A real desk and its guests' side, on a screen that the test says is there."""

    def __init__(self, data, settings=WITH, screen=THERE):
        self.desk = RealDesk(data)
        self.screen = screen
        self.side = GuestSide(
            self.desk.window, settings, lambda: self.desk.station.now().date(), elsewhere=lambda: self.screen
        )
        self.desk.bridge.stepped.connect(self.side.stepped)
        self.desk.bridge.spoken.connect(self.side.spoken)
        self.side.stepped(self.desk.state)
        self.side.begin()

    def said(self):
        """Everything any widget of the guests' window holds, seen or not."""
        names = [label.name for label in self.side.window.findChildren(NameLabel)]
        texts = [label.text() for label in self.side.window.findChildren(QLabel)]
        return "\n".join([*names, *texts, self.side.window.windowTitle(), self.side.window.accessibleName()])


@pytest.fixture
def beside(qtbot, tmp_path):  # noqa: ARG001 - Qt must be up
    opened = []

    def begin(**known):
        opened.append(Beside(tmp_path / "kiosk", **known))
        return opened[-1]

    yield begin
    for one in opened:
        one.side.close()
        one.desk.leave()


def receive(desk, kana="yamada tarou", more="hana"):
    desk.write("F1", kana, "1", "s550217", more, "2", "s560715", "Enter", "sa", "Enter")
    return desk.wait(flow.Done).row


def test_it_is_off_unless_it_was_chosen(beside):
    """Nothing opens by itself, and nothing without another screen to be on."""
    assert Settings().second_window is False
    assert beside(settings=Settings()).side.window is None


def test_it_comes_and_goes_with_its_screen_and_its_choice(beside):
    """Plugged in and chosen it is there; unplugged or put off it is gone."""
    one = beside(screen=None)
    assert one.side.window is None
    one.screen = THERE
    one.side._screens_changed()
    assert one.side.window.geometry() == THERE
    assert one.side.window.isVisible()
    one.side.settle(Settings())
    assert one.side.window is None
    one.side.settle(WITH)
    one.screen = None
    one.side._screens_changed()
    assert one.side.window is None


def test_who_is_received_sees_their_number(beside):
    """The number and how many they are, as on the desk's own screen."""
    one = beside()
    row = receive(one.desk)
    assert row.number in one.said()
    assert "2人" in one.said()
    one.desk.home()
    assert row.number not in one.said()


def test_a_card_is_asked_for_its_digits_on_both_screens(beside):
    """How many digits are there, and never which."""
    one = beside()
    one.desk.lay(SimulatedCard(pin="8305"))
    one.desk.wait(flow.Pin)
    one.desk.write("83")
    assert "4けたの 番号を 入れて ください" in one.said()
    assert "83" not in one.said()
    one.desk.write("Esc")


def test_it_speaks_the_visitors_language_and_then_the_desks(beside):
    """What the visitor chose, until the next one."""
    one = beside()
    one.desk.bridge.put(flow.LanguageChosen("en"))
    assert one.side.window.language == "en"
    receive(one.desk)
    assert Words("en").plain("done.title") in one.said()
    one.desk.home()
    assert one.side.window.language == "ja"


def test_a_finger_on_it_is_nobody_at_the_desk(beside):
    """It passes every touch on to what is behind it: it neither keeps the desk open nor takes a key."""
    flags = beside().side.window.windowFlags()
    assert flags & Qt.WindowType.WindowTransparentForInput
    assert flags & Qt.WindowType.WindowDoesNotAcceptFocus


def staffs_ways():
    """What staff do about somebody who is not at the desk: by name, and what leads there."""
    return {
        "roster": (flow.RosterOpened(),),
        "who goes": (flow.OutOpened(), "found", flow.Enter(), "asked"),
        "goes": (flow.OutOpened(), "found", flow.Enter(), "asked", flow.Going(flow.Change.OUT), "written"),
        "card": (flow.RosterOpened(), "found", flow.Enter(), "card"),
        "held": (flow.RosterOpened(), "found", flow.Enter(), "card", flow.Held(flow.Masked.ADDRESS)),
        "family": (flow.RosterOpened(), "found", flow.Enter(), "card", flow.FamilyOpened()),
        "needs": (flow.RosterOpened(), "found", flow.Enter(), "card", flow.NeedsOpened()),
        "page": (flow.RosterOpened(), "found", flow.Enter(), "card", flow.Letter("A")),
        "member": (flow.RosterOpened(), "found", flow.Enter(), "card", flow.Enter()),
        "tie": (flow.RosterOpened(), "found", flow.Enter(), "card", flow.Enter(), flow.TieWanted()),
        "inquiry": (
            flow.StaffOpened(),
            flow.RoomOpened(flow.Room.INQUIRY),
            flow.Typed("ヤマダ"),
            flow.Chosen(0),
            flow.Enter(),
        ),
        "audit": (flow.StaffOpened(), flow.RoomOpened(flow.Room.AUDIT)),
        "shift": (flow.StaffOpened(), flow.RoomOpened(flow.Room.SHIFT)),
        "doubles": (flow.StaffOpened(), flow.RoomOpened(flow.Room.DOUBLES)),
    }


WAITS = {
    "found": lambda state: isinstance(state, flow.Roster) and bool(state.rows),
    "asked": lambda state: isinstance(state, flow.WhatNow),
    "card": lambda state: isinstance(state, flow.HouseholdCard),
    "written": lambda state: isinstance(state, flow.Changed),
}


@pytest.mark.parametrize("way", sorted(staffs_ways()))
def test_whatever_staff_look_up_no_other_household_appears(beside, way):
    """At every step of every way of staff, no widget of the window holds a name, a number or an address."""
    one = beside()
    row = receive(one.desk)
    one.desk.home()
    held = []
    one.desk.bridge.stepped.connect(lambda _state: held.append(one.said()))
    for move in staffs_ways()[way]:
        if isinstance(move, str):
            one.desk.until(lambda wanted=WAITS[move]: wanted(one.desk.state))
        else:
            one.desk.bridge.put(move)
    for _ in range(20):
        one.desk._live()
    held.append(one.said())
    for said in held:
        for secret in ("ヤマダ", "タロウ", "ハナ", row.number, "栄町", "1980", "昭和"):
            assert secret not in said


def test_the_next_household_never_sees_the_one_before(beside):
    """Two in a row: each sees its own number, and at no moment the other's."""
    one = beside()
    first = receive(one.desk)
    held = []
    one.desk.bridge.stepped.connect(lambda _state: held.append(one.said()))
    one.desk.home()
    one.desk.lay(FelicaCard())
    one.desk.wait(flow.Notice)
    second = receive(one.desk, "satou ken", "mei")
    assert second.number in one.said()
    after_home = held[1:]
    assert not any(first.number in said or "ヤマダ" in said for said in after_home)


def test_a_locked_desk_asks_to_wait(beside):
    """Nothing shown now would be received: the welcome would be a lie."""
    assert view(flow.Locked(), Words(), pictures.NOW.date()) is WAIT
    one = beside()
    receive(one.desk)
    one.side.stepped(flow.Locked())
    assert "お待ちください" in one.said()
    assert "A-001" not in one.said()


@pytest.mark.parametrize("seed", range(20))
def test_whatever_happens_only_the_household_at_the_desk_is_shown(seed):
    """A walk through the whole table: names and numbers only of who came to the desk, by code or card."""
    rng = random.Random(seed)
    state = flow.Ready()
    for _ in range(400):
        state = flow.step(state, any_input(rng)).state
        shown = view(state, Words(), pictures.NOW.date())
        if shown is WELCOME or not (shown.people or shown.number):
            continue
        assert isinstance(state, (flow.Done, flow.Seen, flow.Changed, flow.Family)), type(state)
        if isinstance(state, (flow.Seen, flow.Changed)):
            assert state.source is not None
        if isinstance(state, flow.Family):
            assert isinstance(state.then, flow.Done)
        names = {person.called for person in state.row.household.members}
        absent = {person.called for person in getattr(state, "household", state.row.household).members}
        unnamed = Words().plain("people.unnamed")
        assert {guest.name for guest in shown.people} <= names | absent | {unnamed}
        assert shown.number in {"", state.row.number}


def test_the_household_is_not_kept_when_the_view_changes(beside):
    """The value that is drawn goes with the household."""
    one = beside()
    receive(one.desk)
    one.desk.home()
    assert one.side.window._shown == WELCOME
