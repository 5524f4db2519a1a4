"""`kiosk doctor`: how is this laptop, what is plugged into it, and what is there to do?"""

from __future__ import annotations

from pathlib import Path

import click

from kiosk import doctor
from kiosk.checkup import State
from kiosk.commands.findings import language_option, names, tell
from kiosk.commands.options import data_option, json_option


@click.command("doctor")
@data_option
@json_option
@language_option
@click.pass_context
def command(ctx: click.Context, data: Path, language: str, *, as_json: bool) -> None:
    """Look at each device, the laptop, the keys and the link; ends with 1 if something is broken.

    Asks for no passphrase, reads no card, keeps no picture, and may be run beside a desk that runs.
    """
    failed = tell(
        doctor.examine(doctor.Patient(data)),
        as_json=as_json,
        language=language,
        fails=frozenset({State.BROKEN}),
    )
    if failed:
        click.echo(f"直してから 受付を 始めてください (mend this first): {names(failed)}", err=True)
    ctx.exit(1 if failed else 0)
