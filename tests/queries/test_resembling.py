"""One loss against the ledger: what it may be, and what it is told apart from."""

import pytest

from lossledger.core.vocabulary import Verification
from lossledger.db.engine import open_engine
from lossledger.ledger import catalogue, groups, losses
from lossledger.ledger.entering import enter
from lossledger.queries.catalogue import catalogue as known_now
from lossledger.queries.duplicates import duplicates
from lossledger.queries.likeness import items_behind
from lossledger.queries.resembling import Resembling
from lossledger.queries.scope import Scope
from tests.ledger.books import BLUE, NORTH, RED, Book, furnish

DAY: dict[str, str | None] = {"earliest": "2020-10-03", "latest": "2020-10-03"}
HERE: dict[str, str | None] = {"latitude": "40.0", "longitude": "47.0"}


@pytest.fixture
def book(ledger_url: str) -> Book:
    """A ledger with a small catalogue, once on each engine."""
    furnish(open_engine(ledger_url))
    return Book(ledger_url)


def entered(book: Book, link: str, *several: dict[str, str | None]) -> list[str]:
    """Destroyed T-72s of Red that one new link shows, but for what is said otherwise."""
    with book.act() as journal:
        source = catalogue.create(journal, "source", {"url": link})
        own = {"side": RED, "type": "t-72", "status": "destroyed"}
        return enter(journal, source, [own | fields for fields in several])


def resembling(book: Book, uid: str, *besides: str) -> list[tuple[str, str]]:
    """What a loss may be, and why."""
    with book.read() as connection:
        pairs = Resembling(connection, known_now(connection)).of(uid, besides)
    return [(next(one.uid for one in pair[:2] if one.uid != uid), pair.why) for pair in pairs]


@pytest.mark.parametrize(
    ("differs", "why"),
    [
        ({}, "same side, type and status; same day"),
        ({"earliest": "2020-10-04", "latest": "2020-10-04"}, "same side, type and status; 1 day apart"),
        ({"earliest": "2020-10-03", "latest": "2020-10-04"}, "same side, type and status; perhaps the same day"),
        ({"type": "t-72b"}, "same side and status; type alike; same day"),
        ({"place": "the bridge"}, "same side, type and status; same day"),
        ({"earliest": "2020-10-05", "latest": "2020-10-05"}, None),
        ({"earliest": "2020-10-01", "latest": "2020-10-31"}, None),
        ({"earliest": None, "latest": None}, None),
        ({"type": "bmp-1"}, None),
        ({"side": BLUE}, None),
        ({"status": "damaged"}, None),
        ({"status": "captured"}, None),
        ({"quantity": "2"}, None),
    ],
)
def test_a_loss_of_another_link_is_like_it_where_all_agrees(
    book: Book, differs: dict[str, str | None], why: str | None
) -> None:
    (known,) = entered(book, "https://example.org/a", DAY)
    (new,) = entered(book, "https://example.org/b", DAY | differs)
    assert resembling(book, new) == ([(known, why)] if why else [])


def test_sides_under_the_side_are_looked_at_and_those_merged_into_it(book: Book) -> None:
    here = DAY | HERE
    (known,) = entered(book, "https://example.org/a", here | {"side": NORTH, "status": "damaged"})
    (new,) = entered(book, "https://example.org/b", here | {"side": BLUE})
    why = "same type; side and status alike; same day, 0.0 km apart"
    assert resembling(book, new) == [(known, why)]
    with book.act() as journal:
        catalogue.merge(journal, "side", NORTH, BLUE)
    assert [uid for uid, _ in resembling(book, new)] == [known]


@pytest.mark.parametrize(
    ("place", "other", "alike"),
    [
        ({"place": "The Bridge"}, {"place": "the bridge"}, True),
        ({"place": "the bridge"}, {"place": "the ford"}, False),
        ({"place": "the bridge"}, {}, True),
        ({"place": "the bridge", **HERE}, {"place": "the ford", **HERE}, True),
        (HERE, HERE | {"latitude": "40.04"}, True),
        (HERE, HERE | {"latitude": "40.05"}, False),
    ],
)
def test_another_place_is_another_loss(
    book: Book, place: dict[str, str | None], other: dict[str, str | None], alike: bool
) -> None:
    entered(book, "https://example.org/a", DAY | place)
    (new,) = entered(book, "https://example.org/b", DAY | other)
    assert bool(resembling(book, new)) is alike


def test_items_of_one_link_are_alike_unless_they_are_of_the_same_picture(book: Book) -> None:
    """Who knows that they are of one picture says so; what was numbered within a link is no pair afterwards."""
    one, other, third = entered(book, "https://example.org/a", DAY, DAY, DAY | {"type": "bmp-1"})
    assert resembling(book, one) == [(other, "same link, side, type and status; same day")]
    assert resembling(book, one, other, third) == []
    with book.read() as connection:
        everything = Scope("war", verifications=tuple(Verification))
        assert duplicates(connection, everything, known_now(connection)).pairs == []


def test_numbered_items_of_two_links_are_still_compared(book: Book) -> None:
    one, _ = entered(book, "https://example.org/a", DAY, DAY | {"type": "bmp-1"})
    other, _ = entered(book, "https://example.org/b", DAY, DAY | {"type": "t-72b"})
    with book.read() as connection:
        everything = Scope("war", verifications=tuple(Verification))
        found = duplicates(connection, everything, known_now(connection)).pairs
    assert [(pair.one.uid, pair.other.uid) for pair in found] == [(one, other)]


def test_the_likeliest_comes_first_and_what_does_not_count_is_no_likeness(book: Book) -> None:
    alike, likelier, withdrawn, merged = (
        *entered(book, "https://example.org/a", DAY | {"type": "t-72b"}),
        *entered(book, "https://example.org/b", DAY),
        *entered(book, "https://example.org/c", DAY),
        *entered(book, "https://example.org/d", DAY),
    )
    with book.act() as journal:
        losses.withdraw(journal, withdrawn)
        groups.merge(journal, merged, likelier)
    (new,) = entered(book, "https://example.org/e", DAY)
    assert [uid for uid, _ in resembling(book, new)] == [likelier, alike]


def test_items_are_numbered_on_from_those_that_stand(book: Book) -> None:
    with book.act() as journal:
        source = catalogue.create(journal, "source", {"url": "https://example.org/a"})
        fields = {"side": RED, "type": "t-72", "status": "destroyed"}
        first, second = enter(journal, source, [fields, fields])
        keys = [journal.state("loss", uid)["feed_key"] for uid in (first, second)]
    assert keys == [f"{source}/1", f"{source}/2"]
    with book.act() as journal:
        losses.withdraw(journal, second)
        (third,) = enter(journal, source, [fields])
        assert journal.state("loss", third)["feed_key"] == f"{source}/2"
    with book.read() as connection:
        assert items_behind(connection, source) == 2
        assert items_behind(connection, "sourcesource") == 0
