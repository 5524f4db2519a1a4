"""What many words of `hq` share, spelled once: options, the opened database, JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import platformdirs

from sync.hq import authority

if TYPE_CHECKING:
    from sync.hq.database import Database

Command = TypeVar("Command", bound=Callable[..., Any])


def milliseconds() -> int:
    """The time, as HQ writes it down: since 1970."""
    return int(time.time() * 1000)


def data_option(command: Command) -> Command:
    """`--data DIR`; arrives as `data: Path`."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        default=lambda: platformdirs.user_data_path("shelter-hq", appauthor=False),
        show_default="the platform's user-data folder",
        help="HQ's data folder.",
    )(command)


def database_option(command: Command) -> Command:
    """`--database URL`; arrives as `database: str | None`."""
    return click.option(
        "--database",
        metavar="URL",
        envvar="HQ_DATABASE",
        help="postgresql+psycopg://USER@HOST/NAME (default: SQLite in the data folder). The password "
        "belongs into the environment, HQ_DATABASE or PGPASSFILE, not into an argument.",
    )(command)


def master_option(command: Command) -> Command:
    """`--master FILE`; arrives as `master: Path`."""
    return click.option(
        "--master",
        type=click.Path(path_type=Path, dir_okay=False),
        required=True,
        help="The officer's master file. It lies outside HQ's data.",
    )(command)


def json_option(command: Command) -> Command:
    """`--json`; arrives as `as_json: bool`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")(
        command
    )


@contextmanager
def opened_hq(data: Path, url: str | None) -> Iterator[tuple[authority.Authority, Database]]:
    """HQ's public identity and its database, closed afterwards."""
    from sync.hq.database import open_database  # noqa: PLC0415 - what the officer only signs needs no database

    who = authority.load(data)
    database = open_database(data, url)
    try:
        yield who, database
    finally:
        database.close()


def print_json(value: object) -> None:
    """One JSON object on a line of its own."""
    click.echo(json.dumps(value, ensure_ascii=False))
