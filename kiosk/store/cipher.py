"""Opening an encrypted database, and making sure that it is one.

The only place that imports sqlcipher3 and sqlite-utils. Plaintext must be impossible: a library update,
a missing key or a wrong import would otherwise quietly write names to the disk in clear, so the cipher,
the SQLite version and the file's first bytes are checked at every open.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlcipher3
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlcipher3 import dbapi2

from kiosk.errors import BugError, KnownError

# sqlite-utils looks for pysqlite3 before the standard library; its error handling must know our cipher's
# exceptions, or `alter=True`, `create_index` and `query` break on the first expected error.
sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", dbapi2)
# It would load numpy, a tenth of a desk's start, for types that stand in no table of ours.
_numpy_is_loaded = "numpy" in sys.modules
if not _numpy_is_loaded:
    sys.modules["numpy"] = None  # type: ignore[assignment]  # Python's mark for what must not be imported
from sqlite_utils import Database, Migrations  # noqa: E402 - what stands above must come first

if not _numpy_is_loaded:
    del sys.modules["numpy"]

__all__ = [
    "Connection",
    "Database",
    "DatabaseError",
    "IntegrityError",
    "Migrations",
    "OperationalError",
    "StoreKey",
    "complete_statement",
    "connect",
    "connect_newest",
    "refuse_if_in_use",
    "rekey",
    "translated",
    "translating",
]

Connection = dbapi2.Connection
OperationalError = dbapi2.OperationalError
DatabaseError = dbapi2.DatabaseError
IntegrityError = dbapi2.IntegrityError
complete_statement = dbapi2.complete_statement

PLAIN_HEADER = b"SQLite format 3\0"
WAL_SAFE = (3, 51, 3)
"""Before this, SQLite could corrupt a database at a WAL reset."""

PRAGMAS = (
    "journal_mode=WAL",
    # NORMAL would lose acknowledged receptions at a power cut.
    "synchronous=FULL",
    "fullfsync=ON",
    "checkpoint_fullfsync=ON",
    "foreign_keys=ON",
    # Without it INSERT OR REPLACE slips past the triggers that keep events unchanged.
    "recursive_triggers=ON",
    "temp_store=MEMORY",
    "secure_delete=ON",
    "trusted_schema=OFF",
    # A lost or damaged WAL loses its tail silently: keep the tail short. The ledger does so more often.
    "wal_autocheckpoint=200",
    "journal_size_limit=1048576",
)


@dataclass(frozen=True, slots=True)
class StoreKey:
    """The database's random key and salt; only ever wrapped in key slots."""

    key: bytes
    """32 bytes."""
    salt: bytes
    """16 bytes: kept with the key, since a damaged first page would otherwise make the key useless."""

    def __repr__(self) -> str:
        """Says nothing."""
        return "StoreKey(…)"

    def to_bytes(self) -> bytes:
        """48 bytes, for a key slot."""
        return self.key + self.salt

    def derived(self, purpose: bytes, size: int) -> bytes:
        """A key for something else than the database, of so many bytes."""
        return HKDF(SHA512(), size, salt=self.salt, info=purpose).derive(self.key)

    @classmethod
    def from_bytes(cls, data: bytes) -> StoreKey:
        """The inverse of `to_bytes`."""
        return cls(data[:32], data[32:48])


def connect(path: Path, key: StoreKey) -> Database:
    """Open or make the encrypted database at `path`, with every setting that was measured to matter.

    Raises:
        KnownError: `wrong_key`, `store_in_use`, `disk_full`, `store_damaged`.
        BugError: when this build could write plaintext.
    """
    # Before connecting: on POSIX, closing any other handle of a file drops all locks a process has on it.
    _check_file(path)
    try:
        connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=True, timeout=0.5)
    except DatabaseError as error:
        raise translated(error) from error
    try:
        # A key that does not fit is an answer here; the cipher's own lines about it would only alarm staff.
        connection.execute("PRAGMA cipher_log_level = NONE").fetchall()
        connection.execute(f"PRAGMA key = \"x'{(key.key + key.salt).hex()}'\"")
        _check_build(connection)
        try:
            # Before the first read: an exclusive WAL needs no shared-memory file, and a full disk can kill
            # the process through that mapping (SIGBUS).
            connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchall()
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except DatabaseError as error:
            if "not a database" not in str(error):
                raise translated(error) from error
            raise KnownError(
                "wrong_key", "この鍵では データを 開けません。", "the key does not open this database"
            ) from error
        try:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}").fetchall()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")
        except DatabaseError as error:
            raise translated(error) from error
    except BaseException:
        connection.close()
        raise
    return Database(connection)


def connect_newest(path: Path, keys: Sequence[StoreKey]) -> tuple[Database, StoreKey]:
    """Open the database with the newest of its keys that fits, and say which: a change may have been cut off.

    Raises:
        KnownError: as `connect`; `wrong_key` when none fits.
    """
    *before, oldest = reversed(keys)
    for key in before:
        try:
            return connect(path, key), key
        except KnownError as error:
            if error.code != "wrong_key":
                raise
    return connect(path, oldest), oldest


def rekey(database: Database, key: StoreKey) -> None:
    """Encrypt the whole database under another key. When this returns, it is so on the disk.

    SQLCipher answers `ok` also when its commit failed, and then goes on reading under the new key what
    lies there under the old one. So nothing it says is believed: the log is emptied into the file and
    every page of the file is checked under the new key. If that fails the connection is closed, which rolls
    back: the old key still opens.

    Raises:
        KnownError: `key_not_changed`; `database` is closed then.
    """
    connection = database.conn
    if connection.in_transaction:
        raise BugError("a key is not changed in the middle of a transaction")
    try:
        connection.execute(f"PRAGMA rekey = \"x'{(key.key + key.salt).hex()}'\"").fetchall()
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        wrong = connection.execute("PRAGMA cipher_integrity_check").fetchone()
    except DatabaseError as error:
        connection.close()
        raise _key_not_changed() from error
    if busy or wrong is not None:
        connection.close()
        raise _key_not_changed()


def _key_not_changed() -> KnownError:
    return KnownError(
        "key_not_changed",
        "鍵の 取りかえが おわっていません。もう一度 合言葉を 入れると、つづきを します。",
        "the store's key could not be changed now; it is tried again when the store is next unlocked",
    )


def refuse_if_in_use(path: Path) -> None:
    """See that no other program has this database open; needs no key. Not for one that this process has open.

    Raises:
        KnownError: `store_in_use`.
    """
    connection = dbapi2.connect(str(path), isolation_level=None, timeout=0.5)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE").fetchall()
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except DatabaseError as error:
        if "locked" in str(error):
            raise translated(error) from error
    finally:
        connection.close()


def _check_build(connection: dbapi2.Connection) -> None:
    (version,) = connection.execute("PRAGMA cipher_version").fetchone() or ("",)
    if not version:
        raise BugError("this build of SQLite has no cipher: it would write names in clear")
    if dbapi2.sqlite_version_info < WAL_SAFE:
        raise BugError(f"SQLite {dbapi2.sqlite_version} can corrupt a WAL database")


def _check_file(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(len(PLAIN_HEADER))
    except FileNotFoundError:
        return  # about to be made; looked at when it is opened again, before anybody is in it
    except OSError as error:
        raise KnownError(
            "store_unreadable",
            "保存データを 読めません。係の人を よんでください。",
            "the store can not be read",
        ) from error
    if header == PLAIN_HEADER:
        raise BugError("the database on disk is not encrypted")


@contextmanager
def translating() -> Iterator[None]:
    """Say what a database error means to people; also a decorator."""
    try:
        yield
    except (DatabaseError, MemoryError) as error:
        raise translated(error) from error


def translated(error: Exception) -> KnownError:
    """What a database error means to the people at the desk."""
    text = str(error)
    if "full" in text:
        return KnownError(
            "disk_full",
            "ディスクが いっぱいです。受付は 紙に 書いて、係の人を よんでください。",
            "the disk is full; nothing was acknowledged that is not stored",
        )
    # After a page could not be read, the cipher answers as if there were no memory.
    if "disk I/O" in text or "unable to open" in text or isinstance(error, MemoryError):
        return KnownError(
            "disk_unwritable",
            "ディスクに 書けません。受付は 紙に 書いて、係の人を よんでください。",
            "the disk gave an error; nothing was acknowledged that is not stored",
        )
    if "readonly" in text or "read-only" in text:
        return KnownError(
            "read_only", "ディスクが 書きこみ できません。係の人を よんでください。", "the disk is read-only"
        )
    if "locked" in text or "busy" in text:
        return KnownError(
            "store_in_use",
            "受付ソフトが もう 動いています。",
            "another program has this store open",
        )
    return KnownError(
        "store_damaged",
        "保存データに 問題が あります。係の人を よんでください。",
        "the store is damaged; run `kiosk check`",
    )


def build() -> tuple[str, str]:
    """The versions of the cipher and of SQLite in this program, after making sure that both will do.

    Raises:
        BugError: as `connect`.
    """
    connection = dbapi2.connect(":memory:")
    try:
        connection.execute("PRAGMA key = 'any'")
        _check_build(connection)
        (version,) = connection.execute("PRAGMA cipher_version").fetchone()
        return str(version), str(dbapi2.sqlite_version)
    finally:
        connection.close()
