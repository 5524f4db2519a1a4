"""No thread but the window's ever takes a widget apart."""

from __future__ import annotations

import gc
import threading

import pytest
from PySide6.QtWidgets import QWidget

from ui.sweeper import Sweeper


class Dropped:
    """A window in a cycle, which only the collector can find; it says on which thread it went."""

    def __init__(self, went):
        self.window, self.itself, self.went = QWidget(), self, went

    def __del__(self):
        self.went.append(threading.current_thread())


@pytest.fixture
def sweeper(qapp):
    assert qapp is not None  # a window needs one
    made = Sweeper()
    made.begin()
    yield made
    made.end()


@pytest.fixture
def work():
    """Makes more objects that stay than Python lets stand before it looks for garbage."""
    kept = []
    return lambda: kept.extend([] for _ in range(2 * gc.get_threshold()[0]))


def test_a_busy_thread_leaves_a_window_that_nobody_holds_to_the_windows_own(sweeper, work):
    """While a desk's thread works, garbage waits; the window's thread takes it apart."""
    went = []
    Dropped(went)
    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert went == []
    sweeper.sweep()
    assert went == [threading.main_thread()]


def test_nothing_is_collected_where_nothing_is_due(sweeper):
    """An idle desk does not search its memory every second."""
    gc.collect()
    before = gc.get_stats()
    sweeper.sweep()
    assert gc.get_stats() == before


def test_old_garbage_is_found_as_well(sweeper, work):
    """What grew old before it was dropped goes when its generation is due."""
    went = []
    old = Dropped(went)
    gc.collect()
    del old
    _, middle, oldest = gc.get_threshold()
    for _ in range((2 + middle) * (2 + oldest)):
        work()
        sweeper.sweep()
    assert went == [threading.main_thread()]


def test_when_the_window_is_gone_python_collects_again(qapp):
    """Collecting is left as it was found."""
    assert qapp is not None  # a timer needs one
    was = gc.isenabled()
    sweeper = Sweeper()
    sweeper.begin()
    assert not gc.isenabled()
    sweeper.end()
    assert gc.isenabled() == was
