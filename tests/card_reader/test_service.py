"""The card service's door and what is plugged in beside it, on laptops laid out by the test."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path

import pytest

from card_reader import service
from card_reader.service import Plugged


def usb(root, name, vendor, product, face, says="Reader"):
    device = root / "sys/bus/usb/devices" / name
    (device / f"{name}:1.0").mkdir(parents=True)
    (device / "idVendor").write_text(f"{vendor}\n")
    (device / "idProduct").write_text(f"{product}\n")
    (device / "product").write_text(f"{says}\n")
    (device / f"{name}:1.0" / "bInterfaceClass").write_text(f"{face}\n")


@pytest.fixture
def root(monkeypatch):
    # A socket's name is short: pytest's folders are too deep for one.
    with tempfile.TemporaryDirectory(prefix="kd-") as folder:
        monkeypatch.delenv("PCSCLITE_CSOCK_NAME", raising=False)
        yield Path(folder)


def test_a_door_that_is_not_there(root):
    """No socket: the service is not installed, or was never started."""
    assert service.door(root, "linux") == "missing"
    assert service.door(root, "win32") == "unknown"
    assert not service.is_installed(root)


def test_a_door_that_somebody_stands_behind(root):
    """Asking wakes a service that starts on demand."""
    place = root / "run/pcscd/pcscd.comm"
    place.parent.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place))
        listener.listen()
        assert service.door(root, "linux") == "open"
    # The file of a socket outlives its service.
    assert service.door(root, "linux") == "shut"


def test_readers_on_usb_are_told_apart(root):
    """By class those that the CCID driver knows, by number those for which Linux has no driver."""
    usb(root, "1-1", "054c", "0dc8", "0b", "SONY FeliCa RC-S300/S")
    usb(root, "1-2", "054C", "06C3", "ff", "RC-S380/P")
    usb(root, "1-3", "046d", "0825", "0e", "Webcam")
    (root / "sys/bus/usb/devices/usb1").mkdir()
    assert service.plugged(root, "linux") == (
        Plugged("SONY FeliCa RC-S300/S", has_driver=True),
        Plugged("RC-S380/P", has_driver=False),
    )
    assert service.plugged(root, "win32") == ()


def test_pcscd_is_found_where_distributions_put_it(root):
    """Also outside a user's PATH."""
    program = root / "usr/sbin/pcscd"
    program.parent.mkdir(parents=True)
    program.touch()
    assert service.is_installed(root)
