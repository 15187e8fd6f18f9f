"""What an archiver found is entered with what it brought, or not at all."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lossledger.checks.audit import audit
from lossledger.core.vocabulary import Act, Health, Origin
from lossledger.db.tables import entry as entries
from lossledger.evidence.fetching import Outcome, Payload
from lossledger.evidence.store import Store
from lossledger.ledger import catalogue, redact
from lossledger.ledger.archiving import archive
from lossledger.ledger.files import HeldFile
from lossledger.queries.unheld import Link
from tests.evidence.server import JPEG, PNG
from tests.ledger.books import SOURCE, Book

LINK = Link(SOURCE, "https://example.org/1", "example.org")
FIRST, SECOND = "2026-11-27T10:00:00.000000Z", "2026-11-28T10:00:00.000000Z"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "files")


def brought(*payloads: tuple[str | None, bytes], record: bytes = b"the wire", health: Health = Health.MEDIA) -> Outcome:
    """What a look brings that was had at these addresses."""
    held = tuple(Payload(url, BytesIO(content)) for url, content in payloads)
    return Outcome(health, "found", held, BytesIO(record), looked_at=FIRST)


def enter(book: Book, store: Store, outcome: Outcome, link: Link = LINK) -> list[HeldFile] | None:
    return archive(book.engine, store, "ann", link, outcome)


def state(book: Book, uid: str = SOURCE) -> dict[str, Any]:
    with book.act() as journal:
        return dict(journal.state("source", uid))


def last_change(book: Book) -> set[str]:
    """The fields that the last entry changed, a child's without its key."""
    [told] = book.told(book.head() - 1)
    return {detail.field.rpartition(".")[2] for detail in told.details} - {"actor", "reason"}


def test_what_was_fetched_is_held_with_how_it_came(book: Book, store: Store) -> None:
    held = enter(book, store, brought((None, b"<html>a page"), ("https://cdn.example.org/a%20b.png?x", PNG)))
    assert held is not None
    page, picture = held
    record = store.path(str(page.record))
    assert record.read_bytes() == b"the wire"
    assert store.path(picture.sha256).read_bytes() == PNG
    assert (page.media_type, page.name, page.url) == ("text/html", "1", None)
    assert picture == HeldFile(
        sha256=picture.sha256,
        size=len(PNG),
        origin=Origin.FETCHED,
        media_type="image/png",
        name="a b.png",
        url="https://cdn.example.org/a%20b.png?x",
        record=page.record,
    )
    now = state(book)
    assert (now["health"], now["looked_at"], "gone_on" in now) == ("media", FIRST, False)
    with book.read() as connection:
        assert audit(connection).findings == ()
        assert connection.scalars(select(entries.c.act).order_by(entries.c.number.desc())).first() == Act.EVIDENCE


def test_the_first_day_on_which_it_was_gone_stays(book: Book, store: Store) -> None:
    assert enter(book, store, Outcome(Health.GONE, "404", looked_at=FIRST)) == []
    assert (state(book)["health"], state(book)["gone_on"]) == ("gone", "2026-11-27")
    enter(book, store, Outcome(Health.UNREACHABLE, "503", looked_at=SECOND))
    assert (state(book)["health"], state(book)["gone_on"]) == ("unreachable", "2026-11-27")
    enter(book, store, Outcome(Health.GONE, "404", looked_at=SECOND))
    assert (state(book)["looked_at"], state(book)["gone_on"]) == (SECOND, "2026-11-27")
    enter(book, store, brought((None, PNG)))
    assert "gone_on" not in state(book)
    assert not [path for path in store.digests() if path not in state(book).values()]


def test_where_nothing_is_new_only_the_look_is_told(book: Book, store: Store) -> None:
    enter(book, store, brought((None, JPEG)))
    again = brought((None, JPEG), record=b"another wire")
    again.looked_at = SECOND
    before = set(store.digests())
    assert enter(book, store, again) == []
    assert last_change(book) == {"looked_at"}
    assert set(store.digests()) == before


def test_of_a_link_that_was_redacted_meanwhile_nothing_is_kept(book: Book, store: Store) -> None:
    with book.act() as journal:
        redact.redact(journal, "source", SOURCE, ["url"])
    assert enter(book, store, brought((None, PNG))) is None
    assert list(store.digests()) == []
    assert "health" not in state(book)


def test_of_a_source_that_was_merged_away_meanwhile_nothing_is_kept(book: Book, store: Store) -> None:
    with book.act() as journal:
        kept = catalogue.create(journal, "source", {"url": "https://example.org/2"})
        catalogue.merge(journal, "source", SOURCE, kept)
    assert enter(book, store, brought((None, PNG))) is None
    assert list(store.digests()) == []


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.org/%D1%82%D0%B0%D0%BD%D0%BA.jpg", "танк.jpg"),
        ("https://example.org/", None),
        ("https://example.org/a%00b.jpg", None),
        ("https://example.org/a%0Ab.jpg", None),
        (f"https://example.org/{'a' * 501}", None),
        ("https://example.org/x/%2e%2e%2f%2e%2e%2fpasswd", "../../passwd"),
    ],
)
def test_what_a_file_is_called(sqlite_book: Book, store: Store, url: str, name: str | None) -> None:
    """By the end of its address; it is a name to be read, and nothing is ever stored under it."""
    held = enter(sqlite_book, store, brought((url, PNG)))
    assert held is not None
    assert held[0].name == name
