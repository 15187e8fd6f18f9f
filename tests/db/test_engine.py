"""The doors to the database, where they stay shut."""

from pathlib import Path

import pytest
from sqlalchemy import text

from lossledger.db.engine import open_engine, writing
from lossledger.db.migrate import upgrade
from lossledger.errors import Unavailable


def test_a_read_only_ledger_is_not_written(tmp_path: Path) -> None:
    """Whoever runs this, root included, for whom no file is read-only: SQLite itself opens it so."""
    ledger = tmp_path / "ledger.db"
    with writing(open_engine(str(ledger))) as connection:
        upgrade(connection)
    before = ledger.read_bytes()
    read_only = open_engine(f"sqlite:///file:{ledger}?mode=ro&uri=true")
    said = "the file or its folder is read-only; nothing was written"
    with pytest.raises(Unavailable, match=said) as refused, writing(read_only) as connection:
        connection.execute(text("CREATE TABLE more (than_there_was TEXT)"))
    assert refused.value.exit_code == 5
    assert ledger.read_bytes() == before
