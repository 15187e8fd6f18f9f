"""A book to write in, on each engine."""

from collections.abc import Iterator

import pytest
from tests.ledger.books import Book


@pytest.fixture
def book(ledger_url: str) -> Iterator[Book]:
    """A new ledger with a small catalogue."""
    made = Book(ledger_url)
    yield made
    made.engine.dispose()
