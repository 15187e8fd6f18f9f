"""How firm a figure is: each number by itself, and that all of them agree with the tally and with plain SQL."""

import tempfile
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from lossledger.core.fields import child_path
from lossledger.core.vocabulary import Act, Relation, Verification
from lossledger.db.engine import open_engine
from lossledger.ledger import casefile, catalogue, losses
from lossledger.queries.catalogue import catalogue as known_now
from lossledger.queries.cells import Key
from lossledger.queries.duplicates import duplicates
from lossledger.queries.firmness import Firmness, firmness
from lossledger.queries.scope import Scope
from lossledger.queries.tallies import tally
from tests.ledger.books import BLUE, NORTH, RED, SOURCE, Book, furnish

ALL = Scope("war")
CONFIRMED = {"verification": "confirmed", "verified_by": "ann"}


@pytest.fixture
def book(ledger_url: str) -> Book:
    """A ledger with a small catalogue and a second list, once on each engine."""
    return furnished(ledger_url)


def furnished(url: str) -> Book:
    furnish(open_engine(url))
    book = Book(url)
    with book.act() as journal:
        published = {"publisher": "The Counters", "verified_by": "Counters"}
        catalogue.create(journal, "feed", {"name": "Another list", **published}, "other")
        for number in range(3):
            catalogue.create(journal, "source", {"url": f"https://example.org/{number}x"}, f"link{number}22222")
    return book


def report(book: Book, link: int | None = None, *, held: bool = False, **fields: Any) -> str:
    """A confirmed loss, perhaps behind one of three links, perhaps with a file held of its source."""
    source = SOURCE if link is None else f"link{link}22222"
    given: dict[str, str | None] = {"side": RED, "type": "t-72", "status": "destroyed", **CONFIRMED}
    given |= casefile.evidence_fields(source, Relation.REPORTS)
    with book.act() as journal:
        if held:
            file = {"sha256": "ab", "origin": "given"}
            fields_of_file = {child_path("file", "file222222", name): value for name, value in file.items()}
            journal.append(Act.EVIDENCE, "source", source, fields_of_file)
        return losses.report(journal, given | fields)


def firm(book: Book, scope: Scope = ALL, *by: str) -> dict[Key, Firmness]:
    with book.read() as connection:
        return firmness(connection, scope, by, known_now(connection))


def one(book: Book, scope: Scope = ALL) -> Firmness:
    [found] = firm(book, scope).values()
    return found


def test_each_number_counts_what_it_says(book: Book) -> None:
    """In items; a span of days is no day, one that was inferred is none; a claim rests on nothing that is counted."""
    day: dict[str, Any] = {"earliest": "2020-10-03", "latest": "2020-10-03"}
    report(book, quantity="2", **day)
    report(book, quantity="4", **day, inferred="yes")
    report(book, quantity="8", earliest="2020-10-01", latest="2020-10-03", latitude="40.0", longitude="47.0")
    report(book, 2, quantity="16", verified_by="ben", held=True)
    report(book, quantity="32", candidates='["t-72","t-72b"]')
    report(book, quantity="64", verification="claimed", verified_by=None, **day)
    report(book, quantity="128", verification="disputed", verified_by="ben")
    assert one(book) == Firmness(
        quantity=62,
        at_least=62,
        with_claims=126,
        exact_day=2,
        coordinates=8,
        held_file=16,
        second_reviewer=16,
        candidates=32,
    )


@pytest.mark.parametrize(
    ("by", "feed", "seconds"),
    [
        ("ann", "own", 0),
        ("ben", "own", 1),
        ("Counters", "own", 1),
        ("Counters", "other", 0),
        ("The Counters", "other", 0),
        ("ben", "other", 1),
    ],
)
def test_who_entered_it_or_publishes_the_list_is_no_second_reviewer(
    book: Book, by: str, feed: str, seconds: int
) -> None:
    report(book, verified_by=by, feed=feed)
    assert one(book).second_reviewer == seconds


def test_a_part_was_entered_by_who_entered_its_whole(book: Book) -> None:
    """Who splits it off and confirms it is a second reviewer, also of a part of a part."""
    uid = report(book, quantity="5", verification="claimed", verified_by=None)
    with book.act("ben") as journal:
        part = losses.split(journal, uid, 3)
        losses.verify(journal, part, Verification.CONFIRMED)
        losses.verify(journal, losses.split(journal, part, 1), Verification.CONFIRMED, "ann")
    assert one(book).second_reviewer == 2


def test_possible_duplicates_count_once(book: Book) -> None:
    """The largest of those that hang together; each cell by itself, and only what it counts."""
    for feed, quantity in (("own", "1"), ("list", "3"), ("other", "2")):
        report(book, 0, feed=feed, quantity=quantity)
    report(book, 1, quantity="10")
    report(book, 1, feed="list", quantity="20", verification="claimed", verified_by=None)
    assert one(book)[:3] == (16, 13, 36)
    assert [(key, found.at_least) for key, found in firm(book, ALL, "feed").items()] == [
        (("list",), 3),
        (("other",), 2),
        (("own",), 11),
    ]
    assert one(book, replace(ALL, verifications=("confirmed", "claimed")))[:2] == (36, 23)


_LOSSES = st.lists(
    st.fixed_dictionaries(
        {
            "side": st.sampled_from([RED, BLUE, NORTH]),
            "feed": st.sampled_from(["own", "list", "other"]),
            "quantity": st.integers(1, 4).map(str),
            "status": st.sampled_from(["destroyed", "captured"]),
            "verification": st.sampled_from(list(map(str, Verification))),
            "verified_by": st.sampled_from(["ann", "ben", "Counters"]),
            "link": st.sampled_from([0, 1, 2, None]),
            "held": st.booleans(),
            "earliest": st.sampled_from([None, "2020-10-01", "2020-10-03"]),
            "latest": st.sampled_from([None, "2020-10-03", "2020-10-04"]),
            "latitude": st.sampled_from([None, "40.0"]),
            "candidates": st.sampled_from([None, '["t-72","t-72b"]']),
        }
    ),
    min_size=1,
    max_size=8,
)
_PLAIN = {
    "exact_day": "earliest = latest AND inferred IS NULL",
    "coordinates": "latitude IS NOT NULL AND longitude IS NOT NULL",
    "held_file": "id IN (SELECT loss_id FROM evidence JOIN evidence_file USING (source_id))",
    "second_reviewer": """verification = 'confirmed' AND verified_by <> 'ann'
        AND NOT (verified_by = 'Counters' AND feed_id IN (SELECT id FROM feed WHERE slug = 'other'))""",
    "candidates": "candidates IS NOT NULL",
}


@settings(max_examples=12)
@given(_LOSSES, st.sampled_from(["confirmed", "claimed", "confirmed,disputed"]))
def test_all_numbers_agree_with_the_tally_and_with_plain_sql(given: list[dict[str, Any]], words: str) -> None:
    """Whole, by side, by feed and status; a pair that is possibly the same is one that "duplicates" shows."""
    scope = replace(ALL, verifications=tuple(words.split(",")))
    with tempfile.TemporaryDirectory() as folder:
        book = furnished(f"sqlite:///{Path(folder)}/book.db")
        for fields in given:
            report(book, **{**fields, "longitude": fields["latitude"]})
        with book.read() as connection:
            known = known_now(connection)
            for by in ((), ("side",), ("feed", "status")):
                found = firmness(connection, scope, by, known)
                counted = {cell.key: cell.quantity for cell in tally(connection, scope, by).cells}
                assert {key: figure.quantity for key, figure in found.items() if figure.quantity} == counted
                assert {key: figure._asdict() for key, figure in found.items()} == plainly(connection, scope, by)
        book.engine.dispose()


def plainly(connection: Connection, scope: Scope, by: tuple[str, ...]) -> dict[Key, dict[str, int]]:
    """The same from the losses themselves, none of which is merged or withdrawn."""
    terms = {name: f"(SELECT t.slug FROM {name} t WHERE t.id = {name}_id)" for name in ("side", "feed")}
    keys = ", ".join(["id", "quantity", "verification", *(terms.get(name, name) for name in by)])
    rests = ", ".join(f"CASE WHEN {condition} THEN quantity ELSE 0 END" for condition in _PLAIN.values())
    cells: dict[Key, dict[str, int]] = {}
    members: dict[Key, dict[int, int]] = {}
    for id_, quantity, verification, *rest in connection.execute(text(f"SELECT {keys}, {rests} FROM loss")):
        key, numbers = tuple(rest[: len(by)]), rest[len(by) :]
        counted = verification in scope.verifications
        if not counted and verification != "claimed":
            continue
        cell = cells.setdefault(key, dict.fromkeys(Firmness._fields, 0))
        cell["with_claims"] += quantity
        if counted:
            members.setdefault(key, {})[id_] = quantity
            cell["quantity"] += quantity
            for name, number in zip(_PLAIN, numbers, strict=True):
                cell[name] += number
    anything = replace(ALL, verifications=tuple(Verification))
    pairs = [(two.one.id, two.other.id) for two in duplicates(connection, anything, known_now(connection)).pairs]
    for key, cell in cells.items():
        cell["at_least"] = largest_of_each(members.get(key, {}), pairs)
    return cells


def largest_of_each(members: dict[int, int], pairs: list[tuple[int, int]]) -> int:
    """The largest of each cluster, found by colouring until nothing changes."""
    colour = {member: member for member in members}
    for _, (one, other) in product(members, pairs):
        if one in colour and other in colour:
            colour[one] = colour[other] = min(colour[one], colour[other])
    return sum(max(members[m] for m in members if colour[m] == c) for c in set(colour.values()))
