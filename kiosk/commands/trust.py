"""`kiosk trust`: whom this laptop believes, and what is brought to it on a USB stick."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import click

from kiosk.commands import trust_file
from kiosk.commands.code_source import texts_of
from kiosk.commands.options import data_option, json_option, read_secret
from kiosk.core import trust_list
from kiosk.core.clock import JAPAN
from kiosk.core.trust import Issuer
from kiosk.errors import KnownError
from kiosk.store import belief

LAST_DAY = 253_402_128_000
"""9999-12-31, the last day that has a name."""


@click.group()
def command() -> None:
    """Tell whose passes this laptop believes; take in a newer list, or a key that opens sealed passes."""


@command.command()
@data_option
@json_option
def show(*, data: Path, as_json: bool) -> None:
    """List the issuers whose passes are believed here, and where that is known from."""
    believed = belief.read(data)
    if believed is None:
        raise KnownError(
            "not_opened",
            "このパソコンは まだ 避難所の受付に なっていません。",
            "this folder is no kiosk yet: open a shelter first",
        )
    issuers = believed.trust.issuers
    number = None if believed.newest is None else believed.newest.number
    keys = [kid.hex() for kid in belief.pass_key_ids(data)]
    if as_json:
        answer = {
            "list": number,
            "damaged": believed.damaged,
            "issuers": [trust_list.to_row(one) for one in issuers],
            "pass_keys": keys,
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    click.echo("from the opening sheet" if number is None else f"from the opening sheet and list {number}")
    for one in issuers:
        click.echo(_line(one))
    for kid in keys:
        click.echo(f"opens passes sealed to {kid}")
    if believed.damaged:
        click.echo("信頼リストが こわれています。もう一度 取りこんでください。", err=True)


@command.command("import")
@click.argument("source")
@data_option
@json_option
def import_list(source: str, *, data: Path, as_json: bool) -> None:
    """Believe the signed list in SOURCE: a file, a picture of its code, its text, or '-'."""
    text = texts_of(source, lambda one: one.startswith(trust_list.PREFIX))[0]
    signed = belief.take_list(data, text)
    revoked = sum(one.revoked for one in signed.issuers)
    if as_json:
        answer: dict[str, Any] = {"list": signed.number, "issuers": len(signed.issuers), "revoked": revoked}
        click.echo(json.dumps(answer))
    else:
        click.echo(
            f"信頼リスト {signed.number} を 使います（発行者 {len(signed.issuers)}、取消 {revoked}）。"
        )


@command.command("add-pass-key")
@click.argument("key_file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Opens the key; '-' reads standard input.",
)
@data_option
@json_option
def add_pass_key(key_file: Path, *, passphrase_file: Path | None, data: Path, as_json: bool) -> None:
    """Let this laptop, once unlocked, open passes that are sealed to the pass key in KEY_FILE (PEM)."""
    key = trust_file.read_pass_key(key_file, read_secret(passphrase_file))
    belief.take_pass_key(data, key)
    if as_json:
        click.echo(json.dumps({"kid": key.kid.hex()}))
    else:
        click.echo(f"この かぎ（{key.kid.hex()}）で 封をした 受付証を 開けます。")


def _line(one: Issuer) -> str:
    name = one.algorithm.name.replace("EDDSA", "EdDSA")
    state = "revoked" if one.revoked else "believed"
    return (
        f"{one.issuer}  {one.kid.hex()}  {name:6}  {state:8}  {_day(one.valid_from)} - {_day(one.valid_to)}"
    )


def _day(moment: int) -> str:
    # A time beyond the calendar is as good as none.
    return dt.datetime.fromtimestamp(min(moment, LAST_DAY), JAPAN).strftime("%Y-%m-%d") if moment else ""
