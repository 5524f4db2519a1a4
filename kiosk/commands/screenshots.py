"""`kiosk screenshots`: every screen with invented people, as pictures, without a display."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from kiosk.errors import KnownError


@click.command("screenshots", help="Draw every screen and error state into pictures, with invented people.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder to write to."
)
@click.option(
    "--lang",
    default="ja",
    show_default=True,
    help="ja, ja-easy, en, zh, ko, vi, pt, fil or ne; all for each in a folder of its own.",
)
@click.option("--size", default="1366x768", show_default=True, help="Width x height of the window.")
@click.option("--night", is_flag=True, help="In the colours of the night.")
def command(*, out: Path, lang: str, size: str, night: bool) -> None:
    """Write the pictures and say how many."""
    measures = re.fullmatch(r"(\d{3,4})x(\d{3,4})", size)
    if measures is None:
        raise click.BadParameter("write it like 1366x768", param_hint="--size")
    # Before Qt is loaded: this never opens a window on anyone's desktop.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from ui import theme  # noqa: PLC0415 - as above
    from ui.pictures import render  # noqa: PLC0415 - Qt is only loaded when it is drawn with
    from ui.words import OFFERED  # noqa: PLC0415 - as above

    if lang not in (*OFFERED, "all"):
        raise KnownError(
            "no_such_language",
            "その 言葉は まだ ありません。",
            f"there is no language {lang}; there are {' '.join(OFFERED)}",
        )
    theme.dress(theme.Look(theme.Dress.NIGHT if night else theme.Dress.LIGHT))
    places = {language: out / language for language in OFFERED} if lang == "all" else {lang: out}
    written = [
        path
        for language, folder in places.items()
        for path in render(folder, language, int(measures[1]), int(measures[2]))
    ]
    click.echo(f"{len(written)} pictures in {out}")
