"""Links by host: what rests on them, and what would be left with nothing."""

from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Connection, text

from lossledger.core.digest import new_uid
from lossledger.core.links import canonical
from lossledger.core.vocabulary import Act, Health, LinkState, Origin, Relation, Verification
from lossledger.db.engine import open_engine, writing
from lossledger.ledger import casefile, catalogue, groups, losses
from lossledger.ledger.files import HeldFile, hold
from lossledger.ledger.journal import Journal
from lossledger.queries.catalogue import catalogue as known_now
from lossledger.queries.links import Hanging, hanging, resting
from lossledger.queries.scope import Scope
from tests.ledger.books import Book, furnish

BELIEVED = ("confirmed", "claimed", "disputed")
COPY = "https://web.archive.org/web/1/"


@pytest.fixture
def book(ledger_url: str) -> Book:
    """A ledger with a small catalogue, once on each engine."""
    furnish(open_engine(ledger_url))
    return Book(ledger_url)


def cited(journal: Journal, url: str | None, **more: str) -> str:
    """A source, by its link or by a title alone."""
    return catalogue.create(journal, "source", ({"url": url} if url else {"title": "A book"}) | more)


def lost(journal: Journal, side: str, *sources: str, relation: Relation = Relation.REPORTS) -> str:
    """A loss that rests on sources."""
    fields: dict[str, str | None] = {"side": side, "type": "t-72", "status": "destroyed", "reported": "2020-10-03"}
    for one in sources:
        fields |= casefile.evidence_fields(one, relation)
    return losses.report(journal, fields)


def held(journal: Journal, source: str, media_type: str | None) -> None:
    """Have a file be held of a source."""
    sha256 = (new_uid() * 7)[:64]
    hold(journal, source, [HeldFile(sha256=sha256, size=1, origin=Origin.GIVEN, media_type=media_type)])


def found(book: Book, conflict: str = "war", side: str | None = None) -> Hanging:
    """What hangs on links, of all losses but the rejected."""
    with book.read() as connection:
        return hanging(connection, Scope(conflict, side=side, verifications=BELIEVED), known_now(connection))


def hosts(book: Book, conflict: str = "war", side: str | None = None) -> dict[str, tuple[int, int, int]]:
    """Links, losses and losses with nothing else of each host."""
    return {one.name: (one.links, one.losses, one.only) for one in found(book, conflict, side).hosts()}


def test_hosts_are_one_by_whatever_name(book: Book) -> None:
    with book.act() as journal:
        for url in ("https://i.postimg.cc/a/1.jpg", "http://postimg.cc/b", "https://i.postlmg.cc/c/2.png"):
            lost(journal, "war/red", cited(journal, url))
        for url in ("https://x.com/a/status/1", "https://mobile.twitter.com/a/status/2", "https://youtu.be/abc"):
            lost(journal, "war/blue", cited(journal, url))
    assert hosts(book) == {"postimg.cc": (3, 3, 3), "twitter.com": (2, 2, 2), "youtube.com": (1, 1, 1)}
    assert hosts(book, side="war/red") == {"postimg.cc": (3, 3, 3)}


def test_a_loss_has_something_else(book: Book) -> None:
    """Another host, a source without a link, a held file, a copy elsewhere; but no page, nor what disputes."""
    with book.act() as journal:
        here = [cited(journal, f"https://a.example/{number}") for number in range(6)]
        lost(journal, "war/red", here[0], cited(journal, "https://b.example/1"))
        lost(journal, "war/red", here[1], cited(journal, None))
        lost(journal, "war/red", here[2], here[5])
        held(journal, here[2], "image/jpeg")
        journal.append(Act.EVIDENCE, "source", here[3], {"archived": COPY + "3"})
        lost(journal, "war/red", here[3])
        held(journal, here[4], "text/html")
        bare = lost(journal, "war/red", here[4])
        casefile.dispute(journal, bare, cited(journal, "https://c.example/1"))
        # A copy that hangs on the same host is none.
        own = cited(journal, "https://a.example/7", archived="https://a.example/copy/7")
        lost(journal, "war/red", own)
    assert hosts(book) == {"a.example": (7, 6, 2), "b.example": (1, 1, 0)}


def test_a_merged_group_is_one_loss_with_all_its_sources(book: Book) -> None:
    with book.act() as journal:
        one, other, third = (cited(journal, f"https://{name}.example/1") for name in "abc")
        kept, duplicate = lost(journal, "war/red", one), lost(journal, "war/red", other)
        withdrawn = lost(journal, "war/red", third)
        groups.merge(journal, duplicate, kept)
        groups.merge(journal, withdrawn, kept)
    book.withdraw(withdrawn)
    assert hosts(book) == {"a.example": (1, 1, 0), "b.example": (1, 1, 0)}
    book.withdraw(kept)
    assert hosts(book) == {"b.example": (1, 1, 1)}


def test_what_is_held_stays_held_when_its_link_is_gone(book: Book) -> None:
    with book.act() as journal:
        for number, health in enumerate((*Health, None)):
            more = {"health": health.value, "looked_at": f"2024-05-0{number + 1}T08:00:00.000000Z"} if health else {}
            gone = {"gone_on": "2024-04-01"} if health is Health.GONE else {}
            lost(journal, "war/red", cited(journal, f"https://a.example/{number}", **more, **gone))
        kept = cited(journal, "https://a.example/kept", health="gone", looked_at="2024-06-01T08:00:00.000000Z")
        lost(journal, "war/red", kept)
        held(journal, kept, "video/mp4")
    hanging_ = found(book)
    [host] = hanging_.hosts()
    assert host.states == dict.fromkeys(LinkState, 1)
    assert host.oldest == "2024-05-01"
    since = {link.state: link.since for link in hanging_.links.values()}
    assert since[LinkState.GONE] == "2024-04-01"
    assert (since[LinkState.HELD], since[LinkState.UNSEEN]) == ("2024-06-01", None)


def test_the_barest_losses_behind_a_link_come_first(book: Book) -> None:
    with book.act() as journal:
        link, other = cited(journal, "https://a.example/1"), cited(journal, "https://b.example/1")
        held(journal, other, "image/png")
        rich, bare = lost(journal, "war/red", link, other), lost(journal, "war/blue", link)
    hanging_ = found(book)
    with book.read() as connection:
        [behind] = resting(connection, hanging_, [_row_id(connection, link)], known_now(connection)).values()
    assert behind == [
        (bare, "Blue", "T-72", "Tanks", 0, 0),
        (rich, "Red", "T-72", "Tanks", 1, 1),
    ]


def _row_id(connection: Connection, source: str) -> int:
    found = connection.scalar(text("SELECT id FROM source WHERE uid = :uid"), {"uid": source})
    assert isinstance(found, int)
    return found


class Story(NamedTuple):
    """A random loss: the sources it rests on and those that dispute it, whom it is merged into, what became of it."""

    sources: frozenset[int]
    disputes: frozenset[int]
    into: int | None
    withdrawn: bool
    rejected: bool


URLS = (
    *("https://i.postimg.cc/{0}a/1.jpg", "https://postimg.cc/{0}b", "https://x.com/a/status/1{0}"),
    *("https://twitter.com/b/status/2{0}", "https://t.me/c/{0}", None),
)
FILES = ("image/jpeg", "text/html", None)
_numbers = some.integers(0, len(URLS) - 1)
_stories = some.builds(
    Story,
    some.frozensets(_numbers, min_size=1, max_size=3),
    some.frozensets(_numbers, max_size=1),
    some.none() | some.integers(0, 7),
    *[some.sampled_from([False, False, True])] * 2,
)
_sources = some.tuples(some.sampled_from(FILES), some.booleans(), some.booleans())
_conflicts = count()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(_stories, min_size=1, max_size=8), some.lists(_sources, min_size=len(URLS), max_size=len(URLS)))
def test_what_hangs_on_hosts_is_what_plain_sql_says(
    book: Book, stories: list[Story], kept: list[tuple[str | None, bool, bool]]
) -> None:
    """Of random losses, each example in a conflict of its own."""
    conflict = f"war-{next(_conflicts)}"
    with book.act() as journal:
        catalogue.create(journal, "conflict", {"name": conflict}, conflict)
        catalogue.create(journal, "side", {"conflict": conflict, "name": "Red"}, f"{conflict}/red")
        sources = [cited(journal, url and url.format(conflict.replace("-", ""))) for url in URLS]
        for source, (media_type, holds, archived) in zip(sources, kept, strict=True):
            if archived:
                journal.append(Act.EVIDENCE, "source", source, {"archived": COPY + source})
            if holds:
                held(journal, source, media_type)
        _tell(journal, f"{conflict}/red", sources, stories)
    with writing(book.engine, keep=False) as connection:
        said = _by_plain_sql(connection, conflict)
    assert hosts(book, conflict) == said


def _tell(journal: Journal, side: str, sources: Sequence[str], stories: Sequence[Story]) -> None:
    uids = [lost(journal, side, *(sources[number] for number in sorted(one.sources))) for one in stories]
    for uid, one in zip(uids, stories, strict=True):
        for number in one.disputes:
            casefile.dispute(journal, uid, sources[number], "place", "elsewhere")
        if one.rejected:
            losses.verify(journal, uid, Verification.REJECTED)
    for place, one in enumerate(stories):
        earlier = one.into is not None and one.into < place and stories[one.into].into is None
        if earlier and one.into is not None:
            groups.merge(journal, uids[place], uids[one.into])
    for uid, one in zip(uids, stories, strict=True):
        if one.withdrawn:
            losses.withdraw(journal, uid)


_COUNTED = """
WITH counting AS (
    SELECT COALESCE(l.merged_into_id, l.id) AS root FROM loss l JOIN side s ON s.id = l.side_id
    WHERE s.slug LIKE :sides AND l.withdrawn IS NULL AND l.verification <> 'rejected'
      AND (l.merged_into_id IS NULL OR l.stands_in = 1)
), rests AS (
    SELECT DISTINCT COALESCE(l.merged_into_id, l.id) AS root, e.source_id AS source
    FROM evidence e JOIN loss l ON l.id = e.loss_id
    WHERE l.withdrawn IS NULL AND e.relation <> 'disputes'
      AND COALESCE(l.merged_into_id, l.id) IN (SELECT root FROM counting)
)
SELECT h.host, COUNT(DISTINCT h.source), COUNT(DISTINCT r.root), COUNT(DISTINCT CASE WHEN NOT EXISTS (
    SELECT 1 FROM rests o JOIN source q ON q.id = o.source LEFT JOIN host_of p ON p.source = o.source
    WHERE o.root = r.root AND (
        p.host IS NULL OR p.host <> h.host OR q.archived IS NOT NULL OR EXISTS (
            SELECT 1 FROM evidence_file f
            WHERE f.source_id = o.source AND (f.media_type IS NULL OR f.media_type <> 'text/html'))))
    THEN r.root END)
FROM rests r JOIN host_of h ON h.source = r.source GROUP BY h.host
"""


def _by_plain_sql(connection: Connection, conflict: str) -> dict[str, tuple[int, int, int]]:
    connection.execute(text("CREATE TEMPORARY TABLE host_of (source INTEGER, host TEXT)"))
    for row_id, url in connection.execute(text("SELECT id, url FROM source WHERE url IS NOT NULL")).all():
        host = canonical(url).partition("/")[0]
        connection.execute(text("INSERT INTO host_of VALUES (:source, :host)"), {"source": row_id, "host": host})
    rows = connection.execute(text(_COUNTED), {"sides": f"{conflict}/%"}).all()
    return {host: (links, losses_, only) for host, links, losses_, only in rows}
