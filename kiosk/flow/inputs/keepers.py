"""What those who look after the laptop and its shelter say, and what they are answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.values import Secret, SheetFacts


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
