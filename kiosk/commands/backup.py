"""`kiosk backup`: the whole store in one encrypted file, for a stick in the safe."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from kiosk.commands.options import data_option, json_option, passphrase_option, who_option
from kiosk.core.access import Action
from kiosk.store import backup, opening


@click.command("backup")
@data_option
@passphrase_option
@who_option
@json_option
@click.argument("target", type=click.Path(path_type=Path))
def command(data: Path, passphrase: str, who: str | None, target: Path, *, as_json: bool) -> None:
    """Write a backup of everything to TARGET, a new file or a folder such as a USB stick.

    It stays encrypted and opens with the same passphrases. It is read back and checked before this says so.
    """
    with opening.unlocked(data, passphrase, who) as store:
        store.access.check(Action.BACKUP)
        made = backup.write(store, target, time.time)
    if as_json:
        said = {"file": str(made.path), "events": made.head.seq, "bytes": made.path.stat().st_size}
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo(f"バックアップを 作り、確かめました（記録 {made.head.seq}件）: {made.path}")
