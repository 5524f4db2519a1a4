"""`hq init`: a new HQ, under the officer's master file."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from sync.hq import authority, shelters
from sync.hq.authority import PORT
from sync.hq.commands.options import data_option, database_option, master_option
from sync.hq.database import open_database


@click.command("init")
@data_option
@database_option
@master_option
@click.option("--municipality", default="431001", show_default=True, help="The city's six-digit code.")
@click.option("--name", default="", help="The city's name.")
@click.option(
    "--url",
    default=f"http://127.0.0.1:{PORT}",
    show_default=True,
    help="Where kiosks find this HQ; printed on opening sheets.",
)
def command(data: Path, database: str | None, master: Path, municipality: str, name: str, url: str) -> None:
    """Set up a new HQ, under the officer's master file, which is made if it is not there."""
    if shelters.municipal_code(municipality) != municipality:
        raise click.UsageError("--municipality has six digits")
    made = not master.exists()
    authority.initialise(data, master, municipality, shelters.clean(name), url, secrets.token_bytes)
    open_database(data, database).close()
    click.echo(f"本部の データを 作りました: {data}")
    if made:
        click.echo(f"マスター鍵を 作りました: {master} （係の人が、本部の データと 別に 保管してください）")
