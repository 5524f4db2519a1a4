"""`kiosk report` on a real ledger."""

from __future__ import annotations

import contextlib
import itertools
import json
import os

import pytest
from click.testing import CliRunner

from at_desk import supervisor
from kiosk.commands.report import command
from kiosk.core.household import Method, Mode
from kiosk.desk import Arrival, Desk
from kiosk.errors import KnownError
from kiosk.store import opening
from kiosk.timing import Session

NAME = "金糸雀　カナリア"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A practice shelter: app 2 and 1 persons, card 1 (and left since), count-only 4, and one taken back."""
    folder = tmp_path_factory.mktemp("kiosk") / "data"
    opening.open_shelter(folder, opening.practice_sheet(), opening.PRACTICE_STAFF)
    ticks = itertools.count(100, 2)  # two seconds at every look
    session = Session(lambda: float(next(ticks)), 1)
    # The ledger's clock stands still: how long the disk takes to sync is no matter of these figures.
    store = opening.unlock(folder, opening.PRACTICE_PASSPHRASE, monotonic=lambda: 0.0)
    with contextlib.closing(store.ledger):
        desk = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, supervisor())
        rows = []
        for method, persons in [
            (Method.APP, 2),
            (Method.APP, 1),
            (Method.CARD, 1),
            (Method.COUNT, 4),
            (Method.DESK, 9),
        ]:
            household = desk.new_household([desk.new_person(name=NAME) for _ in range(persons)])
            rows.append(desk.receive(Arrival(method, household, None, session.stopwatch())).row)
        desk.leave(rows[2].household.id)
        desk.undo(rows[4])
    return folder


def run(data, *arguments):
    return CliRunner().invoke(
        command,
        [arguments[0], "--data", str(data), "--passphrase-file", "-", *arguments[1:]],
        input=opening.PRACTICE_PASSPHRASE + "\n",
        catch_exceptions=False,
    )


def test_receptions_count_everyone_who_was_received(data):
    """Who left was received all the same; what was taken back was not."""
    answer = json.loads(run(data, "receptions", "--json").stdout)
    (row,) = answer["rows"]
    assert (row["mode"], row["shelters_opened"], row["households"], row["people"]) == ("drill", 1, 4, 8)
    assert row["households_by_method"] == {"app": 2, "card": 1, "paper": 1}
    assert answer["disaster_total"]["households"] == 0


def test_who_hides_is_counted_and_not_named(tmp_path):
    """支援措置 takes nobody out of a figure."""
    folder = tmp_path / "kiosk"
    opening.open_shelter(folder, opening.practice_sheet(), opening.PRACTICE_STAFF)
    with opening.unlocked(folder, opening.PRACTICE_PASSPHRASE) as store:
        desk = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, supervisor())
        for secrecy in (False, True):
            household = desk.new_household([desk.new_person(name=NAME) for _ in range(2)], secrecy=secrecy)
            desk.receive(Arrival(Method.DESK, household))
    (row,) = json.loads(run(folder, "receptions", "--json").stdout)["rows"]
    assert (row["households"], row["people"]) == (2, 4)


def test_timings_count_what_was_timed(data):
    """Persons and households of each method stand in the report, the taken-back one nowhere."""
    lines = json.loads(run(data, "timings", "--format", "json").stdout)["timings"]
    assert {word: (line["n_households"], line["n_persons"]) for word, line in lines.items()} == {
        "app": (2, 3),
        "card": (1, 1),
        "desk": (0, 0),
        "paper": (0, 0),
        "count": (1, 4),
        "all": (4, 8),
    }
    # The clock is looked at four times: first sight, before and after the desk's work, at the hand-over.
    assert lines["count"]["batch_pace_s"] == 3 * 2 / 4


@pytest.mark.parametrize("kind", ["timings", "receptions"])
@pytest.mark.parametrize("form", ["table", "json", "csv", "html"])
def test_no_report_names_anybody(data, tmp_path, kind, form):
    """Reports are about counts and times; a file holds what the screen shows."""
    file = tmp_path / "report"
    assert run(data, kind, "--format", form, "--out", str(file)).exit_code == 0
    text = file.read_bytes().decode("utf-8-sig")
    assert "金糸雀" not in text
    assert "カナリア" not in text
    assert len(text.splitlines()) == len(run(data, kind, "--format", form).stdout.splitlines())


def test_another_baseline(data):
    """The comparison is with the trial that was asked for."""
    answer = run(data, "timings", "--baseline", "odawara-2023-10", "--json")
    assert json.loads(answer.stdout)["timings"]["count"]["baseline_s"] == 262


def test_a_file_that_cannot_be_written(data, tmp_path):
    """A wrong place for the report is one clear sentence."""
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(KnownError, match="disk_unwritable"):
        run(data, "receptions", "--out", str(file / "report"))


def test_a_wrong_passphrase(data):
    """Without the passphrase there is no report."""
    with pytest.raises(KnownError, match="wrong_passphrase"):
        CliRunner().invoke(
            command,
            ["timings", "--data", str(data), "--passphrase-file", "-"],
            input="not it\n",
            catch_exceptions=False,
        )


def test_a_folder_that_is_no_kiosk(tmp_path):
    """Nobody is asked for the passphrase of nothing."""
    with pytest.raises(KnownError, match="not_opened"):
        CliRunner().invoke(command, ["timings", "--data", str(tmp_path)], catch_exceptions=False)


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe"])
def test_a_passphrase_file_that_is_none(data, tmp_path, content):
    """A passphrase file that is missing, empty or no text is one clear sentence."""
    file = tmp_path / "passphrase"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(KnownError, match="no_passphrase"):
        CliRunner().invoke(
            command, ["timings", "--data", str(data), "--passphrase-file", str(file)], catch_exceptions=False
        )


def test_an_unknown_format_is_wrong_usage(data):
    """What a later version brings is not promised now."""
    assert run(data, "timings", "--format", "docx").exit_code == 2


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
@pytest.mark.parametrize("report", ["timings", "receptions"])
def test_a_format_that_is_no_text_is_a_file(data, tmp_path, report, form):
    """It is written whole, names nobody, and is asked for by name when no file is."""
    out = tmp_path / f"report.{form}"
    assert run(data, report, "--format", form, "--out", str(out)).exit_code == 0
    assert out.read_bytes().startswith({"xlsx": b"PK", "pdf": b"%PDF"}[form])
    with pytest.raises(KnownError) as error:
        run(data, report, "--format", form)
    assert error.value.code == "needs_a_file"
