"""The inbox and scenes as their acts leave them, on each engine."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from lossledger.core.vocabulary import Closed, Relation
from lossledger.errors import Refused
from lossledger.ledger import casefile, catalogue, inbox, losses, scenes, undo
from lossledger.ledger.entering import enter
from lossledger.ledger.inbox import Added
from lossledger.ledger.journal import Journal
from lossledger.queries.inbox import FIELDS, Wanted, posts, the_record
from lossledger.queries.open_posts import open_posts
from lossledger.queries.scenes import posts_in
from tests.ledger.books import SOURCE, Book

POST = "https://x.com/a/status/15"


def add(book: Book, *links: str, actor: str = "ann") -> list[Added]:
    """Put links into the inbox."""
    with book.act(actor) as journal:
        return inbox.add(journal, [{"url": link} for link in links])


def state(book: Book, uid: str) -> dict[str, object]:
    """What is told of a post, without what is empty and when it was added."""
    with book.read() as connection:
        record = the_record(connection, uid)
    return {name: value for name, value in record.items() if value is not None and name not in ("id", "added")}


def waiting(book: Book) -> int:
    """How many posts are open."""
    with book.read() as connection:
        return open_posts(connection)


def test_one_post_for_every_spelling_of_a_link(book: Book) -> None:
    """Within one paste and in a later one; what the inbox has of it stays."""
    first, again = add(book, POST, "https://twitter.com/b/status/15?s=20")
    [later] = add(book, "http://mobile.twitter.com/a/status/15/", actor="ben")
    assert [(one.uid, one.new) for one in (first, again, later)] == [
        (first.uid, True),
        (first.uid, False),
        (first.uid, False),
    ]
    assert (state(book, first.uid), waiting(book)) == ({"url": POST}, 1)


def test_a_link_behind_a_loss_need_not_wait(book: Book) -> None:
    """It is closed as recorded; where the loss is withdrawn, or the link only disputes it, it waits."""
    with book.act() as journal:
        for name in ("seen", "gone", "denied"):
            source = catalogue.create(journal, "source", {"url": f"https://example.org/{name}"})
            given = {"side": "war/red", "type": "t-72"} | casefile.evidence_fields(SOURCE, Relation.REPORTS)
            uid = losses.report(journal, given)
            if name == "denied":
                casefile.dispute(journal, uid, source, "type")
            else:
                casefile.add_evidence(journal, uid, casefile.evidence_fields(source, Relation.CONFIRMS))
            if name == "gone":
                losses.withdraw(journal, uid)
            if name == "seen":
                seen = uid
    done = add(book, *(f"http://www.example.org/{name}/" for name in ("seen", "gone", "denied")))
    assert [one.losses for one in done] == [(seen,), (), ()]
    assert [state(book, one.uid).get("closed_as") for one in done] == ["recorded", None, None]


def test_no_two_people_get_the_same_post(book: Book) -> None:
    """Though they all ask at once; who asks again before closing gets the same one."""
    added = [one.uid for one in add(book, *(f"https://example.org/{number}" for number in range(6)))]

    def ask(who: str) -> list[str | None]:
        got = []
        for _ in range(2):
            with book.act(who) as journal:
                got.append(inbox.take(journal))
        return got

    people = [f"person {number}" for number in range(6)]
    with ThreadPoolExecutor(len(people)) as together:
        got = list(together.map(ask, people))
    assert sorted(str(first) for first, _ in got) == sorted(added)
    assert all(first == again for first, again in got)
    with book.act("one more") as journal:
        assert inbox.take(journal) is None


def test_the_next_is_the_oldest_that_is_mine_or_nobodys(book: Book) -> None:
    """Those of others, and the closed, are passed over; asking for what is mine already appends nothing."""
    theirs, closed, mine, _ = (one.uid for one in add(book, *(f"https://example.org/{number}" for number in range(4))))
    with book.act() as journal:
        inbox.assign(journal, theirs, "ben")
        inbox.close(journal, closed, Closed.NEEDS_PLACE)
    head = book.head()
    for entries in (1, 1):
        with book.act() as journal:
            assert inbox.take(journal) == mine
        assert book.head() == head + entries
    with book.act("ben") as journal:
        assert inbox.take(journal) == theirs
        assert inbox.assign(journal, theirs, None)["assigned_to"] == "ben"
    with book.act() as journal:
        assert inbox.take(journal) == theirs


def test_closing_and_opening_again(book: Book) -> None:
    """What needs a place may become anything else; what is finished has to be opened first."""
    [post] = add(book, POST)
    loss, other = book.report(), book.report()
    with book.act() as journal:
        inbox.close(journal, post.uid, Closed.NEEDS_PLACE)
        inbox.close(journal, post.uid, Closed.RECORDED, [loss])
        inbox.close(journal, post.uid, Closed.RECORDED, [other])
    assert state(book, post.uid) == {"url": POST, "closed_as": "recorded", "losses": f"{loss}|{other}"}
    refused: list[tuple[Callable[[Journal], object], str]] = [
        (lambda journal: inbox.close(journal, post.uid, Closed.NOTHING), "is closed as recorded; open it again"),
        (lambda journal: inbox.close(journal, post.uid, Closed.RECORDED, [loss]), "is closed as recorded already"),
        (lambda journal: inbox.close(journal, post.uid, Closed.NOTHING, [loss]), "losses are named where"),
        (lambda journal: inbox.close(journal, post.uid, Closed.RECORDED, ["nonesuch"]), "no loss 'nonesuch'"),
        (lambda journal: inbox.assign(journal, post.uid, "ben"), "is closed as recorded; open it again"),
    ]
    for act, said in refused:
        with pytest.raises(Refused, match=said), book.act() as journal:
            act(journal)
    with book.act() as journal:
        inbox.reopen(journal, post.uid)
    assert state(book, post.uid) == {"url": POST}
    with pytest.raises(Refused, match=r"is open$"), book.act() as journal:
        inbox.reopen(journal, post.uid)


def test_who_records_from_a_link_closes_its_post(book: Book) -> None:
    """Whatever it was closed as, in the act that reports the loss; undone, the post is as it was."""
    [post] = add(book, POST, actor="ben")
    with book.act() as journal:
        given = {"side": "war/red", "type": "t-72"} | casefile.evidence_fields(SOURCE, Relation.REPORTS)
        loss = losses.report(journal, given)
        [same, other, title] = (
            catalogue.create(journal, "source", fields)
            for fields in (
                {"url": "http://twitter.com/x/status/15"},
                {"url": "https://example.org/unknown"},
                {"title": "a newspaper"},
            )
        )
        assert inbox.close_recorded(journal, same, [loss]) == post.uid
        assert inbox.close_recorded(journal, other, [loss]) is None
        assert inbox.close_recorded(journal, title, [loss]) is None
    assert state(book, post.uid)["losses"] == loss
    head = book.head()
    with book.act() as journal:
        inbox.close_recorded(journal, same, [loss])
    assert book.head() == head
    book.undo()
    assert (state(book, post.uid), book.row("loss", loss)["withdrawn"]) == ({"url": POST}, 1)


def test_losses_typed_quickly_close_the_post_of_their_link(book: Book) -> None:
    """A second line adds to what the first has recorded."""
    [post] = add(book, POST)
    given = {"side": "war/red", "type": "t-72"}
    with book.act() as journal:
        source = catalogue.create(journal, "source", {"url": "http://twitter.com/i/status/15"})
        first = enter(journal, source, [given, given])
    with book.act() as journal:
        second = enter(journal, source, [given])
    assert state(book, post.uid) == {"url": POST, "closed_as": "recorded", "losses": "|".join(first + second)}


def test_a_post_that_somebody_closed_since_is_not_unmade(book: Book) -> None:
    """The undo of a paste would take it away from under them; once they have undone theirs, it goes."""
    added = add(book, POST, "https://example.org/2")
    with book.act("ben") as journal:
        inbox.close(journal, added[0].uid, Closed.NOTHING)
    with pytest.raises(Refused, match=f"^post {added[0].uid} was changed since by ben"):
        book.undo()
    book.undo("ben")
    book.undo()
    assert waiting(book) == 0
    with book.read() as connection:
        assert posts(connection, Wanted(())) == []


def test_a_scene_that_others_joined_stays_when_its_making_is_undone(book: Book) -> None:
    """Only the posts that its maker put into it leave it."""
    mine, theirs = (one.uid for one in add(book, POST, "https://example.org/2", actor="cid"))
    with book.act() as journal:
        scene = scenes.create(journal, "the bridge")
        scenes.join(journal, scene, [mine])
    with book.act("ben") as journal:
        scenes.join(journal, scene, [theirs])
    book.undo()
    with book.read() as connection:
        assert posts_in(connection, scene) == [theirs]
    with book.act("cid") as journal, pytest.raises(Refused, match="was changed since by ben"):
        undo.undo(journal)


def test_every_field_of_a_post_is_told(book: Book) -> None:
    [post] = add(book, POST)
    with book.read() as connection:
        assert tuple(the_record(connection, post.uid)) == FIELDS
