"""`hq sheets`: the opening sheets (開設シート), printed before any disaster."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from kiosk.core.household import Mode
from sync.hq import authority, lists, sheets, shelters
from sync.hq.commands.options import (
    data_option,
    database_option,
    json_option,
    master_option,
    milliseconds,
    opened_hq,
    print_json,
)


@click.command("sheets")
@data_option
@database_option
@master_option
@json_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="sheets.pdf: one A4 page a sheet; or a folder (DIR or 'DIR/*.png'): the bare codes as PNGs.",
)
@click.option("--shelter", "ids", multiple=True, help="Only this shelter's id; may be repeated.")
@click.option("--mode", type=click.Choice(["both", "disaster", "drill"]), default="both", show_default=True)
@click.option("--url", help="Where kiosks find HQ, if not where `hq init` said.")
@click.option(
    "--devices",
    type=click.IntRange(1, 1000),
    default=sheets.DEVICES,
    show_default=True,
    help="Cap of a new series.",
)
@click.option(
    "--issuer-file",
    "issuer_files",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    help="Whose passes kiosks believe: a trust file of `kiosk pass keygen`; may be repeated.",
)
def command(  # noqa: PLR0913 - a command takes the options it takes
    data: Path,
    database: str | None,
    master: Path,
    out: Path,
    *,
    ids: tuple[str, ...],
    mode: str,
    url: str | None,
    devices: int,
    issuer_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Print opening sheets (開設シート), one a shelter and mode. Printing again gives the same sheets."""
    modes = [Mode.DISASTER, Mode.DRILL] if mode == "both" else [Mode[mode.upper()]]
    issuers = [one for path in issuer_files for one in lists.read_issuers(path) if not one.revoked]
    with opened_hq(data, database) as (who, opened):
        secret = authority.officers_master(master, who, data)
        with opened.write() as connection:
            printed = sheets.make(
                connection,
                who,
                secret,
                shelters.find_shelters(connection, ids),
                modes,
                issuers,
                hq_url=url,
                devices=devices,
                randomness=secrets.token_bytes,
                now=milliseconds(),
            )
            # Written before the series are committed: a sheet HQ does not know is worse than none.
            paths = sheets.write(printed, out)
    if as_json:
        print_json(
            {
                "sheets": [
                    {"shelter": one.sheet.shelter, "mode": one.sheet.mode.name.lower(), "text": one.text}
                    for one in printed
                ],
                "files": [str(path) for path in paths],
            }
        )
    else:
        click.echo(f"開設シート {len(printed)}枚を 書きました: {paths[0] if len(paths) == 1 else out}")
