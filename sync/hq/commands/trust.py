"""`hq trust`: whose passes the kiosks believe, signed by the officer and handed on by HQ."""

from __future__ import annotations

from pathlib import Path

import click

from kiosk.files import write_whole
from sync.hq import authority, lists
from sync.hq.commands.options import data_option, json_option, master_option, milliseconds, print_json


@click.command("trust")
@data_option
@master_option
@json_option
@click.option(
    "--issuer-file",
    "issuer_files",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    required=True,
    help="Whose passes kiosks believe from now on, or no more (revoked): a trust file; may be repeated.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The signed list (text)."
)
def command(data: Path, master: Path, issuer_files: tuple[Path, ...], out: Path, *, as_json: bool) -> None:
    """Sign a list of issuers for the kiosks of this city, and hand it on with their next contact.

    Carry it to those without a link (`kiosk trust import`). The newest list counts. A key it does not name
    stays as the opening sheet has it.
    """
    who = authority.load(data)
    secret = authority.officers_master(master, who, data)
    issuers = [one for path in issuer_files for one in lists.read_issuers(path)]
    text = lists.sign(who, secret, issuers, milliseconds() // 1000)
    signed = lists.hand_on(data, who, text)
    write_whole(out, f"{text}\n".encode(), mode=0o644)
    if as_json:
        print_json({"list": signed.number, "issuers": len(signed.issuers), "file": str(out)})
    else:
        click.echo(f"信頼リスト {signed.number}（発行者 {len(signed.issuers)}）を 書きました: {out}")
