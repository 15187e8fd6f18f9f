"""What changed a tally: it adds up, each loss has its cause, and rows that moved nothing are counted by field."""

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Connection

from lossledger.core.days import minus_days, period, same_period
from lossledger.core.vocabulary import Act, Verification
from lossledger.db.engine import open_engine
from lossledger.ledger import catalogue
from lossledger.queries.cells import DAY_NOT_GIVEN
from lossledger.queries.changes import Changes, changes
from lossledger.queries.moves import Cell
from lossledger.queries.points import Point, entries_of_run, top_of
from lossledger.queries.scope import Scope
from lossledger.queries.tallies import tally
from tests.ledger.books import BLUE, NORTH, RED, Book, furnish
from tests.queries.histories import DAYS, live, scopes, split, verify

BY = ("side", "category", "group", "type", "status", "verification", "feed", "month")
"""Every dimension of a tally; of the periods, one."""


def key_of(cell: Cell) -> tuple[str | None, ...]:
    """The key that a cell has in a tally by all dimensions."""
    month = DAY_NOT_GIVEN
    if cell.loss_day and same_period(minus_days(cell.loss_day, cell.span), cell.loss_day, "month"):
        month = period(cell.loss_day, "month")
    return (*(getattr(cell, name) for name in BY[:-1]), month)


def check_law(connection: Connection, scope: Scope, start: Point, end: Point) -> bool:
    """The moves of all losses are the second tally less the first, in every cell. Returns whether there were any."""
    found = changes(connection, scope, start, end)
    wanted: Counter[tuple[str | None, ...]] = Counter()
    for point, sign in ((start, -1), (end, 1)):
        there = tally(connection, replace(scope, known_on=point.known_on, as_of=point.as_of), BY)
        for key, quantity in there.sums(*BY).items():
            wanted[key] += sign * quantity
    moved: Counter[tuple[str | None, ...]] = Counter()
    for change in found.found:
        assert (change.cause is None) == (not change.moves)
        for cell, quantity in change.moves.items():
            moved[key_of(cell)] += quantity
    assert {key: n for key, n in moved.items() if n} == {key: n for key, n in wanted.items() if n}
    tops: Counter[str] = Counter()
    for change in found.found:
        for cell, quantity in change.moves.items():
            tops[cell.top] -= quantity
    for counted, sign in ((found.before, -1), (found.after, 1)):
        top = top_of(counted.scope, counted.catalogue)
        for (side,), quantity in counted.sums("side").items():
            tops[top(str(side))] += sign * quantity
    assert not any(tops.values())
    assert found.before.total + sum(change.net for change in found.found) == found.after.total
    return any(moved.values())


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a ledger with a small catalogue, to be copied."""
    path = tmp_path_factory.mktemp("furnished") / "ledger.db"
    engine = open_engine(f"sqlite:///{path}")
    furnish(engine)
    engine.dispose()
    return path


@pytest.fixture
def book(ledger_url: str, furnished: Path) -> Book:
    """A ledger of one's own with a small catalogue, once on each engine."""
    if ledger_url.startswith("sqlite:///"):
        shutil.copyfile(furnished, ledger_url.removeprefix("sqlite:///"))
    else:
        furnish(open_engine(ledger_url))
    return Book(ledger_url)


@pytest.fixture
def sqlite_book(tmp_path: Path, furnished: Path) -> Book:
    """A ledger in a file, for what does not depend on the engine."""
    return Book(f"sqlite:///{shutil.copyfile(furnished, tmp_path / 'ledger.db')}")


ALL = Scope("war", verifications=tuple(Verification))
CONFIRMED = Scope("war")


@pytest.mark.parametrize("seed", range(6))
def test_the_changes_add_up_to_the_difference(sqlite_book: Book, seed: int) -> None:
    """Whatever was done, in whatever order, between whatever points, in whatever scope."""
    random = Random(seed)
    first = sqlite_book.head()
    live(sqlite_book, random, 60)
    last = sqlite_book.head()
    asked = scopes(random)
    with sqlite_book.read() as connection:
        moving = int(check_law(connection, ALL, Point(0), Point(last)))
        for _ in range(60):
            points = [Point(random.randint(first, last), random.choice([None, None, *DAYS])) for _ in range(2)]
            moving += check_law(connection, next(asked), *points)
    assert moving > 15  # of 61, or too little was asked


def test_they_add_up_where_the_catalogue_moves_under_the_losses(book: Book) -> None:
    """Sides and types change their trees, a heading its group, two terms become one: no entry on a loss says so."""
    book.report(side=NORTH, type="t-72b")
    book.report(side=RED, type="bmp-1", quantity="2")
    book.report(side=BLUE, type="t-72")
    heads = [book.head()]
    with book.act() as journal:
        catalogue.change(journal, "side", NORTH, {"parent": RED})
    heads.append(book.head())
    with book.act() as journal:
        catalogue.change(journal, "type", "bmp-1", {"parent": "t-72b"})
    heads.append(book.head())
    with book.act() as journal:
        catalogue.change(journal, "category", "tanks", {"group": "artillery"})
    heads.append(book.head())
    with book.act() as journal:
        catalogue.merge(journal, "type", "t-72", "t-72b")
    heads.append(book.head())
    scopes = [
        ALL,
        *(replace(ALL, side=side, own=own) for side in (RED, BLUE, NORTH) for own in (False, True)),
        *(replace(ALL, types=(one,)) for one in ("t-72", "t-72b", "bmp-1")),
        *(replace(ALL, groups=(one,)) for one in ("armoured", "artillery")),
    ]
    with book.read() as connection:
        for scope, first, last in product(scopes, heads, heads):
            check_law(connection, scope, Point(first), Point(last))
        found = changes(connection, replace(ALL, side=RED), Point(heads[0]), Point(heads[1]))
    assert told(found) == [("scope changed", 1, 0, [("side counted under", None, RED)])]


def test_all_days_hold_the_undated_and_a_day_does_not(book: Book) -> None:
    """What has no day stands in a tally of all days alone, and so does what happened later."""
    book.report(earliest=None, latest=None)
    book.report(earliest="2020-10-08", latest="2020-10-08")
    with book.read() as connection:
        points = [Point(book.head(), as_of) for as_of in (None, "2020-10-05", "2020-10-09")]
        for first, last in product(points, points):
            check_law(connection, ALL, first, last)


def told(found: Changes) -> list[tuple[object, ...]]:
    """Each loss: its cause or else what it is as a row, what it adds and takes, what differs."""
    return [
        (change.cause or change.row, change.plus, change.minus, [tuple(one) for one in change.differences])
        for change in found.found
    ]


def enter(book: Book, **fields: str | None) -> str:
    """Report a confirmed T-72 of Red on 3 October, but for the fields that say otherwise."""
    given: dict[str, str | None] = {"verification": "confirmed", "earliest": "2020-10-03", "latest": "2020-10-03"}
    return book.report("ann", **(given | fields))


def withdraw_by_feed(book: Book, uid: str) -> None:
    """Withdraw a loss as an import does that no longer finds it."""
    with book.act("feed") as journal:
        journal.append(Act.CATALOGUE, "import", "runrunrunr", {"feed": "list"}, new=True)
        fields = {"withdrawn": "yes", "row.list.run": "runrunrunr", "row.list.gone": "yes"}
        journal.append(Act.WITHDRAW, "loss", uid, fields)


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda book, _: enter(book), [("back-filled", 1, 0, [])]),
        (lambda book, _: enter(book, earliest="2020-10-09", latest="2020-10-09"), [("new", 1, 0, [])]),
        (lambda book, _: enter(book, earliest=None, latest=None), [("new", 1, 0, [])]),
        (split, [("split", 0, 1, [("quantity", "3", "2")]), ("split", 1, 0, [])]),
        (lambda book, uid: book.withdraw(uid), [("withdrawn", 0, 3, [("withdrawn", None, "yes")])]),
        (withdraw_by_feed, [("gone", 0, 3, [("withdrawn", None, "yes")])]),
        (
            lambda book, uid: book.amend(uid, side=BLUE, type="bmp-1"),
            [
                (
                    "side changed",
                    3,
                    3,
                    [("side", RED, BLUE), ("type", "t-72", "bmp-1"), ("category", "tanks", "carriers")],
                )
            ],
        ),
        (lambda book, uid: book.amend(uid, type="t-72b"), [("retyped", 3, 3, [("type", "t-72", "t-72b")])]),
        (
            lambda book, uid: book.amend(uid, category="guns", place="a ford"),
            [("recategorised", 3, 3, [("category", "tanks", "guns"), ("place", None, "a ford")])],
        ),
        (
            lambda book, uid: book.amend(uid, status="damaged"),
            [("status changed", 3, 3, [("status", "destroyed", "damaged")])],
        ),
        (
            lambda book, uid: book.event(uid, "captured", "2020-10-05", earliest="2020-10-05"),
            [("status changed", 3, 3, [("event", None, "captured 2020-10-05")])],
        ),
        (
            lambda book, uid: book.event(uid, "recovered", "2020-10-05", earliest="2020-10-05"),
            [("status changed", 0, 3, [("event", None, "recovered 2020-10-05")])],
        ),
        (
            lambda book, uid: verify(book, uid, Verification.DISPUTED),
            [
                (
                    "verification changed",
                    0,
                    3,
                    [("verification", "confirmed", "disputed"), ("verified_by", None, "us")],
                )
            ],
        ),
        (lambda book, uid: book.amend(uid, quantity="5"), [("quantity corrected", 2, 0, [("quantity", "3", "5")])]),
        (
            lambda book, uid: book.amend(uid, latest="2020-10-04"),
            [("day corrected", 3, 3, [("date", "2020-10-03", "2020-10-03..2020-10-04")])],
        ),
        (
            lambda book, uid: book.amend(uid, latitude="40.1", longitude="47.05"),
            [("changed", 0, 0, [("coordinates", None, "40.1, 47.05")])],
        ),
        (
            lambda book, uid: book.amend(uid, counts="aggregate"),
            [("corrected", 3, 3, [("counts", "item", "aggregate")])],
        ),
        (
            lambda book, uid: book.amend(uid, place="a ford", unit="1st", tags='["dug in"]'),
            [
                (
                    "changed",
                    0,
                    0,
                    [("place", None, "a ford"), ("unit", None, "1st"), ("tags", None, '["dug in"]')],
                )
            ],
        ),
        (lambda book, uid: (book.amend(uid, place="a ford"), book.amend(uid, place=None)), []),
    ],
)
def test_each_change_has_its_cause(
    sqlite_book: Book, act: Callable[[Book, str], object], expected: list[object]
) -> None:
    """Three confirmed tanks of 3 October, and one thing that was done since; told by its first cause, both values."""
    book = sqlite_book
    uid = enter(book, quantity="3")
    before = book.head()
    act(book, uid)
    with book.read() as connection:
        found = changes(connection, CONFIRMED, Point(before), Point(book.head()))
    assert told(found) == expected


def test_merged_stands_in_and_back(sqlite_book: Book) -> None:
    """What is merged goes; where the one kept is withdrawn, the duplicate stands in; unmerged, both count."""
    book = sqlite_book
    kept, other = book.report(), book.report()
    heads = [book.head()]
    book.merge(other, kept)
    heads.append(book.head())
    book.withdraw(kept)
    heads.append(book.head())
    book.reinstate(kept)
    heads.append(book.head())
    book.unmerge(other)
    heads.append(book.head())
    with book.read() as connection:
        steps = [changes(connection, ALL, Point(first), Point(last)) for first, last in pairwise(heads)]
    assert [[(change.uid, change.cause, change.net) for change in step.found] for step in steps] == [
        [(other, "merged", -1)],
        [(kept, "withdrawn", -1), (other, "stands in", 1)],
        [(kept, "restored", 1), (other, "stands in", -1)],
        [(other, "unmerged", 1)],
    ]


def test_what_crosses_the_border_of_the_scope_is_told_by_what_took_it_over(sqlite_book: Book) -> None:
    """A claimed tank that is retyped and confirmed comes into a confirmed tally by being confirmed."""
    book = sqlite_book
    uid = book.report()
    before = book.head()
    book.amend(uid, type="t-72b")
    verify(book, uid, Verification.CONFIRMED)
    with book.read() as connection:
        found = changes(connection, CONFIRMED, Point(before), Point(book.head()))
    assert [(change.cause, change.net) for change in found.found] == [("verification changed", 1)]


def test_two_days_of_the_war(book: Book) -> None:
    """Nothing was entered between: what happened since is new, what became of things is told with both words."""
    was = book.report(earliest="2020-10-03", latest="2020-10-03", status="damaged")
    back = book.report(earliest="2020-10-03", latest="2020-10-03")
    came = book.report(earliest="2020-10-08", latest="2020-10-08")
    book.report(earliest="2020-10-21", latest="2020-10-21")
    book.event(was, "captured", "2020-10-05")
    book.event(back, "recovered", "2020-10-05")
    with book.read() as connection:
        found = changes(connection, ALL, Point(book.head(), "2020-10-04"), Point(book.head(), "2020-10-10"))
    assert [(one.uid, one.row, *line) for one, line in zip(found.found, told(found), strict=True)] == [
        (came, None, "new", 1, 0, []),
        (was, None, "status changed", 1, 1, [("stood as", "damaged", "captured")]),
        (back, None, "status changed", 0, 1, [("stood as", "destroyed", "recovered")]),
    ]
    assert (found.before.total, found.after.total, found.last_day) == (2, 2, "2020-10-03")


def test_a_run_goes_from_its_first_entry_to_its_last(sqlite_book: Book) -> None:
    """Every entry of the act that entered the run belongs to it."""
    book = sqlite_book
    uid = book.report()
    before = book.head()
    withdraw_by_feed(book, uid)
    book.report()
    with book.read() as connection:
        assert entries_of_run(connection, "runrunrunr") == (before + 1, before + 2)


def test_rows_of_other_sides_are_not_in_scope(sqlite_book: Book) -> None:
    """What moved nothing is counted where side, heading, type and feed are asked for, whatever is believed of it."""
    book = sqlite_book
    red, blue = book.report(side=RED), book.report(side=BLUE)
    before = book.head()
    book.amend(red, place="here")
    book.amend(blue, place="there")
    with book.read() as connection:
        found = changes(connection, replace(CONFIRMED, side=RED), Point(before), Point(book.head()))
    assert [(change.uid, change.row, change.cause) for change in found.found] == [(red, "changed", None)]
