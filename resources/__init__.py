"""Data that travels with the program: fonts, words, icons, baselines, dictionaries, invented households.

Read through this module only, so that an installed and a frozen program find them alike.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def path(name: str) -> Path:
    """The place of a data file or folder, for libraries that want one (`fonts/BIZUDPGothic-Regular.ttf`)."""
    return Path(str(files(__name__).joinpath(name)))


def read_bytes(name: str) -> bytes:
    """The content of a data file (`dictionaries/event-1.dict`)."""
    return path(name).read_bytes()


def read_text(name: str) -> str:
    """The UTF-8 text of a data file (`words/ja.toml`)."""
    return path(name).read_text(encoding="utf-8")
