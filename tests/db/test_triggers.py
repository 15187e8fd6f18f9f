"""The database itself refuses to change what was entered, on both engines, in every way that SQL has."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Connection, Engine, exc, text

from lossledger.core.vocabulary import Relation
from lossledger.db import triggers
from lossledger.db.engine import open_engine, writing
from lossledger.db.migrate import upgrade
from lossledger.ledger import casefile, catalogue, losses
from lossledger.ledger.journal import Journal, recording

TABLES = ("entry", "entry_detail", "posting")
KEYS = {"entry": ("number",), "entry_detail": ("entry", "field"), "posting": ("entry", "line")}
OTHER = {"entry": "act_id = 'another'", "entry_detail": "value = 'another'", "posting": "quantity = 5"}
"""A change of each table's row."""


def made(url: str) -> Engine:
    """The engine of a new ledger with one loss in it. Nobody commits to it, so one serves all tests."""
    engine = open_engine(url)
    with writing(engine) as connection:
        upgrade(connection)
    with recording(engine, actor="ann") as journal:
        catalogue.create(journal, "conflict", {"name": "War"}, "war")
        catalogue.create(journal, "side", {"conflict": "war", "name": "Red"}, "war/red")
        catalogue.create(journal, "category", {"name": "Tanks", "group": "armoured"}, "tanks")
        catalogue.create(journal, "feed", {"name": "Own entries"}, "own")
        source = catalogue.create(journal, "source", {"url": "https://example.org/1"})
        reported = {"side": "war/red", "category": "tanks", "note": "a note"}
        losses.report(journal, reported | casefile.evidence_fields(source, Relation.REPORTS))
    return engine


@pytest.fixture(scope="module")
def made_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return made(f"sqlite:///{tmp_path_factory.mktemp('triggers')}/ledger.db")


@pytest.fixture(scope="module")
def made_postgres(postgres_server: str) -> Engine:
    with psycopg.connect(host=postgres_server, user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute("CREATE DATABASE triggers")
    return made(f"postgresql+psycopg://postgres@/triggers?host={postgres_server}")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    yield from rolled_back(request.getfixturevalue(f"made_{request.param}"))


@pytest.fixture
def sqlite_connection(made_sqlite: Engine) -> Iterator[Connection]:
    """PostgreSQL has no REPLACE."""
    yield from rolled_back(made_sqlite)


def rolled_back(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


def columns(connection: Connection, table: str) -> str:
    return ", ".join(connection.execute(text(f"SELECT * FROM {table}")).keys())


def refused(connection: Connection, statement: str, table: str) -> None:
    """The statement is refused for the trigger's reason, and the table is as it was."""
    before = connection.execute(text(f"SELECT * FROM {table}")).all()
    with pytest.raises(exc.DBAPIError, match=f"{table} is append-only"), connection.begin_nested():
        connection.execute(text(statement))
    assert connection.execute(text(f"SELECT * FROM {table}")).all() == before


def standing_row(connection: Connection, table: str) -> str:
    """The columns of a row that stands, with one of them changed, as a SELECT."""
    name, _, value = OTHER[table].partition(" = ")
    listed = [value if column == name else column for column in columns(connection, table).split(", ")]
    return f"SELECT {', '.join(listed)} FROM {table} LIMIT 1"


@pytest.mark.parametrize("table", TABLES)
def test_update_is_refused(connection: Connection, table: str) -> None:
    refused(connection, f"UPDATE {table} SET {OTHER[table]}", table)


@pytest.mark.parametrize("table", TABLES)
def test_update_of_the_key_is_refused(connection: Connection, table: str) -> None:
    refused(connection, f"UPDATE {table} SET {KEYS[table][0]} = 1 + {KEYS[table][0]}", table)


@pytest.mark.parametrize("table", TABLES)
def test_an_update_that_changes_nothing_is_refused(connection: Connection, table: str) -> None:
    refused(connection, f"UPDATE {table} SET {KEYS[table][0]} = {KEYS[table][0]}", table)


@pytest.mark.parametrize("table", TABLES)
def test_delete_is_refused(connection: Connection, table: str) -> None:
    refused(connection, f"DELETE FROM {table}", table)


@pytest.mark.parametrize("table", TABLES)
def test_upsert_is_refused(connection: Connection, table: str) -> None:
    row = standing_row(connection, table)
    onto = f"ON CONFLICT ({', '.join(KEYS[table])}) DO UPDATE SET {OTHER[table]}"
    # WHERE true: without it SQLite takes ON for a part of the SELECT.
    insert = f"INSERT INTO {table} ({columns(connection, table)}) SELECT * FROM ({row}) AS standing WHERE true {onto}"
    refused(connection, insert, table)


@pytest.mark.parametrize("table", TABLES)
def test_truncate_is_refused(connection: Connection, table: str) -> None:
    statement = f"TRUNCATE {table} CASCADE" if connection.dialect.name == "postgresql" else f"DELETE FROM {table}"
    with pytest.raises(exc.DBAPIError, match="is append-only"), connection.begin_nested():
        connection.execute(text(statement))
    assert connection.execute(text(f"SELECT 1 FROM {table}")).first()


@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"])
@pytest.mark.parametrize("table", TABLES)
def test_replace_is_refused(sqlite_connection: Connection, table: str, verb: str) -> None:
    row = standing_row(sqlite_connection, table)
    refused(sqlite_connection, f"{verb} INTO {table} ({columns(sqlite_connection, table)}) {row}", table)


@pytest.mark.parametrize("verb", ["UPDATE OR REPLACE", "UPDATE OR IGNORE"])
@pytest.mark.parametrize("table", TABLES)
def test_update_or_replace_is_refused(sqlite_connection: Connection, table: str, verb: str) -> None:
    refused(sqlite_connection, f"{verb} {table} SET {KEYS[table][0]} = 1", table)


@pytest.mark.parametrize("written", ["'{}'", "{}.0", "' {} '"])
@pytest.mark.parametrize("table", TABLES)
def test_replace_is_refused_however_the_key_is_written(sqlite_connection: Connection, table: str, written: str) -> None:
    number = sqlite_connection.scalar(text(f"SELECT {KEYS[table][0]} FROM {table} LIMIT 1"))
    names = columns(sqlite_connection, table)
    listed = [written.format(number) if name == KEYS[table][0] else name for name in names.split(", ")]
    refused(sqlite_connection, f"REPLACE INTO {table} ({names}) SELECT {', '.join(listed)} FROM {table} LIMIT 1", table)


def test_replace_is_refused_by_the_name_that_sqlite_gives_a_row(sqlite_connection: Connection) -> None:
    names = columns(sqlite_connection, "entry").replace("number", "rowid")
    row = standing_row(sqlite_connection, "entry")
    refused(sqlite_connection, f"REPLACE INTO entry ({names}) {row}", "entry")


def test_a_text_may_be_redacted(connection: Connection) -> None:
    redact = "UPDATE entry_detail SET value = NULL, salt = NULL, digest = :digest WHERE field = 'note'"
    done = connection.execute(text(redact), {"digest": b"d" * 32})
    assert done.rowcount == 1


@pytest.mark.parametrize(
    "change",
    [
        "value = NULL",
        "salt = NULL",
        "value = NULL, salt = NULL, digest = NULL",
        "value = 'another', salt = NULL, digest = :bytes",
        "value = NULL, salt = NULL, digest = :bytes, field = 'place'",
        "value = NULL, salt = NULL, digest = :bytes, entry = 1",
        "value = NULL, digest = :bytes",
        "salt = :bytes",
    ],
)
def test_nothing_but_a_redaction_is_let_through(connection: Connection, change: str) -> None:
    update = text(f"UPDATE entry_detail SET {change} WHERE field = 'note'")
    given = {"bytes": b"d" * 32} if ":bytes" in change else {}
    with pytest.raises(exc.DBAPIError, match="entry_detail is append-only"), connection.begin_nested():
        connection.execute(update, given)


@pytest.mark.parametrize(
    "change",
    ["value = 'back', salt = :bytes, digest = NULL", "digest = :bytes", "value = NULL, salt = NULL, digest = :bytes"],
)
def test_a_redacted_text_stays_as_it_is(connection: Connection, change: str) -> None:
    test_a_text_may_be_redacted(connection)
    update = text(f"UPDATE entry_detail SET {change} WHERE field = 'note'")
    with pytest.raises(exc.DBAPIError, match="entry_detail is append-only"), connection.begin_nested():
        connection.execute(update, {"bytes": b"e" * 32})


def test_new_rows_are_let_in(connection: Connection) -> None:
    journal = Journal(connection, actor="ann")
    catalogue.create(journal, "category", {"name": "Guns", "group": "artillery"}, "guns")
    journal.flush()
    assert triggers.faults(connection) == []
