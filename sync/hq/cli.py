"""`hq`: what is typed at the city's headquarters, and what is printed. The work is done elsewhere."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import freeze_support
from pathlib import Path
from typing import Any, TypeVar

import click
import platformdirs
from sqlalchemy import Connection, select, update

from kiosk import __version__, console
from kiosk.core.clock import moment
from kiosk.core.household import Mode
from kiosk.core.ids import HOUSEHOLD_SIZE
from kiosk.core.keys import MunicipalKeys
from kiosk.errors import KnownError
from kiosk.files import write_whole
from sync.hq import authority, figures, lists, lost, recover_command, sheets, shelters, tables
from sync.hq.database import Database, open_database
from sync.hq.erasure import erase_household
from sync.hq.words import JAPAN, METHODS, PORT

Command = TypeVar("Command", bound=Callable[..., Any])
Choice = click.Choice(["disaster", "drill"])


def _now() -> int:
    return int(time.time() * 1000)


def _data_option(command: Command) -> Command:
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        default=lambda: platformdirs.user_data_path("shelter-hq", appauthor=False),
        show_default="the platform's user-data folder",
        help="HQ's data folder.",
    )(command)


def _database_option(command: Command) -> Command:
    return click.option(
        "--database",
        metavar="URL",
        envvar="HQ_DATABASE",
        help="postgresql+psycopg://USER@HOST/NAME (default: SQLite in the data folder). The password "
        "belongs into the environment, HQ_DATABASE or PGPASSFILE, not into an argument.",
    )(command)


def _master_option(command: Command) -> Command:
    return click.option(
        "--master",
        type=click.Path(path_type=Path, dir_okay=False),
        required=True,
        help="The officer's master file. It lies outside HQ's data.",
    )(command)


def _json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")(
        command
    )


@contextmanager
def _opened(data: Path, url: str | None) -> Iterator[tuple[authority.Authority, Database]]:
    who = authority.load(data)
    database = open_database(data, url)
    try:
        yield who, database
    finally:
        database.close()


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hq")
def hq() -> None:
    """本部: the central service that counts what the shelters send, and can read no name."""


@hq.command()
@_data_option
@_database_option
@_master_option
@click.option("--municipality", default="431001", show_default=True, help="The city's six-digit code.")
@click.option("--name", default="", help="The city's name.")
@click.option(
    "--url",
    default=f"http://127.0.0.1:{PORT}",
    show_default=True,
    help="Where kiosks find this HQ; printed on opening sheets.",
)
def init(data: Path, database: str | None, master: Path, municipality: str, name: str, url: str) -> None:
    """Set up a new HQ, under the officer's master file, which is made if it is not there."""
    if shelters.municipal_code(municipality) != municipality:
        raise click.UsageError("--municipality has six digits")
    made = not master.exists()
    authority.initialise(data, master, municipality, shelters.clean(name), url, secrets.token_bytes)
    open_database(data, database).close()
    click.echo(f"本部の データを 作りました: {data}")
    if made:
        click.echo(f"マスター鍵を 作りました: {master} （係の人が、本部の データと 別に 保管してください）")


@hq.group()
def incident() -> None:
    """Disasters and drills."""


@incident.command("add")
@_data_option
@_database_option
@_json_option
@click.option("--name", required=True)
@click.option("--kind", default="", help="For example 地震 or 大雨.")
@click.option("--mode", type=Choice, required=True)
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="(default: today)")
def incident_add(
    data: Path,
    database: str | None,
    name: str,
    kind: str,
    mode: str,
    date: dt.datetime | None,
    *,
    as_json: bool,
) -> None:
    """Begin an incident; prints its id."""
    day = (date or dt.datetime.now(JAPAN)).date()
    with _opened(data, database) as (_, opened), opened.write() as connection:
        begun = shelters.add_incident(
            connection, name, kind, Mode[mode.upper()], day, secrets.token_bytes, _now()
        )
    if as_json:
        _print_json(
            {"incident": begun.id.hex(), "name": begun.name, "mode": mode, "date": begun.date.isoformat()}
        )
    else:
        click.echo(begun.id.hex())


@hq.group()
def shelter() -> None:
    """Shelters."""


@shelter.command("add")
@_data_option
@_database_option
@click.option("--id", "identity", required=True, help="Its id in the city's open data.")
@click.option("--name", required=True)
@click.option("--address", default="")
@click.option("--capacity", default="", help="How many it is meant for, as a text.")
def shelter_add(
    data: Path, database: str | None, identity: str, name: str, address: str, capacity: str
) -> None:
    """Add one shelter, or bring it up to date."""
    with _opened(data, database) as (who, opened), opened.write() as connection:
        one = shelters.Shelter(
            shelters.clean(identity)[:64],
            who.municipality,
            shelters.clean(name),
            address=shelters.clean(address),
            capacity=shelters.clean(capacity),
        )
        if not one.id or not one.name:
            raise KnownError("no_name", "名前を 入れてください。", "a shelter has an id and a name")
        shelters.add_shelters(connection, [one], _now())
    click.echo(f"{one.id} {one.name}")


@shelter.command("import")
@_data_option
@_database_option
@click.argument("csv", type=click.File("rb"))
def shelter_import(data: Path, database: str | None, csv: Any) -> None:  # noqa: ANN401 - click's file
    """Import shelters from the city's open-data CSV (指定緊急避難場所, 39 columns)."""
    with _opened(data, database) as (who, opened), opened.write() as connection:
        found, left_out = shelters.read_open_data(csv.read(shelters.MAX_FILE + 1), who.municipality)
        imported = shelters.add_shelters(connection, found, _now())
    click.echo(f"避難所 {imported.added}か所を 加え、{imported.changed}か所を 新しく しました。")
    if left_out:
        lines = "、".join(str(line) for line in left_out[:20])
        click.echo(f"名前の ない 行を とばしました: {lines}行目", err=True)


@shelter.command("list")
@_data_option
@_database_option
@_json_option
def shelter_list(data: Path, database: str | None, *, as_json: bool) -> None:
    """List the shelters."""
    with _opened(data, database) as (_, opened), opened.read() as connection:
        found = shelters.find_shelters(connection)
    if as_json:
        _print_json({"shelters": [{"id": one.id, "name": one.name} for one in found]})
    for one in () if as_json else found:
        click.echo(f"{one.id}\t{one.name}\t{one.capacity}")


@hq.command("sheets")
@_data_option
@_database_option
@_master_option
@_json_option
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
def print_sheets(  # noqa: PLR0913 - a command takes the options it takes
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
    with _opened(data, database) as (who, opened):
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
                now=_now(),
            )
            # Written before the series are committed: a sheet HQ does not know is worse than none.
            paths = sheets.write(printed, out)
    if as_json:
        _print_json(
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


@hq.command("trust")
@_data_option
@_master_option
@_json_option
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
def sign_trust(data: Path, master: Path, issuer_files: tuple[Path, ...], out: Path, *, as_json: bool) -> None:
    """Sign a list of issuers for the kiosks of this city, and hand it on with their next contact.

    Carry it to those without a link (`kiosk trust import`). The newest list counts. A key it does not name
    stays as the opening sheet has it.
    """
    who = authority.load(data)
    secret = authority.officers_master(master, who, data)
    issuers = [one for path in issuer_files for one in lists.read_issuers(path)]
    text = lists.sign(who, secret, issuers, _now() // 1000)
    signed = lists.hand_on(data, who, text)
    write_whole(out, f"{text}\n".encode(), mode=0o644)
    if as_json:
        _print_json({"list": signed.number, "issuers": len(signed.issuers), "file": str(out)})
    else:
        click.echo(f"信頼リスト {signed.number}（発行者 {len(signed.issuers)}）を 書きました: {out}")


@hq.command("hand-on")
@_data_option
@_json_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def hand_on(data: Path, file: Path, *, as_json: bool) -> None:
    """Hand a list on to kiosks that was signed elsewhere: FILE is what `hq trust` wrote."""
    try:
        with file.open(encoding="utf-8") as opened:
            text = opened.read(lists.MAX_FILE)
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError("no_file", "ファイルを 読めません。", "the file can not be read") from error
    signed = lists.hand_on(data, authority.load(data), text)
    if as_json:
        _print_json({"list": signed.number, "issuers": len(signed.issuers)})
    else:
        click.echo(f"信頼リスト {signed.number}（発行者 {len(signed.issuers)}）を 避難所へ わたします。")


@hq.command("serve")
@_data_option
@_database_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Only this computer, for now.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
def serve_command(data: Path, database: str | None, host: str, port: int) -> None:
    """Serve devices and pages until told to end; prints READY and the address when it listens."""
    from sync.hq.serve import serve  # noqa: PLC0415 - the other commands need no web server

    serve(
        data,
        lambda url: click.echo(f"READY {url}"),
        database_url=database,
        host=host,
        port=port,
    )


@hq.command()
@_data_option
@_database_option
@_json_option
@click.option("--incident", "which", metavar="ID|NAME", help="Only what was received for this incident.")
def counts(data: Path, database: str | None, which: str | None, *, as_json: bool) -> None:
    """Print the figures of every shelter, drill and disaster apart."""
    with _opened(data, database) as (_, opened), opened.read() as connection:
        identity = shelters.find_incident(connection, which) if which else None
        both = [figures.read(connection, mode, identity) for mode in (Mode.DISASTER, Mode.DRILL)]
    if as_json:
        _print_json({one.mode.name.lower(): one.to_dict() for one in both})
        return
    for one in both:
        title = "訓練" if one.mode is Mode.DRILL else "災害"
        click.echo(f"【{title}】 避難所 {len(one.shelters)}か所")
        for row in (*one.shelters, one.total):
            methods = " ".join(f"{word} {row.by_method[method.word]}" for method, word in METHODS.items())
            said, reported = row.counts, row.reported
            waiting = "" if row.complete else f"（報告 {reported.households}世帯 {reported.persons}人）"
            click.echo(f"  {row.name or '合計'}\t{said.households}世帯\t{said.persons}人\t{methods}{waiting}")


@hq.group()
def device() -> None:
    """Registered laptops."""


@device.command("list")
@_data_option
@_database_option
@_json_option
def device_list(data: Path, database: str | None, *, as_json: bool) -> None:
    """List the laptops HQ knows."""
    table = tables.device
    with _opened(data, database) as (_, opened), opened.read() as connection:
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
        _print_json({"devices": said})
    for row in () if as_json else said:
        marks = " ".join(mark for mark in ("revoked", "forked") if row[mark])
        seen = moment(int(row["seen_at"]) << 16).astimezone(JAPAN).strftime("%Y-%m-%d %H:%M:%S")
        click.echo(
            f"{row['device']}\t{row['shelter']}\t{row['mode']}\t{row['events']}\t{seen}\t{marks}".rstrip()
        )


@device.command("revoke")
@_data_option
@_database_option
@click.argument("identity", metavar="DEVICE")
def device_revoke(data: Path, database: str | None, identity: str) -> None:
    """Take nothing more from a laptop. What it sent before stays."""
    with _opened(data, database) as (_, opened), opened.write() as connection:
        _revoke(connection, identity)
    click.echo(identity)


def _revoke(connection: Connection, identity: str) -> None:
    table = tables.device
    try:
        key = bytes.fromhex(identity)
    except ValueError:
        key = b""
    statement = update(table).where(table.c.id == key, table.c.revoked_at.is_(None)).values(revoked_at=_now())
    known = connection.scalar(select(table.c.id).where(table.c.id == key))
    if known is None:
        raise KnownError("unknown_device", "その 端末は ありません。", "HQ knows no such device")
    connection.execute(statement)


@hq.group()
def records() -> None:
    """What only the records officer does, with the master at hand."""


@records.command("erase")
@_data_option
@_database_option
@_master_option
@_json_option
@click.argument("household")
def records_erase(data: Path, database: str | None, master: Path, household: str, *, as_json: bool) -> None:
    """Erase what HQ keeps of one HOUSEHOLD's personal part, for good. Chains and counts stay."""
    with _opened(data, database) as (who, opened):
        authority.officers_master(master, who, data)
        with opened.write() as connection:
            number = erase_household(connection, _household(household))
    if as_json:
        _print_json({"household": household, "erased": number})
    else:
        click.echo(f"世帯の 記録 {number}件の 個人情報を 消しました。")


@records.command("lost")
@_data_option
@_database_option
@_master_option
@_json_option
@click.argument("device")
def records_lost(data: Path, database: str | None, master: Path, device: str, *, as_json: bool) -> None:
    """Who was on a laptop that was lost: everybody who ever stood in the log of DEVICE.

    DEVICE is its id, or the beginning of it, as `hq device list` prints it. Revoke it as well.
    """
    with _opened(data, database) as (who, opened):
        officers = authority.officers_master(master, who, data)
        with opened.read() as connection:
            found = lost.who_was_on(connection, device, MunicipalKeys.derive(officers).records)
    if as_json:
        _print_json(found.to_dict())
        return
    for line in lost.lines(found):
        click.echo(line)


def _household(text: str) -> bytes:
    try:
        household = bytes.fromhex(text)
    except ValueError:
        household = b""
    if len(household) != HOUSEHOLD_SIZE:
        raise click.UsageError("HOUSEHOLD is 32 hexadecimal digits")
    return household


hq.add_command(recover_command.command)


def main() -> None:
    """The entry point."""
    freeze_support()
    sys.exit(console.run(hq, "hq"))


if __name__ == "__main__":
    main()
