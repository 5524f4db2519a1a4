"""What a backup promises, what putting one back promises, and what is saved from a damaged store."""

from __future__ import annotations

import os
import random
import re
import shutil

import pytest

from kiosk.core.acts import Key
from kiosk.core.household import Method, Mode
from kiosk.desk import Arrival, Desk, Received
from kiosk.errors import KnownError
from kiosk.store import backup, opening, restoring, salvage, spare
from kiosk.store.parts import DATABASE, WAL
from sync import outbox

CANARY = "金糸雀　カナリア"
NOW = 1_700_000_000.0


def opened(data):
    return opening.unlocked(data, opening.PRACTICE_PASSPHRASE)


def receive(store, number=1, name=CANARY):
    desk = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, store.access)
    rows = []
    for _ in range(number):
        outcome = desk.receive(Arrival(Method.DESK, desk.new_household([desk.new_person(name=name)])))
        assert isinstance(outcome, Received)
        rows.append(outcome.row)
    return rows


def back_up(store, target):
    return backup.write(store, target, lambda: NOW)


def restore(path, data, **how):
    return restoring.restore(path, data, opening.PRACTICE_PASSPHRASE, wall=lambda: NOW, **how)


def ids(rows):
    return {row.household.id for row in rows}


def here(store):
    return set(store.ledger.households())


@pytest.fixture
def kept(data, tmp_path):
    """A store with three households, backed up, and then two more."""
    with opened(data) as store:
        rows = receive(store, 3)
        made = back_up(store, tmp_path / "stick.kiosk-backup")
        later = receive(store, 2)
        store.ledger.publish()
        device = store.ledger.device
    return made, rows, later, device


def test_a_backup_holds_everything_and_nothing_in_clear(kept, data):
    """One file, no name in it, no header of a plain database, nothing left beside it."""
    made, _, _, device = kept
    content = made.path.read_bytes()
    assert CANARY.encode() not in content
    assert not content.startswith(b"SQLite format 3")
    assert (made.device, made.head.seq, made.made_at) == (device, 4, int(NOW * 1000))
    assert sorted(path.name for path in made.path.parent.iterdir()) == ["kiosk", made.path.name]
    assert data.exists()


def test_a_folder_gets_a_file_of_its_own(data, tmp_path):
    """A stick is named, and the file's name says which shelter and when."""
    stick = tmp_path / "stick"
    stick.mkdir()
    with opened(data) as store:
        made = back_up(store, stick)
    assert [path.name for path in stick.iterdir()] == [made.path.name]
    assert made.path.name == f"practice-{int(NOW * 1000)}{backup.SUFFIX}"


def test_an_existing_file_is_not_written_over(data, tmp_path):
    """An older backup is never lost to a newer one."""
    with opened(data) as store:
        back_up(store, tmp_path / "one")
        with pytest.raises(KnownError) as caught:
            back_up(store, tmp_path / "one")
    assert caught.value.code == "backup_exists"


def test_a_backup_that_can_not_be_written_leaves_nothing(data, tmp_path):
    """No half file that looks like a backup."""
    with opened(data) as store, pytest.raises(KnownError):
        back_up(store, tmp_path / "no such folder" / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["kiosk"]


def test_every_flipped_bit_of_a_backup_is_found(kept, tmp_path):
    """Wherever it is: database, description, signature."""
    made, *_ = kept
    content, rng = made.path.read_bytes(), random.Random(1)
    damaged = tmp_path / "damaged"
    for place in [*rng.sample(range(len(content)), 60), *range(len(content) - 120, len(content), 7)]:
        flipped = bytearray(content)
        flipped[place] ^= 1 << rng.randrange(8)
        damaged.write_bytes(flipped)
        with pytest.raises(KnownError) as caught:
            backup.read(damaged)
        assert caught.value.code == "backup_damaged", place


@pytest.mark.parametrize("size", [0, 5, 107, 108, 5000])
def test_a_cut_backup_is_found(kept, tmp_path, size):
    """A stick pulled out too early makes no backup."""
    made, *_ = kept
    cut = tmp_path / "cut"
    cut.write_bytes(made.path.read_bytes()[:size])
    with pytest.raises(KnownError) as caught:
        backup.read(cut)
    assert caught.value.code == "backup_damaged"


def test_restored_on_another_laptop_it_is_a_new_device_with_the_old_names(kept, tmp_path):
    """Everything of the backup is there, counted and found; the new device names the one before."""
    made, rows, _, device = kept
    other = tmp_path / "other"
    done = restore(made.path, other)
    assert (done.taken_back, done.missing, done.aside) == (0, 0, None)
    with opened(other) as store:
        assert store.ledger.device == done.device != device
        assert here(store) == ids(rows)
        assert store.ledger.counts().households == 3
        assert {row.household.members[0].name for row in store.ledger.roster("カナ")} <= {CANARY}
        assert store.ledger.get(rows[0].household.id) == rows[0]
        (first,) = store.ledger.parts.log.events()
        assert first.public[Key.BEFORE] == device
        assert store.ledger.problems(deep=True) == []
        assert re.fullmatch(r"A\d\d-001", receive(store)[0].number)


def test_restored_in_place_it_takes_back_what_lay_in_the_outbox(kept, data):
    """Receptions after the backup were laid for HQ: they come back, and the old files are kept aside."""
    made, rows, later, device = kept
    done = restore(made.path, data, replace=True)
    assert (done.taken_back, done.missing) == (2, 0)
    assert (done.aside / DATABASE).exists()
    with opened(data) as store:
        assert here(store) == ids(rows) | ids(later)
        assert store.ledger.notices == ()
        assert store.ledger.problems(deep=True) == []
        assert outbox.read_link(outbox.folder(data)).device == done.device != device


def test_what_is_lost_for_good_is_counted_and_told(kept, data):
    """With the outbox gone too, the witness still says how much is missing."""
    made, rows, _, _ = kept
    for path in outbox.folder(data).glob("*.seg"):
        path.unlink()
    done = restore(made.path, data, replace=True)
    assert (done.taken_back, done.missing) == (0, 2)
    with opened(data) as store:
        assert here(store) == ids(rows)
        assert [notice.code for notice in store.ledger.notices] == ["log_cut"]


def test_a_kiosk_is_not_replaced_unasked(kept, data):
    """Restoring over people's records needs the word."""
    made, *_ = kept
    with pytest.raises(KnownError) as caught:
        restore(made.path, data)
    assert caught.value.code == "already_opened"
    with opened(data) as store:
        assert store.ledger.problems() == []


def test_a_running_desk_is_not_replaced(kept, data):
    """Not while another program has the store open."""
    import subprocess
    import sys

    made, *_ = kept
    script = (
        "import sys, pathlib\nfrom kiosk.store import opening\n"
        "store = opening.unlock(pathlib.Path(sys.argv[1]), opening.PRACTICE_PASSPHRASE)\n"
        "print('open', flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(KnownError) as caught:
            restore(made.path, data, replace=True)
        other.stdin.close()
    assert caught.value.code == "store_in_use"


def test_a_wrong_passphrase_restores_nothing(kept, tmp_path):
    """The secrets of the backup's time open it, no others; nothing stands there afterwards."""
    made, *_ = kept
    other = tmp_path / "other"
    with pytest.raises(KnownError) as caught:
        restoring.restore(made.path, other, "wrong passphrase here", wall=lambda: NOW)
    assert caught.value.code == "wrong_passphrase"
    assert not opening.is_opened(other)


def test_a_restore_that_was_cut_off_is_made_anew(kept, data, monkeypatch):
    """Killed in the middle, the next try begins again and comes to the same end."""
    made, rows, later, _ = kept

    def dies(*_):
        raise RuntimeError

    for name in ("_bring_up_to_date", "_move_aside", "_move_in"):
        with monkeypatch.context() as patch:
            patch.setattr(restoring, name, dies)
            with pytest.raises(RuntimeError):
                restore(made.path, data, replace=True)
    restore(made.path, data, replace=True)
    with opened(data) as store:
        assert here(store) == ids(rows) | ids(later)
        assert store.ledger.problems(deep=True) == []


def test_restored_twice_it_never_gives_a_number_twice(kept, data):
    """Each restore is another device with a label of its own, and keeps what the one before received."""
    made, rows, later, _ = kept
    every = rows + later
    for _ in range(3):
        restore(made.path, data, replace=True)
        with opened(data) as store:
            every += receive(store, 2)
            store.ledger.publish()
    assert len({row.number for row in every}) == len(every)
    with opened(data) as store:
        assert here(store) == ids(every)
        assert store.ledger.problems(deep=True) == []
        registered = {path.name for path in outbox.folder(data).glob("registration*.cbor")}
        assert len(registered) == 4


# -- a damaged database ----------------------------------------------------------------------------------


def keys_of(data):
    from kiosk.store.cipher import StoreKey
    from kiosk.store.entrance import prove

    return [StoreKey.from_bytes(key) for key in prove(data, opening.PRACTICE_PASSPHRASE).keys]


def save(data):
    return salvage.salvage(data, keys_of(data), opening.read_sheet(data), lambda: NOW)


@pytest.fixture
def damaged(data):
    """A store of forty households, thirty-six of them laid for HQ."""
    with opened(data) as store:
        rows = receive(store, 36)
        store.ledger.publish()
        rows += receive(store, 4)
        device = store.ledger.device
    return rows, device


def flip(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def test_one_damaged_page_costs_nothing(damaged, data):
    """Whichever page it is: all events come back, from the outbox or from the other pages."""
    rows, _ = damaged
    pages = (data / DATABASE).stat().st_size // 4096
    for page in range(1, pages):
        copy = data.with_name(f"page{page}")
        shutil.copytree(data, copy)
        flip(copy / DATABASE, page * 4096 + 100)
        save(copy)
        with opened(copy) as store:
            assert here(store) >= ids(rows[:36]), page
            lost = "log_cut" in [notice.code for notice in store.ledger.notices]
            assert here(store) == ids(rows) or lost, page
        shutil.rmtree(copy)


@pytest.mark.parametrize("how", ["first page", "deleted", "emptied"])
def test_a_database_beyond_reading_is_made_anew_from_the_outbox(damaged, data, how):
    """What was laid for HQ comes back with its names, to a new device that tells what is lost."""
    rows, device = damaged
    if how == "first page":
        flip(data / DATABASE, 100)
    elif how == "deleted":
        (data / DATABASE).unlink()
    else:
        (data / DATABASE).write_bytes(b"")
    done = save(data)
    assert done.new_device
    assert done.from_segments == 37
    with opened(data) as store:
        assert here(store) == ids(rows[:36])
        assert store.ledger.device != device
        assert store.ledger.get(rows[0].household.id).household.members[0].name == CANARY
        assert "log_cut" in [notice.code for notice in store.ledger.notices]


@pytest.mark.usefixtures("damaged")
def test_without_any_key_only_a_backup_helps(data):
    """Neither database nor spare: one sentence says what to do, and nothing is moved."""
    (data / DATABASE).write_bytes(b"x" * 8192)
    (data / spare.NAME).unlink()
    with pytest.raises(KnownError) as caught:
        save(data)
    assert caught.value.code == "keys_lost"
    assert not list(data.glob("damaged-*"))


@pytest.mark.usefixtures("damaged")
def test_the_spare_opens_nothing_by_itself(data):
    """It is sealed under the store's key, and holds no key that can be read."""
    with opened(data) as store:
        identity = store.ledger.identity
        content = (data / spare.NAME).read_bytes()
        assert spare.read(data, store.vault.key)["sealing"] == identity.sealing
    assert identity.sealing not in content
    assert identity.sign.private_bytes_raw() not in content


@pytest.mark.usefixtures("damaged")
def test_the_write_ahead_log_of_the_wreck_never_meets_the_new_database(data):
    """It goes with its database, wherever that goes."""
    (data / WAL).write_bytes(b"left over")
    save(data)
    with opened(data) as store:
        assert store.ledger.problems(deep=True) == []
