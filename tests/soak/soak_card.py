"""Long runs of the card desk: schedules of faults, mutated records, odd answers, and a service that goes."""

from __future__ import annotations

import gc
import os
import threading
import time
import unittest
from queue import Empty, Queue

from card_reader import pcsc
from card_reader.conversation import Limits
from card_reader.errors import CODES, CardError
from card_reader.faults import FAULTS, LIES
from card_reader.my_number import BasicFour, parse_basic_four, read_basic_four
from card_reader.pcsc import PcscPort
from card_reader.reader import CardDesk
from card_reader.secret import CodeB, Pin
from card_reader.simulated import HandClock, InventedPerson, SimulatedCard, encode_basic_four
from card_reader.virtual_pcd import VirtualPcd
from card_reader.watcher import Watcher
from card_service import FIRST, the_service
from schedules import LONG, LONG_READ, Schedule, secret_for
from soak import Outcome, Soak

HONEST = "".join(letter for letter in FAULTS if letter not in LIES)
WORDS = ("1234", "0000", "code", "edoc")


def script(rng, letters):
    """Mostly nothing, then something: a fault comes at any command."""
    return "." * rng.randrange(6) + "".join(rng.choice(letters) for _ in range(rng.randrange(4)))


# -- schedules ------------------------------------------------------------------------------------------


def schedules(rounds, rng):
    """Visits of one card, honest or lying; and two cards swapped for one another in mid-reading."""
    seen, visits, sent = Outcome(), 0, 0
    for number in range(rounds):
        with seen.timed():
            if number % 4 == 3:
                _swap(seen, rng)
                continue
            honest = number % 4 != 2
            card = SimulatedCard(
                LONG,
                pin_tries=rng.randint(0, 3),
                code_b_tries=rng.randint(0, 10),
                supports_short_ids=rng.random() < 0.7,
                has_common=rng.random() < 0.9,
                first_fails=rng.random() < 0.1,
            )
            schedule = Schedule(card, honest=honest)
            for _ in range(rng.randint(1, 8)):
                letters = HONEST if honest else "".join(FAULTS)
                schedule.visit(script(rng, letters), secret_for(rng.choice(WORDS)))
                visits += 1
            sent += card.secrets_sent
            for broken in schedule.broken:
                seen.fail(f"schedule {number}: {broken}")
    seen.notes.append(f"{visits:,} visits, each with one confirmation; {sent:,} VERIFYs with data")
    return seen


class _Swapped:
    """Two cards on one reader, the second in the place of the first after `at` commands, unnoticed."""

    atr = b""

    def __init__(self, cards, at):
        self.cards, self.at, self.count = cards, at, 0

    def transmit(self, command, seconds):
        self.count += 1
        return self.cards[self.count > self.at].transmit(command, seconds)


def _swap(seen, rng):
    other = InventedPerson(name="阿蘇　次郎", address="阿" * 100, birth_date="20010101", sex="1")
    whole = (LONG_READ, BasicFour(other.name, other.address, "2001-01-01", 1))
    short_ids = rng.random() < 0.5
    cards = [SimulatedCard(LONG, supports_short_ids=short_ids), SimulatedCard(other)]
    for command in ("00A4040C0AD3921000310001010408", "00A4020C020002")[: rng.randrange(3)]:
        cards[1].transmit(bytes.fromhex(command))
    at = rng.randrange(8)
    try:
        person = read_basic_four(_Swapped(cards, at), Pin("1234"), clock=HandClock()).person
    except CardError:
        person = None
    if person is not None and person not in whole:
        seen.fail(f"two persons mixed: swapped after {at}, short ids {short_ids}")
    if sum(card.secrets_sent for card in cards) > 1:
        seen.fail(f"two VERIFYs: swapped after {at}, short ids {short_ids}")


# -- records --------------------------------------------------------------------------------------------


def seeds(rng):
    """Whole records of every form that is known, to be damaged."""
    names = ("熊本　花子", "葛\U000e0100城　𠮷子", "ＳＭＩＴＨ　ＪＯＨＮ", "", "神\ufa19　\ue000")
    births = ("19800217", "19450800", "00000000", "20240229")
    return [
        encode_basic_four(
            InventedPerson(name, "熊" * rng.choice((0, 5, 60, 120)), rng.choice(births), rng.choice("01293")),
            lengths=rng.choice(("shortest", "81", "82")) if rng.random() < 0.3 else "82",
            before=rng.choice((b"", b"\0\0", b"\x12\x34", b"\xff" * 16)),
            after=rng.choice((b"", b"\xff" * 40, b"\0" * 300)),
        )
        for name in names
        for _ in range(20)
    ]


HOSTILE = (
    b"\0" * 4096,
    b"\xff\x20" * 2048,
    b"\xff\x20\x82\x0f\xf0" + b"\0" * 4080,
    b"\xff\x20\x82\x0f\xf0" + b"\xdf\x31\x00" * 1360,
    bytes(10_000_000),
)
INTERESTING = (0x00, 0x01, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xDF, 0xFF, 0x20, 0x21, 0x22, 0x25, 0xED, 0xF4)


def mutate(rng, record):
    """Up to six small damages."""
    data = bytearray(record)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data)) if data else 0
        match rng.randrange(6):
            case 0 if data:
                data[at] ^= 1 << rng.randrange(8)
            case 1 if data:
                data[at] = rng.choice(INTERESTING)
            case 2:
                del data[at : at + rng.randint(1, 40)]
            case 3:
                data[at:at] = rng.randbytes(rng.randint(1, 8))
            case 4:
                data[at:at] = data[at : at + rng.randint(1, 200)]
            case _:
                del data[at:]
    return bytes(data)


def records(rounds, rng):
    """A person with known flags, or malformed; and the seeds themselves are read."""
    seen, read = Outcome(), 0
    whole = seeds(rng)
    for number in range(rounds):
        data = HOSTILE[number] if number < len(HOSTILE) else mutate(rng, rng.choice(whole))
        with seen.timed():
            try:
                person = parse_basic_four(data)
            except CardError as error:
                if error.code != "malformed":
                    seen.fail(f"record {number}: {error.code}")
                continue
            except Exception as error:  # noqa: BLE001 - that there is none is the promise
                seen.fail(f"record {number}: {type(error).__name__}: {data[:64].hex()}")
                continue
        read += 1
        if len(person.birth_date) != 10 or person.sex not in range(10):
            seen.fail(f"record {number}: half a person")
    seen.notes.append(f"{read:,} still made a person, {rounds - read:,} were malformed")
    return seen


# -- answers --------------------------------------------------------------------------------------------


class _Answers:
    """A thing on the reader that says whatever it likes."""

    atr = b""

    def __init__(self, rng, record):
        self.rng, self.record, self.secrets, self.sent = rng, record, 0, 0

    def transmit(self, command, _seconds):
        self.sent += 1
        self.secrets += command[1] == 0x20 and len(command) > 5
        match self.rng.randrange(40):
            case 0:
                return self.rng.randbytes(self.rng.randrange(12))
            case 1:
                return self.rng.randbytes(2)
            case 2:
                return bytes((self.rng.choice((0x61, 0x6C, 0x63, 0x62)), self.rng.randrange(256)))
            case 3:
                return mutate(self.rng, self.record)[:4096] + b"\x90\x00"
        if command[1] == 0xB0:
            return self.record[: self.rng.choice((1, 20, 128, 256, 4096))] + b"\x90\x00"
        return b"\x63\xc3" if command[1] == 0x20 and len(command) == 4 else b"\x90\x00"


def answers(rounds, rng):
    """A reading or a `CardError`, one VERIFY at most, and an end."""
    seen, read = Outcome(), 0
    record = encode_basic_four(LONG)
    for number in range(rounds):
        channel = _Answers(rng, record)
        secret = Pin("1234") if rng.random() < 0.5 else CodeB("550217", "2285")
        with seen.timed():
            try:
                read_basic_four(channel, secret, clock=HandClock())
                read += 1
            except CardError as error:
                if error.code not in CODES:
                    seen.fail(f"conversation {number}: {error.code}")
            except Exception as error:  # noqa: BLE001 - that there is none is the promise
                seen.fail(f"conversation {number}: {type(error).__name__}")
        if channel.secrets > 1 or channel.sent > 200:
            seen.fail(f"conversation {number}: {channel.secrets} VERIFYs, {channel.sent} commands")
    seen.notes.append(f"{read:,} came to a person")
    return seen


# -- the real service -----------------------------------------------------------------------------------


class Station:
    """A desk as it stands at a shelter: a watcher and readings on one port, through the real service."""

    def __init__(self):
        self.service = the_service()
        if not self.service.ours:
            raise unittest.SkipTest("a card service runs here that is not ours to stop")
        self.slot = VirtualPcd()
        self.port = PcscPort()
        self.sightings = Queue()
        self.desk = CardDesk(self.port, reader=FIRST, limits=Limits(0.5, 3.0))
        self.watcher = Watcher(self.port, self.sightings.put)
        self.watcher.start()

    def close(self):
        self.slot.remove()
        self.watcher.stop()
        self.port.close()

    def see(self, what, seconds=10.0):
        """Wait for the watcher to tell of this."""
        end = time.monotonic() + seconds
        while True:
            try:
                sighting = self.sightings.get(timeout=max(0.0, end - time.monotonic()))
            except Empty:
                raise AssertionError(f"{what} was never seen") from None
            if (sighting.what, sighting.reader) == (what, FIRST):
                return

    def lay(self, card):
        self.slot.insert(card)
        self.see("card_came")

    def refused(self):
        try:
            self.desk.read(Pin("1234"))
        except CardError as error:
            return error.code
        return "read"


def _service_stops(station):
    station.service.stop()
    station.see("reader_gone")
    return station.refused() == "no_reader"


def _service_crashes_in_mid_reading(station):
    class Crashing(SimulatedCard):
        def transmit(self, command, *rest):
            answer = super().transmit(command, *rest)
            if self.secrets_sent:
                station.service.stop(kill=True)
            return answer

    card = Crashing()
    station.lay(card)
    return station.refused() == "reader_lost" and card.secrets_sent == 1


def _reader_is_unplugged(station):
    # The virtual reader can not be pulled out of a running service: the service starts anew without it.
    station.service.stop()
    station.see("reader_gone")
    station.service.start(reader=False)
    gone = station.refused() == "no_reader"
    station.service.stop()
    return gone


def _card_is_torn_away(station):
    station.lay(SimulatedCard(faults="...b"))
    return station.refused() == "card_removed"


def _card_never_answers(station):
    station.lay(SimulatedCard(faults="..h"))
    late = station.refused() == "timeout"
    station.slot.remove()
    return late


def _reader_is_held_by_another(station):
    station.lay(SimulatedCard())
    with PcscPort().open(FIRST, 10):
        return station.refused() == "reader_lost"


TROUBLES = (
    _service_stops,
    _service_crashes_in_mid_reading,
    _reader_is_unplugged,
    _card_is_torn_away,
    _card_never_answers,
    _reader_is_held_by_another,
)


def open_now():
    """Threads and file handles of this process."""
    gc.collect()
    return threading.active_count(), len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - numbers are wanted, not paths


def service(rounds, rng):
    """One trouble after another; each time a card is read again, soon, and nothing is left open."""
    seen, clock = Outcome(), time.monotonic
    patience, pcsc.SHARING_PATIENCE_SECONDS = pcsc.SHARING_PATIENCE_SECONDS, 1.0
    station = Station()
    try:
        _trouble(station, _card_is_torn_away, seen, clock)
        before = open_now()
        slowest, seen.rounds, seen.worst_ms = 0.0, 0, 0.0
        order = [TROUBLES[number % len(TROUBLES)] for number in range(rounds)]
        rng.shuffle(order)
        for trouble in order:
            slowest = max(slowest, _trouble(station, trouble, seen, clock))
        after = open_now()
    finally:
        station.close()
        pcsc.SHARING_PATIENCE_SECONDS = patience
    if after != before:
        seen.fail(f"threads and handles were {before}, are {after}")
    seen.notes.append(
        f"back in service after {slowest:.2f} s at the most; threads, handles {before} → {after}"
    )
    return seen


def _trouble(station, trouble, seen, clock):
    """Make trouble, end it, and return how long it took until a card laid then was read."""
    name = trouble.__name__.strip("_")
    while not station.sightings.empty():
        station.sightings.get()
    if not trouble(station):
        seen.fail(f"{name}: another error than the one that fits")
    if not station.service.ours:
        station.service.start()
    station.slot.insert(SimulatedCard(LONG))
    begun = clock()
    with seen.timed():
        try:
            station.desk.wait_for_card(10)
            while True:
                try:
                    person = station.desk.read(Pin("1234")).person
                    break
                except CardError:
                    if clock() - begun > 10:
                        raise
            if person != LONG_READ:
                seen.fail(f"{name}: another person")
        except CardError as error:
            seen.fail(f"{name}: {error.code} ten seconds later")
    took = clock() - begun
    station.slot.remove()
    end = clock() + 10
    while _there(station) and clock() < end:
        time.sleep(0.02)
    return took


def _there(station):
    try:
        return station.port.look()[FIRST].card
    except (CardError, KeyError):
        return False


SOAKS = [
    Soak(
        "card_schedules",
        "However cards tear, lie and change, no secret is sent twice, none on the last try; nobody is mixed.",
        schedules,
        short=200,
        long=10_000,
    ),
    Soak(
        "card_records",
        "A million damaged records make a whole person or `malformed`, quickly and in little memory.",
        records,
        short=5_000,
        long=1_000_000,
        limit_ms=50,
        limit_mib=32,
    ),
    Soak(
        "card_answers",
        "Whatever a thing on the reader says, the conversation ends, with one VERIFY at most.",
        answers,
        short=2_000,
        long=200_000,
        limit_ms=50,
        limit_mib=32,
    ),
    Soak(
        "card_service",
        "After service, reader or card failed, the next card is read within 3 s; nothing stays open.",
        service,
        short=0,  # restarts the system's card service: not within a suite that others run beside
        long=102,
        limit_ms=3000,
    ),
]
