"""What those who look after the laptop and its shelter say, and what they are answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.values import Account, Chore, Equipment, Secret, SheetFacts


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
