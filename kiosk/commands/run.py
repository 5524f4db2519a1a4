"""`kiosk run`: the reception desk."""

from __future__ import annotations

from pathlib import Path

import click

from kiosk import launcher
from kiosk.commands.options import data_option
from kiosk.core.locking import DEFAULT_IDLE_MINUTES, IDLE_MINUTES


@click.command("run")
@data_option
@click.option(
    "--camera",
    default="",
    help="A camera, a video or a stream: see `kiosk scan`. Otherwise the camera chosen here, or the first.",
)
@click.option("--window", is_flag=True, help="In a window instead of the whole screen.")
@click.option(
    "--lock-after",
    type=click.IntRange(IDLE_MINUTES[0], IDLE_MINUTES[-1]),
    metavar="MINUTES",
    help="Lock when nobody was at the desk for so long, 1 to 10 (default: as chosen on the screen, else"
    f" {DEFAULT_IDLE_MINUTES}). Ctrl+L locks at once.",
)
@click.pass_context
def command(ctx: click.Context, data: Path, camera: str, *, window: bool, lock_after: int | None) -> None:
    """The reception desk of the shelter this laptop was opened for; of none yet, it asks for its sheet.

    Reporting to HQ goes on while the desk is locked, in a process of its own.
    """
    options = launcher.DeskOptions(data, camera, window, lock_after)
    ctx.exit(launcher.launch(launcher.desk, (options,), data, launcher.load_desk))
