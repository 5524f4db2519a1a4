"""A practice store in a temporary folder, and a desk on it."""

from __future__ import annotations

import os
import time

import pytest

from at_desk import supervisor
from kiosk.core.household import Mode
from kiosk.desk import Desk
from kiosk.store import opening
from kiosk.timing import Session


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "kiosk"
    opening.open_shelter(folder, opening.practice_sheet(), opening.PRACTICE_STAFF)
    return folder


@pytest.fixture
def store(data):
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as opened:
        yield opened


@pytest.fixture
def ledger(store):
    return store.ledger


@pytest.fixture
def desk(ledger):
    return Desk(ledger, Mode.DRILL, lambda: None, os.urandom, supervisor("係"))


@pytest.fixture
def session():
    return Session(time.monotonic, 1)
