"""The camera that this laptop's people chose: one small file beside the store.

Beside it, because the camera is wanted before anyone has unlocked, and says nothing of anyone. A damaged
file is as good as none: the first camera is taken, and people choose again. It refuses to know which
cameras are attached.
"""

from __future__ import annotations

import json
from pathlib import Path

from kiosk.camera.devices import Choice
from kiosk.files import write_whole

FILE = "camera.json"
LONGEST = 1024


def read(data: Path) -> Choice | None:
    """The choice kept in a kiosk's data folder, or None."""
    try:
        with (data / FILE).open("rb") as file:
            told = json.loads(file.read(4 * LONGEST))
        identity, name = told["id"], told["name"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    if not isinstance(identity, str) or not isinstance(name, str) or not 0 < len(identity) <= LONGEST:
        return None
    return Choice(identity, name[:LONGEST])


def write(data: Path, choice: Choice) -> None:
    """Keep a choice.

    Raises:
        KnownError: `disk_full` or `disk_unwritable`.
    """
    content = {"id": choice.id[:LONGEST], "name": choice.name[:LONGEST]}
    write_whole(data / FILE, json.dumps(content, ensure_ascii=False).encode())
