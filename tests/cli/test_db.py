"""``db``, and what every command says of a database that cannot be used."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from lossledger.db.engine import open_engine, writing
from lossledger.db.migrate import upgrade
from tests.cli.conftest import Run, runner
from tests.cli.looking import entries
from tests.cli.screens import screen

Trouble = Callable[[Path], None]
"""Something that happened to a ledger's file."""


def behind_the_back(ledger: Path, statement: str) -> None:
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute(statement)
        connection.commit()


def truncated(ledger: Path) -> None:
    ledger.write_bytes(ledger.read_bytes()[:20_000])


def overwritten(ledger: Path) -> None:
    content = bytearray(ledger.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    ledger.write_bytes(content)


def no_database(ledger: Path) -> None:
    ledger.write_text("a letter, and no database at all\n" * 40)


def foreign(ledger: Path) -> None:
    ledger.unlink()
    behind_the_back(ledger, "CREATE TABLE bookmarks (url TEXT)")


def newer(ledger: Path) -> None:
    behind_the_back(ledger, "UPDATE alembic_version SET version_num = '9999'")


def gone(ledger: Path) -> None:
    ledger.unlink()


def empty(ledger: Path) -> None:
    ledger.write_bytes(b"")


@pytest.mark.parametrize(
    ("trouble", "code", "line"),
    [
        (gone, 4, "no ledger at "),
        (empty, 4, "no ledger at "),
        (foreign, 4, "holds no ledger"),
        (newer, 4, "has schema 9999, which this program (0005) does not know; upgrade lossledger"),
        (no_database, 5, "this file is no SQLite database"),
        (truncated, 5, "damaged"),
        (overwritten, 5, "damaged"),
    ],
)
@pytest.mark.parametrize(
    "args",
    [
        ("tally",),
        ("list",),
        ("show", "tank2"),
        ("info",),
        (),
        ("db", "backup", "copy.db"),
        ("note", "tank2", "n", "--reason", "r"),
    ],
    ids=lambda args: args[0] if args else "bare",
)
def test_what_is_no_sound_ledger(
    run: Run,
    ledger: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Trouble,
    code: int,
    line: str,
    args: tuple[str, ...],
) -> None:
    """One line, no traceback, and nothing is made; the bare program says how to begin where there is none."""
    monkeypatch.chdir(tmp_path)
    trouble(ledger)
    result = run(*args)
    if not args and trouble in (gone, empty):
        assert (result.exit_code, result.stderr) == (0, "")
        assert "lossledger demo" in result.stdout
        return
    assert (result.exit_code, result.stdout) == (code, "")
    assert line in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "copy.db").exists()


def test_a_locked_ledger(ledger: Path) -> None:
    """A second writer gives up after a while with code 5; who only reads is not kept waiting."""
    run = runner(f"sqlite:///{ledger}?timeout=0.2")
    with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert run("tally").exit_code == 0
        refused = run("note", "tank2", "n", "--reason", "r")
    assert refused.exit_code == 5
    assert "another process is writing" in refused.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_ledger(run: Run, ledger: Path, tmp_path: Path) -> None:
    """It is read and backed up, and not written."""
    backup = tmp_path.parent / "backup-of-read-only.db"
    ledger.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        assert run("tally").exit_code == 0
        assert run("db", "backup", str(backup)).exit_code == 0
        refused = run("note", "tank2", "n", "--reason", "r")
        assert refused.exit_code == 5
        assert "read-only" in refused.stderr
    finally:
        tmp_path.chmod(0o755)
        backup.unlink(missing_ok=True)


def test_current_and_upgrade(run: Run, ledger: Path) -> None:
    assert screen(run("db", "current")) == "0005\n"
    assert run("db", "upgrade").stderr == "schema 0005 already\n"
    newer(ledger)
    result = run("db", "current")
    assert (result.exit_code, result.stdout) == (4, "9999\n")
    assert run("db", "upgrade").exit_code == 4
    foreign(ledger)
    assert run("db", "upgrade").exit_code == 4
    assert run("db", "current").exit_code == 4


def test_current_on_each_engine(served: Run) -> None:
    assert screen(served("db", "current")) == "0005\n"
    assert served("db", "upgrade").exit_code == 0


def test_a_backup_is_the_ledger(run: Run, ledger: Path, tmp_path: Path) -> None:
    """It tells what the ledger tells, and nothing else lies beside it."""
    copy = tmp_path / "backups" / "copy.db"
    copy.parent.mkdir()
    assert run("db", "backup", str(copy)).exit_code == 0
    assert list(copy.parent.iterdir()) == [copy]
    assert runner(str(copy))("list").stdout == run("list").stdout
    assert runner(str(copy))("audit").exit_code == 0
    assert copy.stat().st_mode == ledger.stat().st_mode


def test_a_backup_while_somebody_writes(run: Run, ledger: Path, tmp_path: Path) -> None:
    """What is not committed is not in it."""
    with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM setting")
        assert run("db", "backup", str(tmp_path / "copy.db")).exit_code == 0
        other.execute("ROLLBACK")
    assert runner(str(tmp_path / "copy.db"))("audit").exit_code == 0


def test_a_backup_replaces_nothing_unasked(run: Run, ledger: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_text("something else")
    refused = run("db", "backup", str(there))
    assert (refused.exit_code, there.read_text()) == (2, "something else")
    assert run("db", "backup", str(there), "--force").exit_code == 0
    assert runner(str(there))("tally").exit_code == 0
    assert run("db", "backup", str(ledger), "--force").exit_code == 2
    assert run("db", "backup", str(tmp_path / "nowhere" / "x.db")).exit_code == 2


def test_a_damaged_ledger_replaces_no_good_backup(run: Run, ledger: Path, tmp_path: Path) -> None:
    good = tmp_path / "good.db"
    run("db", "backup", str(good))
    before = good.read_bytes()
    # A page in the middle: the schema and the first tables can still be read.
    content = bytearray(ledger.read_bytes())
    middle = len(content) // 8192 * 4096
    content[middle : middle + 4096] = b"\xa5" * 4096
    ledger.write_bytes(content)
    refused = run("db", "backup", str(good), "--force")
    assert refused.exit_code == 5
    assert good.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == sorted([good, ledger])


def test_a_restore_keeps_what_was_there(run: Run, ledger: Path, tmp_path: Path) -> None:
    """The old ledger is kept beside the new one, also when it is done again."""
    backup = tmp_path / "backup.db"
    run("db", "backup", str(backup))
    before = entries(ledger)
    run("note", "tank2", "a later note", "--reason", "r")
    assert run("db", "restore", str(backup), "--yes").stderr == (
        f"{ledger} restored from {backup}\nwhat was there is kept as {ledger}.before-restore\n"
    )
    assert entries(ledger) == before
    assert entries(tmp_path / "valley.db.before-restore") == before + 1
    assert run("db", "restore", str(backup), "--yes").exit_code == 0
    assert entries(tmp_path / "valley.db.before-restore") == before + 1
    assert (tmp_path / "valley.db.before-restore-2").exists()


@pytest.mark.parametrize("trouble", [truncated, overwritten, no_database])
def test_a_damaged_ledger_is_restored(run: Run, ledger: Path, tmp_path: Path, trouble: Trouble) -> None:
    """This is what backups are for; a journal that a broken-off writer left is not rolled back into it."""
    backup = tmp_path / "backup.db"
    run("db", "backup", str(backup))
    trouble(ledger)
    Path(f"{ledger}-journal").write_bytes(b"left behind")
    assert run("db", "restore", str(backup), "--yes").exit_code == 0
    assert run("audit").exit_code == 0
    assert not Path(f"{ledger}-journal").exists()


def test_a_restore_where_there_is_no_ledger(run: Run, ledger: Path, tmp_path: Path) -> None:
    """Nothing is replaced, so nothing is asked."""
    new = tmp_path / "new" / "ledger.db"
    assert runner(str(new))("db", "restore", str(ledger)).stderr == f"{new} restored from {ledger}\n"
    assert runner(str(new))("tally").exit_code == 0


def test_a_restore_needs_a_yes(run: Run, ledger: Path, tmp_path: Path) -> None:
    run("db", "backup", str(tmp_path / "backup.db"))
    refused = run("db", "restore", str(tmp_path / "backup.db"), input="y\n")
    assert refused.exit_code == 2
    assert "say --yes" in refused.stderr
    assert not Path(f"{ledger}.before-restore").exists()


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(truncated, 5), (overwritten, 5), (no_database, 5), (foreign, 4), (newer, 4), (gone, 2)],
)
def test_what_is_no_backup_replaces_nothing(
    run: Run, ledger: Path, tmp_path: Path, trouble: Trouble, code: int
) -> None:
    backup = tmp_path / "backup.db"
    run("db", "backup", str(backup))
    trouble(backup)
    before = ledger.read_bytes()
    assert run("db", "restore", str(backup), "--yes").exit_code == code
    assert ledger.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} <= {"backup.db", "valley.db"}


def test_a_restore_waits_for_a_writer(ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody writes, the ledger is not taken from under them."""
    monkeypatch.setattr("lossledger.db.files.BUSY_SECONDS", 0.2)
    run = runner(str(ledger))
    run("db", "backup", str(tmp_path / "backup.db"))
    with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = run("db", "restore", str(tmp_path / "backup.db"), "--yes")
    assert refused.exit_code == 5
    assert "another process is writing" in refused.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"backup.db", "valley.db"}


@pytest.mark.parametrize(
    ("args", "tool"), [(("backup", "x.db"), "pg_dump"), (("restore", "{}", "--yes"), "pg_restore")]
)
def test_a_server_has_tools_of_its_own(ledger: Path, postgres_url: str, args: tuple[str, ...], tool: str) -> None:
    with writing(open_engine(postgres_url)) as connection:
        upgrade(connection)
    refused = runner(postgres_url)("db", *(arg.format(ledger) for arg in args))
    assert refused.exit_code == 2
    assert tool in refused.stderr
