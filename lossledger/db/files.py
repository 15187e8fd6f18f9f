"""A ledger in one file, as a whole: copied while it is in use, proved sound, put in another's place."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection

from lossledger.db.engine import BUSY_SECONDS, explained, open_engine, reading
from lossledger.db.schema import REVISIONS, revision
from lossledger.errors import NoLedger, Unavailable

_KEPT = ".before-restore"


def back_up(ledger: Path, to: Path) -> None:
    """Copy a ledger, which may be in use, to a file that appears only when it is whole and proved sound.

    A file that is there is replaced. Errors: Unavailable where the ledger is damaged or cannot be read.
    """
    copied = _copy(ledger, to)
    try:
        shutil.copymode(ledger, copied)
        copied.replace(to)
    except BaseException:
        copied.unlink(missing_ok=True)
        raise


def restore(backup: Path, ledger: Path) -> Path | None:
    """Put a sound backup in a ledger's place; returns where the old ledger is kept, None where there was none.

    Errors: NoLedger where the backup is no ledger that this program knows, Unavailable where it is damaged,
    or where somebody is writing to the old ledger.
    """
    ledger.parent.mkdir(parents=True, exist_ok=True)
    copied = _copy(backup, ledger)
    try:
        shutil.copymode(ledger if ledger.exists() else backup, copied)
        if not ledger.exists():
            copied.replace(ledger)
            return None
        with _standing_still(ledger):
            kept = _keep(ledger)
            copied.replace(ledger)
        return kept
    except BaseException:
        copied.unlink(missing_ok=True)
        raise


def _copy(source: Path, beside: Path) -> Path:
    """A proved copy of a ledger in a file with a name of its own, in the folder of another."""
    descriptor, name = tempfile.mkstemp(prefix=f".{beside.name}.", dir=beside.parent)
    os.close(descriptor)
    copied = Path(name)
    try:
        with reading(open_engine(str(source))) as connection:
            copy_pages(connection, copied)
        _prove(copied, source)
    except sqlite3.Error as error:
        copied.unlink()
        raise explained(str(error), str(source)) from error
    except BaseException:
        copied.unlink()
        raise
    return copied


def copy_pages(connection: Connection, to: Path) -> None:
    """Copy the file of an SQLite ledger page by page, as one state of it. Errors: those of `sqlite3`."""
    driver = connection.connection.driver_connection
    with closing(sqlite3.connect(to)) as target:
        driver.backup(target)  # type: ignore[union-attr]


def _prove(copied: Path, source: Path) -> None:
    """Refuse a copy that is no ledger of a known schema, or that SQLite does not find sound."""
    with reading(open_engine(str(copied))) as connection:
        found = revision(connection)
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    if said != "ok":
        raise Unavailable(f"{source}: the database file is damaged ({said})")
    if found is None:
        raise NoLedger(f"{source} holds no ledger")
    if found not in REVISIONS:
        raise NoLedger(f"{source} has schema {found}, which this program does not know; upgrade lossledger")


@contextmanager
def _standing_still(ledger: Path) -> Iterator[None]:
    """Keep everybody from writing to a ledger. To one that is damaged nobody can write."""
    with closing(sqlite3.connect(ledger, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                raise explained(str(error), str(ledger)) from error
        yield


def _keep(ledger: Path) -> Path:
    """Give a ledger a second name beside its own; what a broken-off writer left behind goes with it."""
    number = 1
    while (kept := ledger.with_name(f"{ledger.name}{_KEPT}{'' if number == 1 else f'-{number}'}")).exists():
        number += 1
    try:
        kept.hardlink_to(ledger)
    except OSError:
        # A file system without links: for a moment there is no ledger, but never a lost one.
        ledger.rename(kept)
    journal = ledger.with_name(f"{ledger.name}-journal")
    if journal.exists():
        # SQLite would roll it back into the restored ledger.
        journal.rename(kept.with_name(f"{kept.name}-journal"))
    return kept
