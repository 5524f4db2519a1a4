"""The laptop's own secret: what makes a PIN or a short passphrase useless on a copied disk.

32 random bytes for each store, in a file of the user's own, outside the store's folder: whoever copies that
folder, or finds a backup of it, does not have it. It opens nothing by itself and is never the only way in:
a long passphrase needs no help of it, and the municipality's officer none at all.

An OS keystore (DPAPI, Keychain, Secret Service) would be one more place for the same bytes. It is not used:
those lose what they keep when a user's password is reset, in a night when nobody can mend it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import platformdirs

from kiosk.core.ids import Randomness
from kiosk.files import write_whole

FOLDER_VARIABLE = "KIOSK_DEVICE_FOLDER"
"""An administrator may put the secrets elsewhere, on a volume that only this laptop can open."""
SIZE = 32


def folder() -> Path:
    """Where the secrets of this laptop's stores lie."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    # Beside the platform's data folder, not in it: on Windows there is no other that does not roam.
    return Path(chosen) if chosen else platformdirs.user_data_path("shelter-kiosk-device", appauthor=False)


def path_of(store: bytes) -> Path:
    """The file of one store's secret."""
    return folder() / f"{store.hex()}.key"


def read(store: bytes) -> bytes | None:
    """This laptop's secret for a store; None on another laptop, or when it is lost."""
    try:
        secret = path_of(store).read_bytes()
    except OSError:
        return None
    return secret if len(secret) == SIZE else None


def make(store: bytes, randomness: Randomness) -> bytes:
    """This laptop's secret for a store, made if there is none yet.

    Raises:
        KnownError: `disk_full`, `disk_unwritable`.
    """
    known = read(store)
    if known is not None:
        return known
    home = folder()
    if not home.exists():
        with suppress(OSError):  # writing says more clearly what is wrong
            home.mkdir(parents=True, mode=0o700)
    secret = randomness(SIZE)
    write_whole(path_of(store), secret)
    return secret


def forget(store: bytes) -> None:
    """Overwrite and remove a store's secret: what it covered stays closed on any copy.

    An SSD may keep the old bytes for a while; they open nothing without somebody's secret.
    """
    path = path_of(store)
    with suppress(OSError), path.open("r+b") as file:
        file.write(bytes(SIZE))
        file.flush()
        os.fsync(file.fileno())
    with suppress(OSError):
        path.unlink()
