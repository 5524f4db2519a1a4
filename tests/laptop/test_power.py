"""Battery, mains and sleep, as Linux and Windows tell them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.laptop import power
from kiosk.laptop.power import Power, Sleep
from laptops import lay, supply

BATTERY = {"type": "Battery", "capacity": 63, "status": "Discharging"}


@pytest.mark.parametrize(
    ("supplies", "told"),
    [
        ({}, Power()),
        (supply("AC", type="Mains", online=1), Power(plugged=True)),
        (supply("BAT0", **BATTERY), Power(63, plugged=False)),
        (
            supply("BAT0", **BATTERY, energy_now=20_000, power_now=10_000),
            Power(63, plugged=False, minutes=120),
        ),
        (
            supply("BAT0", **BATTERY, charge_now=3_000, current_now=-6_000),
            Power(63, plugged=False, minutes=30),
        ),
        (supply("BAT0", **BATTERY) | supply("AC", type="Mains", online=1), Power(63, plugged=False)),
        (supply("CMB0", **(BATTERY | {"status": "Full"})), Power(63, plugged=True)),
        (supply("BAT0", **(BATTERY | {"status": "Unknown"})), Power(63)),
        (supply("BAT0", **BATTERY, energy_now=20_000, power_now=0), Power(63, plugged=False)),
    ],
    ids=[
        "nothing told",
        "a desktop",
        "on battery",
        "with minutes",
        "by charge",
        "an adapter that gives nothing",
        "another name",
        "a battery that does not say",
        "no draw yet",
    ],
)
def test_linux_tells_how_it_is_powered(tmp_path, supplies, told):
    """Percent, mains and minutes, each only where the system says so."""
    assert power.read(lay(tmp_path, supplies), "linux") == told


def test_a_mouse_is_no_battery_of_the_laptop(tmp_path):
    """What belongs to a device, or is not in its bay, is not counted."""
    lay(tmp_path, supply("hidpp_battery_0", type="Battery", scope="Device", capacity=5, status="Discharging"))
    lay(tmp_path, supply("BAT1", type="Battery", present=0, capacity=0, status="Unknown"))
    assert power.read(tmp_path, "linux") == Power()


def test_two_batteries_are_one_figure(tmp_path):
    """Weighed by what each holds, so that a small empty one does not halve a large full one."""
    both = {"type": "Battery", "status": "Discharging", "power_now": 9_000}
    lay(tmp_path, supply("BAT0", **both, capacity=100, energy_full=70_000, energy_now=70_000))
    lay(tmp_path, supply("BAT1", **both, capacity=20, energy_full=10_000, energy_now=2_000))
    assert power.read(tmp_path, "linux") == Power(90, plugged=False, minutes=240)


def test_nonsense_of_a_driver_is_no_figure(tmp_path):
    """Letters where a number should be are nothing told."""
    lay(tmp_path, supply("BAT0", type="Battery", capacity="?", status="Charging"))
    assert power.read(tmp_path, "linux") == Power(plugged=True)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ((1, 8, 76, 0xFFFFFFFF), Power(76, plugged=True)),
        ((0, 0, 55, 7200), Power(55, plugged=False, minutes=120)),
        ((0, 4, 3, 0xFFFFFFFF), Power(3, plugged=False)),
        ((1, 128, 255, 0xFFFFFFFF), Power(plugged=True)),
        ((255, 255, 255, 0xFFFFFFFF), Power()),
    ],
    ids=["charging", "on battery", "critical", "no battery", "unknown"],
)
def test_windows_tells_how_it_is_powered(fields, told):
    """The fields of SYSTEM_POWER_STATUS, with their own words for unknown."""
    assert power.power_of_windows(*fields) == told


def gnome(**says):
    """A gsettings that knows these keys."""
    return lambda command: says.get(command[-1].replace("-", "_"))


def test_a_masked_sleep_never_comes(tmp_path):
    """What an administrator switched off stays off whatever a desktop says."""
    lay(tmp_path, {"etc/systemd/system/sleep.target": Path("/dev/null")})
    assert power.sleep(tmp_path, "linux", gnome()) == Sleep(0, 0)


def test_the_desktops_sleep_is_told_in_seconds(tmp_path):
    """Nothing is 0, and what is not told is not guessed."""
    asked = gnome(
        sleep_inactive_ac_type="'nothing'",
        sleep_inactive_battery_type="'suspend'",
        sleep_inactive_battery_timeout="900",
    )
    assert power.sleep(tmp_path, "linux", asked) == Sleep(0, 900)
    assert power.sleep(tmp_path, "linux", gnome()) == Sleep(None, None)
    assert power.sleep(tmp_path, "linux", gnome(sleep_inactive_ac_type="'suspend'")) == Sleep(None, None)


def test_a_program_that_is_not_there_says_nothing():
    """Asking costs nothing where there is nobody to ask."""
    assert power.ask(["no-such-program-anywhere"]) is None
    assert power.ask(["false"]) is None
    assert power.ask(["echo", "日本"]) == "日本"


def test_this_machine_is_asked_without_an_error():
    """Whatever this laptop is, its answer is a value."""
    assert isinstance(power.read(), Power)
    assert isinstance(power.sleep(), Sleep)


def test_a_program_of_the_system_gets_its_own_libraries(monkeypatch):
    """Not those of the frozen program that asks it."""
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/frozen")
    assert power.ask(["printenv", "LD_LIBRARY_PATH"]) is None
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/own")
    assert power.ask(["printenv", "LD_LIBRARY_PATH"]) == "/own"
