"""Which links an archiver has to look at, and in which order."""

from collections.abc import Iterator

import pytest

from lossledger.core.vocabulary import Act, Health, Origin, Relation
from lossledger.ledger import casefile, catalogue, losses, redact
from lossledger.ledger.files import HeldFile, hold
from lossledger.queries import unheld
from lossledger.queries.unheld import Wanted, all_unheld
from tests.ledger.books import RED, Book, furnish

NOW = "2026-11-28T00:00:00.000000Z"


@pytest.fixture
def book(ledger_url: str) -> Iterator[Book]:
    book = Book(ledger_url)
    furnish(book.engine)
    yield book
    book.engine.dispose()


def cite(book: Book, *urls: str, **fields: str) -> dict[str, tuple[str, str]]:
    """A loss for each link: the uids of source and loss."""
    found = {}
    with book.act() as journal:
        for url in urls:
            source = catalogue.create(journal, "source", {"url": url})
            given = {"side": RED, "type": "t-72", "status": "destroyed", "reported": "2020-10-05"} | fields
            found[url] = source, losses.report(journal, given | casefile.evidence_fields(source, Relation.REPORTS))
    return found


def look(book: Book, source: str, health: Health, looked_at: str = "2026-11-27T00:00:00.000000Z") -> None:
    with book.act() as journal:
        journal.append(Act.EVIDENCE, "source", source, {"health": health.value, "looked_at": looked_at})


def wanted(book: Book, **given: object) -> list[str]:
    with book.read() as connection:
        return [link.url for link in all_unheld(connection, Wanted(**({"before": NOW} | given)))]  # type: ignore[arg-type]


A, B, C, D = (f"https://{host}.example.org/x" for host in "abcd")


def test_links_of_losses_in_the_order_of_their_entry(book: Book) -> None:
    """A source on which nothing rests is not looked at, nor what is no web address."""
    cite(book, B, A, "HTTP://c.example.org/", "ftp://d.example.org/x", "mailto:a@example.org")
    assert wanted(book) == [B, A, "HTTP://c.example.org/"]


def test_what_is_held_is_not_wanted(book: Book) -> None:
    """However it came. That another archiver says they have it is not to have it."""
    found = cite(book, A, B, C, D)
    with book.act() as journal:
        for url, origin in ((A, Origin.FETCHED), (B, Origin.GIVEN), (C, Origin.ARCHIVED)):
            hold(journal, found[url][0], [HeldFile(sha256="0" * 64, size=1, origin=origin)])
        journal.append(Act.EVIDENCE, "source", found[D][0], {"archived": "https://archive.example.org/d"})
    look(book, found[D][0], Health.MEDIA)
    assert wanted(book) == [D]


def test_what_was_withdrawn_merged_or_redacted_is_not_wanted(book: Book) -> None:
    found = cite(book, A, B, C, D)
    with book.act() as journal:
        losses.withdraw(journal, found[A][1])
        catalogue.merge(journal, "source", found[B][0], found[D][0])
        redact.redact(journal, "source", found[C][0], ["url"])
    assert wanted(book) == [D]
    with book.act() as journal:
        casefile.add_evidence(journal, found[D][1], casefile.evidence_fields(found[A][0], Relation.DISPUTES))
    assert wanted(book) == [A, D]


def test_what_was_looked_at_comes_last_or_not_at_all(book: Book) -> None:
    found = cite(book, A, B, C, D)
    look(book, found[A][0], Health.UNREACHABLE, "2026-11-27T00:00:00.000000Z")
    look(book, found[B][0], Health.UNREACHABLE, "2026-11-26T00:00:00.000000Z")
    look(book, found[C][0], Health.GONE)
    assert wanted(book) == [D, B, A]
    assert wanted(book, before="2026-11-27T00:00:00.000000Z") == [D, B]
    assert wanted(book, again=True) == [D, B, A, C]


@pytest.mark.parametrize("health", Health)
def test_which_health_is_looked_at_again(book: Book, health: Health) -> None:
    found = cite(book, A)
    look(book, found[A][0], health)
    settled = health in (Health.GONE, Health.LOGIN, Health.REFUSED)
    assert wanted(book) == ([] if settled else [A])
    assert wanted(book, again=True) == [A]


def test_only_some(book: Book) -> None:
    found = cite(book, A, "https://www.b.example.org/x") | cite(book, C, feed="list")
    assert wanted(book, feed="list") == [C]
    assert wanted(book, losses=(found[A][1], found[C][1])) == [A, C]
    assert wanted(book, host="b.example.org") == ["https://www.b.example.org/x"]
    assert len(wanted(book, host="EXAMPLE.org")) == 3
    assert wanted(book, host="ample.org") == []


def test_page_by_page(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever changes between two pages, no link comes twice and none is left out."""
    monkeypatch.setattr(unheld, "_PAGE", 3)
    urls = [f"https://example.org/{number}" for number in range(10)]
    found = cite(book, *urls)
    for url in urls[:4]:
        look(book, found[url][0], Health.UNREACHABLE)
    assert wanted(book) == urls[4:] + urls[:4]
    seen: list[str] = []
    place: unheld.Place | None = unheld.Place()
    while place is not None:  # as the archiver does it: what it has looked at is entered before it reads on
        with book.read() as connection:
            links, place = unheld.unheld(connection, Wanted(before=NOW), place)
        for link in links:
            seen.append(link.url)
            look(book, link.source, Health.UNREACHABLE, "2026-11-29T00:00:00.000000Z")
    assert seen == urls[4:] + urls[:4]
