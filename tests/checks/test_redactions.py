"""Redactions: a text is gone only where an act says so, and only where it may."""

import pytest
from sqlalchemy import Connection, delete, select, update

from lossledger.core.digest import SALT_BYTES, Detail, detail_digest
from lossledger.db.tables import entry, entry_detail
from tests.checks.story import SECRET
from tests.checks.tamper import Row, at, audited, change, found, rehash, rows


def a_text(connection: Connection, field: str) -> Row:
    """A detail whose text stands."""
    return next(row for row in rows(connection, entry_detail) if row["field"] == field and row["value"] is not None)


def digest_of(row: Row) -> bytes:
    return detail_digest(Detail(row["field"], row["value"], row["salt"]))


def test_a_redaction_with_another_digest_is_found(ledger: Connection) -> None:
    row = a_text(ledger, "text")
    change(ledger, entry_detail, row, value=None, salt=None, digest=bytes(32))
    assert "chain: its details are not those that were written" in at(found(ledger), f"entry {row['entry']}")


def test_a_redaction_without_its_act_is_found(ledger: Connection) -> None:
    row = a_text(ledger, "text")
    change(ledger, entry_detail, row, value=None, salt=None, digest=digest_of(row))
    assert at(found(ledger), f"entry {row['entry']}, field 'text'") == [
        "redactions: its text is gone, and no act of redaction says so"
    ]


@pytest.mark.parametrize("field", ["quantity", "side", "status", "withdrawn", "redacts"])
def test_a_redaction_of_what_the_counts_rest_on_is_found(ledger: Connection, field: str) -> None:
    row = a_text(ledger, field)
    change(ledger, entry_detail, row, value=None, salt=None, digest=digest_of(row))
    assert any("may not go" in wrong for wrong in at(found(ledger), f"entry {row['entry']}, field '{field}'"))


def test_a_redacted_text_that_is_back_is_found(ledger: Connection) -> None:
    gone = next(row for row in rows(ledger, entry_detail) if row["salt"] is None and row["field"] == "note")
    change(ledger, entry_detail, gone, value="a secret", salt=bytes(SALT_BYTES), digest=None)
    rehash(ledger, gone["entry"])
    findings = found(ledger)
    assert at(findings, f"entry {gone['entry']}, field 'note'") == [
        "redactions: it was redacted, yet its text is there"
    ]
    assert at(findings, f"table loss, uid {SECRET}, column note")


def test_a_digest_beside_a_text_and_a_text_beside_a_digest_are_found(ledger: Connection) -> None:
    kept, gone = a_text(ledger, "text"), next(row for row in rows(ledger, entry_detail) if row["salt"] is None)
    change(ledger, entry_detail, kept, digest=bytes(32))
    change(ledger, entry_detail, gone, value="made up")
    findings = found(ledger)
    assert at(findings, f"entry {kept['entry']}") == ["chain: 'text' is not redacted, yet holds a digest"]
    assert f"chain: '{gone['field']}' is redacted, yet holds a text" in at(findings, f"entry {gone['entry']}")


def test_a_redacted_text_that_stands_in_its_table_is_found(ledger: Connection) -> None:
    from lossledger.db.tables import loss

    ledger.execute(update(loss).where(loss.c.uid == SECRET).values(place="a house"))
    assert at(found(ledger), f"table loss, uid {SECRET}, column place") == [
        "fold: is 'a house', but the entries say '[redacted]'"
    ]


def test_redacted_texts_are_listed_by_entry_and_field(ledger: Connection) -> None:
    gone = select(entry_detail.c.entry, entry_detail.c.field).where(entry_detail.c.salt.is_(None))
    expected = sorted((number, field) for number, field in ledger.execute(gone))
    assert list(audited(ledger).redacted) == expected


def test_a_list_of_redactions_that_cannot_be_read_is_found(ledger: Connection) -> None:
    last = ledger.scalar(select(entry.c.number).where(entry.c.act == "redact").order_by(entry.c.number.desc()))
    assert last
    ledger.execute(
        update(entry_detail)
        .where(entry_detail.c.entry == last, entry_detail.c.field == "redacts")
        .values(value="nothing: at all, ², 17")
    )
    rehash(ledger, last)
    assert any("no act of redaction says so" in finding.wrong for finding in found(ledger))


def test_an_act_of_redaction_taken_away_is_found(ledger: Connection) -> None:
    acts = select(entry.c.number).where(entry.c.act == "redact")
    ledger.execute(delete(entry_detail).where(entry_detail.c.entry.in_(acts), entry_detail.c.field == "redacts"))
    wrong = [finding.wrong for finding in found(ledger) if finding.check == "redactions"]
    assert wrong
    assert set(wrong) == {"its text is gone, and no act of redaction says so"}
