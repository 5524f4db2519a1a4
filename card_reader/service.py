"""The way to the system's card service, looked at from outside: its door, and what is plugged in beside it.

PC/SC says only that it can not be reached, or that there is no reader. Why that is so, and what a person
can do about it, stands elsewhere: in the socket that pcscd listens on, and in the list of USB devices.
Windows needs none of this; its service starts with the first reader, and its readers bring their drivers.

It refuses to know what is on a card, and never opens a reader.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

Door: TypeAlias = Literal["open", "shut", "missing", "forbidden", "unknown"]

ROOT: Final = Path("/")
_SOCKET: Final = "run/pcscd/pcscd.comm"
# Where Debian and others put it; a user's PATH often leaves sbin out.
_PROGRAMS: Final = ("usr/sbin/pcscd", "usr/bin/pcscd", "usr/local/sbin/pcscd")
_SMART_CARD_CLASS: Final = "0b"  # USB: bInterfaceClass of every reader that the CCID driver can drive

# Sony's vendor id is 054c. The ids are those that libpafe, nfcpy and lsusb know.
WITHOUT_DRIVER: Final[Mapping[tuple[str, str], str]] = {
    ("054c", "006c"): "RC-S310",
    ("054c", "01bb"): "RC-S320",
    ("054c", "02e1"): "RC-S330/S370",
    ("054c", "06c1"): "RC-S380/S",
    ("054c", "06c3"): "RC-S380/P",
}
"""Readers for which Linux has no PC/SC driver, however often they are plugged in; RC-S310 and RC-S320 speak
FeliCa alone, so they read a My Number card nowhere. Source for RC-S380: LudovicRousseau/PCSC, issue 86."""


@dataclass(frozen=True, slots=True)
class Plugged:
    """A card reader on USB, whether or not PC/SC can use it."""

    model: str
    has_driver: bool
    """Whether Linux has a PC/SC driver for it."""


def door(root: Path = ROOT, platform: str = sys.platform) -> Door:
    """Whether somebody listens behind pcscd's socket; asking wakes a service that starts on demand.

    `shut`: a socket is left, and nobody listens. `missing`: there is no socket. `forbidden`: this user may
    not knock. `unknown` on systems that have no such socket.
    """
    if platform != "linux":
        return "unknown"
    place = os.environ.get("PCSCLITE_CSOCK_NAME") or str(root / _SOCKET)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(1.0)
            line.connect(place)
    except FileNotFoundError:
        return "missing"
    except PermissionError:
        return "forbidden"
    except OSError:
        return "shut"
    return "open"


def is_installed(root: Path = ROOT) -> bool:
    """Whether pcscd is on this computer."""
    return any((root / program).exists() for program in _PROGRAMS)


def plugged(root: Path = ROOT, platform: str = sys.platform) -> tuple[Plugged, ...]:
    """The card readers on USB, as Linux sees them; empty on other systems."""
    if platform != "linux":
        return ()
    devices = sorted((root / "sys/bus/usb/devices").glob("*"))
    return tuple(reader for device in devices if (reader := _reader(device)) is not None)


def _reader(device: Path) -> Plugged | None:
    ids = _says(device / "idVendor"), _says(device / "idProduct")
    model = WITHOUT_DRIVER.get(ids)
    if model is not None:
        return Plugged(model, has_driver=False)
    # A device's interfaces lie below it as 1-2:1.0 and so on.
    classes = {_says(face / "bInterfaceClass") for face in device.glob(f"{device.name}:*")}
    if ids[0] and _SMART_CARD_CLASS in classes:
        return Plugged(_as_written(device / "product") or ":".join(ids), has_driver=True)
    return None


def _says(path: Path) -> str:
    """An id or a class in small letters."""
    return _as_written(path).lower()


def _as_written(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
