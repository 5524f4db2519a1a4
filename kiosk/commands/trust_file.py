"""Whom `kiosk scan` and `kiosk pass verify` believe: a trust file, or the laptop they run on.

A trust file is a JSON list of issuers, described in docs/formats/trust.md. It is for issuing, trying out and
checking, and whoever can write it decides what is believed; a shelter's laptop goes by its opening sheet and
by lists that the sheet's root signed.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import click

from kiosk.commands.options import data_option, read_secret
from kiosk.core import trust_list
from kiosk.core.pass_key import PassKey
from kiosk.core.trust import TrustList
from kiosk.errors import KnownError, Malformed
from kiosk.files import write_whole

MAX_FILE = 1024 * 1024


def trust_option(command: Any) -> Any:  # noqa: ANN401 - as click's own decorators
    """`--trust`, `--pass-key`, `--passphrase-file` and `--data`; arrive together as `trust: TrustList`."""

    @functools.wraps(command)
    def with_trust(
        *args: Any,  # noqa: ANN401 - the command's own
        trust: Path | None,
        pass_key: tuple[Path, ...],
        passphrase_file: Path | None,
        data: Path,
        **options: Any,  # noqa: ANN401 - the command's own
    ) -> Any:  # noqa: ANN401 - the command's own
        known = of_this_laptop(data) if trust is None else read(trust)
        secret = read_secret(passphrase_file)
        keys = [read_pass_key(path, secret) for path in pass_key]
        return command(*args, trust=known.with_pass_keys(keys), **options)

    for option in (
        data_option,
        click.option(
            "--passphrase-file",
            type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
            help="Opens the pass keys; '-' reads standard input.",
        ),
        click.option(
            "--pass-key",
            type=click.Path(path_type=Path, dir_okay=False),
            multiple=True,
            help="A pass key (PEM) that opens sealed passes; may be repeated.",
        ),
        click.option(
            "--trust",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Believe the issuers of this trust file (JSON, as 'kiosk pass keygen' writes it) instead of"
            " those this laptop was opened with.",
        ),
    ):
        with_trust = option(with_trust)
    return with_trust


def of_this_laptop(data: Path) -> TrustList:
    """The issuers that the laptop was opened with; none before it was."""
    from kiosk.store import belief  # noqa: PLC0415 - with --trust no store's code is needed

    believed = belief.read(data)
    return TrustList() if believed is None else believed.trust


def read(path: Path | None) -> TrustList:
    """The issuers in a file; none without a file.

    Raises:
        KnownError: `bad_trust_file` for a file that can not be read or that holds anything else.
    """
    if path is None:
        return TrustList()
    try:
        with path.open("rb") as file:
            return TrustList(trust_list.from_rows(json.loads(file.read(MAX_FILE))))
    except (OSError, ValueError, RecursionError, Malformed) as error:
        raise KnownError(
            "bad_trust_file",
            "発行者の ファイルを 読めません。",
            "the trust file can not be read or is not a list of issuers",
        ) from error


def write(path: Path, trust: TrustList) -> None:
    """Write the file."""
    text = json.dumps([trust_list.to_row(one) for one in trust.issuers], ensure_ascii=False, indent=2)
    write_whole(path, f"{text}\n".encode(), mode=0o644)  # public keys


def read_pass_key(path: Path, secret: bytes | None) -> PassKey:
    """A pass key's file.

    Raises:
        KnownError: `no_file`, or `bad_key` for another kind of key or a wrong passphrase.
    """
    try:
        with path.open("rb") as file:
            pem = file.read(MAX_FILE)
    except OSError as error:
        raise KnownError(
            "no_file", "かぎの ファイルを 読めません。", "the key file can not be read"
        ) from error
    return PassKey.from_pem(pem, secret)
