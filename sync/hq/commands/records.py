"""`hq records`: what only the records officer does, with the master at hand."""

from __future__ import annotations

from pathlib import Path

import click

from kiosk.core.ids import HOUSEHOLD_SIZE
from kiosk.core.keys import MunicipalKeys
from sync.hq import authority, lost
from sync.hq.commands.options import (
    data_option,
    database_option,
    json_option,
    master_option,
    opened_hq,
    print_json,
)
from sync.hq.erasure import erase_household


@click.group("records")
def command() -> None:
    """What only the records officer does, with the master at hand."""


@command.command("erase")
@data_option
@database_option
@master_option
@json_option
@click.argument("household")
def erase(data: Path, database: str | None, master: Path, household: str, *, as_json: bool) -> None:
    """Erase what HQ keeps of one HOUSEHOLD's personal part, for good. Chains and counts stay."""
    with opened_hq(data, database) as (who, opened):
        authority.officers_master(master, who, data)
        with opened.write() as connection:
            number = erase_household(connection, _household(household))
    if as_json:
        print_json({"household": household, "erased": number})
    else:
        click.echo(f"世帯の 記録 {number}件の 個人情報を 消しました。")


@command.command("lost")
@data_option
@database_option
@master_option
@json_option
@click.argument("device")
def who_was_on(data: Path, database: str | None, master: Path, device: str, *, as_json: bool) -> None:
    """Who was on a laptop that was lost: everybody who ever stood in the log of DEVICE.

    DEVICE is its id, or the beginning of it, as `hq device list` prints it. Revoke it as well.
    """
    with opened_hq(data, database) as (who, opened):
        officers = authority.officers_master(master, who, data)
        with opened.read() as connection:
            found = lost.who_was_on(connection, device, MunicipalKeys.derive(officers).records)
    if as_json:
        print_json(found.to_dict())
        return
    for line in lost.lines(found):
        click.echo(line)


def _household(text: str) -> bytes:
    try:
        household = bytes.fromhex(text)
    except ValueError:
        household = b""
    if len(household) != HOUSEHOLD_SIZE:
        raise click.UsageError("HOUSEHOLD is 32 hexadecimal digits")
    return household
