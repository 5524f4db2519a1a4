"""What only a real card service does: it stops, starts, is crashed, is shared, and has a second reader."""

import contextlib
import queue
import threading

import pytest

from card_benches import HANAKO, PcscBench
from card_reader import apdu, pcsc
from card_reader.conversation import Limits
from card_reader.errors import CardError
from card_reader.pcsc import PcscPort
from card_reader.reader import CardDesk
from card_reader.secret import Pin
from card_reader.simulated import HandClock, InventedPerson, SimulatedCard
from card_reader.simulated_others import OtherCard
from card_reader.watcher import Watcher
from card_service import FIRST, SECOND

pytestmark = pytest.mark.pcscd

SELECT = apdu.select_application(apdu.Application.TEXT)


def refusal(desk, secret=None):
    with pytest.raises(CardError) as caught:
        desk.read(secret or Pin("1234"))
    return caught.value.code


def test_a_card_held_by_another_program_is_waited_for(pcsc_bench):
    """For two seconds, then the reader counts as lost to us; afterwards it is free again."""
    pcsc_bench.put(SimulatedCard())
    clock = HandClock()
    patient = PcscPort(clock=clock, pause=clock.advance)
    with PcscPort().open(FIRST, 10), pytest.raises(CardError) as caught, patient.open(FIRST, 10):
        pass
    assert caught.value.code == "reader_lost"
    assert clock.now == pytest.approx(2, abs=0.1)
    assert pcsc_bench.desk.read(Pin("1234")).person == HANAKO


def test_a_card_let_go_by_another_program_is_read(pcsc_bench):
    """Within the patience, what another program did is no error."""
    pcsc_bench.put(SimulatedCard())
    held, let_go = threading.Event(), threading.Event()

    def hold():
        with PcscPort().open(FIRST, 10):
            held.set()
            let_go.wait(5)

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(5)
    timer = threading.Timer(0.2, let_go.set)
    timer.start()
    assert pcsc_bench.desk.read(Pin("1234")).person == HANAKO
    other.join()
    timer.join()


@pytest.mark.usefixtures("card_service")
def test_a_reader_that_does_not_exist_is_lost():
    """Opening it says reader_lost at once."""
    with pytest.raises(CardError) as caught, PcscPort().open("No Such Reader 00 00", 10):
        pass
    assert caught.value.code == "reader_lost"


@pytest.fixture
def watched(pcsc_bench):
    """The next thing seen of the virtual reader, as a function; beginning with the reader itself."""
    pcsc_bench.lift()
    seen = queue.Queue()

    def next_seen():
        while (sighting := seen.get(timeout=10)).reader != FIRST:
            pass
        return sighting.what

    with contextlib.closing(PcscPort()) as port, Watcher(port, seen.put):
        assert next_seen() == "reader_came"
        yield next_seen


def test_cards_are_seen_coming_and_going(pcsc_bench, watched):
    """Each once, and a reading in between is no coming or going."""
    pcsc_bench.put(SimulatedCard())
    assert watched() == "card_came"
    pcsc_bench.desk.read(Pin("1234"))
    pcsc_bench.lift()
    assert watched() == "card_gone"


@pytest.fixture
def own_service(card_service, virtual_slot):
    """A service that a test may stop; started again afterwards, with nothing on its reader."""
    if not card_service.ours:
        pytest.skip("a card service was running before the tests, and is not ours to stop")
    yield card_service
    virtual_slot.remove()
    if not card_service.ours:
        card_service.start()


@pytest.mark.parametrize("kill", [False, True], ids=["stopped", "crashed"])
def test_the_service_may_stop_and_start_again(own_service, pcsc_bench, watched, kill):
    """Watcher and desk say what is so meanwhile, and work as before afterwards."""
    own_service.stop(kill=kill)
    assert watched() == "reader_gone"
    assert pcsc_bench.desk.readers() == ()
    assert refusal(pcsc_bench.desk) == "no_reader"
    own_service.start()
    assert watched() == "reader_came"
    pcsc_bench.put(SimulatedCard())
    assert watched() == "card_came"
    assert pcsc_bench.desk.read(Pin("1234")).person == HANAKO


@pytest.mark.parametrize("kill", [False, True], ids=["stopped", "crashed"])
def test_a_service_that_stops_in_mid_session_is_a_lost_reader(own_service, pcsc_bench, kill):
    """The session ends with reader_lost, and its tidying up disturbs nobody."""
    pcsc_bench.put(SimulatedCard())
    with PcscPort().open(FIRST, 10) as channel:
        channel.transmit(SELECT, 5)
        own_service.stop(kill=kill)
        with pytest.raises(CardError) as caught:
            channel.transmit(SELECT, 5)
    assert caught.value.code == "reader_lost"


def test_a_service_that_goes_during_a_reading_spends_one_secret_at_most(own_service, pcsc_bench):
    """The reader is lost in the middle of VERIFY; nothing is sent again when the service is back."""

    class Crashing(SimulatedCard):
        def transmit(self, command, *rest):
            answer = super().transmit(command, *rest)
            if len(command) > 5 and command[1] == 0x20:
                own_service.stop(kill=True)
            return answer

    card = Crashing()
    pcsc_bench.put(card)
    pin = Pin("1234")
    assert refusal(pcsc_bench.desk, pin) == "reader_lost"
    assert (pin.spent, card.secrets_sent) == (True, 1)
    own_service.start()
    pcsc_bench.put(SimulatedCard())
    assert refusal(pcsc_bench.desk, pin) == "bad_secret_format"


def test_while_a_card_does_not_answer_the_desk_goes_on(monkeypatch, pcsc_bench, second_slot):
    """Looking works, the other reader works, the hanging one is lost; lifting the card frees it."""
    monkeypatch.setattr(pcsc, "SHARING_PATIENCE_SECONDS", 0.2)
    pcsc_bench.put(SimulatedCard(faults="..h"))
    other = PcscBench(second_slot, SECOND)
    other.put(SimulatedCard(InventedPerson(name="阿蘇　次郎")))
    desk = CardDesk(pcsc_bench.port, reader=FIRST, limits=Limits(0.3, 2))
    assert refusal(desk) == "timeout"
    assert pcsc_bench.port.look()[FIRST].card
    assert CardDesk(pcsc_bench.port, reader=SECOND).read(Pin("1234")).person.name == "阿蘇　次郎"
    for _ in range(2):
        assert refusal(desk) == "reader_lost"
    pcsc_bench.lift()
    pcsc_bench.put(SimulatedCard())
    assert desk.read(Pin("1234")).person == HANAKO
    other.close()


def test_of_two_readers_the_visitors_is_found(pcsc_bench, second_slot):
    """A clerk's own card in one reader, a visitor's in the other; and two visitors' cards get no secret."""
    both = CardDesk(pcsc_bench.port, reader="Virtual PCD")
    pcsc_bench.put(OtherCard())
    second_slot.insert(SimulatedCard())
    CardDesk(pcsc_bench.port, reader=SECOND).wait_for_card(5)
    assert both.read(Pin("1234")).person == HANAKO
    card = SimulatedCard()
    pcsc_bench.put(card)
    pin = Pin("1234")
    assert refusal(both, pin) == "two_cards"
    assert (card.secrets_sent, pin.spent) == (0, False)
    assert both.read(pin, reader=FIRST).person == HANAKO


def test_a_card_swapped_in_mid_reading_makes_nobody(pcsc_bench, virtual_slot):
    """Another card in the same place, unnoticed by the service, before any command: one person or none."""
    other = InventedPerson(name="阿蘇　次郎", address="阿" * 100)
    for at in range(5):

        class Swapping(SimulatedCard):
            def transmit(self, command, *rest, at=at):
                if len(self.trace) == at:
                    virtual_slot.swap(SimulatedCard(other))
                    return virtual_slot._card.transmit(command, *rest)
                return super().transmit(command, *rest)

        card = Swapping(InventedPerson(address="熊" * 100))
        pcsc_bench.put(card)
        try:
            name = pcsc_bench.desk.read(Pin("1234")).person.name
        except CardError as error:
            name = error.code
        assert name in {"阿蘇　次郎", "malformed", "card_removed"}
        assert card.secrets_sent + virtual_slot._card.secrets_sent <= 1
