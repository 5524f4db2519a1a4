"""`kiosk card`: read the four basic items of the My Number card that lies on a reader.

The PIN or 照合番号B comes on standard input, never as an argument, and is sent to the card at most once. What
went wrong is said in the words of the screens (`resources/words`, under `notice`).
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, get_args

import click

from card_reader.basic_four import FLAGS
from card_reader.errors import CardError
from card_reader.printed_birth import Form, printed_as
from card_reader.reader import CardDesk
from card_reader.secret import CodeB, Pin, Secret, wipe
from kiosk.commands.options import json_option
from kiosk.errors import KnownError
from ui.words import Words

if TYPE_CHECKING:
    from card_reader.channel import ReaderPort
    from card_reader.my_number import CardReading

LONGEST_LINE = 64
SEXES = {1: "男", 2: "女"}


class CardUnread(KnownError):
    """A `CardError` as the command line tells it; `extra` goes into the JSON beside code and message."""

    def __init__(self, error: CardError) -> None:
        words, key = Words(), f"notice.{error.notice}"
        sentence = f"{words.plain(f'{key}.title')}。{words.plain(f'{key}.todo')}"
        left = "" if error.tries_left is None else f"; tries left: {error.tries_left}"
        super().__init__(error.code, sentence, f"{error}{left}")
        said = {"tries_left": error.tries_left, "seen": error.seen or None}
        self.extra = {name: value for name, value in said.items() if value is not None}


@click.group("card")
def command() -> None:
    """Read cards laid on a reader."""


@command.command("read")
@click.option(
    "--reader",
    default="",
    metavar="NAME",
    help="Use the reader whose name contains NAME (default: the one with a My Number card).",
)
@click.option("--pin-stdin", is_flag=True, help="Read the four-digit PIN from standard input.")
@click.option(
    "--code-b-stdin",
    is_flag=True,
    help="Read 照合番号B from standard input: all 14 digits; or the 10 that are not the expiry year (birth"
    " YYMMDD as printed, security code); or YYYY-MM-DD, a blank and the security code, with --birth-as.",
)
@click.option(
    "--birth-as",
    type=click.Choice(get_args(Form)),
    help="How the card shows a birth date given as YYYY-MM-DD: era on citizens' cards, western on those"
    " of foreign residents. Look at the card: a wrong choice costs one of ten tries.",
)
@click.option(
    "--wait",
    "seconds",
    type=click.FloatRange(0, 3600),
    default=5.0,
    show_default=True,
    help="How many seconds to wait for a card.",
)
@json_option
def read(
    *,
    reader: str,
    pin_stdin: bool,
    code_b_stdin: bool,
    birth_as: Form | None,
    seconds: float,
    as_json: bool,
) -> None:
    """Read name, address, birth and sex, sending the secret once at most.

    Nothing is sent while one try is left. The My Number itself is not read, and can not be.
    """
    if pin_stdin == code_b_stdin:
        raise click.UsageError("Say either --pin-stdin or --code-b-stdin.")
    try:
        with _secret(pin=pin_stdin, birth_as=birth_as) as secret:
            desk = CardDesk(_port(), reader=reader)
            desk.wait_for_card(seconds)
            reading = desk.read(secret)
    except CardError as error:
        raise CardUnread(error) from None
    click.echo(json.dumps(to_json(reading), ensure_ascii=False) if as_json else _told(reading))


def to_json(reading: CardReading) -> dict[str, object]:
    """What `--json` prints of a reading. `birth_date` is as read; `flags` say what is odd in it."""
    person = reading.person
    return {
        "name": person.name,
        "address": person.address,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "flags": list(person.flags),
        "secret": reading.secret,
        "tries_left": reading.tries_left,
        "apdus": reading.apdus,
        "milliseconds": round(reading.milliseconds, 1),
    }


def _told(reading: CardReading) -> str:
    person = reading.person
    took = f"{reading.apdus} APDUs, {reading.milliseconds:.0f} ms"
    lines = (
        f"氏名      {person.name}",
        f"住所      {person.address}",
        f"生年月日  {person.birth_date}",
        f"性別      {SEXES.get(person.sex, '-')}",
        f"({reading.secret}, tries left {reading.tries_left}, {took})",
    )
    return "\n".join((*lines, *(f"! {FLAGS[flag]}" for flag in person.flags)))


def _port() -> ReaderPort:
    try:
        from card_reader.pcsc import PcscPort  # noqa: PLC0415 - a system without PC/SC gets a sentence, not a traceback
    except ImportError:
        raise CardError("no_reader", "this system has no card service (PC/SC) installed") from None
    return PcscPort()


def _secret(*, pin: bool, birth_as: Form | None) -> Secret:
    """The secret on standard input; its copies on the way here are wiped."""
    if sys.stdin.isatty():
        asked = "暗証番号 (PIN)" if pin else "照合番号B"
        line = bytearray(str(click.prompt(asked, hide_input=True, err=True)).encode())
    else:
        line = read_line(sys.stdin.buffer)
    try:
        return Pin(line) if pin else code_b(line, birth_as)
    finally:
        wipe(line)


def read_line(stream: BinaryIO) -> bytearray:
    """The first line of `stream` without blanks around it, in bytes that can be wiped.

    Neither waits for the end of a stream that stays open nor reads more than a secret is long.
    """
    line, byte = bytearray(LONGEST_LINE), bytearray(1)
    # Unbuffered where that can be had: a buffer would be another copy.
    raw: Any = getattr(stream, "raw", stream)
    length = 0
    while length < LONGEST_LINE and raw.readinto(byte) and byte != b"\n":
        line[length : length + 1] = byte
        length += 1
    wipe(byte)
    stripped = line[:length].strip()
    wipe(line)
    return stripped


def code_b(line: bytearray, birth_as: Form | None) -> CodeB:
    """照合番号B from one of the three ways to give it.

    Raises:
        CardError: `bad_secret_format`, also for a birth date without a word on how the card prints it.
    """
    if len(line) == 10 and line.isdigit():
        return CodeB(line[:6], line[6:])
    if b"-" not in line:
        return CodeB.from_digits(line)
    date, _, code = line.decode("ascii", "replace").partition(" ")
    if birth_as is None:
        raise CardError("bad_secret_format", "say with --birth-as how the card prints the birth date")
    return CodeB(printed_as(date, birth_as).digits, code.strip())
