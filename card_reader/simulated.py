"""A card that answers APDUs, and a reader to lay it on: for practice, demonstration and tests.

The simulation stands at the level of bytes because that is where a card reader goes wrong: access
conditions, counters, offsets, status words. The card is stricter than need be - it forgets a verified
PIN at every SELECT of an application, counts a secret of the wrong length as a wrong one - so that code
which pleases it pleases real cards. It keeps a trace in which secrets are masked, and remembers whether
anybody ever reached for the file we must not touch.

Faults are scripted, one letter per command; see `faults`.

It refuses to know the code that reads it: it shares only the tags of the record with it.
Sources for what it imitates: docs/formats/card.md.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from card_reader import simulated_lengths
from card_reader.basic_four import ADDRESS_TAG, BIRTH_TAG, NAME_TAG, OUTER_TAG, SEX_TAG
from card_reader.channel import Command, Presence
from card_reader.errors import CardError
from card_reader.faults import LateError, PlayedCard, TornError
from card_reader.simulated_lengths import Habit

LengthForm: TypeAlias = Literal["shortest", "81", "82"]

_TEXT_AID: Final = bytes.fromhex("D3921000310001010408")
_COMMON_AID: Final = bytes.fromhex("D3921000310001010100")
_FACE_AID: Final = bytes.fromhex("D3921000310001010402")  # 券面事項確認: holds a picture of the My Number
_MY_NUMBER: Final = 0x0001
_CODE_A: Final = 0x0014  # 照合番号A: the My Number itself

OK: Final = 0x9000
PIN_TRIES: Final = 3
CODE_B_TRIES: Final = 10


@dataclass(frozen=True, slots=True)
class InventedPerson:
    """A holder who does not exist. `birth_date` is eight digits and `sex` one, as on the card."""

    name: str = "熊本　花子"
    address: str = "熊本県熊本市中央区手取本町１番１号"
    birth_date: str = "19800217"
    sex: str = "2"


def encode_basic_four(
    person: InventedPerson, *, lengths: LengthForm = "shortest", before: bytes = b"", after: bytes = b""
) -> bytes:
    """Write EF 0002 for `person`; `lengths` as some cards write them, filler `before` and `after`."""
    texts = (person.name, person.address, person.birth_date, person.sex)
    tags = (NAME_TAG, ADDRESS_TAG, BIRTH_TAG, SEX_TAG)
    values = [text.encode() for text in texts]
    # The offsets count the outer header, whose size depends on the length of all that follows.
    items = [_object(tag, value, "shortest") for tag, value in zip(tags, values, strict=True)]
    table_size = 3 + 2 * len(items)
    content_size = table_size + sum(map(len, items))
    at = len(before) + len(_object(OUTER_TAG, bytes(content_size), lengths)) - content_size + table_size
    table = b""
    for item in items:
        table += at.to_bytes(2, "big")
        at += len(item)
    content = _object(0xDF21, table, "shortest") + b"".join(items)
    return before + _object(OUTER_TAG, content, lengths) + after


def _object(tag: int, value: bytes, lengths: LengthForm) -> bytes:
    size = len(value)
    if lengths == "82" or size > 0xFF:
        length = b"\x82" + size.to_bytes(2, "big")
    elif lengths == "81" or size > 0x7F:
        length = bytes((0x81, size))
    else:
        length = bytes((size,))
    return tag.to_bytes(2, "big") + length + value


class _Key:
    """A PIN or code on the card. `digits` None is one that was never set."""

    def __init__(self, digits: str | None, tries: int, full: int) -> None:
        self.digits = digits
        self.tries = tries
        self.full = full


@dataclass(frozen=True, slots=True)
class _File:
    """A transparent file, and which keys open it."""

    data: bytes
    opened_by: tuple[int, ...]


class SimulatedCard(PlayedCard):
    """A My Number card with an invented holder.

    What may be chosen, besides what every `PlayedCard` offers:
        holder: whose card it is; `ef_0002` replaces the bytes of the record entirely.
        pin: four digits, None for a card without PIN (顔認証マイナンバーカード).
        pin_tries, code_b_tries: what is left; 0 is blocked.
        birth_printed: birth as it stands on the face, YYMMDD: era year, western for foreign residents.
        security_code, expiry: the other parts of code B; expiry is YYYYMMDD.
        supports_short_ids: False makes the card answer 6A86 to short EF identifiers.
        has_common: False makes it a card without the common application.
        lengths: how it takes the length of a READ, one of `simulated_lengths.HABITS`.
        also: applications of another card on the same chip (マイナ免許証, 特定在留カード).
        first_fails: the first command after power-up answers 6F00.

    What may be looked at: `trace`, `secrets_sent` (VERIFYs with data), `violations` (commands that
    reached for the My Number: EF 0001, code A, or the application with its picture), `pin`, `code_b`
    (their `tries`).
    """

    def __init__(  # noqa: PLR0913 -- each is one way in which real cards differ
        self,
        holder: InventedPerson | None = None,
        *,
        ef_0002: bytes | None = None,
        pin: str | None = "1234",
        pin_tries: int = PIN_TRIES,
        code_b_tries: int = CODE_B_TRIES,
        birth_printed: str = "550217",
        security_code: str = "2285",
        expiry: str = "20350217",
        supports_short_ids: bool = True,
        has_common: bool = True,
        lengths: Habit = "any",
        also: tuple[bytes, ...] = (),
        first_fails: bool = False,
        faults: str = "",
        pause: Callable[[float], None] = time.sleep,
        seconds_per_command: float = 0.0,
    ) -> None:
        record = encode_basic_four(holder or InventedPerson()) if ef_0002 is None else ef_0002
        self.pin = _Key(pin, pin_tries, PIN_TRIES)
        self.code_b = _Key(birth_printed + expiry[:4] + security_code, code_b_tries, CODE_B_TRIES)
        self._keys = {0x0011: self.pin, 0x0015: self.code_b, _CODE_A: _Key("0" * 12, 10, 10)}
        self._files = {
            _MY_NUMBER: _File(b"\xff\x10\x0c000000000000\xff\xff", (0x0011, _CODE_A)),  # the trap
            0x0002: _File(record, (0x0011, 0x0015)),
        }
        self._card_data = b"\x01\x1c" + b"400000000000000" + b"43101" + expiry.encode()
        self._applications = (_TEXT_AID, _FACE_AID, *((_COMMON_AID,) if has_common else ()), *also)
        self._short_ids = supports_short_ids
        self._lengths = lengths
        self._first_fails = first_fails
        self.secrets_sent = 0
        super().__init__(faults=faults, pause=pause, seconds_per_command=seconds_per_command)

    def power_on(self) -> None:
        """Begin a session: nothing selected, nothing verified."""
        self._application: bytes | None = None
        self._current: int | None = None
        self._verified: set[int] = set()
        self._waits = b""
        self._fresh = True

    def act(self, command: bytes) -> tuple[bytes, int]:
        """Answer as a real card would."""
        fresh, self._fresh = self._fresh, False
        if fresh and self._first_fails:
            return b"", 0x6F00
        if len(command) < 4:
            return b"", 0x6700
        if command[0] != 0x00:
            return b"", 0x6E00
        acts: Mapping[int, Callable[[bytes], tuple[bytes, int]]] = {
            0xA4: self._select,
            0x20: self._verify,
            0xB0: self._read,
            0xB2: self._record,
            0xC0: self._more,
        }
        act = acts.get(command[1])
        if command[1] != 0xC0:
            self._waits = b""  # GET RESPONSE fetches from the command before it, and no other
        return (b"", 0x6D00) if act is None else act(command)

    def _select(self, command: bytes) -> tuple[bytes, int]:
        name = command[5:]
        if len(command) < 6 or len(name) != command[4]:
            return b"", 0x6700
        if command[2:4] == b"\x04\x0c":
            if name not in self._applications:
                return b"", 0x6A82
            if name == _FACE_AID:
                self.violations.append(command)
            self._application, self._current = name, None
            self._verified.clear()
            return b"", OK
        if command[2:4] == b"\x02\x0c":
            return b"", self._make_current(int.from_bytes(name, "big"), command)
        return b"", 0x6A86

    def _make_current(self, file: int, command: bytes) -> int:
        """Make a file or key of the text application current; the status word."""
        if self._application != _TEXT_AID or (file not in self._files and file not in self._keys):
            return 0x6A82
        if file in (_MY_NUMBER, _CODE_A):
            self.violations.append(command)
        self._current = file
        return OK

    def _reach(self, short_id: int, command: bytes) -> int:
        """Follow a short identifier, or stay with the current file for 0; the status word."""
        if short_id == 0:
            return OK if self._current is not None else 0x6986
        return self._make_current(short_id, command) if self._short_ids else 0x6A86

    def _verify(self, command: bytes) -> tuple[bytes, int]:
        digits = command[5:]
        if len(command) > 4:
            self.secrets_sent += 1
        if command[2] != 0x00 or not command[3] & 0x80:
            return b"", 0x6A86
        status = self._reach(command[3] & 0x1F, command[:4])
        if status != OK or self._current is None:
            return b"", status
        if len(command) > 4 and len(digits) != command[4]:
            return b"", 0x6700
        return b"", self._try(self._current, digits)

    def _try(self, name: int, digits: bytes) -> int:
        """Compare `digits`, or tell the counter when there are none; the status word."""
        key = self._keys.get(name)
        if key is None:
            return 0x6981
        if key.digits is None:
            return 0x6A88
        if digits and key.tries == 0:
            return 0x6984
        if digits == key.digits.encode():
            key.tries = key.full
            self._verified.add(name)
            return OK
        if digits:
            key.tries -= 1
            self._verified.discard(name)
        return 0x63C0 | key.tries

    def _read(self, command: bytes) -> tuple[bytes, int]:
        if len(command) not in (5, 7):
            return b"", 0x6700
        by_name = command[2] & 0x80
        offset = command[3] if by_name else command[2] << 8 | command[3]
        status = self._reach(command[2] & 0x1F if by_name else 0, command)
        if status != OK or self._current is None:
            return b"", status
        file = self._files.get(self._current)
        if file is None:
            return b"", 0x6981
        if not self._verified.intersection(file.opened_by):
            return b"", 0x6982
        if offset >= len(file.data):
            return b"", 0x6B00
        data, status, self._waits = simulated_lengths.answer(self._lengths, command[4:], file.data[offset:])
        return data, status

    def _more(self, command: bytes) -> tuple[bytes, int]:
        data, status, self._waits = simulated_lengths.fetch(self._waits, command[4:])
        return data, status

    def _record(self, command: bytes) -> tuple[bytes, int]:
        if self._application != _COMMON_AID:
            return b"", 0x6A82
        if command[3] != 0x0C:
            return b"", 0x6A86
        return (self._card_data, OK) if command[2] == 1 else (b"", 0x6A83)


class HandClock:
    """A clock that moves only when told: `advance` serves as a card's or a desk's `pause`."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.now += seconds


class SimulatedReader:
    """A reader without wires; a `ReaderPort`. Cards may be laid on and lifted from another thread."""

    def __init__(self, name: str = "Simulated Reader 00") -> None:
        self.name = name
        self._card: PlayedCard | None = None
        self._lifted: PlayedCard | None = None
        self._changes = 0
        self._plugged = True
        self._held = threading.Lock()

    def insert(self, card: PlayedCard) -> None:
        """Lay `card` on the reader, in place of whatever was there."""
        self._card = card
        self._changes += 1

    def remove(self) -> None:
        """Lift the card off, if there is one."""
        if self._card is not None:
            self._card, self._lifted = None, self._card
            self._changes += 1

    def lay_again(self) -> None:
        """Lay the card that was lifted last, or torn away, on the reader once more."""
        if self._card is None and self._lifted is not None:
            self.insert(self._lifted)

    def unplug(self) -> None:
        """Take the reader away, and the card with it."""
        self.remove()
        self._plugged = False

    def plug(self) -> None:
        """Attach the reader again, with nothing on it."""
        self._plugged = True

    def look(self) -> Mapping[str, Presence]:
        """Return this reader, if plugged in; see `ReaderPort`."""
        return {self.name: Presence(self._card is not None, self._changes)} if self._plugged else {}

    @contextmanager
    def open(self, reader: str, seconds: float) -> Iterator[SimulatedChannel]:  # noqa: ARG002 - a played card wakes up at once
        """Power the card up for one caller; see `ReaderPort`."""
        if not self._plugged or reader != self.name:
            raise CardError("reader_lost", "no such simulated reader")
        if not self._held.acquire(blocking=False):
            raise CardError("reader_lost", "another caller holds the simulated card")
        try:
            card = self._card
            if card is None:
                raise CardError("no_card", "no card on the simulated reader")
            card.power_on()
            yield SimulatedChannel(self, card, self._changes)
        finally:
            self._held.release()

    def lies(self, changes: int) -> bool:
        """Whether the card of a session begun at `changes` still lies where it lay."""
        return self._plugged and self._changes == changes


class SimulatedChannel:
    """One session with the card on a `SimulatedReader`."""

    def __init__(self, reader: SimulatedReader, card: PlayedCard, changes: int) -> None:
        self._reader = reader
        self._card = card
        self._changes = changes
        self._dead = False

    @property
    def atr(self) -> bytes:
        """What the reader says of the card."""
        return self._card.atr

    def transmit(self, command: Command, seconds: float) -> bytes:
        """Send one command; see `Channel`."""
        if self._dead or not self._reader.lies(self._changes):
            raise CardError("card_removed", "the simulated card was lifted")
        try:
            return self._card.transmit(command, seconds)
        except LateError:
            self._dead = True
            raise CardError("timeout", "the simulated card did not answer in time") from None
        except TornError as torn:
            if torn.reader_too:
                self._reader.unplug()
                raise CardError("reader_lost", "the simulated reader was unplugged") from torn
            self._reader.remove()
            raise CardError("card_removed", "the simulated card was torn away") from torn
