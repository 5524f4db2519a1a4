"""What the store has to tell staff of itself, as values: notices, and how the disk stands.

Nothing here is an exception: the desk goes on, and somebody should know. Pure; what led to a notice is
found elsewhere, and no notice holds personal data.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know; `code` is stable and meant for programs, the sentences are for people."""

    code: str
    sentence: str
    """One clear sentence for staff, in Japanese."""
    english: str
    serious: bool = True
    """Whether a person has to do something about it."""


class Disk(enum.StrEnum):
    """Whether the disk takes what is written."""

    ROOM = "room"
    LOW = "low"
    """It still takes everything; somebody should make room."""
    FULL = "full"
    """The last reception was refused for want of room."""
    READ_ONLY = "read_only"
    """The last reception was refused: the disk takes nothing."""
    FAILING = "failing"
    """The last reception was refused: the disk gave an error."""


DISK_SENTENCES = {
    Disk.ROOM: "",
    Disk.LOW: "ディスクの 空きが 少なく なりました。いらない ファイルを 消してください。",
    Disk.FULL: "ディスクが いっぱいです。受付は 紙に 書いて、空きを 作ってください。",
    Disk.READ_ONLY: "ディスクに 書きこめません。受付は 紙に 書いて、係の人を よんでください。",
    Disk.FAILING: "ディスクの 調子が わるく、書けません。受付は 紙に 書いて、係の人を よんでください。",
}
"""What to tell staff; empty when there is nothing to tell."""
