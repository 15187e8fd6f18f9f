"""A book to write in, on each engine."""

import shutil
from pathlib import Path

import pytest

from lossledger.db.engine import open_engine
from tests.ledger.books import Book, furnish


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a ledger with a small catalogue, to be copied."""
    path = tmp_path_factory.mktemp("furnished") / "ledger.db"
    furnish(open_engine(f"sqlite:///{path}"))
    return path


@pytest.fixture
def book(ledger_url: str, furnished: Path) -> Book:
    """A ledger of one's own with a small catalogue, once on each engine."""
    if ledger_url.startswith("sqlite:///"):
        shutil.copyfile(furnished, ledger_url.removeprefix("sqlite:///"))
    else:
        furnish(open_engine(ledger_url))
    return Book(ledger_url)


@pytest.fixture
def sqlite_book(tmp_path: Path, furnished: Path) -> Book:
    """A ledger in a file, for what does not depend on the engine."""
    return Book(f"sqlite:///{shutil.copyfile(furnished, tmp_path / 'ledger.db')}")


@pytest.fixture
def postgres_book(postgres_url: str) -> Book:
    """A ledger on a server, for what is told apart by engine."""
    furnish(open_engine(postgres_url))
    return Book(postgres_url)
