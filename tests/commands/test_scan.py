"""`kiosk scan` and the passes it reads, as they are typed: one line a code, one sentence a mistake."""

from __future__ import annotations

import json
import threading
import time

import cv2
import numpy as np
import pytest

from kiosk.camera import draw, synthetic
from played_time import wait_until
from scripted_camera import Plug


@pytest.fixture
def issued(kiosk, city):
    """The city's folder with one issued pass as picture and text."""
    for name in ("pass.png", "pass.svg", "pass.txt"):
        words = ["pass", "issue", city / "household.json", "--key", city / "key.pem", "--issuer", "431001"]
        assert kiosk(*words, "--out", city / name)[0] == 0
    return city


def lines(out):
    return [json.loads(line) for line in out.splitlines()]


def test_a_pass_is_issued_and_scanned(kiosk, issued):
    """What the issuing command writes, the scanning command reads and believes."""
    code, out, err = kiosk("scan", issued / "pass.png", "--trust", issued / "trust.json", "--json")
    assert (code, err) == (0, "")
    (line,) = lines(out)
    assert line["verdict"] == "accepted"
    assert line["marks"] == []
    assert line["frame"] == 1
    assert line["text"].startswith("ESR1:")
    assert line["milliseconds"] > 0
    assert line["household"]["members"][0] == {
        "family": "試験", "given": "太郎", "family_kana": None, "given_kana": None,
        "birth_date": "1980-02-17", "sex": 1, "relation": "head", "needs": [], "note": "",
    }  # fmt: skip
    code, out, _ = kiosk("pass", "verify", issued / "pass.txt", "--trust", issued / "trust.json", "--json")
    assert code == 0
    assert json.loads(out)["verdict"] == "accepted"
    assert (issued / "key.pem").stat().st_mode & 0o077 == 0


def test_a_scan_without_names_prints_none(kiosk, issued):
    """Without `--json` nothing that names a person is printed."""
    code, out, _ = kiosk("scan", issued / "pass.png", "--trust", issued / "trust.json")
    assert code == 0
    assert "受付証です（1人" in out
    assert "試験" not in out


def test_a_folder_of_all_sorts(kiosk, issued):
    """Each picture of a folder gives its own line: a pass, the same again, a stranger's code, a My Number."""
    folder = issued / "folder"
    folder.mkdir()
    for name in ("1.png", "2.png"):
        (folder / name).write_bytes((issued / "pass.png").read_bytes())
    (folder / "3.png").write_bytes(draw.png("https://example.org/"))
    (folder / "4.png").write_bytes(draw.png("123456789018"))
    (folder / "5.png").write_bytes(draw.png("ESR1:AAA"))
    blank = cv2.imencode(".png", np.zeros((100, 100), np.uint8))[1].tobytes()
    (folder / "6.png").write_bytes(blank)
    code, out, _ = kiosk("scan", folder, "--trust", issued / "trust.json", "--json")
    assert code == 0
    found = lines(out)
    assert [line["verdict"] for line in found] == [
        "accepted", "accepted", "not_a_pass", "my_number_discarded", "malformed",
    ]  # fmt: skip
    assert [line["marks"] for line in found][:2] == [[], ["seen_before"]]
    assert "123456789018" not in out
    assert "text" not in found[3]


def test_a_video_tells_a_code_once(kiosk, issued):
    """A code that is held up through a whole video is one line."""
    rng = np.random.default_rng(9)
    text = (issued / "pass.txt").read_text(encoding="utf-8").strip()
    video = cv2.VideoWriter(str(issued / "v.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 30, (1280, 720))
    for frame in synthetic.clip(text, rng, 24):
        video.write(frame)
    video.release()
    code, out, _ = kiosk("scan", issued / "v.avi", "--trust", issued / "trust.json", "--json")
    assert code == 0
    assert [line["verdict"] for line in lines(out)] == ["accepted"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["scan", "camera:97"], "no_camera"),
        (["scan", "nowhere.png"], "no_file"),
        (["scan", "pass.svg"], "not_a_video"),
        (["scan", "household.json"], "not_a_video"),
        (["scan", "pass.png", "--trust", "household.json"], "bad_trust_file"),
        (["scan", "pass.png", "--trust", "nowhere.json"], "bad_trust_file"),
        (["pass", "verify", "pass.png"], "unknown_issuer"),
        (["pass", "verify", "hello"], "not_a_pass"),
        (["pass", "verify", "x" * 5000], "not_a_pass"),
        (["pass", "verify", "1234-5678-9018"], "my_number_discarded"),
        (["pass", "show", "hello"], "not_a_pass"),
        (["pass", "keygen", "--issuer", "431001", "--out", "key.pem"], "exists"),
        (["pass", "keygen", "--issuer", "city", "--out", "new.pem"], "bad_issuer"),
        (["pass", "issue", "trust.json", "--key", "key.pem", "--issuer", "431001"], "bad_household"),
        (["pass", "issue", "pass.png", "--key", "key.pem", "--issuer", "431001"], "bad_household"),
        (["pass", "issue", "household.json", "--key", "trust.json", "--issuer", "431001"], "bad_key"),
        (["pass", "issue", "household.json", "--key", "none.pem", "--issuer", "431001"], "no_file"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_each_mistake_is_one_sentence(kiosk, issued, monkeypatch, words, code):
    """What a person can mend is said in one line, with its code for programs and exit code 1."""
    monkeypatch.chdir(issued)
    exit_code, out, err = kiosk(*words, "--json")
    assert exit_code == 1
    assert len(err.splitlines()) == 1
    assert json.loads(out)["error"]["code"] == code
    assert "9018" not in out + err


def test_a_frame_without_a_code_says_so(kiosk, issued):
    """A picture in which nothing can be read is one sentence."""
    path = issued / "empty.png"
    path.write_bytes(cv2.imencode(".png", synthetic.empty(np.random.default_rng(0)))[1].tobytes())
    code, out, err = kiosk("scan", path)
    assert (code, out) == (1, "")
    assert "no code could be read" in err


def test_a_camera_that_is_pulled_out_is_told_and_awaited(kiosk, issued, monkeypatch):
    """While a live source gives nothing the reason is said once; when it is back, reading goes on."""
    text = (issued / "pass.txt").read_text(encoding="utf-8").strip()
    rng = np.random.default_rng(3)
    plug = Plug(synthetic.empty(rng), per_second=100)
    code = synthetic.photograph(text, synthetic.held_up(rng), rng)
    monkeypatch.setattr("kiosk.commands.scan.open_source", lambda _name: plug.camera())

    def pull():
        wait_until(lambda: plug.read > 5)
        plug.there = False
        time.sleep(1.0)
        plug.picture, plug.there = code, True

    hand = threading.Thread(target=pull)
    hand.start()
    exit_code, out, err = kiosk("scan", "camera:0", "--once", "--trust", issued / "trust.json", "--json")
    hand.join()
    assert exit_code == 0
    assert [line["verdict"] for line in lines(out)] == ["accepted"]
    assert 1 <= len(err.splitlines()) <= 2
    assert "check its cable" in err
    assert plug.open_now == 0


def test_a_live_source_ends_after_the_seconds_asked(kiosk, monkeypatch):
    """Without a code a live source is watched for so many seconds, and then no code is the answer."""
    plug = Plug(synthetic.empty(np.random.default_rng(3)))
    monkeypatch.setattr("kiosk.commands.scan.open_source", lambda _name: plug.camera())
    exit_code, out, err = kiosk("scan", "camera:0", "--seconds", "0.3")
    assert (exit_code, out) == (1, "")
    assert "no code could be read" in err


def test_a_folder_with_a_broken_picture_says_how_many(kiosk, issued):
    """What could not be read as a picture is counted, and the rest is read."""
    folder = issued / "some"
    folder.mkdir()
    (folder / "1.png").write_bytes((issued / "pass.png").read_bytes())
    (folder / "2.png").write_bytes(b"no picture")
    exit_code, out, err = kiosk("scan", folder, "--trust", issued / "trust.json", "--json")
    assert exit_code == 0
    assert len(lines(out)) == 1
    assert err == "1 files of this folder can not be read as pictures\n"


def test_a_key_can_be_locked(kiosk, issued):
    """A key made with a passphrase issues only with it."""
    (issued / "secret").write_text("合言葉\n", encoding="utf-8")
    made = ["pass", "keygen", "--issuer", "431001", "--out", issued / "locked.pem"]
    assert kiosk(*made, "--passphrase-file", issued / "secret")[0] == 0
    words = ["pass", "issue", issued / "household.json", "--key", issued / "locked.pem", "--issuer", "431001"]
    code, _, err = kiosk(*words)
    assert code == 1
    assert "passphrase" in err
    code, out, _ = kiosk(*words, "--passphrase-file", issued / "secret")
    assert code == 0
    assert out.startswith("ESR1:")


def test_a_pass_is_drawn_in_the_terminal(kiosk, issued):
    """Showing a pass draws its code and tells its size."""
    code, out, _ = kiosk("pass", "show", issued / "pass.txt")
    assert code == 0
    assert "version" in out.splitlines()[-1]
    assert len(out.splitlines()) > 20


def test_older_passes_of_one_household_are_marked(kiosk, issued):
    """A lower revision after a higher one is told, so that it never overwrites."""
    folder = issued / "revisions"
    folder.mkdir()
    known = json.loads((issued / "household.json").read_text(encoding="utf-8"))
    for place, revision in enumerate((2, 1, 3)):
        household = {**known, "id": "0011223344556677", "revision": revision}
        (issued / "r.json").write_text(json.dumps(household), encoding="utf-8")
        words = ["pass", "issue", issued / "r.json", "--key", issued / "key.pem", "--issuer", "431001"]
        assert kiosk(*words, "--out", folder / f"{place}.png")[0] == 0
    _, out, _ = kiosk("scan", folder, "--trust", issued / "trust.json", "--json")
    assert [line["marks"] for line in lines(out)] == [[], ["older_revision"], ["seen_before"]]
