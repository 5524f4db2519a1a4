"""`hq serve`: HQ at work, until told to end."""

from __future__ import annotations

from pathlib import Path

import click

from sync.hq.authority import PORT
from sync.hq.commands.options import data_option, database_option


@click.command("serve")
@data_option
@database_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Only this computer, for now.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
def command(data: Path, database: str | None, host: str, port: int) -> None:
    """Serve devices and pages until told to end; prints READY and the address when it listens."""
    from sync.hq.serve import serve  # noqa: PLC0415 - the other commands need no web server

    serve(
        data,
        lambda url: click.echo(f"READY {url}"),
        database_url=database,
        host=host,
        port=port,
    )
