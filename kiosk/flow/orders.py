"""Effects of those who look after the laptop and its shelter; each names the input that answers it."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.values import Secret, SheetFacts


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """Read an opening sheet from its code's text or a picture; answered by SheetSeen or SheetRefused."""

    told: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FindPictures:
    """Look where pictures of a sheet may lie; answered by PicturesFound."""


@dataclass(frozen=True, slots=True)
class Found:
    """Make this laptop the shelter's kiosk; answered by ShelterFounded."""

    sheet: SheetFacts
    name: str = field(repr=False)
    secret: Secret
    desk: int
    """A position in `choices.DESKS`."""


Order = ReadSheet | FindPictures | Found
