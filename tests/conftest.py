"""What every test stands on: an environment that is the same everywhere, and databases to work in."""

import csv
import gc
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# `ci` gives the same examples at each run, and no test fails because the machine was busy. Search further with
# `pytest --hypothesis-profile=explore`.
_UNTIMED = [HealthCheck.too_slow]
settings.register_profile("ci", derandomize=True, database=None, deadline=None, suppress_health_check=_UNTIMED)
settings.register_profile("explore", max_examples=2000, deadline=None, suppress_health_check=_UNTIMED)
settings.load_profile("ci")

# Where a test run must not be quiet about what it lacks: LOSSLEDGER_REQUIRE=data,postgres,perl,browser makes them
# failures.
REQUIRED = frozenset(os.environ.get("LOSSLEDGER_REQUIRE", "").replace(",", " ").split())


def lacking(what: str, reason: str) -> NoReturn:
    """Skip the test for want of ``data``, ``postgres``, ``perl`` or ``browser``, or fail it where that is required."""
    if what in REQUIRED:
        pytest.fail(f"LOSSLEDGER_REQUIRE names {what}, but {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server, so that ``-m postgres`` and ``-m "not postgres"`` part the suite in two.

    What needs a browser is done by one worker, so that one at a time is running.
    """
    for item in items:
        asked = getattr(item, "fixturenames", ())
        if "postgres_server" in asked:
            item.add_marker(pytest.mark.postgres)
        if "browser" in asked:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(autouse=True)
def fixed_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The same terminal, clock, user and folders for every test, and none of the developer's own settings."""
    for name in list(os.environ):
        ours = name.startswith("LOSSLEDGER_") and name not in {"LOSSLEDGER_DATA", "LOSSLEDGER_REQUIRE"}
        # libpq reads PGHOST and the like; Rich reads the others.
        if ours or name.startswith(("PG", "XDG_", "TTY_")) or name == "FORCE_COLOR":
            monkeypatch.delenv(name)
    home = tmp_path / "home"  # not made, so that tmp_path holds only what the test puts there
    for name, value in {
        "COLUMNS": "80",
        "LINES": "24",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "TZ": "UTC",
        "LOSSLEDGER_ACTOR": "tester",
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_STATE_HOME": str(home / "state"),
    }.items():
        monkeypatch.setenv(name, value)
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real data that is no part of the project; its path is in LOSSLEDGER_DATA."""
    path = os.environ.get("LOSSLEDGER_DATA")
    if not path:
        lacking("data", "LOSSLEDGER_DATA is not set (it names a folder of real lists to test against)")
    if not Path(path).is_dir():
        lacking("data", f"LOSSLEDGER_DATA names no folder: {path}")
    return Path(path)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A running PostgreSQL server: the host to connect to as ``postgres``. One for each worker."""
    from tests import postgres  # so that a run without PostgreSQL pays nothing for it

    with ExitStack() as running:
        try:
            host = running.enter_context(postgres.server())
        except postgres.CannotStart as error:
            lacking("postgres", f"no PostgreSQL server could be started: {error}")
        yield host


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Chromium without a window, started once."""
    from tests import chromium  # so that a run without a browser pays nothing for it

    with ExitStack() as running:
        try:
            found = running.enter_context(chromium.running())
        except chromium.CannotStart as error:
            lacking("browser", f"no Chromium could be started: {error}")
        yield found


_databases = count(1)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a new, empty PostgreSQL database, dropped after the test."""
    import psycopg

    name = f"test_{next(_databases)}"
    with psycopg.connect(host=postgres_server, user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
        yield f"postgresql+psycopg://postgres@/{name}?host={postgres_server}"
        gc.collect()  # a connection left open is an error: let it be this test's and not a later one's
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/lossledger.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(autouse=True)
def _usual_cells() -> None:
    """Cells as long as Python's reader takes them unasked: what validates packages raises that for the process."""
    csv.field_size_limit(131_072)
