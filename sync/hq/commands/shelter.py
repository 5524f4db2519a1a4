"""`hq shelter`: the shelters of the city, typed or from its open data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kiosk.errors import KnownError
from sync.hq import shelters
from sync.hq.commands.options import (
    data_option,
    database_option,
    json_option,
    milliseconds,
    opened_hq,
    print_json,
)


@click.group("shelter")
def command() -> None:
    """Shelters."""


@command.command("add")
@data_option
@database_option
@click.option("--id", "identity", required=True, help="Its id in the city's open data.")
@click.option("--name", required=True)
@click.option("--address", default="")
@click.option("--capacity", default="", help="How many it is meant for, as a text.")
def add(data: Path, database: str | None, identity: str, name: str, address: str, capacity: str) -> None:
    """Add one shelter, or bring it up to date."""
    with opened_hq(data, database) as (who, opened), opened.write() as connection:
        one = shelters.Shelter(
            shelters.clean(identity)[:64],
            who.municipality,
            shelters.clean(name),
            address=shelters.clean(address),
            capacity=shelters.clean(capacity),
        )
        if not one.id or not one.name:
            raise KnownError("no_name", "名前を 入れてください。", "a shelter has an id and a name")
        shelters.add_shelters(connection, [one], milliseconds())
    click.echo(f"{one.id} {one.name}")


@command.command("import")
@data_option
@database_option
@click.argument("csv", type=click.File("rb"))
def import_csv(data: Path, database: str | None, csv: Any) -> None:  # noqa: ANN401 - click's file
    """Import shelters from the city's open-data CSV (指定緊急避難場所, 39 columns)."""
    with opened_hq(data, database) as (who, opened), opened.write() as connection:
        found, left_out = shelters.read_open_data(csv.read(shelters.MAX_FILE + 1), who.municipality)
        imported = shelters.add_shelters(connection, found, milliseconds())
    click.echo(f"避難所 {imported.added}か所を 加え、{imported.changed}か所を 新しく しました。")
    if left_out:
        lines = "、".join(str(line) for line in left_out[:20])
        click.echo(f"名前の ない 行を とばしました: {lines}行目", err=True)


@command.command("list")
@data_option
@database_option
@json_option
def list_shelters(data: Path, database: str | None, *, as_json: bool) -> None:
    """List the shelters."""
    with opened_hq(data, database) as (_, opened), opened.read() as connection:
        found = shelters.find_shelters(connection)
    if as_json:
        print_json({"shelters": [{"id": one.id, "name": one.name} for one in found]})
    for one in () if as_json else found:
        click.echo(f"{one.id}\t{one.name}\t{one.capacity}")
