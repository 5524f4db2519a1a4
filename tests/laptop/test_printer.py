"""The system's printer, played by a program that keeps what it is given."""

import os

import pytest

from kiosk.errors import KnownError
from kiosk.laptop import printer


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("system default destination: EPSON_PX", "EPSON_PX"),
        ("システムのデフォルトの宛先: laser", "laser"),
        ("no system default destination", None),
        ("", None),
        (None, None),
    ],
)
def test_the_default_printer_is_known_in_any_language(told, name):
    """What stands behind the colon is its name; without one, or without CUPS, there is no printer."""
    assert printer.default(lambda _command: told) == name


@pytest.fixture
def lp(tmp_path, monkeypatch):
    """A program called lp that keeps its arguments and its input, and ends as the test says."""

    def make(ends=0):
        program = tmp_path / "lp"
        program.write_text(
            f'#!/bin/sh\necho "$@" > {tmp_path}/asked\ncat > {tmp_path}/printed\nexit {ends}\n'
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        return tmp_path

    return make


@pytest.mark.skipif(os.name == "nt", reason="CUPS is not on Windows")
def test_a_paper_goes_to_the_queue_through_a_pipe(lp):
    """All of it arrives, under a title that names nobody, and no file of ours is left behind."""
    place = lp()
    printer.put(b"%PDF-1.7 names", "避難者名簿", "laser")
    assert (place / "printed").read_bytes() == b"%PDF-1.7 names"
    assert "-d laser -t 避難者名簿" in (place / "asked").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="CUPS is not on Windows")
def test_a_printer_that_refuses_is_said_in_one_sentence(lp):
    """Whatever CUPS says, staff hear what to look at, and that a stick does as well."""
    lp(ends=1)
    with pytest.raises(KnownError) as caught:
        printer.put(b"%PDF", "避難者名簿", "laser")
    assert caught.value.code == "not_printed"
    assert "USB" in caught.value.sentence
