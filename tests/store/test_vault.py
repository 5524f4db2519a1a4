"""Changing the store's key: cut off anywhere, it opens with exactly the right secrets afterwards."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace

import pytest

import people
from at_desk import supervisor
from kiosk.core.household import Method, Mode
from kiosk.desk import Arrival, Desk
from kiosk.errors import KnownError
from kiosk.store import cipher, opening, slots
from kiosk.store.cipher import StoreKey

STEPS = range(1, 6)
"""Two copies with two keys, the database, two copies with one key."""


@pytest.fixture
def data(tmp_path):
    folder = people.open_shelter(tmp_path / "kiosk")
    people.add(folder)
    people.add(folder, "花子", secret="90817263")
    with people.unlocked(folder) as store:
        desk = Desk(store.ledger, Mode.DRILL, lambda: None, bytes_of(7), supervisor("係"))
        desk.receive(Arrival(Method.COUNT, desk.heads(3)))
    return folder


def bytes_of(seed):
    return random.Random(seed).randbytes


def keys_in(data):
    with people.unlocked(data) as store:
        return [key.to_bytes() for key in store.vault._keys]


def fits(data, key):
    try:
        cipher.connect(data / opening.DATABASE, StoreKey.from_bytes(key)).close()
    except KnownError as error:
        if error.code != "wrong_key":
            raise
        return False
    return True


def remove(data, disk, name=people.DESK):
    with people.unlocked_on(data, disk) as store:
        people.accounts(store).remove(name)


def test_a_removal_takes_five_steps(data):
    """The steps that the other tests cut off are all there are."""
    disk = people.Disk(cipher.rekey)
    remove(data, disk)
    assert disk.steps == len(STEPS)


@pytest.mark.parametrize("how", ["before", "after", "torn"])
@pytest.mark.parametrize("step", STEPS)
def test_a_removal_may_be_cut_off_anywhere(data, step, how):
    """Whenever the power goes, everybody who stays comes in, and nothing that was received is lost.

    Once the first copy of the slots was written the removed person is out for good.
    """
    (old,) = keys_in(data)
    with pytest.raises(people.Cut):
        remove(data, people.Disk(cipher.rekey, step, how))
    gone = (step, how) not in ((1, "before"), (1, "torn"))
    assert people.opens(data, people.DESK_PIN) is not gone
    assert people.opens(data, "90817263")  # who finishes it need not be a supervisor
    assert people.opens(data, people.BOSS_SECRET)
    assert fits(data, old) is not gone
    with people.unlocked(data) as store:
        assert not store.vault.is_changing
        assert store.ledger.counts().persons == 3
        assert store.ledger.problems() == []
    assert len({(data / name).read_bytes() for name in slots.NAMES}) == 1


@pytest.mark.parametrize("second", STEPS)
@pytest.mark.parametrize("first", STEPS)
def test_finishing_may_be_cut_off_too(data, first, second):
    """The power goes during a removal, and again during the start after it."""
    with pytest.raises(people.Cut):
        remove(data, people.Disk(cipher.rekey, first, "after"))
    again = people.Disk(cipher.rekey, second, "after")
    with suppress(people.Cut), people.unlocked_on(data, again):
        pass
    assert people.opens(data, people.BOSS_SECRET)
    assert people.opens(data, "90817263")
    assert not people.opens(data, people.DESK_PIN)


@pytest.mark.parametrize("step", STEPS)
def test_a_full_disk_leaves_everything_openable(data, step):
    """A step that is refused stops nothing for good: the next start finishes what was begun."""
    disk = people.Disk(cipher.rekey, step, "refused")
    with suppress(KnownError):
        remove(data, disk)
    assert people.opens(data, people.BOSS_SECRET)
    assert people.opens(data, "90817263")
    with people.unlocked(data) as store:
        assert not store.vault.is_changing
        assert store.ledger.counts().persons == 3
    if step > 1:
        assert not people.opens(data, people.DESK_PIN)


def test_a_disk_that_stays_full_keeps_nobody_out(data):
    """While the key can not be changed, the store is opened with the old one, and the removed stay out."""
    with pytest.raises(people.Cut):
        remove(data, people.Disk(cipher.rekey, 2, "after"))
    for _ in range(3):
        with people.unlocked_on(data, people.Disk(cipher.rekey, 3, "refused")) as store:
            assert store.vault.is_changing
            assert store.ledger.counts().persons == 3
        proven_out = people.Disk(cipher.rekey, 1, "refused")
        with (
            pytest.raises(KnownError, match="wrong_passphrase"),
            people.unlocked_on(data, proven_out, people.DESK_PIN),
        ):
            pass
    with people.unlocked(data) as store:
        assert not store.vault.is_changing


def test_another_removal_while_the_first_is_unfinished(data):
    """Two people can be removed though the key could not be changed in between."""
    with pytest.raises(people.Cut):
        remove(data, people.Disk(cipher.rekey, 2, "after"))
    with people.unlocked_on(data, people.Disk(cipher.rekey, 3, "refused")) as store:
        assert store.vault.is_changing
        people.accounts(store).remove("花子")
    for secret, comes_in in ((people.BOSS_SECRET, True), (people.DESK_PIN, False), ("90817263", False)):
        assert people.opens(data, secret) is comes_in


def test_an_old_copy_of_the_slots_opens_nothing_any_more(data, tmp_path):
    """Who was removed and kept a copy of the slot file can not open what is written from then on."""
    kept = tmp_path / "kept"
    kept.mkdir()
    for name in slots.NAMES:
        shutil.copy(data / name, kept / name)
    with people.unlocked(data) as store:
        people.accounts(store).remove(people.DESK)
    for name in slots.NAMES:
        shutil.copy(kept / name, data / name)
    with pytest.raises(KnownError, match="store_damaged"), people.unlocked(data, people.DESK_PIN):
        pass


@pytest.mark.parametrize("name", slots.NAMES)
@pytest.mark.parametrize("harm", ["gone", "flipped", "cut", "old"])
def test_either_copy_may_be_harmed(data, name, harm):
    """One whole copy opens the store and mends the other."""
    path = data / name
    old = path.read_bytes()
    people.add(data, "次郎", secret="70415263")
    whole = path.read_bytes()
    harmed = {"flipped": whole[:99] + bytes([whole[99] ^ 1]) + whole[100:], "cut": whole[:50], "old": old}
    path.write_bytes(harmed.get(harm, b""))
    if harm == "gone":
        path.unlink()
    assert people.opens(data, "70415263")
    assert path.read_bytes() == whole


def test_both_copies_harmed_is_one_sentence(data):
    """Without a whole copy staff are told, and nothing is overwritten."""
    for name in slots.NAMES:
        (data / name).write_bytes(b"harmed")
    with pytest.raises(KnownError, match="slots_damaged"), people.unlocked(data):
        pass
    assert (data / slots.NAMES[0]).read_bytes() == b"harmed"


def test_a_missing_database_is_not_made_anew(data):
    """A kiosk whose database is gone says so; it does not begin with an empty roster."""
    for path in data.glob(f"{opening.DATABASE}*"):
        path.unlink()
    with pytest.raises(KnownError, match="store_missing"), people.unlocked(data):
        pass
    assert not (data / opening.DATABASE).exists()


def test_slots_written_by_a_stranger_are_not_believed(data):
    """A slot slipped into the file is refused, and the other copy still opens the store."""
    found = slots.load(data)
    boss = found.find(people.BOSS)
    stranger = replace(boss, name="よその人", id=b"stranger")
    forged = replace(
        found,
        serial=found.serial + 7,
        staff=(*found.staff, stranger),
        wraps=tuple(replace(one, staff=(*one.staff, one.staff[0])) for one in found.wraps),
    )
    (data / slots.NAMES[0]).write_bytes(forged.to_bytes())
    assert people.opens(data, people.BOSS_SECRET)
    assert slots.load(data) == found
    for name in slots.NAMES:
        (data / name).write_bytes(forged.to_bytes())
    with pytest.raises(KnownError, match="slots_altered"), people.unlocked(data):
        pass


def test_the_key_is_really_another(data):
    """After a removal the old key opens no page of the database, and the new one every page."""
    (old,) = keys_in(data)
    with people.unlocked(data) as store:
        people.accounts(store).remove(people.DESK)
        wrong = store.vault.database.conn.execute("PRAGMA cipher_integrity_check").fetchall()
    (new,) = keys_in(data)
    assert (fits(data, old), fits(data, new), wrong) == (False, True, [])


def test_a_cipher_that_only_says_ok_is_not_believed(data):
    """SQLCipher says ok to a change that did not reach the disk: it is found out, and the old key kept."""
    code = (
        "import os, resource, people; from pathlib import Path\n"
        "from kiosk.errors import KnownError\n"
        f"data = Path({str(data)!r})\n"
        "with people.unlocked(data) as store:\n"
        "    store.ledger._connection.execute('CREATE TABLE ballast AS SELECT randomblob(900000) AS b')\n"
        "    store.ledger._connection.execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchall()\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))\n"
        "    try:\n"
        "        people.accounts(store).remove(people.DESK)\n"
        "    except KnownError as error:\n"
        "        print(error.code)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.split() == ["key_not_changed"]
    assert people.opens(data, people.BOSS_SECRET)
    assert not people.opens(data, people.DESK_PIN)
    with people.unlocked(data) as store:
        assert not store.vault.is_changing
        assert store.ledger.counts().persons == 3
