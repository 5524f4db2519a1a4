"""PC/SC as it can be: result codes of two systems, calls that hang, services that go.

A real service is in tests/contracts.
"""

import gc
import threading
import time

import pytest
from smartcard import scard

from card_reader import apdu, pcsc
from card_reader.channel import Presence
from card_reader.conversation import Limits
from card_reader.errors import CardError
from card_reader.pcsc import PcscPort, _code
from card_reader.reader import CardDesk
from card_reader.secret import Pin
from card_reader.simulated import HandClock, SimulatedCard
from card_reader.simulated_others import FELICA_ATR, FelicaCard
from played_pcsc import PlayedPcsc

SELECT = apdu.select_application(apdu.Application.TEXT)
SHORT = Limits(0.05, 0.4)
WINDOWS = 0xFFFFFFFF + 1
NONE = scard.SCARD_E_NO_READERS_AVAILABLE


@pytest.mark.parametrize(
    ("result", "opening", "sending"),
    [
        (scard.SCARD_E_NO_SMARTCARD, "no_card", "card_removed"),
        (scard.SCARD_W_REMOVED_CARD, "no_card", "card_removed"),
        (scard.SCARD_W_RESET_CARD, "card_removed", "card_removed"),
        (scard.SCARD_W_UNRESPONSIVE_CARD, "card_removed", "card_removed"),
        (scard.SCARD_E_NOT_TRANSACTED, "card_removed", "card_removed"),
        (scard.SCARD_E_SHARING_VIOLATION, "reader_lost", "reader_lost"),
        (scard.SCARD_E_READER_UNAVAILABLE, "reader_lost", "reader_lost"),
        (scard.SCARD_E_NO_SERVICE, "reader_lost", "reader_lost"),
        (scard.SCARD_E_SERVICE_STOPPED, "reader_lost", "reader_lost"),
        (scard.SCARD_E_INVALID_HANDLE, "reader_lost", "reader_lost"),
        (scard.SCARD_E_TIMEOUT, "timeout", "timeout"),
        (121, "timeout", "timeout"),
        (1167, "reader_lost", "reader_lost"),
        (0x80100099, "card_removed", "card_removed"),
    ],
)
@pytest.mark.parametrize("signed", [False, True])
def test_every_result_has_a_code(result, opening, sending, signed):
    """A missing card is no_card at the door and card_removed after; signed numbers are the same numbers."""
    if signed and result >= WINDOWS // 2:
        result -= WINDOWS
    assert (_code(result, opening=True), _code(result, opening=False)) == (opening, sending)


def open_and_select(port, seconds=SHORT.apdu):
    with port.open("R", SHORT.session) as channel:
        return channel.transmit(SELECT, seconds)


def code_of(call):
    with pytest.raises(CardError) as caught:
        call()
    return caught.value.code


def test_a_session_gives_everything_back():
    """One context and one card a session, both gone afterwards, also after an error."""
    system = PlayedPcsc(R=SimulatedCard())
    port = PcscPort(calls=system)
    assert open_and_select(port) == b"\x90\x00"
    system.script["transmit"] = [scard.SCARD_W_RESET_CARD]
    assert code_of(lambda: open_and_select(port)) == "card_removed"
    system.script["connect"] = [scard.SCARD_E_NO_SMARTCARD]
    assert code_of(lambda: open_and_select(port)) == "no_card"
    assert (system.contexts, system.cards) == (set(), {})


def test_the_channel_knows_what_the_reader_says_of_the_card():
    """The ATR is at hand, and a reader that does not tell it is no obstacle."""
    system = PlayedPcsc(R=FelicaCard())
    port = PcscPort(calls=system)
    with port.open("R", 1) as channel:
        assert channel.atr == FELICA_ATR
    system.script["atr"] = [scard.SCARD_E_UNSUPPORTED_FEATURE]
    with port.open("R", 1) as channel:
        assert channel.atr == b""


@pytest.mark.usefixtures("trespass")
def test_nothing_outside_the_list_leaves_through_the_door():
    """The driver refuses by itself, whoever asks."""
    port = PcscPort(calls=PlayedPcsc(R=SimulatedCard()))
    with port.open("R", 1) as channel, pytest.raises(AssertionError):
        channel.transmit(bytes.fromhex("00A4020C020001"), 1)


def sessions():
    """Threads of ours that talk to a card service; what other tests left behind is not counted."""
    return sum(thread.name.startswith("card-") for thread in threading.enumerate())


@pytest.fixture
def let_go():
    """An event that ends every hang; set at the end, so that no session outlives its test."""
    event = threading.Event()
    yield event
    event.set()
    for thread in threading.enumerate():
        if thread.name == "card-session":
            thread.join(5)
            assert not thread.is_alive()


@pytest.mark.parametrize("call", ["establish", "connect", "atr", "transmit"])
def test_a_call_that_hangs_is_given_up(monkeypatch, let_go, call):
    """The caller hears timeout; the reader is lost to us until the system lets go, then it works again."""
    monkeypatch.setattr(pcsc, "CONNECT_SECONDS", 0.05)
    monkeypatch.setattr(pcsc, "SHARING_PATIENCE_SECONDS", 0.05)
    system = PlayedPcsc(R=SimulatedCard())
    system.hang[call] = let_go
    port = PcscPort(calls=system)
    assert code_of(lambda: open_and_select(port)) == "timeout"
    before = sessions()
    for _ in range(3):
        assert code_of(lambda: open_and_select(port)) == "reader_lost"
    assert sessions() <= before, "no second thread is sent after the first"
    let_go.set()
    monkeypatch.setattr(pcsc, "SHARING_PATIENCE_SECONDS", 5)
    assert open_and_select(port) == b"\x90\x00"
    assert (system.contexts, system.cards) == (set(), {})


@pytest.mark.parametrize("call", ["disconnect", "release"])
def test_unpowering_that_hangs_costs_the_session_and_not_the_reading(let_go, call):
    """What was read is handed on; the next session waits for the card to be let go."""
    system = PlayedPcsc(R=SimulatedCard())
    system.hang[call] = let_go
    port = PcscPort(calls=system)
    assert open_and_select(port) == b"\x90\x00"
    let_go.set()
    assert open_and_select(port) == b"\x90\x00"
    assert (system.contexts, system.cards) == (set(), {})


def test_another_reader_works_while_one_hangs(let_go):
    """A desk with two readers loses one of them, not both."""
    system = PlayedPcsc(A=SimulatedCard(), B=SimulatedCard())
    port = PcscPort(calls=system)
    system.hang["transmit"] = let_go
    desk = CardDesk(port, limits=SHORT)
    assert code_of(lambda: desk.read(Pin("1234"), reader="A")) == "timeout"
    del system.hang["transmit"]
    assert CardDesk(port).read(Pin("1234"), reader="B").apdus == 4


def test_a_secret_that_was_on_its_way_is_gone_whatever_happens(let_go):
    """A VERIFY that hangs leaves a spent secret, and is not sent again when the card comes to itself."""
    card = SimulatedCard()
    system = PlayedPcsc(R=card)
    desk = CardDesk(PcscPort(calls=system), limits=SHORT)
    with desk._port.open("R", 1) as channel:
        channel.transmit(SELECT, 1)
        channel.transmit(apdu.query_tries(apdu.TextFile.PIN), 1)
        system.hang["transmit"] = let_go
        command = apdu.verify(apdu.TextFile.PIN, bytearray(b"4321"))
        assert code_of(lambda: channel.transmit(command, 0.05)) == "timeout"
    let_go.set()
    assert code_of(lambda: desk.read(Pin("4321"))) == "wrong_secret"
    assert (card.secrets_sent, card.pin.tries) == (2, 1)


def test_a_service_that_hangs_is_no_service_and_comes_back(monkeypatch, let_go):
    """Looking does not hang with it, does not pile up threads, and goes on when it answers again."""
    monkeypatch.setattr(pcsc, "LOOK_SECONDS", 0.05)
    system = PlayedPcsc(R=None)
    port = PcscPort(calls=system)
    assert port.look() == {"R": Presence(card=False)}
    system.hang["list"] = let_go
    assert code_of(port.look) == "no_reader"
    before = sessions()
    for _ in range(5):
        assert code_of(port.look) == "no_reader"
    assert sessions() <= before
    del system.hang["list"]
    let_go.set()
    for _ in range(500):
        try:
            assert port.look() == {"R": Presence(card=False)}
            break
        except CardError:
            time.sleep(0.01)
    else:
        pytest.fail("looking never went on")
    port.close()
    port.close()
    assert system.contexts == set()


@pytest.mark.parametrize("stopped", [scard.SCARD_E_SERVICE_STOPPED, scard.SCARD_E_SERVICE_STOPPED - WINDOWS])
@pytest.mark.parametrize("call", ["list", "status"])
def test_a_service_that_stopped_is_asked_anew_with_a_new_handle(call, stopped):
    """As on Windows, where it stops with the last reader: the old context is good for nothing."""
    system = PlayedPcsc(R=SimulatedCard())
    port = PcscPort(calls=system)
    port.look()
    first = set(system.contexts)
    system.script[call] = [stopped]
    assert code_of(port.look) == "no_reader"
    assert system.contexts == set()
    assert port.look()["R"].card
    assert system.contexts != first
    port.close()


@pytest.mark.parametrize("none", [NONE, NONE - WINDOWS])
def test_no_readers_are_no_error(none):
    """An empty list, or the code that says so."""
    system = PlayedPcsc()
    port = PcscPort(calls=system)
    assert port.look() == {}
    system.script["list"] = [none]
    assert port.look() == {}
    port.close()


def test_a_reader_that_goes_between_two_questions_is_looked_for_again():
    """Three times, and then there is none."""
    system = PlayedPcsc(R=None)
    port = PcscPort(calls=system)
    unknown = scard.SCARD_E_UNKNOWN_READER
    system.script["status"] = [unknown, unknown]
    assert list(port.look()) == ["R"]
    system.script["status"] = [unknown] * 3
    assert port.look() == {}
    port.close()


@pytest.mark.parametrize(
    "passing",
    [scard.SCARD_E_SHARING_VIOLATION, scard.SCARD_W_UNPOWERED_CARD, scard.SCARD_W_RESET_CARD - WINDOWS],
)
def test_what_passes_is_waited_for(passing):
    """Windows looks at each new card itself: for two seconds that is no error."""
    clock = HandClock()
    system = PlayedPcsc(R=SimulatedCard())
    system.script["connect"] = [passing] * 3
    port = PcscPort(calls=system, clock=clock, pause=clock.advance)
    with port.open("R", 10) as channel:
        assert channel.transmit(SELECT, 1) == b"\x90\x00"
    assert 0 < clock.now < 2
    system.script["connect"] = [passing] * 1000
    assert code_of(lambda: open_and_select(port)) in {"reader_lost", "card_removed"}


def test_a_reader_pulled_out_in_mid_command_is_lost():
    """With the words of either system."""
    for result in (scard.SCARD_E_READER_UNAVAILABLE, 1167, 22, 995, 109):
        system = PlayedPcsc(R=SimulatedCard())
        system.script["transmit"] = [0, result]
        assert code_of(lambda s=system: CardDesk(PcscPort(calls=s)).read(Pin("1234"))) == "reader_lost"


def test_an_answer_of_nothing_is_a_card_that_went(monkeypatch):
    """pcsc-lite reports some tears as a success without a byte."""
    system = PlayedPcsc(R=SimulatedCard())
    monkeypatch.setattr(system, "SCardTransmit", lambda *_: (0, []))
    assert code_of(lambda: open_and_select(PcscPort(calls=system))) == "card_removed"


def test_a_hundred_sessions_leave_no_thread_and_no_handle():
    """What a session takes it gives back, every time."""
    system = PlayedPcsc(R=SimulatedCard())
    desk = CardDesk(PcscPort(calls=system))
    desk.read(Pin("1234"))
    gc.collect()
    before = sessions()
    for _ in range(100):
        desk.read(Pin("1234"))
    for _ in range(500):  # a thread that has nothing left to do may still be on its last lines
        if sessions() <= before:
            break
        time.sleep(0.01)
    assert sessions() <= before
    assert len(system.contexts) == 1, "the one kept for looking"
    assert system.cards == {}
    desk._port.close()


def test_a_port_nobody_holds_leaves_nothing_behind():
    """Its thread ends and its handle is given back without being asked."""
    system = PlayedPcsc(R=None)
    port = PcscPort(calls=system)
    port.look()
    thread = port._looks[1]._thread
    assert len(system.contexts) == 1
    del port
    gc.collect()
    thread.join(5)
    assert not thread.is_alive()
    assert system.contexts == set()
