"""One screen for each state of the flow, and the table that says which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiosk import flow
from ui.screens.ask_birth import AskBirthScreen
from ui.screens.ask_count import AskCountScreen
from ui.screens.ask_name import AskNameScreen
from ui.screens.ask_town import AskTownScreen
from ui.screens.audit import AuditScreen
from ui.screens.base import Screen
from ui.screens.card_page import CardPageScreen
from ui.screens.closing import ClosingPairScreen, ClosingScreen, ErasedScreen
from ui.screens.devices import DevicesScreen
from ui.screens.doubles import CompareScreen, DoublesScreen
from ui.screens.face import FaceScreen
from ui.screens.family import FamilyScreen
from ui.screens.founding import FirstStaffScreen, FoundedScreen, FoundingScreen, ShowSheetScreen
from ui.screens.household import HouseholdScreen
from ui.screens.inquiry import InquiryScreen
from ui.screens.keeping import (
    AccountScreen,
    AccountsScreen,
    KeepingScreen,
    OwnSecretScreen,
    RemovingScreen,
    WorkingScreen,
)
from ui.screens.locked import LockedScreen
from ui.screens.member import EndingSecrecyScreen, MemberScreen
from ui.screens.needs import NeedsScreen
from ui.screens.notice import HelpScreen, NoticeScreen
from ui.screens.outcome import ChangedScreen, DoneScreen, SeenScreen, WaitScreen
from ui.screens.papers import ShelterCodeScreen, SlipScreen, TakenOutScreen, TakeOutScreen
from ui.screens.pin import PinScreen
from ui.screens.ready import ReadyScreen
from ui.screens.roster import RosterScreen
from ui.screens.settings import SettingsScreen
from ui.screens.shelter import AreaScreen, ShelterScreen
from ui.screens.shift import ShiftScreen
from ui.screens.staff import StaffScreen
from ui.screens.tying import TyingTokenScreen
from ui.screens.what_now import WhatNowScreen

SCREENS: Mapping[type, type[Screen[Any]]] = {
    flow.Locked: LockedScreen,
    flow.Ready: ReadyScreen,
    flow.Pin: PinScreen,
    flow.Reading: PinScreen,
    flow.Face: FaceScreen,
    flow.Family: FamilyScreen,
    flow.AskName: AskNameScreen,
    flow.AskBirth: AskBirthScreen,
    flow.AskTown: AskTownScreen,
    flow.AskCount: AskCountScreen,
    flow.Receiving: WaitScreen,
    flow.Undoing: WaitScreen,
    flow.Writing: WaitScreen,
    flow.Tapping: WaitScreen,
    flow.TyingToken: TyingTokenScreen,
    flow.Done: DoneScreen,
    flow.Seen: SeenScreen,
    flow.Changed: ChangedScreen,
    flow.Notice: NoticeScreen,
    flow.Help: HelpScreen,
    flow.WhatNow: WhatNowScreen,
    flow.Needs: NeedsScreen,
    flow.HouseholdCard: HouseholdScreen,
    flow.CardPage: CardPageScreen,
    flow.MemberCard: MemberScreen,
    flow.EndingSecrecy: EndingSecrecyScreen,
    flow.Staff: StaffScreen,
    flow.Roster: RosterScreen,
    flow.Doubles: DoublesScreen,
    flow.Compare: CompareScreen,
    flow.Inquiry: InquiryScreen,
    flow.ShelterBoard: ShelterScreen,
    flow.AreaPage: AreaScreen,
    flow.Devices: DevicesScreen,
    flow.Audit: AuditScreen,
    flow.Shift: ShiftScreen,
    flow.Keeping: KeepingScreen,
    flow.Working: WorkingScreen,
    flow.Accounts: AccountsScreen,
    flow.AccountPage: AccountScreen,
    flow.Removing: RemovingScreen,
    flow.OwnSecret: OwnSecretScreen,
    flow.SettingsPage: SettingsScreen,
    flow.TakeOut: TakeOutScreen,
    flow.TakenOut: TakenOutScreen,
    flow.ShelterCode: ShelterCodeScreen,
    flow.SlipShown: SlipScreen,
    flow.Closing: ClosingScreen,
    flow.ClosingPair: ClosingPairScreen,
    flow.Erased: ErasedScreen,
    flow.ShowSheet: ShowSheetScreen,
    flow.FirstStaff: FirstStaffScreen,
    flow.Founding: FoundingScreen,
    flow.Founded: FoundedScreen,
}
"""State → the screen that draws it."""
