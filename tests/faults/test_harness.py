"""The faults are real ones: what is recorded is what was written, and what was synced survives."""

from __future__ import annotations

import errno
import random
from pathlib import PurePosixPath

import pytest

import powercut
from aftermath import lines, wrong
from faultlab import Stage
from powercut import Call, Recorded

SEED = 5


@pytest.fixture(scope="module")
def stage():
    with Stage() as played:
        yield played


@pytest.fixture
def evening(stage, tmp_path):
    """A recorded evening and the folder it left."""
    data = tmp_path / "kiosk"
    data.mkdir()
    record, says = tmp_path / "record", tmp_path / "says"
    ended = stage.play(
        do="desk", data=str(data), says=str(says), seed=SEED, households=15, record=str(record)
    )
    assert (ended, len(lines(says, "ACK"))) == (0, 15)
    return data, powercut.read(record)


def folders(data):
    return [data, *(path for path in data.rglob("*") if path.is_dir())]


def test_the_record_tells_every_byte_on_the_disk(evening):
    """With everything synced at the end, the disk made from the record is the disk that was there."""
    data, calls = evening
    inodes = {call.inode for call in calls if call.op in "WT"}
    synced = [Call("S", inode, 0, "", b"") for inode in inodes]
    synced += [Call("S", folder.stat().st_ino, 0, "", b"") for folder in folders(data)]
    recorded = Recorded(data, calls + synced)
    disk = recorded.cut(len(recorded.calls), random.Random(1))
    real = {
        PurePosixPath(path.relative_to(data)): path.read_bytes() for path in data.rglob("*") if path.is_file()
    }
    assert disk.keys() == real.keys()
    assert [path for path in real if disk[path] != real[path]] == []


def call(op, inode, offset=0, text="", data=b""):
    return Call(op, inode, offset, text, data)


def disks(root, calls):
    recorded = Recorded(root, calls)
    return [recorded.cut(len(calls), random.Random(seed)) for seed in range(200)]


def test_what_was_synced_is_there_after_every_cut(tmp_path):
    """A write before a sync never goes; a name after its folder's sync neither."""
    root, place = tmp_path.stat().st_ino, f"{tmp_path}/file"
    calls = [call("C", 7, text=place), call("W", 7, 0, data=b"a" * 1000), call("S", 7), call("S", root)]
    assert all(disk == {PurePosixPath("file"): b"a" * 1000} for disk in disks(tmp_path, calls))


def test_what_was_not_synced_may_come_in_any_part(tmp_path):
    """Later writes without earlier ones, torn sectors, a name without content: all of it is seen."""
    root, place = tmp_path.stat().st_ino, f"{tmp_path}/file"
    calls = [
        call("C", 7, text=place),
        call("S", root),
        call("W", 7, 0, data=b"a" * 512),
        call("W", 7, 512, data=b"b" * 1024),
    ]
    seen = {disk[PurePosixPath("file")] for disk in disks(tmp_path, calls)}
    zeros = bytes(512)
    assert {b"", b"a" * 512, zeros + b"b" * 1024, b"a" * 512 + b"b" * 1024} <= seen
    assert b"a" * 512 + b"b" * 512 in seen  # torn
    assert {bytes(content) for content in seen} != {b"a" * 512 + b"b" * 1024}


def test_names_come_in_their_order(tmp_path):
    """A rename that was not synced is the old name or the new one, never both and never neither."""
    root, old, new = tmp_path.stat().st_ino, f"{tmp_path}/old", f"{tmp_path}/new"
    calls = [
        call("C", 7, text=old),
        call("W", 7, 0, data=b"x"),
        call("S", 7),
        call("S", root),
        call("R", 0, text=old, data=new.encode()),
    ]
    seen = {tuple(map(str, disk)) for disk in disks(tmp_path, calls)}
    assert seen == {("old",), ("new",)}


def test_a_number_that_is_used_again_is_another_file(tmp_path):
    """File systems give the number of a removed file to the next one."""
    root, one, other = tmp_path.stat().st_ino, f"{tmp_path}/one", f"{tmp_path}/other"
    calls = [
        call("C", 7, text=one),
        call("W", 7, 0, data=b"one"),
        call("S", 7),
        call("U", 0, text=one),
        call("C", 7, text=other),
        call("W", 7, 0, data=b"2"),
        call("S", 7),
        call("S", root),
    ]
    assert all(disk == {PurePosixPath("other"): b"2"} for disk in disks(tmp_path, calls))


@pytest.mark.parametrize(("number", "code"), [(errno.EIO, "disk_unwritable"), (errno.ENOSPC, "disk_full")])
def test_a_call_that_fails_for_good_turns_receptions_away(stage, tmp_path, number, code):
    """The fault arrives where it should, and the desk says in one sentence what it is."""
    data, says = tmp_path / "kiosk", tmp_path / "says"
    data.mkdir()
    stage.play(do="desk", data=str(data), says=str(tmp_path / "before"), seed=1, households=1)
    stage.play(do="desk", data=str(data), says=str(says), seed=2, households=10, fail=(120, number, True, 3))
    assert code in lines(says, "TURNED_AWAY")
    assert lines(says, "BUG") == []
    assert wrong(data, lines(says, "ACK"), deep=True) == []
