"""A call that does not come back is left behind, and tidied up after when it does."""

import threading

import pytest

from card_reader.messenger import Messenger, TooLate


@pytest.fixture
def tidied():
    return threading.Event()


@pytest.fixture
def messenger(tidied):
    made = Messenger("test", tidied.set)
    yield made
    made.dismiss(5)


def test_calls_are_done_one_after_another_in_one_thread(messenger, tidied):
    """What a call returns or raises arrives where it was sent from; at the end it tidies up once."""
    threads = {messenger.send(threading.get_ident, 5) for _ in range(3)}
    assert len(threads) == 1
    assert threads != {threading.get_ident()}
    with pytest.raises(ZeroDivisionError):
        messenger.send(lambda: 1 // 0, 5)
    assert messenger.send(lambda: "still there", 5) == "still there"
    assert not tidied.is_set()
    assert messenger.dismiss(5)
    assert tidied.is_set()
    assert messenger.gone


def test_a_late_call_is_given_up_and_nothing_else_is_sent(messenger, tidied):
    """The sender goes on at once; the thread tidies up and ends when the call lets it."""
    stuck, done = threading.Event(), []
    with pytest.raises(TooLate):
        messenger.send(lambda: stuck.wait(30), 0.01)
    assert messenger.given_up
    with pytest.raises(TooLate):
        messenger.send(lambda: done.append(1), 5)
    assert not messenger.dismiss(5), "one that was given up is not waited for"
    assert not tidied.is_set()
    stuck.set()
    assert messenger.wait(5)
    assert tidied.is_set()
    assert done == []


def test_a_call_that_had_not_begun_in_time_is_never_made(messenger):
    """A secret is not sent after its person was told that it was not."""
    busy, begun, done = threading.Event(), threading.Event(), []

    def hold():
        begun.set()
        busy.wait(30)

    # A thread that is not scheduled for a while, played by one that is kept busy behind the sender's back.
    messenger._errands.put(type("Busy", (), {"do": staticmethod(hold)})())
    assert begun.wait(5)
    with pytest.raises(TooLate):
        messenger.send(lambda: done.append(1), 0.01)
    busy.set()
    assert messenger.wait(5)
    assert done == []


def test_tidying_up_that_fails_is_logged_and_ends_the_thread(caplog):
    """A bug in tidying up leaves no thread behind."""
    messenger = Messenger("test", lambda: 1 // 0)
    assert messenger.dismiss(5)
    assert "tidying up" in caplog.text
