"""`kiosk selftest`: does this build have everything it needs, and does it work together here?"""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from kiosk import selftest
from kiosk.commands.options import json_option


@click.command("selftest")
@json_option
@click.pass_context
def command(ctx: click.Context, *, as_json: bool) -> None:
    """Check that this build has everything it needs; ends with 1 if something is missing.

    Works in temporary folders with invented people and touches no device and no store.
    """
    checks = []
    for check in selftest.run():
        checks.append(check)
        if not as_json:
            click.echo(f"{'ok  ' if check.ok else 'NOT '} {check.name:13} {check.says}")
            if check.to_do:
                click.echo(f"{'':18} {check.to_do}")
    failed = [check.name for check in checks if not check.ok]
    if as_json:
        said = {"ok": not failed, "checks": [asdict(check) for check in checks]}
        click.echo(json.dumps(said, ensure_ascii=False))
    if failed:
        click.echo(f"this build is not complete: {', '.join(failed)}", err=True)
    ctx.exit(1 if failed else 0)
