"""Inputs: what people, devices and the ledger said, as values. They know no state."""

from __future__ import annotations

from kiosk.desk import AlreadyHere, Received, Tapped
from kiosk.flow.inputs.hands import (
    AskOpened,
    Back,
    CapacityTyped,
    CardWanted,
    Chosen,
    Counted,
    CountOpened,
    DestinationChosen,
    Digit,
    EndingSaid,
    Enter,
    Erase,
    Everyone,
    FamilyOpened,
    Fewer,
    FullnessSaid,
    Going,
    Held,
    HelpShown,
    HelpWanted,
    LanguageChosen,
    LetGo,
    Letter,
    LockWanted,
    More,
    NeedsOpened,
    NotKnown,
    OpeningSaid,
    OutOpened,
    PageOpened,
    PassphraseEntered,
    PersonChosen,
    Plus,
    QuitWanted,
    RelationSaid,
    RoomOpened,
    RosterOpened,
    RowMoved,
    SecrecyWanted,
    SexSaid,
    ShowChosen,
    SimilarWanted,
    StaffOpened,
    TieWanted,
    TrialWanted,
    Typed,
)
from kiosk.flow.inputs.keepers import (
    AccountFreed,
    AccountRemoved,
    AccountsRead,
    ChoreOpened,
    ClosingRead,
    CodeDrawn,
    FormSent,
    OutletSaid,
    OutletsFound,
    PaperSaid,
    PicturesFound,
    PicturesWanted,
    PutOut,
    RoleSaid,
    SecretChanged,
    SettingSaid,
    SettingsRead,
    SheetRefused,
    SheetSeen,
    ShelterErased,
    ShelterFounded,
    SlipDrawn,
    SlipWanted,
)
from kiosk.flow.inputs.world import (
    Answered,
    AuditRead,
    CardFailed,
    CardPlaced,
    CardRead,
    CardRemoved,
    CodeAccepted,
    CodeRefused,
    DeviceChanged,
    DoublesFound,
    Failed,
    FormsTold,
    NotTied,
    Opened,
    RosterFound,
    ShelterRead,
    ShiftRead,
    SimilarFound,
    SlipSeen,
    TimeUp,
    TokenSeen,
    Uncovered,
    Undone,
    Written,
)

Input = (
    CodeAccepted
    | CodeRefused
    | SlipSeen
    | TokenSeen
    | Tapped
    | NotTied
    | TieWanted
    | CardPlaced
    | CardRemoved
    | CardRead
    | CardFailed
    | FormsTold
    | DeviceChanged
    | Digit
    | Letter
    | Typed
    | Enter
    | Back
    | Erase
    | Everyone
    | Plus
    | NotKnown
    | Chosen
    | RowMoved
    | More
    | PersonChosen
    | Fewer
    | AskOpened
    | CountOpened
    | RosterOpened
    | OutOpened
    | StaffOpened
    | HelpWanted
    | LanguageChosen
    | Going
    | DestinationChosen
    | FamilyOpened
    | NeedsOpened
    | SimilarWanted
    | CardWanted
    | PageOpened
    | Held
    | LetGo
    | SecrecyWanted
    | EndingSaid
    | SexSaid
    | RelationSaid
    | RoomOpened
    | ShowChosen
    | OpeningSaid
    | FullnessSaid
    | Counted
    | CapacityTyped
    | TrialWanted
    | HelpShown
    | PassphraseEntered
    | QuitWanted
    | LockWanted
    | TimeUp
    | Opened
    | Received
    | AlreadyHere
    | Undone
    | RosterFound
    | Written
    | Uncovered
    | SimilarFound
    | DoublesFound
    | Answered
    | ShelterRead
    | AuditRead
    | ShiftRead
    | Failed
    | FormSent
    | PicturesWanted
    | SheetSeen
    | SheetRefused
    | PicturesFound
    | ShelterFounded
    | ChoreOpened
    | RoleSaid
    | AccountRemoved
    | AccountFreed
    | SettingSaid
    | AccountsRead
    | SecretChanged
    | SettingsRead
    | PaperSaid
    | OutletSaid
    | SlipWanted
    | OutletsFound
    | PutOut
    | CodeDrawn
    | SlipDrawn
    | ClosingRead
    | ShelterErased
)

# Groups: what comes from one side of the desk.
CODES = frozenset({CodeAccepted, CodeRefused, SlipSeen})
"""What the camera sees."""
CARDS = frozenset({CardPlaced, CardRemoved, CardRead, CardFailed, FormsTold, TokenSeen, DeviceChanged})
"""What the card reader says."""
KEYS = frozenset(
    {
        Digit,
        Letter,
        Typed,
        Enter,
        Back,
        Erase,
        Everyone,
        Plus,
        NotKnown,
        Chosen,
        RowMoved,
        More,
        PersonChosen,
        Fewer,
    }
)
"""What is pressed on a screen, by key or by touch."""
DOORS = frozenset({AskOpened, CountOpened, RosterOpened, OutOpened, StaffOpened, HelpWanted, LanguageChosen})
"""Ways into a screen that stand on every armed screen."""
STAY = frozenset(
    {
        Going,
        DestinationChosen,
        FamilyOpened,
        NeedsOpened,
        SimilarWanted,
        CardWanted,
        PageOpened,
        Held,
        LetGo,
        SecrecyWanted,
        EndingSaid,
        SexSaid,
        RelationSaid,
        TieWanted,
    }
)
"""What is wanted for a household."""
HOUSE = frozenset(
    {RoomOpened, ShowChosen, OpeningSaid, FullnessSaid, Counted, CapacityTyped, TrialWanted, HelpShown}
)
"""What is wanted of the shelter and the desk itself."""
KEEPERS = frozenset(
    {
        PaperSaid,
        OutletSaid,
        SlipWanted,
        PassphraseEntered,
        QuitWanted,
        LockWanted,
        FormSent,
        PicturesWanted,
        ChoreOpened,
        RoleSaid,
        AccountRemoved,
        AccountFreed,
        SettingSaid,
    }
)
"""Opening and closing the desk."""
CLOCK = frozenset({TimeUp})
"""A wait is over."""
LEDGER = frozenset(
    {
        OutletsFound,
        PutOut,
        CodeDrawn,
        SlipDrawn,
        ClosingRead,
        ShelterErased,
        AccountsRead,
        SecretChanged,
        SettingsRead,
        SheetSeen,
        SheetRefused,
        PicturesFound,
        ShelterFounded,
        Opened,
        Received,
        AlreadyHere,
        Undone,
        Tapped,
        NotTied,
        RosterFound,
        Written,
        Uncovered,
        SimilarFound,
        DoublesFound,
        Answered,
        ShelterRead,
        AuditRead,
        ShiftRead,
        Failed,
    }
)
"""The desk's thread answers."""


__all__ = [
    "CARDS",
    "CLOCK",
    "CODES",
    "DOORS",
    "HOUSE",
    "KEEPERS",
    "KEYS",
    "LEDGER",
    "STAY",
    "AccountFreed",
    "AccountRemoved",
    "AccountsRead",
    "AlreadyHere",
    "Answered",
    "AskOpened",
    "AuditRead",
    "Back",
    "CapacityTyped",
    "CardFailed",
    "CardPlaced",
    "CardRead",
    "CardRemoved",
    "CardWanted",
    "ChoreOpened",
    "Chosen",
    "ClosingRead",
    "CodeAccepted",
    "CodeDrawn",
    "CodeRefused",
    "CountOpened",
    "Counted",
    "DestinationChosen",
    "DeviceChanged",
    "Digit",
    "DoublesFound",
    "EndingSaid",
    "Enter",
    "Erase",
    "Everyone",
    "Failed",
    "FamilyOpened",
    "Fewer",
    "FormSent",
    "FormsTold",
    "FullnessSaid",
    "Going",
    "Held",
    "HelpShown",
    "HelpWanted",
    "Input",
    "LanguageChosen",
    "LetGo",
    "Letter",
    "LockWanted",
    "More",
    "NeedsOpened",
    "NotKnown",
    "NotTied",
    "Opened",
    "OpeningSaid",
    "OutOpened",
    "OutletSaid",
    "OutletsFound",
    "PageOpened",
    "PaperSaid",
    "PassphraseEntered",
    "PersonChosen",
    "PicturesFound",
    "PicturesWanted",
    "Plus",
    "PutOut",
    "QuitWanted",
    "Received",
    "RelationSaid",
    "RoleSaid",
    "RoomOpened",
    "RosterFound",
    "RosterOpened",
    "RowMoved",
    "SecrecyWanted",
    "SecretChanged",
    "SettingSaid",
    "SettingsRead",
    "SexSaid",
    "SheetRefused",
    "SheetSeen",
    "ShelterErased",
    "ShelterFounded",
    "ShelterRead",
    "ShiftRead",
    "ShowChosen",
    "SimilarFound",
    "SimilarWanted",
    "SlipDrawn",
    "SlipSeen",
    "SlipWanted",
    "StaffOpened",
    "Tapped",
    "TieWanted",
    "TimeUp",
    "TokenSeen",
    "TrialWanted",
    "Typed",
    "Uncovered",
    "Undone",
    "Written",
]
