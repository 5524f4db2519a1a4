"""The screens of those who look after the laptop and its shelter, with invented people: see `ui.pictures`."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk import flow
from kiosk.core.household import Mode
from kiosk.flow import SheetFacts, State

SHEET = SheetFacts("ESRO1:…", "城山小学校 避難所", Mode.DISASTER, "142069")
DRILL = SheetFacts("ESRO1:…", "城山小学校 避難所", Mode.DRILL, "142069")


def keepers() -> Iterator[tuple[str, State]]:
    """A name for each picture, and its state."""
    yield from _founding()


def _founding() -> Iterator[tuple[str, State]]:
    yield "show-sheet", flow.ShowSheet()
    found = ("/media/usb/sheet-142069.png", "/media/usb/IMG_0412.jpg", "/media/usb/scan.png")
    yield "show-sheet-pictures", flow.ShowSheet(pictures=found)
    yield "show-sheet-reading", flow.ShowSheet(found[0], reading=True)
    yield (
        "show-sheet-refused",
        flow.ShowSheet(
            code="not_a_sheet",
            sentence="これは 開設シートでは ありません。開設シートの コードを 見せてください。",
            pictures=found,
        ),
    )
    first = flow.FirstStaff(SHEET)
    yield "first-staff", first
    yield "first-staff-drill", flow.FirstStaff(DRILL, "田中", desk=1, missing=1)
    yield "first-staff-differ", flow.FirstStaff(SHEET, "田中", code="secrets_differ")
    yield "founding", flow.Founding(first)
    yield "founded", flow.Founded(SHEET)
    yield "founded-drill", flow.Founded(DRILL, 1)
