"""The changes of a tally add up to the difference of the two tallies, whatever was done and whatever is asked."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Connection

from lossledger.core.days import minus_days, period, same_period
from lossledger.core.vocabulary import Status, Verification
from lossledger.db.engine import open_engine
from lossledger.queries.changes import Cell, changes
from lossledger.queries.points import Point
from lossledger.queries.scope import Scope
from lossledger.queries.tallies import DAY_NOT_GIVEN, tally
from tests.ledger.books import BLUE, NORTH, RED, furnish
from tests.ledger.test_machine import DAYS, LedgerMachine

BY = ("side", "category", "group", "type", "status", "verification", "feed", "month")
"""Every dimension of a tally; of the periods, one."""


def key_of(cell: Cell) -> tuple[str | None, ...]:
    """The key that a cell has in a tally by all dimensions."""
    month = DAY_NOT_GIVEN
    if cell.loss_day and same_period(minus_days(cell.loss_day, cell.span), cell.loss_day, "month"):
        month = period(cell.loss_day, "month")
    return (*(getattr(cell, name) for name in BY[:-1]), month)


def check_law(connection: Connection, scope: Scope, start: Point, end: Point) -> None:
    """The moves of all losses are the second tally less the first, in every cell."""
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
    assert found.before.total + sum(change.net for change in found.found) == found.after.total


def scopes(random: Random) -> Iterator[Scope]:
    """Scopes without end: each restriction now and then."""

    def some(words: list[str], often: float = 0.3) -> tuple[str, ...]:
        return tuple(random.sample(words, random.randint(1, len(words)))) if random.random() < often else ()

    while True:
        side = random.choice([None, None, RED, BLUE, NORTH])
        yield Scope(
            "war",
            side=side,
            own=random.random() < 0.3,
            categories=some(["tanks", "carriers", "guns"]),
            groups=some(["armoured", "artillery", "other"]),
            types=some(["t-72", "t-72b", "bmp-1"]),
            statuses=some([str(status) for status in Status]),
            feeds=some(["own", "list"], 0.2),
            verifications=some([str(one) for one in Verification], 0.7) or tuple(Verification),
            since=random.choice([None, None, *DAYS]),
            until=random.choice([None, None, *DAYS]),
        )


class ChangesMachine(LedgerMachine):
    """Random histories of acts; the law is asked of pairs of points in each."""

    def the_present_agrees(self) -> None:
        """Another test compares ledger and model."""

    def teardown(self) -> None:
        """Two points of the history, in each order, with scopes and days at random."""
        if not hasattr(self, "book"):
            return
        random = Random(len(self.past))
        last = self.past[-1][0]
        asked = scopes(random)
        with self.book.read() as connection:
            check_law(connection, Scope("war", verifications=tuple(Verification)), Point(0), Point(last))
            for _ in range(8):
                points = [Point(random.randint(0, last), random.choice([None, *DAYS])) for _ in range(2)]
                check_law(connection, next(asked), *points)
        self.book.engine.dispose()


def test_the_changes_add_up_to_the_difference(tmp_path: Path) -> None:
    """Whatever was done, in whatever order, between whatever points, in whatever scope."""
    furnished = tmp_path / "furnished.db"
    engine = open_engine(f"sqlite:///{furnished}")
    furnish(engine)
    engine.dispose()
    path = tmp_path / "ledger.db"
    machine = type(
        "Machine",
        (ChangesMachine,),
        {"url": f"sqlite:///{path}", "clear": staticmethod(lambda: shutil.copyfile(furnished, path))},
    )
    run_state_machine_as_test(machine, settings=settings(max_examples=40, stateful_step_count=40))
