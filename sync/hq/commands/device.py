"""`hq device`: the laptops HQ knows, and those from which it takes nothing more."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import Connection, select, update

from kiosk.core.clock import JAPAN, moment
from kiosk.core.household import Mode
from kiosk.errors import KnownError
from sync.hq import tables
from sync.hq.commands.options import (
    data_option,
    database_option,
    json_option,
    milliseconds,
    opened_hq,
    print_json,
)


@click.group("device")
def command() -> None:
    """Registered laptops."""


@command.command("list")
@data_option
@database_option
@json_option
def list_devices(data: Path, database: str | None, *, as_json: bool) -> None:
    """List the laptops HQ knows."""
    table = tables.device
    with opened_hq(data, database) as (_, opened), opened.read() as connection:
        rows = connection.execute(select(table).order_by(table.c.registered_at, table.c.id)).all()
    said = [
        {
            "device": row.id.hex(),
            "shelter": row.shelter,
            "mode": Mode(row.mode).name.lower(),
            "events": row.head_seq,
            "seen_at": row.seen_at,
            "revoked": row.revoked_at is not None,
            "forked": row.forked_at is not None,
        }
        for row in rows
    ]
    if as_json:
        print_json({"devices": said})
    for row in () if as_json else said:
        marks = " ".join(mark for mark in ("revoked", "forked") if row[mark])
        seen = moment(int(row["seen_at"]) << 16).astimezone(JAPAN).strftime("%Y-%m-%d %H:%M:%S")
        click.echo(
            f"{row['device']}\t{row['shelter']}\t{row['mode']}\t{row['events']}\t{seen}\t{marks}".rstrip()
        )


@command.command("revoke")
@data_option
@database_option
@click.argument("identity", metavar="DEVICE")
def revoke(data: Path, database: str | None, identity: str) -> None:
    """Take nothing more from a laptop. What it sent before stays."""
    with opened_hq(data, database) as (_, opened), opened.write() as connection:
        _revoke(connection, identity)
    click.echo(identity)


def _revoke(connection: Connection, identity: str) -> None:
    table = tables.device
    try:
        key = bytes.fromhex(identity)
    except ValueError:
        key = b""
    statement = (
        update(table).where(table.c.id == key, table.c.revoked_at.is_(None)).values(revoked_at=milliseconds())
    )
    known = connection.scalar(select(table.c.id).where(table.c.id == key))
    if known is None:
        raise KnownError("unknown_device", "その 端末は ありません。", "HQ knows no such device")
    connection.execute(statement)
