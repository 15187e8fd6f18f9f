"""Scenes: which losses belong to them, and that these are proposed as the same before anything else."""

import pytest

from lossledger.core.vocabulary import Closed, Relation, Verification
from lossledger.db.engine import open_engine
from lossledger.ledger import casefile, catalogue, groups, inbox, losses, scenes
from lossledger.queries.catalogue import catalogue as known_now
from lossledger.queries.duplicates import WHOLE_LIST, duplicates
from lossledger.queries.scenes import Scene, losses_in
from lossledger.queries.scenes import scenes as every_scene
from lossledger.queries.scope import Scope
from tests.ledger.books import RED, Book, furnish

ALL = Scope("war", verifications=tuple(Verification))
FRONT, BACK, ABOVE = (f"https://x.com/a/status/{number}" for number in (1, 2, 3))


@pytest.fixture
def book(ledger_url: str) -> Book:
    """A ledger with a small catalogue, once on each engine."""
    furnish(open_engine(ledger_url))
    return Book(ledger_url)


def report(book: Book, *links: str, **fields: str) -> str:
    """A loss entered by hand, undated, that rests on links."""
    given: dict[str, str | None] = {"side": RED, "type": "t-72", "status": "destroyed", **fields}
    with book.act() as journal:
        for link in links:
            given |= casefile.evidence_fields(catalogue.create(journal, "source", {"url": link}), Relation.REPORTS)
        return losses.report(journal, given)


def scene(book: Book, *links: str, name: str = "the bridge") -> tuple[str, list[str]]:
    """A scene of new posts with these links: its uid, and theirs."""
    with book.act() as journal:
        posts = [one.uid for one in inbox.add(journal, [{"url": link} for link in links])]
        uid = scenes.create(journal, name)
        scenes.join(journal, uid, posts)
        return uid, posts


def pairs(book: Book, of: str | None = None) -> list[tuple[str, str, str]]:
    """The pairs that are found: ids and why."""
    with book.read() as connection:
        found = duplicates(connection, ALL, known_now(connection), scene=of)
    return [(pair.one.uid, pair.other.uid, pair.why) for pair in found.pairs]


def test_a_loss_belongs_to_a_scene_through_its_posts(book: Book) -> None:
    """By its evidence, in whatever spelling, or as what the post was closed with; not by what disputes it."""
    linked = report(book, "http://mobile.twitter.com/b/status/1/photo/1")
    uid, [_, back, _] = scene(book, FRONT, BACK, ABOVE)
    named, withdrawn, disputed = (report(book, f"https://example.org/{number}") for number in range(3))
    with book.act() as journal:
        inbox.close(journal, back, Closed.RECORDED, [named, withdrawn])
        source = catalogue.create(journal, "source", {"url": ABOVE})
        casefile.dispute(journal, disputed, source)
        losses.withdraw(journal, withdrawn)
    with book.read() as connection:
        assert losses_in(connection, uid) == [linked, named]
        assert every_scene(connection) == [Scene(uid, "the bridge", posts=3, open=1, losses=2, note=None)]
    assert pairs(book) == [(linked, named, "same scene, side, type and status")]


def test_losses_that_a_post_was_closed_with_are_told_apart(book: Book) -> None:
    """By hand, two of one link look like one entered twice; whoever names both says that they are two."""
    one, other = report(book, FRONT), report(book, FRONT)
    assert pairs(book) == [(one, other, "same link, side, type and status")]
    with book.act() as journal:
        [post] = inbox.add(journal, [{"url": FRONT}])
        inbox.close(journal, post.uid, Closed.RECORDED, [one, other])
    assert pairs(book) == []


def test_what_is_merged_is_seen_where_the_kept_one_is(book: Book) -> None:
    """So the kept one is no longer proposed as the second loss of the merged one's post."""
    front, back, beside = report(book, FRONT), report(book, BACK), report(book, BACK, type="t-72b")
    scene(book, FRONT, BACK)
    assert pairs(book) == [(front, back, "same scene, side, type and status")]
    with book.act() as journal:
        groups.merge(journal, back, front)
    assert pairs(book) == []
    del beside


def test_a_post_of_a_whole_list_is_none(book: Book) -> None:
    """It shows more than a picture can."""
    front = report(book, FRONT)
    with book.act() as journal:
        many = catalogue.create(journal, "source", {"url": BACK})
        for number in range(WHOLE_LIST + 1):
            cited = casefile.evidence_fields(many, Relation.REPORTS)
            losses.report(journal, {"side": RED, "type": "t-72", "feed": "list", "feed_key": f"{number}"} | cited)
    scene(book, FRONT, BACK)
    assert [found for found in pairs(book) if front in found] == []


def test_a_scene_alone(book: Book) -> None:
    """The pairs of which one belongs to it; a scene that was merged into it has brought its posts along."""
    first = [report(book, FRONT), report(book, BACK)]
    others = [report(book, ABOVE, type="bmp-1"), report(book, "https://example.org/4", type="bmp-1")]
    bridge, _ = scene(book, FRONT, BACK)
    ford, _ = scene(book, ABOVE, "https://example.org/4", name="the ford")
    why = "same scene, side, type and status"
    assert pairs(book, bridge) == [(*first, why)]
    assert pairs(book, ford) == [(*others, why)]
    with book.act() as journal:
        scenes.merge(journal, ford, bridge)
    assert (len(pairs(book, bridge)), pairs(book, ford)) == (2, [])
