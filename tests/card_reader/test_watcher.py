"""Cards and readers are noticed as they come and go, whatever happens to the service beneath."""

import logging
import queue
import threading

import pytest

from card_reader.channel import Presence
from card_reader.errors import CardError
from card_reader.simulated import HandClock, SimulatedCard, SimulatedReader
from card_reader.watcher import Sighting, Watcher, differences

EMPTY, LAID, SWAPPED = Presence(card=False), Presence(card=True, changes=1), Presence(card=True, changes=3)


@pytest.mark.parametrize(
    ("before", "now", "seen"),
    [
        ({}, {}, []),
        ({}, {"R": EMPTY}, [("reader_came", "R")]),
        ({}, {"R": LAID}, [("reader_came", "R"), ("card_came", "R")]),
        ({"R": EMPTY}, {"R": LAID}, [("card_came", "R")]),
        ({"R": LAID}, {"R": LAID}, []),
        ({"R": LAID}, {"R": SWAPPED}, [("card_gone", "R"), ("card_came", "R")]),
        ({"R": LAID}, {"R": EMPTY}, [("card_gone", "R")]),
        ({"R": LAID}, {}, [("card_gone", "R"), ("reader_gone", "R")]),
        ({"R": EMPTY}, {"S": EMPTY}, [("reader_gone", "R"), ("reader_came", "S")]),
        # Gone and back between two looks, or removed since: the count alone is not a card.
        ({"R": LAID}, {"R": Presence(card=False, changes=2)}, [("card_gone", "R")]),
        ({"R": EMPTY}, {"R": Presence(card=False, changes=2)}, []),
    ],
)
def test_two_looks_tell_what_happened_between(before, now, seen):
    """Every coming and going is told once, goings first."""
    assert differences(before, now) == seen


def test_a_sighting_carries_the_moment_it_was_seen():
    """The stopwatch of a reception can start at the sighting."""
    clock, reader, seen = HandClock(), SimulatedReader("R"), []
    watcher = Watcher(reader, seen.append, clock=clock)
    watcher.look()
    clock.advance(2.5)
    reader.insert(SimulatedCard())
    watcher.look()
    assert seen == [Sighting("reader_came", "R", 0.0), Sighting("card_came", "R", 2.5)]
    assert watcher.there == reader.look()


class Flickering:
    """A port whose service can be taken away, and which can be made to fail by a bug."""

    def __init__(self):
        self.trouble = None
        self.looked = threading.Semaphore(0)

    def look(self):
        self.looked.release()
        if self.trouble is not None:
            raise self.trouble
        return {"R": EMPTY}

    def open(self, reader, seconds):
        raise NotImplementedError(reader)


def test_a_service_that_stops_looks_like_readers_that_go(caplog):
    """The thread outlives the service, and sees the reader again when the service is back."""
    port, seen = Flickering(), queue.Queue()
    with Watcher(port, seen.put, every=0.001):
        assert seen.get(timeout=5).what == "reader_came"
        port.trouble = CardError("no_reader", "the service stopped")
        assert seen.get(timeout=5).what == "reader_gone"
        port.trouble = None
        assert seen.get(timeout=5).what == "reader_came"
    assert "still looking" in caplog.text


def test_a_bug_beneath_does_not_blind_the_desk(caplog):
    """An unforeseen exception is logged, and looking goes on."""
    port, seen = Flickering(), queue.Queue()
    port.trouble = ZeroDivisionError()
    with caplog.at_level(logging.ERROR), Watcher(port, seen.put, every=0.001) as watcher:
        watcher.start()
        for _ in range(3):
            assert port.looked.acquire(timeout=5)
        port.trouble = None
        assert seen.get(timeout=5).what == "reader_came"
    assert "looking goes on" in caplog.text


def test_a_stopped_watcher_looks_no_more():
    """After stop has returned there is no further look."""
    port = Flickering()
    watcher = Watcher(port, lambda _: None, every=0.001)
    watcher.start()
    assert port.looked.acquire(timeout=5)
    watcher.stop()
    watcher.stop()
    while port.looked.acquire(blocking=False):
        pass
    assert not port.looked.acquire(timeout=0.05)
