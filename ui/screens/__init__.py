"""One screen for each state of the flow, and the table that says which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiosk import flow
from ui.screens.ask import AskBirthScreen, AskCountScreen, AskNameScreen, AskTownScreen
from ui.screens.base import Screen
from ui.screens.family import FamilyScreen
from ui.screens.outcome import DoneScreen, NoticeScreen, SeenScreen, WaitScreen
from ui.screens.pin import PinScreen
from ui.screens.ready import ReadyScreen
from ui.screens.staff import LockedScreen, RosterScreen, StaffScreen

SCREENS: Mapping[type, type[Screen[Any]]] = {
    flow.Locked: LockedScreen,
    flow.Ready: ReadyScreen,
    flow.Pin: PinScreen,
    flow.Reading: PinScreen,
    flow.Family: FamilyScreen,
    flow.AskName: AskNameScreen,
    flow.AskBirth: AskBirthScreen,
    flow.AskTown: AskTownScreen,
    flow.AskCount: AskCountScreen,
    flow.Receiving: WaitScreen,
    flow.Undoing: WaitScreen,
    flow.Done: DoneScreen,
    flow.Seen: SeenScreen,
    flow.Notice: NoticeScreen,
    flow.Roster: RosterScreen,
    flow.Staff: StaffScreen,
}
"""State → the screen that draws it."""
