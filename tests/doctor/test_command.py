"""`kiosk doctor` and `kiosk selftest` as people and programs meet them: a table, a JSON, an exit code."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk import doctor, selftest
from kiosk.checkup import Check, State, Words, absent, attention, broken, ok, unknown
from kiosk.commands.doctor import command
from kiosk.core import key_slots
from kiosk.store import opening
from laptops import sheet_text

ROOT = Path(__file__).resolve().parents[2]
FIELDS = {
    "name": str,
    "title": str,
    "state": str,
    "code": str,
    "sentence": str,
    "to_do": str,
    "english": str,
    "english_to_do": str,
    "numbers": dict,
}


def ran(*arguments):
    # A process of its own, as people run it: children are spawned from its main module.
    return subprocess.run(
        [sys.executable, "-m", "kiosk.cli", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def examined(data):
    """What a whole run says as JSON, after its shape and its exit code were checked."""
    done = ran("--data", data, "doctor", "--json")
    assert "Traceback" not in done.stderr
    said = json.loads(done.stdout)
    assert set(said) == {"ok", "checks"}
    for one in said["checks"]:
        assert {name: type(value) for name, value in one.items()} == FIELDS
        assert one["state"] in set(State)
        assert (one["code"] == "ok") == (one["state"] == "ok")
        assert one["sentence"].endswith("。")
        assert one["english"].endswith(".")
        assert bool(one["to_do"]) == bool(one["english_to_do"])
        assert one["to_do"] or one["state"] not in ("attention", "broken")
        assert all(value is None or isinstance(value, int | float | str) for value in one["numbers"].values())
    assert said["ok"] == (not [one for one in said["checks"] if one["state"] == "broken"])
    assert done.returncode == (0 if said["ok"] else 1)
    return said["checks"]


def by_name(checks):
    return {one["name"]: one for one in checks}


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "kiosk"
    staff = opening.Staff("山田　花子", "a long passphrase", cost=key_slots.Cost(memory_kib=64, passes=1))
    opening.open_shelter(folder, sheet_text(), staff)
    return folder


def test_a_whole_run_on_a_laptop_that_is_no_desk_yet(tmp_path):
    """Every check says something, none fails, and no folder is made."""
    checks = examined(tmp_path / "nothing")
    assert {one["name"] for one in checks} == {check.name for check in doctor.CHECKS}
    assert [one["name"] for one in checks if one["code"] in ("check_failed", "too_slow")] == []
    assert by_name(checks)["shelter"]["code"] == "not_opened"
    assert not (tmp_path / "nothing").exists()


def test_a_whole_run_beside_a_locked_desk(data):
    """No passphrase is asked, no name is told."""
    checks = examined(data)
    found = by_name(checks)
    assert (found["key_slots"]["state"], found["key_slots"]["numbers"]["staff"]) == ("ok", 1)
    assert found["desk"]["code"] == "not_running"
    assert found["database"]["state"] == "ok"
    assert "山田" not in json.dumps(checks, ensure_ascii=False)


@pytest.mark.skipif(sys.platform != "linux", reason="a desk that runs is seen in each system's own way")
def test_a_whole_run_beside_a_desk_that_receives(data):
    """The desk is seen, and its log is whole afterwards."""
    with opening.unlocked(data, "a long passphrase") as store:
        assert by_name(examined(data))["desk"]["numbers"]["running"] is True
        store.ledger.publish()
        assert store.ledger.problems() == []


@pytest.mark.pcscd
def test_a_whole_run_beside_the_real_card_service(tmp_path):
    """Its readers are told by name."""
    from card_service import FIRST, the_service

    the_service()
    checks = examined(tmp_path / "nothing")
    assert by_name(checks)["card_service"]["state"] == "ok"
    assert FIRST in {one["numbers"].get("reader") for one in checks if one["name"] == "reader"}


def played(monkeypatch, *findings):
    checks = [
        Check(f"check-{number}", Words(f"点検{number}", f"check {number}"), lambda _, found=found: found)
        for number, found in enumerate(findings)
    ]
    monkeypatch.setattr(doctor, "CHECKS", tuple(checks))


IS, DO = Words("こうです。", "It is so."), Words("こうします。", "Do so.")


def test_the_table_can_be_read_by_a_volunteer(monkeypatch, tmp_path):
    """A mark, a name, a sentence; what to do stands below."""
    played(monkeypatch, ok(IS), attention("low", IS, DO), absent("gone", IS), unknown("dark", IS, DO))
    done = CliRunner().invoke(command, ["--data", str(tmp_path)])
    assert done.exit_code == 0
    assert done.stdout.splitlines()[:6] == [
        "○ 点検0             こうです。",
        "△ 点検1             こうです。",
        "     → こうします。",
        "－ 点検2             こうです。",
        "？ 点検3             こうです。",
        "     → こうします。",
    ]
    english = CliRunner().invoke(command, ["--data", str(tmp_path), "--lang", "en"])
    assert "△ check 1           It is so.\n     → Do so." in english.stdout


def test_only_what_is_broken_fails(monkeypatch, tmp_path):
    """The last line names it; the rest may wait."""
    played(monkeypatch, broken("bad", IS, DO), attention("low", IS, DO))
    done = CliRunner().invoke(command, ["--data", str(tmp_path)])
    assert done.exit_code == 1
    assert "check-0" in done.stderr
    assert "check-1" not in done.stderr
    assert json.loads(CliRunner().invoke(command, ["--data", str(tmp_path), "--json"]).stdout)["ok"] is False


SAYERS = [
    *sorted((ROOT / "kiosk/doctor").glob("*.py")),
    *(ROOT / "kiosk" / name for name in ("checkup.py", "selftest.py", "commands/findings.py")),
]


@pytest.mark.parametrize("path", SAYERS, ids=lambda path: path.stem)
def test_every_sentence_can_be_printed_on_a_japanese_windows(path):
    """Redirected output there is cp932: a letter it lacks would end the command."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not node.value.isascii():
            node.value.encode("cp932")


def test_every_code_stands_in_the_manual():
    """Who looks a code up finds what it means."""
    page = (ROOT / "docs/manual/doctor.md").read_text(encoding="utf-8")
    makers = {"attention", "broken", "absent", "unknown", "_BadPlace"}
    for path in SAYERS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers:
                for code in node.args[:2]:
                    if isinstance(code, ast.Constant) and isinstance(code.value, str):
                        assert f"`{code.value}`" in page, code.value


def test_a_name_that_a_console_can_not_print_ends_nothing(tmp_path):
    """A mark stands for the letter, and the rest is told."""
    staff = opening.Staff("係", "a long passphrase", cost=key_slots.Cost(memory_kib=64, passes=1))
    opening.open_shelter(tmp_path / "yoshino", sheet_text(name="𠮷野小学校"), staff)
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.cli", "--data", tmp_path / "yoshino", "doctor"],
        cwd=ROOT,
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "cp932"},
        check=False,
    )
    assert "?野小学校" in done.stdout.decode("cp932")
    assert b"Traceback" not in done.stderr


def test_names_are_stable_and_told_once():
    """Programs look checks up by name."""
    for checks in (doctor.CHECKS, selftest.CHECKS):
        names = [check.name for check in checks]
        assert len(set(names)) == len(names)
        assert all(name.isidentifier() for name in names)
