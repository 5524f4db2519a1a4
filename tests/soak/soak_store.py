"""A program killed at any moment, or under a clock gone mad, loses nothing that was acknowledged."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from aftermath import lines, wrong
from faultlab import laboratory
from kiosk.core.household import Method, Mode
from kiosk.desk import Arrival, Desk, Received
from kiosk.errors import KnownError
from kiosk.store import opening
from kiosk.store.gate import Gate
from powercut import scratch
from soak import Outcome, Soak

START = 1_700_000_000.0


# -- killed ----------------------------------------------------------------------------------------------

KILLS_A_STORE = 25
LONGEST_LIFE, LONGEST_LIFE_ON_DISK = 0.2, 0.6
"""Seconds: long enough to open, receive and publish, short enough to be killed in each of these."""


def killed(rounds: int, rng: random.Random) -> Outcome:
    """`kiosk write-forever`, killed at any moment, opened again, and again."""
    outcome, total = Outcome(), 0
    with laboratory() as (stage, memory), tempfile.TemporaryDirectory(prefix="soak-") as disk:
        acknowledged: list[str] = []
        for number in range(rounds):
            # What is killed is the program, not the disk: most lives are spent in memory, and are fast.
            on_disk = number // KILLS_A_STORE % 8 == 0
            folder = Path(disk) if on_disk else memory
            data, says = folder / f"kiosk{number // KILLS_A_STORE}", folder / f"says{number}"
            if number % KILLS_A_STORE == 0:
                acknowledged = []
            life = rng.uniform(0, LONGEST_LIFE_ON_DISK if on_disk else LONGEST_LIFE)
            child = stage.begin(do="forever", data=str(data), says=str(says))
            time.sleep(life)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            ended = stage.end()
            new = [line.split()[1] for line in lines(says, "ACK")]
            acknowledged += new
            total += len(new)
            last = number % KILLS_A_STORE == KILLS_A_STORE - 1 or number == rounds - 1
            with outcome.timed():
                found = wrong(data, acknowledged, thorough=False, gate=Gate(data))
            if last:
                found += wrong(data, acknowledged, deep=True)
                shutil.rmtree(data, ignore_errors=True)
            if found or ended != -signal.SIGKILL:
                outcome.fail(f"kill {number} after {life * 1000:.0f} ms (ended {ended}): {found[:2]}")
    if rounds >= KILLS_A_STORE and not total:
        outcome.fail("nothing was ever acknowledged: the kills show nothing")
    outcome.notes.append(f"{total:,} receptions were acknowledged")
    return outcome


# -- with a clock gone mad -------------------------------------------------------------------------------

JUMPS = (1, 60, 3600, 8 * 3600, 86400, 365 * 86400, 10 * 365 * 86400)
PLACES = (0.0, 1.0, 2147483647.0, 2147483648.0, 4102444800.0)
"""1970, the end of 32 bits, 2100."""


def clock(rounds: int, rng: random.Random) -> Outcome:
    """The wall clock jumps before every reception, and at restarts too."""
    outcome, wall = Outcome(), [START]
    with tempfile.TemporaryDirectory(prefix="soak-", dir=scratch()) as name:
        data, received = Path(name) / "kiosk", []
        opening.open_shelter(data, opening.practice_sheet(), opening.PRACTICE_STAFF, wall=lambda: wall[0])
        store = None
        for number in range(rounds):
            step = rng.choice(JUMPS) * rng.choice((-1, 1))
            wall[0] = rng.choice(PLACES) if rng.random() < 0.1 else max(0.0, wall[0] + step)
            if store is None:
                store = opening.unlock(data, opening.PRACTICE_PASSPHRASE, wall=lambda: wall[0])
            desk = Desk(store.ledger, Mode.DRILL, lambda: None, rng.randbytes, store.access)
            with outcome.timed():
                try:
                    got = desk.receive(
                        Arrival(Method.DESK, desk.new_household([desk.new_person(name="練習")]))
                    )
                except KnownError as error:
                    outcome.fail(f"jump {number} to {wall[0]:.0f}: refused with {error.code}")
                    continue
            assert isinstance(got, Received)
            received.append(got.row.household.id.hex())
            if rng.random() < 0.1:
                store.close()
                store = None
        if store is not None:
            store.close()
        for found in wrong(data, received, deep=True):
            outcome.fail(found)
        with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
            times = [event.at for event in store.ledger.parts.log.events()]
            if times != sorted(set(times)):
                outcome.fail("the order of the chain and of the clock differ")
            if len(store.ledger.households()) != len(received):
                outcome.fail("households were erased or doubled")
    return outcome


SOAKS = [
    Soak(
        "store-killed",
        "Killed at any moment, nothing acknowledged is lost, and the desk is open again within 2 s.",
        killed,
        short=6,
        long=1000,
        limit_ms=2000,
    ),
    Soak(
        "store-clock-jumps",
        "Whatever the clock says, every reception is taken, in the order of the chain; nothing goes.",
        clock,
        short=40,
        long=500,
    ),
]
