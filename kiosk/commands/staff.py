"""`kiosk staff`: who may open this laptop's store.

Secrets are asked for or read from files, never taken as arguments, where every user of the laptop could see
them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kiosk.commands.options import (
    data_option,
    json_option,
    new_secret_option,
    passphrase_option,
    who_option,
)
from kiosk.core.access import Role
from kiosk.errors import KnownError
from kiosk.files import write_whole
from kiosk.store import opening, rescue
from kiosk.store.accounts import Accounts

ROLES = {
    Role.VOLUNTEER: "受付の 手伝い",
    Role.RECEPTIONIST: "受付",
    Role.HEALTH: "保健師",
    Role.AUDITOR: "監査",
    Role.SUPERVISOR: "責任者",
}
MAX_ANSWER = 64 * 1024


@click.group("staff")
def command() -> None:
    """Staff accounts of this laptop: list, add, remove, rename, new secrets, and HQ's help.

    Supervisors, health staff and auditors have a passphrase; receptionists and volunteers may have a PIN of
    six digits or more, which opens on this laptop only.
    """


@contextmanager
def _accounts(data: Path, passphrase: str, who: str | None) -> Iterator[Accounts]:
    with opening.unlocked(data, passphrase, who) as store:
        yield Accounts(store)


def _say(sentence: str, *, as_json: bool, **told: object) -> None:
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else sentence)


@command.command("list")
@data_option
@passphrase_option
@who_option
@json_option
def list_(data: Path, passphrase: str, who: str | None, *, as_json: bool) -> None:
    """List everybody who may open the store."""
    with _accounts(data, passphrase, who) as accounts:
        rows = accounts.list()
    if as_json:
        click.echo(json.dumps({"staff": rows}, ensure_ascii=False))
        return
    for row in rows:
        role = ROLES.get(row["role"], row["role"])
        kind = {"pin": "暗証番号", "passphrase": "合言葉"}[row["secret"]]
        place = "この パソコンだけ" if row["this_laptop_only"] else "どの パソコンでも"
        wrong = f"\tまちがい {row['wrong_tries']}回" if row["wrong_tries"] else ""
        click.echo(f"{row['name']}\t{role}\t{kind}\t{place}{wrong}")
    if all(row["this_laptop_only"] for row in rows if row["role"] == Role.SUPERVISOR):
        click.echo(
            "ほかの パソコンで 開ける 責任者が いません（15文字 以上の 合言葉が いります）。", err=True
        )


@command.command("add")
@data_option
@passphrase_option
@who_option
@new_secret_option
@json_option
@click.argument("name")
@click.option("--role", type=click.Choice([str(role) for role in Role]), required=True)
def add(
    data: Path, passphrase: str, who: str | None, new_secret: str, name: str, role: str, *, as_json: bool
) -> None:
    """Let somebody more open the store."""
    with _accounts(data, passphrase, who) as accounts:
        slot = accounts.add(name, Role(role), new_secret)
    _say(f"「{slot.name}」を 加えました。", as_json=as_json, added=slot.name, role=slot.role)


@command.command("remove")
@data_option
@passphrase_option
@who_option
@json_option
@click.argument("name")
def remove(data: Path, passphrase: str, who: str | None, name: str, *, as_json: bool) -> None:
    """Let somebody open the store no more; the store's key is changed."""
    with _accounts(data, passphrase, who) as accounts:
        accounts.remove(name)
    _say(f"「{name}」は もう 開けません。", as_json=as_json, removed=name)


@command.command("rename")
@data_option
@passphrase_option
@who_option
@json_option
@click.argument("name")
@click.argument("new")
def rename(data: Path, passphrase: str, who: str | None, name: str, new: str, *, as_json: bool) -> None:
    """Give somebody another name."""
    with _accounts(data, passphrase, who) as accounts:
        accounts.rename(name, new)
    _say(f"「{name}」は 「{new}」に なりました。", as_json=as_json, renamed=name, to=new)


@command.command("secret")
@data_option
@passphrase_option
@who_option
@new_secret_option
@json_option
def secret(data: Path, passphrase: str, who: str | None, new_secret: str, *, as_json: bool) -> None:
    """Change your own passphrase or PIN."""
    with _accounts(data, passphrase, who) as accounts:
        accounts.change_own_secret(new_secret)
    _say("合言葉を かえました。", as_json=as_json, changed=True)


@command.command("reset")
@data_option
@passphrase_option
@who_option
@new_secret_option
@json_option
@click.argument("name")
def reset(data: Path, passphrase: str, who: str | None, new_secret: str, name: str, *, as_json: bool) -> None:
    """Give somebody else a new passphrase or PIN."""
    with _accounts(data, passphrase, who) as accounts:
        accounts.reset(name, new_secret)
    _say(f"「{name}」の 合言葉を かえました。", as_json=as_json, reset=name)


@command.command("unblock")
@data_option
@passphrase_option
@who_option
@json_option
@click.argument("name")
def unblock(data: Path, passphrase: str, who: str | None, name: str, *, as_json: bool) -> None:
    """Take back somebody's wait after wrong tries."""
    with _accounts(data, passphrase, who) as accounts:
        accounts.unblock(name)
    _say(f"「{name}」は もう 待たなくて いいです。", as_json=as_json, unblocked=name)


@command.command("recover")
@data_option
@new_secret_option
@json_option
@click.argument("name")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the request.")
def recover(data: Path, new_secret: str, name: str, out: Path | None, *, as_json: bool) -> None:
    """Ask HQ's officer to let NAME in under a new passphrase, when nobody can open the store any more.

    Bring or send the request to HQ, and read its number out on the telephone.
    """
    asked = rescue.request(data, name, new_secret)
    text = asked.to_text()
    if out is not None:
        write_whole(out, f"{text}\n".encode())
    told = {"number": asked.fingerprint} | ({"request": text} if out is None else {"file": str(out)})
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(text if out is None else f"お願いを 書きました: {out}")
    click.echo(f"本部の 人に、電話で この番号を よんでください: {asked.fingerprint}", err=True)


@command.command("recovered")
@data_option
@passphrase_option
@json_option
@click.argument("answer", type=click.Path(path_type=Path, dir_okay=False))
def recovered(data: Path, passphrase: str, answer: Path, *, as_json: bool) -> None:
    """Take HQ's ANSWER, with the passphrase that was chosen for the request."""
    try:
        with answer.open("rb") as file:
            text = file.read(MAX_ANSWER).decode("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError(
            "bad_answer_file", "本部からの 返事の ファイルを 読めません。", "the answer can not be read"
        ) from error
    store = rescue.accept(data, text, passphrase)
    store.close()
    _say(f"「{store.staff}」が 開けるように なりました。", as_json=as_json, recovered=store.staff)
