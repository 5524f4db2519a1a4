"""A real HQ on loopback, and a shelter's kiosk that it knows."""

from __future__ import annotations

import contextlib

import pytest

from headquarters import Headquarters
from joined import desk_of, receive, synced, unlocked
from kiosk.core.household import Mode
from kiosk.store import opening
from people import BOSS, BOSS_SECRET, QUICK


@pytest.fixture
def hq(tmp_path):
    with contextlib.closing(Headquarters(tmp_path / "hq")) as made, made.serving() as url:
        made.url = url
        yield made


@pytest.fixture
def data(tmp_path, hq):
    """A shelter's kiosk with three households that HQ knows."""
    folder = tmp_path / "kiosk"
    printed = next(iter(one for (_, mode), one in hq.sheets.items() if mode is Mode.DRILL))
    opening.open_shelter(folder, printed.text, opening.Staff(BOSS, BOSS_SECRET, QUICK))
    with unlocked(folder) as store:
        for name in ("一", "二", "三"):
            receive(desk_of(store), name)
    synced(folder, hq)
    return folder
