"""`kiosk pass`: make an issuer's keys, issue a household pass, check one, draw one."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

import click

from kiosk.commands import trust_file
from kiosk.commands.code_files import write_codes
from kiosk.commands.code_source import MAX_FILE, texts_of
from kiosk.commands.household_json import accepted_to_json, household_from_json
from kiosk.commands.options import json_option, read_secret
from kiosk.core.entry_pass import (
    SEALED_PREFIX,
    Accepted,
    IssuerKey,
    PassReader,
    Refused,
    halves,
    is_pass_text,
    issue_codes,
)
from kiosk.core.pass_key import KEY_SIZE, PassKey
from kiosk.core.trust import Algorithm, TrustList
from kiosk.core.trust_list import to_row
from kiosk.errors import KnownError
from kiosk.files import write_whole

DAY = 86_400
_ALGORITHMS = {"es256": Algorithm.ES256, "eddsa": Algorithm.EDDSA}
_REFUSALS = {
    "unknown_issuer": ("この 市の 受付証か 確かめられません。", "its issuer is not trusted here"),
    "bad_signature": ("受付証が 書きかえられています。", "it was altered: its signature does not fit"),
    "malformed": ("受付証が こわれています。", "it is damaged"),
    "sealed": ("この 受付証を ひらく かぎが ありません。", "it is sealed to a pass key that is not here"),
    "half": ("もう 1つの コードも 見せてください。", "this is one of two codes: give the other one too"),
    "not_a_pass": ("これは 受付証では ありません。", "this is not a household pass"),
    "my_number_discarded": (
        "マイナンバーかも しれないので 読まずに すてました。",
        "it may hold a My Number and was discarded unread",
    ),
}
_UNKNOWN_SEAL = (
    "bad_key",
    "封をする かぎは 64けたの 16進数か、それが 入った ファイルです。",
    "a pass key is 64 hexadecimal digits, or a file that 'kiosk pass keygen --sealing' printed",
)


@click.group()
def command() -> None:
    """Make an issuer's keys, issue household passes, check and draw them."""


_secret_option = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Protects the key; '-' reads standard input.",
)
_sources = click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
_out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the code as a picture (.png, .svg), its text (.txt), or a card to print and fold (.pdf).",
)
_paper_option = click.option(
    "--paper",
    type=click.Choice(["a6", "a4"]),
    default="a6",
    show_default=True,
    help="For .pdf: a6 printed on both sides, or a4 on one side, to be cut out and folded.",
)
_city_option = click.option("--city", default="", help="For .pdf: the city's name, such as 熊本市.")


@command.command()
@click.option("--issuer", metavar="CODE", help="The city's six-digit code, such as 431001.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the private key (PEM, for its owner only).",
)
@click.option("--algorithm", type=click.Choice(list(_ALGORITHMS)), default="es256", show_default=True)
@click.option(
    "--sealing",
    is_flag=True,
    help="Make a pass key instead, to which passes are sealed; needs no --issuer.",
)
@click.option(
    "--trust",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also add the public key to this trust file.",
)
@_secret_option
@json_option
def keygen(
    *,
    issuer: str | None,
    out: Path,
    algorithm: str,
    sealing: bool,
    trust: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Make a key that signs passes, or one that opens sealed passes; prints its public half."""
    secret = read_secret(passphrase_file)
    if sealing:
        if trust:
            raise click.UsageError("--trust is for keys that sign, not for --sealing")
        pass_key = PassKey.generate()
        _write_new(out, pass_key.to_pem(secret))
        public = {"pass_key": pass_key.public.hex(), "kid": pass_key.kid.hex()}
        click.echo(json.dumps(public, indent=None if as_json else 2))
        return
    if issuer is None:
        raise click.UsageError("Missing option '--issuer'.")
    _check_issuer(issuer)
    known = trust_file.read(trust if trust and trust.exists() else None)
    key = IssuerKey.generate(issuer, _ALGORITHMS[algorithm])
    _write_new(out, key.to_pem(secret))
    row = key.trusted()
    if trust:
        trust_file.write(trust, known.with_issuers([row]))
    click.echo(json.dumps(to_row(row), indent=None if as_json else 2))


@command.command("issue")
@click.argument("household", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--key", "key_file", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--issuer", required=True, metavar="CODE", help="The city's six-digit code, such as 431001.")
@click.option(
    "--days", type=click.IntRange(1, 3650), default=730, show_default=True, help="Days it is valid."
)
@click.option(
    "--seal-to",
    metavar="KEY",
    help="Seal it to a pass key: its 64 hexadecimal digits, or a file with what keygen printed.",
)
@_out_option
@_paper_option
@_city_option
@_secret_option
@json_option
def issue_pass(  # noqa: PLR0913 - a command takes the options it takes
    *,
    household: Path,
    key_file: Path,
    issuer: str,
    days: int,
    seal_to: str | None,
    out: Path | None,
    paper: str,
    city: str,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    r"""Issue a pass for the household in the JSON file HOUSEHOLD ('-' reads standard input).

    A household that is too large for one code gets two. The file looks like this; more fields are in
    docs/formats/pass.md, and all but members may be left out:

    \b
    {"address": "熊本市中央区本町1-1", "members": [
      {"family": "試験", "given": "太郎", "family_kana": "シケン", "given_kana": "タロウ",
       "birth_date": "1980-02-17", "sex": 1, "needs": ["medication"]}]}
    """
    _check_issuer(issuer)
    key = IssuerKey.from_pem(issuer, _read_bytes(key_file), read_secret(passphrase_file))
    home = household_from_json(_load_json(household), secrets.token_bytes)
    now = int(time.time())
    expires = now + days * DAY
    texts = issue_codes(
        home,
        key,
        issued=now,
        expires=expires,
        randomness=secrets.token_bytes,
        seal_to=None if seal_to is None else _pass_key(seal_to),
    )
    if out:
        accepted = Accepted(issuer, now, expires, b"", home)
        write_codes(texts, out, lambda: _card(accepted, texts, city, paper))
    if as_json:
        click.echo(json.dumps({**_told(texts), "id": home.key.hex()}))
    elif not out:
        click.echo("\n".join(texts))


@command.command("verify")
@_sources
@trust_file.trust_option
@json_option
def verify_pass(*, sources: tuple[str, ...], trust: TrustList, as_json: bool) -> None:
    """Check a pass: SOURCE is its text, a picture of it, a text file, or '-' for standard input.

    Give both codes of a pass that has two, in any order.
    """
    outcome = _verified(_texts(sources), trust)
    household = accepted_to_json(outcome)
    if as_json:
        line = {"verdict": "accepted", "marks": list(outcome.marks), "household": household}
        click.echo(json.dumps(line, ensure_ascii=False))
        return
    marks = f" ({', '.join(outcome.marks)})" if outcome.marks else ""
    members = len(outcome.household.members)
    click.echo(f"accepted{marks}: {members} persons, revision {outcome.household.revision}, {outcome.issuer}")


@command.command()
@_sources
@_out_option
@_paper_option
@_city_option
@trust_file.trust_option
@json_option
def show(
    *, sources: tuple[str, ...], out: Path | None, paper: str, city: str, trust: TrustList, as_json: bool
) -> None:
    """Draw the code of a pass (SOURCE as for 'verify') and tell its size.

    It is not checked, except for a card (.pdf), on which only what its city signed is printed.
    """
    texts = _texts(sources)
    if not all(is_pass_text(text) for text in texts):
        # Also a stranger's code is judged first: one that may hold a My Number is never drawn.
        _verified(texts, trust)
        raise KnownError("not_a_pass", *_REFUSALS["not_a_pass"])
    if out:
        write_codes(texts, out, lambda: _card(_verified(texts, trust), texts, city, paper))
    told = _told(texts)
    if as_json:
        click.echo(json.dumps(told))
        return
    if not out:
        from kiosk.paper import code  # noqa: PLC0415 - only drawing needs segno

        click.echo("\n".join(code.terminal(text) for text in texts))
    click.echo(f"{told['bytes']} bytes, version {told['version']}, error correction {told['error']}")


def _texts(sources: Sequence[str]) -> list[str]:
    return [text for source in sources for text in texts_of(source, is_pass_text)]


def _verified(texts: Sequence[str], trust: TrustList) -> Accepted:
    """The pass that `texts` make together, where the first that is refused is told."""
    reader, now = PassReader(trust), time.time()
    outcomes = [reader.read(text, now) for text in texts]
    last = outcomes[-1]
    if isinstance(last, Accepted):
        return last
    refused = next(
        (one for one in outcomes if isinstance(one, Refused) and one.code != "half"), Refused("half")
    )
    raise KnownError(refused.code, *_REFUSALS[refused.code])


def _told(texts: Sequence[str]) -> dict[str, object]:
    """The whole pass, its codes and how large they are."""
    from kiosk.paper import code  # noqa: PLC0415 - only drawing needs segno

    whole = _whole(texts)
    drawn = [code.make(text) for text in texts]
    return {
        "text": whole,
        "codes": list(texts),
        "bytes": len(whole.partition(":")[2]) * 2 // 3,
        "version": max(int(one.version) for one in drawn),
        "error": drawn[0].error,
    }


def _card(accepted: Accepted, texts: Sequence[str], city: str, paper: str) -> bytes:
    from kiosk.paper.pass_card import PassCard, pdf  # noqa: PLC0415 - 0.8 s to load, and only paper needs it

    whole = _whole(texts)
    card = PassCard(
        halves.codes(whole),
        accepted.household,
        accepted.issued,
        accepted.expires,
        city,
        whole.startswith(SEALED_PREFIX),
    )
    return pdf(card, "a4" if paper == "a4" else "a6")


def _whole(texts: Sequence[str]) -> str:
    waiting = halves.Halves()
    return [waiting.whole(text) for text in texts][-1]


def _check_issuer(issuer: str) -> None:
    if len(issuer) != 6 or not (issuer.isascii() and issuer.isdecimal()):
        raise KnownError("bad_issuer", "市の コードは 6けたの 数字です。", "an issuer is a six-digit code")


def _pass_key(told: str) -> bytes:
    """The public half of a pass key, from its digits or from a file that has them."""
    digits = told.strip()
    if len(digits) != 2 * KEY_SIZE:
        try:
            with Path(told).open(encoding="utf-8") as file:
                digits = str(json.loads(file.read(MAX_FILE))["pass_key"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise KnownError(*_UNKNOWN_SEAL) from error
    try:
        public = bytes.fromhex(digits)
    except ValueError as error:
        raise KnownError(*_UNKNOWN_SEAL) from error
    if len(public) != KEY_SIZE:
        raise KnownError(*_UNKNOWN_SEAL)
    return public


def _load_json(path: Path) -> object:
    try:
        with click.open_file(str(path), encoding="utf-8") as file:
            return json.loads(file.read(MAX_FILE))
    except (OSError, ValueError, RecursionError) as error:
        raise KnownError(
            "bad_household",
            "世帯の ファイルを 読めません。",
            "the household file can not be read or is not JSON",
        ) from error


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE)
    except OSError as error:
        raise KnownError(
            "no_file", "かぎの ファイルを 読めません。", "the key file can not be read"
        ) from error


def _write_new(path: Path, data: bytes) -> None:
    """A secret goes into a new file that only its owner can read; an old key is never written over."""
    if path.exists():
        raise KnownError("exists", "その ファイルは もう あります。", "this file exists already")
    write_whole(path, data)
