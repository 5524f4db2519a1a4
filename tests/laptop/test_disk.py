"""What a folder lies on, as Linux tells it; what writing costs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kiosk.errors import KnownError
from kiosk.laptop import disk, memory, timekeeping
from kiosk.laptop.disk import Volume
from laptops import as_root, lay, ordinary
from played_time import HandClock

BLOCKS = "sys/devices/pci0"


def mounted(root, line, **blocks):
    """A root file system, mounted so, on block devices with these files."""
    lay(root, {"proc/self/mountinfo": line})
    for number, (place, files) in blocks.items():
        lay(root, {f"{BLOCKS}/{place}/{name}": text for name, text in files.items()})
        lay(root, {f"sys/dev/block/{number.replace('_', ':').strip(':')}": root / BLOCKS / place})
    return disk.volume(Path("/"), root, "linux")


def test_an_ordinary_disk(tmp_path):
    """Built in, not encrypted, written to."""
    assert disk.volume(Path("/"), ordinary(tmp_path), "linux") == Volume(
        "ext4", removable=False, encrypted=False
    )


def test_the_nearest_mount_counts_and_the_last_on_a_place(tmp_path):
    """A folder lies on the deepest mount above it; blanks in its name are no trouble."""
    folder = tmp_path / "a data"
    folder.mkdir()
    name = str(folder).replace(" ", "\\040")
    line = f"27 1 8:2 / / rw - ext4 /dev/sda2 rw\n28 27 8:17 / {name} rw - ext3 /dev/sdb1 rw\n"
    root = lay(
        tmp_path / "root", {"proc/self/mountinfo": f"{line}29 27 8:33 / {name} ro - vfat /dev/sdc1 rw\n"}
    )
    assert disk.volume(folder, root, "linux") == Volume("vfat", read_only=True)
    assert disk.volume(tmp_path, root, "linux") == Volume("ext4")


@pytest.mark.parametrize(
    ("place", "files", "removable"),
    [
        ("usb1/1-2/host6/block/sdb", {"removable": "0"}, True),
        ("ata1/block/sr0", {"removable": "1"}, True),
        ("mmc0/mmc0:0001/block/mmcblk0", {"removable": "0", "device/type": "SD"}, True),
        ("mmc0/mmc0:0001/block/mmcblk0", {"removable": "0", "device/type": "MMC"}, False),
        ("nvme/nvme0/nvme0n1", {"removable": "0"}, False),
    ],
)
def test_what_can_be_pulled_out_is_told(tmp_path, place, files, removable):
    """A USB disk calls itself fixed, and memory soldered on hangs where cards do."""
    volume = mounted(tmp_path, "27 1 8:2 / / rw - ext4 /dev/x rw\n", _8_2=(place, files))
    assert volume.removable is removable


def test_luks_is_seen_through_a_logical_volume(tmp_path):
    """Encrypted is what lies on an encrypted device, or on volumes that all do."""
    crypt = {"dm/uuid": "CRYPT-LUKS2-abcd-root"}
    line = "27 1 254:0 / / rw - ext4 /dev/mapper/root rw\n"
    assert mounted(tmp_path / "1", line, _254_0=("virtual/dm-0", crypt)).encrypted is True

    root = tmp_path / "2"
    lay(root, {f"{BLOCKS}/virtual/dm-1/dm/uuid": crypt["dm/uuid"]})
    lay(root, {f"{BLOCKS}/virtual/dm-0/slaves/dm-1": root / BLOCKS / "virtual/dm-1"})
    assert mounted(root, line, _254_0=("virtual/dm-0", {"dm/uuid": "LVM-xyz"})).encrypted is True

    root = tmp_path / "3"
    lay(root, {f"{BLOCKS}/ata1/block/sda/sda2/partition": "2"})
    lay(root, {f"{BLOCKS}/virtual/dm-0/slaves/sda2": root / BLOCKS / "ata1/block/sda/sda2"})
    assert mounted(root, line, _254_0=("virtual/dm-0", {"dm/uuid": "LVM-xyz"})).encrypted is False


def test_btrfs_is_found_by_its_name(tmp_path):
    """It hides its numbers; the device it names is looked up."""
    line = "27 1 0:31 /root / rw - btrfs /dev/mapper/luks rw\n"
    lay(tmp_path, {"sys/class/block/dm-3/dm/uuid": "CRYPT-LUKS2-1", "dev/dm-3": ""})
    lay(tmp_path, {"dev/mapper/luks": Path("../dm-3")})
    assert mounted(tmp_path, line) == Volume("btrfs", removable=False, encrypted=True)


def test_what_is_not_told_is_not_guessed(tmp_path):
    """No list of mounts, no volume; memory has no device."""
    assert disk.volume(Path("/"), tmp_path, "linux") is None
    volume = mounted(tmp_path, "27 1 0:31 / / rw - tmpfs tmpfs rw\n")
    assert volume == Volume("tmpfs")


@pytest.mark.parametrize(
    ("said", "encrypted"), [("1", True), ("5", True), ("2", False), ("", None), (None, None)]
)
def test_bitlocker_is_asked_for_without_an_administrator(said, encrypted):
    """By the property that Explorer shows; an odd drive can not become another command."""
    asked = []

    def ask(command):
        asked.append(command[-1])
        return said

    assert disk.bitlocker("C:\\it's", ask) is encrypted
    assert "NameSpace('C:\\it''s')" in asked[0]


def test_the_nearest_folder_that_is_there_stands_for_one_that_is_not(tmp_path):
    """A data folder that will be made lies where its parent lies."""
    assert disk.existing(tmp_path / "not" / "yet") == tmp_path
    assert disk.existing(tmp_path) == tmp_path


def test_writing_is_tried_and_leaves_nothing(tmp_path):
    """The times are those of the clock, and the file is gone."""
    assert disk.try_writing(tmp_path, HandClock(step=0.002)) == disk.Writing(
        pytest.approx(2.0), pytest.approx(2.0)
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(as_root(), reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_said_so(tmp_path):
    """One clear error, as everywhere."""
    tmp_path.chmod(0o500)
    with pytest.raises(KnownError) as caught:
        disk.try_writing(tmp_path, HandClock())
    assert caught.value.code == "disk_unwritable"


def test_a_full_disk_is_said_so_and_leaves_nothing(tmp_path, monkeypatch):
    """A write that fails for want of room takes its file with it."""
    import errno

    def full(_descriptor, _data):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(KnownError) as caught:
        disk.try_writing(tmp_path, HandClock())
    assert caught.value.code == "disk_full"
    assert list(tmp_path.iterdir()) == []


def test_memory_is_what_the_kernel_says(tmp_path):
    """In bytes; nothing where it says nothing of use."""
    assert memory.read(ordinary(tmp_path), "linux") == memory.Memory(8_192_000_000, 4_096_000_000)
    assert memory.read(lay(tmp_path / "2", {"proc/meminfo": "MemTotal: many kB\n"}), "linux") is None
    assert memory.read(tmp_path / "3", "linux") is None


def test_the_kernel_is_asked_who_keeps_the_time():
    """Yes, no, or not known: always one of them."""
    assert timekeeping.is_synchronised() in (True, False, None)
    assert timekeeping.is_synchronised("win32") is None
    assert abs(timekeeping.seconds_east()) <= 15 * 3600
    assert timekeeping.built() > 1_700_000_000
