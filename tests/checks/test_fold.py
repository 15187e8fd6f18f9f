"""The fold: the tables show what the entries say, each of what it is about."""

import pytest
from sqlalchemy import Connection, Table, delete, func, insert, select, text

from lossledger.core.digest import SALT_BYTES, Entry
from lossledger.db.tables import CHILDREN, SUBJECTS, entry, entry_detail, evidence, loss
from tests.checks.story import BLUE, COPY, FIRST, FULL, RED, ROOT, SECOND, SECRET, SOURCE, UNDATED
from tests.checks.tamper import Row, at, change, found, rehash, rows

side, source, feed = SUBJECTS["side"], SUBJECTS["source"], SUBJECTS["feed"]


def the_row(connection: Connection, table: Table, key: str) -> Row:
    return next(row for row in rows(connection, table) if key in (row.get("slug"), row.get("uid")))


def exchange(connection: Connection, table: Table, one: str, other: str, *columns: str) -> None:
    """Give each of two rows what the other has, step by step, for some columns hold no value twice."""
    first, second = the_row(connection, table, one), the_row(connection, table, other)
    change(connection, table, first, **{name: "between" if isinstance(first[name], str) else None for name in columns})
    change(connection, table, second, **{name: first[name] for name in columns})
    change(connection, table, first, **{name: second[name] for name in columns})


def append(connection: Connection, subject: str, *fields: tuple[str, str | None], kind: str = "loss") -> int:
    """Append an entry with a hash that fits, as somebody could who knows the format."""
    last = rows(connection, entry)[-1]
    bare = {**last, "number": last["number"] + 1, "kind": kind, "subject": subject, "act": "amend"}
    connection.execute(insert(entry), [bare])
    for field, value in fields:
        detail = {"entry": bare["number"], "field": field, "value": value, "salt": bytes(SALT_BYTES)}
        connection.execute(insert(entry_detail), [detail])
    rehash(connection, bare["number"])
    return int(bare["number"])


def test_two_sides_names_exchanged_are_found(ledger: Connection) -> None:
    exchange(ledger, side, RED, BLUE, "name")
    findings = found(ledger)
    assert at(findings, f"table side, slug {RED}, column name") == ["fold: is 'The Blues', but the entries say 'Red'"]
    assert at(findings, f"table side, slug {BLUE}, column name")


def test_two_sides_slugs_exchanged_are_found(ledger: Connection) -> None:
    exchange(ledger, side, RED, BLUE, "slug")
    findings = found(ledger)
    assert at(findings, f"table loss, uid {FULL}, column side_id") == [
        f"fold: is '{BLUE}', but the entries say '{RED}'"
    ]
    assert any(finding.check == "chain" for finding in findings)
    assert any(finding.check == "postings" for finding in findings)


def test_two_losses_uids_exchanged_are_found(ledger: Connection) -> None:
    exchange(ledger, loss, FIRST, SECOND, "uid")
    findings = found(ledger)
    assert at(findings, f"table loss, uid {FIRST}")
    assert at(findings, f"table loss, uid {SECOND}")


def test_two_losses_keys_in_their_feed_exchanged_are_found(ledger: Connection) -> None:
    exchange(ledger, loss, FULL, SECOND, "feed_key")
    assert at(found(ledger), f"table loss, uid {FULL}, column feed_key") == [
        "fold: is 'key 2', but the entries say 'key 1'"
    ]


def test_two_sources_links_exchanged_are_found(ledger: Connection) -> None:
    exchange(ledger, source, SOURCE, COPY, "url", "url_key")
    assert at(found(ledger), f"table source, uid {SOURCE}, column url_key")


def test_evidence_moved_to_another_loss_is_found(ledger: Connection) -> None:
    moved = next(row for row in rows(ledger, evidence) if row["uid"] == "pieceofevi")
    change(ledger, evidence, moved, loss_id=the_row(ledger, loss, SECRET)["id"])
    findings = found(ledger)
    assert at(findings, f"table evidence, of loss {FULL}, uid pieceofevi") == ["fold: its row is missing"]
    assert at(findings, f"table evidence, of loss {SECRET}, uid pieceofevi") == ["fold: no entry makes this row"]


@pytest.mark.parametrize("child", CHILDREN.values(), ids=str)
def test_rows_of_an_owner_that_is_not_there_are_found(ledger: Connection, child: Table) -> None:
    owner = next(iter(child.primary_key)).name
    change(ledger, child, rows(ledger, child)[0], **{owner: 9_999})
    (wrong,) = at(found(ledger), f"table {child.name}, {owner} 9999")
    assert "not there" in wrong


def test_a_reference_that_leads_nowhere_is_found(ledger: Connection) -> None:
    change(ledger, loss, the_row(ledger, loss, FIRST), type_id=9_999)
    assert at(found(ledger), f"table loss, uid {FIRST}, column type_id") == [
        "fold: is 'no row 9999', but the entries say 'bmp-1'"
    ]


def test_rows_renumbered_alike_everywhere_are_no_finding(ledger: Connection) -> None:
    old, new = the_row(ledger, feed, "list")["id"], 77
    for table in (*SUBJECTS.values(), *CHILDREN.values(), *(loss.metadata.tables[name] for name in ("posting",))):
        for column in table.c:
            if column.references(feed.c.id):
                ledger.execute(table.update().where(column == old).values({column.name: new}))
    ledger.execute(feed.update().where(feed.c.id == old).values(id=new))
    assert found(ledger) == []


def test_a_subject_with_two_rows_is_found(ledger: Connection) -> None:
    if ledger.dialect.name == "sqlite":  # where no key can be taken off a table: it would have to be made anew
        ledger.execute(text("CREATE TABLE once AS SELECT * FROM setting"))
        ledger.execute(text("DROP TABLE setting"))
        ledger.execute(text("ALTER TABLE once RENAME TO setting"))
    else:
        ledger.execute(text("ALTER TABLE setting DROP CONSTRAINT uq_setting_slug"))
    ledger.execute(text("INSERT INTO setting SELECT id + 10, slug, value FROM setting WHERE slug = 'conflict'"))
    assert "fold: it has more than one row" in at(found(ledger), "table setting, slug conflict")


@pytest.mark.parametrize(
    "field",
    ["colour", "evidence", "evidence.source", "event.1.colour", "stranger.1.name", ".", "..", "a..b", "loss.note", ""],
)
def test_a_detail_that_names_no_field_is_found(ledger: Connection, field: str) -> None:
    number = append(ledger, FIRST, (field, "red"))
    assert any("has no field" in wrong for wrong in at(found(ledger), f"entry {number}"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", "abc"),
        ("quantity", ""),
        ("quantity", "9" * 5_000),
        ("quantity", None),
        ("latest", "2020-99-99"),
        ("earliest", "yesterday"),
        ("latitude", "north"),
        ("latitude", "nan"),
        ("side", "war/nowhere"),
        ("side", None),
        ("status", "vanished"),
        ("status", None),
        ("verification", None),
        ("counts", "twice"),
        ("inferred", "perhaps"),
        ("candidates", "{[garbage"),
        ("merged_into", "nobodynobo"),
        ("event.x.status", "captured"),
        ("event..status", "captured"),
        ("event.3.latest", "2020-10-20"),
        ("event.3.status", "vanished"),
        ("evidence.piece.source", "nowhere"),
        ("row.nofeed.given", "\u202e\x1b[31m"),
    ],
)
def test_what_no_act_can_have_written_is_found_and_breaks_nothing(
    ledger: Connection, field: str, value: str | None
) -> None:
    number = append(ledger, FULL, (field, value))
    findings = found(ledger)
    assert any(FULL in finding.place or f" {number}" in finding.place for finding in findings), findings
    assert all(finding.wrong.isprintable() for finding in findings)


@pytest.mark.parametrize("kind", SUBJECTS)
def test_a_subject_that_no_table_shows_is_found(ledger: Connection, kind: str) -> None:
    append(ledger, "nobody", ("name", "Nobody"), kind=kind)
    key = "uid" if "uid" in SUBJECTS[kind].c else "slug"
    assert "fold: its row is missing" in at(found(ledger), f"table {SUBJECTS[kind].name}, {key} nobody")


def test_an_entry_of_no_known_kind_is_found(ledger: Connection) -> None:
    number = append(ledger, "nobody", ("name", "Nobody"), kind="ghost")
    assert at(found(ledger), f"entry {number}") == ["fold: there is no kind 'ghost'"]


def test_a_subject_whose_entries_are_gone_is_found(ledger: Connection) -> None:
    numbers = select(entry.c.number).where(entry.c.subject == "another")
    ledger.execute(delete(entry_detail).where(entry_detail.c.entry.in_(numbers)))
    ledger.execute(delete(entry).where(entry.c.subject == "another"))
    findings = found(ledger)
    assert at(findings, "table setting, slug another") == ["fold: no entry makes this row"]
    assert at(findings, "table conflict, slug another") == ["fold: no entry makes this row"]


def test_losses_that_break_the_rules_are_found(ledger: Connection) -> None:
    append(ledger, UNDATED, ("reported", "2999-01-01"))
    assert any("lies in the future" in wrong for wrong in at(found(ledger), f"loss {UNDATED}"))


def test_the_entries_of_the_story_are_the_last(ledger: Connection) -> None:
    last = Entry(*ledger.execute(select(entry).order_by(entry.c.number.desc()).limit(1)).one())
    assert append(ledger, ROOT, ("text", "well")) == last.number + 1
    assert ledger.scalar(select(func.max(entry.c.number))) == last.number + 1
    assert found(ledger) == []
