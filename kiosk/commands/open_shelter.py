"""`kiosk open-shelter`: an opening sheet makes this laptop a shelter's kiosk, with no network."""

from __future__ import annotations

import json
from pathlib import Path
from string import ascii_uppercase

import click

from kiosk.commands.options import data_option, json_option, passphrase_option
from kiosk.core.sheet import PREFIX
from kiosk.core.words import MODE_WORDS
from kiosk.store import opening
from kiosk.wiring import read_sheet_picture


@click.command("open-shelter")
@data_option
@passphrase_option
@json_option
@click.option("--sheet", help="A picture of the opening sheet, or the text of its code.")
@click.option("--camera", type=int, help="The number of a camera to hold the sheet to.")
@click.option("--staff", default="係", show_default=True, help="The name of the first staff account.")
@click.option(
    "--desk",
    type=click.Choice(list(ascii_uppercase)),
    default="A",
    show_default=True,
    help="The letter before this laptop's reception numbers; another one for each laptop of a shelter.",
)
def command(
    data: Path,
    passphrase: str,
    sheet: str | None,
    camera: int | None,
    staff: str,
    desk: str,
    *,
    as_json: bool,
) -> None:
    """Make this laptop a shelter's kiosk from its opening sheet, offline."""
    if (sheet is None) == (camera is None):
        raise click.UsageError("give either --sheet or --camera")
    if sheet is not None and sheet.startswith(PREFIX):
        text = sheet
    else:
        text = read_sheet_picture(f"camera:{camera}" if sheet is None else sheet)
    opened = opening.open_shelter(data, text, opening.Staff(staff, passphrase), desk=desk)
    mode = MODE_WORDS[opened.mode]
    if as_json:
        answer = {"shelter": opened.shelter, "name": opened.name, "mode": opened.mode.name.lower()}
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        click.echo(f"「{opened.name}」の受付に なりました（{mode}）。")
