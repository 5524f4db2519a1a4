"""When nobody can open a laptop any more: a request to the municipality's officer, and the answer.

At the kiosk somebody chooses a new passphrase; that makes a key slot without a wrap in it. The request
carries this slot and the store's recovery wraps. The officer, who has the master, opens the recovery wraps
and wraps what is inside to the new slot's public half: the answer. It opens with the new passphrase on that
laptop and with nothing else, so both may travel by stick, mail or a photograph. The officer learns no
passphrase, and the laptop no master. The formats are in docs/formats/keys.md.

Pure: it knows no file. Whom to believe is the officer's to decide, by telephone, with the `fingerprint`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.core import base45, cbor, key_slots
from kiosk.core.key_slots import MAX_FILE, STAFF_SIZE, STORE_SIZE, KeySlots, StaffSlot, sized, some
from kiosk.errors import Malformed

FORMAT = 1
REQUEST_PREFIX, ANSWER_PREFIX = "ESRK1:", "ESRA1:"
_REQUEST_DOMAIN, _ANSWER_DOMAIN = b"ESR1 recovery request\0", b"ESR1 recovery answer\0"
MAX_TEXT = 16 * 1024
_CHECK_SIZE = 8


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody at a shelter asks to be let in again."""

    store: bytes
    shelter: str
    """Its name, for the officer to read: unproven."""
    slot: StaffSlot
    """The new account, without a key in it yet."""
    wrapped: tuple[bytes, ...]
    """The store's keys as only the officer can open them, newest last."""

    @classmethod
    def of(cls, slots: KeySlots, shelter: str, slot: StaffSlot) -> Request:
        """A request for the store of these slots."""
        return cls(slots.store, shelter, slot, tuple(one.recovery for one in slots.wraps))

    @property
    def fingerprint(self) -> str:
        """What both sides read out on the telephone: `1234-5678-9012-3456-7890`.

        66 bits: whoever wants to put their own slot into a request must find one with the same number.
        """
        number = int.from_bytes(sha256(_REQUEST_DOMAIN + self._bytes()).digest(), "big")
        digits = f"{number % 10**20:020}"
        return "-".join(digits[place : place + 4] for place in range(0, 20, 4))

    def _bytes(self) -> bytes:
        return cbor.dumps(
            [FORMAT, self.store, self.shelter, key_slots.slot_row(self.slot), list(self.wrapped)]
        )

    def to_text(self) -> str:
        """One line, fit for a QR code."""
        return _to_text(REQUEST_PREFIX, _REQUEST_DOMAIN, self._bytes())

    @classmethod
    def from_text(cls, text: str) -> Request:
        """The inverse.

        Raises:
            Malformed: `not_a_request`, or what is wrong with it.
        """
        value = _from_text(REQUEST_PREFIX, _REQUEST_DOMAIN, text)
        try:
            _, store, shelter, row, wrapped = value
            request = cls(
                sized(store, STORE_SIZE), shelter, key_slots.read_slot(row), tuple(map(some, wrapped))
            )
        except (ValueError, TypeError) as error:
            raise Malformed("malformed", "not a recovery request") from error
        if not isinstance(shelter, str) or not 1 <= len(request.wrapped) <= 2:
            raise Malformed("malformed", "not a recovery request")
        return request


@dataclass(frozen=True, slots=True)
class Answer:
    """What the officer sends back."""

    store: bytes
    account: bytes
    """The id of the new slot, 8 bytes."""
    wrapped: tuple[bytes, ...]
    """The store's keys, each wrapped to the new slot, newest last."""

    def to_text(self) -> str:
        """One line, fit for a QR code."""
        body = cbor.dumps([FORMAT, self.store, self.account, list(self.wrapped)])
        return _to_text(ANSWER_PREFIX, _ANSWER_DOMAIN, body)

    @classmethod
    def from_text(cls, text: str) -> Answer:
        """The inverse.

        Raises:
            Malformed: `malformed`.
        """
        value = _from_text(ANSWER_PREFIX, _ANSWER_DOMAIN, text)
        try:
            _, store, account, wrapped = value
            answer = cls(sized(store, STORE_SIZE), sized(account, STAFF_SIZE), tuple(map(some, wrapped)))
        except (ValueError, TypeError) as error:
            raise Malformed("malformed", "not a recovery answer") from error
        if not 1 <= len(answer.wrapped) <= 2:
            raise Malformed("malformed", "not a recovery answer")
        return answer

    def open(self, slot: StaffSlot, private: X25519PrivateKey) -> tuple[bytes, ...]:
        """The store's keys, newest last.

        Raises:
            Malformed: `wrong_key`.
        """
        return tuple(key_slots.unwrap_for(self.store, slot, private, one) for one in self.wrapped)


def answer(request: Request, records: X25519PrivateKey) -> Answer:
    """The officer's part.

    Raises:
        Malformed: `wrong_key` when this master is not the store's.
    """
    opened: Sequence[bytes] = key_slots.open_recovery(request.store, request.wrapped, records)
    return Answer(
        request.store,
        request.slot.id,
        tuple(key_slots.wrap_for(request.store, request.slot, key) for key in opened),
    )


def _to_text(prefix: str, domain: bytes, body: bytes) -> str:
    return prefix + base45.encode(body + sha256(domain + body).digest()[:_CHECK_SIZE])


def _from_text(prefix: str, domain: bytes, text: str) -> list[Any]:
    text = text.strip()
    if not text.startswith(prefix) or len(text) > MAX_TEXT:
        raise Malformed("malformed", f"this does not begin with {prefix}")
    data = base45.decode(text.removeprefix(prefix))
    body, check = data[:-_CHECK_SIZE], data[-_CHECK_SIZE:]
    if sha256(domain + body).digest()[:_CHECK_SIZE] != check:
        raise Malformed("malformed", "mistyped or cut short")
    value = cbor.loads(body, limit=MAX_FILE)
    if not isinstance(value, list) or not value or value[0] != FORMAT:
        raise Malformed("unknown_format", "of another version")
    return value
