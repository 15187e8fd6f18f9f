"""Published tallies and settings."""

import pytest

from lossledger.errors import Refused, UnknownName
from lossledger.ledger import catalogue, published
from tests.ledger.books import RED, SOURCE, Book


def test_a_published_tally_is_entered_and_counts_nothing(book: Book) -> None:
    """A claim unless said otherwise, exact, cumulative, of items."""
    book.report()
    sums, before = book.sums("entry"), book.head()
    given = {"conflict": "war", "side": RED, "source": SOURCE, "counted_by": "Red's ministry", "as_of": "2020-10-20"}
    with book.act() as journal:
        uid = published.publish(journal, given | {"quantity": "230", "categories": '["tanks"]'})
    whole = given | {"kind": "claim", "span": "cumulative", "unit": "items", "bound": "exact"}
    assert book.said(before) == [
        ("catalogue", uid, whole | {"quantity": "230", "categories": '["tanks"]'}),
    ]
    assert book.row("published", uid) == whole | {"quantity": 230, "categories": '["tanks"]'}
    assert book.sums("entry") == sums


def test_published_tallies_that_cannot_be(book: Book) -> None:
    """No negative count, no period that ends before it starts, none of a war that is not there."""
    before = book.head()

    def refusal(**fields: str) -> str:
        with pytest.raises(Refused) as refused, book.act() as journal:
            published.publish(journal, {"conflict": "war", "counted_by": "a list"} | fields)
        return str(refused.value)

    assert [
        refusal(quantity="-1"),
        refusal(since="2020-10-02", as_of="2020-10-01"),
        refusal(conflict="peace"),
    ] == [
        "a published count cannot be negative (-1)",
        "days 2020-10-02..2020-10-01: the end lies before the start",
        "no conflict 'peace' in this ledger",
    ]
    assert book.head() == before


def test_a_known_difference_is_accepted_with_its_reason(book: Book) -> None:
    """Only an assertion is ever compared, so only that can be accepted."""
    with book.act() as journal:
        fields = {"conflict": "war", "counted_by": "a list", "quantity": "5"}
        assertion = published.publish(journal, fields | {"kind": "assertion"})
        claim = published.publish(journal, fields)
    before = book.head()
    with book.act(reason="two were counted twice") as journal:
        published.accept(journal, assertion)
    why = "two were counted twice"
    assert book.said(before) == [("catalogue", assertion, {"accepted": why, "reason": why})]
    with pytest.raises(Refused, match="a claim is never compared"), book.act(reason="x") as journal:
        published.accept(journal, claim)
    with pytest.raises(Refused, match="say why the difference is known, with --reason"), book.act() as journal:
        published.accept(journal, assertion)
    with pytest.raises(Refused, match="no published tally 'aaaaaaaaaa' in this ledger"), book.act() as journal:
        published.accept(journal, "aaaaaaaaaa")


def test_settings_are_set_changed_and_cleared(book: Book) -> None:
    """The conflict is kept by its slug; a setting cleared has no row; setting what is set is refused."""
    with book.act() as journal:
        catalogue.create(journal, "conflict", {"name": "Peace"}, "peace")
    before = book.head()
    for value in ("WAR", "peace", None):
        with book.act() as journal:
            published.set_value(journal, "conflict", value)
    assert book.said(before) == [
        ("setting", "conflict", {"value": "war"}),
        ("setting", "conflict", {"value": "peace"}),
        ("setting", "conflict", {"value": None}),
    ]
    assert book.row("setting", "conflict") == {}

    def refusal(name: str, value: str | None) -> str:
        with pytest.raises(Refused) as refused, book.act() as journal:
            published.set_value(journal, name, value)
        return str(refused.value)

    assert [refusal("conflict", None), refusal("colour", "red")] == [
        "setting conflict is not set already",
        f"no setting 'colour'; there are: {', '.join(published.SETTINGS)}",
    ]
    assert refusal("public.notes", "no") == "setting public.notes is in or out, not 'no'"
    with pytest.raises(UnknownName, match="no conflict 'wars'; did you mean War"), book.act() as journal:
        published.set_value(journal, "conflict", "wars")
