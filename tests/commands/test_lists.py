"""search, list and export as they are typed."""

from __future__ import annotations

import csv
import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

import openpyxl
import pytest

from kiosk.cli import cli
from kiosk.console import run
from kiosk.core.access import Role
from kiosk.core.household import Method, Mode, Need
from kiosk.desk import Arrival, Desk
from people import BOSS, BOSS_SECRET, DESK, DESK_PIN, accounts, add, open_shelter, unlocked

SECOND, SECOND_SECRET = "二人目", "ふたりめの たしかな 合言葉です"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A kiosk of four households, the third under secrecy, with two supervisors and a receptionist."""
    folder = open_shelter(tmp_path_factory.mktemp("lists") / "kiosk")
    add(folder)
    with unlocked(folder) as store:
        accounts(store).add(SECOND, Role.SUPERVISOR, SECOND_SECRET)
        desk = Desk(
            store.ledger, Mode.DRILL, lambda: None, lambda size: bytes([next(BYTES)]) * size, store.access
        )
        for kana, name in (
            ("ヤマダ　タロウ", "山田　太郎"),
            ("モリ　アン", "森　杏"),
            ("カナリヤ　ヒミツ", "金糸　秘"),
        ):
            person = desk.new_person(name=name, kana=kana, needs=frozenset({Need.DEMENTIA}), note="夜に 歩く")
            row = desk.receive(Arrival(Method.DESK, desk.new_household([person], phone="+81 90"))).row
        desk.keep_secret(row.household.id)
        desk.receive(Arrival(Method.COUNT, desk.heads(4)))
    return folder


BYTES = iter(range(1, 250))


@dataclass
class Done:
    stdout: str
    stderr: str


def kiosk(data, *arguments, code=0, secrets=(BOSS_SECRET,)):
    """The command as typed, secrets on standard input."""
    typed = ["kiosk", *map(str, arguments), "--data", str(data), "--passphrase-file", "-"]
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", typed)
        given = "".join(f"{one}\n" for one in secrets).encode()
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), "utf-8"))
        got = run(cli, "kiosk")
    assert got == code, err.getvalue()
    assert "カナリヤ" not in out.getvalue() + err.getvalue()
    return Done(out.getvalue(), err.getvalue())


def refused(data, *arguments, **how):
    return json.loads(kiosk(data, *arguments, "--json", code=1, **how).stdout)["error"]["code"]


def test_search_finds_in_any_spelling_and_covers_what_is_covered(data):
    """Romaji, kana or a number; birth, address and telephone are not told."""
    for text in ("yamad", "ﾔﾏﾀﾞ", "山田", "a1", "太郎"):
        (found,) = json.loads(kiosk(data, "search", text, "--json").stdout)["households"]
        assert (found["number"], found["members"][0]["name"]) == ("A-001", "山田　太郎")
        assert not {"phone", "address", "birth"} & set(found)
    assert kiosk(data, "search", "mori").stdout == "A-002\t在所\t1/1人\t森　杏（モリ　アン）\n"


def test_search_says_when_there_is_nobody(data):
    """Nobody there and nobody told of: the same words and exit code."""
    nobody, hidden = (kiosk(data, "search", text) for text in ("サトウ", "ヒミツ"))
    assert (
        (nobody.stdout, nobody.stderr) == (hidden.stdout, hidden.stderr) == ("", "見つかりませんでした。\n")
    )


def test_list_is_everybody_the_newest_first(data):
    """The households that may be spoken of."""
    rows = json.loads(kiosk(data, "list", "--json").stdout)["households"]
    assert [row["number"] for row in rows] == ["A-004", "A-002", "A-001"]
    assert len(kiosk(data, "list", "--limit", "1").stdout.splitlines()) == 1


def two(data, *arguments, **how):
    return kiosk(
        data,
        *arguments,
        "--second",
        SECOND,
        "--second-passphrase-file",
        "-",
        secrets=(BOSS_SECRET, SECOND_SECRET),
        **how,
    )


def test_a_roster_for_a_spreadsheet_takes_two(data, tmp_path):
    """Two supervisors and a reason give a workbook for its owner only; texts are guarded in it."""
    out = tmp_path / "roster.xlsx"
    assert refused(data, "export", "roster", "--out", out, "--reason", "配給") == "second_person_needed"
    assert refused(data, "export", "roster", "--out", out) == "reason_needed"
    assert not out.exists()
    said = json.loads(two(data, "export", "roster", "--out", out, "--reason", "配給", "--json").stdout)
    assert (said["households"], said["persons"]) == (3, 6)
    assert out.stat().st_mode & 0o777 == 0o600
    sheet = openpyxl.load_workbook(out).active
    cells = [str(cell.value) for line in sheet.iter_rows() for cell in line]
    assert {"'+81 90", "山田", "森"} <= set(cells)
    assert not any("金糸" in cell or "夜に" in cell for cell in cells)


def test_a_roster_for_programs_has_their_names(data, tmp_path):
    """CSV by RFC 4180 with LGDPM's columns, and what people need when somebody asked for it."""
    out = tmp_path / "roster.csv"
    two(
        data,
        "export",
        "roster",
        "--format",
        "csv",
        "--programs",
        "--no-mark",
        "--needs",
        "--out",
        out,
        "--reason",
        "照合",
    )
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8"), newline="")))
    assert [row["family_name"] for row in rows] == ["森", "山田", "", "", "", ""]
    assert rows[0]["elderly_dementia"] == "1"
    assert rows[0]["needs_note"] == "夜に 歩く"
    assert {row["list_mode"] for row in rows} == {"訓練"}


def test_papers_come_out_for_who_may_have_them(data, tmp_path):
    """A roster on paper for a reason, one card and the hand-over for a receptionist."""
    paper = tmp_path / "paper.pdf"
    kiosk(data, "export", "roster", "--format", "pdf", "--out", paper, "--reason", "見回り")
    assert paper.read_bytes().startswith(b"%PDF")
    by_desk = {"secrets": (DESK_PIN,)}
    kiosk(data, "export", "cards", "--household", "a2", "--out", paper, "--as", DESK, **by_desk)
    kiosk(data, "export", "handover", "--out", paper, "--as", DESK, **by_desk)
    assert refused(data, "export", "roster", "--format", "pdf", "--out", paper, "--as", DESK, **by_desk) == (
        "not_allowed"
    )
    assert refused(data, "export", "cards", "--out", paper, "--as", DESK, **by_desk) == "not_allowed"
    assert refused(data, "export", "cards", "--household", "A-3", "--out", paper) == "not_in_roster"
    assert refused(data, "export", "cards", "--household", "A-9", "--out", paper) == "not_in_roster"


def test_a_hand_over_is_shown_where_no_file_is_named(data):
    """For the terminal and for programs; on paper only into a file."""
    assert "避難者数（総数）" in kiosk(data, "export", "handover", "--format", "table").stdout
    assert json.loads(kiosk(data, "export", "handover", "--json").stdout)["counts"]["persons"] == 7
    assert refused(data, "export", "roster", "--format", "pdf", "--reason", "x") == "needs_a_file"


def test_everything_taken_out_is_in_the_log(data, tmp_path):
    """Who, what and why, with the households, before the file was there."""
    kiosk(data, "export", "roster", "--format", "pdf", "--out", tmp_path / "a.pdf", "--reason", "確かめ")
    with unlocked(data) as store:
        _, last = store.ledger.notes()[-1]
    assert (last.staff, last.action, last.reason, len(last.about)) == (BOSS, "print_roster", "確かめ", 3)
