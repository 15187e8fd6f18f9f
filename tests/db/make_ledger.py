"""Writes the ledger by which later programs prove that they can upgrade from this revision.

Run ``python -m tests.db.make_ledger`` once, when a revision is new, and keep the file for good.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, Table, select

from lossledger.core.vocabulary import Act, Closed, Relation, Verification
from lossledger.db.engine import open_engine, reading, writing
from lossledger.db.migrate import upgrade
from lossledger.db.schema import CURRENT
from lossledger.ledger import casefile, catalogue, groups, inbox, losses, published, redact, releases, scenes, undo
from lossledger.ledger.journal import Journal, recording

LEDGERS = Path(__file__).with_name("ledgers")
"""A file a revision: every row of every table, references always to rows before."""


def rows_of(connection: Any) -> dict[str, list[dict[str, object]]]:
    """Every row of every table that has any, in the order of its keys; bytes as ``{"hex": ...}``."""
    metadata = MetaData()
    metadata.reflect(connection)
    found = {}
    for table in metadata.sorted_tables:
        rows = connection.execute(select(table).order_by(*table.primary_key)).mappings().all()
        if rows and table.name != "alembic_version":
            found[table.name] = [
                {name: told(value) for name, value in row.items() if value is not None} for row in rows
            ]
    return found


def told(value: object) -> object:
    """A value as JSON can hold it."""
    return {"hex": bytes(value).hex()} if isinstance(value, bytes | memoryview) else value


def meant(table: Table, row: dict[str, Any]) -> dict[str, object]:
    """The values of all columns of a row, as the database wants them."""
    values = {name: bytes.fromhex(value["hex"]) if isinstance(value, dict) else value for name, value in row.items()}
    return {column.name: values.get(column.name) for column in table.c}


def act(engine: Any) -> None:
    """Do a little of everything."""
    with writing(engine) as connection:
        upgrade(connection)
        journal = Journal(connection, actor="ann", reason="the ledger begins")
        catalogue.create(journal, "conflict", {"name": "War", "starts": "2020-09-27"}, "war")
        catalogue.create(journal, "side", {"conflict": "war", "name": "Red"}, "war/red")
        catalogue.create(journal, "side", {"conflict": "war", "name": "Red North", "parent": "war/red"}, "war/north")
        catalogue.create(journal, "category", {"name": "Tanks", "group": "armoured"}, "tanks")
        catalogue.create(journal, "category", {"name": "Guns", "group": "artillery"}, "guns")
        catalogue.create(journal, "type", {"name": "T-72", "category": "tanks"}, "t-72", {"Ural": "press"})
        catalogue.create(journal, "type", {"name": "T-72B", "category": "tanks", "parent": "t-72"}, "t-72b")
        catalogue.create(journal, "feed", {"name": "Own entries"}, "own")
        catalogue.create(journal, "source", {"url": "https://example.org/1", "kind": "video"}, "source")
        run = catalogue.create(journal, "import", {"feed": "own", "file": "a.csv"})
        published.publish(
            journal, {"conflict": "war", "counted_by": "a ministry", "quantity": "200", "side": "war/red"}
        )
        published.set_value(journal, "conflict", "war")
        given = {"side": "war/red", "type": "t-72", "status": "damaged", "place": "Мартакерт", "note": "a secret"}
        uids = []
        for days in ({"earliest": "2020-10-01", "latest": "2020-10-03"}, {"feed_day": "2020-12-01"}, {}):
            cited = casefile.evidence_fields("source", Relation.REPORTS, {"credibility": "2"})
            row = {"row.own.run": run, "row.own.given": "{}"}
            uids.append(
                losses.report(
                    journal, given | {"quantity": "10", "latitude": "40.25", "longitude": "46.5"} | days | cited | row
                )
            )
        journal.flush()
    first, second, third = uids
    with recording(engine, actor="ben") as journal:
        losses.event(journal, first, {"status": "captured", "latest": "2020-10-10", "phrase": "captured"})
        losses.verify(journal, second, Verification.CONFIRMED, "a list")
        part = losses.split(journal, first, 3, {"counts": "item"})
        groups.merge(journal, third, second)
        losses.withdraw(journal, second)
        catalogue.change(journal, "type", "t-72", {"category": "guns"})
    with recording(engine, actor="ben") as journal:
        scene = scenes.create(journal, "The bridge")
        [seen, waiting] = inbox.add(journal, [{"url": f"https://example.org/{name}"} for name in ("seen", "waiting")])
        scenes.join(journal, scene, [seen.uid, waiting.uid])
        inbox.close(journal, seen.uid, Closed.RECORDED, [first])
        inbox.assign(journal, waiting.uid, "ann")
    with recording(engine, actor="ben") as journal:
        held = {"sha256": "ab" * 32, "origin": "fetched", "media_type": "image/png", "size": "300", "graphic": "yes"}
        look = {"health": "media", "looked_at": "2020-10-11T08:00:00.000000Z", "gone_on": "2020-10-12"}
        file = {f"file.aaaaaaaaaa.{name}": value for name, value in held.items()}
        journal.append(Act.EVIDENCE, "source", "source", look | file)
    with recording(engine, actor="ben") as journal:
        losses.amend(journal, part, {"type": "t-72b", "note": None})
    with recording(engine, actor="ben") as journal:
        undo.undo(journal)
    with recording(engine, actor="ben") as journal:
        releases.create(journal, "October", conflict="war", own=True)
    with recording(engine, actor="censor", reason="the law") as journal:
        redact.redact(journal, "loss", first, ["note", "latitude", "longitude"])


def main() -> None:
    """Write the file of the current revision."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/ledger.db")
        act(engine)
        with reading(engine) as connection:
            whole = rows_of(connection)
    lines = [
        f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]"
        for name, rows in whole.items()
    ]
    (LEDGERS / f"{CURRENT}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
