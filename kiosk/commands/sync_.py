"""`kiosk sync`: bring what this laptop wrote to HQ, once or for ever, without opening the store."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict
from pathlib import Path

import click

from kiosk.commands.options import data_option, json_option
from sync import outbox, runner
from sync.runner import Runner


@click.command("sync")
@data_option
@json_option
@click.option("--once", is_flag=True, help="One attempt, then end: 0 when HQ has everything.")
def command(data: Path, *, as_json: bool, once: bool) -> None:
    """Bring what this laptop wrote to HQ. Without --once it goes on until it is told to end."""
    if not once:
        runner.main(str(data))
        return
    with contextlib.closing(Runner(outbox.folder(data))) as sync:
        status = sync.round()
        if as_json:
            said = asdict(status) | {"requests": sync.requests, "sent_bytes": sync.sent_bytes}
            click.echo(json.dumps(said, ensure_ascii=False))
        else:
            click.echo(f"本部は {status.hq_seq}件目まで 受け取りました。")
