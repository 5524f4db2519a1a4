"""Where the key slots of a store lie: the same file twice, each written whole or not at all.

Of two whole copies the newer counts; a damaged, missing or older one is written again from it. What is in
the file is `kiosk.core.key_slots`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from kiosk.core.key_slots import KeySlots
from kiosk.errors import KnownError, Malformed
from kiosk.files import write_whole

__all__ = ["NAMES", "KeySlots", "Write", "describe", "load", "load_all", "load_copy", "mend", "save"]

NAMES = ("keys.cbor", "keys.copy.cbor")
Write = Callable[[Path, bytes], None]
"""`kiosk.files.write_whole`, or one that breaks when a test says so."""


def save(folder: Path, slots: KeySlots, write: Write = write_whole) -> None:
    """Write both copies. When this returns both are on the disk.

    Raises:
        KnownError: `disk_full`, `disk_unwritable`: the copies may then differ, and the newer counts.
    """
    data = slots.to_bytes()
    for name in NAMES:
        write(folder / name, data)


def load(folder: Path) -> KeySlots:
    """The newer of the copies that are whole. Reads only.

    Raises:
        KnownError: as `load_all`.
    """
    return load_all(folder)[0]


def load_all(folder: Path) -> list[KeySlots]:
    """The copies that are whole, without doubles, the newer first. Reads only.

    Raises:
        KnownError: `not_opened` when there is no store here, `slots_damaged` when both copies are bad.
    """
    if not any((folder / name).exists() for name in NAMES):
        raise KnownError(
            "not_opened",
            "このパソコンは まだ 避難所の受付に なっていません。開設シートを 読ませてください。",
            "this folder is not a kiosk yet: use `kiosk open-shelter` with an opening sheet",
        )
    whole = [found for name in NAMES if (found := load_copy(folder / name)) is not None]
    if not whole:
        raise KnownError(
            "slots_damaged",
            "鍵の ファイルが こわれています。係の人を よんでください。",
            "both copies of the key slots are damaged, or of another version",
        )
    first, *others = sorted(whole, key=lambda slots: -slots.serial)
    return [first, *(other for other in others if other != first)]


def load_copy(path: Path) -> KeySlots | None:
    """One copy of the slots, or None when it is missing or damaged."""
    try:
        return KeySlots.from_bytes(path.read_bytes())
    except (OSError, Malformed):
        return None


def mend(folder: Path, slots: KeySlots, write: Write = write_whole) -> list[str]:
    """Write again every copy that is not `slots`; returns the names of those that were mended.

    A disk that can not be written keeps nobody from unlocking: it is tried again next time.
    """
    data, mended = slots.to_bytes(), []
    for name in NAMES:
        with suppress(OSError):
            if (folder / name).read_bytes() == data:
                continue
        with suppress(KnownError):
            write(folder / name, data)
            mended.append(name)
    return mended


def describe(slots: KeySlots) -> list[Mapping[str, Any]]:
    """Who can open this store: no secrets."""
    return [
        {
            "name": slot.name,
            "role": slot.role,
            "secret": slot.kind.name.lower(),
            "this_laptop_only": slot.bound,
        }
        for slot in slots.staff
    ]
