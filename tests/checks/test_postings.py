"""The postings: what the acts imply, line by line, and no sum below nothing."""

from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select

from lossledger.core.trail import Posting
from lossledger.db.tables import SUBJECTS, entry, posting
from tests.checks.story import FULL
from tests.checks.tamper import Row, a_copy, add, at, change, found, postings_of, rehash, rows, where


def the_report(connection: Connection) -> int:
    """The entry that reported the loss with a trail."""
    number = connection.scalar(select(entry.c.number).where(entry.c.subject == FULL, entry.c.act == "report"))
    return int(number or 0)


def a_line(connection: Connection) -> Row:
    return postings_of(connection, the_report(connection))[0]


def test_a_line_taken_away_is_found_though_the_hashes_fit(ledger: Connection) -> None:
    line = a_line(ledger)
    ledger.execute(delete(posting).where(where(posting, line)))
    rehash(ledger, line["entry"])
    assert at(found(ledger), f"posting {line['entry']}/{line['line']}") == ["postings: it is missing"]


def test_a_line_that_no_act_implies_is_found_though_the_hashes_fit(ledger: Connection) -> None:
    line = a_line(ledger)
    more = a_copy(ledger, posting, line)
    add(ledger, posting, more)
    rehash(ledger, line["entry"])
    assert at(found(ledger), f"posting {line['entry']}/{more['line']}") == ["postings: no act implies it"]


def test_lines_on_an_act_that_moves_nothing_are_found(ledger: Connection) -> None:
    last = rows(ledger, entry)[-1]
    add(ledger, posting, a_line(ledger) | {"entry": last["number"]})
    rehash(ledger, last["number"])
    assert "postings: no act implies it" in at(found(ledger), f"posting {last['number']}/0")


CHANGES = {
    "quantity": 5,
    "status": "captured",
    "verification": "disputed",
    "counts": "aggregate",
    "day": "2020-01-01",
    "loss_day": "2020-01-01",
    "span": 9,
    "inferred": 0,
    "side_id": "side",
    "category_id": "category",
    "type_id": "type",
    "feed_id": "feed",
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_line_changed_is_found_though_the_hashes_fit(ledger: Connection, column: str) -> None:
    line = a_line(ledger)
    value: Any = CHANGES[column]
    if column.endswith("_id"):
        table = SUBJECTS[value]
        value = ledger.scalar(select(table.c.id).where(table.c.id != line[column]).limit(1))
    assert value != line[column]
    change(ledger, posting, line, **{column: value})
    rehash(ledger, line["entry"])
    findings = found(ledger)
    (wrong,) = at(findings, f"posting {line['entry']}/{line['line']}")
    assert wrong.startswith(f"postings: {column.removesuffix('_id')} is ")
    assert not [finding for finding in findings if finding.check == "chain"]


def test_every_dimension_is_changed_above() -> None:
    assert {name.removesuffix("_id") for name in CHANGES} == set(Posting._fields)


def test_sums_that_are_not_the_losses_are_found(ledger: Connection) -> None:
    line = a_line(ledger)
    change(ledger, posting, line, quantity=line["quantity"] + 4)
    wrong = [finding.wrong for finding in found(ledger) if finding.place.startswith("sum of")]
    assert len(wrong) == 1
    assert wrong[0].startswith("the postings add up to 4, the losses to 0")


def test_a_sum_of_which_nothing_is_left_is_found(ledger: Connection) -> None:
    ledger.execute(delete(posting))
    sums = [finding.wrong for finding in found(ledger) if finding.place.startswith("sum of")]
    assert sums
    assert all(wrong.startswith("the postings add up to 0") for wrong in sums)


def test_a_sum_below_nothing_as_of_a_day_is_found(ledger: Connection) -> None:
    line = a_line(ledger)
    at_all = {**line, "entry": 9_999, "feed_id": ledger.scalar(select(SUBJECTS["feed"].c.id).limit(1))}
    ledger.execute(
        insert(posting),
        [
            at_all | {"line": 0, "quantity": -7, "day": "2020-11-01"},
            at_all | {"line": 1, "quantity": 7, "day": "2020-11-03"},
        ],
    )
    negative = [finding for finding in found(ledger) if "which no count can be" in finding.wrong]
    assert [finding.wrong for finding in negative] == ["it is -7, which no count can be"]
    assert "as of '2020-11-01'" in negative[0].place


def test_postings_of_a_loss_that_is_not_there_are_found(ledger: Connection) -> None:
    change(ledger, posting, a_line(ledger), loss_id=9_999)
    assert at(found(ledger), "table posting, loss_id 9999") == ["postings: belongs to a loss that is not there"]
