"""`kiosk shelter-code`: the code by which phones know this shelter, as a picture or a poster."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from kiosk.commands.code_files import write_codes
from kiosk.commands.options import data_option, json_option
from kiosk.core import shelter_code
from kiosk.errors import KnownError
from kiosk.store import belief


@click.command("shelter-code")
@data_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a poster (.pdf, A4), a picture (.png, .svg) or the code's text (.txt).",
)
@json_option
def command(*, data: Path, out: Path | None, as_json: bool) -> None:
    """Draw the shelter code that people scan with the city's app, for the wall or for a screen.

    It needs no passphrase and no network: this laptop's opening sheet brought the signature.
    """
    believed = belief.read(data)
    if believed is None:
        raise KnownError(
            "not_opened",
            "このパソコンは まだ 避難所の受付に なっていません。",
            "this folder is no kiosk yet: open a shelter first",
        )
    shelter = believed.sheet.code
    text = shelter_code.write(shelter, believed.sheet.endorsement)

    def poster() -> bytes:
        from kiosk.paper import poster  # noqa: PLC0415 - 0.8 s to load, and only paper needs it

        return poster.pdf(shelter, text, int(time.time()))

    files = write_codes([text], out, poster) if out else []
    if as_json:
        answer = {
            "text": text,
            "shelter": shelter.shelter,
            "name": shelter.name,
            "mode": shelter.mode.name.lower(),
            "files": [str(path) for path in files],
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
    elif out:
        click.echo(f"「{shelter.name}」の 避難所コードを 書きました: {out}")
    else:
        from kiosk.paper import code  # noqa: PLC0415 - only drawing needs segno

        click.echo(code.terminal(text))
        click.echo(text)
