"""What this laptop was opened as: its opening sheet and its desk's letter.

Both are needed before anybody unlocks, so they lie in files beside the database, the sheet twice; and they
stand in the database, which is believed rather than the files once it is open: a damaged or exchanged file is
written again from there. It opens nothing, and it judges no sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kiosk.core import sheet as sheets
from kiosk.core.notices import Notice
from kiosk.core.sheet import OpeningSheet
from kiosk.errors import KnownError, Malformed
from kiosk.files import write_whole
from kiosk.store.parts import Parts

SHEETS = ("sheet.txt", "sheet.copy.txt")
DESK = "desk.txt"
FIRST_DESK = "A"
_SHEET_NOTE, _DESK_NOTE = "sheet", "desk"
"""Notes in the store."""


def write(parts: Parts, sheet_text: str, desk: str) -> None:
    """Write both down, in a store just made and beside it.

    Raises:
        KnownError: `disk_full`, `disk_unwritable`.
    """
    with parts.transaction():
        parts.remember(_SHEET_NOTE, sheet_text)
        parts.remember(_DESK_NOTE, desk)
    lay(parts, parts.data)


def lay(parts: Parts, folder: Path) -> None:
    """Write the files into a folder, as the store says.

    Raises:
        KnownError: `disk_full`, `disk_unwritable`.
    """
    for name in SHEETS:
        write_whole(folder / name, (parts.note(_SHEET_NOTE) or "").encode())
    write_whole(folder / DESK, (parts.note(_DESK_NOTE) or "").encode())


def learn(parts: Parts, folder: Path) -> None:
    """Have a store that does not say it learn it from files. Belongs into the caller's transaction.

    Raises:
        KnownError: `sheet_unreadable`.
    """
    if parts.note(_SHEET_NOTE) is None:
        parts.remember(_SHEET_NOTE, _text(folder))
    if parts.note(_DESK_NOTE) is None:
        parts.remember(_DESK_NOTE, read_desk(folder))


def read_sheet(data: Path) -> OpeningSheet:
    """The sheet, from the first of its copies that is whole; needs no key.

    Raises:
        KnownError: `sheet_unreadable` when there is none.
    """
    return sheets.read(_text(data))


def read_desk(data: Path) -> str:
    """The letter before this laptop's reception numbers; needs no key."""
    try:
        letter = (data / DESK).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return FIRST_DESK  # what is shown before unlocking; the store knows better
    return letter[:1] if letter[:1].isalpha() else FIRST_DESK


def sheet_of(parts: Parts) -> OpeningSheet:
    """The sheet as the open store says.

    Raises:
        KnownError: `sheet_unreadable` when neither the store nor a file has it.
    """
    noted = parts.note(_SHEET_NOTE)
    return read_sheet(parts.data) if noted is None else sheets.read(noted)


def desk_of(parts: Parts) -> str:
    """The desk's letter as the open store says."""
    return parts.note(_DESK_NOTE) or read_desk(parts.data)


def damaged(parts: Parts) -> bool:
    """Whether a file beside the store does not say what the store says."""
    files = [_whole(parts.data / name) for name in SHEETS]
    return files != [parts.note(_SHEET_NOTE)] * len(SHEETS) or _letter(parts.data) != parts.note(_DESK_NOTE)


def settle(parts: Parts) -> Iterator[Notice]:
    """Write again what is not as the store says, and tell what that was. A disk that refuses stops nobody.

    A store that does not say it, since it is of an earlier version or was made anew, learns it first.
    """
    text = parts.note(_SHEET_NOTE)
    if text is None:
        with suppress(KnownError), parts.transaction():
            learn(parts, parts.data)
    if not damaged(parts):
        return
    if text is not None:
        exchanged = any(_whole(parts.data / name) not in (None, text) for name in SHEETS)
        yield _EXCHANGED if exchanged else _MENDED
    with suppress(KnownError):
        lay(parts, parts.data)


def _text(data: Path) -> str:
    text = next(filter(None, (_whole(data / name) for name in SHEETS)), None)
    if text is None:
        raise KnownError(
            "sheet_unreadable",
            "開設シートの 控えを 読めません。係の人を よんでください。",
            "both copies of the opening sheet are damaged: unlocking writes them again (`kiosk check`)",
        )
    return text


def _whole(path: Path) -> str | None:
    """The text of a copy that is a sheet; None for one that is damaged or missing."""
    try:
        text = path.read_text(encoding="utf-8")
        sheets.read(text)
    except (OSError, UnicodeDecodeError, Malformed):
        return None
    return text


def _letter(data: Path) -> str | None:
    try:
        letter = (data / DESK).read_text(encoding="ascii").strip()[:1]
    except (OSError, UnicodeDecodeError):
        return None
    return letter if letter.isalpha() else None


_MENDED = Notice(
    "sheet_mended",
    "開設シートの 控えが こわれていたので、書きなおしました。",
    "a damaged copy of the opening sheet, or of the desk's letter, was written again",
    serious=False,
)
_EXCHANGED = Notice(
    "sheet_exchanged",
    "開設シートの 控えが 書きかえられていたので、もどしました。係の人を よんでください。",
    "somebody had exchanged the opening sheet beside the database; it was put back",
)
