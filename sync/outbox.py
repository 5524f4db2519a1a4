"""The outbox: the folder in which a desk lays what HQ shall learn, for a process that holds no key.

    outbox/
      <device, 32 hex>-<first, 8 digits>-<last, 8 digits>.seg   a segment, the very bytes that are sent
      counts.cbor         the newest signed counts report
      registration.cbor   the device's first words to HQ
      registration-<device>.cbor  the same of a device that this laptop was before a restore
      link.json           where HQ is and how to know it
      status.json         what the sync process last knew, for the desk's pill
      heads.json          what HQ said it has, of each device: a log that is shorter has lost something
      parted.json         from which event on HQ has others than we, of a device that was copied
      try-now             laid by a person who does not want to wait for the next attempt

Every file appears whole or not at all: written beside its place, synced, put in place, and the folder
synced. What lies here can be laid again from the log, so losing a file loses nothing. This module knows
names and files; it knows no network, opens no segment and never decides what HQ already has.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from kiosk.core.ids import DEVICE_SIZE, DeviceId
from kiosk.errors import BugError, KnownError
from kiosk.files import write_whole

COUNTS, REGISTRATION, LINK, STATUS, HEADS, PARTED, TRY_NOW = (
    "counts.cbor",
    "registration.cbor",
    "link.json",
    "status.json",
    "heads.json",
    "parted.json",
    "try-now",
)
MAX_FILE = 1024 * 1024
"""Nothing of ours is larger; a larger file is not read."""

_SEGMENT = re.compile(r"([0-9a-f]{32})-([0-9]{8,16})-([0-9]{8,16})\.seg", re.ASCII)


def folder(data: Path) -> Path:
    """The outbox of a kiosk's data folder."""
    return data / "outbox"


def inbox(data: Path) -> Path:
    """Where segments that came from others wait for the desk: files named as in an outbox."""
    return data / "inbox"


TRANSPORT = "transport.key"
"""Beside the outbox: the one key of the sync process, 32 bytes. Its public half stands in the device's first
words; it signs nothing but what the process asks for itself."""


def read_transport(outbox: Path) -> bytes | None:
    """The key of the sync process, unread; None where there is none."""
    return _read(outbox.parent, TRANSPORT)


TRUST = "trust.txt"
"""In the inbox: the newest list of issuers that HQ handed on."""


def write_trust(outbox: Path, text: str) -> None:
    """Lay a list of issuers into the inbox beside this outbox; whether it is believed is the desk's to say.

    Raises:
        KnownError: as `write_segment`.
    """
    _write(inbox(outbox.parent), TRUST, f"{text}\n".encode())


def read_trust(outbox: Path) -> str:
    """The list that lies in the inbox; empty when there is none."""
    return (_read(inbox(outbox.parent), TRUST) or b"").decode(errors="replace").strip()


@dataclass(frozen=True, slots=True, order=True)
class SegmentName:
    """What the name of a segment's file says: whose events, from which number to which."""

    device: DeviceId
    first: int
    last: int

    def __str__(self) -> str:
        """The file's name."""
        return f"{self.device.hex()}-{self.first:08}-{self.last:08}.seg"


def parse_name(name: str) -> SegmentName | None:
    """Read a file's name; None for anything that is not a segment's."""
    match = _SEGMENT.fullmatch(name)
    if match is None:
        return None
    device, first, last = match.groups()
    segment = SegmentName(DeviceId(bytes.fromhex(device)), int(first), int(last))
    return segment if 0 < segment.first <= segment.last and str(segment) == name else None


def write_segment(outbox: Path, device: DeviceId, first: int, last: int, data: bytes) -> Path:
    """Lay a finished segment (`sync.wire.encode_segment`), durably; returns its path.

    Raises:
        KnownError: `disk_full` or `disk_unwritable`.
    """
    if len(device) != DEVICE_SIZE or not 0 < first <= last:
        raise BugError("a segment has a device of 16 bytes and 0 < first <= last")
    return _write(outbox, str(SegmentName(device, first, last)), data)


def segments(outbox: Path, device: DeviceId | None = None) -> list[SegmentName]:
    """The segments of one device, or of all, by device, first and last number; empty without a folder.

    Raises:
        KnownError: `outbox_unreadable`.
    """
    try:
        with os.scandir(outbox) as entries:
            found = [parse_name(entry.name) for entry in entries]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unreadable() from error
    return sorted(name for name in found if name is not None and device in (None, name.device))


def following(names: list[SegmentName], seq: int) -> Iterator[SegmentName]:
    """Of one device's segments, those that lead on from event `seq`, each as far as it can; no gaps.

    A segment may overlap its neighbour (a desk may lay a longer one later): the one that reaches
    furthest is taken. It ends where the next event lies in no file.
    """
    while True:
        fitting = [name for name in names if name.first <= seq + 1 <= name.last]
        if not fitting:
            return
        best = max(fitting, key=lambda name: (name.last, name.first))
        yield best
        seq = best.last


def read_segment(outbox: Path, name: SegmentName) -> bytes | None:
    """The bytes of a segment, or None when the file is gone."""
    return _read(outbox, str(name))


def write_counts(outbox: Path, data: bytes) -> None:
    """Lay the newest counts report (`sync.wire.encode_counts`) over the one before.

    Raises:
        KnownError: as `write_segment`.
    """
    _write(outbox, COUNTS, data)


def read_counts(outbox: Path) -> bytes | None:
    """The newest counts report, or None."""
    return _read(outbox, COUNTS)


def write_registration(outbox: Path, data: bytes, former: DeviceId | None = None) -> None:
    """Lay the registration (`sync.wire.encode_registration`). It holds the sheet's token.

    `former`: of a device that this laptop was before a restore, and whose segments still lie here.

    Raises:
        KnownError: as `write_segment`.
    """
    _write(outbox, _registration(former), data)


def read_registration(outbox: Path, former: DeviceId | None = None) -> bytes | None:
    """The registration, or None."""
    return _read(outbox, _registration(former))


def _registration(former: DeviceId | None) -> str:
    return REGISTRATION if former is None else f"registration-{former.hex()}.cbor"


@dataclass(frozen=True, slots=True)
class Link:
    """Where HQ is, from the opening sheet, and which device this outbox speaks for."""

    hq_url: str
    ca_pin: bytes
    """SHA-256 of HQ's CA certificate (DER); empty for plain HTTP on loopback."""
    device: DeviceId


def write_link(outbox: Path, link: Link) -> None:
    """Write down the link.

    Raises:
        KnownError: as `write_segment`.
    """
    value = {"hq_url": link.hq_url, "ca_pin": link.ca_pin.hex(), "device": link.device.hex()}
    _write(outbox, LINK, json.dumps(value, indent=1).encode())


def read_link(outbox: Path) -> Link | None:
    """The link, or None before this laptop was opened for a shelter.

    Raises:
        KnownError: `bad_link` when the file is damaged.
    """
    data = _read(outbox, LINK)
    if data is None:
        return None
    try:
        value = json.loads(data)
        link = Link(
            str(value["hq_url"]),
            bytes.fromhex(value["ca_pin"]),
            DeviceId(bytes.fromhex(value["device"])),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise _bad_link() from error
    if len(link.device) != DEVICE_SIZE or len(link.ca_pin) not in (0, 32):
        raise _bad_link()
    return link


def _bad_link() -> KnownError:
    return KnownError(
        "bad_link",
        "本部への つながりの 設定が こわれています。開設シートを もう一度 読み取ってください。",
        "the link to HQ is damaged; read the opening sheet again",
    )


@dataclass(frozen=True, slots=True)
class Status:
    """What the sync process last knew. Times are milliseconds since 1970 of this laptop's clock."""

    state: str
    """`no_link`, `sending`, `synced`, `waiting` (for the network or HQ), `refused` or `fork`."""
    last_contact: int | None = None
    """When HQ last answered sensibly."""
    hq_seq: int = 0
    """The last of our events that HQ has."""
    unsent_events: int = 0
    """Events laid here that HQ has not acknowledged."""
    unsent_segments: int = 0
    code: str = ""
    """The code of the trouble, when there is one."""
    sentence: str = ""
    """The trouble in one clear sentence for staff."""
    next_try: int | None = None
    """When the next attempt will be made."""
    clock_offset: int | None = None
    """HQ's clock minus ours, in milliseconds, to the second."""


def write_status(outbox: Path, status: Status) -> None:
    """Say how things stand: whole at any moment, but not worth waiting for the disk.

    Raises:
        KnownError: as `write_segment`.
    """
    _write(outbox, STATUS, json.dumps(asdict(status), ensure_ascii=False).encode(), durable=False)


def read_status(outbox: Path) -> Status | None:
    """How things stood, or None when no sync process ever said; unknown fields are ignored."""
    data = _read(outbox, STATUS)
    try:
        value: Any = json.loads(data or b"null")
        return Status(**{name: value[name] for name in Status.__slots__ if name in value}) if value else None
    except (ValueError, TypeError):
        return None


Heads = dict[DeviceId, tuple[int, bytes]]
"""Number and hash of the last event of each device; (0, 32 zero bytes) before any."""


def write_heads(outbox: Path, heads: Heads) -> None:
    """Write down what HQ said it has; not worth waiting for the disk, since HQ will say it again.

    Raises:
        KnownError: as `write_segment`.
    """
    value = {device.hex(): [seq, digest.hex()] for device, (seq, digest) in heads.items()}
    _write(outbox, HEADS, json.dumps({"heads": value, "sum": _sum(value)}).encode(), durable=False)


def read_heads(outbox: Path) -> Heads:
    """What HQ last said it has; empty when it never said, or when the file is damaged."""
    try:
        value: Any = json.loads(_read(outbox, HEADS) or b"{}")
        if _sum(value["heads"]) != value["sum"]:
            return {}  # a flipped bit must not pass for a longer log
        return {
            DeviceId(bytes.fromhex(device)): (int(seq), bytes.fromhex(digest))
            for device, (seq, digest) in value["heads"].items()
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def write_parted(outbox: Path, parted: Mapping[DeviceId, int]) -> None:
    """Write down the first number under which HQ has another event, of each device that was copied.

    Raises:
        KnownError: as `write_segment`.
    """
    value = {device.hex(): seq for device, seq in parted.items()}
    _write(outbox, PARTED, json.dumps({"parted": value, "sum": _sum(value)}).encode())


def read_parted(outbox: Path) -> dict[DeviceId, int]:
    """Where branches part; empty when HQ never said so, or when the file is damaged."""
    try:
        value: Any = json.loads(_read(outbox, PARTED) or b"{}")
        if _sum(value["parted"]) != value["sum"]:
            return {}
        return {DeviceId(bytes.fromhex(device)): int(seq) for device, seq in value["parted"].items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def _sum(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def try_now(outbox: Path) -> None:
    """再試行: ask the sync process to try at once, however long it meant to wait.

    Raises:
        KnownError: as `write_segment`.
    """
    _write(outbox, TRY_NOW, b"", durable=False)


@dataclass(frozen=True, slots=True)
class News:
    """What may have changed in an outbox, cheaply: two that are equal mean there is nothing to do."""

    segments: tuple[SegmentName, ...]
    counts: int
    link: int
    try_now: int


def news(outbox: Path, device: DeviceId | None) -> News:
    """A look at the folder, for whoever waits for something to do.

    Raises:
        KnownError: `outbox_unreadable`.
    """
    names = tuple(segments(outbox, device)) if device is not None else ()
    return News(names, _changed(outbox, COUNTS), _changed(outbox, LINK), _changed(outbox, TRY_NOW))


def _changed(outbox: Path, name: str) -> int:
    try:
        return (outbox / name).stat().st_mtime_ns
    except OSError:
        return 0


def _read(outbox: Path, name: str) -> bytes | None:
    try:
        with (outbox / name).open("rb") as file:
            return file.read(MAX_FILE)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable() from error


def _unreadable() -> KnownError:
    return KnownError("outbox_unreadable", "本部へ送る ファイルを 読めません。", "the outbox can not be read")


def _write(outbox: Path, name: str, data: bytes, *, durable: bool = True) -> Path:
    write_whole(outbox / name, data, durable=durable)
    return outbox / name
