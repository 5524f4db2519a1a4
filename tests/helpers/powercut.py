"""Every disk a power cut may leave: what was synced is there, what was not is there in any part.

From a record of all calls that changed a folder (`tests/faults/faults.c`), a moment is chosen, and a disk
is made that the system could have had at that moment:

- the content of a file as of its last sync, and of every write since then any: all, none, or some of its
  512-byte sectors, whatever was written before or after it;
- file sizes likewise: a truncation or an extension that was not synced may have happened or not;
- names (made, renamed, removed) in the order they were given, as a journal keeps them: all up to the last
  sync of their folder, and of the later ones as many as you like from the first on.

It knows bytes and names, nothing of databases.
"""

from __future__ import annotations

import os
import random
import struct
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

SECTOR = 512
_HEAD = struct.Struct("<cQqII")


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `C`reate, `M`ake a folder, `W`rite, `T`runcate, `S`ync, `R`ename, `U`nlink, or a `N`ote."""

    op: str
    inode: int
    offset: int
    text: str
    data: bytes


def read(path: Path) -> list[Call]:
    """A record, in order."""
    content, place, calls = path.read_bytes(), 0, []
    while place < len(content):
        op, inode, offset, text_size, data_size = _HEAD.unpack_from(content, place)
        place += _HEAD.size
        text = content[place : place + text_size].decode()
        place += text_size
        calls.append(Call(op.decode(), inode, offset, text, content[place : place + data_size]))
        place += data_size
    return calls


@dataclass(slots=True)
class _File:
    """One file: what is safely on the disk, and what was asked since."""

    safe: bytearray = field(default_factory=bytearray)
    waiting: list[Call] = field(default_factory=list)

    def sync(self) -> None:
        for call in self.waiting:
            _apply(self.safe, call)
        self.waiting.clear()

    def after_a_cut(self, rng: random.Random) -> bytes:
        content = bytearray(self.safe)
        # Some cuts lose everything, some nothing, most something.
        likely = rng.choice((0.0, 0.2, 0.5, 0.8, 1.0))
        for call in self.waiting:
            if call.op == "T":
                if rng.random() < likely:
                    _apply(content, call)
            elif rng.random() < 0.25:
                _tear(content, call, rng)
            elif rng.random() < likely:
                _apply(content, call)
        return bytes(content)


def _apply(content: bytearray, call: Call) -> None:
    if call.op == "T":
        content[:] = content[: call.offset].ljust(call.offset, b"\0")
        return
    end = call.offset + len(call.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[call.offset : end] = call.data


def _tear(content: bytearray, call: Call, rng: random.Random) -> None:
    """Some sectors of a write."""
    place = 0
    while place < len(call.data):
        step = SECTOR - (call.offset + place) % SECTOR
        part = call.data[place : place + step]
        if rng.random() < 0.5:
            _apply(content, Call("W", call.inode, call.offset + place, "", part))
        place += step


class Recorded:
    """A record, and the disks that follow from it."""

    def __init__(self, root: Path, calls: list[Call]) -> None:
        self.root = PurePosixPath(root)
        self.calls = calls
        self._root_inode = root.stat().st_ino

    def notes(self, before: int) -> list[str]:
        """What had been noted when `before` calls were over."""
        return [call.text for call in self.calls[:before] if call.op == "N"]

    def cut(self, before: int, rng: random.Random) -> dict[PurePosixPath, bytes]:
        """A disk after a power cut when `before` calls were over: path below the root → content."""
        files: dict[int, _File] = {}
        folders: dict[PurePosixPath, int] = {self.root: self._root_inode}
        names: dict[PurePosixPath, int] = {}
        waiting: list[tuple[int, Call]] = []  # a folder's inode, and what was done to its names
        at: dict[PurePosixPath, int] = {}  # names as the program saw them
        for place, call in enumerate(self.calls[:before]):
            path = PurePosixPath(call.text)
            if call.op in "CM":
                # An inode number may have belonged to a file that is gone.
                number = (place + 1) << 64 | call.inode
                at[path] = number
                if call.op == "C":
                    files[number] = _File()
                else:
                    folders[path] = call.inode
                waiting.append((folders.get(path.parent, -1), Call(call.op, number, 0, call.text, b"")))
            elif call.op in "RU":
                target = PurePosixPath(call.data.decode()) if call.op == "R" else path
                if call.op == "R":
                    at[target] = at.pop(path)
                else:
                    at.pop(path, None)
                waiting.append((folders.get(target.parent, -1), call))
            elif call.op in "WT":
                _newest(files, call.inode).waiting.append(call)
            elif call.op == "S":
                if call.inode in folders.values():
                    waiting = _settle(names, waiting, call.inode)
                else:
                    _newest(files, call.inode).sync()
        kept = rng.randint(0, len(waiting)) if waiting else 0
        _settle(names, waiting[:kept], None)
        made = {path for path, number in names.items() if number not in files} | {self.root}
        return {
            path.relative_to(self.root): files[number].after_a_cut(rng)
            for path, number in names.items()
            if number in files
            and all(parent in made for parent in path.parents if self.root in parent.parents)
        }


def _newest(files: dict[int, _File], inode: int) -> _File:
    number = max((number for number in files if number & (1 << 64) - 1 == inode), default=inode)
    return files.setdefault(number, _File())


def _settle(
    names: dict[PurePosixPath, int], waiting: list[tuple[int, Call]], folder: int | None
) -> list[tuple[int, Call]]:
    """Give and take names for good: those of one folder, or all; returns what still waits."""
    still = []
    for parent, call in waiting:
        if folder is not None and parent != folder:
            still.append((parent, call))
            continue
        path = PurePosixPath(call.text)
        if call.op in "CM":
            names[path] = call.inode
        elif call.op == "U":
            names.pop(path, None)
        elif path in names:
            names[PurePosixPath(call.data.decode())] = names.pop(path)
    return still


def lay(disk: dict[PurePosixPath, bytes], folder: Path) -> Path:
    """Make a disk's files in a folder."""
    for path, content in disk.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


def scratch() -> str | None:
    """A folder in memory to make disks in, where there is one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a folder of its own is made there
