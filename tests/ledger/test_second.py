"""The rule of the second person: what nobody else stands behind is not confirmed by any way round."""

import pytest

from lossledger.core.vocabulary import Relation, Verification
from lossledger.errors import Refused
from lossledger.ledger import casefile, losses, published
from tests.ledger.books import SOURCE, Book

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
