"""A public copy as an SQLite file of its own, which says in a table what it is."""

import shutil
from pathlib import Path
from typing import IO

from sqlalchemy import Column, Integer, MetaData, Table, Text, insert

from lossledger.db.engine import scratch_engine
from lossledger.exports.about import About

_about = Table(
    "about",
    MetaData(),
    Column("line", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("text", Text, nullable=False),
)


def write_database(copy: Path, about: About, out: IO[bytes]) -> None:
    """Write a copy, which is a file in a folder of its own, with a table ``about`` of its metadata."""
    whole = Path(shutil.copyfile(copy, copy.with_name("export.db")))
    engine = scratch_engine(whole)
    with engine.begin() as connection:
        _about.create(connection)
        rows = [{"line": line, "name": name, "text": text} for line, (name, text) in enumerate(about.rows(), start=1)]
        connection.execute(insert(_about), rows)
    engine.dispose()
    with whole.open("rb") as file:
        shutil.copyfileobj(file, out)
    whole.unlink()
