"""`kiosk selftest`: does this build have everything it needs, and does it work together here?"""

from __future__ import annotations

import click

from kiosk import selftest
from kiosk.checkup import State
from kiosk.commands.findings import language_option, names, tell
from kiosk.commands.options import json_option


@click.command("selftest")
@json_option
@language_option
@click.pass_context
def command(ctx: click.Context, language: str, *, as_json: bool) -> None:
    """Check that this build has everything it needs; ends with 1 if something is missing.

    Works in temporary folders with invented people and touches no device and no store.
    """
    failed = tell(
        selftest.run(),
        as_json=as_json,
        language=language,
        # A build that can not even be asked is not complete.
        fails=frozenset(State) - {State.OK},
    )
    if failed:
        click.echo(f"この版は そろっていません (this build is not complete): {names(failed)}", err=True)
    ctx.exit(1 if failed else 0)
