"""The main job, from the command line, on the real parts."""

from __future__ import annotations

import json
import subprocess
import sys

from click.testing import CliRunner

from kiosk.cli import cli


def kiosk(*arguments, **more):
    return subprocess.run(
        [sys.executable, "-m", "kiosk.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **more,
    )


def test_every_household_of_the_demo_arrives_exactly_once(tmp_path):
    """Received three ways and as heads, with the link cut in the middle: nothing lost, nothing doubled."""
    done = kiosk("demo", "--households", 21, "--seed", 3, "--out", tmp_path / "out", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["households"], said["hq_households"], said["lost"], said["duplicated"]) == (21, 21, 0, 0)
    assert said["link_cut_households"] == 7
    assert said["by_method"] == said["hq_by_method"]
    assert list(said["by_method"]) == ["app", "card", "desk", "count"]
    assert all(said["by_method"].values())
    assert sum(method["n_persons"] for method in said["timings"].values()) == said["persons"]
    assert "Traceback" not in done.stderr
    page = (tmp_path / "out" / "timings.html").read_text(encoding="utf-8")
    assert "機械だけの時間であり、訓練の結果ではありません" in page


def test_a_demo_with_few_households_keeps_every_method_in_its_answer(tmp_path):
    """A method nobody came by is a zero, not a gap."""
    done = kiosk("demo", "--households", 1, "--out", tmp_path / "out", "--json")
    assert done.returncode == 0, done.stderr
    assert sorted(json.loads(done.stdout)["by_method"].values()) == [0, 0, 0, 1]


def test_every_command_says_what_it_does():
    """Each listed command loads and has help in plain words."""
    runner = CliRunner()
    listed = runner.invoke(cli, ["--help"]).output
    from kiosk.cli import COMMANDS

    for name in COMMANDS:
        assert name in listed
        answer = runner.invoke(cli, [name, "--help"])
        assert answer.exit_code == 0, (name, answer.output)
        assert "Usage:" in answer.output


def test_wrong_usage_is_exit_code_2():
    """A mistyped option is told apart from a failed job."""
    assert kiosk("demo", "--no-such-option").returncode == 2
