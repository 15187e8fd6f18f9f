"""Every column of every table: changed behind the program's back, it is found, and where it is is said."""

from typing import Any

import pytest
from sqlalchemy import Column, Connection, Table

from lossledger.core.records import KINDS
from lossledger.db.tables import SUBJECTS
from tests.checks.tamper import TABLES, Row, a_copy, a_row, add, another, at, change, found, rows, where

_KEY_OF = {SUBJECTS[kind.name]: kind.key for kind in KINDS.values()}

# A row's number means nothing: it may be any that the rows which refer to it use as well. What changes it alone
# takes their reference away, and that is what test_rows.py deletes a row for.
_MEANINGLESS = {f"{table.name}.id" for table in SUBJECTS.values()}

_EMPTY = {"entry.origin"}  # no entry comes from another ledger yet

MEANINGFUL = [column for table in TABLES for column in table.c if str(column) not in _MEANINGLESS]


def place(connection: Connection, column: Column[Any], row: Row) -> str:
    """Where the audit has to point when this column of this row is changed."""
    table = column.table
    if table.name == "entry":
        return f"entry {row['number']}"
    if table.name == "entry_detail":
        return f"entry {row['entry']}"
    if table.name == "posting":
        return f"posting {row['entry']}"
    names = [one.name for one in table.primary_key]
    key = row[_KEY_OF[table]] if table in _KEY_OF else f"{_owner(connection, table, row)}, {names[1]} {row[names[1]]}"
    named = f"{_KEY_OF[table]} {key}" if table in _KEY_OF else f"of {key}"
    part = "" if column.name in (*names, _KEY_OF.get(table)) else f", column {column.name}"
    return f"table {table.name}, {named}{part}"


def _owner(connection: Connection, table: Table, row: Row) -> str:
    kind = next(name for name, owner in SUBJECTS.items() if f"{owner.name}_id" == next(iter(table.primary_key)).name)
    owner = SUBJECTS[kind]
    key = next(one[_KEY_OF[owner]] for one in rows(connection, owner) if one["id"] == row[f"{owner.name}_id"])
    return f"{kind} {key}"


@pytest.mark.parametrize("column", MEANINGFUL, ids=str)
def test_another_value_is_found(ledger: Connection, column: Column[Any]) -> None:
    row = a_row(ledger, column)
    value = another(ledger, column, row)
    assert value != row[column.name]
    expected = place(ledger, column, row)
    change(ledger, column.table, row, **{column.name: value})
    findings = found(ledger)
    assert at(findings, expected), findings


@pytest.mark.parametrize(
    "column", [column for column in MEANINGFUL if column.nullable and str(column) not in _EMPTY], ids=str
)
def test_a_value_taken_away_is_found(sqlite_ledger: Connection, column: Column[Any]) -> None:
    row = a_row(sqlite_ledger, column)
    expected = place(sqlite_ledger, column, row)
    change(sqlite_ledger, column.table, row, **{column.name: None})
    findings = found(sqlite_ledger)
    assert at(findings, expected), findings


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_a_row_deleted_is_found(ledger: Connection, table: Table) -> None:
    row = rows(ledger, table)[-1]
    expected = place(ledger, next(iter(table.primary_key)), row)
    ledger.execute(table.delete().where(where(table, row)))
    findings = found(ledger)
    assert at(findings, expected), findings


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_a_row_inserted_is_found(ledger: Connection, table: Table) -> None:
    row = a_copy(ledger, table, rows(ledger, table)[0])
    add(ledger, table, row)
    expected = place(ledger, list(table.primary_key)[-1], row)
    findings = found(ledger)
    assert at(findings, expected), findings


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_two_rows_that_changed_places_are_found(ledger: Connection, table: Table) -> None:
    first, *_, last = rows(ledger, table)
    contents = [
        column.name for column in table.c if column.name not in (*_names(table), _KEY_OF.get(table), "feed_key")
    ]
    expected = place(ledger, table.c[contents[0]], first).partition(", column")[0]
    for row, other in ((first, last), (last, first)):
        change(ledger, table, row, **{name: other[name] for name in contents})
    findings = found(ledger)
    assert at(findings, expected), findings


def _names(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]
