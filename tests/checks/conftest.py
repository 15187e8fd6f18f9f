"""An honest ledger on each engine, and ways to tamper with it that leave no trace for the next test."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, Engine

from lossledger.db.engine import open_engine
from tests.checks.story import tell
from tests.checks.tamper import opened


@pytest.fixture(scope="session")
def honest_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("honest") / "ledger.db"
    tell(open_engine(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def honest_postgres(postgres_server: str) -> str:
    with psycopg.connect(host=postgres_server, user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute("CREATE DATABASE honest")
    url = f"postgresql+psycopg://postgres@/honest?host={postgres_server}"
    tell(open_engine(url))
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def honest(request: pytest.FixtureRequest) -> Engine:
    """The engine of a ledger in which nothing is wrong; nobody commits to it."""
    if request.param == "sqlite":
        return open_engine(f"sqlite:///{request.getfixturevalue('honest_sqlite')}")
    return open_engine(request.getfixturevalue("honest_postgres"))


@pytest.fixture
def ledger(honest: Engine) -> Iterator[Connection]:
    """The honest ledger in a transaction that is taken back; no constraint or trigger is in a tamperer's way."""
    with opened(honest) as connection:
        yield connection


@pytest.fixture
def sqlite_ledger(honest_sqlite: Path) -> Iterator[Connection]:
    """The same on SQLite alone, which takes any value in any column."""
    with opened(open_engine(f"sqlite:///{honest_sqlite}")) as connection:
        yield connection
