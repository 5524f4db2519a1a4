"""A forgotten passphrase loses nothing: the shelter asks, the officer answers, everything is still there."""

from __future__ import annotations

import json
import os

import pytest
from click.testing import CliRunner

import people
from at_desk import supervisor
from kiosk.core import cbor, keys
from kiosk.core import sheet as sheets
from kiosk.core.household import Method, Mode
from kiosk.core.keys import Master, MunicipalKeys
from kiosk.core.sheet import OpeningSheet
from kiosk.desk import Arrival, Desk
from kiosk.errors import KnownError, Malformed
from kiosk.store import opening, rescue, slots
from sync.hq import recover
from sync.hq.cli import hq

NEW = "あたらしい せきにんしゃの ことば"


@pytest.fixture
def master(tmp_path):
    path = tmp_path / "officer" / "master.key"
    path.parent.mkdir()
    path.write_bytes(b"m" * 32)
    return path


@pytest.fixture
def data(tmp_path, master):
    """A kiosk of this municipality that has received three people."""
    municipal = MunicipalKeys.derive(Master(master.read_bytes()))
    sheet = OpeningSheet(
        series=b"series!!",
        mode=Mode.DRILL,
        municipality="431001",
        shelter="0001",
        name="城山小学校 避難所",
        hq_url="",
        ca_pin=b"",
        root_key=municipal.root_public,
        records_key=municipal.records_public,
        transfer_key=keys.transfer_key(Master(master.read_bytes()), Mode.DRILL),
        token=b"t" * 16,
    )
    folder = tmp_path / "kiosk"
    opening.open_shelter(
        folder,
        sheets.write(sheet, municipal.root),
        opening.Staff(people.BOSS, people.BOSS_SECRET, people.QUICK),
    )
    people.add(folder)
    with people.unlocked(folder) as store:
        desk = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, supervisor("係"))
        desk.receive(Arrival(Method.COUNT, desk.heads(3)))
    return folder


def ask(data, name="新しい責任者", secret=NEW):
    return rescue.request(data, name, secret, cost=people.QUICK)


def answered(data, master, **asked):
    return recover.answer(master, ask(data, **asked)).to_text()


def test_a_forgotten_passphrase_loses_nothing(data, master):
    """With the officer's answer the new passphrase opens the store, as a supervisor, with all households."""
    store = rescue.accept(data, answered(data, master), NEW)
    assert store.ledger.counts().persons == 3
    assert store.ledger.problems() == []
    store.close()
    with people.unlocked(data, NEW, "新しい責任者") as store:
        assert store.actor.role == "supervisor"
    assert people.opens(data, people.DESK_PIN)
    assert not (data / rescue.FILE).exists()


def test_the_same_name_takes_the_place_of_the_old_account(data, master):
    """Who forgot their own passphrase gets a new one; the old one opens nothing any more."""
    rescue.accept(data, answered(data, master, name=people.BOSS), NEW).close()
    assert people.opens(data, NEW, people.BOSS)
    assert not people.opens(data, people.BOSS_SECRET)
    with people.unlocked(data, NEW) as store:
        assert [row["name"] for row in people.accounts(store).list()] == [people.DESK, people.BOSS]


def test_a_request_alone_opens_nothing(data):
    """Asking lets nobody in."""
    ask(data)
    assert not people.opens(data, NEW)


def test_another_municipalitys_master_is_refused(data, tmp_path):
    """Only the master of the sheet's municipality answers."""
    other = tmp_path / "other.key"
    other.write_bytes(b"o" * 32)
    with pytest.raises(KnownError, match="other_master"):
        recover.answer(other, ask(data))


@pytest.mark.parametrize("secret", [people.BOSS_SECRET, "あたらしい せきにんしゃの ことぱ"])
def test_the_answer_needs_the_passphrase_that_was_chosen(data, master, secret):
    """Who finds the answer and the laptop, and does not know the new passphrase, has nothing."""
    text = answered(data, master)
    with pytest.raises(KnownError, match="wrong_passphrase"):
        rescue.accept(data, text, secret)


def test_an_old_answer_opens_nothing_after_a_new_request(data, master):
    """The newest request counts."""
    text = answered(data, master)
    ask(data)
    with pytest.raises(KnownError, match="not_this_request"):
        rescue.accept(data, text, NEW)


def test_an_answer_to_nothing(data, master):
    """Without a request on this laptop an answer is refused in a sentence."""
    text = answered(data, master)
    (data / rescue.FILE).unlink()
    with pytest.raises(KnownError, match="no_request"):
        rescue.accept(data, text, NEW)
    (data / rescue.FILE).write_bytes(cbor.dumps([1, []]))
    with pytest.raises(KnownError, match="no_request"):
        rescue.accept(data, text, NEW)
    with pytest.raises(Malformed):
        rescue.accept(data, "ESRA1:nonsense", NEW)


def test_an_answer_that_comes_after_the_key_was_changed(data, master):
    """Somebody remembered after all, and a removal changed the key: a new request is asked for."""
    text = answered(data, master)
    with people.unlocked(data) as store:
        people.accounts(store).remove(people.DESK)
    with pytest.raises(KnownError, match="not_this_request"):
        rescue.accept(data, text, NEW)
    assert people.opens(data, people.BOSS_SECRET)


def test_a_recovery_in_the_middle_of_a_change_of_the_key(data, master):
    """The power went during a removal, and then everybody forgot everything: both keys are in the answer."""
    from kiosk.store import cipher

    with pytest.raises(people.Cut), people.unlocked_on(data, people.Disk(cipher.rekey, 2, "after")) as store:
        people.accounts(store).remove(people.DESK)
    rescue.accept(data, answered(data, master), NEW).close()
    assert people.opens(data, NEW)
    assert not people.opens(data, people.DESK_PIN)


def test_slots_that_a_stranger_wrote_are_thrown_away(data, master):
    """Whoever slipped an account into the file is not in it after the recovery."""
    from dataclasses import replace

    found = slots.load(data)
    forged = replace(found, serial=9, staff=tuple(replace(one, name="x" + one.name) for one in found.staff))
    for name in slots.NAMES:
        (data / name).write_bytes(forged.to_bytes())
    rescue.accept(data, answered(data, master), NEW).close()
    with people.unlocked(data, NEW) as store:
        assert [row["name"] for row in people.accounts(store).list()] == ["新しい責任者"]
        assert store.ledger.counts().persons == 3


def run(*arguments):
    return CliRunner().invoke(hq, ["recover", *map(str, arguments)], standalone_mode=False)


def test_the_officers_command(data, master, tmp_path):
    """The request's file goes in, the number from the telephone is compared, the answer's file comes out."""
    asked = ask(data)
    sent, out = tmp_path / "request.txt", tmp_path / "answer.txt"
    sent.write_text(asked.to_text() + "\n")
    given = ("--master", master, "--slots", sent, "--out", out)
    assert run(*given).exception.code == "number_needed"
    assert run(*given, "--number", "0000-0000-0000-0000-0000").exception.code == "other_number"
    assert not out.exists()
    said = run(*given, "--number", asked.fingerprint.replace("-", " "), "--json")
    assert json.loads(said.stdout)["name"] == "新しい責任者"
    rescue.accept(data, out.read_text(), NEW).close()
    assert people.opens(data, NEW)


def test_the_master_can_be_tried_without_giving_anything_out(data, master, tmp_path):
    """A drill with a copy of the slots: says whether this master would open the store."""
    copy = tmp_path / "keys.cbor"
    copy.write_bytes((data / slots.NAMES[0]).read_bytes())
    assert json.loads(run("--master", master, "--slots", copy, "--json").stdout) == {
        "opens": True,
        "staff": 2,
    }
    other = tmp_path / "other.key"
    other.write_bytes(b"o" * 32)
    assert run("--master", other, "--slots", copy).exception.code == "other_master"


@pytest.mark.parametrize("content", [b"", b"ESRK1:", b"ESRK1:AAAA", b"\xff" * 99, b"x" * 200_000])
def test_any_other_file_is_one_sentence(master, tmp_path, content):
    """A wrong file is said, not thrown."""
    sent = tmp_path / "sent"
    sent.write_bytes(content)
    assert run("--master", master, "--slots", sent).exception.code == "bad_request_file"
