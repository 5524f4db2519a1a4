"""What a laptop was opened as outlives its files."""

from __future__ import annotations

import os

import pytest

from kiosk.core.household import Method, Mode
from kiosk.desk import Arrival, Desk
from kiosk.errors import KnownError
from kiosk.store import opened_as, opening

FILES = (*opened_as.SHEETS, opened_as.DESK)


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "kiosk"
    opening.open_shelter(folder, opening.practice_sheet(), opening.PRACTICE_STAFF, desk="B")
    return folder


def unlocked(data):
    return opening.unlocked(data, opening.PRACTICE_PASSPHRASE)


@pytest.mark.parametrize("damage", ["flipped", "empty", "not text", "gone"])
@pytest.mark.parametrize("files", [FILES[:1], FILES[1:2], FILES[2:], FILES], ids="+".join)
def test_a_damaged_file_keeps_nobody_out_and_is_written_again(data, files, damage):
    """The store knows its sheet and its letter; staff are told, and not alarmed."""
    before = {name: (data / name).read_bytes() for name in FILES}
    for name in files:
        spoil(data / name, damage)
    with unlocked(data) as store:
        assert [(one.code, one.serious) for one in store.ledger.notices] == [("sheet_mended", False)]
        assert store.sheet.name == "練習用避難所"
        assert store.ledger.next_number() == "B-001"
        assert store.ledger.problems(deep=True) == []
    assert {name: (data / name).read_bytes() for name in FILES} == before
    with unlocked(data) as store:
        assert store.ledger.notices == ()


def spoil(path, damage):
    whole = path.read_bytes()
    match damage:
        case "flipped":
            path.write_bytes(bytes([whole[0] ^ 1, *whole[1:]]) if len(whole) > 1 else b"\x02")
        case "empty":
            path.write_bytes(b"")
        case "not text":
            path.write_bytes(b"\xff\xfe")
        case _:
            path.unlink()


def test_one_whole_copy_is_enough_before_anybody_unlocks(data):
    """The lock screen still knows whose it is; without any it says what is wrong."""
    (data / opened_as.SHEETS[0]).write_bytes(b"ESRO1:XX")
    assert opening.read_sheet(data).name == "練習用避難所"
    (data / opened_as.SHEETS[1]).unlink()
    with pytest.raises(KnownError) as error:
        opening.read_sheet(data)
    assert error.value.code == "sheet_unreadable"


def test_a_sheet_that_was_exchanged_is_put_back_and_told(data):
    """A sheet of another root, or of a disaster in a drill, is not believed for lying there."""
    other = opening.practice_sheet(mode=Mode.DISASTER)
    ours = opening.read_sheet(data)
    for name in opened_as.SHEETS:
        (data / name).write_text(other)
    with unlocked(data) as store:
        assert [(one.code, one.serious) for one in store.ledger.notices] == [("sheet_exchanged", True)]
        assert store.sheet == ours
        desk = Desk(store.ledger, store.sheet.mode, lambda: None, os.urandom, store.access)
        desk.receive(Arrival(Method.COUNT, desk.heads(2)))
    assert opening.read_sheet(data) == ours


def test_a_store_that_does_not_know_its_sheet_learns_it(data):
    """Such as one that was made anew, or one of an earlier version."""
    with unlocked(data) as store, store.ledger.parts.transaction():
        store.ledger.parts.forget("sheet")
        store.ledger.parts.forget("desk")
    with unlocked(data) as store:
        assert store.ledger.notices == ()
    for name in FILES:
        (data / name).unlink()
    with unlocked(data) as store:
        assert store.ledger.next_number() == "B-001"
