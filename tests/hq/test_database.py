"""The tables are what the migrations make, and a commit is on the disk."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from kiosk.errors import KnownError
from sync.hq import tables
from sync.hq.database import connect, sqlite_url


def test_the_migrations_make_the_tables(hq):
    """What `tables` says and what the migrations made differ in nothing."""
    with hq.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


def test_opening_again_changes_nothing(hq, database_url):
    """A second start finds the newest form and all that was there."""
    again = connect(database_url or sqlite_url(hq.data))
    with again.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM series")) == 4
    again.close()


def test_sqlite_waits_for_the_disk(small_hq):
    """HQ's SQLite runs in WAL and syncs each commit."""
    with small_hq.database.read() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_what_fails_half_way_leaves_nothing(hq):
    """A transaction that raises has written nothing."""

    def half_way():
        with hq.database.write() as connection:
            connection.execute(tables.shelter.update().values(name="?"))
            raise KeyError

    with pytest.raises(KeyError):
        half_way()
    with hq.database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM shelter WHERE name = '?'")) == 0


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://x/y", "postgresql://h/d", "sqlite:////nowhere/at/all/hq.sqlite"]
)
def test_a_url_of_another_database_is_refused(url):
    """Only SQLite and PostgreSQL through psycopg are known."""
    with pytest.raises(KnownError) as refusal:
        connect(url)
    assert refusal.value.code in ("bad_database_url", "database_unreachable")


def test_a_database_that_is_not_there_is_one_sentence_without_its_password():
    """An unreachable server is named as such, and its password is not."""
    with pytest.raises(KnownError) as refusal:
        connect("postgresql+psycopg://hq:geheim@127.0.0.1:1/none?connect_timeout=2")
    assert refusal.value.code == "database_unreachable"
    assert "geheim" not in str(refusal.value)


def test_a_database_of_a_later_version_is_left_alone(hq, database_url):
    """An older program says so in one sentence and changes nothing."""
    with hq.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(KnownError) as refusal:
        connect(database_url or sqlite_url(hq.data))
    assert refusal.value.code == "database_newer"
    with hq.database.read() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
