"""`kiosk list`: who is here, the newest first."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kiosk.commands.at_desk import open_lists, row_to_json, row_to_text
from kiosk.commands.options import data_option, json_option, passphrase_option, who_option
from kiosk.lists import EVERYBODY


@click.command("list")
@data_option
@passphrase_option
@who_option
@json_option
@click.option(
    "--limit", type=click.IntRange(1, EVERYBODY), default=EVERYBODY, help="At most so many (default: all)."
)
def command(data: Path, passphrase: str, who: str | None, limit: int, *, as_json: bool) -> None:
    """List the households of this shelter, the newest first.

    Birth, address and telephone are not shown. Who asked is written into the log.
    """
    with open_lists(data, passphrase, who) as opened:
        rows = opened.lists.search(limit=limit)
    if as_json:
        click.echo(json.dumps({"households": [row_to_json(row) for row in rows]}, ensure_ascii=False))
        return
    for row in rows:
        click.echo(row_to_text(row))
