"""How what stands around a desk is spoken of on several screens: its devices and its power."""

from __future__ import annotations

from ui.station import Device, Surroundings
from ui.words import Words

LOW_BATTERY = 20
"""Percent, below which a laptop that is not plugged in is not well."""


def device_said(words: Words, name: str, device: Device, code: str = "") -> str:
    """How a device is (`name` is its key): by what ails it (`code`) where there are words for that."""
    key = f"device.{code}" if f"device.{code}" in words else f"device.{device.value}"
    return words.plain(key, name=words.plain(f"device.{name}"))


def power_said(words: Words, around: Surroundings) -> str:
    """How full the battery is, and whether it has to do alone; that there is none."""
    if around.battery is None:
        return words.plain("devices.no_battery")
    return words.plain("device.battery" if around.charging else "device.battery_only", n=around.battery)


def power_low(around: Surroundings) -> bool:
    """Whether somebody should plug it in."""
    return around.battery is not None and not around.charging and around.battery < LOW_BATTERY
