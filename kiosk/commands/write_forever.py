"""`kiosk write-forever`: receive invented households until killed, for crash tests.

Each ACK line is printed after its commit: whatever was printed must be there afterwards.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from kiosk.commands.options import data_option
from kiosk.core.household import Method, Mode, Sex
from kiosk.desk import Arrival, Desk, Received
from kiosk.store import opening


@click.command("write-forever")
@data_option
def command(data: Path) -> None:
    """Receive invented households as fast as it goes, until killed.

    Prints READY, then one line `ACK <device>:<seq> <household id>` per durably committed household. Uses
    a practice store of its own under --data, opened without a prompt.
    """
    if not opening.is_opened(data):
        opening.open_shelter(data, opening.practice_sheet(), opening.PRACTICE_STAFF)
    store = opening.unlock(data, opening.PRACTICE_PASSPHRASE)
    desk = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, store.access)
    click.echo("READY")
    published = time.monotonic()
    number = 0
    while True:
        number += 1
        person = desk.new_person(
            name=f"練習　{number}郎", kana=f"レンシュウ　{number}ロウ", sex=Sex(1 + number % 2)
        )
        outcome = desk.receive(Arrival(Method.DESK, desk.new_household([person], address="練習市1-2-3")))
        if isinstance(outcome, Received):
            done = outcome.committed
            click.echo(f"ACK {done.device.hex()}:{done.seq} {outcome.row.household.id.hex()}")
        if time.monotonic() - published > 1:
            store.ledger.publish()
            published = time.monotonic()
