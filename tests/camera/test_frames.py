from __future__ import annotations

import http.server
import random
import subprocess
import sys
import threading
from typing import ClassVar

import cv2
import numpy as np
import pytest

from kiosk.camera import draw, synthetic
from kiosk.camera.decode import read_codes
from kiosk.camera.devices import Camera, Cameras, Choice
from kiosk.camera.frames import Pace, chosen_camera, in_order, open_source
from kiosk.camera.picture import MAX_SIDE, load
from kiosk.errors import KnownError
from kiosk.invented import invent_household

NO_CAMERA = "camera:97"


def write(path, image, suffix=".png"):
    path.write_bytes(cv2.imencode(suffix, image)[1].tobytes())


@pytest.fixture
def shown():
    rng = np.random.default_rng(2)
    return synthetic.photograph("ESR1:SHOWN", synthetic.held_up(rng), rng)


def test_a_picture_with_a_japanese_name(tmp_path, shown):
    """A picture is read whatever its path is called."""
    path = tmp_path / "受付証　見本.png"
    write(path, shown)
    source = open_source(str(path))
    assert source.pace is Pace.STILLS
    assert [read_codes(frame.image) for frame in in_order(source)] == [["ESR1:SHOWN"]]


def test_a_folder_in_order_of_names(tmp_path, shown):
    """A folder's pictures come by name, and what is no picture is left out."""
    for name in ("b.jpg", "a.jpg"):
        write(tmp_path / name, shown, ".jpg")
    (tmp_path / "c.jpg").write_bytes(b"no picture")
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    source = open_source(str(tmp_path))
    frames = list(in_order(source))
    assert [frame.number for frame in frames] == [1, 2]
    assert source.skipped == 1
    assert frames[1].at - frames[0].at > 1


def test_a_video(tmp_path, shown):
    """Every frame of a video comes, in order."""
    path = tmp_path / "clip.avi"
    video = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, (1280, 720))
    for _ in range(5):
        video.write(shown)
    video.release()
    source = open_source(str(path))
    assert source.pace is Pace.PLAYED
    assert [read_codes(frame.image) for frame in in_order(source)] == [["ESR1:SHOWN"]] * 5


def test_a_large_photograph_is_shrunk_to_what_can_be_read(tmp_path):
    """A phone's photograph of twenty megapixels is read like a webcam's frame."""
    modules = draw.modules("ESR1:LARGE")
    large = cv2.resize(modules, (4600, 4600), interpolation=cv2.INTER_NEAREST)
    write(tmp_path / "large.png", large)
    image = load(tmp_path / "large.png")
    assert max(image.shape) <= MAX_SIDE
    assert read_codes(image) == ["ESR1:LARGE"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.png", b"", "not_a_picture"),
        ("text.jpg", b"hello", "not_a_picture"),
        ("cut.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_a_picture"),
        ("film.mp4", b"hello", "not_a_video"),
        ("film", b"", "not_a_video"),
    ],
)
def test_a_file_that_shows_nothing(tmp_path, name, content, code):
    """A file that is neither picture nor video is one clear sentence."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(KnownError, match=code):
        list(in_order(open_source(str(tmp_path / name))))


@pytest.mark.parametrize("name", ["missing.png", "cam:0", "x" * 5000, "a\0b", "/dev/null"])
def test_nothing_there(name, tmp_path, monkeypatch):
    """A name that means nothing is one clear sentence."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(KnownError, match="no_file"):
        open_source(name)


@pytest.mark.parametrize("name", ["", "."])
def test_a_folder_without_pictures_says_so(name, tmp_path, monkeypatch):
    """A folder in which no picture is, is told as such, not as one without codes."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    with pytest.raises(KnownError, match="no_pictures"):
        list(in_order(open_source(name)))


def test_a_camera_has_a_number():
    """`camera:` alone is asked back for a number."""
    with pytest.raises(KnownError, match="camera:0"):
        open_source("camera:")


@pytest.mark.parametrize(
    "name",
    ["camera:97", "Camera:97", "/dev/video97", "camera:usb-Nobody_Webcam-video-index0", "camera:99999"],
)
def test_a_camera_that_is_not_there_says_so(name):
    """By number or by id, a camera that is not attached is one sentence."""
    source = open_source(name, Cameras(lambda: ()))
    assert source.pace is Pace.LIVE
    assert source.sensor
    with pytest.raises(KnownError, match="no_camera"):
        source.open()
    source.release()


class Device:
    """A webcam's driver by script, as OpenCV shows it."""

    made: ClassVar[list[Device]] = []

    def __init__(self, number, backend, _parameters):
        self.number, self.backend, self.asked, self.now = number, backend, [], {}
        self.opened, self.released = Device.opens(number, backend), False
        Device.made.append(self)

    def isOpened(self):  # noqa: N802 - OpenCV's name
        return self.opened

    def set(self, key, value):
        self.asked.append(key)
        # A driver that goes back to its own coding once the size is set.
        self.now[cv2.CAP_PROP_FOURCC] = value if key == cv2.CAP_PROP_FOURCC else 0
        return True

    def get(self, key):
        return float(self.now.get(key, 0))

    def read(self):
        return (True, np.zeros((720, 1280, 3), np.uint8)) if self.number == 4 else (False, None)

    def release(self):
        self.released = True


@pytest.fixture
def driver(monkeypatch):
    Device.made = []
    Device.opens = staticmethod(lambda _number, _backend: True)
    monkeypatch.setattr(cv2, "VideoCapture", Device)
    return Device


SIZE = [cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT, cv2.CAP_PROP_FPS]


def test_windows_is_asked_for_size_first_and_coding_last(driver, monkeypatch):
    """DirectShow comes before Media Foundation, and is told the coding after the size."""
    monkeypatch.setattr(sys, "platform", "win32")
    source = open_source("camera:4")
    source.open()
    (device,) = driver.made
    assert device.backend == cv2.CAP_DSHOW
    assert device.asked[:4] == [*SIZE, cv2.CAP_PROP_FOURCC]
    assert device.get(cv2.CAP_PROP_FOURCC) == cv2.VideoWriter.fourcc(*"MJPG")
    driver.opens = staticmethod(lambda _number, backend: backend == cv2.CAP_MSMF)
    source.open()
    assert [device.backend for device in driver.made[1:]] == [cv2.CAP_DSHOW, cv2.CAP_MSMF]
    source.release()
    assert all(device.released for device in driver.made)


def test_linux_is_asked_for_the_coding_first_and_again(driver, monkeypatch):
    """Video4Linux offers sizes by coding; a driver that forgets the coding is reminded."""
    monkeypatch.setattr(sys, "platform", "linux")
    open_source("camera:4").open()
    (device,) = driver.made
    assert device.backend == cv2.CAP_V4L2
    assert device.asked == [cv2.CAP_PROP_FOURCC, *SIZE, cv2.CAP_PROP_FOURCC]
    assert device.get(cv2.CAP_PROP_FOURCC) == cv2.VideoWriter.fourcc(*"MJPG")


def test_a_camera_that_opens_and_gives_nothing_is_none(driver):
    """A driver that says open and never gives a picture is no camera, and is let go."""
    with pytest.raises(KnownError, match="no_camera"):
        open_source("camera:5").open()
    assert all(device.released for device in driver.made)


def test_a_camera_is_found_again_under_its_new_number(driver, monkeypatch):
    """A camera opened by number and plugged in again is looked for by what it is."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(Device, "read", lambda _self: (True, np.zeros((2, 2, 3), np.uint8)))
    attached = [Camera("usb-A", "A", 0), Camera("usb-B", "B", 2)]
    source = open_source("camera:0", Cameras(lambda: tuple(attached)))
    source.open()
    attached[:] = [Camera("usb-C", "C", 0), Camera("usb-A", "A", 3)]
    source.open()
    assert [device.number for device in driver.made] == [0, 3]


def test_the_chosen_camera_is_opened_or_another(driver, monkeypatch):
    """The remembered camera is opened by its number now; while it is away, another one is."""
    monkeypatch.setattr(Device, "read", lambda _self: (True, np.zeros((2, 2, 3), np.uint8)))
    attached = [Camera("built-in", "Built-in", 0), Camera("usb-A", "A", 6)]
    source = chosen_camera(Choice("usb-A", "A"), Cameras(lambda: tuple(attached)))
    source.open()
    attached.pop()
    source.open()
    attached.append(Camera("usb-A", "A", 2))
    source.open()
    assert [device.number for device in driver.made] == [6, 0, 2]


def test_the_camera_settings_are_made_before_opencv_is_loaded():
    """Media Foundation's slow start is switched off where OpenCV will read it."""
    code = (
        "import kiosk.camera, os, sys\n"
        "print(os.environ['OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS'], 'cv2' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "False"]


def test_a_missing_camera_says_so(capfd):
    """A camera that is not plugged in is one sentence, and no library's noise beside it."""
    source = open_source(NO_CAMERA)
    with pytest.raises(KnownError, match="no_camera") as caught:
        source.open()
    assert caught.value.sentence.endswith("。")
    assert capfd.readouterr() == ("", "")


def test_a_dead_address_says_so():
    """A network camera that does not answer is one sentence."""
    with pytest.raises(KnownError, match="no_stream"):
        open_source("http://127.0.0.1:9/nothing").open()


def test_a_stream_over_http(shown):
    """A camera on the network is read by its URL."""

    class Motion(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            jpeg = cv2.imencode(".jpg", shown)[1].tobytes()
            try:
                while not gone.wait(0.02):
                    head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                    self.wfile.write(head.encode() + jpeg + b"\r\n")
            except OSError:
                pass

        def log_message(self, *_):
            pass

    gone = threading.Event()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Motion) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        source = open_source(f"http://127.0.0.1:{server.server_address[1]}/video.mjpg")
        try:
            source.open()
            assert read_codes(source.read()) == ["ESR1:SHOWN"]
        finally:
            source.release()
            gone.set()
            server.shutdown()


def test_the_same_seed_invents_the_same_household():
    """A demonstration told twice has the same people in it."""
    assert invent_household(random.Random(7)) == invent_household(random.Random(7))
