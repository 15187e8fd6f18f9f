"""The views that other programs see: plain names, no row ids, nothing that could be written."""

import pytest
from sqlalchemy import Connection, Engine, inspect, text

from lossledger.core.vocabulary import Act, Relation, Verification
from lossledger.db.engine import open_engine, reading, writing
from lossledger.db.tables import metadata
from lossledger.errors import LedgerError
from lossledger.ledger import casefile, losses, published, redact
from lossledger.ledger.journal import recording
from tests.db.make_ledger import act

VIEWS = ["journal", "losses", "losses_sources", "published_tallies", "tallies"]


@pytest.fixture
def engine(ledger_url: str) -> Engine:
    """A ledger with a little of everything, and one more tank with two sources."""
    engine = open_engine(ledger_url)
    act(engine)
    with recording(engine, actor="cid") as journal:
        second = {"evidence.bbbbbbbbbb.source": "othersource", "evidence.bbbbbbbbbb.relation": "confirms"}
        source = {"url": "https://example.org/2", "title": "A tank", "kind": "video"}
        journal.append(Act.CATALOGUE, "source", "othersource", source, new=True)
        cited = casefile.evidence_fields("source", Relation.REPORTS, {"credibility": "2"})
        fields = {"side": "war/north", "type": "t-72b", "status": "destroyed", "latest": "2020-10-09"}
        losses.report(journal, fields | cited | second, uid="tanknumber")
        losses.verify(journal, "tanknumber", Verification.CONFIRMED)
    return engine


def rows(connection: Connection, statement: str) -> list[tuple[object, ...]]:
    """What a statement gives."""
    return [tuple(row) for row in connection.execute(text(statement))]


def test_the_views_are_there_beside_the_tables(engine: Engine) -> None:
    """No view has a table's name, and none shows the number of a row."""
    with reading(engine) as connection:
        found = inspect(connection)
        assert sorted(found.get_view_names()) == VIEWS
        assert not set(VIEWS) & set(metadata.tables)
        columns = [column["name"] for view in VIEWS for column in found.get_columns(view)]
        assert [name for name in columns if name.endswith("_id")] == []


def test_a_row_a_loss_that_stands(engine: Engine) -> None:
    """With names where people read; what is merged, withdrawn or recovered is not there."""
    columns = "id, conflict, side, category, category_group, type, status, verification, day, quantity, sources, link"
    with reading(engine) as connection:
        found = rows(connection, f"SELECT {columns}, feed FROM losses WHERE id = 'tanknumber'")
        assert found == [
            (
                *("tanknumber", "War", "Red North", "Tanks", "armoured", "T-72B", "destroyed", "confirmed"),
                *("2020-10-09", 1, 2, "https://example.org/1", "Own entries"),
            )
        ]
        standing = "SELECT sum(quantity) FROM posting"
        assert rows(connection, "SELECT sum(quantity) FROM losses") == rows(connection, standing)
        recorded = "SELECT recorded_at FROM losses WHERE id = 'tanknumber'"
        assert rows(connection, recorded) == rows(
            connection, "SELECT recorded_at FROM entry WHERE act = 'report' AND subject = 'tanknumber'"
        )


def test_a_row_for_each_source_of_a_loss(engine: Engine) -> None:
    """With what it does and how it is judged."""
    statement = (
        "SELECT relation, link, title, kind, credibility, link_state FROM losses_sources"
        " WHERE loss = 'tanknumber' ORDER BY link"
    )
    with reading(engine) as connection:
        assert rows(connection, statement) == [
            ("reports", "https://example.org/1", None, "video", "2", "media"),
            ("confirms", "https://example.org/2", "A tank", "video", None, None),
        ]


def test_what_is_confirmed_by_side_heading_and_status(engine: Engine) -> None:
    """A side is apart from those under it."""
    with reading(engine) as connection:
        assert rows(connection, "SELECT * FROM tallies ORDER BY side, category") == [
            ("War", "Red North", "Tanks", "armoured", "destroyed", "Own entries", 1, 1)
        ]


def test_what_others_counted(engine: Engine) -> None:
    """A list of slugs is told by names."""
    with recording(engine, actor="cid") as journal:
        told = {"conflict": "war", "side": "war/red", "counted_by": "a paper", "quantity": "9", "source": "source"}
        lists = {"categories": '["tanks", "guns"]', "statuses": '["captured"]'}
        published.publish(journal, told | lists | {"as_of": "2020-10-20"})
    columns = "counted_by, side, categories, types, statuses, as_of, quantity, link"
    with reading(engine) as connection:
        [row] = rows(connection, f"SELECT {columns} FROM published_tallies WHERE quantity = 9")
    assert row == ("a paper", "Red", "Tanks, Guns", None, "captured", "2020-10-20", 9, "https://example.org/1")


def test_who_did_what(engine: Engine) -> None:
    """An act's actor stands with each of its entries; one whose name is gone is nobody."""
    with recording(engine, actor="censor") as journal:
        redact.redact(journal, "loss", "tanknumber", ["actor"])
    with reading(engine) as connection:
        found = rows(connection, "SELECT act, kind, subject, actor FROM journal ORDER BY entry DESC LIMIT 4")
    assert found == [
        ("redact", "source", "othersource", "censor"),
        ("verify", "loss", "tanknumber", None),
        ("report", "loss", "tanknumber", None),
        ("catalogue", "source", "othersource", None),
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_no_view_can_be_written(engine: Engine, view: str) -> None:
    """On either engine, by whatever program."""
    with reading(engine) as connection:
        column = inspect(connection).get_columns(view)[0]["name"]
    for statement in (f"DELETE FROM {view}", f"UPDATE {view} SET {column} = NULL", f"INSERT INTO {view} VALUES (1)"):
        with pytest.raises(LedgerError), writing(engine) as connection:
            connection.execute(text(statement))
