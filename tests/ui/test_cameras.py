"""The cameras that Qt sees, where its multimedia module is there."""

import sys
import types

from ui import cameras


class Signal:
    def __init__(self):
        self.slots = []

    def connect(self, slot):
        self.slots.append(slot)


class Input:
    def __init__(self, id_, name):
        self._id, self._name = id_, name

    def id(self):
        return self._id.encode()

    def description(self):
        return self._name


class Devices:
    """What Qt tells of cameras, played."""

    attached = ()

    def __init__(self):
        self.videoInputsChanged = Signal()

    def videoInputs(self):  # noqa: N802 - Qt's own name
        return list(self.attached)


def test_each_change_of_the_cameras_is_told(monkeypatch):
    """What is attached is told at once and whenever that changes, by id and name."""
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", types.SimpleNamespace(QMediaDevices=Devices))
    monkeypatch.setattr(Devices, "attached", (Input("usb-1", "カメラ"),))
    told = []
    devices = cameras.watch(told.append)
    monkeypatch.setattr(Devices, "attached", ())
    devices.videoInputsChanged.slots[0]()
    assert told == [[("usb-1", "カメラ")], []]


def test_without_the_module_nothing_is_told(monkeypatch):
    """Qt's multimedia is no dependency: a desk without it goes on."""
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    assert cameras.watch(lambda _: None) is None
