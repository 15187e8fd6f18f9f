"""The database itself: the triggers stand and are ours, and the file is sound."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from lossledger.checks.database import guarded, sound
from lossledger.db.engine import open_engine, reading
from tests.checks.tamper import at, found

SQLITE_NAMES = [
    f"{table}_no_{what}" for table in ("entry", "posting", "entry_detail") for what in ("update", "delete", "replace")
]
POSTGRES_NAMES = [name.replace("replace", "truncate") for name in SQLITE_NAMES]


@pytest.fixture
def as_made(honest: Engine) -> Iterator[Connection]:
    """The honest ledger with its triggers, in a transaction that is taken back."""
    with honest.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


@pytest.fixture
def postgres_as_made(honest_postgres: Engine) -> Iterator[Connection]:
    """The same on PostgreSQL alone, whose triggers call a function and can be switched off."""
    with honest_postgres.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


def wrong(connection: Connection) -> list[str]:
    return [finding.wrong for finding in guarded(connection)]


def names(connection: Connection) -> list[str]:
    return SQLITE_NAMES if connection.dialect.name == "sqlite" else POSTGRES_NAMES


def drop(connection: Connection, name: str) -> None:
    on = "" if connection.dialect.name == "sqlite" else f" ON {name.partition('_no_')[0]}"
    connection.execute(text(f"DROP TRIGGER {name}{on}"))


def test_the_triggers_of_a_new_ledger_are_ours(as_made: Connection) -> None:
    assert wrong(as_made) == []


@pytest.mark.parametrize("at", range(len(SQLITE_NAMES)), ids=SQLITE_NAMES)
def test_a_trigger_taken_away_is_found(as_made: Connection, at: int) -> None:
    name = names(as_made)[at]
    drop(as_made, name)
    assert wrong(as_made) == [f"trigger {name} is missing"]


@pytest.mark.parametrize("at", range(len(SQLITE_NAMES)), ids=SQLITE_NAMES)
def test_a_trigger_that_does_nothing_is_found(as_made: Connection, at: int) -> None:
    name = names(as_made)[at]
    table, _, refused = name.partition("_no_")
    drop(as_made, name)
    if as_made.dialect.name == "sqlite":
        event = {"replace": "INSERT"}.get(refused, refused.upper())
        as_made.execute(text(f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT 1; END"))
    else:
        each = "STATEMENT" if refused == "truncate" else "ROW"
        as_made.execute(text("CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"))
        as_made.execute(
            text(f"CREATE TRIGGER {name} BEFORE {refused} ON {table} FOR EACH {each} EXECUTE FUNCTION nothing()")
        )
    assert wrong(as_made) == [f"trigger {name} is not the one this program made"]


def test_a_condition_with_its_brackets_moved_is_found(as_made: Connection) -> None:
    if as_made.dialect.name == "sqlite":
        before, after = "NOT (NEW.entry = OLD.entry AND ", "NOT (NEW.entry = OLD.entry) AND ("
        made = as_made.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'entry_detail_no_update'"))
    else:
        before, after = "(NOT ((new.entry = old.entry) AND ", "((NOT (new.entry = old.entry)) AND ("
        made = as_made.scalar(
            text("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'entry_detail_no_update'")
        )
    assert isinstance(made, str)
    assert before in made
    drop(as_made, "entry_detail_no_update")
    as_made.execute(text(made.replace(before, after).replace(":", r"\:")))
    assert wrong(as_made) == ["trigger entry_detail_no_update is not the one this program made"]


def test_a_trigger_of_somebody_else_is_found(as_made: Connection) -> None:
    if as_made.dialect.name == "sqlite":
        as_made.execute(text("CREATE TRIGGER more AFTER INSERT ON loss BEGIN DELETE FROM evidence; END"))
    else:
        as_made.execute(text("CREATE TRIGGER more AFTER INSERT ON loss EXECUTE FUNCTION lossledger_refuse()"))
    assert wrong(as_made) == ["trigger more is none that this program made"]


def test_triggers_switched_off_are_found(postgres_as_made: Connection) -> None:
    postgres_as_made.execute(text("ALTER TABLE entry DISABLE TRIGGER USER"))
    assert wrong(postgres_as_made) == [
        f"trigger {name} is not the one this program made" for name in POSTGRES_NAMES if name.startswith("entry_no")
    ]


@pytest.mark.parametrize("body", ["BEGIN RETURN NEW; END", "BEGIN RETURN OLD; END", "BEGIN NULL; END"])
def test_a_function_that_refuses_nothing_is_found(postgres_as_made: Connection, body: str) -> None:
    postgres_as_made.execute(
        text(f"CREATE OR REPLACE FUNCTION lossledger_refuse() RETURNS trigger LANGUAGE plpgsql AS '{body}'")
    )
    assert wrong(postgres_as_made) == ["function lossledger_refuse is missing or not the one this program made"]


def test_a_row_that_refers_to_nothing_is_found(sqlite_ledger: Connection) -> None:
    sqlite_ledger.execute(text("UPDATE loss SET type_id = 9999 WHERE uid = 'secretsecr'"))
    (wrong,) = at(found(sqlite_ledger), "table loss")[-1:]
    assert wrong.endswith("refers to a 'equipment_type' that is not there")


def test_what_sqlite_finds_in_its_file_is_a_finding(honest_sqlite: Engine, tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    path.write_bytes(Path(str(honest_sqlite.url.database)).read_bytes())
    damaged = bytearray(path.read_bytes())
    day = damaged.index(b"2020-10-03", _page_of(path, "ix_loss_day"))
    damaged[day : day + 10] = b"2020-10-05"  # in the index alone, so that it does not lead to its row
    path.write_bytes(damaged)
    with reading(open_engine(f"sqlite:///{path}")) as connection:
        assert [finding.wrong for finding in sound(connection) if "ix_loss_day" in finding.wrong]


def _page_of(path: Path, name: str) -> int:
    """Where in the file a table or an index begins."""
    with open_engine(f"sqlite:///{path}").connect() as connection:
        size = connection.scalar(text("PRAGMA page_size"))
        root = connection.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = :name"), {"name": name})
    return (int(root or 0) - 1) * int(size or 0)
