"""The rule of the second person: what nobody else stands behind is not confirmed by any way round."""

from pathlib import Path

import pytest

from lossledger.core.vocabulary import Relation, Verification
from lossledger.errors import Refused
from lossledger.ledger import casefile, losses, published
from lossledger.ledger.itemising import Belief, itemise
from lossledger.queries.scope import Scope
from lossledger.queries.waiting import counts, waiting
from tests.ledger.books import BLUE, SOURCE, Book, evidence
from tests.ledger.sheets import as_csv, back, changed, out

ALONE = (
    "loss {} was reported by ann alone, and this ledger asks for a second person "
    "(setting review.second-person): have somebody else confirm it"
)


@pytest.fixture
def strict(book: Book) -> Book:
    ask(book)
    return book


def ask(book: Book) -> None:
    with book.act("clerk", "four eyes") as journal:
        published.set_value(journal, "review.second-person", "yes")


def confirm(book: Book, uid: str, actor: str = "ben") -> None:
    with book.act(actor) as journal:
        losses.verify(journal, uid, Verification.CONFIRMED)


def belief(book: Book, uid: str) -> tuple[str, str | None]:
    with book.act() as journal:
        state = journal.state("loss", uid)
    return state["verification"], state.get("verified_by")


# Who stands behind a report.


def test_who_disputes_a_loss_is_no_second_reporter(strict: Book) -> None:
    uid = strict.report()
    with strict.act("ben") as journal:
        casefile.dispute(journal, uid, SOURCE)
    with pytest.raises(Refused) as caught:
        confirm(strict, uid, "ann")
    assert str(caught.value) == ALONE.format(uid)


@pytest.mark.parametrize("relation", [Relation.REPORTS, Relation.ADMITS, Relation.CONFIRMS])
def test_who_brings_evidence_for_a_loss_is_one(strict: Book, relation: Relation) -> None:
    uid = strict.report()
    with strict.act("ben") as journal:
        casefile.add_evidence(journal, uid, casefile.evidence_fields(SOURCE, relation))
    confirm(strict, uid, "ann")
    assert belief(strict, uid) == ("confirmed", "ann")


# What was confirmed and then said otherwise.


@pytest.fixture
def confirmed(strict: Book) -> str:
    uid = strict.report(quantity="3")
    confirm(strict, uid)
    return uid


@pytest.mark.parametrize(
    "fields",
    [
        {"quantity": "4"},
        {"side": BLUE},
        {"type": "t-72b"},
        {"category": "guns"},
        {"status": "captured"},
        {"earliest": "2020-10-02"},
    ],
)
def test_what_a_confirmed_loss_says_is_not_changed_by_its_reporter_alone(
    strict: Book, confirmed: str, fields: dict[str, str]
) -> None:
    strict.amend(confirmed, **fields)
    assert belief(strict, confirmed) == ("claimed", None)
    with strict.read() as connection:
        waits = waiting(connection, Scope("war", verifications=tuple(Verification)), ("claim",))
    assert [(one.item.id, one.waits_for) for one in waits] == [(f"claim:{confirmed}", "not ann")]


def test_it_stays_confirmed_where_nothing_of_that_changes_or_another_amends_it(strict: Book, confirmed: str) -> None:
    strict.amend(confirmed, note="seen twice")
    strict.amend(confirmed, "ben", quantity="4")
    assert belief(strict, confirmed) == ("confirmed", "ben")


def test_an_amendment_leaves_the_confirmation_where_no_second_person_is_asked_for(book: Book) -> None:
    uid = book.report()
    confirm(book, uid)
    book.amend(uid, status="captured")
    assert belief(book, uid) == ("confirmed", "ben")


def test_a_sheet_takes_the_confirmation_away_as_an_amendment_does(strict: Book, confirmed: str, tmp_path: Path) -> None:
    rows = out(strict)
    report = back(strict, as_csv(rows, changed(rows, 0, quantity="4", verification="claimed"), tmp_path))
    assert report.refused == []
    assert belief(strict, confirmed) == ("claimed", None)


def test_a_part_that_its_reporter_alone_tells_apart_enters_as_claimed(strict: Book, confirmed: str) -> None:
    with strict.act() as journal:
        alike = losses.split(journal, confirmed, 1)
        other = losses.split(journal, confirmed, 1, {"type": "t-72b"})
    assert [belief(strict, uid) for uid in (confirmed, alike, other)] == [
        ("confirmed", "ben"),
        ("confirmed", "ben"),
        ("claimed", None),
    ]


def test_a_part_that_another_tells_apart_stays_confirmed(strict: Book, confirmed: str) -> None:
    with strict.act("ben") as journal:
        part = losses.split(journal, confirmed, 1, {"type": "t-72b"})
    assert belief(strict, part) == ("confirmed", "ben")


@pytest.mark.parametrize("quantity", [1, 3])
@pytest.mark.parametrize("given", [None, Belief(Verification.CONFIRMED, "ben")])
def test_the_reporter_alone_makes_no_items_of_a_confirmed_aggregate(
    strict: Book, quantity: int, given: Belief | None
) -> None:
    uid = strict.report(quantity="3", counts="aggregate")
    confirm(strict, uid)
    with pytest.raises(Refused) as caught, strict.act() as journal:
        itemise(journal, uid, quantity, {"type": "t-72b"}, evidence(), given)
    assert str(caught.value) == (
        f"aggregate {uid} is confirmed, was reported by ann alone, and this ledger asks for a second person "
        "(setting review.second-person): have somebody else itemise it"
    )
    with strict.act("ben") as journal:
        item = itemise(journal, uid, quantity, {"type": "t-72b"}, evidence(), given)
    assert belief(strict, item) == ("confirmed", "ben")


# What is undone.


def test_undo_brings_no_confirmation_back_that_may_not_be_given(strict: Book) -> None:
    uid = strict.report()
    with strict.act("ben") as journal:
        casefile.add_evidence(journal, uid, evidence())
    confirm(strict, uid, "ann")
    with strict.act() as journal:
        losses.verify(journal, uid, Verification.CLAIMED)
    strict.undo("ben")
    with pytest.raises(Refused) as caught:
        strict.undo()
    assert str(caught.value) == ALONE.format(uid)
    assert belief(strict, uid) == ("claimed", None)


def test_undo_brings_back_what_another_may_confirm(strict: Book, confirmed: str) -> None:
    with strict.act("ben") as journal:
        losses.verify(journal, confirmed, Verification.CLAIMED)
    strict.undo("ben")
    assert belief(strict, confirmed) == ("confirmed", "ben")


def test_undo_does_not_change_what_another_has_confirmed_since(strict: Book) -> None:
    uid = strict.report()
    strict.amend(uid, status="captured")
    confirm(strict, uid)
    with pytest.raises(Refused) as caught:
        strict.undo()
    assert str(caught.value) == ALONE.format(uid)


def test_a_split_of_what_is_confirmed_can_be_undone(strict: Book, confirmed: str) -> None:
    with strict.act() as journal:
        losses.split(journal, confirmed, 1)
    strict.undo()
    assert belief(strict, confirmed) == ("confirmed", "ben")


# Whose name it is.


@pytest.mark.parametrize("name", ["Ann", "ANN", "\uff41\uff4e\uff4e", "\u0430nn"])
def test_a_name_that_looks_the_same_is_the_same_persons(strict: Book, name: str) -> None:
    uid = strict.report()
    with pytest.raises(Refused, match=r"alone, and this ledger asks"):
        confirm(strict, uid, name)
    with strict.act(name) as journal:
        casefile.add_evidence(journal, uid, evidence())
    with strict.read() as connection:
        [waits] = waiting(connection, Scope("war", verifications=tuple(Verification)), ("claim",))
        assert counts(connection, name)[0] == ("claim", 1, 1)
    assert (waits.waits_for, waits.is_for(name)) == (f"not {min('ann', name)}", False)
