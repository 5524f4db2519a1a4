"""What the screens draw of a laptop that is no kiosk yet: the sheet, the first of the staff, done."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.kinds import State
from kiosk.flow.values import SheetFacts


@dataclass(frozen=True, slots=True)
class ShowSheet(State):
    """開設シート: shown to the camera, a picture of it, or its code as text."""

    text: str = field(default="", repr=False)
    """What is typed: the code, or where a picture of it lies."""
    reading: bool = False
    code: str = ""
    sentence: str = ""
    pictures: tuple[str, ...] = ()
    """Where pictures lie that may show a sheet, newest first."""


@dataclass(frozen=True, slots=True)
class FirstStaff(State):
    """The sheet is genuine: who opens this laptop's store first, and which desk is it?"""

    sheet: SheetFacts
    name: str = field(default="", repr=False)
    desk: int = 0
    """A position in `choices.DESKS`."""
    missing: int | None = None
    """The field that is still empty, by its place in the form."""
    code: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Founding(State):
    """Keys and store are being made; nothing counts as opened yet."""

    back: FirstStaff


@dataclass(frozen=True, slots=True)
class Founded(State):
    """This laptop is the shelter's kiosk."""

    sheet: SheetFacts
    desk: int = 0
