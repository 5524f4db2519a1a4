"""`kiosk check`: is everything that was acknowledged still here, and unchanged?"""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path

import click

from kiosk.commands.options import data_option, json_option, passphrase_option, who_option
from kiosk.core.access import Access, Action
from kiosk.errors import KnownError
from kiosk.store import inspection, mending, opening, salvage
from kiosk.store.cipher import StoreKey
from kiosk.store.entrance import prove
from kiosk.store.inspection import Finding

DAMAGED = ("store_damaged", "store_missing", "store_unreadable")


@click.command("check")
@data_option
@passphrase_option
@who_option
@json_option
@click.option("--deep", is_flag=True, help="Also every seal, every page, the outbox, the key slots: slower.")
@click.option("--repair", is_flag=True, help="Put right what can be made anew; for supervisors.")
@click.option("--households", is_flag=True, help="Also list the id of every household that stands.")
@click.pass_context
def command(
    ctx: click.Context,
    data: Path,
    passphrase: str,
    who: str | None,
    *,
    as_json: bool,
    deep: bool,
    repair: bool,
    households: bool,
) -> None:
    """Verify the whole log: its chain and signatures, that the views follow from it, and what others know."""
    said: dict[str, object] = {"deep": deep or repair, "repaired": repair}
    try:
        if repair:
            _salvage_if_damaged(data, passphrase, who)
        with opening.unlocked(data, passphrase, who) as store:
            if repair:
                store.access.check(Action.RESTORE)
                mending.mend(store.ledger, store.sheet)
            found = inspection.inspect(store.ledger.parts, deep=deep or repair)
            log = store.ledger.parts.log
            events = sum(log.newest(device).seq for device in log.devices())
            said |= {"events": events, "device": store.ledger.device.hex()}
            said["notices"] = [asdict(notice) for notice in store.ledger.notices]
            ids = [identity.hex() for identity in store.ledger.households()] if households else None
    except KnownError as error:
        if error.code not in DAMAGED:
            raise
        found, ids = [Finding(error.code, error.english)], [] if households else None
    _say(ctx, said, found, ids, as_json=as_json)


def _salvage_if_damaged(data: Path, passphrase: str, who: str | None) -> None:
    try:
        with opening.unlocked(data, passphrase, who):
            return
    except KnownError as error:
        if error.code not in DAMAGED:
            raise
    proven = prove(data, passphrase, who)
    Access(proven.actor).check(Action.RESTORE)
    done = salvage.salvage(
        data, [StoreKey.from_bytes(key) for key in proven.keys], opening.read_sheet(data), time.time
    )
    click.echo(
        f"こわれた データから {done.events}件の 記録を もどしました。元の ファイル: {done.aside}", err=True
    )


def _say(
    ctx: click.Context, said: dict[str, object], found: list[Finding], ids: list[str] | None, *, as_json: bool
) -> None:
    if as_json:
        answer: dict[str, object] = {"ok": not found, "problems": [one.says for one in found]}
        answer |= said | {"findings": [asdict(one) for one in found]}
        if ids is not None:
            answer["households"] = ids
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        notices = said.get("notices")
        for notice in notices if isinstance(notices, list) else []:
            click.echo(f"{notice['sentence']} ({notice['english']})", err=True)
        for one in found:
            click.echo(one.says, err=True)
        click.echo(f"{said.get('events', 0)} events checked: {'all is well' if not found else 'NOT well'}")
        for identity in ids or []:
            click.echo(identity)
    ctx.exit(1 if found else 0)
