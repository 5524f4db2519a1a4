"""A real HQ on loopback, a line to it that fails by script, and an outbox."""

from __future__ import annotations

import contextlib

import pytest

from headquarters import Headquarters
from proxies import Proxy
from sync.runner import Runner


@pytest.fixture
def hq(tmp_path):
    headquarters = Headquarters(tmp_path / "city")
    yield headquarters
    headquarters.close()


@pytest.fixture
def url(hq):
    with hq.serving() as served:
        yield served


@pytest.fixture
def line(url):
    with Proxy(url) as proxy:
        yield proxy


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "kiosk" / "outbox"


@pytest.fixture
def runner(folder):
    with contextlib.closing(Runner(folder)) as made:
        yield made
