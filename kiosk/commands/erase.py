"""`kiosk erase`: forget one household for good, on somebody's request."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kiosk.commands.options import (
    data_option,
    json_option,
    passphrase_option,
    second_option,
    second_person,
    who_option,
)
from kiosk.core.access import Action
from kiosk.core.ids import HOUSEHOLD_SIZE, HouseholdId
from kiosk.store import opening


@click.command("erase")
@data_option
@passphrase_option
@who_option
@second_option
@json_option
@click.option("--reason", default="", help="Who asked for it, and why: it is written into the log.")
@click.argument("household")
def command(
    data: Path,
    passphrase: str,
    who: str | None,
    second: str | None,
    second_file: str | None,
    reason: str,
    household: str,
    *,
    as_json: bool,
) -> None:
    """Erase all that is known of HOUSEHOLD (its id, 32 hexadecimal digits); there is no undo.

    The counts stay. It takes two supervisors and a reason. HQ erases for itself: `hq records erase`.
    """
    try:
        identity = HouseholdId(bytes.fromhex(household))
    except ValueError:
        identity = HouseholdId(b"")
    if len(identity) != HOUSEHOLD_SIZE:
        raise click.UsageError("HOUSEHOLD is 32 hexadecimal digits")
    joined = second_person(data, second, second_file)
    with opening.unlocked(data, passphrase, who) as store:
        store.access.check(Action.ERASE, reason=reason, second=joined)
        together = store.staff if joined is None else f"{store.staff}、{joined.name}"
        store.ledger.erase(identity, together, reason)
    sentence = "この世帯の 個人情報を 消しました。本部と バックアップの 分は、それぞれで 消してください。"
    click.echo(json.dumps({"erased": household}) if as_json else sentence)
