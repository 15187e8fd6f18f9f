"""An entry's kind is held by a check, which an upgrade widens where it stands: nothing else of the table changes."""

import json

import pytest
from sqlalchemy import Engine, MetaData, text

from lossledger.checks.audit import audit
from lossledger.db.engine import open_engine, reading, writing
from lossledger.db.migrate import upgrade
from lossledger.errors import LedgerError
from lossledger.ledger import inbox, scenes
from lossledger.ledger.journal import recording
from tests.db.make_ledger import LEDGERS, meant

A_COPY = (
    "INSERT INTO entry SELECT number + 1000, format, act, act_id, '{}', subject, recorded_at, acted_at, origin,"
    " digest, previous, hash FROM entry WHERE number = 1"
)


@pytest.fixture
def engine(ledger_url: str) -> Engine:
    """A ledger of the second revision with a little of everything."""
    engine = open_engine(ledger_url)
    kept = json.loads((LEDGERS / "0002.json").read_text(encoding="utf-8"))
    with writing(engine) as connection:
        upgrade(connection, "0002")
        old = MetaData()
        old.reflect(connection)
        for table in old.sorted_tables:
            if table.name in kept:
                connection.execute(table.insert(), [meant(table, row) for row in kept[table.name]])
    return engine


def refuses(engine: Engine, kind: str) -> bool:
    """Whether the database refuses an entry on a subject of a kind."""
    try:
        with writing(engine, keep=False) as connection:
            connection.execute(text(A_COPY.format(kind)))
    except LedgerError:
        return True
    return False


def test_an_upgraded_ledger_takes_posts(engine: Engine) -> None:
    """In the very transaction, and ever after; an unknown kind is refused as before."""
    assert [refuses(engine, kind) for kind in ("loss", "post", "nonesuch")] == [False, True, True]
    with writing(engine, keep=False) as connection:
        upgrade(connection)
        connection.execute(text(A_COPY.format("post")))
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    assert refuses(engine, "post")
    with writing(engine) as connection:
        upgrade(connection)
    assert [refuses(engine, kind) for kind in ("loss", "post", "scene", "nonesuch")] == [False, False, False, True]
    with recording(engine, actor="ann") as journal:
        [post] = inbox.add(journal, [{"url": "https://example.org/new"}])
        scenes.join(journal, scenes.create(journal, "the bridge"), [post.uid])
    with reading(engine) as connection:
        assert audit(connection).findings == ()
    engine.dispose()
