"""Types that are open: what a tally of a type is certain of, and how many there may be at most."""

import json
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lossledger.db.engine import open_engine
from lossledger.ledger import catalogue
from lossledger.queries.candidates import with_candidates
from lossledger.queries.catalogue import catalogue as known_now
from lossledger.queries.history import head
from lossledger.queries.losses import Listing, losses
from lossledger.queries.scope import Scope
from lossledger.queries.tallies import Bounds, tally
from tests.ledger.books import BLUE, NORTH, RED, Book, furnish

B3 = Scope("war", types=("t-72b3",), verifications=("claimed",))


@pytest.fixture
def book(ledger_url: str) -> Book:
    """A ledger with T-72, under it T-72B, under that T-72B3; once on each engine."""
    return furnished(ledger_url)


def furnished(url: str) -> Book:
    furnish(open_engine(url))
    book = Book(url)
    with book.act() as journal:
        catalogue.create(journal, "type", {"name": "T-72B3", "category": "tanks", "parent": "t-72b"}, "t-72b3")
    return book


def either(*types: str) -> dict[str, str]:
    return {"type": "t-72", "candidates": json.dumps(types)}


def bounds(book: Book, scope: Scope, *by: str) -> list[Bounds]:
    with book.read() as connection:
        return with_candidates(connection, tally(connection, scope, by)).bounds()


def test_what_may_be_of_a_type_stands_beside_what_is(book: Book) -> None:
    """Whole losses with their quantities, if they pass the same filters; those of the type itself are certain."""
    book.report(type="t-72b3", quantity="14")
    book.report(**either("t-72b3", "t-72"), quantity="5")
    book.report(**either("t-72b3", "t-72"), side=BLUE, quantity="70")
    book.report(**either("t-72b3", "t-72"), status="captured", quantity="700")
    book.report(**either("t-72b", "t-72"), quantity="7000")
    only = replace(B3, side=RED, statuses=("destroyed",))
    assert bounds(book, only) == [Bounds((), 14, 19)]
    assert bounds(book, only, "category", "status") == [Bounds(("tanks", "destroyed"), 14, 19)]
    assert bounds(book, B3, "side") == [Bounds((BLUE,), 0, 70), Bounds((RED,), 14, 719)]


def test_a_candidate_that_is_a_variant_of_the_type_counts_for_it(book: Book) -> None:
    """By type it stands in the row of each type that it may be; a loss that is of the type anyway is certain."""
    book.report(**either("t-72b", "t-72b3"))
    book.report(type="t-72b", candidates='["t-72b","t-72b3"]')
    of_b = replace(B3, types=("t-72b",))
    assert bounds(book, of_b) == [Bounds((), 1, 2)]
    assert bounds(book, of_b, "type") == [Bounds(("t-72b",), 1, 2), Bounds(("t-72b3",), 0, 1)]


def test_what_was_open_once_is_open_then(book: Book) -> None:
    """With an earlier knowledge it goes by the candidates of that time; an event moves it on its day."""
    uid = book.report(**either("t-72b3", "t-72b"))
    with book.read() as connection:
        then = head(connection)
    assert then is not None
    book.event(uid, "captured", "2020-10-09")
    book.amend(uid, type="t-72b3", candidates=None)
    assert bounds(book, B3, "status") == [Bounds(("captured",), 1, 1)]
    assert bounds(book, replace(B3, known_on=then.number), "status") == [Bounds(("destroyed",), 0, 1)]
    book.amend(uid, type="t-72", candidates='["t-72b3","t-72b"]')
    assert bounds(book, replace(B3, as_of="2020-10-08"), "status") == [Bounds(("destroyed",), 0, 1)]


def test_a_tally_of_all_types_is_left_alone(book: Book) -> None:
    book.report(**either("t-72b3", "t-72b"))
    assert bounds(book, replace(B3, types=())) == [Bounds((), 1, 1)]


_LOSSES = st.lists(
    st.fixed_dictionaries(
        {
            "side": st.sampled_from([RED, BLUE, NORTH]),
            "quantity": st.integers(1, 9).map(str),
            "verification": st.sampled_from(["claimed", "confirmed"]),
        },
        optional={"candidates": st.sets(st.sampled_from(["t-72", "t-72b", "t-72b3"]), min_size=2).map(sorted)},
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=8)
@given(_LOSSES, st.sampled_from(["t-72", "t-72b", "t-72b3"]), st.sampled_from([None, BLUE]))
def test_the_bounds_are_what_the_list_of_losses_adds_up_to(
    given: list[dict[str, object]], wanted: str, side: str | None
) -> None:
    """Of every type and side, over random losses."""
    below = {"t-72": {"T-72", "T-72B", "T-72B3"}, "t-72b": {"T-72B", "T-72B3"}, "t-72b3": {"T-72B3"}}[wanted]
    with tempfile.TemporaryDirectory() as folder:
        book = furnished(f"sqlite:///{Path(folder)}/book.db")
        for fields in given:
            named = fields.get("candidates")
            more = {"candidates": json.dumps(named)} if named else {}
            book.report(type="t-72", **{**fields, **more})  # type: ignore[arg-type]  # texts all of them
        scope = Scope("war", side=side, types=(wanted,))
        found = bounds(book, scope, "side")
        with book.read() as connection:
            rows = list(losses(connection, Listing(replace(scope, types=()), known_now(connection))))
        book.engine.dispose()
    certain, possible = Counter[str](), Counter[str]()
    slugs = {"Red": RED, "Blue": BLUE, "Blue North": NORTH}
    for row in rows:
        of_it = row["type"] in below
        certain[slugs[row["side"]]] += row["quantity"] if of_it else 0
        may_be = below & set((row["candidates"] or "").split("|"))
        possible[slugs[row["side"]]] += row["quantity"] if may_be and not of_it else 0
    assert {key[0]: one for key, *one in found} == {
        slug: [certain[slug], certain[slug] + possible[slug]] for slug in certain if certain[slug] + possible[slug]
    }
