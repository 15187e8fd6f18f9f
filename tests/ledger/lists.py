"""Lists made up for tests: what a reader would yield, an import of it, and what stands in the ledger after it."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lossledger.core.fields import FLAG, State
from lossledger.core.vocabulary import Verification
from lossledger.feeds.records import Item, Reading, Record, Source, Unread
from lossledger.ledger.ingest import Order, Report, ingest
from lossledger.queries.feeds import rows, touched
from tests.ledger.books import Book

LIST = Source(
    "the-list",
    "The List",
    publisher="The Listers",
    url="https://list.example/page",
    verification=Verification.CONFIRMED,
    verified_by="The Listers",
)
"""A list whose editors confirm its rows."""


def item(
    link: str | None,
    type_: str | None = "T-72B",
    status: str = "destroyed",
    side: str = "Red",
    category: str | None = "Tanks",
    key: str | None = None,
    **fields: str,
) -> Item:
    """An item of Red's tanks, unless told otherwise."""
    links = () if link is None else (link,)
    return Item("line 1", side, category, type_, {"status": status, **fields}, links, key)


def take(
    book: Book,
    *records: Record,
    source: Source = LIST,
    stated: frozenset[str] | None = None,
    refused: list[Unread] | None = None,
    actor: str = "importer",
    **order: Any,
) -> Report:
    """Import records as one file of a list; what is refused goes into ``refused``."""
    told: list[Unread] = [] if refused is None else refused
    digest = hashlib.sha256(repr(records).encode()).hexdigest()
    with book.act(actor, "a list came") as journal:
        return ingest(
            journal,
            Reading(source, iter(records), stated),
            replace(Order("war", sha256=digest), **order),
            refuse=told.append,
        )


def fates(report: Report) -> dict[str, int]:
    """The fates that any row had."""
    return {fate.value: number for fate, number in report.fates.items() if number}


def uids(book: Book, feed: str = "the-list") -> list[str]:
    """The losses of a list, in the order in which they were entered."""
    with book.read() as connection:
        return [row.uid for row in rows(connection, feed)]


def state(book: Book, uid: str) -> State:
    """A loss as its entries leave it."""
    with book.read() as connection:
        return touched(connection, [uid])[uid].state


def standing(book: Book, feed: str = "the-list") -> Sequence[tuple[str | None, str, str]]:
    """Every loss of a list: its type, its status, and whether it counts, is gone, or was withdrawn here."""
    found = []
    for uid in uids(book, feed):
        now = state(book, uid)
        gone, withdrawn = now.get(f"row.{feed}.gone") == FLAG, now.get("withdrawn") == FLAG
        counts = {(False, False): "counts", (True, True): "gone", (False, True): "withdrawn"}
        found.append((now.get("type"), now["status"], counts.get((gone, withdrawn), "gone, but counts")))
    return found
