"""What a build says of itself: everything works from sources, and what does not is told, not raised."""

from __future__ import annotations

import json
import subprocess
import sys

from click.testing import CliRunner

from kiosk import selftest
from kiosk.checkup import Check, State, Words, broken, ok
from kiosk.commands.selftest import command
from kiosk.errors import KnownError

TITLE, SAYS = Words("題", "title"), Words("よいです。", "Well.")
TO_DO = Words("入れます。", "Install zbar.")


def _raises(error):
    def attempt(_folder):
        raise error

    return attempt


def test_everything_a_build_needs_works_from_sources():
    """`kiosk selftest --json` finds every part here, and ends with 0."""
    # A process of its own, as people run it: children are spawned from its main module.
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.cli", "selftest", "--json"], capture_output=True, text=True, check=False
    )
    said = json.loads(done.stdout)
    assert [check for check in said["checks"] if check["state"] != "ok"] == []
    assert (said["ok"], done.returncode) == (True, 0)
    assert {check["name"] for check in said["checks"]} == {check.name for check in selftest.CHECKS}


def test_a_failure_does_not_keep_the_next_check_from_being_made():
    """Whatever one check raises, the others are made, in order, and each says what would help."""
    checks = [
        Check(
            "known",
            TITLE,
            _raises(KnownError("disk_full", "空きが ありません。", "the disk is full")),
            5,
            TO_DO,
        ),
        Check("failed", TITLE, lambda _: broken("odd", SAYS, TO_DO)),
        Check("missing", TITLE, _raises(ModuleNotFoundError("no", name="zxingcpp")), 5, TO_DO),
        Check("well", TITLE, lambda _: ok(SAYS)),
    ]
    found = [one.finding for one in selftest.run(checks)]
    assert [(one.state, one.code) for one in found] == [
        (State.BROKEN, "disk_full"),
        (State.BROKEN, "odd"),
        (State.UNKNOWN, "check_failed"),
        (State.OK, "ok"),
    ]
    assert [one.to_do for one in found[:3]] == [TO_DO] * 3


def test_each_check_has_a_folder_of_its_own_that_is_gone_afterwards():
    """Nothing of a check stays on the disk."""
    seen = []

    def attempt(folder):
        seen.append(folder)
        (folder / "left").write_text("over")
        return ok(SAYS)

    list(selftest.run([Check("one", TITLE, attempt), Check("two", TITLE, attempt)]))
    assert len(set(seen)) == 2
    assert not any(folder.exists() for folder in seen)


def test_a_missing_data_file_is_named(monkeypatch):
    """An empty data file fails the check that reads it, by its name."""
    monkeypatch.setattr(selftest.resources, "read_bytes", lambda name: b"" if "tick" in name else b".")
    monkeypatch.setattr(selftest, "MUST_BE_THERE", ("sounds/ok.wav", "sounds/tick.wav"))
    (one,) = selftest.run(selftest.CHECKS[:1])
    assert (one.finding.code, one.finding.says.en) == ("data_missing", "sounds/tick.wav is missing or empty.")


def test_a_failed_selftest_ends_with_one_and_says_what_to_do(monkeypatch):
    """A build that can not even be asked is not complete; the last line names what is missing."""
    monkeypatch.setattr(selftest, "CHECKS", (Check("zbar", TITLE, _raises(OSError()), 5, TO_DO),))
    done = CliRunner().invoke(command, [])
    assert done.exit_code == 1
    assert "入れます。" in done.stdout
    assert done.stderr.endswith("(this build is not complete): zbar\n")
    english = CliRunner().invoke(command, ["--lang", "en"])
    assert "Install zbar." in english.stdout
