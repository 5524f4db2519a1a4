"""HQ's database: opened, brought to the newest form, and used in transactions that last.

SQLite by default, PostgreSQL by URL (`postgresql+psycopg://…`). What is committed is on the disk:
SQLite runs in WAL with synchronous=FULL, PostgreSQL as its server is set (fsync, synchronous_commit on).
It knows nothing of what the tables mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from kiosk.errors import KnownError

FILE = "hq.sqlite"
_WRITES = "hq_writes"
_BUCKETS = 64


class Database:
    """One database: `with database.write() as connection` commits at its end or not at all."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(**{_WRITES: True})

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write. On SQLite it is the only one meanwhile."""
        with self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state throughout."""
        with self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def sqlite_url(data: Path) -> str:
    """The URL of the database inside HQ's data folder."""
    return f"sqlite+pysqlite:///{(data / FILE).absolute()}"


def connect(url: str) -> Database:
    """Open a database and bring its tables to the newest form.

    Raises:
        KnownError: `bad_database_url`, `database_unreachable` or `database_newer`. No message holds a
            password.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise _bad_url() from error
    if parsed.drivername not in ("sqlite+pysqlite", "sqlite", "postgresql+psycopg"):
        raise _bad_url()
    # Parameters of a failed statement would put shelters' data into a log.
    engine = create_engine(parsed, hide_parameters=True, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        # A household's fold reads again after it has the household's lock: it must see what is committed.
        engine = engine.execution_options(isolation_level="READ COMMITTED")
    database = Database(engine)
    try:
        with database.write() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(-1)"))
            migrate(connection)
    except CommandError as error:  # Alembic finds a revision that this version does not know
        database.close()
        raise KnownError(
            "database_newer",
            "データベースが この プログラムより 新しい ものです。新しい プログラムを 使ってください。",
            "the database was written by a later version; use that one",
        ) from error
    except OperationalError as error:
        database.close()
        raise KnownError(
            "database_unreachable",
            "データベースに つながりません。",
            f"the database can not be opened ({parsed.get_backend_name()})",
        ) from error
    return database


def open_database(data: Path, url: str | None) -> Database:
    """The database by URL, or the one in HQ's data folder.

    Raises:
        KnownError: as `connect`.
    """
    return connect(url or sqlite_url(data))


def _bad_url() -> KnownError:
    return KnownError(
        "bad_database_url",
        "データベースの 指定が 正しくありません。",
        "the database is sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME",
    )


def _prepare_sqlite(connection: SqliteConnection, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's pool record
    # sqlite3's own transaction guessing is off: SQLAlchemy's "begin" event below begins them.
    connection.isolation_level = None
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()
    # Without it INSERT OR REPLACE slips past the triggers that keep events as they are.
    connection.execute("PRAGMA recursive_triggers=ON").close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer that begins as a reader may find the database changed and can not wait: SQLITE_BUSY.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def lock_households(connection: Connection, households: Iterable[bytes]) -> None:
    """Let no other transaction fold these households until this one ends.

    On PostgreSQL two transactions that bring events of one household would each fold without the
    other's. Households share a few locks by their first byte, taken in order, so that nobody waits in a
    circle and a large batch does not fill the lock table. On SQLite a writer is alone anyway.
    """
    if connection.dialect.name != "postgresql":
        return
    for bucket in sorted({household[0] % _BUCKETS for household in households}):
        connection.execute(text("SELECT pg_advisory_xact_lock(:bucket)"), {"bucket": bucket})


def configuration() -> Config:
    """Alembic's configuration, without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def migrate(connection: Connection) -> None:
    """Bring the tables to the newest form inside the caller's transaction."""
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
