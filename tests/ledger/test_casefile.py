"""The case file grows: evidence, dispute, note, link, held."""

import pytest

from lossledger.core.vocabulary import Relation, Verification
from lossledger.errors import Refused
from lossledger.ledger import casefile, catalogue, losses
from tests.ledger.books import SOURCE, Book


def test_evidence_is_added_and_counts_nothing(book: Book) -> None:
    """Any number of pieces, also of one source, each with a uid of its own."""
    uid = book.report()
    before, sums = book.head(), book.sums("entry", "status")
    with book.act() as journal:
        more = {"credibility": "2", "says": "burnt out", "note": "from above"}
        fields = casefile.evidence_fields(SOURCE, Relation.CONFIRMS, more)
        casefile.add_evidence(journal, uid, fields)
    piece = next(iter(fields)).split(".")[1]
    assert book.said(before) == [("evidence", uid, fields)]
    assert fields == {
        f"evidence.{piece}.source": SOURCE,
        f"evidence.{piece}.relation": "confirms",
        f"evidence.{piece}.credibility": "2",
        f"evidence.{piece}.says": "burnt out",
        f"evidence.{piece}.note": "from above",
    }
    rows = {row["uid"]: row for row in book.children("loss", "evidence")}
    assert (len(rows), {name: rows[piece][name] for name in ("relation", "credibility", "says", "note")}) == (
        2,
        {"relation": "confirms", **more},
    )
    assert book.sums("entry", "status") == sums


@pytest.mark.parametrize("field", [None, "side"])
def test_a_dispute_over_the_loss_or_its_side_makes_it_disputed(book: Book, field: str | None) -> None:
    """It leaves the confirmed; who disputes it is kept."""
    uid = book.report(verification="confirmed", verified_by="ann")
    with book.act("ben") as journal:
        casefile.dispute(journal, uid, SOURCE, field=field, says="ours")
    assert book.sums("verification") == {"disputed": 1}
    assert book.row("loss", uid)["verified_by"] == "ben"
    assert sorted(str(row["relation"]) for row in book.children("loss", "evidence")) == ["disputes", "reports"]


@pytest.mark.parametrize("field", sorted(casefile.LEAVES_COUNT))
def test_a_dispute_over_anything_else_leaves_the_count(sqlite_book: Book, field: str) -> None:
    """It is a piece of evidence that names the field."""
    uid = sqlite_book.report(verification="confirmed")
    with sqlite_book.act() as journal:
        casefile.dispute(journal, uid, SOURCE, field=field, says="another")
    assert sqlite_book.sums("verification") == {"confirmed": 1}
    assert [row.get("field") for row in sqlite_book.children("loss", "evidence") if "field" in row] == [field]


def test_what_is_rejected_stays_so_when_it_is_disputed(book: Book) -> None:
    """A dispute does not raise what nobody believes."""
    uid = book.report()
    with book.act() as journal:
        losses.verify(journal, uid, Verification.REJECTED)
    with book.act() as journal:
        casefile.dispute(journal, uid, SOURCE)
    assert book.sums("verification") == {"rejected": 1}


def test_a_dispute_over_no_field_of_a_loss_is_refused(book: Book) -> None:
    """The message names those there are."""
    uid = book.report()
    with pytest.raises(Refused) as refused, book.act() as journal:
        casefile.dispute(journal, uid, SOURCE, field="colour")
    assert str(refused.value) == (
        "cannot dispute 'colour'; choose one of: side, captor, category, cause, date, name, place, quantity,"
        " status, type, unit"
    )


def test_notes_links_and_what_a_feed_says_are_told_by_the_journal_alone(book: Book) -> None:
    """They change no field of a loss and no sum; a link is told from both ends."""
    one, other = book.report(), book.report(type="t-72b")
    rows, sums, before = [book.row("loss", uid) for uid in (one, other)], book.sums("entry", "type"), book.head()
    with book.act(reason="by hand") as journal:
        casefile.note(journal, one, "seen from the road")
    with book.act() as journal:
        casefile.link(journal, one, other)
    with book.act() as journal:
        casefile.hold(journal, one, '{"status": "captured"}')
    assert book.said(before) == [
        ("note", one, {"reason": "by hand", "text": "seen from the road"}),
        ("link", one, {"to": other}),
        ("link", other, {"to": one}),
        ("held", one, {"held": '{"status": "captured"}'}),
    ]
    assert [book.row("loss", uid) for uid in (one, other)] == rows
    assert book.sums("entry", "type") == sums
    with pytest.raises(Refused, match="a loss cannot be linked to itself"), book.act() as journal:
        casefile.link(journal, one, one)


def test_merging_sources_moves_their_evidence(book: Book) -> None:
    """The merged source keeps its row, and nothing cites it any more."""
    uid = book.report()
    with book.act() as journal:
        catalogue.create(journal, "source", {"url": "https://example.org/2"}, "other")
    before = book.head()
    with book.act() as journal:
        catalogue.merge(journal, "source", SOURCE, "other")
    piece = str(book.children("loss", "evidence")[0]["uid"])
    assert book.said(before) == [
        ("catalogue", SOURCE, {"merged_into": "other"}),
        ("evidence", uid, {f"evidence.{piece}.source": "other"}),
    ]
    assert book.row("source", SOURCE)["merged_into"] == "other"
