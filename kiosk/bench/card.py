"""How many commands and bytes a My Number card is asked, and what we add to the time that it takes itself.

The card is simulated: it answers at once, so that what remains is ours. Where the system's card service
runs with a virtual reader (Debian: pcscd, vsmartcard-vpcd), the same card is read through it as well. "Ours"
is a whole reading, with opening and unpowering, less the time inside the transmissions. Other programs'
counts are quoted.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from card_reader.channel import Channel, Command, Presence, ReaderPort
from card_reader.errors import CardError
from card_reader.reader import CardDesk
from card_reader.secret import CodeB, Pin, Secret
from card_reader.simulated import InventedPerson, SimulatedCard, SimulatedReader, encode_basic_four
from card_reader.virtual_pcd import VirtualPcd
from kiosk.bench.figures import Figure, Result, median, p95, rounded

ROUNDS = 200
PCSC_ROUNDS = 100
VIRTUAL_READER = "Virtual PCD 00 00"
SHORT_BYTES, LONG_BYTES = 256, 342
"""The longest record that one command reads, and the longest that peers' counts are known for."""

QUOTED = (
    ("rust_apdus", 6, "jpki/myna (Rust), up to 256 bytes"),
    ("rust_long_apdus", 7, "jpki/myna (Rust), 342 bytes"),
    ("myna_card_apdus", 5, "soltia48/myna-card (Rust), up to 256 bytes, by its source"),
    ("myna_card_long_apdus", 6, "soltia48/myna-card (Rust), 342 bytes, by its source"),
    ("go_apdus", 6, "myna (Go), jpki-rs, WebUSB-MyNumberCard, up to 256 bytes, by their sources"),
    ("go_long_apdus", 7, "myna (Go), jpki-rs, WebUSB-MyNumberCard, 342 bytes, by their sources"),
    ("nfcpy_apdus", 5, "nfcpy_mynacard, up to 256 bytes; it fails beyond"),
    ("pyjpki_apdus", 6, "pyjpki, up to 127 bytes; it fails beyond"),
)
"""Counts of others for the PIN's way: read off or run elsewhere, not in this run. None of them asks for the
tries that are left before it sends the PIN; we do, and count that command."""


@dataclass(slots=True)
class Taken:
    """What one reading took."""

    seconds: float = 0.0
    transmitting: float = 0.0
    apdus: int = 0
    sent: int = 0
    received: int = 0

    @property
    def ours(self) -> float:
        """Seconds outside the transmissions."""
        return self.seconds - self.transmitting


@dataclass(slots=True)
class Watched:
    """A `ReaderPort` that counts and times what passes through it."""

    port: ReaderPort
    taken: Taken = field(default_factory=Taken)

    def look(self) -> Mapping[str, Presence]:
        """As the port beneath."""
        return self.port.look()

    @contextmanager
    def open(self, reader: str, seconds: float) -> Iterator[Channel]:
        """As the port beneath."""
        with self.port.open(reader, seconds) as channel:
            yield _WatchedChannel(channel, self.taken)


@dataclass(frozen=True, slots=True)
class _WatchedChannel:
    channel: Channel
    taken: Taken

    @property
    def atr(self) -> bytes:
        return self.channel.atr

    def transmit(self, command: Command, seconds: float) -> bytes:
        begun = time.perf_counter()
        answer = self.channel.transmit(command, seconds)
        self.taken.transmitting += time.perf_counter() - begun
        self.taken.apdus += 1
        self.taken.sent += len(command)
        self.taken.received += len(answer)
        return answer


def record(size: int) -> bytes:
    """A record of so many bytes, from 210 up."""
    address = "熊" * 45
    spare = size - len(encode_basic_four(InventedPerson(address=address), lengths="82"))
    return encode_basic_four(InventedPerson(address=address + "1" * spare), lengths="82")


def measure(rounds: int = ROUNDS) -> Result:
    """Read a short and a long record `rounds` times each, in turn; and the other ways once."""
    reader = SimulatedReader()
    cards = {
        "short": SimulatedCard(ef_0002=record(SHORT_BYTES)),
        "long": SimulatedCard(ef_0002=record(LONG_BYTES)),
    }
    taken: dict[str, list[Taken]] = {name: [] for name in cards}
    for _ in range(rounds):
        for name, card in cards.items():
            taken[name].append(_read(reader, card, Pin("1234")))
    short, long = taken["short"][-1], taken["long"][-1]
    classic = _read(reader, SimulatedCard(supports_short_ids=False), Pin("1234"))
    code_b = _read(reader, SimulatedCard(), CodeB("550217", "2285"))
    through, note = _through_pcsc(min(rounds, PCSC_ROUNDS))
    figures = (
        Figure("apdus", short.apdus, "APDUs", f"commands, up to {SHORT_BYTES} bytes", 4),
        Figure("bytes_sent", short.sent, "bytes", "in these commands"),
        Figure("bytes_received", short.received, "bytes", "in their answers"),
        Figure("long_apdus", long.apdus, "APDUs", f"commands, {LONG_BYTES} bytes", 5),
        Figure("long_bytes_sent", long.sent, "bytes", "in these commands"),
        Figure("long_bytes_received", long.received, "bytes", "in their answers"),
        Figure("classic_apdus", classic.apdus, "APDUs", "commands to a card without short file ids"),
        Figure("code_b_apdus", code_b.apdus, "APDUs", "commands by 照合番号B, its expiry year from the card"),
        *_times("own", "simulated", taken["short"], None),
        *_times("pcsc_own", "through the card service", through, 5),
        Figure(
            "pcsc_median_ms",
            _ms([one.seconds for one in through]),
            "ms",
            "a whole reading through the card service and a virtual reader",
        ),
        *(Figure(key, count, "APDUs", says, quoted=True) for key, count, says in QUOTED),
    )
    said = "The card is simulated and takes no time of its own; a real one takes most of it."
    return Result("card", figures, (said, note))


def _times(key: str, where: str, taken: list[Taken], at_most: float | None) -> tuple[Figure, Figure]:
    ours = [one.ours for one in taken]
    most = None if not ours else rounded(p95(ours) * 1000)
    return (
        Figure(f"{key}_median_ms", _ms(ours), "ms", f"ours in a whole reading, {where}", at_most),
        Figure(f"{key}_p95_ms", most, "ms", f"the same, 95 of 100, {where}"),
    )


def _ms(seconds: list[float]) -> float | None:
    return rounded(median(seconds) * 1000) if seconds else None


def _read(reader: SimulatedReader, card: SimulatedCard, secret: Secret) -> Taken:
    reader.insert(card)
    return _timed(reader, secret)


def _timed(port: ReaderPort, secret: Secret, reader: str = "") -> Taken:
    watched = Watched(port)
    desk = CardDesk(watched, reader=reader)
    begun = time.perf_counter()
    desk.read(secret)
    watched.taken.seconds = time.perf_counter() - begun
    return watched.taken


def _through_pcsc(rounds: int) -> tuple[list[Taken], str]:
    """What each reading through PC/SC took, and what to say of them; none where it does not run."""
    try:
        from card_reader.pcsc import PcscPort  # noqa: PLC0415 - where PC/SC is not installed the rest is measured
    except ImportError:
        return [], "Not measured through PC/SC: it is not installed."
    port = PcscPort()
    slot = VirtualPcd()
    try:
        if not _is_free(port):
            return [], "Not measured through PC/SC: no card service with a free virtual reader runs here."
        slot.insert(SimulatedCard(ef_0002=record(SHORT_BYTES)))
        CardDesk(port, reader=VIRTUAL_READER).wait_for_card(5)
        taken = [_timed(port, Pin("1234"), VIRTUAL_READER) for _ in range(rounds)]
    except (CardError, OSError) as error:
        return [], f"Not measured through PC/SC: {type(error).__name__} of the card service."
    else:
        return taken, "PC/SC: through pcscd and vpcd, really running."
    finally:
        slot.remove()
        port.close()


def _is_free(port: ReaderPort) -> bool:
    try:
        there = port.look().get(VIRTUAL_READER)
    except CardError:
        return False
    return there is not None and not there.card
