"""Effects of those who look after the laptop and its shelter; each names the input that answers it."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.core.access import Role
from kiosk.core.ids import HouseholdId
from kiosk.flow.choices import Paper
from kiosk.flow.kinds import Order
from kiosk.flow.values import NO_DIGITS, Attached, Outlet, Secret, SheetFacts
from kiosk.settings import Settings


@dataclass(frozen=True, slots=True)
class ReadSheet(Order):
    """Read an opening sheet from its code's text or a picture; answered by SheetSeen or SheetRefused."""

    told: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FindPictures(Order):
    """Look where pictures of a sheet may lie; answered by PicturesFound."""


@dataclass(frozen=True, slots=True)
class Found(Order):
    """Make this laptop the shelter's kiosk; answered by ShelterFounded."""

    sheet: SheetFacts
    name: str = field(repr=False)
    secret: Secret
    desk: int
    """A position in `choices.DESKS`."""


@dataclass(frozen=True, slots=True)
class ReadAccounts(Order):
    """Ask who may open the store; answered by AccountsRead."""


@dataclass(frozen=True, slots=True)
class AddAccount(Order):
    """Let somebody more open the store; answered by AccountsRead."""

    name: str = field(repr=False)
    role: Role
    secret: Secret


@dataclass(frozen=True, slots=True)
class RemoveAccount(Order):
    """Let somebody open it no more; answered by AccountsRead."""

    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ResetAccount(Order):
    """A new secret for somebody, and a role; answered by AccountsRead."""

    name: str = field(repr=False)
    role: Role
    secret: Secret


@dataclass(frozen=True, slots=True)
class FreeAccount(Order):
    """Take back somebody's wait; answered by AccountsRead."""

    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangeSecret(Order):
    """Another secret for who stands here; answered by SecretChanged."""

    old: Secret
    new: Secret


@dataclass(frozen=True, slots=True)
class ReadSettings(Order):
    """Ask what was chosen, and what is plugged in; answered by SettingsRead."""


@dataclass(frozen=True, slots=True)
class KeepSettings(Order):
    """Keep what was chosen, and act on it; answered by SettingsRead."""

    settings: Settings


@dataclass(frozen=True, slots=True)
class ChooseCamera(Order):
    """Use this camera from now on; answered by SettingsRead."""

    camera: Attached


@dataclass(frozen=True, slots=True)
class FindOutlets(Order):
    """Ask where papers and files can go; answered by OutletsFound."""


@dataclass(frozen=True, slots=True)
class TakeOutPaper(Order):
    """Take a list out; answered by PutOut."""

    paper: Paper
    outlet: Outlet
    reason: str = field(repr=False)
    who: str = field(default="", repr=False)
    """The second person, where it takes two."""
    secret: Secret = NO_DIGITS


@dataclass(frozen=True, slots=True)
class DrawCode(Order):
    """Draw the shelter's code of this minute; answered by CodeDrawn."""


@dataclass(frozen=True, slots=True)
class DrawSlip(Order):
    """Draw a household's transfer slip, leaving a trace; answered by SlipDrawn."""

    household: HouseholdId


@dataclass(frozen=True, slots=True)
class PutSlip(Order):
    """Put a household's transfer slip on paper, or in a file; answered by PutOut."""

    household: HouseholdId
    outlet: Outlet


@dataclass(frozen=True, slots=True)
class ReadClosing(Order):
    """Ask how things stand for closing the shelter; answered by ClosingRead."""


@dataclass(frozen=True, slots=True)
class EraseShelter(Order):
    """Erase this laptop's records for good; answered by ShelterErased."""

    outlet: Outlet
    who: str = field(repr=False)
    secret: Secret
    reason: str = field(default="", repr=False)
    """Why, where HQ lacks something; else empty."""
