"""`hq counts`: the figures of every shelter."""

from __future__ import annotations

from pathlib import Path

import click

from kiosk.core.household import Mode
from kiosk.core.words import METHOD_WORDS, MODE_WORDS
from sync.hq import figures, shelters
from sync.hq.commands.options import data_option, database_option, json_option, opened_hq, print_json


@click.command("counts")
@data_option
@database_option
@json_option
@click.option("--incident", "which", metavar="ID|NAME", help="Only what was received for this incident.")
def command(data: Path, database: str | None, which: str | None, *, as_json: bool) -> None:
    """Print the figures of every shelter, drill and disaster apart."""
    with opened_hq(data, database) as (_, opened), opened.read() as connection:
        identity = shelters.find_incident(connection, which) if which else None
        both = [figures.read(connection, mode, identity) for mode in (Mode.DISASTER, Mode.DRILL)]
    if as_json:
        print_json({one.mode.name.lower(): one.to_dict() for one in both})
        return
    for one in both:
        click.echo(f"【{MODE_WORDS[one.mode]}】 避難所 {len(one.shelters)}か所")
        for row in (*one.shelters, one.total):
            methods = " ".join(
                f"{word} {row.by_method[method.word]}" for method, word in METHOD_WORDS.items()
            )
            said, reported = row.counts, row.reported
            waiting = "" if row.complete else f"（報告 {reported.households}世帯 {reported.persons}人）"
            click.echo(f"  {row.name or '合計'}\t{said.households}世帯\t{said.persons}人\t{methods}{waiting}")
