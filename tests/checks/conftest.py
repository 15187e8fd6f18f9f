"""An honest ledger on each engine, and ways to tamper with it that leave no trace for the next test."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Connection, Engine

from lossledger.db.engine import open_engine
from tests.checks.story import tell
from tests.checks.tamper import lay_open, opened

# One engine for all tests: it remembers the statements that it has compiled.


@pytest.fixture(scope="session")
def honest_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('honest')}/ledger.db")
    tell(engine)
    lay_open(engine)
    return engine


@pytest.fixture(scope="session")
def honest_postgres(postgres_server: str) -> Engine:
    with psycopg.connect(host=postgres_server, user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute("CREATE DATABASE honest")
    engine = open_engine(f"postgresql+psycopg://postgres@/honest?host={postgres_server}")
    tell(engine)
    lay_open(engine)
    return engine


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def honest(request: pytest.FixtureRequest) -> Engine:
    """The engine of a ledger in which nothing is wrong; nobody commits to it."""
    engine: Engine = request.getfixturevalue(f"honest_{request.param}")
    return engine


@pytest.fixture
def ledger(honest: Engine) -> Iterator[Connection]:
    """The honest ledger in a transaction that is taken back; no constraint or trigger is in a tamperer's way."""
    with opened(honest) as connection:
        yield connection


@pytest.fixture
def sqlite_ledger(honest_sqlite: Engine) -> Iterator[Connection]:
    """The same on SQLite alone, which takes any value in any column."""
    with opened(honest_sqlite) as connection:
        yield connection
