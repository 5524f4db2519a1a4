"""What every test stands on: examples without a deadline, and hardware only when asked for."""

from __future__ import annotations

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
