"""A spare copy of the device's own keys, sealed under the store's key, beside the database.

The events of this laptop lie a second time in its outbox, sealed; but the key that opens them lies in the
database only. With the spare, a database that is damaged beyond reading is made anew from the outbox. It
opens nothing without somebody's secret, like the database itself.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from kiosk.core import cbor
from kiosk.errors import KnownError, Malformed
from kiosk.files import write_whole
from kiosk.store.cipher import Connection, StoreKey, translating

NAME = "spare.keys"
_PURPOSE = b"ESR1 spare keys"
_SIZE = 64
_MAX = 256 * 1024


@translating()
def keep(data: Path, key: StoreKey, connection: Connection) -> None:
    """See that the spare is there and holds what the database holds. A disk that refuses stops nobody."""
    rows = connection.execute("SELECT name, value FROM secret ORDER BY name").fetchall()
    # Deterministic: what has not changed is not written again.
    sealed = AESSIV(key.derived(_PURPOSE, _SIZE)).encrypt(cbor.dumps([list(row) for row in rows]), [_PURPOSE])
    path = data / NAME
    with suppress(OSError):
        if path.read_bytes() == sealed:
            return
    with suppress(KnownError):
        write_whole(path, sealed)


def read(data: Path, key: StoreKey) -> dict[str, bytes] | None:
    """What the database's `secret` table held; None without a spare that opens."""
    try:
        opened = AESSIV(key.derived(_PURPOSE, _SIZE)).decrypt((data / NAME).read_bytes(), [_PURPOSE])
        return {str(name): bytes(value) for name, value in cbor.loads(opened, limit=_MAX)}
    except (OSError, InvalidTag, ValueError, TypeError, Malformed):
        return None
