"""The schema: tables and migrations agree, every revision can be upgraded from, triggers are in place."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, inspect, text

from lossledger.checks.audit import audit
from lossledger.db import schema, triggers
from lossledger.db.engine import open_engine, reading, writing
from lossledger.db.migrate import upgrade
from lossledger.db.tables import metadata
from lossledger.errors import LedgerError, NoLedger
from lossledger.resources import folder
from tests.db.make_ledger import LEDGERS, act, meant, rows_of


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, as the program makes it."""
    made = Config()
    made.set_main_option("script_location", str(folder("migrations")))
    made.attributes["connection"] = connection
    return made


def walk() -> list[str]:
    """Every revision of the scripts, oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()][::-1]


@pytest.fixture
def engine(ledger_url: str) -> Engine:
    """An empty database."""
    return open_engine(ledger_url)


def test_the_program_knows_every_revision() -> None:
    """It reads the version without Alembic, so it keeps the list itself."""
    assert list(schema.REVISIONS) == walk()
    assert ScriptDirectory.from_config(config()).get_heads() == [schema.CURRENT]
    assert [path.stem for path in sorted(LEDGERS.glob("*.json"))] == walk(), "see tests/db/make_ledger.py"


def test_reading_the_version_imports_no_alembic(tmp_path: Path) -> None:
    """It takes a third of a second that nobody should wait for."""
    program = (
        "import sys\n"
        "from lossledger.db.engine import open_engine, reading\n"
        "from lossledger.db.schema import require_current, revision\n"
        f"engine = open_engine('sqlite:///{tmp_path}/ledger.db')\n"
        "with reading(engine) as connection:\n"
        "    require_current(connection, 'here')\n"
        "    print(revision(connection), 'alembic' in sys.modules)\n"
    )
    with writing(open_engine(f"sqlite:///{tmp_path}/ledger.db")) as connection:
        upgrade(connection)
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == [schema.CURRENT, "False"]


def test_tables_and_migrations_agree(engine: Engine) -> None:
    """Alembic would generate nothing."""
    with writing(engine) as connection:
        upgrade(connection)
        command.check(config(connection))


def test_migrations_make_what_the_tables_say(engine: Engine) -> None:
    """In every column, key, constraint and index, those included that Alembic does not compare."""
    with writing(engine) as connection:
        upgrade(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        migrated = shape(connection)
    with writing(engine) as connection:
        for view in inspect(connection).get_view_names():
            connection.execute(text(f"DROP VIEW {view}"))
        metadata.drop_all(connection)
        metadata.create_all(connection)
        assert shape(connection) == migrated


def _told(found: Mapping[str, Any]) -> str:
    """A key, constraint or index in words; what SQLAlchemy holds as an expression, as the SQL that it stands for."""
    options = {name: str(value) for name, value in found.get("dialect_options", {}).items()}
    return repr({**found, "dialect_options": options})


def shape(connection: Connection) -> dict[str, object]:
    """Everything that the database tells of its tables, without what is only a matter of order."""
    found = inspect(connection)
    shapes: dict[str, object] = {}
    for table in sorted(found.get_table_names()):
        columns = {column["name"]: {**column, "type": repr(column["type"])} for column in found.get_columns(table)}
        lists = (found.get_foreign_keys, found.get_unique_constraints, found.get_check_constraints, found.get_indexes)
        shapes[table] = [columns, found.get_pk_constraint(table), *(sorted(map(_told, of(table))) for of in lists)]
    if connection.dialect.name == "sqlite":
        tail = text("SELECT name, sql LIKE '%WITHOUT ROWID%' FROM sqlite_master WHERE type = 'table' ORDER BY name")
        shapes["without rowid"] = connection.execute(tail).all()
        partial = text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
        shapes["indexes"] = [(name, " ".join(sql.split())) for name, sql in connection.execute(partial)]
    return shapes


@pytest.mark.parametrize("revision", walk())
def test_a_ledger_of_each_revision_is_upgraded(engine: Engine, revision: str) -> None:
    """With all that was in it; the audit finds nothing, and the journal is what it was."""
    kept = json.loads((LEDGERS / f"{revision}.json").read_text(encoding="utf-8"))
    with writing(engine) as connection:
        upgrade(connection, revision)
        old = MetaData()
        old.reflect(connection)
        for table in old.sorted_tables:
            if table.name in kept:
                connection.execute(table.insert(), [meant(table, row) for row in kept[table.name]])
    with writing(engine) as connection:
        upgrade(connection)
    with reading(engine) as connection:
        schema.require_current(connection, "here")
        assert audit(connection).findings == ()
        assert triggers.faults(connection) == []
        now = rows_of(connection)
    assert {name: now[name] for name in ("entry", "entry_detail", "posting")} == {
        name: kept[name] for name in ("entry", "entry_detail", "posting")
    }


def test_the_kept_ledgers_hold_a_row_in_every_table(engine: Engine) -> None:
    """So that an upgrade of any table is tried."""
    with writing(engine) as connection:
        upgrade(connection)
    whole = json.loads((LEDGERS / f"{schema.CURRENT}.json").read_text(encoding="utf-8"))
    assert set(metadata.tables) == set(whole)
    act_ids = {row["act"] for row in whole["entry"]}
    assert {"report", "event", "verify", "split", "merge", "withdraw", "amend", "undo", "redact"} <= act_ids


def test_the_triggers_are_those_that_the_program_makes(engine: Engine) -> None:
    """After the migrations; and one that is missing or changed is told."""
    with writing(engine) as connection:
        upgrade(connection)
    with writing(engine) as connection:
        assert triggers.faults(connection) == []
        on = "" if connection.dialect.name == "sqlite" else " ON entry"
        connection.execute(text(f"DROP TRIGGER entry_no_delete{on}"))
        assert triggers.faults(connection) == ["trigger entry_no_delete is missing"]


STATEMENTS = {
    "UPDATE entry SET act = 'note'": "entry is append-only: UPDATE refused",
    "DELETE FROM entry WHERE number = 30": "entry is append-only: DELETE refused",
    "UPDATE posting SET quantity = quantity + 1": "posting is append-only: UPDATE refused",
    "DELETE FROM posting": "posting is append-only: DELETE refused",
    "DELETE FROM entry_detail": "entry_detail is append-only: DELETE refused",
    "UPDATE entry_detail SET value = 'x'": "entry_detail is append-only: UPDATE refused",
    "UPDATE entry_detail SET value = NULL": "entry_detail is append-only: UPDATE refused",
    "UPDATE entry_detail SET salt = NULL, digest = salt, value = 'x' WHERE entry = 1": (
        "entry_detail is append-only: UPDATE refused"
    ),
    "UPDATE entry_detail SET salt = NULL, digest = salt, field = 'x' WHERE entry = 1": (
        "entry_detail is append-only: UPDATE refused"
    ),
}
ON_SQLITE = {
    f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}": f"{table} is append-only: REPLACE refused"
    for table in ("entry", "entry_detail", "posting")
}
ON_POSTGRESQL = {
    f"TRUNCATE {table} CASCADE": f"{table} is append-only: TRUNCATE refused"
    for table in ("entry", "entry_detail", "posting")
}


def test_the_database_itself_refuses_to_change_the_ledger(engine: Engine) -> None:
    """Whatever program it is that tries."""
    act(engine)
    with reading(engine) as connection:
        before = rows_of(connection)

    def refusal(statement: str) -> str:
        with pytest.raises(LedgerError) as refused, writing(engine) as connection:
            connection.execute(text(statement))
        return str(refused.value)

    tried = STATEMENTS | (ON_SQLITE if engine.dialect.name == "sqlite" else ON_POSTGRESQL)
    assert [statement for statement, said in tried.items() if said not in refusal(statement)] == []
    with reading(engine) as connection:
        assert rows_of(connection) == before


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("0000", "here has schema 0000, which this program (NOW) does not know; upgrade lossledger"),
        ("9999", "here has schema 9999, which this program (NOW) does not know; upgrade lossledger"),
    ],
)
def test_another_schema_is_refused(engine: Engine, version: str, message: str) -> None:
    """Rather than read wrongly."""
    with writing(engine) as connection:
        upgrade(connection)
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    with pytest.raises(NoLedger) as refused, reading(engine) as connection:
        schema.require_current(connection, "here")
    assert str(refused.value) == message.replace("NOW", schema.CURRENT)


def test_an_older_schema_says_how_to_upgrade(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A known revision that is not the current one."""
    with writing(engine) as connection:
        upgrade(connection)
    monkeypatch.setattr(schema, "REVISIONS", ("0001", "0003"))
    monkeypatch.setattr(schema, "CURRENT", "0003")
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(NoLedger) as refused, reading(engine) as connection:
        schema.require_current(connection, "here")
    assert str(refused.value) == "here has schema 0001, this program needs 0003; run: lossledger db upgrade"


def test_a_database_without_a_ledger_is_told(engine: Engine) -> None:
    """It has no version, and reading one says what to do."""
    with reading(engine) as connection:
        assert schema.revision(connection) is None
    with pytest.raises(NoLedger), reading(engine) as connection:
        schema.require_current(connection, "here")
