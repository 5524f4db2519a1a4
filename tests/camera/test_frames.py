from __future__ import annotations

import http.server
import random
import threading
import time

import cv2
import numpy as np
import pytest

from kiosk.camera import draw, synthetic
from kiosk.camera.decode import read_codes
from kiosk.camera.frames import Drawn, Grabber, Pace, in_order, open_source
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
    frames = list(in_order(open_source(str(tmp_path))))
    assert [frame.number for frame in frames] == [1, 2]
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


@pytest.mark.parametrize("name", ["", "missing.png", "camera:", "camera:x", "x" * 5000, "a\0b"])
def test_nothing_there(name, tmp_path, monkeypatch):
    """A name that means nothing is one clear sentence."""
    monkeypatch.chdir(tmp_path)
    if not name:
        assert list(in_order(open_source(str(tmp_path)))) == []
        return
    with pytest.raises(KnownError, match="no_file"):
        open_source(name)


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


class Flaky:
    """A camera by script: each opening gives so many frames and is then lost; None is a missing camera."""

    pace = Pace.LIVE

    def __init__(self, openings):
        self.openings = list(openings)
        self.threads = set()
        self.opened = self.released = 0
        self.left = 0

    def open(self):
        self.threads.add(threading.get_ident())
        self.opened += 1
        frames = self.openings.pop(0) if self.openings else 10**9
        if frames is None:
            raise KnownError("no_camera", "カメラが ありません。")
        self.left = frames

    def read(self):
        self.threads.add(threading.get_ident())
        if not self.left:
            raise KnownError("camera_lost", "カメラが ぬけました。")
        self.left -= 1
        time.sleep(0.001)
        return np.zeros((2, 2), np.uint8)

    def release(self):
        self.threads.add(threading.get_ident())
        self.released += 1


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


def test_a_lost_camera_is_opened_again_by_the_same_thread():
    """A camera unplugged and plugged in again gives frames again; one thread alone ever touched it."""
    source = Flaky([3, None, 2])
    grabber = Grabber(source)
    grabber.start()
    try:
        wait_until(lambda: source.opened == 4 and grabber.newest.number > 10)
        assert grabber.problem is None
    finally:
        grabber.stop()
    assert source.opened == source.released
    assert len(source.threads) == 1
    assert threading.get_ident() not in source.threads


def test_a_camera_that_never_was_is_reported_and_awaited():
    """Without a camera the desk is told so, and the camera is found when it comes."""
    source = Flaky([None])
    grabber = Grabber(source)
    grabber.start()
    try:
        wait_until(lambda: grabber.problem is not None)
        assert grabber.problem.code == "no_camera"
        wait_until(lambda: grabber.newest is not None)
        assert grabber.problem is None
    finally:
        grabber.stop()


def test_a_stalled_camera_is_reported():
    """A camera that is open and gives nothing new is not taken for one that works."""
    moment, blocked = [0.0], threading.Event()
    source = Drawn(lambda: np.zeros((2, 2), np.uint8), sleep=lambda _: blocked.wait())
    grabber = Grabber(source, lambda: moment[0])
    grabber.start()
    try:
        assert grabber.problem is None
        moment[0] = 3.0
        assert grabber.problem.code == "camera_lost"
    finally:
        grabber._stopping.set()
        blocked.set()
        grabber.stop()


def test_the_newest_frame_wins():
    """Who reads slowly gets what is held up now, never what was held up then."""
    count = iter(range(1, 201))

    def draw_next():
        number = next(count, None)
        return None if number is None else np.full((2, 2), number, np.uint8)

    grabber = Grabber(Drawn(draw_next, sleep=lambda _: None))
    grabber.start()
    wait_until(lambda: grabber.over)
    frame = grabber.wait(0, 1)
    assert frame.number == 200
    assert frame.image[0, 0] == 200
    assert grabber.wait(200, 0.01) is None
    with pytest.raises(ValueError, match="read-only"):
        frame.image[0, 0] = 1
    grabber.stop()


def test_the_same_seed_invents_the_same_household():
    """A demonstration told twice has the same people in it."""
    assert invent_household(random.Random(7)) == invent_household(random.Random(7))
