"""Laptops laid out by a test: what /proc and /sys say below a folder, and a patient made of fakes."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from card_reader.errors import CardError
from card_reader.simulated import SimulatedReader
from kiosk.camera.devices import Camera
from kiosk.camera.frames import Pace
from kiosk.core import sheet
from kiosk.core.household import Mode
from kiosk.core.sheet import OpeningSheet
from kiosk.doctor import Patient
from kiosk.errors import KnownError
from played_time import HandClock

MORNING = 1_763_679_600.0
"""2025-11-21 08:00 in Japan."""
MOUNTED = "27 1 8:2 / / rw,relatime - ext4 /dev/sda2 rw\n"


def lay(root, files):
    """Write a tree: path → text, or path → Path for a link to it."""
    for name, content in files.items():
        path = Path(root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            path.symlink_to(content)
        else:
            path.write_text(content, encoding="utf-8")
    return Path(root)


def supply(name, **says):
    """One entry of /sys/class/power_supply."""
    return {f"sys/class/power_supply/{name}/{key}": f"{value}\n" for key, value in says.items()}


def ordinary(root):
    """A plain laptop on mains, with a disk of its own."""
    disk = root / "sys/devices/pci0/ata1/block/sda"
    lay(
        root,
        supply("BAT0", type="Battery", capacity=80, status="Charging")
        | supply("AC", type="Mains", online=1)
        | {
            "proc/self/mountinfo": MOUNTED,
            "proc/meminfo": "MemTotal: 8000000 kB\nMemFree: 10 kB\nMemAvailable: 4000000 kB\n",
            "sys/devices/pci0/ata1/block/sda/removable": "0\n",
            "sys/devices/pci0/ata1/block/sda/sda2/partition": "2\n",
            "sys/dev/block/8:2": disk / "sda2",
            "sys/class/net/lo/up": "1",
        },
    )
    return root


class PlayedCamera:
    """A camera that gives these pictures over and over, each taking so many seconds of the clock."""

    pace = Pace.LIVE
    sensor = True

    def __init__(self, pictures, clock, seconds=1 / 30, form="MJPG"):
        self.pictures, self.clock, self.seconds, self.form = pictures, clock, seconds, form
        self.opened = self.given = 0

    def open(self):
        if not self.pictures:
            raise KnownError("no_camera", "カメラが 見つかりません。", "no camera was found")
        self.opened += 1

    def read(self):
        self.clock.now += self.seconds
        self.given += 1
        return self.pictures[self.given % len(self.pictures)]

    def release(self):
        self.opened -= 1


def pictures(light=120, size=(720, 1280), count=3):
    """Noise around a light: what a lens gives."""
    rng = np.random.default_rng(1)
    return [rng.integers(light // 2, light * 2, (*size, 3)).astype(np.uint8) for _ in range(count)]


class NoService(SimulatedReader):
    """The card service does not answer."""

    def look(self):
        raise CardError("no_reader", "reaching the card service")


def port_of(reader):
    return lambda: contextlib.nullcontext(reader)


def patient(data, root, **parts):
    """A laptop where all is well, except for what a test says."""
    clock = parts.pop("monotonic", None) or HandClock()
    known = {
        "platform": "linux",
        "wall": lambda: MORNING,
        "monotonic": clock,
        "seconds_east": lambda: 9 * 3600,
        "is_synchronised": lambda: True,
        "built": lambda: MORNING - 86_400,
        "ask": lambda _command: None,
        "port": port_of(SimulatedReader()),
        "camera": lambda _index: PlayedCamera(pictures(), clock),
        "cameras": lambda _root, _platform: [Camera("usb-1", "HD Webcam", 0)],
    }
    return Patient(data, root, **(known | parts))


def sheet_text(issuers=(), hq_url="http://127.0.0.1:9", mode=Mode.DISASTER, name="城山小学校"):
    """An opening sheet of an invented city, as its officer would print it."""
    root, officer = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
    return sheet.write(
        OpeningSheet(
            series=b"series-1",
            mode=mode,
            municipality="431001",
            shelter="4310010001",
            name=name,
            hq_url=hq_url,
            ca_pin=b"",
            root_key=root.public_key().public_bytes_raw(),
            records_key=officer.public_key().public_bytes_raw(),
            transfer_key=os.urandom(32),
            token=os.urandom(16),
            issuers=tuple(issuers),
        ),
        root,
    )


def as_root():
    return os.geteuid() == 0
