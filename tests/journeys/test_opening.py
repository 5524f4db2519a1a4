"""From HQ's set-up to a shelter's first word: the commands a city and a shelter type."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def run(module, *arguments):
    return subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """An HQ with one shelter, its printed sheets, and a passphrase in a file."""
    folder = tmp_path_factory.mktemp("city")
    master = folder / "officer" / "master.key"
    for arguments in (
        ("init", "--data", folder / "hq", "--master", master),
        ("shelter", "add", "--data", folder / "hq", "--id", "4310010001", "--name", "城山小学校"),
        ("sheets", "--data", folder / "hq", "--master", master, "--out", folder / "sheets"),
    ):
        done = run("sync.hq.cli", *arguments)
        assert done.returncode == 0, done.stderr
    (folder / "passphrase").write_text("ながい あいことば\n", encoding="utf-8")
    return folder


def open_shelter(city, data, sheet):
    return run(
        "kiosk.cli",
        *("open-shelter", "--data", data, "--sheet", sheet),
        *("--passphrase-file", city / "passphrase", "--json"),
    )


def test_a_printed_sheet_makes_a_laptop_the_shelters_kiosk(city, tmp_path):
    """The picture of the sheet is all a laptop needs, with no network."""
    opened = open_shelter(city, tmp_path / "kiosk", city / "sheets" / "4310010001-drill.png")
    assert opened.returncode == 0, opened.stderr
    assert json.loads(opened.stdout) == {"shelter": "4310010001", "name": "城山小学校", "mode": "drill"}
    checked = run(
        "kiosk.cli", "check", "--data", tmp_path / "kiosk", "--passphrase-file", city / "passphrase", "--json"
    )
    told = json.loads(checked.stdout)
    assert (told["ok"], told["problems"], told["events"]) == (True, [], 1)


def test_a_wrong_passphrase_is_one_sentence_and_no_traceback(city, tmp_path):
    """Exit code 1, a stable code, nothing else."""
    open_shelter(city, tmp_path / "kiosk", city / "sheets" / "4310010001-drill.png")
    (tmp_path / "wrong").write_text("ちがう あいことば\n", encoding="utf-8")
    refused = run(
        "kiosk.cli", "check", "--data", tmp_path / "kiosk", "--passphrase-file", tmp_path / "wrong", "--json"
    )
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["error"]["code"] == "wrong_passphrase"
    assert len(refused.stderr.strip().splitlines()) == 1


def test_a_picture_without_a_sheet_is_refused(city, tmp_path):
    """A photograph of anything else opens nothing."""
    import cv2
    import numpy as np

    cv2.imwrite(str(tmp_path / "wall.png"), np.full((200, 200), 128, np.uint8))
    refused = open_shelter(city, tmp_path / "kiosk", tmp_path / "wall.png")
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["error"]["code"] == "no_sheet_seen"
    assert not (tmp_path / "kiosk" / "store.db").exists()


def test_an_altered_sheet_is_refused(city, tmp_path):
    """One changed letter in the code, and the signature says so."""
    from kiosk.core.sheet import PREFIX
    from kiosk.wiring import read_sheet_picture

    text = read_sheet_picture(str(city / "sheets" / "4310010001-drill.png"))
    place = len(PREFIX) + 60
    altered = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
    refused = open_shelter(city, tmp_path / "kiosk", altered)
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["error"]["code"] in {"bad_signature", "malformed", "not_canonical"}


def test_a_desk_that_was_never_opened_says_what_to_do(tmp_path):
    """A command that needs a store says in one sentence how to get one; `kiosk run` shows the way itself."""
    refused = run("kiosk.cli", "check", "--data", tmp_path / "nothing")
    assert refused.returncode == 1
    assert "開設シート" in refused.stderr
    assert "Traceback" not in refused.stderr
