"""Undo: each act reversed by a new one, for its own actor, unless somebody has changed the same since."""

from collections.abc import Callable

import pytest

from lossledger.core.vocabulary import Verification
from lossledger.errors import NothingFound, Refused
from lossledger.ledger import casefile, catalogue, groups, losses, published, redact
from lossledger.ledger.journal import Journal
from tests.ledger.books import BLUE, RED, SOURCE, Book, evidence

Act = Callable[[Journal, str, str], object]

ACTS: dict[str, Act] = {
    "amend": lambda journal, one, _: losses.amend(journal, one, {"type": "t-72b", "quantity": "2", "note": None}),
    "event": lambda journal, one, _: losses.event(journal, one, {"status": "captured", "latest": "2020-10-10"}),
    "verify": lambda journal, one, _: losses.verify(journal, one, Verification.CONFIRMED),
    "withdraw": lambda journal, one, _: losses.withdraw(journal, one),
    "merge": groups.merge,
    "evidence": lambda journal, one, _: casefile.add_evidence(journal, one, evidence()),
    "dispute": lambda journal, one, _: casefile.dispute(journal, one, SOURCE),
    "note": lambda journal, one, _: casefile.note(journal, one, "a note"),
    "link": casefile.link,
    "recategorise": lambda journal, *_: catalogue.change(journal, "type", "t-72", {"category": "guns"}),
    "merge types": lambda journal, *_: catalogue.merge(journal, "type", "t-72", "t-72b"),
    "merge sides": lambda journal, *_: catalogue.merge(journal, "side", RED, BLUE),
    "merge categories": lambda journal, *_: catalogue.merge(journal, "category", "tanks", "guns"),
    "rename": lambda journal, *_: catalogue.rename(journal, "type", "t-72", "Ural"),
    "alias": lambda journal, *_: catalogue.alias(journal, "side", RED, "Rouge"),
    "create": lambda journal, *_: catalogue.create(journal, "type", {"name": "T-80", "category": "tanks"}),
    "publish": lambda journal, *_: published.publish(journal, {"conflict": "war", "counted_by": "a list"}),
    "setting": lambda journal, *_: published.set_value(journal, "conflict", "war"),
}


def everything(book: Book) -> dict[str, object]:
    """All rows of the projection, and the sums in all their dimensions."""
    from sqlalchemy import select

    from lossledger.db.tables import CHILDREN, SUBJECTS

    with book.read() as connection:
        tables = [*SUBJECTS.values(), *CHILDREN.values()]
        rows: dict[str, object] = {
            table.name: sorted(map(repr, connection.execute(select(table)).all())) for table in tables
        }
    by = ("side", "category", "type", "status", "verification", "feed", "counts", "day", "loss_day", "span")
    return rows | {"sums": book.sums(*by)}


def test_every_act_is_undone_without_trace_in_the_present(book: Book) -> None:
    """Projection and sums are as before, the past stays what it was, and the journal says what was undone."""
    one, other = book.report("ben", place="Hadrut", note="first"), book.report("ben")
    by = ("type", "category", "side", "status", "verification")
    before = everything(book)
    for name, act in ACTS.items():
        head = book.head()
        with book.act() as journal:
            act(journal, one, other)
        then, done = book.sums(*by), book.head()
        undone = book.undo()
        assert everything(book) == before, name
        assert book.sums(*by, known_on=done) == then, name
        entries = book.told(head)
        assert {entry.entry.act_id for entry in entries[: done - head]} == {undone}, name
        assert [(entry.entry.act, entry.about("undoes")) for entry in entries[done - head :]] == [
            ("undo", undone) for _ in entries[: done - head]
        ], name


def test_a_report_undone_is_a_loss_withdrawn(book: Book) -> None:
    """Its id stays, for others may have written it down."""
    uid = book.report()
    book.undo()
    assert (book.sums("status"), book.row("loss", uid)["withdrawn"]) == ({}, 1)


def test_a_split_undone_gives_the_whole_back(book: Book) -> None:
    """The part is withdrawn; the whole has its number again."""
    whole = book.report("ben", quantity="10")
    with book.act() as journal:
        part = losses.split(journal, whole, 3, {"verification": "confirmed"})
    book.undo()
    assert book.sums("verification") == {"claimed": 10}
    assert book.row("loss", part)["withdrawn"] == 1


def test_reinstate_and_unmerge_are_undone(book: Book) -> None:
    """What stood in stands in again."""
    root, duplicate = book.report("ben"), book.report("ben", type="t-72b")
    book.merge(duplicate, root, "ben")
    book.withdraw(root, "ben")
    before = everything(book)
    book.reinstate(root)
    assert book.sums("type") == {"t-72": 1}
    book.undo()
    assert everything(book) == before
    book.unmerge(duplicate)
    book.undo()
    assert everything(book) == before


def test_undo_goes_back_one_act_at_a_time(book: Book) -> None:
    """Called again, it takes the act before, and never an undo; with none left it says so."""
    uid = book.report(place="one")
    book.amend(uid, place="two")
    book.amend(uid, place="three")
    places = []
    for _ in range(2):
        book.undo()
        places.append(book.row("loss", uid)["place"])
    assert places == ["two", "one"]
    book.amend(uid, place="four")
    book.undo()
    assert book.row("loss", uid)["place"] == "one"
    book.undo()
    assert book.sums("status") == {}
    with pytest.raises(NothingFound, match=r"^ann has no act that could be undone$"):
        book.undo()


def test_undo_is_for_the_same_actor(book: Book) -> None:
    """Ann's undo reverses Ann's act, though Ben's is later."""
    one, other = book.report("ann"), book.report("ben", type="t-72b")
    book.undo("ann")
    assert book.sums("type") == {"t-72b": 1}
    with pytest.raises(NothingFound, match=r"^cid has no act that could be undone$"):
        book.undo("cid")
    del one, other


def test_what_was_changed_since_is_not_undone(book: Book) -> None:
    """Unless it was changed to the same again; another field stands in nobody's way."""
    uid = book.report("cid", place="one", unit="first")
    book.amend(uid, "ann", place="two")
    book.amend(uid, "ben", unit="second")
    book.amend(uid, "ben", place="three")
    number = book.head()
    with pytest.raises(Refused) as refused:
        book.undo("ann")
    assert str(refused.value) == (f"loss {uid} was changed since by ben (entry {number}: amend); amend it instead")
    book.undo("ben")
    book.undo("ann")
    assert (book.row("loss", uid)["place"], book.row("loss", uid)["unit"]) == ("one", "second")


def test_what_was_redacted_or_held_stays_so(book: Book) -> None:
    """An act that cannot be undone says why, and hides none before it."""
    uid = book.report(note="secret")
    with book.act() as journal:
        casefile.hold(journal, uid, "{}")
    with pytest.raises(Refused, match=r"^your latest act, held on .* UTC, cannot be undone: it holds what a feed said"):
        book.undo()
    with book.act() as journal:
        redact.redact(journal, "loss", uid, ["note"])
    with pytest.raises(
        Refused, match=r"^your latest act, redact on .* UTC, cannot be undone: what was redacted is gone"
    ):
        book.undo()
    assert book.row("loss", uid).get("withdrawn") is None


def test_what_something_else_refers_to_is_not_unmade(book: Book) -> None:
    """A type that a loss ever had stays, since past tallies speak of it."""
    with book.act() as journal:
        catalogue.create(journal, "type", {"name": "T-80", "category": "tanks"})
    uid = book.report("ben", type="t-80")
    before = everything(book)
    for _ in range(2):
        with pytest.raises(Refused, match="something else in the ledger rests on"):
            book.undo()
        assert everything(book) == before
        if book.row("loss", uid)["type"] == "t-80":
            book.amend(uid, "ben", type="t-72")
            before = everything(book)


def test_an_act_that_made_a_term_and_used_it_is_undone_whole(book: Book) -> None:
    """The term goes when nothing refers to it any more, and its names can mean something else at once."""
    before = everything(book)
    with book.act() as journal:
        catalogue.create(journal, "category", {"name": "Old tanks", "group": "armoured"}, "old")
        catalogue.create(journal, "type", {"name": "Ural", "category": "old"}, "ural")
        catalogue.change(journal, "type", "t-72", {"category": "old", "parent": "ural"})
    book.undo()
    assert everything(book) == before
    with book.act() as journal:
        catalogue.alias(journal, "type", "t-72", "Ural")
    assert {row["folded"] for row in book.children("type", "alias")} == {"t72", "t72b", "bmp1", "ural"}


def test_an_act_that_changed_a_field_twice_is_undone_from_its_end(book: Book) -> None:
    """The field is again what it was before the act, not what it was in between."""
    uid = book.report("ben", place="one")
    with book.act() as journal:
        losses.amend(journal, uid, {"place": "two"})
        losses.amend(journal, uid, {"place": "three"})
    book.undo()
    assert book.row("loss", uid)["place"] == "one"


def test_undoing_a_merge_lets_the_next_stand_in(book: Book) -> None:
    """The stand-in of a withdrawn loss leaves the group; the group still counts once."""
    root, first, second = book.report("ben"), book.report("ben", type="t-72b"), book.report("ben", type="bmp-1")
    book.merge(second, root, "ben")
    book.merge(first, root, "ann")
    book.withdraw(root, "ben")
    assert book.sums("type") == {"t-72b": 1}
    book.undo("ann")
    assert book.sums("type") == {"t-72b": 1, "bmp-1": 1}


def test_undoing_an_unmerge_makes_no_chain(book: Book) -> None:
    """What was merged into the loss meanwhile is to be unmerged first."""
    root, member, third = book.report("ben"), book.report("ben"), book.report("ben")
    book.merge(member, root, "ben")
    book.unmerge(member, "ann")
    book.merge(third, member, "ben")
    with pytest.raises(Refused, match=f"^loss {third} is merged into {member} by now; unmerge it first$"):
        book.undo("ann")
    book.unmerge(third, "ben")
    book.merge(root, third, "ben")
    with pytest.raises(Refused, match=f"^loss {root} is merged into {third} by now; unmerge it first$"):
        book.undo("ann")
    book.unmerge(root, "ben")
    book.undo("ann")
    assert book.row("loss", member)["merged_into"] == root
    assert book.sums("status") == {"destroyed": 2}


def test_undoing_a_withdrawal_after_the_stand_in_went_too(book: Book) -> None:
    """Who stands in follows from the group, so it stands in nobody's way."""
    root, first, second = book.report("cid"), book.report("cid", type="t-72b"), book.report("cid", type="bmp-1")
    book.merge(first, root, "cid")
    book.merge(second, root, "cid")
    book.withdraw(root, "ann")
    book.withdraw(first, "ben")
    book.undo("ann")
    assert book.sums("type") == {"t-72": 1}
    book.undo("ben")
    assert book.sums("type") == {"t-72": 1}


def test_an_undo_that_would_break_a_rule_is_refused(book: Book) -> None:
    """The trail is checked as after any act, and so is a group's quantity."""
    uid, other = book.report("ben", status="damaged"), book.report("ben", quantity="2")
    book.amend(uid, "ann", status="abandoned", quantity="2")
    book.event(uid, "damaged", "2020-10-10", "ben")
    with pytest.raises(Refused, match=r"^event damaged on 2020-10-10: the loss is damaged already by then$"):
        book.undo("ann")
    book.undo("ben")
    book.merge(uid, other, "ben")
    with pytest.raises(Refused, match=f"^losses {other}, {uid} are merged and would no longer have the same quantity$"):
        book.undo("ann")


def test_a_part_whose_split_was_undone_stays_withdrawn(book: Book) -> None:
    """Its items are counted in the whole again; reinstated, they would count twice."""
    whole = book.report(quantity="10")
    with book.act() as journal:
        part = losses.split(journal, whole, 3)
    book.undo()
    with book.act() as journal, pytest.raises(Refused, match="was undone, and its items are counted"):
        losses.reinstate(journal, part)
    assert book.sums() == {(): 10}
