"""What a build says of itself: everything works from sources, and what does not is told, not raised."""

from __future__ import annotations

import json
import subprocess
import sys

from click.testing import CliRunner

from kiosk import selftest
from kiosk.commands.selftest import command
from kiosk.errors import KnownError
from kiosk.selftest import Failed, Trial


def _raises(error):
    def attempt(_folder):
        raise error

    return attempt


def _well(_folder):
    return "Well."


def test_everything_a_build_needs_works_from_sources():
    """`kiosk selftest --json` finds every part here, and ends with 0."""
    # A process of its own, as people run it: children are spawned from its main module.
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.cli", "selftest", "--json"], capture_output=True, text=True, check=False
    )
    said = json.loads(done.stdout)
    assert [check for check in said["checks"] if not check["ok"]] == []
    assert (said["ok"], done.returncode) == (True, 0)
    assert {check["name"] for check in said["checks"]} == {trial.name for trial in selftest.TRIALS}


def test_a_failure_does_not_keep_the_next_check_from_being_made():
    """Whatever one check raises, the others are made, in order."""
    trials = [
        Trial(
            "known", _raises(KnownError("disk_full", "空きが ありません。", "the disk is full")), "Make room."
        ),
        Trial("failed", _raises(Failed("Not as it must be.")), "Look."),
        Trial("missing", _raises(ModuleNotFoundError("no", name="zxingcpp")), "Install it."),
        Trial("bug", _raises(ValueError("山田　太郎")), "Report it."),
        Trial("well", _well),
    ]
    checks = list(selftest.run(trials))
    assert [check.ok for check in checks] == [False, False, False, False, True]
    assert [check.says for check in checks] == [
        "the disk is full.",
        "Not as it must be.",
        "ModuleNotFoundError of zxingcpp.",
        "ValueError.",
        "Well.",
    ]
    assert [check.to_do for check in checks] == ["Make room.", "Look.", "Install it.", "Report it.", ""]


def test_each_check_has_a_folder_of_its_own_that_is_gone_afterwards():
    """Nothing of a check stays on the disk."""
    seen = []

    def attempt(folder):
        seen.append(folder)
        (folder / "left").write_text("over")
        return "Well."

    list(selftest.run([Trial("one", attempt), Trial("two", attempt)]))
    assert len(set(seen)) == 2
    assert not any(folder.exists() for folder in seen)


def test_a_missing_data_file_is_named(monkeypatch):
    """An empty data file fails the check that reads it, by its name."""
    monkeypatch.setattr(selftest.resources, "read_bytes", lambda name: b"" if "tick" in name else b".")
    monkeypatch.setattr(selftest, "MUST_BE_THERE", ("sounds/ok.wav", "sounds/tick.wav"))
    (check,) = selftest.run(selftest.TRIALS[:1])
    assert (check.ok, check.says) == (False, "sounds/tick.wav is empty.")


def test_a_failed_selftest_ends_with_one_and_says_what_to_do(monkeypatch):
    """The command's exit code is 1, and its last line names what is missing."""
    monkeypatch.setattr(selftest, "TRIALS", (Trial("zbar", _raises(OSError()), "Install zbar."),))
    done = CliRunner().invoke(command, [])
    assert done.exit_code == 1
    assert "Install zbar." in done.stdout
    assert done.stderr == "this build is not complete: zbar\n"
