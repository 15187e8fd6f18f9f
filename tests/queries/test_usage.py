"""What is named how often."""

import pytest

from lossledger.db.engine import open_engine
from lossledger.ledger import catalogue, losses
from lossledger.queries.usage import usage
from tests.ledger.books import BLUE, RED, Book, evidence, furnish


@pytest.fixture
def book(ledger_url: str) -> Book:
    """A ledger with a small catalogue, once on each engine."""
    furnish(open_engine(ledger_url))
    return Book(ledger_url)


def test_names_and_how_often_each_is_used(book: Book) -> None:
    with book.act() as journal:
        catalogue.create(journal, "conflict", {"name": "Another war"}, "other")
        catalogue.create(journal, "side", {"conflict": "other", "name": "Green"}, "other/green")
        catalogue.alias(journal, "type", "t-72", "Ural tank", "press")
        for side, type_, place in ((RED, "t-72", "the bridge"), (RED, "t-72", None), (BLUE, "bmp-1", "the bridge")):
            losses.report(journal, {"side": side, "type": type_, "place": place} | evidence())
        losses.report(journal, {"side": BLUE, "category": "guns"} | evidence())
    with book.read() as connection:
        found = usage(connection, "war")
    assert found.sides == {"Blue": BLUE, "Blue North": "war/blue-north", "Red": RED}
    assert list(found.types) == ["BMP-1", "T-72", "T-72B", "Ural tank"]
    assert found.types["Ural tank"] == "t-72"
    assert found.used_types == {(RED, "t-72"): 2, (BLUE, "bmp-1"): 1}
    assert found.used_sides == {RED: 2, BLUE: 1}
    assert found.places == {"the bridge": 2}
