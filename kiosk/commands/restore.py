"""`kiosk restore`: put a backup back, on this laptop or another; it goes on as a new device."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from kiosk.commands.options import data_option, given_or_asked, json_option, who_option
from kiosk.core.key_slots import KeySlots
from kiosk.store import backup, opening, restoring, slots
from kiosk.store.backup import Backup


@click.command("restore")
@data_option
@who_option
@json_option
@click.option("--passphrase-file", metavar="FILE", help="The passphrase: the first line of FILE, or '-'.")
@click.option("--replace", is_flag=True, help="Also when this laptop is a kiosk; its files are moved aside.")
@click.option("--verify-only", is_flag=True, help="Only check every byte of the backup; needs no passphrase.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(
    data: Path,
    who: str | None,
    passphrase_file: str | None,
    file: Path,
    *,
    as_json: bool,
    replace: bool,
    verify_only: bool,
) -> None:
    """Put the backup FILE back; what was received since comes back from this laptop's outbox, if it can.

    The laptop gets a new device id and a new label of reception numbers; HQ is told who it was.
    """
    found = backup.read(file)
    if verify_only:
        _say(as_json, f"バックアップは 正しく 読めます（記録 {found.head.seq}件）。", _told(found))
        return
    passphrase = _practice(found, passphrase_file) or given_or_asked(passphrase_file)
    done = restoring.restore(file, data, passphrase, who=who, replace=replace, wall=time.time)
    with opening.unlocked(data, passphrase, who) as store:  # lays what HQ shall learn
        notices = [notice.sentence for notice in store.ledger.notices]
    sentence = f"記録 {done.backup.head.seq + done.taken_back}件を もどしました。"
    if done.missing:
        sentence += f" なくなった 記録が {done.missing}件 あります。"
    sentence += " 本部に 送った 記録は、つながった あと、次に 鍵を あけたときに もどります。"
    _say(
        as_json,
        sentence,
        _told(found)
        | {
            "device_now": done.device.hex(),
            "taken_back": done.taken_back,
            "missing": done.missing,
            "aside": None if done.aside is None else str(done.aside),
            "notices": notices,
        },
    )


def _told(found: Backup) -> dict[str, object]:
    return {"shelter": found.shelter, "device": found.device.hex(), "events": found.head.seq}


def _practice(found: Backup, given: str | None) -> str | None:
    """Practice stores open without a prompt."""
    staff = KeySlots.from_bytes(found.files[slots.NAMES[0]]).staff
    practice = given is None and any(slot.name == opening.PRACTICE_NAME for slot in staff)
    return opening.PRACTICE_PASSPHRASE if practice else None


def _say(as_json: bool, sentence: str, told: dict[str, object]) -> None:  # noqa: FBT001 - one of two ways to say it
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else sentence)
