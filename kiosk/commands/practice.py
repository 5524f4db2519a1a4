"""`kiosk practice`: the window with played visitors and a private HQ."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from kiosk.practice import set_up
from kiosk.rehearsal import City, PrivateHq, free_of_proxies, free_port


@click.command("practice")
@click.option("--full-screen", is_flag=True, help="Without a window frame.")
@click.pass_context
def command(ctx: click.Context, *, full_screen: bool) -> None:
    """The reception desk for practice: invented visitors, a played camera and card, a private HQ.

    Everything is thrown away at the end.
    """
    from ui import app  # noqa: PLC0415 - Qt is only loaded by commands with a window
    from ui.props import Prop  # noqa: PLC0415 - as above

    free_of_proxies()
    with tempfile.TemporaryDirectory(prefix="shelter-kiosk-practice-", ignore_cleanup_errors=True) as place:
        running: list[PrivateHq] = []

        def start(city: City) -> str:
            running.append(PrivateHq(city, port))
            return running[0].start()

        port = free_port()
        try:
            practice = set_up(Path(place), start, f"http://127.0.0.1:{port}")
            props = [Prop(words, play) for words, play in practice.props]
            ctx.exit(app.run(practice.station, full_screen=full_screen, props=props))
        finally:
            for hq in running:
                hq.stop()
