"""`kiosk staff`, as it is typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import people


@pytest.fixture
def data(tmp_path):
    return people.open_shelter(tmp_path / "kiosk")


def staff(data, *arguments, typed=(people.BOSS_SECRET,), code=0):
    """Run it with these lines on standard input; its JSON."""
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "kiosk.cli",
            "staff",
            arguments[0],
            "--data",
            str(data),
            *arguments[1:],
            "--json",
        ],
        input="".join(f"{line}\n" for line in typed),
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    return json.loads(ended.stdout)


FROM_INPUT = ("--passphrase-file", "-")
BOTH = (*FROM_INPUT, "--new-secret-file", "-")


def test_a_receptionist_comes_and_goes(data):
    """Both secrets come from standard input, one line each; afterwards the PIN opens, and then no more."""
    added = staff(
        data, "add", "受付　一郎", "--role", "receptionist", *BOTH, typed=(people.BOSS_SECRET, "482915")
    )
    assert added == {"added": "受付　一郎", "role": "receptionist"}
    assert people.opens(data, "482915", "受付　一郎")
    assert staff(data, "rename", "受付　一郎", "受付　花子", *FROM_INPUT) == {
        "renamed": "受付　一郎",
        "to": "受付　花子",
    }
    staff(data, "secret", *BOTH, "--as", "受付　花子", typed=("482915", "739182"))
    staff(data, "reset", "受付　花子", *BOTH, typed=(people.BOSS_SECRET, "629184"))
    listed = staff(data, "list", *FROM_INPUT)["staff"]
    assert [(row["name"], row["secret"]) for row in listed] == [
        (people.BOSS, "passphrase"),
        ("受付　花子", "pin"),
    ]
    assert staff(data, "unblock", "受付　花子", *FROM_INPUT) == {"unblocked": "受付　花子"}
    assert staff(data, "remove", "受付　花子", *FROM_INPUT) == {"removed": "受付　花子"}
    assert not people.opens(data, "629184")


def test_refusals_are_one_error(data):
    """No terminal, a weak PIN, and an account that is not there."""
    refused = [
        (("add", "次郎", "--role", "health", *FROM_INPUT), (people.BOSS_SECRET,), "no_passphrase"),
        (("add", "次郎", "--role", "volunteer", *BOTH), (people.BOSS_SECRET, "123456"), "weak_pin"),
        (("remove", "だれか", *FROM_INPUT), (people.BOSS_SECRET,), "no_such_staff"),
        (("list", "--as", "だれか", *FROM_INPUT), (people.BOSS_SECRET,), "no_such_staff"),
    ]
    for arguments, typed, code in refused:
        assert staff(data, *arguments, typed=typed, code=1)["error"]["code"] == code


def test_asking_hq_writes_a_request(data, tmp_path):
    """Nobody needs to know a passphrase to ask; an answer to another request is refused."""
    out = tmp_path / "request.txt"
    told = staff(
        data,
        "recover",
        "新しい人",
        "--new-secret-file",
        "-",
        "--out",
        str(out),
        typed=("とても ながい ことば",),
    )
    assert out.read_text().startswith("ESRK1:")
    assert len(told["number"]) == 24
    answer = tmp_path / "answer.txt"
    answer.write_text("ESRA1:nonsense")
    for path in (answer, tmp_path / "none"):
        refused = staff(data, "recovered", str(path), *FROM_INPUT, code=1)
        assert refused["error"]["code"] in {"malformed", "bad_answer_file"}
