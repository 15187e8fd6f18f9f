"""The tally query on ledgers of growing size, beside DuckDB summing the same postings.

    python -m benchmarks.tally [--largest N] [--rounds N]

Two series: one in which only the losses grow, on the same days and of the same types; and one in which days and types
grow with them, as they do in a war that goes on. DuckDB has the postings in a table of its own and gives the sums that
the cells come from; the ledger gives everything that a tally and its caption say. Both must come to the same sum.
"""

import argparse
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from sqlalchemy import Connection, event

from benchmarks.made_ledger import CONFLICT, Size, make
from benchmarks.timing import milliseconds, print_table, ratio, timed
from lossledger.db.engine import open_engine, reading
from lossledger.queries.scope import Scope
from lossledger.queries.tallies import Tally, tally

LOSSES = (10_000, 100_000, 1_000_000)
SERIES = {
    "the same days and types": [Size(losses, types=1_000, days=600) for losses in LOSSES],
    "days and types growing": [
        Size(losses, types, days)
        for losses, types, days in zip(LOSSES, (500, 1_500, 4_000), (300, 1_200, 3_600), strict=True)
    ],
}


@dataclass(frozen=True)
class Question:
    """A tally, and what DuckDB is asked for the same sums: columns to group by, and a condition."""

    by: tuple[str, ...]
    columns: str
    condition: str = "TRUE"
    as_of: str | None = None
    known_half: bool = False

    def scope(self, half: int) -> Scope:
        """The scope of the tally; ``half`` is the number of the middle entry."""
        return Scope(CONFLICT, as_of=self.as_of, known_on=half if self.known_half else None)

    def statement(self, half: int) -> str:
        """The same in DuckDB's words."""
        known = f"entry <= {half}" if self.known_half else "TRUE"
        return (
            f"SELECT {self.columns}, SUM(quantity) FROM posting"
            f" WHERE verification = 'confirmed' AND {self.condition} AND {known} GROUP BY {self.columns}"
        )


QUESTIONS = {
    "by side and category": Question(("side", "category"), "side_id, category_id"),
    "by type": Question(("side", "category", "type"), "side_id, category_id, type_id"),
    "by month": Question(("side", "month"), "side_id, loss_day[:7]"),
    "as of a day": Question(("side", "category"), "side_id, category_id", "day <= '2014-12-31'", as_of="2014-12-31"),
    "as known half-way": Question(("side", "category"), "side_id, category_id", known_half=True),
}


Statements = list[tuple[str, Any]]


def statements_of(connection: Connection, call: Callable[[], object]) -> Statements:
    """The statements that a call sends to the database, with their parameters."""
    seen: Statements = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        seen.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    call()
    event.remove(connection, "before_cursor_execute", note)
    return seen


def replay(connection: Connection, statements: Statements) -> None:
    """Send statements by the bare driver and fetch their rows: the part of a tally that is the database's."""
    driver = connection.connection.driver_connection
    if driver is not None:
        for statement, parameters in statements:
            driver.execute(statement, parameters).fetchall()


def duckdb_with(file: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB with the postings of a ledger in a table of its own."""
    with closing(sqlite3.connect(file)) as connection:
        postings = pd.read_sql_query("SELECT * FROM posting", connection)
    beside = duckdb.connect()
    beside.register("postings", postings)
    beside.execute("CREATE TABLE posting AS SELECT * FROM postings")
    return beside


def measure(name: str, connection: Connection, beside: duckdb.DuckDBPyConnection, rounds: int) -> tuple[str, ...]:
    """One tally beside DuckDB: both medians, the ratio, and the database's share of ours."""
    question = QUESTIONS[name]
    half = connection.exec_driver_sql("SELECT MAX(number) / 2 FROM entry").scalar_one()
    scope, statement = question.scope(half), question.statement(half)
    check_same(name, tally(connection, scope, question.by), beside.execute(statement).fetchall())
    sent = statements_of(connection, lambda: tally(connection, scope, question.by))
    calls: dict[str, Callable[[], object]] = {
        "ledger": lambda: tally(connection, scope, question.by),
        "its SQL": lambda: replay(connection, sent),
        "DuckDB": lambda: beside.execute(statement).fetchall(),
    }
    spent = timed(calls, rounds)
    share = ratio(spent["its SQL"], spent["ledger"])
    return (
        name,
        milliseconds(spent["ledger"]),
        f"{min(share, 1):.0%}",
        milliseconds(spent["DuckDB"]),
        f"{ratio(spent['ledger'], spent['DuckDB']):.0f}",
    )


def check_same(name: str, ours: Tally, theirs: list[tuple[Any, ...]]) -> None:
    """Raises RuntimeError where the sums differ. A month's may: only the ledger asks how finely a loss is dated."""
    quantities = sorted(row[-1] for row in theirs if row[-1])
    same = ours.total == sum(quantities)
    if "month" not in ours.by:
        same = same and sorted(cell.quantity for cell in ours.cells) == quantities
    if not same:
        raise RuntimeError(f"{name}: the ledger and DuckDB come to different sums")


def report(size: Size, rounds: int) -> None:
    """Make one ledger, ask it everything, print a table."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.db"
        made = timed({"make": lambda: make(file, size)}, rounds=1, warm_up=0)["make"][0]
        print(f"\n{size.losses:,} losses of {size.types:,} types on {size.days:,} days; ", end="")
        print(f"made in {made:.0f} s, {file.stat().st_size / 1e6:,.0f} MB", flush=True)
        with closing(duckdb_with(file)) as beside, reading(open_engine(f"sqlite:///{file}")) as connection:
            rows = [measure(name, connection, beside, rounds) for name in QUESTIONS]
    print_table(("", "ledger", "in SQL", "DuckDB", "x DuckDB"), rows)


def main() -> None:
    """Both series, the small ledgers first."""
    parser = argparse.ArgumentParser(description="The tally query on ledgers of growing size.")
    parser.add_argument("--largest", type=int, default=LOSSES[-1], help="leave out ledgers with more losses")
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    for title, sizes in SERIES.items():
        print(f"\n{title[0].upper()}{title[1:]}")
        for size in sizes:
            if size.losses <= given.largest:
                report(size, given.rounds)


if __name__ == "__main__":
    main()
