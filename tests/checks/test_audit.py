"""The audit as a whole: every check runs, whatever the others find, and nothing breaks it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Engine, String, literal_column, text, update

from lossledger.checks import audit as auditing
from lossledger.checks.audit import AUDITS, audit
from lossledger.checks.findings import Finding
from lossledger.db.engine import reading
from lossledger.db.tables import entry, entry_detail, evidence, loss, posting
from tests.checks.tamper import TABLES, audited, found, rows, where


def test_a_check_that_breaks_is_a_finding_and_the_others_run(honest: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(connection: Connection) -> Iterator[Finding]:
        yield Finding("breaks", "here", "found before it broke")
        connection.execute(text("SELECT * FROM no_table_of_ours"))

    def divides(connection: Connection) -> Iterator[Finding]:
        yield from (Finding("divides", str(1 // 0), "") for _ in (1,))

    def finds(connection: Connection) -> Iterator[Finding]:
        yield Finding("finds", "there", "a thing")

    monkeypatch.setattr(auditing, "AUDITS", (breaks, divides, *AUDITS, finds))
    with reading(honest) as connection:
        report = audit(connection)
    assert [(finding.check, finding.place) for finding in report.findings] == [
        ("breaks", "here"),
        ("breaks", "the database"),
        ("divides", "the database"),
        ("finds", "there"),
    ]
    assert "no_table_of_ours" in report.findings[1].wrong
    assert report.entries


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_a_table_that_is_gone_is_found(ledger: Connection, table: Any) -> None:
    cascade = " CASCADE" if ledger.dialect.name == "postgresql" else ""
    ledger.execute(text(f"DROP TABLE {table.name}{cascade}"))
    report = audit(ledger)
    assert any(table.name in finding.wrong for finding in report.findings)


def test_findings_without_end_are_counted_and_not_listed(ledger: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "MOST", 3)
    ledger.execute(update(entry).values(acted_at="now"))
    ledger.execute(update(loss).values(note="made up"))
    report = audited(ledger)
    number = len(rows(ledger, entry))
    assert [finding.place for finding in report.findings if finding.check == "chain"] == [
        "entry 1",
        "entry 2",
        "entry 3",
        "the ledger",
    ]
    assert f"{number - 3} more findings" in str(report.findings[3])
    assert len([finding for finding in report.findings if finding.check == "fold"]) == 4


@pytest.mark.postgres
def test_postgres_plans_for_the_last_row_of_a_cursor(honest_postgres: Engine) -> None:
    """For the first one it walks an index for each row, which took minutes after an import of 15,000 losses."""
    with reading(honest_postgres) as connection:
        audit(connection)
        assert connection.scalar(text("SHOW cursor_tuple_fraction")) == "1"


def test_a_finding_tells_check_place_and_what_is_wrong() -> None:
    assert str(Finding("chain", "entry 17", "its hash does not fit")) == "chain: entry 17: its hash does not fit"


def _garbage(column: Column[Any]) -> str:
    """What SQLite takes in the column though it cannot be there: text where none belongs, or text that is none."""
    return "CAST(X'41FF42' AS TEXT)" if isinstance(column.type, String) else "'no number ' || char(27, 8238)"


# A row's own number is the one thing that SQLite holds to its type.
_ANY = [column for table in TABLES for column in table.c if column.name != "id" and str(column) != "entry.number"]


@pytest.mark.parametrize("column", _ANY, ids=str)
def test_garbage_in_any_column_is_found(sqlite_ledger: Connection, column: Column[Any]) -> None:
    put(sqlite_ledger, column, _garbage(column))


@pytest.mark.parametrize("garbage", ["X'FF00FE'", "4611686018427387904", "-0.5", "''", "1e999"])
@pytest.mark.parametrize(
    "column",
    [
        *(entry.c[name] for name in ("recorded_at", "hash", "kind")),
        *(entry_detail.c[name] for name in ("entry", "field", "salt")),
        *(posting.c[name] for name in ("entry", "loss_id", "quantity", "day")),
        *(loss.c[name] for name in ("uid", "merged_into_id")),
        evidence.c.loss_id,
    ],
    ids=str,
)
def test_garbage_of_any_kind_is_found(sqlite_ledger: Connection, column: Column[Any], garbage: str) -> None:
    put(sqlite_ledger, column, garbage)


def put(connection: Connection, column: Column[Any], garbage: str) -> None:
    """Put an expression of SQL into a column of one row, and see that the audit carries on and finds it."""
    row = rows(connection, column.table)[-1]
    connection.execute(update(column.table).where(where(column.table, row)).values({column: literal_column(garbage)}))
    findings = found(connection)
    assert [finding for finding in findings if finding.check != "database"], findings
    assert all(str(finding).isprintable() for finding in findings)
