"""What every test stands on: examples without a deadline, and hardware only when asked for."""

from __future__ import annotations

import gc

import pytest
from hypothesis import settings

# A loaded machine is not a broken one: no test fails for being slow.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True, scope="session")
def _own_device(tmp_path_factory):
    """Stores made by tests keep the laptop's own secret in the tests' folder, not in anybody's home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIOSK_DEVICE_FOLDER", str(tmp_path_factory.mktemp("device")))
        yield


@pytest.fixture(autouse=True)
def _swept(request):
    """A window that nobody holds any more is taken apart by the thread that made it.

    A desk's thread that happened to look for garbage would do it in the middle of the next window's drawing,
    and end the whole run. A desk in service makes no such garbage: it has one window, and ends with it.
    """
    if "qtbot" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    gc.collect()
    # What is left is held by somebody: the next look need not go through it again.
    gc.freeze()
    gc.enable()


def pytest_addoption(parser):
    parser.addoption(
        "--hardware",
        action="store_true",
        help="also run the tests that need a real reader, card or camera",
    )


def pytest_collection_modifyitems(config, items):
    if config.getoption("--hardware"):
        return
    skip = pytest.mark.skip(reason="needs a real device; run with --hardware")
    for item in items:
        if "hardware" in item.keywords:
            item.add_marker(skip)


def pytest_unconfigure():
    # Libraries count at the end what of theirs is still there.
    gc.unfreeze()
