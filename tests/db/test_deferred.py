"""What a large act goes without while it inserts stands again when it is done, as it stood before."""

import pytest
from sqlalchemy import Connection, Engine, exc, inspect, text

from lossledger.db import triggers
from lossledger.db.deferred import deferred
from lossledger.db.engine import open_engine, reading, writing
from lossledger.db.tables import metadata
from lossledger.errors import Refused
from lossledger.ledger.setup import create


@pytest.fixture
def engine(ledger_url: str) -> Engine:
    engine = open_engine(ledger_url)
    create(engine, "ann")
    return engine


def indexes(connection: Connection) -> set[tuple[str, tuple[str | None, ...]]]:
    found = inspect(connection)
    return {
        (str(index["name"]), tuple(index["column_names"]))
        for table in metadata.tables
        for index in found.get_indexes(table)
    }


@pytest.mark.parametrize("whole", [False, True])
def test_all_stands_again_afterwards(engine: Engine, whole: bool) -> None:
    with reading(engine) as connection:
        before = indexes(connection)
    with writing(engine) as connection, deferred(connection, indexes=whole):
        pass
    with reading(engine) as connection:
        assert indexes(connection) == before
        assert triggers.faults(connection) == []


def test_all_stands_where_it_failed(engine: Engine) -> None:
    with reading(engine) as connection:
        before = indexes(connection)
    with (
        pytest.raises(ZeroDivisionError),
        writing(engine) as connection,
        deferred(connection, indexes=True),
    ):
        raise ZeroDivisionError
    with reading(engine) as connection:
        assert indexes(connection) == before
        assert triggers.faults(connection) == []


def test_an_entry_that_stands_is_not_replaced_afterwards(engine: Engine) -> None:
    """The guard is lifted for one transaction, and is a guard again in the next."""
    with writing(engine) as connection, deferred(connection, indexes=False):
        pass
    if engine.dialect.name == "sqlite":
        with writing(engine) as connection, pytest.raises(exc.IntegrityError, match="REPLACE refused"):
            connection.execute(text("INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE number = 1"))
    else:
        with pytest.raises(Refused), writing(engine) as connection:
            connection.execute(text("INSERT INTO entry SELECT * FROM entry WHERE number = 1"))
