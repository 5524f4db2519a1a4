"""What staff chose for this laptop: when it locks, what it looks and sounds like, which devices it uses.

One small TOML file in the data folder, readable without a key: it says nothing of anybody. A value that is
missing, unknown or broken is its default, so that no line in it can keep a desk from opening.
"""

from __future__ import annotations

import enum
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from kiosk.core.locking import DEFAULT_IDLE_MINUTES, IDLE_MINUTES
from kiosk.files import write_whole

Word = TypeVar("Word", bound=enum.StrEnum)

NAME = "settings.toml"
MAX_SIZE = 16 * 1024
LONGEST = 256
"""Characters of a device's name."""


class Theme(enum.StrEnum):
    """When the colours of the night are worn."""

    AUTO = "auto"
    """By the clock of the shelter."""
    LIGHT = "light"
    NIGHT = "night"


class Volume(enum.StrEnum):
    """How loud the desk is."""

    AUTO = "auto"
    """Softly while it wears the colours of the night."""
    LOUD = "loud"
    SOFT = "soft"
    OFF = "off"
    """No sound is ever the only sign."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be chosen."""

    lock_minutes: int = DEFAULT_IDLE_MINUTES
    """1 to 10."""
    reader: str = ""
    """The name of a card reader; empty means whichever a card lies on."""
    theme: Theme = Theme.AUTO
    volume: Volume = Volume.AUTO
    second_window: bool = False
    """A window of their own for the evacuees' side of the desk."""
    still: bool = False
    """Nothing on the screen moves."""


def read(data: Path) -> Settings:
    """The settings of a data folder; the defaults where nothing, or nothing sensible, stands."""
    try:
        with (data / NAME).open("rb") as file:
            told = tomllib.loads(file.read(MAX_SIZE).decode())
    except (OSError, ValueError):  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
        told = {}
    return _from(told)


def write(data: Path, settings: Settings) -> None:
    """Keep them.

    Raises:
        KnownError: `disk_full`, `disk_unwritable`: the old ones stand.
    """
    lines = [f"{field.name} = {_toml(getattr(settings, field.name))}" for field in fields(Settings)]
    write_whole(data / NAME, ("\n".join(lines) + "\n").encode())


def _from(told: Mapping[str, Any]) -> Settings:
    default = Settings()
    minutes = told.get("lock_minutes")
    return Settings(
        lock_minutes=minutes if type(minutes) is int and minutes in IDLE_MINUTES else default.lock_minutes,
        reader=_text(told.get("reader")),
        theme=_one_of(Theme, told.get("theme"), default.theme),
        volume=_one_of(Volume, told.get("volume"), default.volume),
        second_window=told.get("second_window") is True,
        still=told.get("still") is True,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= LONGEST and value.isprintable() else ""


def _one_of(words: type[Word], value: object, default: Word) -> Word:
    return next((word for word in words if word == value), default)


def _toml(value: object) -> str:
    # A basic string of TOML takes every escape that JSON writes (TOML 1.0.0, "String"), for printable text.
    return json.dumps(str(value) if isinstance(value, str) else value, ensure_ascii=False)
