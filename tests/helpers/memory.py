"""Looking for secrets in the memory of other processes (Linux)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

_RANGE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) r(.)\S+ \S+ \S+ \S+ *(.*)")
_CHUNK = 4 * 1024 * 1024


def spellings(secret: str | bytes) -> list[bytes]:
    """How a secret may lie in memory: as it is, and as Python, Qt and a pragma would write it."""
    if isinstance(secret, bytes):
        return [secret, secret.hex().encode(), secret.hex().upper().encode()]
    return [secret.encode(code) for code in ("utf-8", "utf-16-le", "utf-32-le")]


def can_be_read(pid: int) -> bool:
    """Whether this process's memory may be looked at: one that keeps it private is root's alone."""
    try:
        with Path(f"/proc/{pid}/mem").open("rb"):
            return True
    except OSError:
        return False


def regions(pid: int) -> Iterator[tuple[int, bytes]]:
    """Whatever a process may have written, piece by piece, with its address; the pieces overlap a little.

    What is mapped from files and was never writable is left out: the program and its libraries.
    """
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            found = _RANGE.match(line)
            if found is None or found[4].startswith("[v") or (found[3] != "w" and found[4]):
                continue
            start, end = int(found[1], 16), int(found[2], 16)
            for place in range(start, end, _CHUNK):
                with suppress(OSError, ValueError, OverflowError):
                    memory.seek(place)
                    yield place, memory.read(min(_CHUNK + 256, end - place))


def found_in(pid: int, secrets: Mapping[str, str | bytes]) -> set[str]:
    """The names of those secrets that lie in a process's memory, in any spelling."""
    wanted = {name: spellings(secret) for name, secret in secrets.items()}
    seen: set[str] = set()
    for _, data in regions(pid):
        seen |= {
            name for name, spelt in wanted.items() if name not in seen and any(one in data for one in spelt)
        }
    return seen


def family(pid: int) -> set[int]:
    """A process and all that it started, and they, and so on."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    members = {pid}
    while True:
        more = {child for child, parent in parents.items() if parent in members} - members
        if not more:
            return members
        members |= more


def alive(pids: Iterable[int]) -> set[int]:
    """Those that still run (no zombies)."""
    running = set()
    for pid in pids:
        with suppress(OSError, IndexError):
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            if state != "Z":
                running.add(pid)
    return running
