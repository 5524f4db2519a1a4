"""`hq incident`: disasters and drills."""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path

import click

from kiosk.core.clock import JAPAN
from kiosk.core.household import Mode
from sync.hq import shelters
from sync.hq.commands.options import (
    data_option,
    database_option,
    json_option,
    milliseconds,
    opened_hq,
    print_json,
)


@click.group("incident")
def command() -> None:
    """Disasters and drills."""


@command.command("add")
@data_option
@database_option
@json_option
@click.option("--name", required=True)
@click.option("--kind", default="", help="For example 地震 or 大雨.")
@click.option("--mode", type=click.Choice(["disaster", "drill"]), required=True)
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="(default: today)")
def add(
    data: Path,
    database: str | None,
    name: str,
    kind: str,
    mode: str,
    date: dt.datetime | None,
    *,
    as_json: bool,
) -> None:
    """Begin an incident; prints its id."""
    day = (date or dt.datetime.now(JAPAN)).date()
    with opened_hq(data, database) as (_, opened), opened.write() as connection:
        begun = shelters.add_incident(
            connection, name, kind, Mode[mode.upper()], day, secrets.token_bytes, milliseconds()
        )
    if as_json:
        print_json(
            {"incident": begun.id.hex(), "name": begun.name, "mode": mode, "date": begun.date.isoformat()}
        )
    else:
        click.echo(begun.id.hex())
