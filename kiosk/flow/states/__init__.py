"""States: what a screen draws. Each is a value; none knows where it leads."""

from __future__ import annotations

from kiosk.flow.states.closing import (
    Closing,
    ClosingPair,
    Erased,
)
from kiosk.flow.states.face import Face, FaceAsk
from kiosk.flow.states.founding import (
    FirstStaff,
    Founded,
    Founding,
    ShowSheet,
)
from kiosk.flow.states.keeping import (
    AccountPage,
    Accounts,
    Keeping,
    OwnSecret,
    Removing,
    SettingsPage,
    Working,
)
from kiosk.flow.states.papers import (
    ShelterCode,
    SlipShown,
    TakenOut,
    TakeOut,
)
from kiosk.flow.states.reception import (
    AskBirth,
    AskCount,
    Asked,
    AskName,
    AskTown,
    Done,
    Family,
    Help,
    Just,
    Locked,
    Notice,
    Pin,
    Reading,
    Ready,
    Receiving,
    Seen,
    Undoing,
)
from kiosk.flow.states.staff import (
    AreaPage,
    Audit,
    Compare,
    Devices,
    Doubles,
    Inquiry,
    Roster,
    ShelterBoard,
    Shift,
    Staff,
    fits,
)
from kiosk.flow.states.stay import (
    CardPage,
    Changed,
    EndingSecrecy,
    HouseholdCard,
    MemberCard,
    Needs,
    Tapping,
    TyingToken,
    WhatNow,
    Writing,
)

State = (
    Locked
    | Ready
    | Pin
    | Reading
    | Face
    | Family
    | AskName
    | AskBirth
    | AskTown
    | AskCount
    | Receiving
    | Done
    | Undoing
    | Seen
    | Notice
    | Help
    | WhatNow
    | Changed
    | Writing
    | Tapping
    | TyingToken
    | Needs
    | HouseholdCard
    | CardPage
    | MemberCard
    | EndingSecrecy
    | Staff
    | Roster
    | Doubles
    | Compare
    | Inquiry
    | ShelterBoard
    | AreaPage
    | Devices
    | Audit
    | Shift
    | ShowSheet
    | FirstStaff
    | Founding
    | Founded
    | Keeping
    | Working
    | Accounts
    | AccountPage
    | OwnSecret
    | Removing
    | SettingsPage
    | Closing
    | ClosingPair
    | Erased
    | TakeOut
    | TakenOut
    | ShelterCode
    | SlipShown
)

__all__ = [
    "AccountPage",
    "Accounts",
    "AreaPage",
    "AskBirth",
    "AskCount",
    "AskName",
    "AskTown",
    "Asked",
    "Audit",
    "CardPage",
    "Changed",
    "Closing",
    "ClosingPair",
    "Compare",
    "Devices",
    "Done",
    "Doubles",
    "EndingSecrecy",
    "Erased",
    "Face",
    "FaceAsk",
    "Family",
    "FirstStaff",
    "Founded",
    "Founding",
    "Help",
    "HouseholdCard",
    "Inquiry",
    "Just",
    "Keeping",
    "Locked",
    "MemberCard",
    "Needs",
    "Notice",
    "OwnSecret",
    "Pin",
    "Reading",
    "Ready",
    "Receiving",
    "Removing",
    "Roster",
    "Seen",
    "SettingsPage",
    "ShelterBoard",
    "ShelterCode",
    "Shift",
    "ShowSheet",
    "SlipShown",
    "Staff",
    "State",
    "TakeOut",
    "TakenOut",
    "Tapping",
    "TyingToken",
    "Undoing",
    "WhatNow",
    "Working",
    "Writing",
    "fits",
]
