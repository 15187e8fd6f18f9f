"""The chain: every entry fits the one before it, its details and its postings."""

import pytest
from sqlalchemy import Connection, delete, func, insert, select, update

from lossledger.checks.chain import against, head_line
from lossledger.core.digest import GENESIS, Entry, entry_hash
from lossledger.core.head import read_head
from lossledger.db.engine import open_engine, writing
from lossledger.db.migrate import upgrade
from lossledger.db.tables import entry, entry_detail, loss, posting
from lossledger.errors import Refused
from tests.checks.story import FIRST
from tests.checks.tamper import Row, at, audited, change, found, rehash, rows


def the_note(connection: Connection) -> Row:
    """The detail that holds a note's text; nothing else in the ledger shows it."""
    return next(row for row in rows(connection, entry_detail) if row["value"] == "seen again")


def the_last(connection: Connection) -> Row:
    return rows(connection, entry)[-1]


def cut_off(connection: Connection, number: int) -> None:
    connection.execute(delete(entry_detail).where(entry_detail.c.entry >= number))
    connection.execute(delete(entry).where(entry.c.number >= number))


def test_a_gap_is_found(ledger: Connection) -> None:
    number = the_note(ledger)["entry"]
    ledger.execute(delete(entry_detail).where(entry_detail.c.entry == number))
    ledger.execute(delete(entry).where(entry.c.number == number))
    assert any("missing" in wrong for wrong in at(found(ledger), f"entry {number + 1}"))


def test_a_journal_that_does_not_begin_with_the_first_entry_is_found(ledger: Connection) -> None:
    ledger.execute(delete(entry_detail).where(entry_detail.c.entry == 1))
    ledger.execute(delete(entry).where(entry.c.number == 1))
    assert any("missing" in wrong for wrong in at(found(ledger), "entry 2"))


def test_time_that_runs_backwards_is_found_though_the_hashes_fit(ledger: Connection) -> None:
    last = the_last(ledger)
    change(ledger, entry, last, recorded_at="2020-01-01T00:00:00.000000Z")
    rehash(ledger, last["number"])
    (wrong,) = at(found(ledger), f"entry {last['number']}")
    assert "before the entry before it" in wrong


def test_a_format_that_nobody_knows_is_found(ledger: Connection) -> None:
    last = the_last(ledger)
    change(ledger, entry, last, format=2)
    assert any("its format is 2" in wrong for wrong in at(found(ledger), f"entry {last['number']}"))


def test_postings_on_an_entry_about_something_else_are_found(ledger: Connection) -> None:
    moved = rows(ledger, posting)[-1]
    change(ledger, posting, moved, entry=1, line=0)
    rehash(ledger, 1)
    assert any("which the entry is not about" in wrong for wrong in at(found(ledger), "entry 1"))


def test_lines_that_do_not_count_up_are_found_though_the_hashes_fit(ledger: Connection) -> None:
    last = rows(ledger, posting)[-1]
    change(ledger, posting, last, line=last["line"] + 1)
    findings = found(ledger)
    assert at(findings, f"entry {last['entry']}") == ["chain: its postings are not numbered from 0 without a gap"]
    assert at(findings, f"posting {last['entry']}/{last['line'] + 1}") == [
        f"postings: it should be line {last['line']} of its entry"
    ]


def test_an_entry_that_follows_another_hash_is_found_though_its_own_fits(ledger: Connection) -> None:
    last = Entry(**the_last(ledger))._replace(previous=GENESIS)
    change(ledger, entry, the_last(ledger), previous=last.previous, hash=entry_hash(last, []))
    assert at(found(ledger), f"entry {last.number}") == ["chain: it does not follow the hash of the entry before it"]


def test_what_an_entry_leaves_behind_is_found(ledger: Connection) -> None:
    number = rows(ledger, posting)[-1]["entry"]
    ledger.execute(delete(entry).where(entry.c.number == number))
    assert at(found(ledger), f"entry {number}") == [
        "chain: details stand in the ledger without their entry",
        "chain: postings stand in the ledger without their entry",
    ]


def test_details_of_an_entry_that_never_was_are_found(ledger: Connection) -> None:
    ledger.execute(insert(entry_detail).values(entry=9_999, field="note", value="x", salt=b"s" * 16))
    assert at(found(ledger), "entry 9999") == ["chain: details stand in the ledger without their entry"]


def test_an_end_cut_off_is_found_only_by_who_knows_it(ledger: Connection) -> None:
    head = read_head(head_line(ledger))
    cut_off(ledger, head.number)
    report = audited(ledger, head)
    assert [finding.check for finding in report.findings] == ["head"]
    assert "cut off" in str(report.findings[0])


def test_a_journal_written_anew_is_found_only_by_who_knows_its_end(ledger: Connection) -> None:
    head = read_head(head_line(ledger))
    note = the_note(ledger)
    change(ledger, entry_detail, note, value="never seen")
    rehash(ledger, note["entry"])
    report = audited(ledger, head)
    # A release made since keeps what the entry before it was, as long as nobody writes that anew as well.
    assert [finding.check for finding in report.findings] == ["releases", "releases", "head"]
    assert at(list(report.findings), f"entry {head.number}")
    assert list(against(ledger, read_head(head_line(ledger)))) == []


def test_an_entry_before_the_change_is_still_as_it_was(ledger: Connection) -> None:
    note = the_note(ledger)
    earlier = ledger.execute(select(entry.c.number, entry.c.hash).where(entry.c.number == note["entry"] - 1)).one()
    change(ledger, entry_detail, note, value="never seen")
    rehash(ledger, note["entry"])
    assert list(against(ledger, read_head(f"{earlier.number}:{earlier.hash.hex().upper()}"))) == []


@pytest.mark.parametrize("column", ["value", "salt"])
def test_a_detail_changed_is_found_at_its_entry(ledger: Connection, column: str) -> None:
    note = the_note(ledger)
    change(ledger, entry_detail, note, **{column: {"value": "never seen", "salt": bytes(16)}[column]})
    assert at(found(ledger), f"entry {note['entry']}") == ["chain: its details are not those that were written"]


def test_a_rewrite_of_all_that_a_loss_says_is_found_by_what_the_tables_show(ledger: Connection) -> None:
    number = ledger.scalar(select(func.min(entry.c.number)).where(entry.c.kind == "loss", entry.c.subject == FIRST))
    of_entry = (entry_detail.c.entry == number) & (entry_detail.c.field == "note")
    ledger.execute(update(entry_detail).where(of_entry).values(value="two"))
    rehash(ledger, number)
    assert at(found(ledger), f"table loss, uid {FIRST}, column note") == ["fold: is 'one', but the entries say 'two'"]


def test_a_loss_that_a_posting_moves_is_the_one_that_the_entry_is_about(ledger: Connection) -> None:
    line = rows(ledger, posting)[0]
    other = next(row["id"] for row in rows(ledger, loss) if row["id"] != line["loss_id"])
    change(ledger, posting, line, loss_id=other)
    assert any("which the entry is not about" in wrong for wrong in at(found(ledger), f"entry {line['entry']}"))


def test_the_head_of_an_empty_journal(ledger_url: str) -> None:
    engine = open_engine(ledger_url)
    with writing(engine) as connection:
        upgrade(connection)
        assert head_line(connection) == f"0:{GENESIS.hex()}"
        assert list(against(connection, read_head(head_line(connection)))) == []
        assert [finding.place for finding in against(connection, read_head(f"0:{'1' * 64}"))] == ["entry 0"]


@pytest.mark.parametrize("text", ["", "17", "17:", "17:abc", f"x:{'0' * 64}", f"-1:{'0' * 64}", f"1:{'g' * 64}"])
def test_what_is_no_end_of_a_chain_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="N:HASH"):
        read_head(text)
