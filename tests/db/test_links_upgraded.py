"""Links are looked up by a key that follows from them: an older rule's keys are replaced when a ledger is upgraded."""

import json

from sqlalchemy import MetaData, text

from lossledger.checks.audit import audit
from lossledger.db.engine import open_engine, reading, writing
from lossledger.db.migrate import upgrade
from lossledger.queries.likeness import source_of_link
from tests.db.make_ledger import LEDGERS, meant


def test_keys_of_an_older_rule_are_replaced(ledger_url: str) -> None:
    """The source is found by its link again, and the audit finds nothing."""
    engine = open_engine(ledger_url)
    kept = json.loads((LEDGERS / "0001.json").read_text(encoding="utf-8"))
    with writing(engine) as connection:
        upgrade(connection, "0001")
        old = MetaData()
        old.reflect(connection)
        for table in old.sorted_tables:
            if table.name in kept:
                connection.execute(table.insert(), [meant(table, row) for row in kept[table.name]])
        connection.execute(text("UPDATE source SET url_key = 7"))
    with writing(engine) as connection:
        upgrade(connection)
    with reading(engine) as connection:
        assert source_of_link(connection, "ttps://www.example.org/1?utm_source=a") == "source"
        assert audit(connection).findings == ()
    engine.dispose()
