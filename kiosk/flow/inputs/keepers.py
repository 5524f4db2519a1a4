"""What those who look after the laptop and its shelter say, and what they are answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.values import Account, Chore, ClosingFacts, Equipment, Outlet, Secret, SheetFacts


@dataclass(frozen=True, slots=True)
class FormSent:
    """A form's fields as they stand, in its order; secrets apart, which no state keeps."""

    texts: tuple[str, ...] = field(default=(), repr=False)
    secrets: tuple[Secret, ...] = ()


@dataclass(frozen=True, slots=True)
class PicturesWanted:
    """Look for pictures of an opening sheet on sticks and in this laptop's folders."""


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """A genuine opening sheet was read."""

    sheet: SheetFacts


@dataclass(frozen=True, slots=True)
class SheetRefused:
    """A code that is no opening sheet, or none that can be trusted."""

    code: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class PicturesFound:
    """Where pictures lie that may show a sheet, newest first."""

    places: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShelterFounded:
    """This laptop is a shelter's kiosk now."""


@dataclass(frozen=True, slots=True)
class ChoreOpened:
    """A screen of the supervisor's menu."""

    chore: Chore


@dataclass(frozen=True, slots=True)
class RoleSaid:
    """A position in `choices.ROLES`."""

    index: int


@dataclass(frozen=True, slots=True)
class AccountRemoved:
    """けす: the account chosen."""


@dataclass(frozen=True, slots=True)
class AccountFreed:
    """The account chosen need not wait any more after wrong tries."""


@dataclass(frozen=True, slots=True)
class SettingSaid:
    """Another value of a setting: a position in `choices.SETTINGS`, among cameras, or readers (0: any)."""

    name: str
    index: int


@dataclass(frozen=True, slots=True)
class AccountsRead:
    """Everybody who may open the store."""

    rows: tuple[Account, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SecretChanged:
    """The own secret is another one now."""


@dataclass(frozen=True, slots=True)
class SettingsRead:
    """What was chosen for this laptop, as it holds now."""

    equipment: Equipment


@dataclass(frozen=True, slots=True)
class PaperSaid:
    """A position in `choices.Paper`."""

    index: int


@dataclass(frozen=True, slots=True)
class OutletSaid:
    """A position among the outlets that are shown."""

    index: int


@dataclass(frozen=True, slots=True)
class SlipWanted:
    """転出票: for a household that goes on to another shelter."""


@dataclass(frozen=True, slots=True)
class OutletsFound:
    """Where papers and files can go now."""

    outlets: tuple[Outlet, ...]


@dataclass(frozen=True, slots=True)
class PutOut:
    """It is printed, or lies there."""

    where: str
    households: int = 0
    persons: int = 0


@dataclass(frozen=True, slots=True)
class CodeDrawn:
    """The shelter's code of this minute: a PNG, one pixel a module."""

    png: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SlipDrawn:
    """A transfer slip's code: a PNG, one pixel a module; and where it can be printed."""

    png: bytes = field(repr=False)
    outlets: tuple[Outlet, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosingRead:
    """How things stand for closing the shelter, and where its certificate may go."""

    facts: ClosingFacts
    outlets: tuple[Outlet, ...] = ()


@dataclass(frozen=True, slots=True)
class ShelterErased:
    """Nothing is left on this laptop; the certificate lies there and reads so."""

    where: str
    certificate: str = field(repr=False)
