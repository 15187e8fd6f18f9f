"""Losses that may stand in the ledger twice: which are compared, and that a tally says as many."""

from random import Random

import pytest
from sqlalchemy import event

from lossledger.core.nearness import BITS, likeness_of
from lossledger.core.vocabulary import Origin, Relation, Verification
from lossledger.db.engine import open_engine
from lossledger.ledger import casefile, catalogue, files, groups, losses
from lossledger.queries.catalogue import catalogue as known_now
from lossledger.queries.duplicates import WHOLE_LIST, duplicates
from lossledger.queries.likeness import source_of_link
from lossledger.queries.merged import likely_twice
from lossledger.queries.pictures import EVERYWHERE
from lossledger.queries.scope import Scope
from tests.ledger.books import BLUE, RED, Book, furnish

ALL = Scope("war", verifications=tuple(Verification))
POST = "https://twitter.com/a/status/15"


@pytest.fixture
def book(ledger_url: str) -> Book:
    """A ledger with a small catalogue and a second list, once on each engine."""
    furnish(open_engine(ledger_url))
    book = Book(ledger_url)
    with book.act() as journal:
        catalogue.create(journal, "feed", {"name": "Another list", "url": "https://list.example/page"}, "other")
    return book


def report(book: Book, feed: str, *links: str, key: str | None = None, **fields: str | None) -> str:
    """A loss of a feed that rests on links, each a source; undated unless a day is given."""
    given: dict[str, str | None] = {"side": RED, "type": "t-72", "status": "destroyed", "feed": feed}
    given |= {"feed_key": key or (None if feed == "own" else "a key")}
    with book.act() as journal:
        for link in links:
            given |= casefile.evidence_fields(catalogue.create(journal, "source", {"url": link}), Relation.REPORTS)
        return losses.report(journal, given | fields)


def pairs(book: Book, scope: Scope = ALL) -> list[tuple[str, str, bool, str]]:
    """The pairs that are found: ids, whether they are certain, why."""
    with book.read() as connection:
        found = duplicates(connection, scope, known_now(connection))
    return [(pair.one.uid, pair.other.uid, pair.certain, pair.why) for pair in found.pairs]


def test_spellings_of_one_link_bring_losses_together(book: Book) -> None:
    """Whichever of its links it is; a source that disputes a loss is no ground."""
    own = report(book, "own", "https://example.org/x", "https://x.com/b/status/15/photo/1")
    listed = report(book, "list", POST)
    denied = report(book, "other", "https://example.org/y")
    with book.act() as journal:
        source = catalogue.create(journal, "source", {"url": POST + "?s=20"})
        casefile.dispute(journal, denied, source, "type")
    assert pairs(book) == [(own, listed, True, "same link, side, type and status")]


def test_days_and_places_bring_losses_together(book: Book) -> None:
    """A day that was inferred is none."""
    day = {"earliest": "2020-10-03", "latest": "2020-10-03", "latitude": "40.0", "longitude": "47.0"}
    one = report(book, "list", "https://example.org/x", **day)
    other = report(book, "other", "https://example.org/y", **(day | {"earliest": "2020-10-04", "latest": "2020-10-04"}))
    report(book, "own", "https://example.org/z", feed_day="2020-10-03")
    report(book, "own", "https://example.org/zz", **(day | {"inferred": "yes"}))
    assert pairs(book) == [(one, other, False, "same side, type and status; 1 day and 0.0 km apart")]


def test_what_became_of_a_loss_by_now_is_its_status(book: Book) -> None:
    """Damaged in one list and captured since, captured in the other."""
    one = report(book, "list", POST, status="damaged")
    other = report(book, "other", POST, status="captured")
    assert [certain for _, _, certain, _ in pairs(book)] == [False]
    book.event(one, "captured", "2020-10-09")
    assert pairs(book) == [(one, other, True, "same link, side, type and status")]


def test_the_merged_and_the_withdrawn_are_left_out(book: Book) -> None:
    """And what a list adds behind the link of a loss that it shows already is no copy of the other list's."""
    one, other = report(book, "list", POST), report(book, "other", POST)
    with book.act() as journal:
        groups.merge(journal, other, one)
    report(book, "other", POST, key="another key")
    assert pairs(book) == []
    book.unmerge(other)
    book.withdraw(one)
    assert pairs(book) == []


def test_a_link_that_stands_for_a_list_is_none(book: Book) -> None:
    """The address of a feed itself, and what more losses of one feed rest on than a picture can show."""
    for feed in ("list", "other"):
        report(book, feed, "http://list.example/page/")
    assert pairs(book) == []
    with book.act() as journal:
        many = catalogue.create(journal, "source", {"url": "https://example.org/all"})
    for feed, number in (("list", WHOLE_LIST), ("other", 1)):
        for place in range(number):
            report(book, feed, key=f"key {place}", **casefile.evidence_fields(many, Relation.REPORTS))
    assert len(pairs(book)) == 1
    report(book, "list", key="one more", **casefile.evidence_fields(many, Relation.REPORTS))
    assert pairs(book) == []


def test_a_scope_takes_the_pairs_of_which_one_is_in_it(book: Book) -> None:
    """A tally counts those that lie in it wholly: only these it would count twice."""
    confirmed = {"verification": "confirmed", "verified_by": "ann"}
    report(book, "list", POST, type="t-72b", **confirmed)
    report(book, "other", POST, type="bmp-1", **confirmed)
    report(book, "own", POST, type="bmp-1", side=BLUE)
    scopes = {
        "all": ALL,
        "confirmed": Scope("war"),
        "red": Scope("war", side=RED),
        "blue": Scope("war", side=BLUE, verifications=ALL.verifications),
        "tanks": Scope("war", types=("t-72",)),
        "own": Scope("war", feeds=("own",), verifications=ALL.verifications),
    }
    with book.read() as connection:
        known = known_now(connection)
        twice = {name: likely_twice(connection, scope, known) for name, scope in scopes.items()}
    assert {name: len(pairs(book, scope)) for name, scope in scopes.items()} == {
        "all": 2,
        "confirmed": 2,
        "red": 2,
        "blue": 1,
        "tanks": 1,
        "own": 1,
    }
    assert twice == {"all": 2, "confirmed": 1, "red": 1, "blue": 0, "tanks": 0, "own": 0}


def test_terms_that_were_merged_are_one(book: Book) -> None:
    """A type that stands for another by now is that other one."""
    one, other = report(book, "list", POST), report(book, "other", POST, type="t-72b")
    with book.act() as journal:
        catalogue.merge(journal, "type", "t-72b", "t-72")
    assert pairs(book) == [(one, other, True, "same link, side, type and status")]


def test_losses_of_another_conflict_are_not_compared(book: Book) -> None:
    """They can never be the same."""
    with book.act() as journal:
        catalogue.create(journal, "conflict", {"name": "Peace"}, "peace")
        catalogue.create(journal, "side", {"conflict": "peace", "name": "Green"}, "peace/green")
    report(book, "list", POST)
    report(book, "other", POST, side="peace/green")
    assert pairs(book) == []


def hold(book: Book, link: str, sha256: str, likeness: str | None = None) -> None:
    """Have the source of a link hold a file."""
    with book.act() as journal:
        source = source_of_link(journal.connection, link)
        assert source is not None
        files.hold(
            journal, source, [files.HeldFile(sha256=sha256 * 64, size=1, origin=Origin.GIVEN, likeness=likeness)]
        )


def like(*turned: int) -> str:
    """The likeness of a picture whose whole differs from that of `like()` in some bits, and its middle in many."""
    whole = Random(1).getrandbits(BITS) ^ sum(1 << bit for bit in turned)
    return likeness_of((whole, Random(f"{turned}").getrandbits(BITS)))


def test_one_file_of_two_links_brings_losses_together(book: Book) -> None:
    """Of two lists, or used again by one for the other side; what rests on both links is told apart by them."""
    one = report(book, "list", "https://example.org/x")
    other = report(book, "other", "https://example.org/y")
    again = report(book, "other", "https://example.org/z", key="another", side=BLUE)
    report(book, "own", "https://example.org/x", "https://example.org/w", type="bmp-1", status="captured")
    for place in "xyz":
        hold(book, f"https://example.org/{place}", "a")
    hold(book, "https://example.org/w", "b")
    assert pairs(book) == [
        (one, other, False, "same file, side, type and status"),
        (other, again, False, "same file, type and status; other side"),
    ]


def test_near_identical_pictures_bring_losses_together(book: Book) -> None:
    """Up to a distance; a likeness of another kind, or none, is compared with nothing."""
    links = {place: f"https://example.org/{place}" for place in "abcde"}
    one, other, *_ = (report(book, "own", link) for link in links.values())
    for place, likeness in zip("abcd", (like(), like(3, 77), like(*range(40, 80)), "pdq:00"), strict=True):
        hold(book, links[place], place, likeness)
    hold(book, links["e"], "e")
    assert pairs(book) == [(one, other, False, "near-identical picture (distance 2); same side, type and status")]


def test_what_is_held_everywhere_says_nothing(book: Book) -> None:
    """A notice that something is gone is no picture of a loss."""
    for place in range(3):
        report(book, "own", f"https://example.org/shown/{place}")
        hold(book, f"https://example.org/shown/{place}", "a", like())
    assert len(pairs(book)) == 2
    with book.act() as journal:
        for place in range(EVERYWHERE - 2):
            source = catalogue.create(journal, "source", {"url": f"https://example.org/gone/{place}"})
            files.hold(journal, source, [files.HeldFile(sha256="a" * 64, size=1, origin=Origin.GIVEN, likeness=like())])
    assert pairs(book) == []


def test_without_files_one_statement_more_is_made(book: Book) -> None:
    """Whoever holds nothing pays nothing."""
    report(book, "own", "https://example.org/x")
    report(book, "list", "https://example.org/y")
    said: list[str] = []
    with book.read() as connection:
        known = known_now(connection)
        event.listen(connection, "before_cursor_execute", lambda *given: said.append(given[2]))
        duplicates(connection, ALL, known)
    assert sum("evidence_file" in statement for statement in said) == 1
    assert len(said) <= 9
