"""A store seen from outside: nothing is opened, nothing is written, and a desk that runs does not notice."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kiosk.store import opening, outside, slots

ASK = """
import sys
from pathlib import Path
from kiosk.store import outside
print(outside.is_in_use(Path(sys.argv[1])))
"""


def asked_from_elsewhere(data):
    # Another process, as it must be: see the module.
    done = subprocess.run([sys.executable, "-c", ASK, str(data)], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.skipif(sys.platform != "linux", reason="locks are told in each system's own way")
def test_a_desk_that_runs_is_seen_and_goes_on(data, desk, store):
    """In use while it is open, also when it was just written to; afterwards not."""
    assert asked_from_elsewhere(data) == "True"
    desk.publish()
    assert store.ledger.problems() == []
    assert asked_from_elsewhere(data) == "True"


@pytest.mark.skipif(sys.platform != "linux", reason="as above")
def test_a_store_that_nobody_has_open_is_free(data):
    """Also right after somebody closed it."""
    assert outside.is_in_use(data) is False
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE):
        pass
    assert outside.is_in_use(data) is False


def test_no_store_is_in_nobodys_use(tmp_path):
    """Nothing here, nothing to see."""
    assert outside.is_in_use(tmp_path) is False
    assert outside.database(tmp_path) is None
    assert outside.newest_change(tmp_path) is None


def test_an_encrypted_database_does_not_look_like_one(data):
    """By its first bytes; a plain one is told at once."""
    found = outside.database(data)
    assert not found.is_plain
    assert found.size >= (data / "store.db").stat().st_size
    (data / "store.db").write_bytes(b"SQLite format 3\0" + bytes(4080))
    assert outside.database(data).is_plain


def test_each_copy_of_the_slots_is_read_for_itself(data):
    """Which one is damaged can be told, and the other still opens the store."""
    first, second = outside.key_slots(data)
    assert first == second
    (data / slots.NAMES[1]).write_bytes(b"\xff")
    assert outside.key_slots(data) == [first, None]
    (data / slots.NAMES[0]).unlink()
    assert outside.key_slots(data) == [None, None]


@pytest.mark.skipif(sys.platform == "win32", reason="modes mean nothing there")
def test_what_others_may_read_is_named(data):
    """A store as it is made is closed; a folder or a key laid open is told by its name."""
    assert list(outside.too_open(data)) == []
    (data / slots.NAMES[0]).chmod(0o640)
    data.chmod(0o755)
    assert list(outside.too_open(data)) == [".", slots.NAMES[0]]


def test_the_newest_change_is_that_of_the_store(data):
    """What the sync process or a look round writes does not count."""
    import os

    for path in data.rglob("*"):
        os.utime(path, (1000, 1000))
    os.utime(data / "outbox" / "link.json", (9000, 9000))
    os.utime(data / "store.db", (5000, 5000))
    assert outside.newest_change(data) == 5000
