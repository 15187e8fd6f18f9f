"""Joining the losses that two lists show beyond doubt: what is merged into what, what is left and why."""

from dataclasses import replace

from sqlalchemy import Connection, event, select

from lossledger.checks.audit import audit
from lossledger.core.vocabulary import Verification
from lossledger.db.tables import SUBJECTS, loss
from lossledger.feeds.records import Source
from lossledger.ledger import casefile, losses
from lossledger.ledger.joining import Joined, Left, join
from lossledger.queries.catalogue import catalogue
from lossledger.queries.duplicates import Found, duplicates
from lossledger.queries.scope import Scope
from tests.ledger.books import Book
from tests.ledger.lists import LIST, item, take

OTHER, THIRD = (
    Source(name.lower(), name, verification=Verification.CONFIRMED, verified_by=name) for name in ("Other", "Third")
)
LINK = "https://example.org/picture"


def found(connection: Connection) -> Found:
    """The pairs in the whole ledger."""
    return duplicates(connection, Scope("war", verifications=tuple(Verification)), catalogue(connection))


def joined(book: Book, actor: str = "ann") -> Joined:
    """Join what is certain."""
    with book.act(actor, "twice") as journal:
        return join(journal, found(journal.connection))


def of(book: Book, feed: str) -> list[str]:
    """The losses of a feed as they were entered."""
    feeds = SUBJECTS["feed"]
    statement = select(loss.c.uid).join(feeds, feeds.c.id == loss.c.feed_id).where(feeds.c.slug == feed)
    with book.read() as connection:
        return list(connection.scalars(statement.order_by(loss.c.id)))


def test_one_act_joins_and_one_undo_takes_it_back(book: Book) -> None:
    """An entry for each loss that is merged; the ledger holds, and nothing is left to join."""
    take(book, item(LINK), item(LINK, "BMP-1"), item("https://example.org/b"))
    take(book, item("https://www.example.org/b/", "T-72B"), item(LINK, "BMP-1"), item(LINK), source=OTHER)
    (tank, carrier, single), (single2, carrier2, tank2) = of(book, "the-list"), of(book, "other")
    before = book.head()
    done = joined(book)
    assert done == Joined({single2: single, carrier2: carrier, tank2: tank}, done.left)
    assert not done.left
    assert book.said(before) == [
        ("merge", uid, {"merged_into": into, "reason": "twice"}) for uid, into in done.merged.items()
    ]
    assert len({one.entry.act_id for one in book.told(before)}) == 1
    assert book.sums("feed") == {"the-list": 3}
    assert joined(book).merged == {}
    book.undo()
    assert book.sums("feed") == {"the-list": 3, "other": 3}
    with book.read() as connection:
        assert audit(connection).findings == ()


def test_importing_either_list_again_changes_nothing(book: Book) -> None:
    """What the one adds behind the same link later is another thing, and stays apart."""
    take(book, item(LINK))
    take(book, item(LINK), source=OTHER)
    joined(book)
    for source in (LIST, OTHER):
        take(book, item(LINK), source=source)
    assert book.sums("feed") == {"the-list": 1}
    take(book, item(LINK), item(LINK), source=OTHER)
    assert joined(book).merged == {}
    assert book.sums("feed") == {"the-list": 1, "other": 1}


def test_three_lists_go_to_one_root(book: Book) -> None:
    """Whichever are joined first; what was merged before follows."""
    take(book, item(LINK), source=THIRD)
    take(book, item(LINK), source=OTHER)
    joined(book)
    take(book, item(LINK))
    [root], [second], [third] = of(book, "third"), of(book, "other"), of(book, "the-list")
    assert joined(book).merged == {third: root}
    assert [book.row("loss", uid)["merged_into"] for uid in (second, third)] == [root, root]


def test_what_is_better_believed_is_kept(book: Book) -> None:
    """A claim entered first is merged into the loss that a list confirms, so that no tally loses it."""
    take(book, item(LINK), source=replace(LIST, verification=Verification.CLAIMED))
    take(book, item(LINK), source=OTHER)
    [claim], [confirmed] = of(book, "the-list"), of(book, "other")
    assert joined(book).merged == {claim: confirmed}
    assert book.sums("verification") == {"confirmed": 1}


def test_what_is_left_and_why(book: Book) -> None:
    """Several on both sides, unequal quantities, what is disputed, what somebody unmerged."""
    links = [f"https://example.org/{name}" for name in ("several", "unequal", "disputed", "unmerged")]
    several, unequal, disputed, unmerged = links
    take(book, item(several), item(several), item(unequal), item(disputed), item(unmerged))
    more = {"quantity": "3", "counts": "aggregate"}
    take(book, item(several, "BMP-1"), item(unequal, **more), item(disputed), item(unmerged), source=OTHER)
    first, second = of(book, "the-list")[-1], of(book, "other")[-1]
    book.merge(second, first)
    book.unmerge(second, "ben")
    with book.act() as journal:
        losses.verify(journal, of(book, "other")[2], Verification.DISPUTED)
    done = joined(book)
    assert done.merged == {}
    assert done.left == {Left.UNDECIDED: 1, Left.QUANTITY: 1, Left.BELIEF: 1, Left.UNMERGED: 1}


def test_two_losses_of_one_list_never_become_one(book: Book) -> None:
    """Not by way of a third list that shows both as one, behind two links."""
    a, b = "https://example.org/a", "https://example.org/b"
    take(book, item(a), item(b))
    take(book, item(a), source=OTHER)
    both = item(a)._replace(links=(a, b))
    take(book, both, source=THIRD)
    done = joined(book)
    assert done.merged == {of(book, "other")[0]: of(book, "the-list")[0], of(book, "third")[0]: of(book, "the-list")[0]}
    take(book, item(b), source=OTHER)
    with book.read() as connection:
        assert audit(connection).findings == ()
    joined(book)
    for feed in ("the-list", "other"):
        roots = [book.row("loss", uid).get("merged_into", uid) for uid in of(book, feed)]
        assert len(set(roots)) == len(roots)


def test_many_are_joined_in_little_time(sqlite_book: Book) -> None:
    """The states and ids that their entries need are read many at a time."""
    number = 600
    for source in (LIST, OTHER):
        take(sqlite_book, *(item(f"https://example.org/{place}") for place in range(number)), source=source)
    statements = []
    event.listen(sqlite_book.engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    assert len(joined(sqlite_book).merged) == number
    assert len(statements) < 100


def test_losses_that_somebody_told_apart_are_not_joined_by_way_of_a_third(book: Book) -> None:
    for source in (LIST, OTHER, THIRD):
        take(book, item(LINK), source=source)
    one, other, third = (of(book, feed)[0] for feed in ("the-list", "other", "third"))
    with book.act() as journal:
        casefile.link(journal, one, third, apart=True)
    done = joined(book)
    assert (done.merged, done.left) == ({other: one}, {Left.APART: 1})
