"""An open store's keys: who may open it, and changing the key when somebody may not any more.

Changing the key takes three steps, each safe to be cut off after, before or in the middle:

1. The slots are written, both copies, with two keys for everybody who stays: the old one and a new one.
   Whoever was removed has no slot any more.
2. The database is encrypted under the new key, and that is checked on the disk (`cipher.rekey`).
3. The slots are written with the new key only.

So the slots hold at every moment the key that opens the database. Whoever unlocks next, with whatever role,
finishes what was cut off. docs/decisions/0011 says why it is so.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from kiosk.core.ids import Randomness
from kiosk.core.key_slots import KeySlots, StaffSlot
from kiosk.errors import KnownError
from kiosk.files import write_whole
from kiosk.store import cipher, slots
from kiosk.store.cipher import Database, StoreKey
from kiosk.store.entrance import Proven

Rekey = Callable[[Database, StoreKey], None]


class Vault:
    """The keys of one open store. Use it on the thread of its database."""

    def __init__(
        self,
        data: Path,
        proven: Proven,
        database: Database,
        current: StoreKey,
        randomness: Randomness = os.urandom,
        write: slots.Write = write_whole,
        rekey: Rekey = cipher.rekey,
    ) -> None:
        """`current` is the one of the proven keys that opened `database`; see `opened`."""
        self.data = data
        self.slots: KeySlots = proven.slots
        self.database = database
        self._keys = tuple(StoreKey.from_bytes(key) for key in proven.keys)
        self._current = current
        self._serial = proven.slots.serial
        self._randomness = randomness
        self._write = write
        self._rekey = rekey
        self.is_closed = False
        """Whether a change of the key failed and closed the database."""

    @classmethod
    def opened(
        cls,
        path: Path,
        proven: Proven,
        randomness: Randomness = os.urandom,
        write: slots.Write = write_whole,
        rekey: Rekey = cipher.rekey,
    ) -> Vault:
        """Open the database at `path`, and mend the slots' copies.

        Raises:
            KnownError: as `cipher.connect`, but `store_damaged` where the key must fit and does not, and
                `store_missing`.
        """
        database, current = _connected(path, [StoreKey.from_bytes(key) for key in proven.keys])
        slots.mend(path.parent, proven.slots, write)
        return cls(path.parent, proven, database, current, randomness, write, rekey)

    def resume(self) -> None:
        """Finish a change of the key that was cut off. What can not be finished now waits, and stops nobody.

        Raises:
            KnownError: `key_not_changed`: the database is closed; it opens again as before.
        """
        if not self.is_changing:
            return
        # Both copies must hold the new key before the database does; mending may have failed.
        try:
            slots.save(self.data, self.slots, self._write)
        except KnownError:
            return
        self._finish()

    @property
    def key(self) -> StoreKey:
        """The key the database is under now."""
        return self._current

    @property
    def is_changing(self) -> bool:
        """Whether a change of the key is still to be finished."""
        return len(self._keys) > 1

    def put(self, staff: Sequence[StaffSlot]) -> None:
        """Everybody who may open the store from now on; nobody who could before is missing.

        Raises:
            KnownError: `disk_full`, `disk_unwritable`.
        """
        self._save(staff, self._keys)

    def replace_key(self, staff: Sequence[StaffSlot]) -> None:
        """Only these may open the store from now on: their slots, and a new key for the database.

        Raises:
            KnownError: `disk_full`, `disk_unwritable`: nobody's way in has changed, or the change is finished
                at the next unlocking. `key_not_changed`: the slots are as wanted, the database is closed,
                and the new key is tried again at the next unlocking.
        """
        new = StoreKey(self._randomness(32), self._current.salt)
        self._save(staff, (self._current, new))
        self._finish()

    def _finish(self) -> None:
        """Steps 2 and 3; step 1 is on the disk."""
        new = self._keys[-1]
        if self._current != new:
            try:
                self._rekey(self.database, new)
            except KnownError:
                self.is_closed = True
                raise
            self._current = new
        # The old key now opens nothing: that it stays in the slots for a while longer harms nobody.
        with suppress(KnownError):
            self._save(self.slots.staff, (new,))

    def _save(self, staff: Sequence[StaffSlot], keys: tuple[StoreKey, ...]) -> None:
        # Never twice the same number: a copy may have been written by an attempt that failed at the other.
        self._serial += 1
        written = KeySlots.write(
            self.slots.store,
            self._serial,
            self.slots.records_key,
            staff,
            [key.to_bytes() for key in keys],
        )
        slots.save(self.data, written, self._write)
        self.slots, self._keys = written, keys


def _connected(path: Path, keys: Sequence[StoreKey]) -> tuple[Database, StoreKey]:
    if not path.exists():
        # It would be made anew, empty, and look like a kiosk that has received nobody.
        raise KnownError(
            "store_missing",
            "保存データの ファイルが ありません。係の人を よんでください。",
            "the database is missing from the data folder; restore a backup",
        )
    try:
        return cipher.connect_newest(path, keys)
    except KnownError as error:
        if error.code != "wrong_key":
            raise
        raise KnownError(
            "store_damaged",
            "保存データに 問題が あります。係の人を よんでください。",
            "the key slots open, but their keys do not open the database: it is damaged, or another's",
        ) from error
