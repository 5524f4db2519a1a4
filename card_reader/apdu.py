"""Command APDUs we are willing to send, and what the status words of the answers mean.

The law lets a shelter read name, address, birth and sex; it does not let it read the My Number.
So the list of files lives here, once, as enumerations, and every builder takes a member of
them: a command for another file cannot be spelled. `is_allowed` reads raw bytes by the same
list; `converse` and the PC/SC driver ask it before every transmission, and tests ask it of every
trace.

Sources: ISO/IEC 7816-4 and JICSAP 1.1 for the commands; application and file identifiers from
public readers that were run on test cards (docs/formats/card.md names them).

It refuses to know in which order commands are sent, and holds no secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final

from card_reader.channel import Command
from card_reader.errors import malformed


class Application(Enum):
    """The two applications of a My Number card that we ever select, by their AID."""

    TEXT = bytes.fromhex("D3921000310001010408")  # 券面事項入力補助
    COMMON = bytes.fromhex("D3921000310001010100")  # 共通カード


class OtherApplication(Enum):
    """Applications of other cards, selected only to tell what lies there; none of their files is read.

    Sources: 運転免許証及び運転免許証作成システム等仕様書 (police, DF1 to DF3), 在留カード等仕様書 Ver 1.5
    (immigration, DF1 to DF3; 特別永住者証明書 has the same), ICAO Doc 9303-10 (passports).
    """

    DRIVING_LICENCE_1 = bytes.fromhex("A0000002310100000000000000000000")
    DRIVING_LICENCE_2 = bytes.fromhex("A0000002310200000000000000000000")
    DRIVING_LICENCE_3 = bytes.fromhex("A0000002480300000000000000000000")
    RESIDENCE_CARD_1 = bytes.fromhex("D392F0004F0200000000000000000000")
    RESIDENCE_CARD_2 = bytes.fromhex("D392F0004F0300000000000000000000")
    RESIDENCE_CARD_3 = bytes.fromhex("D392F0004F0400000000000000000000")
    PASSPORT = bytes.fromhex("A0000002471001")


class TextFile(IntEnum):
    """The files of the text application that we ever touch. EF 0001, the My Number, is absent."""

    BASIC_FOUR = 0x0002
    PIN = 0x0011
    CODE_B = 0x0015


KEYS: Final = frozenset((TextFile.PIN, TextFile.CODE_B))

# READ BINARY's short Le of 00 means 256. Extended lengths are no way to begin with, because not every
# reader has them; they are what is left when a card finds a short one wrong (6700).
MAX_READ: Final = 256
# No answer is longer than an extended one: 65,536 bytes and a status word.
_MAX_ANSWER: Final = 0x10000 + 2

# "The key or file selected before", where a short EF identifier could stand.
_CURRENT: Final = 0x80

# READ RECORD, record 1, P2 = 0C: the short EF identifier 1 in its upper five bits and "the record
# whose number is P1" in the rest. This is the common application's card data (serial, municipality,
# expiry), which needs no secret. Written as one constant so that no other record can be asked for,
# and by short identifier only: a SELECT of an EF 0001 is a byte string this program never sends.
READ_CARD_DATA: Final = bytes.fromhex("00B2010C00")

# GET DATA of PC/SC part 3, section 3.2.2.1.3: "which card is it?", for FeliCa its IDm. A pseudo-command
# that a contactless *reader* answers; a contact reader would hand it on to a card that it means nothing
# to. So it may be sent only where the ATR says FeliCa.
GET_IDM: Final = bytes.fromhex("FFCA000000")

# The ATR that PC/SC part 3, section 3.1.3.2.3.2 has readers make for storage cards: up to and with the
# registered id of the PC/SC workgroup, then one byte of standard: 11 is FeliCa (JIS X 6319-4).
_STORAGE_CARD: Final = bytes.fromhex("3B8F8001804F0CA000000306")
_FELICA: Final = 0x11


def is_felica(atr: bytes) -> bool:
    """Tell whether the reader says that a FeliCa card lies there."""
    return len(atr) > len(_STORAGE_CARD) and atr.startswith(_STORAGE_CARD) and atr[12] == _FELICA


def select_application(application: Application | OtherApplication) -> bytes:
    """SELECT by name, wanting no answer data: `00A4040C Lc <AID>`, 15 bytes for ours."""
    name: bytes = application.value
    return b"\x00\xa4\x04\x0c" + bytes((len(name),)) + name


def select_file(file: TextFile) -> bytes:
    """SELECT an elementary file of the text application: `00A4020C 02 <id>`, 7 bytes."""
    return b"\x00\xa4\x02\x0c\x02" + file.to_bytes(2, "big")


def query_tries(key: TextFile | None) -> bytes:
    """VERIFY without data: asks how many tries are left and spends none (JICSAP 6.4.9 (5)).

    With `key` by short identifier, with None for the key selected before. 4 bytes.
    """
    return bytes((0x00, 0x20, 0x00, _key_reference(key)))


def verify(key: TextFile | None, digits: bytearray) -> bytearray:
    """VERIFY with a secret. The result holds the secret: the caller overwrites it after use."""
    command = bytearray((0x00, 0x20, 0x00, _key_reference(key), len(digits)))
    command += digits
    return command


def read_short(file: TextFile, count: int) -> bytes:
    """READ BINARY from the start of `file` by short identifier; `count` 1 to 256. 5 bytes."""
    return bytes((0x00, 0xB0, _CURRENT | file, 0x00, count & 0xFF))


def read_on(offset: int, count: int) -> bytes:
    """READ BINARY of the current file from `offset` (15 bits); `count` 1 to 256. 5 bytes."""
    return bytes((0x00, 0xB0, offset >> 8 & 0x7F, offset & 0xFF, count & 0xFF))


def extended(read: bytes) -> bytes:
    """Ask for as much as there is, by an extended Le: the READ BINARY `read` with `000000`. 7 bytes."""
    return read[:4] + bytes(3)


def get_response(count: int) -> bytes:
    """GET RESPONSE: fetch `count` (1 to 256) bytes that a 61xx promised. 5 bytes."""
    return bytes((0x00, 0xC0, 0x00, 0x00, count & 0xFF))


def _key_reference(key: TextFile | None) -> int:
    return _CURRENT if key is None else _CURRENT | key


# Commands in which nothing varies. Everything else that may be sent is spelled in `is_allowed`.
_WHOLE: Final = frozenset(
    (
        *map(select_application, Application),
        *map(select_application, OtherApplication),
        *map(select_file, TextFile),
    ),
)
_KEY_REFERENCES: Final = frozenset((_CURRENT, *(_CURRENT | key for key in KEYS)))


def is_allowed(command: Command, atr: bytes) -> bool:
    """Tell whether this program may send `command` at all to a card of this `atr`, judged by its bytes.

    READ BINARY by offset reads whatever file is current, and the only files that can have become
    current in the text application are those of `TextFile`. In other cards none can have.
    """
    match tuple(command[:4]):
        case (0x00, 0x20, 0x00, reference) if reference in _KEY_REFERENCES:
            # Looked at in place: bytes(command) would be a copy of the secret that nobody can erase.
            return len(command) == 4 or (len(command) > 5 and len(command) == 5 + command[4])
        case (0x00, 0xB0, p1, p2) if len(command) == 5 or (len(command) == 7 and command[4:] == bytes(3)):
            return p1 < 0x80 or (p1 == _CURRENT | TextFile.BASIC_FOUR and p2 == 0)
        case (0x00, 0xC0, 0x00, 0x00) | (0x00, 0xB2, 0x01, 0x0C):
            # Of any length: a card may have named the one it wants (61xx, 6Cxx).
            return len(command) == 5
        case (0xFF, *_):
            return bytes(command) == GET_IDM and is_felica(atr)
    return bytes(command) in _WHOLE


def masked(command: Command) -> bytes:
    """Return `command` as a trace may keep it: a VERIFY's digits replaced by asterisks."""
    if len(command) > 5 and command[1] == 0x20:
        return bytes(command[:5]) + b"*" * (len(command) - 5)
    return bytes(command)


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """An answer: `data` (may be personal, so not in the repr) and the status word `sw`."""

    data: bytes
    sw: int

    def __repr__(self) -> str:
        return f"Response(<{len(self.data)} bytes>, sw={self.sw:04X})"

    @property
    def ok(self) -> bool:
        """Whether the command did all it was asked: 9000."""
        return self.sw == 0x9000

    @property
    def more(self) -> int:
        """How many bytes wait for GET RESPONSE (61xx), 0 for none; 6100 means 256."""
        return (self.sw & 0xFF or 256) if self.sw >> 8 == 0x61 else 0

    @property
    def right_length(self) -> int:
        """The length the card wants instead (6Cxx), 0 when it wants none; 6C00 means 256."""
        return (self.sw & 0xFF or 256) if self.sw >> 8 == 0x6C else 0


def response(answer: bytes) -> Response:
    """Split an answer into data and status word.

    Raises:
        CardError: `malformed` for fewer than 2 bytes or more than any APDU has. More than was asked for
            is taken: there are cards that answer a short Le of 00 with all they have.
    """
    if not 2 <= len(answer) <= _MAX_ANSWER:
        raise malformed("an answer of impossible length")
    return Response(bytes(answer[:-2]), answer[-2] << 8 | answer[-1])


class Tries(Enum):
    """What a status word says of a key, where it is not a number of tries."""

    BLOCKED = "blocked"
    UNSET = "unset"


# Answers about a key that are not 63Cx. Cards of this family say 63C0 on the try that exhausts the
# counter and 6984 (JICSAP: referenced IEF locked) ever after; other documents have 6983 (ISO).
# 6A88 is JICSAP's "referenced key not correctly set"; 6985 its "conditions of use not fulfilled".
# No face-only card (顔認証マイナンバーカード) has been at hand to say which of the last two it uses.
KEY_STATUS: Final[dict[int, Tries]] = {
    0x6983: Tries.BLOCKED,
    0x6984: Tries.BLOCKED,
    0x6985: Tries.UNSET,
    0x6A88: Tries.UNSET,
}


def tries_left(sw: int) -> int | Tries | None:
    """Read a VERIFY's status word: a number (63Cx), a state of the key, or None if it tells neither.

    6300 is None on purpose: it means "wrong, and I do not count", and a card that does not say how
    many tries are left is not one we send a secret to.
    """
    if sw & 0xFFF0 == 0x63C0:
        return sw & 0x0F
    return KEY_STATUS.get(sw)


# Answers by which a card says that it does not understand short EF identifiers; the file is then
# selected the long way. 6A82 no such file, 6A86 wrong P1-P2, 6981 wrong kind of file.
NO_SHORT_IDS: Final = frozenset((0x6A82, 0x6A86, 0x6981))

# A VERIFY's "no" by a card that does not say how often it may still be asked.
REFUSED_UNCOUNTED: Final = 0x6300

# The first byte of a status word by which a card refuses a question as such: 67 wrong length, 68 class not
# supported, 69 not allowed, 6A and 6B wrong parameters, 6D unknown instruction.
REFUSALS: Final = frozenset((0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6D))

# The card forgot, between two of our commands, what it had been told: no security status (6982) or
# no current file (6986). It lost power for a moment, or is no longer the same card.
FORGOTTEN: Final = frozenset((0x6982, 0x6986))

# "Something inside failed": seen on the very first command after power-up, and gone on the second.
INTERNAL_ERROR: Final = 0x6F00
NO_SUCH_FILE: Final = 0x6A82
WRONG_LENGTH: Final = 0x6700
END_OF_FILE: Final = 0x6282
