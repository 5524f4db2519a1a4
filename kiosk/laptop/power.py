"""Battery, mains, and when the laptop means to go to sleep by itself."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

ROOT = Path("/")


@dataclass(frozen=True, slots=True)
class Power:
    """Where the power comes from, and how long it lasts."""

    percent: int | None = None
    """0 to 100; None without a battery."""
    plugged: bool | None = None
    minutes: int | None = None
    """Minutes left on battery, as the system estimates them."""


def read(root: Path = ROOT, platform: str = sys.platform) -> Power:
    """How the laptop is powered now; takes about a millisecond."""
    return _windows_power() if platform == "win32" else _linux_power(root / "sys/class/power_supply")


def _linux_power(supplies: Path) -> Power:
    batteries: list[Path] = []
    mains: list[bool] = []
    for supply in sorted(supplies.glob("*")):
        kind = _text(supply / "type")
        if kind in ("Mains", "USB", "Wireless") and _text(supply / "online") is not None:
            mains.append(_text(supply / "online") == "1")
        # A mouse or a pen has a battery too, marked as a device's own.
        elif kind == "Battery" and _text(supply / "scope") != "Device" and _text(supply / "present") != "0":
            batteries.append(supply)
    percent = _percent(batteries)
    plugged = any(mains) if mains else None
    statuses = {_text(battery / "status") for battery in batteries}
    if "Discharging" in statuses:
        # Some adapters report themselves online while they give nothing; the battery knows better.
        plugged = False
    elif statuses & {"Charging", "Full", "Not charging"} and not mains:
        plugged = True
    minutes = _minutes(batteries) if plugged is False else None
    return Power(percent, plugged, minutes)


def _percent(batteries: Sequence[Path]) -> int | None:
    """Of all batteries together, weighed by what they hold where that is known."""
    told = [(value, _number(battery / "energy_full") or 0) for battery in batteries
            if (value := _number(battery / "capacity")) is not None]  # fmt: skip
    if not told:
        return None
    weight = sum(full for _, full in told)
    if weight and all(full for _, full in told):
        mean = sum(value * full for value, full in told) / weight
    else:
        mean = sum(value for value, _ in told) / len(told)
    return max(0, min(100, round(mean)))


def _minutes(batteries: Sequence[Path]) -> int | None:
    left = drawn = 0
    for battery in batteries:
        # Energy in µWh over power in µW; older firmware tells charge in µAh and current in µA.
        for store, flow in (("energy_now", "power_now"), ("charge_now", "current_now")):
            holds, gives = _number(battery / store), _number(battery / flow)
            if holds is not None and gives is not None:
                left, drawn = left + holds, drawn + abs(gives)
                break
    return round(left / drawn * 60) if drawn else None


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None  # a battery can be taken out between two readings


def _number(path: Path) -> int | None:
    with suppress(TypeError, ValueError):
        return int(_text(path) or "")
    return None


class _SystemPowerStatus(ctypes.Structure):
    """SYSTEM_POWER_STATUS of the Windows API."""

    _fields_ = (
        ("ac_line", ctypes.c_ubyte),
        ("battery_flag", ctypes.c_ubyte),
        ("percent", ctypes.c_ubyte),
        ("system_status", ctypes.c_ubyte),
        ("seconds", ctypes.c_uint32),
        ("full_seconds", ctypes.c_uint32),
    )


def power_of_windows(ac_line: int, battery_flag: int, percent: int, seconds: int) -> Power:
    """What the fields of SYSTEM_POWER_STATUS mean: 255 is unknown everywhere, flag 128 is no battery."""
    has_battery = battery_flag == 255 or not battery_flag & 128
    plugged = {0: False, 1: True}.get(ac_line)
    minutes = seconds // 60 if plugged is False and seconds != 0xFFFFFFFF else None
    return Power(percent if has_battery and percent <= 100 else None, plugged, minutes)


def _windows_power() -> Power:
    if sys.platform == "win32":
        status = _SystemPowerStatus()
        if not ctypes.windll.kernel32.GetSystemPowerStatus(ctypes.byref(status)):
            return Power()
        return power_of_windows(status.ac_line, status.battery_flag, status.percent, status.seconds)
    return Power()


@dataclass(frozen=True, slots=True)
class Sleep:
    """Seconds without a key or a mouse until the laptop sleeps by itself: 0 never, None unknown."""

    plugged: int | None = None
    battery: int | None = None


Ask = Callable[[Sequence[str]], str | None]
"""What a program prints, or None when it is not there or fails."""


def ask(command: Sequence[str], seconds: float = 2.0) -> str | None:
    """Run a program of the system and return what it prints."""
    program = shutil.which(command[0])
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=True,
            env=_own_environment(os.environ),
            text=True,
            errors="replace",
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _own_environment(ours: Mapping[str, str]) -> dict[str, str]:
    """A frozen program finds its libraries by a path that the system's programs must not follow."""
    own = dict(ours)
    before = own.pop("LD_LIBRARY_PATH_ORIG", None)
    if getattr(sys, "frozen", False):
        own.pop("LD_LIBRARY_PATH", None)
    return own if before is None else own | {"LD_LIBRARY_PATH": before}


_GNOME = "org.gnome.settings-daemon.plugins.power"


def sleep(root: Path = ROOT, platform: str = sys.platform, asked: Ask = ask) -> Sleep:
    """When the laptop will go to sleep by itself."""
    if platform == "win32":
        return Sleep(_windows_sleep("PowerReadACValueIndex"), _windows_sleep("PowerReadDCValueIndex"))
    masked = [root / "etc/systemd/system" / unit for unit in ("sleep.target", "suspend.target")]
    # `systemctl mask` lays a link to /dev/null: then nothing can put the laptop to sleep.
    if any(unit.is_symlink() and str(unit.readlink()) == os.devnull for unit in masked):
        return Sleep(0, 0)
    return Sleep(_gnome_sleep("ac", asked), _gnome_sleep("battery", asked))


def _gnome_sleep(source: str, asked: Ask) -> int | None:
    does = asked(["gsettings", "get", _GNOME, f"sleep-inactive-{source}-type"])
    if does is None:
        return None
    if does.strip("'") == "nothing":
        return 0
    after = asked(["gsettings", "get", _GNOME, f"sleep-inactive-{source}-timeout"])
    with suppress(TypeError, ValueError):
        return max(0, int(after or ""))
    return None


class _Guid(ctypes.Structure):
    """GUID of the Windows API."""

    _fields_ = (
        ("one", ctypes.c_uint32),
        ("two", ctypes.c_uint16),
        ("three", ctypes.c_uint16),
        ("rest", ctypes.c_ubyte * 8),
    )


# GUID_SLEEP_SUBGROUP and GUID_STANDBY_TIMEOUT of winnt.h.
_SLEEP_GROUP = UUID("238c9fa8-0aad-41ed-83f4-97be242c8f20").bytes_le
_STANDBY = UUID("29f6c1db-86da-48c5-9fdb-f2b67b1f44da").bytes_le


def _windows_sleep(function: str) -> int | None:
    # Untried on Windows: written from the documentation of powrprof.dll. powercfg would say the same, but
    # in the words of the system's language.
    if sys.platform == "win32":
        power = ctypes.windll.powrprof
        scheme = ctypes.POINTER(_Guid)()
        if power.PowerGetActiveScheme(None, ctypes.byref(scheme)):
            return None
        value = ctypes.c_uint32()
        group, setting = _Guid.from_buffer_copy(_SLEEP_GROUP), _Guid.from_buffer_copy(_STANDBY)
        read_value = getattr(power, function)
        try:
            failed = read_value(None, scheme, ctypes.byref(group), ctypes.byref(setting), ctypes.byref(value))
        finally:
            ctypes.windll.kernel32.LocalFree(scheme)
        return None if failed else int(value.value)
    return None
