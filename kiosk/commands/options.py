"""Options that many commands share, spelled once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import platformdirs

Command = TypeVar("Command", bound=Callable[..., Any])


def data_option(command: Command) -> Command:
    """`--data DIR`, before or after the command's name; arrives as `data: Path`."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        callback=_data_folder,
        help="The kiosk's data folder (default: the platform's user-data folder).",
    )(command)


def _data_folder(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> Path:
    chosen = value or ctx.find_root().obj
    return (
        chosen if isinstance(chosen, Path) else platformdirs.user_data_path("shelter-kiosk", appauthor=False)
    )


def json_option(command: Command) -> Command:
    """`--json`; arrives as `as_json: bool`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")(
        command
    )
