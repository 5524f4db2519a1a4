"""`kiosk pass`: make an issuer's key, issue a household pass, check one, draw one."""

from __future__ import annotations

import json
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from kiosk.commands import trust_file
from kiosk.commands.household_json import accepted_to_json, household_from_json
from kiosk.commands.options import json_option
from kiosk.core.entry_pass import PREFIX, IssuerKey, Refused, issue, verify
from kiosk.core.trust import Algorithm
from kiosk.errors import KnownError
from kiosk.files import write_whole

DAY = 86_400
MAX_FILE = 1024 * 1024
_ALGORITHMS = {"es256": Algorithm.ES256, "eddsa": Algorithm.EDDSA}
_REFUSALS = {
    "unknown_issuer": ("この 市の 受付証か 確かめられません。", "its issuer is not in the trust file"),
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


@click.group()
def command() -> None:
    """Make an issuer's key, issue household passes, check and draw them."""


_issuer_option = click.option(
    "--issuer", required=True, metavar="CODE", help="The city's six-digit code, such as 431001."
)
_secret_option = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Protects the key; '-' reads standard input.",
)


@command.command()
@_issuer_option
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the private key (PEM, for its owner only).",
)
@click.option("--algorithm", type=click.Choice(list(_ALGORITHMS)), default="es256", show_default=True)
@click.option(
    "--trust",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also add the public key to this trust file.",
)
@_secret_option
@json_option
def keygen(
    *, issuer: str, out: Path, algorithm: str, trust: Path | None, passphrase_file: Path | None, as_json: bool
) -> None:
    """Make a key that signs passes; prints its public half as a row of a trust file."""
    _check_issuer(issuer)
    known = trust_file.read(trust if trust and trust.exists() else None)
    key = IssuerKey.generate(issuer, _ALGORITHMS[algorithm])
    _write_new(out, key.to_pem(_passphrase(passphrase_file)))
    public = key.trusted()
    if trust:
        trust_file.write(trust, known.with_issuers([public]))
    click.echo(json.dumps(trust_file.to_json(public), indent=None if as_json else 2))


@command.command("issue")
@click.argument("household", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--key", "key_file", required=True, type=click.Path(path_type=Path, dir_okay=False))
@_issuer_option
@click.option(
    "--days", type=click.IntRange(1, 3650), default=730, show_default=True, help="Days it is valid."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the code as a picture (.png, .svg) or its text (.txt); without it the text is printed.",
)
@_secret_option
@json_option
def issue_pass(
    *,
    household: Path,
    key_file: Path,
    issuer: str,
    days: int,
    out: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Issue a pass for the household in the JSON file HOUSEHOLD ('-' reads standard input)."""
    _check_issuer(issuer)
    key = _load_key(key_file, issuer, passphrase_file)
    home = household_from_json(_load_json(household), secrets.token_bytes)
    now = int(time.time())
    text = issue(home, key, issued=now, expires=now + days * DAY, randomness=secrets.token_bytes)
    if out:
        _draw(text, out)
    if as_json:
        click.echo(json.dumps({"text": text, "id": home.key.hex(), **_size(text)}))
    elif not out:
        click.echo(text)


@command.command("verify")
@click.argument("source")
@trust_file.trust_option
@json_option
def verify_pass(*, source: str, trust: Path | None, as_json: bool) -> None:
    """Check a pass: SOURCE is its text, a picture of it, a text file, or '-' for standard input."""
    outcome = verify(_text_of(source), trust_file.read(trust), time.time())
    if isinstance(outcome, Refused):
        raise KnownError(outcome.code, *_REFUSALS[outcome.code])
    household = accepted_to_json(outcome)
    if as_json:
        line = {"verdict": "accepted", "marks": list(outcome.marks), "household": household}
        click.echo(json.dumps(line, ensure_ascii=False))
        return
    marks = f" ({', '.join(outcome.marks)})" if outcome.marks else ""
    members = len(outcome.household.members)
    click.echo(f"accepted{marks}: {members} persons, revision {outcome.household.revision}, {outcome.issuer}")


@command.command()
@click.argument("source")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw into a file (.png, .svg, .txt) instead of the terminal.",
)
@json_option
def show(*, source: str, out: Path | None, as_json: bool) -> None:
    """Draw the code of a pass (SOURCE as for 'verify') and tell its size; it is not checked."""
    from kiosk.camera import draw  # noqa: PLC0415 - only drawing needs segno and numpy

    text = _text_of(source)
    if not text.startswith(PREFIX):
        raise KnownError("not_a_pass", *_REFUSALS["not_a_pass"])
    if out:
        _draw(text, out)
    if as_json:
        click.echo(json.dumps({"text": text, **_size(text)}))
        return
    if not out:
        click.echo(draw.terminal(text))
    size = _size(text)
    click.echo(f"{size['bytes']} bytes, version {size['version']}, error correction {size['error']}")


def _check_issuer(issuer: str) -> None:
    if len(issuer) != 6 or not (issuer.isascii() and issuer.isdecimal()):
        raise KnownError("bad_issuer", "市の コードは 6けたの 数字です。", "an issuer is a six-digit code")


def _size(text: str) -> dict[str, object]:
    from kiosk.camera import draw  # noqa: PLC0415 - only drawing needs segno and numpy

    code = draw.make(text)
    return {"bytes": (len(text) - len(PREFIX)) * 2 // 3, "version": code.version, "error": code.error}


def _draw(text: str, out: Path) -> None:
    from kiosk.camera import draw  # noqa: PLC0415 - only drawing needs segno and numpy

    writers: dict[str, Callable[[str], bytes]] = {
        ".png": draw.png,
        ".svg": draw.svg,
        ".txt": lambda value: f"{value}\n".encode(),
    }
    writer = writers.get(out.suffix.lower())
    if writer is None:
        raise KnownError(
            "bad_suffix",
            "ファイル名は .png .svg .txt の どれかです。",
            "the file must end in .png, .svg or .txt",
        )
    write_whole(out, writer(text), durable=False)


def _text_of(source: str) -> str:
    """The text of a pass: itself, in a text file, or in a picture."""
    if source.startswith(PREFIX):
        return source
    if source == "-":
        return sys.stdin.read(MAX_FILE).strip()
    path = Path(source)
    if not _is_file(path):
        return source
    if path.suffix.lower() == ".txt":
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise KnownError("no_file", "ファイルを 読めません。", "the file can not be read") from error
    from kiosk.camera import picture  # noqa: PLC0415 - only pictures need OpenCV
    from kiosk.camera.worker import DecoderProcess  # noqa: PLC0415 - as above

    decoder = DecoderProcess()
    try:
        texts = decoder.read(picture.load(path), thorough=True).reading.texts
    finally:
        decoder.stop()
    if not texts:
        raise KnownError("no_code", "QRコードが 見つかりません。", "no code could be read in this picture")
    return next((text for text in texts if text.startswith(PREFIX)), texts[0])


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a text can be too long for a name
        return False


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


def _passphrase(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        with click.open_file(str(path), encoding="utf-8") as file:
            secret = str(file.readline()).rstrip("\r\n").encode()
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError(
            "no_passphrase", "合言葉の ファイルを 読めません。", "the passphrase file can not be read"
        ) from error
    if not secret:
        raise KnownError("no_passphrase", "合言葉が 空です。", "the passphrase is empty")
    return secret


def _load_key(path: Path, issuer: str, passphrase_file: Path | None) -> IssuerKey:
    try:
        pem = path.read_bytes()
    except OSError as error:
        raise KnownError(
            "no_file", "かぎの ファイルを 読めません。", "the key file can not be read"
        ) from error
    return IssuerKey.from_pem(issuer, pem, _passphrase(passphrase_file))


def _write_new(path: Path, data: bytes) -> None:
    """A secret goes into a new file that only its owner can read; an old key is never written over."""
    if path.exists():
        raise KnownError("exists", "その ファイルは もう あります。", "this file exists already")
    write_whole(path, data)
