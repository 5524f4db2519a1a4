"""Benches for cards; and every test here is watched: no command may reach for a My Number."""

from __future__ import annotations

import pytest

from card_benches import HardwareBench, PcscBench, SimulatedBench
from card_reader.simulated import SimulatedCard
from card_reader.virtual_pcd import VirtualPcd
from card_service import SECOND_PORT, the_service
from traces import lawful, trespass

__all__ = ["lawful", "trespass"]

VIRTUAL = pytest.param("pcscd", marks=pytest.mark.pcscd)
REAL = pytest.param("hardware", marks=pytest.mark.hardware)


@pytest.fixture(scope="session")
def card_service():
    return the_service()


@pytest.fixture(scope="module")  # no card of it stays for the tests of another file
def virtual_slot(card_service):
    assert card_service.runs()
    slot = VirtualPcd()
    yield slot
    slot.remove()


@pytest.fixture
def second_slot(card_service):
    assert card_service.runs()
    slot = VirtualPcd(port=SECOND_PORT)
    yield slot
    slot.remove()


def make_bench(request):
    match request.param:
        case "simulated":
            return SimulatedBench()
        case "pcscd":
            return PcscBench(request.getfixturevalue("virtual_slot"))
        case _:
            return HardwareBench()


@pytest.fixture(params=["simulated", VIRTUAL])
def bench(request):
    """A desk that takes whatever card a test lays on it."""
    made = make_bench(request)
    yield made
    made.close()


@pytest.fixture(params=["simulated", VIRTUAL, REAL])
def any_bench(request):
    """A desk with an ordinary My Number card, which may be a real one."""
    made = make_bench(request)
    made.put(None if request.param == "hardware" else SimulatedCard())
    yield made
    made.close()


@pytest.fixture
def pcsc_bench(virtual_slot):
    made = PcscBench(virtual_slot)
    yield made
    made.close()


@pytest.fixture
def lay(bench):
    """Make a card of these properties and lay it on the reader."""

    def lay(*args, **kwargs):
        card = SimulatedCard(*args, **kwargs)
        bench.put(card)
        return card

    return lay
