"""`kiosk check`: is everything that was acknowledged still here, and unchanged?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from kiosk.commands.options import data_option, json_option, passphrase_option
from kiosk.store import opening


@click.command("check")
@data_option
@passphrase_option
@json_option
@click.option("--households", is_flag=True, help="Also list the id of every household that stands.")
@click.pass_context
def command(ctx: click.Context, data: Path, passphrase: str, *, as_json: bool, households: bool) -> None:
    """Verify the whole log: its chain, signatures and seals, and that the views follow from it."""
    with opening.unlocked(data, passphrase) as store:
        problems = store.ledger.problems()
        ids = [identity.hex() for identity in store.ledger.households()] if households else None
        events = store.ledger.head[0]
    if as_json:
        answer: dict[str, object] = {"ok": not problems, "problems": problems, "events": events}
        if ids is not None:
            answer["households"] = ids
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(problem, err=True)
        click.echo(f"{events} events checked: {'all is well' if not problems else 'NOT well'}")
        for identity in ids or []:
            click.echo(identity)
    ctx.exit(1 if problems else 0)
