"""An honest ledger: whatever acts it was made by, nothing is wrong with it."""

from sqlalchemy import Connection, Engine, select

from lossledger.checks.audit import audit
from lossledger.checks.chain import head_line
from lossledger.core.head import read_head
from lossledger.core.vocabulary import Act
from lossledger.db.engine import reading
from lossledger.db.tables import entry, loss
from tests.checks.tamper import TABLES, audited, rows


def test_nothing_is_found(honest: Engine) -> None:
    with reading(honest) as connection:
        report = audit(connection, read_head(head_line(connection)))
    assert report.findings == ()


def test_the_report_says_what_was_read(ledger: Connection) -> None:
    report = audited(ledger)
    assert report.entries == len(rows(ledger, entry))
    assert report.head == head_line(ledger)
    assert {field for _, field in report.redacted} == {"note", "place", "latitude", "longitude", "actor", "url"}


def test_the_story_has_every_act_and_fills_every_column(ledger: Connection) -> None:
    assert set(ledger.scalars(select(entry.c.act))) == {act.value for act in Act}
    empty = {
        str(column)
        for table in TABLES
        for column in table.c
        if all(row[column.name] is None for row in rows(ledger, table))
    }
    assert empty == {"entry.origin"}  # no entry comes from another ledger yet


def test_somebody_stands_in(ledger: Connection) -> None:
    assert ledger.scalars(select(loss.c.uid).where(loss.c.stands_in == 1)).all() == ["standinsta"]
