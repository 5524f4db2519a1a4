"""`kiosk search`: find a household by whatever is known of it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kiosk.commands.at_desk import open_lists, row_to_json, row_to_text
from kiosk.commands.options import data_option, json_option, passphrase_option, who_option


@click.command("search")
@data_option
@passphrase_option
@who_option
@json_option
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="At most so many.")
@click.argument("text")
def command(data: Path, passphrase: str, who: str | None, limit: int, text: str, *, as_json: bool) -> None:
    """Find households by TEXT: a name in kana, kanji or Romaji, a birth, the end of a telephone number,
    a reception number, or several of these with spaces between.

    Birth, address and telephone are not shown. Who searched is written into the log.
    """  # noqa: D205 - click takes the first paragraph for the summary
    with open_lists(data, passphrase, who) as opened:
        rows = opened.lists.search(text, limit)
    if as_json:
        click.echo(json.dumps({"households": [row_to_json(row) for row in rows]}, ensure_ascii=False))
        return
    for row in rows:
        click.echo(row_to_text(row))
    if not rows:
        click.echo("見つかりませんでした。", err=True)
