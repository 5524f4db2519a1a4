"""`kiosk run`: the reception desk."""

from __future__ import annotations

from pathlib import Path

import click

from kiosk.commands.options import data_option
from kiosk.store import opening
from kiosk.wiring import DeskStation, real_devices


@click.command("run")
@data_option
@click.option(
    "--camera", default="camera:0", show_default=True, help="A camera, a video or a stream: see `kiosk scan`."
)
@click.option("--window", is_flag=True, help="In a window instead of the whole screen.")
@click.pass_context
def command(ctx: click.Context, data: Path, camera: str, *, window: bool) -> None:
    """The reception desk of the shelter this laptop was opened for."""
    practice = opening.is_practice(data)
    station = DeskStation(
        data,
        real_devices(camera),
        passphrase=opening.PRACTICE_PASSPHRASE if practice else None,
    )
    from ui import app  # noqa: PLC0415 - Qt is loaded after everything that can refuse

    ctx.exit(app.run(station, full_screen=not window))
