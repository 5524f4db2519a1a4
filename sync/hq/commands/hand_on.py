"""`hq hand-on`: a list of issuers signed elsewhere, handed on by this HQ."""

from __future__ import annotations

from pathlib import Path

import click

from kiosk.errors import KnownError
from sync.hq import authority, lists
from sync.hq.commands.options import data_option, json_option, print_json


@click.command("hand-on")
@data_option
@json_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(data: Path, file: Path, *, as_json: bool) -> None:
    """Hand a list on to kiosks that was signed elsewhere: FILE is what `hq trust` wrote."""
    try:
        with file.open(encoding="utf-8") as opened:
            text = opened.read(lists.MAX_FILE)
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError("no_file", "ファイルを 読めません。", "the file can not be read") from error
    signed = lists.hand_on(data, authority.load(data), text)
    if as_json:
        print_json({"list": signed.number, "issuers": len(signed.issuers)})
    else:
        click.echo(f"信頼リスト {signed.number}（発行者 {len(signed.issuers)}）を 避難所へ わたします。")
