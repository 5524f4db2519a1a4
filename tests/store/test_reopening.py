"""What a store promises when its log comes back shorter than it was."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from at_desk import supervisor
from kiosk.core.acts import Key
from kiosk.core.household import Method, Mode
from kiosk.desk import Arrival, Desk, Received
from kiosk.store import opening, witness
from kiosk.store.parts import DATABASE, WAL
from sync import outbox


def received(ledger, number=1):
    desk = Desk(ledger, Mode.DRILL, lambda: None, os.urandom, supervisor("係"))
    rows = []
    for place in range(number):
        person = desk.new_person(name=f"山田　{place}郎", kana=f"ヤマダ　{place}ロウ")
        outcome = desk.receive(Arrival(Method.DESK, desk.new_household([person])))
        assert isinstance(outcome, Received)
        rows.append(outcome.row)
    return rows


def as_after_a_crash(data, copy):
    """The folder as a killed program leaves it: its write-ahead log still there."""
    shutil.copytree(data, copy)
    assert (copy / WAL).stat().st_size > 0
    return copy


@pytest.fixture
def crashed(data, tmp_path):
    """A store that received five households, published three of them, and was killed."""
    store = opening.unlock(data, opening.PRACTICE_PASSPHRASE)
    rows = received(store.ledger, 3)
    store.ledger.publish()
    rows += received(store.ledger, 2)
    folder = as_after_a_crash(data, tmp_path / "crashed")
    head, device = store.ledger.head, store.ledger.device
    store.ledger.close()
    return folder, rows, head, device


def reopened(folder):
    return opening.unlocked(folder, opening.PRACTICE_PASSPHRASE)


def codes(ledger):
    return [notice.code for notice in ledger.notices]


def known(ledger):
    return {bytes(household) for household in ledger.households()}


def ids(rows):
    return {bytes(row.household.id) for row in rows}


def test_a_crash_alone_is_no_news(crashed):
    """After a kill everything is there, and nothing is told."""
    folder, rows, head, device = crashed
    with reopened(folder) as store:
        assert (store.ledger.head, store.ledger.device) == (head, device)
        assert codes(store.ledger) == []
        assert known(store.ledger) == ids(rows)
        assert store.ledger.problems(deep=True) == []


@pytest.mark.parametrize("how", ["deleted", "truncated", "emptied"])
def test_a_cut_log_takes_back_what_was_laid_and_tells_what_is_lost(crashed, how):
    """Published events come back from the outbox; what is missing is told."""
    folder, rows, head, device = crashed
    log = folder / WAL
    if how == "deleted":
        log.unlink()
    else:
        os.truncate(log, 0 if how == "emptied" else 2000)
    with reopened(folder) as store:
        ledger = store.ledger
        assert known(ledger) == ids(rows[:3])
        assert set(codes(ledger)) >= {"taken_back", "log_cut"}
        assert "2件" in next(notice for notice in ledger.notices if notice.code == "log_cut").sentence
        assert ledger.device != device
        assert ledger.head[0] == 1
        (first,) = ledger.parts.log.events()
        assert first.public[Key.BEFORE] == device
        assert ledger.parts.log.newest(device).seq == head[0] - 2
        assert any("2 events" in problem for problem in ledger.problems(deep=True))


def test_what_was_told_once_is_told_until_it_is_put_right(crashed, tmp_path):
    """The loss is told at every start, and no more once the lost events came in from elsewhere."""
    folder, rows, head, _ = crashed
    cut = tmp_path / "cut"
    shutil.copytree(folder, cut)
    (cut / WAL).unlink()
    with reopened(cut) as store:
        newer = received(store.ledger)
    with reopened(cut) as store:
        assert "log_cut" in codes(store.ledger)
        newer += received(store.ledger)
    with reopened(folder) as whole:  # as another desk or HQ has it
        assert whole.ledger.head == head
    shutil.copytree(outbox.folder(folder), outbox.inbox(cut))
    with reopened(cut) as store:
        assert codes(store.ledger) == ["taken_back"]
        assert known(store.ledger) == ids(rows) | ids(newer)
        assert [row.number[-4:] for row in newer] == ["-001", "-002"]
        assert not {row.number for row in newer} & {row.number for row in rows}
        assert store.ledger.problems(deep=True) == []
    with reopened(cut) as store:
        assert codes(store.ledger) == []


def test_published_events_come_back_byte_for_byte(crashed):
    """With everything laid, a deleted write-ahead log costs nothing: same device, same chain and names."""
    folder, _, _, device = crashed
    store = opening.unlock(folder, opening.PRACTICE_PASSPHRASE)
    received(store.ledger, 4)
    store.ledger.publish()
    head, contents = store.ledger.head, store.ledger.parts.views.contents()
    again = as_after_a_crash(folder, folder.parent / "again")
    store.ledger.close()
    (again / WAL).unlink()
    with reopened(again) as store:
        assert codes(store.ledger) == ["taken_back"]
        assert (store.ledger.head, store.ledger.device) == (head, device)
        assert store.ledger.parts.views.contents() == contents
        assert store.ledger.problems(deep=True) == []


def test_a_flipped_bit_in_the_write_ahead_log_is_noticed(crashed):
    """Wherever the bit is, the log is complete again or somebody is told."""
    folder, rows, _, _ = crashed
    for place in (10, 40, 5000, 20_000, (folder / WAL).stat().st_size - 50):
        flipped = folder.parent / f"flipped{place}"
        shutil.copytree(folder, flipped)
        data = bytearray((flipped / WAL).read_bytes())
        data[place] ^= 4
        (flipped / WAL).write_bytes(data)
        with reopened(flipped) as store:
            assert codes(store.ledger), place
            assert known(store.ledger) == ids(rows) or "log_cut" in codes(store.ledger), place


def test_an_older_copy_of_the_database_is_recognised(data, tmp_path):
    """A database put back by hand is shorter than the witness knows: the laptop goes on as a new device."""
    with reopened(data) as store:
        received(store.ledger)
        device = store.ledger.device
    shutil.copy(data / DATABASE, tmp_path / "old.db")
    with reopened(data) as store:
        lost = received(store.ledger, 2)
        assert store.ledger.head[0] == 4
    for path in outbox.folder(data).glob("*.seg"):
        path.unlink()
    shutil.copy(tmp_path / "old.db", data / DATABASE)
    with reopened(data) as store:
        assert "log_cut" in codes(store.ledger)
        assert store.ledger.device != device
        assert not known(store.ledger) & ids(lost)


def test_hq_knows_of_events_that_are_gone_here(data):
    """What HQ acknowledged is a witness too."""
    with reopened(data) as store:
        received(store.ledger)
        device = store.ledger.device
    outbox.write_heads(outbox.folder(data), {device: (40, bytes(32))})
    with reopened(data) as store:
        assert codes(store.ledger) == ["log_cut"]
        assert store.ledger.device != device


def test_another_history_under_the_same_numbers_is_told(data):
    """When HQ has other events under our numbers, this laptop was cloned: it goes on as a new device."""
    with reopened(data) as store:
        received(store.ledger)
        device = store.ledger.device
    outbox.write_heads(outbox.folder(data), {device: (2, bytes(range(32)))})
    with reopened(data) as store:
        assert codes(store.ledger) == ["other_branch"]
        assert store.ledger.device != device


def test_the_new_device_tells_hq_who_it_was(crashed):
    """Link and registration are the new device's; the former one's registration is kept for its segments."""
    folder, _, _, device = crashed
    (folder / WAL).unlink()
    with reopened(folder) as store:
        new = store.ledger.device
    laid = outbox.folder(folder)
    assert outbox.read_link(laid).device == new
    from sync import wire

    for of, former in ((new, None), (device, device)):
        registration, message, signature = wire.decode_registration(outbox.read_registration(laid, former))
        assert registration.segment.device == of
        key = registration.segment.events[0].public[Key.SIGN_KEY]
        assert wire.is_signed(key, message, signature)


def test_a_crash_between_the_new_device_and_its_files_is_made_good(crashed):
    """The database decides who this laptop is; link and registration follow at the next start."""
    folder, _, _, _ = crashed
    before = outbox.read_link(outbox.folder(folder))
    (folder / WAL).unlink()
    with reopened(folder) as store:
        new = store.ledger.device
    outbox.write_link(outbox.folder(folder), before)
    with reopened(folder) as store:
        assert store.ledger.device == new
    assert outbox.read_link(outbox.folder(folder)).device == new


def test_a_damaged_segment_is_not_believed(crashed):
    """A segment in the outbox that was altered brings nothing back, and its damage is told."""
    folder, rows, _, device = crashed
    (folder / WAL).unlink()
    (name, *_) = [name for name in outbox.segments(outbox.folder(folder), device) if name.first > 1]
    path = outbox.folder(folder) / str(name)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with reopened(folder) as store:
        assert {"segment_damaged", "log_cut"} <= set(codes(store.ledger))
        assert not known(store.ledger) & ids(rows)


def test_a_segment_under_a_wrong_name_is_not_believed(crashed):
    """Names are no proof."""
    folder, rows, _, device = crashed
    laid = outbox.folder(folder)
    (name, *_) = [name for name in outbox.segments(laid, device) if name.first > 1]
    (laid / str(name)).rename(laid / str(outbox.SegmentName(device, name.first + 3, name.last + 3)))
    (folder / WAL).unlink()
    with reopened(folder) as store:
        assert not known(store.ledger) & ids(rows)


def test_the_witness_lags_and_never_leads(data):
    """It is written after the commit; a program that dies in between leaves it behind, which is no alarm."""
    with reopened(data) as store:
        received(store.ledger)
        kept = (data / witness.NAME).read_bytes()
        rows = received(store.ledger)
    (data / witness.NAME).write_bytes(kept)
    with reopened(data) as store:
        assert codes(store.ledger) == []
        assert known(store.ledger) >= ids(rows)


@pytest.mark.parametrize("damage", ["torn", "missing", "noise"])
def test_a_damaged_witness_raises_no_false_alarm(data, damage):
    """A torn, missing or overwritten witness claims nothing."""
    with reopened(data) as store:
        received(store.ledger, 3)
    path = data / witness.NAME
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(content[:60] + bytes(60) + content[120:] if damage == "torn" else os.urandom(8192))
    with reopened(data) as store:
        assert codes(store.ledger) == ([] if damage == "missing" else ["witness_damaged"])
        assert not any(notice.serious for notice in store.ledger.notices)
        assert store.ledger.problems(deep=True) == []


def test_a_forged_witness_is_not_believed(data):
    """Whoever can write the file can not make the desk believe in events that never were."""
    with reopened(data) as store:
        received(store.ledger)
        head = store.ledger.parts.log.signed_head()
    from dataclasses import replace

    forged = replace(head, seq=99)
    (data / witness.NAME).write_bytes(forged.to_bytes().ljust(8192, b"\0"))
    with reopened(data) as store:
        assert codes(store.ledger) == ["witness_damaged"]
        assert store.ledger.head[0] == 2


def test_a_witness_that_can_not_be_written_stops_no_reception(data):
    """It is a help, not a condition."""
    path = data / witness.NAME
    path.unlink()
    path.mkdir()
    with reopened(data) as store:
        received(store.ledger)
        assert store.ledger.parts.witness.failed


def test_heads_of_hq_survive_nonsense_in_their_file(data):
    """A damaged file says nothing."""
    folder = outbox.folder(data)
    for content in (b"[]", b"{", json.dumps({"zz": [1, "00"]}).encode(), b'{"00": 3}', b'{"heads": {}}'):
        (folder / outbox.HEADS).write_bytes(content)
        assert outbox.read_heads(folder) == {}
