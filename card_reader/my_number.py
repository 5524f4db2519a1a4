"""The conversation with a My Number card, as commands out and answers in.

Nothing here does input or output: a conversation is a generator that yields command APDUs and is
sent response APDUs (`conversation`, which also keeps time).

**The lock rule.** Three wrong PINs lock a card until its holder can visit the municipality.
Therefore, in this order and with no way around it:

1. the counter is asked first, by a VERIFY without data, which costs nothing;
2. with one try left nothing is sent (`last_try_refused`), with none nothing either (`blocked`), and
   likewise when the card does not tell a number;
3. the secret then goes out in exactly one VERIFY and is wiped; whatever happens to the answer - lost,
   late, odd - it is never sent again, because the secret no longer exists;
4. after an answer that is neither yes nor no, and before any other secret, the counter is asked anew.

The counter query also scouts: whether the card knows short EF identifiers is learned from it, so
that the VERIFY itself never has to be tried in two ways.

**One person or nobody.** All four items come from one file read in one session. If the card forgets
that we ever verified (6982, 6986), it lost power or is another card, and what was read is dropped.

The shortest way is SELECT, query, VERIFY, READ: four APDUs up to 256 bytes of file, one more for each
256 after that. Cards that do not know short EF identifiers (6A82, 6A86, 6981) are asked the classic
way, with a SELECT before each. Cards that find a short Le of 00 wrong (6700) are asked by an extended
one, then for their first bytes. A code B whose expiry year is not given costs two more, to read it.

It refuses to know readers, and every file but the one it came for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from card_reader import apdu
from card_reader.apdu import Application, Response, TextFile, Tries
from card_reader.basic_four import MAX_LEAD, BasicFour, find_record, parse_basic_four
from card_reader.channel import Channel, Clock
from card_reader.conversation import LIMITS, Conversation, Limits, converse
from card_reader.errors import CardError, ExpiryUnreadError, malformed
from card_reader.other_cards import recognise
from card_reader.secret import CodeB, Secret, SecretKind, used_up, wipe
from card_reader.tlv import MAX_BYTES, MAX_HEADER

# BasicFour and its parser have a module of their own; this is where the contract looks for them.
__all__ = [
    "BasicFour",
    "CardReading",
    "ask_tries",
    "find_application",
    "parse_basic_four",
    "read_basic_four",
    "read_tries",
]

# 16 reads of 256 bytes make the largest file; a card that answers in crumbs is given up on.
_MAX_ROUNDS: Final = 64

# The first bytes of the file that surely hold the record's header, where not all can be had at once.
_HEAD: Final = MAX_LEAD + MAX_HEADER

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


def read_basic_four(
    channel: Channel, secret: Secret, *, clock: Clock, limits: Limits = LIMITS
) -> CardReading:
    """Read name, address, birth and sex over `channel`, spending `secret` at most once.

    `channel` is a freshly powered card; `clock` a monotonic clock in seconds. A secret that could not
    be sent (refused, or the card went before) stays unspent and may be used for another reading.

    Raises:
        CardError: every code but `no_reader`, `no_card`, `two_cards`.
    """
    start = clock()
    conversation = _basic_four(secret, channel.atr)
    (person, tries), apdus = converse(channel, conversation, clock=clock, limits=limits)
    return CardReading(person, secret.kind, tries, apdus, (clock() - start) * 1000)


def read_tries(channel: Channel, kind: SecretKind, *, clock: Clock, limits: Limits = LIMITS) -> int:
    """Ask how many tries are left for the secret of `kind`; 0 when it is blocked. Costs no try.

    Raises:
        CardError: `not_my_number_card`, `no_pin_set`, `malformed`, or what the channel raises.
    """
    tries, _ = converse(channel, ask_tries(kind, channel.atr), clock=clock, limits=limits)
    return tries


def _basic_four(secret: Secret, atr: bytes) -> Conversation[tuple[BasicFour, int]]:
    if secret.spent:
        raise used_up()
    if isinstance(secret, CodeB) and secret.needs_expiry:
        secret.fill_expiry((yield from _expiry_year(atr)))
    key = _KEY_OF[secret.kind]
    yield from _select_text(atr)
    tries, short_ids = yield from _query(key, atr)
    if tries is Tries.UNSET:
        raise CardError("no_pin_set", "no such secret is set on this card")
    if tries is Tries.BLOCKED or tries == 0:
        raise CardError("blocked", "the secret is locked; only the municipality can unlock it", tries_left=0)
    if tries == 1:
        raise CardError("last_try_refused", "one try is left, and it is not ours to risk", tries_left=1)
    yield from _verify(secret, key if short_ids else None)
    return parse_basic_four((yield from _read_basic_four_file(short_ids=short_ids))), tries


def ask_tries(kind: SecretKind, atr: bytes) -> Conversation[int]:
    """Select the text application and ask the counter of one key; result as in `read_tries`."""
    yield from _select_text(atr)
    tries, _ = yield from _query(_KEY_OF[kind], atr)
    if tries is Tries.UNSET:
        raise CardError("no_pin_set", "no such secret is set on this card")
    return 0 if tries is Tries.BLOCKED else tries


def find_application() -> Conversation[bool]:
    """Tell whether this is a My Number card, by selecting the text application; nothing else is asked."""
    return (yield from _select(Application.TEXT))


def _select(application: Application) -> Conversation[bool]:
    """Select an application; whether the card has it."""
    command = apdu.select_application(application)
    answer = apdu.response((yield command))
    if answer.sw == apdu.INTERNAL_ERROR:
        # Some readers hand the card over before it has settled. Selecting twice harms nobody.
        answer = apdu.response((yield command))
    if answer.ok or answer.more:
        return True
    if answer.sw >> 8 in (0x64, 0x65, 0x6F):
        raise malformed("the card failed at its first command")
    # 6A82 from other ISO cards, 6D00, 6E00, 6700 from older ones, 6300 and 6A81 from readers that
    # answer for a FeliCa card: whatever it is, it has no such application.
    return False


def _select_text(atr: bytes) -> Conversation[None]:
    """Select the text application, or tell which card lies there instead."""
    if not (yield from _select(Application.TEXT)):
        raise (yield from recognise(atr))


def _expiry_year(atr: bytes) -> Conversation[bytes]:
    """Read the expiry year from the card's own data; a free read, as printed on the card's face.

    The record is 01 1C and 28 digits: serial 15, municipality 5, expiry YYYYMMDD. Only the year is kept.
    """
    if (yield from _select(Application.COMMON)):
        answer = yield from _exchange(apdu.READ_CARD_DATA)
        record = answer.data.removeprefix(b"\x01\x1c")
        if answer.ok and len(record) >= 28 and record[:28].isdigit():
            return record[20:24]
    # Say first what matters more: that this may be another card altogether.
    yield from _select_text(atr)
    raise ExpiryUnreadError


def _query(key: TextFile, atr: bytes) -> Conversation[tuple[int | Tries, bool]]:
    """Ask the counter; return it, and whether the card knows short EF identifiers."""
    answer = apdu.response((yield apdu.query_tries(key)))
    tries = apdu.tries_left(answer.sw)
    refused = tries is Tries.UNSET or (tries is None and answer.sw >> 8 in apdu.REFUSALS)
    if not refused:
        return _counted(tries), True
    # The card does not know short identifiers, and each says so in its own way; or it has no such key.
    # Asking the long way harms nothing and tells which.
    selected = apdu.response((yield apdu.select_file(key)))
    if selected.sw == apdu.NO_SUCH_FILE:
        # No such key, or no longer our application because power failed for a moment. Only the first
        # may be told to a person as "no PIN is set", so make sure.
        yield from _select_text(atr)
        selected = apdu.response((yield apdu.select_file(key)))
    if selected.ok:
        again = apdu.response((yield apdu.query_tries(None)))
        return _counted(apdu.tries_left(again.sw)), False
    if selected.sw == apdu.NO_SUCH_FILE or tries is Tries.UNSET:
        return Tries.UNSET, False
    raise malformed("the key could not be selected")


def _counted(tries: int | Tries | None) -> int | Tries:
    """The answer to a query, if it is one.

    Where it is none: 9000 would mean that somebody verified before us in this session, 6300 that the card
    does not count. Either way the number is unknown, and an unknown number is not risked.
    """
    if tries is None:
        raise malformed("the card does not tell how many tries are left")
    return tries


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
    said, refused = apdu.tries_left(answer.sw), answer.sw == apdu.REFUSED_UNCOUNTED
    if said is None:
        # Neither yes nor no, or a no without a number. The counter may have moved or not: ask it, without
        # data, so that a person is told how things stand.
        said = apdu.tries_left(apdu.response((yield apdu.query_tries(key))).sw)
    elif isinstance(said, int):
        refused = True
    if said is Tries.BLOCKED or said == 0:
        raise CardError("blocked", "the secret is locked now", tries_left=0)
    left = said if isinstance(said, int) else None
    if refused:
        raise CardError("wrong_secret", "the card refused the secret", tries_left=left)
    raise malformed("the card answered the secret with neither yes nor no", tries_left=left)


def _read_basic_four_file(*, short_ids: bool) -> Conversation[bytes]:
    """Fetch EF 0002 from its start to the end of the record, or as far as the card goes."""
    short = apdu.read_short(TextFile.BASIC_FOUR, apdu.MAX_READ)
    data = (yield from _first_piece(short)) if short_ids else None
    if data is None:
        selected = apdu.response((yield apdu.select_file(TextFile.BASIC_FOUR)))
        if selected.sw == apdu.NO_SUCH_FILE or selected.sw in apdu.FORGOTTEN:
            # Every card that took the secret has this file: what is missing is our application.
            raise _session_lost()
        if not selected.ok:
            raise malformed("the file of the four items could not be selected")
        data = (yield from _first_piece(apdu.read_on(0, apdu.MAX_READ))) or b""
    most = apdu.MAX_READ
    for _ in range(_MAX_ROUNDS):
        missing = _end_of_record(data) - len(data)
        if missing <= 0:
            break
        answer = yield from _exchange(apdu.read_on(len(data), min(missing, most)))
        if answer.sw == apdu.WRONG_LENGTH and most == apdu.MAX_READ:
            most -= 1  # the card that wants no Le of 00
            continue
        piece = _piece(answer)
        if not piece:
            break
        data += piece
    return data


def _end_of_record(data: bytes) -> int:
    """How far the file has to be read, judged by what was read of it."""
    if len(data) < _HEAD:
        return _HEAD
    record = find_record(data)
    return 0 if record is None else record.end


def _first_piece(read: bytes) -> Conversation[bytes | None]:
    """Read from the start of the file; None when the card does not know short EF identifiers."""
    head = read[:-1] + bytes((_HEAD,))
    for command in (read, apdu.extended(read), head):
        answer = yield from _exchange(command)
        if answer.sw != apdu.WRONG_LENGTH:
            break
    return None if answer.sw in apdu.NO_SHORT_IDS else _piece(answer)


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
        answer = apdu.response((yield command[:4] + bytes((answer.right_length & 0xFF,))))
    data = answer.data
    for _ in range(_MAX_ROUNDS):
        if not answer.more:
            return Response(data, answer.sw)
        answer = apdu.response((yield apdu.get_response(answer.more)))
        data += answer.data
        if len(data) > MAX_BYTES:
            break
    raise malformed("the card never came to an end")
