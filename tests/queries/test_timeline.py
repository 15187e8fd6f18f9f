"""Timelines, comparisons and tallies say the same, and what plain SQL over the postings says."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, text

from lossledger.core.days import UNITS
from lossledger.core.vocabulary import Status, Verification
from lossledger.db.engine import open_engine
from lossledger.errors import Refused
from lossledger.ledger import published
from lossledger.queries.captures import captures
from lossledger.queries.catalogue import Catalogue, catalogue
from lossledger.queries.cells import DAY_NOT_GIVEN, Key
from lossledger.queries.claims import claims
from lossledger.queries.compare import Pair, compare_periods, compare_sides, pair_of, ratio
from lossledger.queries.scope import Scope
from lossledger.queries.tallies import tally
from lossledger.queries.timeline import timeline
from tests.ledger.books import BLUE, NORTH, RED, Book, furnish
from tests.queries.histories import DAYS, live, scopes

GROUPINGS = ("side", "category", "group", "type", "status", "verification", "feed")
PAIR = Pair(RED, BLUE)
ALL = Scope("war", verifications=tuple(Verification))


@pytest.fixture
def book(ledger_url: str) -> Book:
    """A ledger with a small catalogue, once on each engine."""
    furnish(open_engine(ledger_url))
    return Book(ledger_url)


@pytest.mark.parametrize("seed", range(2))
def test_they_agree_in_whatever_scope(book: Book, seed: int) -> None:
    """After a random history, in random scopes, by random groupings and every period."""
    random = Random(seed)
    live(book, random, 40)
    for side, captor in ((RED, "blue"), (RED, "Blue North"), (BLUE, "red"), (BLUE, "Pirates"), (RED, None)):
        book.report("ann", side=side, status="captured", captor=captor, earliest="2020-09-30", latest="2020-10-05")
    last, asked = book.head(), scopes(random)
    told = 0
    with book.read() as connection:
        for scope in (ALL, *(next(asked) for _ in range(40))):
            as_of = random.choice([None, None, *DAYS])
            then = replace(scope, as_of=as_of, known_on=random.choice([None, random.randint(last // 2, last)]))
            by, every = tuple(random.sample(GROUPINGS, random.randint(0, 2))), random.choice(UNITS)
            told += agrees_with_sql(connection, then, by, every)
            sides_agree(connection, then, every)
            captures_agree(connection, then)
    assert told > 20  # cells that hold something, or too little was asked


def agrees_with_sql(connection: Connection, scope: Scope, by: tuple[str, ...], every: str) -> int:
    """A timeline is what plain SQL says, its totals run, nothing is negative. Returns how many cells held something."""
    found = timeline(connection, scope, by, every)
    wanted = plainly(connection, scope, by, every, catalogue(connection, scope.known_on))
    cells = {(row.key, row.period.name if row.period else DAY_NOT_GIVEN): row.increment for row in found.rows()}
    assert {cell: number for cell, number in cells.items() if number} == wanted
    assert all(number >= 0 for number in cells.values())
    whole = {cell.key: cell.quantity for cell in tally(connection, scope, by).cells}
    assert {one.key: one.total for one in found.series} == whole
    for one in found.series:
        assert one.totals[-1:] == ((one.total - one.not_placed,) if found.periods else ())
        assert list(one.totals) == sorted(one.totals)
    for before, after in zip(found.periods, found.periods[1:], strict=False):
        assert (date.fromisoformat(after.begins) - date.fromisoformat(before.ends)).days == 1
    return len(wanted)


def plainly(
    connection: Connection, scope: Scope, by: tuple[str, ...], every: str, known: Catalogue
) -> dict[tuple[Key, str], int]:
    """The same from all postings, each looked at by itself; of the catalogue only its trees and groups are taken."""
    rows = connection.execute(
        text(
            """SELECT p.quantity, s.slug AS side, c.slug AS category, t.slug AS type, p.status, p.verification,
                      f.slug AS feed, p.day, p.loss_day, p.span, p.entry
                 FROM posting p JOIN side s ON s.id = p.side_id JOIN category c ON c.id = p.category_id
                 JOIN feed f ON f.id = p.feed_id LEFT JOIN equipment_type t ON t.id = p.type_id"""
        )
    ).mappings()
    found: Counter[tuple[Key, str]] = Counter()
    for row in rows:
        group = known.terms["category"][row["category"]].within
        if _in_scope({**row, "group": group}, scope, known):
            key = tuple({**row, "group": group}[name] for name in by)
            found[key, _period(row["loss_day"], row["span"], every)] += row["quantity"]
    return {cell: number for cell, number in found.items() if number}


def _in_scope(row: dict[str, Any], scope: Scope, known: Catalogue) -> bool:
    def below(kind: str, slugs: Iterable[str]) -> set[str]:
        return {one for slug in slugs for one in known.below(kind, known.kept(kind, slug))}

    sides = below("side", [scope.side]) if scope.side else None
    if scope.side and scope.own:
        sides = {known.kept("side", scope.side)}
    return all(
        (
            sides is None or row["side"] in sides,
            not scope.categories or row["category"] in below("category", scope.categories),
            not scope.groups or row["group"] in scope.groups,
            not scope.types or row["type"] in below("type", scope.types),
            not scope.statuses or row["status"] in scope.statuses,
            not scope.feeds or row["feed"] in scope.feeds,
            row["verification"] in scope.verifications,
            scope.known_on is None or row["entry"] <= scope.known_on,
            scope.as_of is None or (row["day"] or "9") <= scope.as_of,
            scope.since is None or (row["loss_day"] or "") >= scope.since,
            scope.until is None or (row["loss_day"] or "9") <= scope.until,
        )
    )


def _period(day: str | None, span: int, every: str) -> str:
    if day is None:
        return DAY_NOT_GIVEN
    latest = date.fromisoformat(day)
    names = {
        f"{one.isocalendar().year}-W{one.isocalendar().week:02}" if every == "week" else one.isoformat()[: _CUT[every]]
        for one in (date.fromordinal(latest.toordinal() - span), latest)
    }
    return names.pop() if len(names) == 1 else DAY_NOT_GIVEN


_CUT = {"day": 10, "month": 7, "year": 4}


def sides_agree(connection: Connection, scope: Scope, every: str) -> None:
    """Two sides by heading and by period come to what a tally of each counts, with what it is below each left out."""
    counted = tally(connection, replace(scope, side=None), ("category", "side"))
    known = counted.catalogue
    parts = [{side} if scope.own else known.below("side", side) for side in PAIR]
    alone = [sum(number for (_, side), number in counted.cells if side in part) for part in parts]
    by_heading = compare_sides(counted, PAIR)
    by_period = compare_periods(timeline(connection, replace(scope, side=None), ("side",), every), PAIR)
    for found in (by_heading, by_period):
        assert [found.total.one, found.total.other] == alone
        assert sum(alone) + sum(found.left_out.values()) >= counted.total
    placed = [row for row in by_period.rows if row.running]
    assert placed[-1:] == [] or placed[-1].running == (sum(r.one for r in placed), sum(r.other for r in placed))


def captures_agree(connection: Connection, scope: Scope) -> None:
    """Whoever the captor is, together they have what a tally counts as captured."""
    known = catalogue(connection, scope.known_on)
    everybody = replace(scope, side=None)
    found = captures(connection, everybody, ("category",), PAIR, known)
    for side, taken in zip(PAIR, (found.total.from_one, found.total.from_other), strict=True):
        captured = replace(scope, side=side, statuses=(Status.CAPTURED,))
        if not scope.statuses or Status.CAPTURED in scope.statuses:
            assert sum(taken) == tally(connection, captured, ()).total
    assert found.total.net == found.total.from_one.by_the_other - found.total.from_other.by_the_other


def test_a_captor_is_taken_at_its_word(book: Book) -> None:
    """By any name of the other side, or of one under it; else it is somebody else, and between two sides the other."""
    for side, captor in (
        (RED, "BLUE"), (RED, "Blue North"), (RED, "Pirates"), (RED, None), (RED, "Red"), (BLUE, "red"), (NORTH, None)
    ):  # fmt: skip
        book.report("ann", side=side, status="captured", captor=captor)
    book.report("ann", side=RED, captor="Blue")  # destroyed, whoever had it
    with book.read() as connection:
        total = captures(connection, ALL, (), PAIR, catalogue(connection)).total
    assert (tuple(total.from_one), tuple(total.from_other), total.net) == ((2, 1, 2), (1, 1, 0), 1)


def test_what_is_won_back_is_no_capture(book: Book) -> None:
    """It counts under what became of it last; as of a day, under what had become of it by then."""
    uid = book.report("ann", side=RED, status="captured", latest="2020-10-03")
    book.event(uid, "recovered", "2020-10-08")
    with book.read() as connection:
        known = catalogue(connection)
        by_day = {
            day: captures(connection, replace(ALL, as_of=day), (), PAIR, known).total.from_one.not_named
            for day in (None, "2020-10-07")
        }
    assert by_day == {None: 0, "2020-10-07": 1}


@pytest.mark.parametrize(("one", "other", "wanted"), [(19, 40, None), (40, 19, None), (20, 20, 1.0), (60, 40, 1.5)])
def test_small_numbers_have_no_ratio(one: int, other: int, wanted: float | None) -> None:
    assert ratio(one, other) == wanted


def test_the_two_sides_that_lost_the_most_are_compared(book: Book) -> None:
    """In the catalogue's order, each with what is under it; one alone cannot be compared."""
    book.report("ann", side=NORTH, quantity="3")
    with book.read() as connection, pytest.raises(Refused, match="only Blue has losses that are counted"):
        pair_of(tally(connection, ALL, ("side",)))
    book.report("ann", side=RED)
    with book.read() as connection:
        assert pair_of(tally(connection, ALL, ("side",))) == Pair(BLUE, RED)


def test_a_claim_stands_beside_what_was_documented_by_its_day(book: Book) -> None:
    """As a tally counts it: as of the day, or within a period of its own; undated losses stand aside."""
    for day, quantity in (("2020-10-01", "5"), ("2020-10-05", "15"), ("2020-10-08", "1"), (None, "2")):
        book.report("ann", latest=day, earliest=day, quantity=quantity, verification="confirmed", verified_by="ann")
    book.report("ann", type="bmp-1")
    said = {"conflict": "war", "side": RED, "counted_by": "Blue", "categories": '["tanks"]', "quantity": "40"}
    with book.act() as journal:
        published.publish(journal, {**said, "as_of": "2020-10-05"}, uid="asof222222")
        published.publish(
            journal, {**said, "span": "increment", "since": "2020-10-05", "as_of": "2020-10-31"}, uid="span222222"
        )
        published.publish(journal, {**said, "as_of": "2020-10-06", "quantity": "19"}, uid="tiny222222")
        published.publish(
            journal,
            {key: one for key, one in said.items() if key != "categories"} | {"as_of": "2020-10-07"},
            uid="vague22222",
        )
    with book.read() as connection:
        known = catalogue(connection)
        found = {one.published.uid: one for one in claims(connection, Scope("war"), known)}
        for one in found.values():
            if one.documented is not None:
                assert one.documented == tally(connection, one.published.scope(), ()).total
        chosen = [one.published.uid for one in claims(connection, Scope("war", until="2020-10-06"), known)]
    assert {uid: (one.documented, one.undated, one.share) for uid, one in found.items()} == {
        "asof222222": (20, 2, 0.5),
        "span222222": (16, 0, 0.4),
        "tiny222222": (20, 2, None),
        "vague22222": (None, 0, None),
    }
    assert chosen == ["asof222222", "tiny222222"]


def test_running_totals_go_by_the_loss_and_not_by_what_became_of_it(book: Book) -> None:
    """A tank damaged in one period and captured in another stands captured in the first; in between nothing happens."""
    uid = book.report("ann", status="damaged", earliest="2020-10-01", latest="2020-10-01")
    book.report("ann", earliest="2020-10-04", latest="2020-10-04", quantity="2")
    book.event(uid, "captured", "2020-10-03")
    by_day: dict[str | None, dict[Key, list[int]]] = defaultdict(dict)
    with book.read() as connection:
        for as_of in (None, "2020-10-02"):
            found = timeline(connection, replace(ALL, as_of=as_of), ("status",), "day")
            by_day[as_of] = {one.key: list(one.totals) for one in found.series}
    assert by_day == {
        None: {("destroyed",): [0, 0, 0, 2], ("captured",): [1, 1, 1, 1]},
        "2020-10-02": {("damaged",): [1]},
    }
