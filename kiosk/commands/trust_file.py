"""The trust file: whom `kiosk scan --trust` and `kiosk pass verify --trust` believe, as JSON.

A list of `{"issuer", "algorithm", "key", "valid_from", "valid_to", "revoked"}`, described in
docs/formats/pass.md. At a shelter the issuers come with the signed opening sheet; this file is for trying
out and for checking, and whoever can write it decides what is believed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from kiosk.core import entry_pass
from kiosk.core.trust import Algorithm, Issuer, TrustList
from kiosk.errors import KnownError, Malformed
from kiosk.files import write_whole

MAX_FILE = 1024 * 1024
_WORDS = {Algorithm.ES256: "ES256", Algorithm.EDDSA: "EdDSA"}
_FROM_WORD = {word: algorithm for algorithm, word in _WORDS.items()}


def trust_option(command: Any) -> Any:  # noqa: ANN401 - as click's own decorators
    """`--trust FILE`; arrives as `trust: Path | None`."""
    return click.option(
        "--trust",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The issuers to believe (JSON, as written by 'kiosk pass keygen'); without it, none.",
    )(command)


def read(path: Path | None) -> TrustList:
    """The issuers in a file; none without a file.

    Raises:
        KnownError: `bad_trust_file` for a file that can not be read or that holds anything else.
    """
    if path is None:
        return TrustList()
    try:
        with path.open("rb") as file:
            issuers = tuple(_issuer(row) for row in json.loads(file.read(MAX_FILE)))
        for issuer in issuers:
            entry_pass.public_key(issuer)
    except (OSError, ValueError, TypeError, KeyError, RecursionError, Malformed) as error:
        raise KnownError(
            "bad_trust_file",
            "発行者の ファイルを 読めません。",
            "the trust file can not be read or is not a list of issuers",
        ) from error
    return TrustList(issuers)


def _issuer(row: dict[str, Any]) -> Issuer:
    issuer, start, end, revoked = (
        row["issuer"],
        row.get("valid_from", 0),
        row.get("valid_to", 0),
        row.get("revoked", False),
    )
    if not isinstance(issuer, str) or type(start) is not int or type(end) is not int:
        raise TypeError
    if not isinstance(revoked, bool):
        raise TypeError
    return Issuer(issuer, _FROM_WORD[row["algorithm"]], bytes.fromhex(row["key"]), start, end, revoked)


def to_json(issuer: Issuer) -> dict[str, Any]:
    """One issuer as a row of the file; `kid` is told for people and is not read back."""
    return {
        "issuer": issuer.issuer,
        "algorithm": _WORDS[issuer.algorithm],
        "key": issuer.key.hex(),
        "kid": issuer.kid.hex(),
        "valid_from": issuer.valid_from,
        "valid_to": issuer.valid_to,
        "revoked": issuer.revoked,
    }


def write(path: Path, trust: TrustList) -> None:
    """Write the file."""
    text = json.dumps([to_json(issuer) for issuer in trust.issuers], ensure_ascii=False, indent=2)
    write_whole(path, f"{text}\n".encode(), mode=0o644)  # public keys
