"""`kiosk close-shelter`: the shelter is closed; this laptop forgets everything and says so on paper."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from kiosk.commands.options import (
    data_option,
    given_or_asked,
    json_option,
    second_option,
    second_person,
    who_option,
)
from kiosk.store import closing, opening, slots


@click.command("close-shelter")
@data_option
@who_option
@second_option
@json_option
@click.option("--passphrase-file", metavar="FILE", help="The passphrase: the first line of FILE, or '-'.")
@click.option(
    "--certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Where the certificate of erasure goes: a new file outside the data folder.",
)
@click.option("--force", is_flag=True, help="Also when HQ does not have everything; needs --reason.")
@click.option("--reason", default="", help="Why, for the certificate.")
def command(  # noqa: PLR0913 - a command takes the options it takes
    data: Path,
    who: str | None,
    second: str | None,
    second_file: str | None,
    passphrase_file: str | None,
    certificate: Path,
    reason: str,
    *,
    as_json: bool,
    force: bool,
) -> None:
    """Erase this kiosk for good, when HQ has everything, and write a signed certificate of it.

    It takes two supervisors. Called again after it was cut off, it finishes without asking anything.
    """
    done = closing.resume(data, time.time)
    if done is None:
        slots.load(data)
        practice = passphrase_file is None and opening.is_practice(data)
        passphrase = opening.PRACTICE_PASSPHRASE if practice else given_or_asked(passphrase_file)
        store = opening.unlock(data, passphrase, name=who)
        try:
            joined = second_person(data, second, second_file)
        except BaseException:
            store.close()
            raise
        done = closing.close_shelter(
            store, certificate, second=joined, force=force, reason=reason, wall=time.time
        )
    if as_json:
        click.echo(json.dumps(done, ensure_ascii=False))
    else:
        click.echo(closing.as_text(done), nl=False)
