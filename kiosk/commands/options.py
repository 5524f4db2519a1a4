"""Options that many commands share, spelled once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import platformdirs

from kiosk.core.access import Actor
from kiosk.errors import KnownError

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


def passphrase_option(command: Command) -> Command:
    """`--passphrase-file FILE`, `-` for standard input, else a hidden prompt; arrives as `passphrase: str`.

    Raises:
        KnownError: `no_passphrase`, while the command line is read, when the file cannot be read or its
            first line is empty.
    """
    return click.option(
        "--passphrase-file",
        "passphrase",
        metavar="FILE",
        callback=_passphrase,
        help="Read the passphrase from the first line of FILE, or of standard input with '-'"
        " (default: ask for it).",
    )(command)


def _passphrase(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    if value is None:
        from kiosk.store import opening, slots  # noqa: PLC0415 - the cipher is loaded only by commands that unlock

        # Options that were not given are read in the order of their declaration: `data_option` stands first.
        data = ctx.params.get("data")
        if isinstance(data, Path) and opening.is_practice(data):
            return opening.PRACTICE_PASSPHRASE
        if isinstance(data, Path):
            slots.load(data)  # what is no kiosk is not worth a passphrase
    return given_or_asked(value)


def given_or_asked(value: str | None, what: str = "合言葉 (passphrase)") -> str:
    """A secret from the first line of a file, `-` for standard input; without one, asked for.

    Raises:
        KnownError: `no_passphrase`.
    """
    if value is not None:
        return _first_line(value)
    if not sys.stdin.isatty():
        raise KnownError(
            "no_passphrase",
            "合言葉が 入力されませんでした。",
            "no passphrase: there is no terminal to ask on; use --passphrase-file",
        )
    try:
        return str(click.prompt(what, hide_input=True, err=True))
    except click.Abort as error:
        raise KnownError(
            "no_passphrase", "合言葉が 入力されませんでした。", "no passphrase was given"
        ) from error


def second_option(command: Command) -> Command:
    """`--second NAME` and `--second-passphrase-file FILE`: a second person's word for what takes two.

    Arrive as `second: str | None` and `second_file: str | None`, for `second_person`.
    """
    command = click.option(
        "--second-passphrase-file",
        "second_file",
        metavar="FILE",
        help="The second person's passphrase: the first line of FILE, or the next of standard input (-).",
    )(command)
    return click.option("--second", metavar="NAME", help="The second person, where it takes two.")(command)


def second_person(data: Path, second: str | None, second_file: str | None) -> Actor | None:
    """The second person, proven by their own passphrase; None when nobody was named.

    Raises:
        KnownError: `no_passphrase`, or as `kiosk.store.entrance.prove`.
    """
    if second is None:
        return None
    from kiosk.store.entrance import prove  # noqa: PLC0415 - the cipher is loaded only by commands that unlock

    return prove(data, given_or_asked(second_file, f"{second}の 合言葉 (passphrase)"), second).actor


def who_option(command: Command) -> Command:
    """`--as NAME`; arrives as `who: str | None`."""
    return click.option(
        "--as", "who", metavar="NAME", help="Who you are (default: the passphrase tells, more slowly)."
    )(command)


def new_secret_option(command: Command) -> Command:
    """`--new-secret-file FILE`, `-` for the next line of standard input, else a hidden prompt, twice.

    Arrives as `new_secret: str`.

    Raises:
        KnownError: `no_passphrase`, while the command line is read.
    """
    return click.option(
        "--new-secret-file",
        "new_secret",
        metavar="FILE",
        callback=_new_secret,
        help="Read the new passphrase or PIN from the first line of FILE, or from the next line of standard"
        " input with '-' (default: ask for it, twice).",
    )(command)


def _new_secret(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    if value is not None:
        return _first_line(value)
    if not sys.stdin.isatty():
        raise KnownError(
            "no_passphrase",
            "新しい 合言葉が 入力されませんでした。",
            "no new passphrase: there is no terminal to ask on; use --new-secret-file",
        )
    try:
        return str(
            click.prompt(
                "新しい 合言葉・暗証番号 (new passphrase or PIN)",
                hide_input=True,
                confirmation_prompt="もう一度 (again)",
                err=True,
            )
        )
    except click.Abort as error:
        raise KnownError(
            "no_passphrase", "新しい 合言葉が 入力されませんでした。", "no new passphrase was given"
        ) from error


def _first_line(value: str) -> str:
    try:
        # As bytes: what one reader of text took in ahead, a second one on the same input would miss.
        with click.open_file(value, "rb") as lines:
            text = bytes(lines.readline()).decode("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError(
            "no_passphrase", "合言葉の ファイルを 読めません。", "the passphrase file cannot be read"
        ) from error
    if not text:
        raise KnownError("no_passphrase", "合言葉が 空です。", "the passphrase is empty")
    return text


def read_secret(path: Path | None) -> bytes | None:
    """The first line of a file with a key's passphrase, `-` for standard input; None without a file.

    Raises:
        KnownError: `no_passphrase` when the file cannot be read or its first line is empty.
    """
    return None if path is None else _first_line(str(path)).encode()
