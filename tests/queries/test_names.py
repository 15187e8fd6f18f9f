"""What a name of a type means, where it is one and where it may be any of several."""

import pytest

from lossledger.db.engine import open_engine
from lossledger.errors import LedgerError
from lossledger.ledger import catalogue
from lossledger.queries.names import Meant, resolve, resolve_then, type_meant
from tests.ledger.books import Book, furnish


@pytest.fixture
def book(ledger_url: str) -> Book:
    """A ledger with T-72, under it T-72A and T-72B, under that T-72B3; and a BMP-1 apart."""
    furnish(open_engine(ledger_url))
    book = Book(ledger_url)
    with book.act() as journal:
        catalogue.create(journal, "type", {"name": "T-72A", "category": "tanks", "parent": "t-72"}, "t-72a")
        catalogue.create(journal, "type", {"name": "T-72B3", "category": "tanks", "parent": "t-72b"}, "t-72b3")
    return book


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("T-72B", Meant("t-72b")),
        ("t72b | T-72B", Meant("t-72b")),
        ("T-72B|T-72A", Meant("t-72", ("t-72b", "t-72a"))),
        ("T-72B3|T-72A|T-72B", Meant("t-72", ("t-72b3", "t-72a", "t-72b"))),
        ("T-72B3|T-72B", Meant("t-72b", ("t-72b3", "t-72b"))),
    ],
)
def test_candidates_count_under_the_nearest_type_above_all_of_them(book: Book, text: str, meant: Meant) -> None:
    """One name, however often it is given, leaves nothing open; a type may stand above the others itself."""
    with book.read() as connection:
        assert type_meant(connection, text) == meant


def test_a_type_that_was_merged_away_is_the_one_that_was_kept(book: Book) -> None:
    with book.act() as journal:
        catalogue.merge(journal, "type", "t-72a", "t-72b3")
    with book.read() as connection:
        assert type_meant(connection, "T-72A|T-72B3") == Meant("t-72b3")
        assert type_meant(connection, "T-72A|T-72B") == Meant("t-72b", ("t-72b3", "t-72b"))


@pytest.mark.parametrize(("merged", "into", "name"), [("t-72a", "bmp-1", "T-72A"), ("bmp-1", "t-72a", "BMP-1")])
def test_a_name_means_then_what_it_meant_then(book: Book, merged: str, into: str, name: str) -> None:
    """What was merged by then is what was kept, and what was renamed goes by its slug, too."""
    with book.act() as journal:
        catalogue.rename(journal, "type", merged, "Other")
        before = journal.number
    with book.act() as journal:
        catalogue.merge(journal, "type", merged, into)
        after = journal.number
    with book.read() as connection:
        for called in (name, "other", merged):
            assert resolve_then(connection, "type", called, before) == merged, called
            assert resolve_then(connection, "type", called, after) == into, called
            assert resolve(connection, "type", called) == into, called


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("T-72B|BMP-1", "T-72B and BMP-1 are variants of no common type to count under; make one with: "),
        ("T-72B|BMP-2", "no type 'BMP-2'; did you mean BMP-1?"),
        ("T-72B|", "type is empty"),
    ],
)
def test_what_cannot_be_told_is_refused(book: Book, text: str, said: str) -> None:
    with book.read() as connection, pytest.raises(LedgerError) as refused:
        type_meant(connection, text)
    assert str(refused.value).startswith(said)
