"""Staff: what their names and secrets must be like, and what the log says of their accounts.

A secret is a passphrase or, for roles that see little, a PIN. It refuses to know how a secret is kept.
"""

from __future__ import annotations

import enum
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from kiosk.core import cbor
from kiosk.core.access import Role
from kiosk.core.acts import Personal
from kiosk.errors import KnownError, Malformed

MIN_PASSPHRASE = 8
"""Together with the laptop's own secret (NIST SP 800-63B-4, 3.1.1.2: as one of two factors)."""
ALONE_PASSPHRASE = 15
"""From here on a passphrase stands alone, and opens the store on any laptop (same place: as only factor)."""
MIN_PIN, MAX_SECRET, MAX_NAME = 6, 256, 40
MIN_DIFFERENT = 4
"""So many different letters or digits at least."""
PIN_ROLES = frozenset({Role.VOLUNTEER, Role.RECEPTIONIST})
MAX_EVENT = 4096


class SecretKind(enum.IntEnum):
    """What opens a slot; the numbers stand in key slots."""

    PASSPHRASE = 1
    PIN = 2


def written(secret: str) -> bytes:
    """The bytes of a secret, the same however a keyboard writes it (full-width digits, joined marks)."""
    return unicodedata.normalize("NFKC", secret).encode()


def judge(secret: str, role: Role, name: str = "") -> SecretKind:
    """Which kind of secret this is, if it is good enough for the role.

    Raises:
        KnownError: `weak_passphrase`, `weak_pin`, `passphrase_needed`.
    """
    text = written(secret).decode()
    if len(text) > MAX_SECRET:
        raise KnownError("weak_passphrase", "合言葉が 長すぎます。", "the passphrase is too long")
    if text.isdecimal():
        return _judge_pin(text, role)
    if len(text) < MIN_PASSPHRASE or len(set(text)) < MIN_DIFFERENT or text == written(name).decode():
        raise KnownError(
            "weak_passphrase",
            f"合言葉は {MIN_PASSPHRASE}文字 以上の、あてられにくい ことばに してください。",
            f"the passphrase must have at least {MIN_PASSPHRASE} characters and not be easy to guess",
        )
    return SecretKind.PASSPHRASE


def _judge_pin(text: str, role: Role) -> SecretKind:
    if role not in PIN_ROLES:
        raise KnownError(
            "passphrase_needed",
            "この 役わりの 人は、数字だけで ない 合言葉に してください。",
            f"a {role} needs a passphrase: digits alone are not enough",
        )
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(text)}
    if len(text) < MIN_PIN or len(set(text)) < MIN_DIFFERENT or steps in ({1}, {9}):
        raise KnownError(
            "weak_pin",
            f"暗証番号は {MIN_PIN}けた 以上の、あてられにくい 数字に してください。",
            f"the PIN must have at least {MIN_PIN} digits and not be easy to guess",
        )
    return SecretKind.PIN


def stands_alone(secret: str, kind: SecretKind) -> bool:
    """Whether this secret needs no help of the laptop's own: the slot then opens on any laptop."""
    return kind is SecretKind.PASSPHRASE and len(written(secret).decode()) >= ALONE_PASSPHRASE


def judge_name(name: str) -> str:
    """A name for an account, without spaces around it.

    Raises:
        KnownError: `bad_staff_name`.
    """
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME or not all(sign.isprintable() or sign == "\u3000" for sign in name):
        raise KnownError(
            "bad_staff_name",
            f"名前は 1文字から {MAX_NAME}文字までに してください。",
            f"a name has 1 to {MAX_NAME} printable characters",
        )
    return name


class Change(enum.StrEnum):
    """What happened to an account. The words stand in the log: they never change."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    SECRET_CHANGED = "secret_changed"  # noqa: S105 - a word in the log
    """By its owner."""
    SECRET_RESET = "secret_reset"  # noqa: S105 - a word in the log
    """By a supervisor."""
    UNBLOCKED = "unblocked"
    """A supervisor took back the wait after wrong secrets."""
    RECOVERED = "recovered"
    """Given by the municipality's officer, when nobody could open the store."""


class _Key(enum.IntEnum):
    """Keys of a staff event's personal part; 10 is `Personal.STAFF`, who did it, as in every event."""

    CHANGE = 40
    ACCOUNT = 41
    NAME = 42
    ROLE = 43


@dataclass(frozen=True, slots=True)
class StaffEvent:
    """One change of one account, for the log's personal part: names are sealed there."""

    change: Change
    account: bytes
    """8 bytes."""
    name: str
    """As it is after the change."""
    role: str
    by: str

    def to_bytes(self) -> bytes:
        """Canonical CBOR."""
        return cbor.dumps(
            {
                int(Personal.STAFF): self.by,
                int(_Key.CHANGE): str(self.change),
                int(_Key.ACCOUNT): self.account,
                int(_Key.NAME): self.name,
                int(_Key.ROLE): self.role,
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> StaffEvent:
        """The inverse.

        Raises:
            Malformed: for anything else.
        """
        value = cbor.loads(data, limit=MAX_EVENT)
        try:
            event = cls(
                Change(value[_Key.CHANGE]),
                value[_Key.ACCOUNT],
                value[_Key.NAME],
                value[_Key.ROLE],
                value[Personal.STAFF],
            )
        except (LookupError, ValueError, TypeError) as error:
            raise Malformed("malformed", "not a staff event") from error
        if not isinstance(event.account, bytes) or not all(
            isinstance(text, str) for text in (event.name, event.role, event.by)
        ):
            raise Malformed("malformed", "not a staff event")
        return event
