"""HQ on SQLite and on PostgreSQL: the same promises on both."""

from __future__ import annotations

import itertools

import psycopg
import pytest

from headquarters import POSTGRES, Headquarters, postgres

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres_url():
    if not (POSTGRES / "postgres").exists():
        pytest.skip("PostgreSQL is not installed (apt install postgresql)")
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request):
    """The URL of an empty database, or None for the SQLite file in HQ's folder."""
    if request.param == "sqlite":
        return None
    server = request.getfixturevalue("postgres_url")
    name = f"hq{next(_numbers)}"
    with psycopg.connect(server.replace("+psycopg", "") + "/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


@pytest.fixture
def hq(tmp_path, database_url):
    headquarters = Headquarters(tmp_path, database_url)
    yield headquarters
    headquarters.close()


@pytest.fixture
def small_hq(tmp_path):
    """HQ on SQLite, for what no database changes."""
    headquarters = Headquarters(tmp_path)
    yield headquarters
    headquarters.close()
