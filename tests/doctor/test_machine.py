"""The laptop, laid out by the test: room, clock and power, each judged as a night at a desk needs it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from kiosk.checkup import State
from kiosk.doctor import machine
from kiosk.store import ballast
from laptops import MORNING, MOUNTED, lay, ordinary, patient, supply
from played_time import HandClock

YEAR = 366 * 86_400


@pytest.fixture
def root(tmp_path):
    return ordinary(tmp_path / "root")


@pytest.fixture
def see(tmp_path, root):
    """State and code of one check on an ordinary laptop, some parts of which are as given."""

    def see(check, **parts):
        parts.setdefault("data", tmp_path / "data")
        finding = check(patient(parts.pop("data"), root, **parts))
        assert bool(finding.to_do.ja) == bool(finding.to_do.en)
        if finding.state in (State.ATTENTION, State.BROKEN):
            assert finding.to_do.ja
        return finding.state, finding.code

    return see


@pytest.mark.parametrize(
    ("free", "found"),
    [
        (2_000_000_000, (State.OK, "ok")),
        (1_999_999_999, (State.ATTENTION, "disk_low")),
        (ballast.LOW, (State.ATTENTION, "disk_low")),
        (ballast.LOW - 1, (State.BROKEN, "disk_nearly_full")),
        (0, (State.BROKEN, "disk_nearly_full")),
    ],
)
def test_room_is_warned_of_before_it_is_gone(see, monkeypatch, free, found):
    """At 2 GB, and again where the desk itself asks for room."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
    assert see(machine.space) == found


@pytest.mark.parametrize(
    ("step", "found"), [(0.002, (State.OK, "ok")), (0.2, (State.ATTENTION, "disk_slow"))]
)
def test_a_slow_disk_is_told(see, step, found):
    """By the median of several promises, on the clock that is given."""
    assert see(machine.writing, monotonic=HandClock(step=step)) == found


def test_a_disk_that_can_not_be_written_is_broken(see, monkeypatch):
    """With the code that the desk itself would give."""

    def refused(*_arguments):
        raise PermissionError

    monkeypatch.setattr(os, "fsync", refused)
    assert see(machine.writing) == (State.BROKEN, "disk_unwritable")


@pytest.mark.parametrize(
    ("mount", "found"),
    [
        (MOUNTED, (State.OK, "ok")),
        (MOUNTED.replace("rw,relatime", "ro"), (State.BROKEN, "disk_read_only")),
        (MOUNTED.replace("8:2", "0:4").replace("ext4", "tmpfs"), (State.ATTENTION, "disk_forgets")),
        (MOUNTED.replace("8:2", "0:4").replace("ext4", "cifs"), (State.ATTENTION, "disk_on_network")),
        (MOUNTED.replace("ext4", "vfat"), (State.ATTENTION, "disk_fragile")),
        ("", (State.UNKNOWN, "disk_kind_unknown")),
    ],
    ids=["ordinary", "read-only", "memory", "network", "FAT", "not told"],
)
def test_places_where_records_should_not_lie(see, root, mount, found):
    """The worst is told first."""
    (root / "proc/self/mountinfo").write_text(mount)
    assert see(machine.filesystem) == found


def test_a_stick_is_told(see, root):
    """What can be pulled out will be."""
    (root / "sys/devices/pci0/ata1/block/sda/removable").write_text("1\n")
    assert see(machine.filesystem) == (State.ATTENTION, "disk_removable")


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({}, (State.OK, "ok")),
        ({"wall": lambda: 0.0}, (State.ATTENTION, "clock_before_program")),
        ({"wall": lambda: MORNING - 2 * 86_400}, (State.ATTENTION, "clock_before_program")),
        ({"wall": lambda: MORNING + 16 * YEAR}, (State.ATTENTION, "clock_far_ahead")),
        ({"wall": lambda: MORNING + 5 * YEAR}, (State.OK, "ok")),
        ({"built": lambda: None}, (State.OK, "ok")),
    ],
    ids=["right", "1970", "before the program", "far ahead", "years later", "age not known"],
)
def test_a_clock_that_can_not_be_right_is_told(see, parts, found):
    """By when the program was made; a person compares the rest."""
    assert see(machine.clock, **parts) == found


def test_a_clock_behind_the_records_is_told(see, tmp_path):
    """The newest record is later than now: the clock went back."""
    data = lay(tmp_path / "kiosk", {"store.db": "x", "outbox/one.seg": "x"})
    for file in (data / "store.db", data / "outbox/one.seg"):
        os.utime(file, (MORNING - 60, MORNING - 60))
    assert see(machine.clock, data=data) == (State.OK, "ok")
    os.utime(data / "outbox/one.seg", (MORNING + 600, MORNING + 600))
    assert see(machine.clock, data=data) == (State.ATTENTION, "clock_behind_records")


@pytest.mark.parametrize("month", range(1, 13))
def test_the_clock_is_shown_in_japans_time(tmp_path, root, month):
    """For a person to compare with a watch, whatever the laptop's zone."""
    import datetime as dt

    at = dt.datetime(2026, month, 9, 23, 5, tzinfo=dt.timezone(dt.timedelta(hours=9))).timestamp()
    finding = machine.clock(patient(tmp_path, root, wall=lambda: at, seconds_east=lambda: -18_000))
    assert f"2026年{month:02}月09日 23時05分" in finding.says.ja
    assert "くらべて" in finding.to_do.ja


def test_zone_and_time_service_are_told_and_harm_nobody(see):
    """The desk shows Japan's time all the same, and needs no network."""
    assert see(machine.time_zone) == (State.OK, "ok")
    assert see(machine.time_zone, seconds_east=lambda: 0) == (State.ATTENTION, "not_japan_time")
    assert see(machine.time_service) == (State.OK, "ok")
    assert see(machine.time_service, is_synchronised=lambda: False) == (State.ABSENT, "clock_unattended")
    assert see(machine.time_service, is_synchronised=lambda: None) == (State.UNKNOWN, "time_service_unknown")


@pytest.mark.parametrize(
    ("percent", "status", "online", "found"),
    [
        (5, "Charging", 1, (State.OK, "ok")),
        (80, "Discharging", 0, (State.OK, "ok")),
        (29, "Discharging", 0, (State.ATTENTION, "battery_low")),
        (9, "Discharging", 0, (State.BROKEN, "battery_nearly_empty")),
    ],
)
def test_a_battery_that_runs_out_is_told_in_time(see, root, percent, status, online, found):
    """On mains no percentage matters."""
    lay(root, supply("BAT0", type="Battery", capacity=percent, status=status) | supply("AC", online=online))
    assert see(machine.battery) == found


def test_a_desktop_and_a_silent_machine(see, root):
    """No battery is absent; nothing told is unknown."""
    shutil.rmtree(root / "sys/class/power_supply/BAT0")
    assert see(machine.battery) == (State.ABSENT, "no_battery")
    shutil.rmtree(root / "sys/class/power_supply/AC")
    assert see(machine.battery) == (State.UNKNOWN, "power_unknown")


def test_a_laptop_that_falls_asleep_soon_is_told(see, root):
    """Within the hour; a masked sleep never comes."""

    def settings(minutes):
        return lambda command: str(60 * minutes) if command[-1].endswith("timeout") else "'suspend'"

    assert see(machine.sleep) == (State.UNKNOWN, "sleep_unknown")
    assert see(machine.sleep, ask=settings(20)) == (State.ATTENTION, "sleeps_soon")
    assert see(machine.sleep, ask=settings(120)) == (State.OK, "ok")
    lay(root, {"etc/systemd/system/sleep.target": Path("/dev/null")})
    assert see(machine.sleep, ask=settings(20)) == (State.OK, "ok")


def test_little_memory_is_told(see, root):
    """What is there for the taking counts, not what lies idle."""
    assert see(machine.working_memory) == (State.OK, "ok")
    (root / "proc/meminfo").write_text("MemTotal: 4000000 kB\nMemAvailable: 300000 kB\n")
    assert see(machine.working_memory) == (State.ATTENTION, "memory_low")
    (root / "proc/meminfo").unlink()
    assert see(machine.working_memory) == (State.UNKNOWN, "memory_unknown")
