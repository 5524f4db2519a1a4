from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.camera import remembered
from kiosk.camera.devices import Camera, Cameras, Choice, Finder, choose, on_linux

LOGI = "usb-046d_HD_Pro_Webcam_C920_1A2B3C4D-video-index0"


@pytest.fixture
def machine(tmp_path):
    """A Linux machine's file system with what the kernel shows of cameras."""

    def add(number, name, index=0, by_id=None, by_path=None):
        place = tmp_path / f"sys/class/video4linux/video{number}"
        place.mkdir(parents=True)
        (place / "name").write_text(name + "\n", encoding="utf-8")
        (place / "index").write_text(f"{index}\n", encoding="utf-8")
        node = tmp_path / f"dev/video{number}"
        node.parent.mkdir(exist_ok=True)
        node.touch()
        for folder, link in (("by-id", by_id), ("by-path", by_path)):
            if link:
                home = tmp_path / "dev/v4l" / folder
                home.mkdir(parents=True, exist_ok=True)
                (home / link).symlink_to(f"../../video{number}")

    add.root = tmp_path
    return add


def test_linux_tells_its_cameras(machine):
    """Each camera is told once, by what stays the same, with its name and its number now."""
    machine(0, "Integrated Camera", by_path="pci-0000:00:14.0-usb-0:8:1.0-video-index0")
    machine(1, "Integrated Camera", index=1, by_path="pci-0000:00:14.0-usb-0:8:1.0-video-index1")
    machine(10, "HD Pro Webcam C920", by_id=LOGI, by_path="pci-0000:00:14.0-usb-0:2:1.0-video-index0")
    machine(2, "virtual")
    assert on_linux(machine.root) == (
        Camera("pci-0000:00:14.0-usb-0:8:1.0-video-index0", "Integrated Camera", 0),
        Camera("virtual video2", "virtual", 2),
        Camera(LOGI, "HD Pro Webcam C920", 10),
    )


def test_a_machine_without_cameras_has_none(tmp_path):
    """Where the kernel shows nothing there is nothing, and nothing fails."""
    assert on_linux(tmp_path) == ()
    (tmp_path / "sys/class/video4linux/videos").mkdir(parents=True)
    assert on_linux(tmp_path) == ()


A, B, TWIN = Camera("a", "Webcam", 0), Camera("b", "Other", 1), Camera("c", "Webcam", 2)


@pytest.mark.parametrize(
    ("attached", "choice", "chosen"),
    [
        ((), None, None),
        ((), Choice("a"), None),
        ((B, A), None, B),
        ((B, A), Choice("a"), A),
        ((A, TWIN), Choice("c", "Webcam"), TWIN),
        ((B, TWIN), Choice("gone", "Webcam"), TWIN),
        ((B, A), Choice("gone", "Nothing like it"), B),
        ((Camera("x", "", 0), A), Choice("gone", ""), Camera("x", "", 0)),
    ],
)
def test_the_chosen_camera_is_taken_or_the_next_best(attached, choice, chosen):
    """The same device first, then one of the same name, then any: some camera is better than none."""
    assert choose(attached, choice) == chosen


def test_what_the_window_sees_counts_where_the_system_is_silent():
    """On systems that tell nothing, the window's list with its order is what there is."""
    cameras = Cameras(lambda: ())
    assert cameras.attached() == ()
    cameras.offer([("\\\\?\\usb#vid_046d", "C920"), ("\\\\?\\usb#vid_5986", "内蔵カメラ")])
    assert cameras.attached()[1] == Camera("\\\\?\\usb#vid_5986", "内蔵カメラ", 1)
    assert list(Finder(cameras, choice=Choice("\\\\?\\usb#vid_5986")).numbers()) == [1]
    cameras.offer([])
    assert cameras.attached() == ()
    told = Cameras(lambda: (A,))
    told.offer([("/dev/video0", "Webcam")])
    assert told.attached() == (A,)


def test_a_camera_asked_for_by_number_is_kept_by_identity():
    """Once it was opened, a numbered camera is followed to the number it has now."""
    attached = [A, B]
    finder = Finder(Cameras(lambda: tuple(attached)), number=1)
    assert list(finder.numbers()) == [1]
    finder.opened(1)
    attached[:] = [Camera("new", "Webcam", 1), Camera("b", "Other", 4)]
    assert list(finder.numbers()) == [4]
    attached[:] = []
    assert list(finder.numbers()) == [1]


def test_a_camera_asked_for_by_id_is_no_other():
    """By id, another camera is not taken; by remembered choice it is."""
    cameras = Cameras(lambda: (A,))
    assert list(Finder(cameras, choice=Choice("b"), strict=True).numbers()) == []
    assert list(Finder(cameras, choice=Choice("b")).numbers()) == [0]
    assert list(Finder(Cameras(lambda: ())).numbers()) == [0]
    assert list(Finder(Cameras(lambda: ()), choice=Choice("b")).numbers()) == []


@given(st.text(min_size=1, max_size=80), st.text(max_size=80))
def test_a_choice_is_remembered(tmp_path_factory, identity, name):
    """What was chosen is read back as it was, whatever devices call themselves."""
    folder = tmp_path_factory.mktemp("data")
    remembered.write(folder, Choice(identity, name))
    assert remembered.read(folder) == Choice(identity, name)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b"\xff\xfe",
        b"{}",
        b'{"id":1,"name":""}',
        b'{"id":"","name":""}',
        b'{"id":"a"}',
    ],
)
def test_a_damaged_memory_is_none(tmp_path, content):
    """A damaged file is as good as none: the first camera is taken."""
    assert remembered.read(tmp_path) is None
    (tmp_path / remembered.FILE).write_bytes(content)
    assert remembered.read(tmp_path) is None
    remembered.write(tmp_path, Choice("a", "カメラ"))
    assert json.loads((tmp_path / remembered.FILE).read_bytes()) == {"id": "a", "name": "カメラ"}
