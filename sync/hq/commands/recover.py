"""`hq recover`: a shelter that can not open its laptop any more is let in again (for the officer)."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kiosk.core.recovery import Request
from kiosk.errors import KnownError
from kiosk.files import write_whole
from sync.hq import recover
from sync.hq.commands.options import json_option, print_json


@click.command("recover")
@click.option(
    "--master",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The officer's master file.",
)
@click.option(
    "--slots",
    "sent",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The shelter's recovery request (`kiosk staff recover`). With a copy of its keys.cbor, the master"
    " is only tried.",
)
@click.option("--number", help="The request's number, as read out on the telephone (default: ask for it).")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the answer (default: print it).",
)
@json_option
def command(master: Path, sent: Path, number: str | None, out: Path | None, *, as_json: bool) -> None:
    """Let a shelter in again whose staff can not open their laptop any more (for the officer).

    Call the shelter on a telephone number you know before you answer.
    """
    asked = recover.read(sent)
    if not isinstance(asked, Request):
        recover.see_that_it_opens(master, asked)
        told: dict[str, object] = {"opens": True, "staff": len(asked.staff)}
        if as_json:
            print_json(told)
        else:
            click.echo("この マスター鍵で 開けます。鍵は 出して いません。")
        return
    click.echo(f"避難所: {asked.shelter}　お願いした人: {asked.slot.name}", err=True)
    recover.see_that_it_is_theirs(asked, number or _heard())
    text = recover.answer(master, asked).to_text()
    if out is not None:
        write_whole(out, f"{text}\n".encode())
    if as_json:
        told = {"shelter": asked.shelter, "name": asked.slot.name, "number": asked.fingerprint}
        told |= {"answer": text} if out is None else {"file": str(out)}
        print_json(told)
    else:
        click.echo(text if out is None else f"返事を 書きました: {out}")


def _heard() -> str:
    if not sys.stdin.isatty():
        raise KnownError(
            "number_needed",
            "避難所に 電話して、お願いの 番号を きいてください。",
            "call the shelter on a number you know, and give the request's number with --number",
        )
    return str(click.prompt("電話で きいた 番号 (number read out on the telephone)", err=True))
