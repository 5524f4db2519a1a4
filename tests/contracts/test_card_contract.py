"""What every card reader promises the desk: tried on the simulation, and through the real PC/SC service.

The second half needs pcscd and the virtual reader of vsmartcard (Debian: pcscd, vsmartcard-vpcd). The
service is started when none runs, and only a service started here is ever stopped.
"""

import contextlib
import logging
import os
import queue
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from card_reader import apdu
from card_reader.errors import CardError
from card_reader.my_number import BasicFour
from card_reader.pcsc import PcscPort
from card_reader.reader import CardDesk
from card_reader.secret import CodeB, Pin
from card_reader.simulated import HandClock, InventedPerson, SimulatedCard, SimulatedReader, encode_basic_four
from card_reader.virtual_pcd import VirtualPcd
from card_reader.watcher import Watcher

HANAKO = BasicFour("熊本　花子", "熊本県熊本市中央区手取本町１番１号", "1980-02-17", 2)
PCSCD = Path("/usr/sbin/pcscd")
VIRTUAL_READER = "Virtual PCD 00 00"


class CardService:
    """The system's card service: the one that runs, or one of our own for as long as the tests last."""

    def __init__(self):
        self._process = None

    def runs(self):
        port = PcscPort()
        try:
            return VIRTUAL_READER in port.look()
        except CardError:
            return False
        finally:
            port.close()

    @property
    def ours(self):
        return self._process is not None

    def start(self):
        if not PCSCD.exists():
            pytest.fail("pcscd is not installed; these tests need the packages pcscd and vsmartcard-vpcd")
        if os.geteuid() != 0:
            pytest.skip("no card service with a virtual reader is running, and only root can start pcscd")
        Path("/run/pcscd").mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [PCSCD, "--foreground"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(200):
            if self.runs():
                return
            time.sleep(0.05)
        self.stop()
        pytest.fail("pcscd started, but shows no virtual reader; is vsmartcard-vpcd installed?")

    def stop(self):
        self._process.terminate()
        self._process.wait()
        self._process = None


@pytest.fixture(scope="session")
def card_service():
    # There is one virtual reader on a computer; test runs side by side take turns with it.
    import fcntl

    lock = Path(tempfile.gettempdir(), f"shelter-kiosk-virtual-reader-{os.getuid()}.lock")
    with lock.open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        service = CardService()
        if not service.runs():
            service.start()
        yield service
        if service.ours:
            service.stop()


@pytest.fixture(scope="session")
def virtual_slot(card_service):
    assert card_service.runs()
    slot = VirtualPcd()
    yield slot
    slot.remove()


class SimulatedBench:
    """A desk with a simulated reader, and the hand that lays cards on it."""

    def __init__(self):
        self._reader = SimulatedReader()
        self.desk = CardDesk(self._reader)

    def put(self, card):
        self._reader.insert(card)

    def lift(self):
        self._reader.remove()


class PcscBench:
    """The same desk on real PC/SC; the hand works through the virtual reader."""

    def __init__(self, slot):
        self._slot = slot
        self._port = PcscPort()
        self.desk = CardDesk(self._port, reader=VIRTUAL_READER)

    def put(self, card):
        if self._slot.occupied:
            self._slot.swap(card)
        else:
            self._slot.insert(card)
        self.desk.wait_for_card(5)

    def lift(self):
        self._slot.remove()
        for _ in range(100):
            if not self._port.look()[VIRTUAL_READER].card:
                return
            time.sleep(0.02)
        pytest.fail("the service did not notice that the card was lifted")

    def close(self):
        self._port.close()


@pytest.fixture(params=["simulated", pytest.param("pcscd", marks=pytest.mark.pcscd)])
def bench(request):
    if request.param == "simulated":
        yield SimulatedBench()
        return
    bench = PcscBench(request.getfixturevalue("virtual_slot"))
    yield bench
    bench.close()


@pytest.fixture
def lay(bench):
    """Lay a card on the reader; afterwards, see that nobody touched what we must not touch."""
    laid = []

    def lay(*args, **kwargs):
        card = SimulatedCard(*args, **kwargs)
        laid.append(card)
        bench.put(card)
        return card

    yield lay
    for card in laid:
        assert card.violations == []
        for exchanged in card.trace:
            assert apdu.is_allowed(exchanged.command), exchanged.command.hex()


def refusal(desk, secret):
    with pytest.raises(CardError) as caught:
        desk.read(secret)
    return caught.value.code, caught.value.tries_left


def test_a_card_is_read_in_four_commands(bench, lay):
    """Name, address, birth and sex, exactly as written, with what it took."""
    card = lay()
    reading = bench.desk.read(Pin("1234"))
    assert (reading.person, reading.secret, reading.tries_left, reading.apdus) == (HANAKO, "pin", 3, 4)
    assert 0 < reading.milliseconds < 5000
    assert (len(card.trace), card.secrets_sent) == (4, 1)


@pytest.mark.parametrize(("size", "apdus"), [(256, 4), (257, 5), (342, 5), (393, 5), (600, 6)])
def test_a_long_address_costs_one_command_for_each_256_bytes(bench, lay, size, apdus):
    """Records of any length come whole."""
    holder = InventedPerson(address="熊" * 60)
    spare = size - len(encode_basic_four(holder, lengths="82"))
    holder = InventedPerson(address="熊" * 60 + "x" * spare)
    lay(ef_0002=encode_basic_four(holder, lengths="82"))
    reading = bench.desk.read(Pin("1234"))
    assert (reading.person.address, reading.apdus) == (holder.address, apdus)


def test_a_card_without_short_identifiers_is_read_the_classic_way(bench, lay):
    """Three commands more, the same person."""
    lay(supports_short_ids=False)
    reading = bench.desk.read(Pin("1234"))
    assert (reading.person, reading.apdus) == (HANAKO, 7)


def test_code_b_opens_the_card(bench, lay):
    """With the expiry year read from the card, or given."""
    lay(code_b_tries=9)
    reading = bench.desk.read(CodeB.from_birth_date("1980-02-17", "2285"))
    assert (reading.person, reading.secret, reading.tries_left, reading.apdus) == (HANAKO, "code_b", 9, 6)
    assert bench.desk.read(CodeB.from_digits("55021720352285")).apdus == 4
    assert bench.desk.tries_left("code_b") == 10


def test_a_foreign_residents_code_b_has_the_western_year(bench, lay):
    """As printed on the card."""
    lay(InventedPerson(name="SMITH JOHN"), birth_printed="800217")
    code = CodeB.from_birth_date("1980-02-17", "2285", western_year=True)
    assert bench.desk.read(code).person.name == "SMITH JOHN"


@pytest.mark.parametrize("pin", ["0000", "0012"])
def test_a_pin_may_begin_with_zeros(bench, lay, pin):
    """Digits are digits, never a number."""
    lay(pin=pin)
    assert bench.desk.read(Pin(pin)).person == HANAKO


def test_rare_characters_come_as_written(bench, lay):
    """Variation selectors and supplementary ideographs survive the way."""
    lay(InventedPerson(name="葛\U000e0100城　𠮷子"))
    assert bench.desk.read(Pin("1234")).person.name == "葛\U000e0100城　𠮷子"


def test_filler_and_long_lengths_are_no_obstacle(bench, lay):
    """A record between filler, with lengths longer than need be, is the same record."""
    holder = InventedPerson()
    lay(ef_0002=encode_basic_four(holder, lengths="82", before=b"\0\0", after=b"\xff" * 300))
    assert bench.desk.read(Pin("1234")).person == HANAKO


def test_a_card_that_stumbles_at_first_is_asked_again(bench, lay):
    """6F00 to the first command after power-up costs one command, not the visit."""
    lay(first_fails=True)
    assert bench.desk.read(Pin("1234")).apdus == 5


def test_a_wrong_pin_costs_one_try_and_says_so(bench, lay):
    """Once, even when the desk is asked to send the same secret again."""
    card = lay()
    wrong = Pin("4321")
    assert refusal(bench.desk, wrong) == ("wrong_secret", 2)
    assert refusal(bench.desk, wrong) == ("bad_secret_format", None)
    assert (card.secrets_sent, bench.desk.tries_left()) == (1, 2)


@pytest.mark.parametrize(
    ("card", "refused"),
    [
        ({"pin_tries": 1}, ("last_try_refused", 1)),
        ({"pin_tries": 0}, ("blocked", 0)),
        ({"pin": None}, ("no_pin_set", None)),
        ({"pin": None, "supports_short_ids": False}, ("no_pin_set", None)),
        ({"my_number_card": False}, ("not_my_number_card", None)),
    ],
)
def test_the_secret_is_not_sent_where_it_could_harm_or_not_help(bench, lay, card, refused):
    """The counter is asked first; the right PIN stays home, unspent."""
    laid = lay(**card)
    pin = Pin("1234")
    assert refusal(bench.desk, pin) == refused
    assert laid.secrets_sent == 0
    assert not pin.spent


@pytest.mark.parametrize(
    "record", [b"", b"\xff" * 256, b"\xff\x20\x10\xdf\x22", b"\xff\x20\x84\xff\xff\xff\xff"]
)
def test_a_record_that_makes_no_sense_is_malformed(bench, lay, record):
    """Nothing is guessed from a broken record."""
    lay(ef_0002=record)
    assert refusal(bench.desk, Pin("1234")) == ("malformed", None)


@pytest.mark.parametrize(
    ("faults", "pin", "sent", "tries"),
    [("b", "1234", 0, 3), ("..b", "4321", 0, 3), ("..a", "4321", 1, 2), ("...a", "1234", 1, 3)],
)
def test_a_card_torn_away_is_not_sent_the_secret_again(bench, lay, faults, pin, sent, tries):
    """Before or after it acted: card_removed, nothing handed on, and the counter can be asked afresh."""
    card = lay(faults=faults)
    assert refusal(bench.desk, Pin(pin)) == ("card_removed", None)
    assert card.secrets_sent == sent
    bench.lift()
    bench.put(card)
    assert bench.desk.tries_left() == tries


def test_a_card_that_lost_power_for_a_moment_gives_nothing(bench, lay):
    """Forgetting between VERIFY and READ is a removal: nothing is read from an unverified card."""
    card = lay(faults="...m")
    assert refusal(bench.desk, Pin("1234")) == ("card_removed", None)
    assert card.secrets_sent == 1


def test_a_verified_card_forgets_when_the_desk_is_done(bench, lay):
    """The next program on this reader finds a card that was never verified."""
    card = lay()
    bench.desk.read(Pin("1234"))
    with bench.desk._port.open(bench.desk.wait_for_card(1)) as channel:
        channel.transmit(apdu.select_application(apdu.Application.TEXT))
        assert channel.transmit(apdu.read_short(apdu.TextFile.BASIC_FOUR, 256)) == b"\x69\x82"
    assert card.secrets_sent == 1


def test_an_empty_reader_is_waited_for_and_then_said_to_be_empty(bench):
    """no_card after the time given, not before and not much later."""
    bench.lift()
    assert len(bench.desk.readers()) == 1
    started = time.monotonic()
    with pytest.raises(CardError) as caught:
        bench.desk.wait_for_card(0.2)
    assert caught.value.code == "no_card"
    assert 0.2 <= time.monotonic() - started < 2
    assert refusal(bench.desk, Pin("1234")) == ("no_card", None)


def test_nothing_a_card_said_is_logged(bench, lay, caplog):
    """At any level, no log line holds a digit of the secret or a character of the person."""
    caplog.set_level(logging.DEBUG)
    lay()
    bench.desk.read(Pin("1234"))
    lay(pin_tries=1)
    refusal(bench.desk, Pin("1234"))
    for word in ("1234", "熊本", "手取", "1980"):
        assert word not in caplog.text


# --- Only where there is a real service ------------------------------------------------------------------


@pytest.fixture
def pcsc_bench(virtual_slot):
    bench = PcscBench(virtual_slot)
    yield bench
    bench.close()


@pytest.mark.pcscd
def test_a_card_held_by_another_program_is_waited_for(pcsc_bench):
    """For two seconds, then the reader counts as lost to us; afterwards it is free again."""
    pcsc_bench.put(SimulatedCard())
    clock = HandClock()
    patient = PcscPort(clock=clock, pause=clock.advance)
    with PcscPort().open(VIRTUAL_READER), pytest.raises(CardError) as caught, patient.open(VIRTUAL_READER):
        pass
    assert caught.value.code == "reader_lost"
    assert clock.now == pytest.approx(2, abs=0.1)
    assert pcsc_bench.desk.read(Pin("1234")).person == HANAKO


@pytest.mark.pcscd
@pytest.mark.usefixtures("card_service")
def test_a_reader_that_does_not_exist_is_lost():
    """Opening it says reader_lost at once."""
    with pytest.raises(CardError) as caught, PcscPort().open("No Such Reader 00 00"):
        pass
    assert caught.value.code == "reader_lost"


@pytest.fixture
def watched(pcsc_bench):
    """The next thing seen of the virtual reader, as a function; beginning with the reader itself."""
    pcsc_bench.lift()
    seen = queue.Queue()

    def next_seen():
        while (sighting := seen.get(timeout=5)).reader != VIRTUAL_READER:
            pass
        return sighting.what

    with contextlib.closing(PcscPort()) as port, Watcher(port, seen.put):
        assert next_seen() == "reader_came"
        yield next_seen


@pytest.mark.pcscd
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


@pytest.mark.pcscd
def test_the_service_may_stop_and_start_again(own_service, pcsc_bench, watched):
    """Watcher and desk say what is so meanwhile, and work as before afterwards."""
    own_service.stop()
    assert watched() == "reader_gone"
    assert pcsc_bench.desk.readers() == ()
    assert refusal(pcsc_bench.desk, Pin("1234")) == ("no_reader", None)
    own_service.start()
    assert watched() == "reader_came"
    pcsc_bench.put(SimulatedCard())
    assert watched() == "card_came"
    assert pcsc_bench.desk.read(Pin("1234")).person == HANAKO


@pytest.mark.pcscd
def test_a_service_that_stops_in_mid_session_is_a_lost_reader(own_service, pcsc_bench):
    """The session ends with reader_lost, and its tidying up disturbs nobody."""
    pcsc_bench.put(SimulatedCard())
    with PcscPort().open(VIRTUAL_READER) as channel:
        own_service.stop()
        with pytest.raises(CardError) as caught:
            channel.transmit(apdu.select_application(apdu.Application.TEXT))
    assert caught.value.code == "reader_lost"
