"""The conversation with a My Number card, as commands out and answers in.

Nothing here does input or output: a conversation is a generator that yields command APDUs and is
sent response APDUs, so every rule below can be tried on a train. `converse` drives one over a
`Channel` and keeps time.

**The lock rule.** Three wrong PINs lock a card until its holder can visit the municipality.
Therefore, in this order and with no way around it:

1. the counter is asked first, by a VERIFY without data, which costs nothing;
2. with one try left nothing is sent (`last_try_refused`), with none nothing either (`blocked`), and
   likewise when the card does not tell a number;
3. the secret then goes out in exactly one VERIFY and is wiped; whatever happens to the answer - lost,
   late, odd - it is never sent again, because the secret no longer exists.

The counter query also scouts: whether the card knows short EF identifiers is learned from it, so
that the VERIFY itself never has to be tried in two ways.

**One person or nobody.** All four items come from one file read in one session. If the card forgets
that we ever verified (6982, 6986), it lost power or is another card, and what was read is dropped.

The shortest way is SELECT, query, VERIFY, READ: four APDUs up to 256 bytes of file, one more for each
256 after that. Cards that do not know short EF identifiers (6A82, 6A86, 6981) are asked the classic
way, with a SELECT before each. A code B whose expiry year is not given costs two more, to read it.

It refuses to know readers, and every file but the one it came for.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeVar

from card_reader import apdu
from card_reader.apdu import Application, Response, TextFile, Tries
from card_reader.basic_four import BasicFour, find_record, parse_basic_four
from card_reader.channel import Channel, Clock, Command
from card_reader.errors import CardError, malformed
from card_reader.secret import CodeB, Secret, SecretKind, used_up, wipe
from card_reader.tlv import MAX_BYTES

# BasicFour and its parser have a module of their own; this is where the contract looks for them.
__all__ = [
    "APDU_SECONDS",
    "SESSION_SECONDS",
    "BasicFour",
    "CardReading",
    "ask_tries",
    "converse",
    "parse_basic_four",
    "read_basic_four",
    "read_tries",
]

# A type B card may take 2.5 s for one command by its own declaration (FWI 13), and phones are known
# to take 5 s for a read; longer than this is a card that slipped, not one that thinks.
APDU_SECONDS: Final = 5.0
SESSION_SECONDS: Final = 10.0

# 16 reads of 256 bytes make the largest file; a card that answers in crumbs is given up on.
_MAX_ROUNDS: Final = 64

T = TypeVar("T")
Conversation: TypeAlias = Generator[Command, bytes, T]

_KEY_OF: Final[dict[SecretKind, TextFile]] = {"pin": TextFile.PIN, "code_b": TextFile.CODE_B}


@dataclass(frozen=True, slots=True)
class CardReading:
    """What one reading brought, and what it took.

    Attributes:
        person: the four basic items.
        secret: which secret opened them.
        tries_left: what the card said before the secret was sent; success sets it back to the full.
        apdus: command APDUs sent.
        milliseconds: from the first command (from opening the reader, when a desk read) to the end.
    """

    person: BasicFour
    secret: SecretKind
    tries_left: int
    apdus: int
    milliseconds: float = field(compare=False)


def read_basic_four(channel: Channel, secret: Secret, *, clock: Clock) -> CardReading:
    """Read name, address, birth and sex over `channel`, spending `secret` at most once.

    `channel` is a freshly powered card; `clock` a monotonic clock in seconds. A secret that could not
    be sent (refused, or the card went before) stays unspent and may be used for another reading.

    Raises:
        CardError: every code but `no_reader`, `no_card`.
    """
    start = clock()
    (person, tries), apdus = converse(channel, _basic_four(secret), clock=clock)
    return CardReading(person, secret.kind, tries, apdus, (clock() - start) * 1000)


def read_tries(channel: Channel, kind: SecretKind, *, clock: Clock) -> int:
    """Ask how many tries are left for the secret of `kind`; 0 when it is blocked. Costs no try.

    Raises:
        CardError: `not_my_number_card`, `no_pin_set`, `malformed`, or what the channel raises.
    """
    tries, _ = converse(channel, ask_tries(kind), clock=clock)
    return tries


def converse(channel: Channel, conversation: Conversation[T], *, clock: Clock) -> tuple[T, int]:
    """Carry `conversation` over `channel` to its end; return its result and the count of APDUs.

    Time is judged before and after each command: a transmission that blocks can only be noticed when
    it returns, but nothing read too late is ever handed on, and nothing more is sent.

    Raises:
        CardError: `timeout` after 5 s for one command or 10 s in all, or what either side raises.
    """
    start = clock()
    apdus = 0
    # Closing the generator runs its `finally`, which wipes a secret that was on its way.
    with closing(conversation):
        try:
            command = next(conversation)
            while True:
                sent = clock()
                if sent - start > SESSION_SECONDS:
                    raise CardError("timeout", "the card took too long in all")
                if not apdu.is_allowed(command):
                    raise AssertionError("a command outside the allow-list was about to be sent")
                apdus += 1
                answer = channel.transmit(command)
                now = clock()
                if now - sent > APDU_SECONDS or now - start > SESSION_SECONDS:
                    raise CardError("timeout", "the card took too long over a command")
                command = conversation.send(answer)
        except StopIteration as end:
            result: T = end.value
            return result, apdus


def _basic_four(secret: Secret) -> Conversation[tuple[BasicFour, int]]:
    if secret.spent:
        raise used_up()
    if isinstance(secret, CodeB) and secret.needs_expiry:
        secret.fill_expiry((yield from _expiry_year()))
    key = _KEY_OF[secret.kind]
    yield from _select(Application.TEXT)
    tries, short_ids = yield from _query(key)
    if tries is Tries.UNSET:
        raise CardError("no_pin_set", "no such secret is set on this card")
    if tries is Tries.BLOCKED or tries == 0:
        raise CardError("blocked", "the secret is locked; only the municipality can unlock it", tries_left=0)
    if tries == 1:
        raise CardError("last_try_refused", "one try is left, and it is not ours to risk", tries_left=1)
    yield from _verify(secret, key if short_ids else None)
    return parse_basic_four((yield from _read_basic_four_file(short_ids=short_ids))), tries


def ask_tries(kind: SecretKind) -> Conversation[int]:
    """Select the text application and ask the counter of one key; result as in `read_tries`."""
    yield from _select(Application.TEXT)
    tries, _ = yield from _query(_KEY_OF[kind])
    if tries is Tries.UNSET:
        raise CardError("no_pin_set", "no such secret is set on this card")
    return 0 if tries is Tries.BLOCKED else tries


def _select(application: Application) -> Conversation[None]:
    command = apdu.select_application(application)
    answer = apdu.response((yield command))
    if answer.sw == apdu.INTERNAL_ERROR:
        # Some readers hand the card over before it has settled. Selecting twice harms nobody.
        answer = apdu.response((yield command))
    if answer.ok or answer.more:
        return
    if answer.sw >> 8 in (0x64, 0x65, 0x6F):
        raise malformed("the card failed at its first command")
    # 6A82 from other ISO cards, 6D00, 6E00, 6700 from older ones, 6300 and 6A81 from readers that
    # answer for a FeliCa card: whatever it is, it has no such application.
    raise CardError("not_my_number_card", "the card has no text application")


def _expiry_year() -> Conversation[bytes]:
    """Read the expiry year from the card's own data; a free read, as printed on the card's face.

    The record is 01 1C and 28 digits: serial 15, municipality 5, expiry YYYYMMDD. Only the year is kept.
    """
    yield from _select(Application.COMMON)
    answer = yield from _exchange(apdu.READ_CARD_DATA)
    record = answer.data.removeprefix(b"\x01\x1c")
    if not answer.ok or len(record) < 28 or not record[:28].isdigit():
        raise malformed("the card's expiry could not be read; it has to be entered with the code")
    return record[20:24]


def _query(key: TextFile) -> Conversation[tuple[int | Tries, bool]]:
    """Ask the counter; return it, and whether the card knows short EF identifiers."""
    short_ids = True
    answer = apdu.response((yield apdu.query_tries(key)))
    if answer.sw in apdu.NO_SHORT_IDS:
        short_ids = False
        selected = apdu.response((yield apdu.select_file(key)))
        if selected.sw == apdu.NO_SUCH_FILE:
            # No such key, or no longer our application because power failed for a moment. Only the
            # first may be told to a person as "no PIN is set", so make sure.
            yield from _select(Application.TEXT)
            selected = apdu.response((yield apdu.select_file(key)))
            if selected.sw == apdu.NO_SUCH_FILE:
                return Tries.UNSET, short_ids
        if not selected.ok:
            raise malformed("the key could not be selected")
        answer = apdu.response((yield apdu.query_tries(None)))
    tries = apdu.tries_left(answer.sw)
    if tries is None:
        # 9000 would mean that somebody verified before us in this session, 6300 that the card does
        # not count. Either way the number is unknown, and an unknown number is not risked.
        raise malformed("the card does not tell how many tries are left")
    return tries, short_ids


def _verify(secret: Secret, key: TextFile | None) -> Conversation[None]:
    digits = secret.spend()
    command = apdu.verify(key, digits)
    wipe(digits)
    try:
        answer = apdu.response((yield command))
    finally:
        wipe(command)
    if answer.ok:
        return
    tries = apdu.tries_left(answer.sw)
    if tries is Tries.BLOCKED or tries == 0:
        raise CardError("blocked", "the secret is locked now", tries_left=0)
    if isinstance(tries, int) or answer.sw == 0x6300:
        left = tries if isinstance(tries, int) else None
        raise CardError("wrong_secret", "the card refused the secret", tries_left=left)
    raise malformed("the card answered the secret with neither yes nor no")


def _read_basic_four_file(*, short_ids: bool) -> Conversation[bytes]:
    """Fetch EF 0002 from its start to the end of the record, or as far as the card goes."""
    data = b""
    if short_ids:
        first = yield from _exchange(apdu.read_short(TextFile.BASIC_FOUR, apdu.MAX_READ))
        if first.sw in apdu.NO_SHORT_IDS:
            short_ids = False
        else:
            data = _piece(first)
    if not short_ids:
        selected = apdu.response((yield apdu.select_file(TextFile.BASIC_FOUR)))
        if selected.sw == apdu.NO_SUCH_FILE or selected.sw in apdu.FORGOTTEN:
            # Every card that took the secret has this file: what is missing is our application.
            raise _session_lost()
        if not selected.ok:
            raise malformed("the file of the four items could not be selected")
        data = _piece((yield from _exchange(apdu.read_on(0, apdu.MAX_READ))))

    record = find_record(data)
    if record is None or record.end > MAX_BYTES:
        raise malformed("no record of the four basic items")
    for _ in range(_MAX_ROUNDS):
        missing = record.end - len(data)
        if missing <= 0:
            return data
        piece = _piece((yield from _exchange(apdu.read_on(len(data), min(missing, apdu.MAX_READ)))))
        if not piece:
            break
        data += piece
    raise malformed("the record is cut short")


def _piece(answer: Response) -> bytes:
    if answer.sw in apdu.FORGOTTEN:
        raise _session_lost()
    if not answer.ok and answer.sw != apdu.END_OF_FILE:
        raise malformed("the card refused to be read")
    return answer.data


def _session_lost() -> CardError:
    return CardError("card_removed", "the card lost its session between two commands")


def _exchange(command: bytes) -> Conversation[Response]:
    """Send a command that may safely be sent again, and follow 6Cxx and 61xx to the whole answer."""
    answer = apdu.response((yield command))
    if answer.right_length:
        answer = apdu.response((yield command[:-1] + bytes((answer.right_length & 0xFF,))))
    data = answer.data
    for _ in range(_MAX_ROUNDS):
        if not answer.more:
            return Response(data, answer.sw)
        answer = apdu.response((yield apdu.get_response(answer.more)))
        data += answer.data
        if len(data) > MAX_BYTES:
            break
    raise malformed("the card never came to an end")
