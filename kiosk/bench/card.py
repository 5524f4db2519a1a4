"""How many commands a My Number card is asked, and what we add to the time that it takes itself.

The card is simulated: it answers at once, so that what remains is ours. Where the system's card service
runs with a virtual reader (Debian: pcscd, vsmartcard-vpcd), the same card is read through it as well.
Other programs' counts are quoted.
"""

from __future__ import annotations

import time

from card_reader.channel import ReaderPort
from card_reader.errors import CardError
from card_reader.my_number import CardReading
from card_reader.pcsc import PcscPort
from card_reader.reader import CardDesk
from card_reader.secret import Pin
from card_reader.simulated import InventedPerson, SimulatedCard, SimulatedReader, encode_basic_four
from card_reader.virtual_pcd import VirtualPcd
from kiosk.bench.figures import Figure, Result, median, p95, rounded

ROUNDS = 200
PCSC_ROUNDS = 20
VIRTUAL_READER = "Virtual PCD 00 00"
LONG = InventedPerson(
    name="熊本　" + "花" * 30, address="熊本県熊本市中央区手取本町１番１号" + "　肥後荘" + "１" * 30
)
"""A holder whose record is longer than one answer of 256 bytes."""

QUOTED = (
    ("rust_apdus", 6, "jpki/myna (Rust), up to 256 bytes"),
    ("rust_long_apdus", 7, "jpki/myna (Rust), 342 bytes"),
    ("nfcpy_apdus", 5, "nfcpy_mynacard, up to 256 bytes; it fails beyond"),
)
"""Counts of others for the PIN's way: read off or run elsewhere, not in this run."""


def measure(rounds: int = ROUNDS) -> Result:
    """Read a short and a long record `rounds` times each, in turn."""
    short, long = SimulatedCard(), SimulatedCard(LONG)
    times: list[float] = []
    counts: dict[bool, int] = {}
    reader = SimulatedReader()
    desk = CardDesk(reader)
    for number in range(rounds * 2):
        is_long = bool(number % 2)
        reader.insert(long if is_long else short)
        reading, seconds = _read(desk)
        counts[is_long] = reading.apdus
        if not is_long:
            times.append(seconds)
    through, note = _through_pcsc(min(rounds, PCSC_ROUNDS))
    return Result(
        "card",
        (
            Figure("apdus", counts[False], "APDUs", "commands, up to 256 bytes", 4),
            Figure(
                "long_apdus",
                counts[True],
                "APDUs",
                f"commands, {len(encode_basic_four(LONG))} bytes",
                5,
            ),
            Figure("own_median_ms", rounded(median(times) * 1000), "ms", "ours for a whole reading"),
            Figure("own_p95_ms", rounded(p95(times) * 1000), "ms", "ours for a whole reading, 95 of 100"),
            Figure(
                "pcsc_median_ms",
                rounded(median(through) * 1000) if through else None,
                "ms",
                "the same through the card service and a virtual reader",
            ),
            *(Figure(key, count, "APDUs", says, quoted=True) for key, count, says in QUOTED),
        ),
        ("The card is simulated and takes no time of its own; a real one takes most of it.", note),
    )


def _read(desk: CardDesk) -> tuple[CardReading, float]:
    begun = time.perf_counter()
    reading = desk.read(Pin("1234"))
    return reading, time.perf_counter() - begun


def _through_pcsc(rounds: int) -> tuple[list[float], str]:
    """Seconds of each reading through PC/SC, and what to say of them; none where it does not run."""
    port = PcscPort()
    slot = VirtualPcd()
    try:
        if not _is_free(port):
            return [], "Not measured through PC/SC: no card service with a free virtual reader runs here."
        slot.insert(SimulatedCard())
        desk = CardDesk(port, reader=VIRTUAL_READER)
        desk.wait_for_card(5)
        return [_read(desk)[1] for _ in range(rounds)], "PC/SC: through pcscd and vpcd, really running."
    except (CardError, OSError) as error:
        return [], f"Not measured through PC/SC: {type(error).__name__} of the card service."
    finally:
        slot.remove()
        port.close()


def _is_free(port: ReaderPort) -> bool:
    try:
        there = port.look().get(VIRTUAL_READER)
    except CardError:
        return False
    return there is not None and not there.card
