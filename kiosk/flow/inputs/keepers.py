"""What those who look after the laptop and its shelter say, and what they are answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.kinds import Told
from kiosk.flow.values import Account, Chore, ClosingFacts, Equipment, Outlet, Secret, SheetFacts


@dataclass(frozen=True, slots=True)
class FormSent(Told):
    """A form's fields as they stand, in its order; secrets apart, which no state keeps."""

    texts: tuple[str, ...] = field(default=(), repr=False)
    secrets: tuple[Secret, ...] = ()


@dataclass(frozen=True, slots=True)
class PicturesWanted(Told):
    """Look for pictures of an opening sheet on sticks and in this laptop's folders."""


@dataclass(frozen=True, slots=True)
class SheetSeen(Told):
    """A genuine opening sheet was read."""

    sheet: SheetFacts


@dataclass(frozen=True, slots=True)
class SheetRefused(Told):
    """A code that is no opening sheet, or none that can be trusted."""

    code: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class PicturesFound(Told):
    """Where pictures lie that may show a sheet, newest first."""

    places: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShelterFounded(Told):
    """This laptop is a shelter's kiosk now."""


@dataclass(frozen=True, slots=True)
class ChoreOpened(Told):
    """A screen of the supervisor's menu."""

    chore: Chore


@dataclass(frozen=True, slots=True)
class RoleSaid(Told):
    """A position in `choices.ROLES`."""

    index: int


@dataclass(frozen=True, slots=True)
class AccountRemoved(Told):
    """けす: the account chosen."""


@dataclass(frozen=True, slots=True)
class AccountFreed(Told):
    """The account chosen need not wait any more after wrong tries."""


@dataclass(frozen=True, slots=True)
class SettingSaid(Told):
    """Another value of a setting: a position in `choices.SETTINGS`, among cameras, or readers (0: any)."""

    name: str
    index: int


@dataclass(frozen=True, slots=True)
class AccountsRead(Told):
    """Everybody who may open the store."""

    rows: tuple[Account, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SecretChanged(Told):
    """The own secret is another one now."""


@dataclass(frozen=True, slots=True)
class SettingsRead(Told):
    """What was chosen for this laptop, as it holds now."""

    equipment: Equipment


@dataclass(frozen=True, slots=True)
class PaperSaid(Told):
    """A position in `choices.Paper`."""

    index: int


@dataclass(frozen=True, slots=True)
class OutletSaid(Told):
    """A position among the outlets that are shown."""

    index: int


@dataclass(frozen=True, slots=True)
class SlipWanted(Told):
    """転出票: for a household that goes on to another shelter."""


@dataclass(frozen=True, slots=True)
class OutletsFound(Told):
    """Where papers and files can go now."""

    outlets: tuple[Outlet, ...]


@dataclass(frozen=True, slots=True)
class PutOut(Told):
    """It is printed, or lies there."""

    where: str
    households: int = 0
    persons: int = 0


@dataclass(frozen=True, slots=True)
class CodeDrawn(Told):
    """The shelter's code of this minute: a PNG, one pixel a module."""

    png: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SlipDrawn(Told):
    """A transfer slip's code: a PNG, one pixel a module; and where it can be printed."""

    png: bytes = field(repr=False)
    outlets: tuple[Outlet, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosingRead(Told):
    """How things stand for closing the shelter, and where its certificate may go."""

    facts: ClosingFacts
    outlets: tuple[Outlet, ...] = ()


@dataclass(frozen=True, slots=True)
class ShelterErased(Told):
    """Nothing is left on this laptop; the certificate lies there and reads so."""

    where: str
    certificate: str = field(repr=False)
