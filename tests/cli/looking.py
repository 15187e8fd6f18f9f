"""Looking into a ledger behind the program's back."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def rows(ledger: Path, query: str, *values: object) -> list[dict[str, Any]]:
    """The rows of a query, without their empty columns."""
    with closing(sqlite3.connect(ledger)) as connection:
        connection.row_factory = sqlite3.Row
        found = [dict(row) for row in connection.execute(query, values)]
    return [{name: value for name, value in row.items() if value is not None} for row in found]


def loss(ledger: Path, uid: str) -> dict[str, Any]:
    """A loss as its row shows it, references by name."""
    names = """select side.slug as side, equipment_type.slug as type, category.slug as category, feed.slug as feed,
        loss.* from loss join side on side.id = side_id join category on category.id = loss.category_id
        join feed on feed.id = feed_id left join equipment_type on equipment_type.id = type_id where loss.uid = ?"""
    [row] = rows(ledger, names, uid)
    return {name: value for name, value in row.items() if name not in ("id", "uid") and not name.endswith("_id")}


def newest_source(ledger: Path) -> dict[str, Any]:
    """The source that was made last."""
    return rows(ledger, "select * from source order by id desc limit 1")[0]


def entries(ledger: Path) -> int:
    """How many entries the journal has."""
    return int(rows(ledger, "select count(*) as number from entry")[0]["number"])
