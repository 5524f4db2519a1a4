"""Every measurement runs, tiny, and prints what it promises; how fast this machine is asserts nothing."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from kiosk.bench import figures, machine
from kiosk.bench.figures import Figure, Result
from kiosk.commands import bench

KEYS = {
    "receive": {"median_ms", "p95_ms", "commit_ratio", "bare_commit_median_ms", "unread_frames"},
    "scan": {
        "read_pct",
        "zxing_read_pct",
        "pyzbar_read_pct",
        "median_ms",
        "p95_ms",
        "unseen_read_pct",
        "unseen_glare_pyzbar_read_pct",
        "clip_lag_frames",
        "restart_ms",
    },
    "pass": {"1_member_bytes", "7_members_bytes", "7_members_largest_version", "verify_es256_ms"},
    "card": {"apdus", "long_apdus", "own_median_ms", "pcsc_median_ms", "rust_apdus"},
    "search": {"median_ms", "p95_ms", "own_p95_ms", "like_p95_ms", "indexed_persons_per_s", "persons"},
    "sync": {
        "bytes_per_household",
        "requests",
        "counts_first_s",
        "ingest_events_per_s",
        "bare_insert_rows_per_s",
    },
    "store": {"append_ratio", "append_median_ms", "event_row_median_ms", "rebuild_s", "events"},
    "ui": {"painted_median_s", "first_start_s"},
}


def run(*arguments):
    """The command as people start it: measurements spawn and start processes of their own."""
    return subprocess.run(
        [sys.executable, "-m", "kiosk.cli", "bench", *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("subject", bench.SUBJECTS)
def test_a_measurement_prints_its_figures_and_the_machine(subject):
    """`kiosk bench SUBJECT --json` holds the machine, every promised figure, and targets with verdicts."""
    done = run(subject, "--rounds", "2", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert KEYS[subject] <= said.keys()
    assert {"cpu", "cores", "python", "versions"} <= said["machine"].keys()
    assert all(one["verdict"] in {"ok", "over", "under", ""} for one in said["targets"].values())


def test_a_measurement_can_be_read_by_people():
    """Without --json each figure stands on a line of its own, a quoted one marked as such."""
    done = run("card", "--rounds", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 APDUs" in done.stdout
    assert "(at most 4: ok)" in done.stdout
    assert "jpki/myna (Rust), up to 256 bytes (quoted)" in done.stdout


def test_what_can_not_be_measured_is_not_made_up():
    """A figure that could not be taken is null, and its target has no verdict."""
    result = Result("card", (Figure("pcsc_median_ms", None, "ms", "through the card service", 5),), ("Why.",))
    assert result.to_json() == {
        "pcsc_median_ms": None,
        "targets": {"pcsc_median_ms": {"at_most": 5, "verdict": ""}},
        "quoted": [],
        "notes": ["Why."],
    }


def test_a_figure_at_its_target_is_ok():
    """The target itself is allowed; what passes it on the wrong side is over or under."""
    assert Figure("x", 2, "times", "x", 2).verdict == "ok"
    assert Figure("x", 2.01, "times", "x", 2).verdict == "over"
    assert Figure("x", 78, "%", "x", at_least=78).verdict == "ok"
    assert Figure("x", 77.9, "%", "x", at_least=78).verdict == "under"


def test_the_95th_of_100_is_what_its_name_says():
    """95 of 100 values do not exceed it, and one value is its own."""
    assert figures.p95([float(value) for value in range(100, 0, -1)]) == 95
    assert figures.p95([7.0]) == 7
    assert figures.rounded(1234.5) == 1230


def test_the_machine_is_described_without_guessing(tmp_path):
    """What can not be told is left out or null, and nothing in it fails."""
    told = machine.describe(tmp_path)
    assert json.loads(json.dumps(told)) == told
    assert told["versions"]["sqlcipher3"]


def test_an_unknown_subject_is_wrong_usage():
    """Wrong usage ends with 2 and names what there is."""
    done = run("everything")
    assert done.returncode == 2
    assert "receive" in done.stderr
