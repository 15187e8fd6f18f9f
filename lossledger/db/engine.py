"""Engines and transactions: one door for reading, one for writing, and errors in the user's words."""

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    exc,
    func,
    make_url,
    select,
)
from sqlalchemy.pool import NullPool

from lossledger.errors import LedgerError, NoLedger, Refused, Unavailable

# What a driver says while it is interrupted is said by whoever interrupted it, not by a traceback beside.
logging.getLogger("sqlalchemy").addHandler(logging.NullHandler())

BUSY_SECONDS = 30
"""How long a second writer waits for the first; an SQLite URL may say otherwise: ``?timeout=5``."""

_CACHE_KIB = 64 * 1024
_PG_LOCK = 0x6C6F7373
"""The key of the advisory lock that stands for the one end of the chain ("loss" in ASCII)."""


def open_engine(location: str, *, much: bool = False) -> Engine:
    """An engine for a ledger at a path or a database URL. Nothing is opened yet.

    Where ``much`` is to be written, an SQLite file is worked on by a process of its own.

    Errors: NoLedger for a URL that is none, an engine other than SQLite and PostgreSQL, or a missing driver.
    """
    url = _url(location)
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, apart=much)
    if url.get_backend_name() == "postgresql":
        return _postgres_engine(url)
    raise NoLedger(f"a ledger is kept in SQLite or PostgreSQL, not in {url.get_backend_name()}")


def _url(location: str) -> URL:
    if "://" not in location:
        return URL.create("sqlite", database=str(Path(location).expanduser().absolute()))
    try:
        url = make_url(location)
        url.get_dialect()
    except (exc.ArgumentError, ValueError) as error:
        raise NoLedger(f"{location} is no database URL; give a path, sqlite:///PATH or postgresql://...") from error
    if url.get_backend_name() == "sqlite" and not url.database:
        raise NoLedger("a ledger needs a file; give a path, or sqlite:///PATH")
    return url


def scratch_engine(file: Path) -> Engine:
    """An engine for an SQLite file that nobody else has and that is thrown away should anything fail.

    So it is written without the care that a ledger is written with, and its rows need not come in order.
    """
    url = URL.create("sqlite", database=str(file))
    return _sqlite_engine(url, ("foreign_keys = OFF", "synchronous = OFF", "journal_mode = MEMORY"))


_CAREFUL = ("foreign_keys = ON", "synchronous = FULL", "secure_delete = ON")


def _sqlite_engine(url: URL, pragmas: tuple[str, ...] = _CAREFUL, *, apart: bool = False) -> Engine:
    engine = create_engine(
        url.update_query_dict({"timeout": str(BUSY_SECONDS), **url.query}),
        poolclass=NullPool,
        module=_apart() if apart else sqlite3,
        connect_args={"check_same_thread": False},  # `db.sending` has a thread that takes turns with the program's own
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own transactions begin late and commit unasked; ours begin when we say so.
        connection.isolation_level = None
        for pragma in (*pragmas, f"cache_size = -{_CACHE_KIB}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":  # as VACUUM wants it
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("lossledger_writes") else "BEGIN")

    return engine


def _apart() -> Any:
    from lossledger.db import apart

    return apart


def _postgres_engine(url: URL) -> Engine:
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    try:
        return create_engine(
            url,
            poolclass=NullPool,
            connect_args={"options": f"-c lock_timeout={BUSY_SECONDS * 1000} -c timezone=UTC"},
        )
    except ModuleNotFoundError as error:
        raise NoLedger("PostgreSQL needs one more package: pip install 'lossledger[postgres]'") from error


def place(engine: Engine) -> str:
    """Where a ledger is, as its user would say it: the file's path, or the URL without its password."""
    url = engine.url
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the ledger from beginning to end, and cannot change it."""
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with _in_words(engine), engine.connect() as bare:
        connection = bare.execution_options(**options)
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine, *, keep: bool = True) -> Iterator[Connection]:
    """A connection that alone may append; committed at the end, or nothing of it is done.

    With ``keep`` false all is done and then taken back. A second writer waits here for
    ``BUSY_SECONDS``. Errors: Unavailable where it has to give up.
    """
    with _in_words(engine), engine.connect() as bare:
        connection = bare.execution_options(lossledger_writes=True)
        with connection.begin() as transaction:
            if engine.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_PG_LOCK)))
            yield connection
            if not keep:
                transaction.rollback()


@contextmanager
def unbound(engine: Engine) -> Iterator[Connection]:
    """A connection outside any transaction, for what a database does to itself as a whole."""
    with _in_words(engine), engine.connect() as bare:
        yield bare.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def _in_words(engine: Engine) -> Iterator[None]:
    """Turn what the database drivers raise into one line that says what to do."""
    try:
        yield
    except exc.IntegrityError as error:
        said = " ".join(str(error.orig).split())
        raise Refused(
            f"something else in the ledger rests on what this would take away or repeat ({said}); "
            "change or withdraw that first, or leave this as it is"
        ) from error
    except (exc.OperationalError, exc.DatabaseError, exc.InternalError) as error:
        raise explained(str(error.orig), place(engine)) from error
    except UnicodeDecodeError as error:
        raise Unavailable(f"{place(engine)}: the database holds bytes that are no text; it is damaged") from error


_SQLITE_WORDS = (
    (
        "database is locked",
        "another process is writing and did not finish in time; try again",
    ),
    ("disk is full", "the disk is full; nothing was written"),
    ("readonly database", "the file or its folder is read-only; nothing was written"),
    ("unable to open", "it cannot be opened; check the path and its permissions"),
    ("not a database", "this file is no SQLite database"),
    (
        "malformed",
        "the database file is damaged; restore a backup with: lossledger db restore",
    ),
    ("disk i/o error", "the disk cannot be read or written, or the file was cut off"),
)
_POSTGRES_WORDS = (
    (
        "lock timeout",
        "another process is writing and did not finish in time; try again",
    ),
    ("read-only transaction", "the server is read-only; nothing was written"),
    ("could not extend file", "the server's disk is full; nothing was written"),
    ("password authentication", "the server refuses this user or password"),
    ("does not exist", "the database or role does not exist"),
    ("connection", "the server cannot be reached"),
)


def explained(driver_said: str, where: str) -> LedgerError:
    """What a database driver said, as an error in one line that says what to do."""
    said = " ".join(driver_said.split())
    if "alembic_version" in said:
        return NoLedger(f"{where} holds no ledger; start one with: lossledger init")
    if re.search(r"no such (table|column)|(relation|column) .* does not exist", said):
        return NoLedger(f"{where}: this database holds no ledger, or its tables were changed ({said})")
    for mark, meaning in _SQLITE_WORDS + _POSTGRES_WORDS:
        if mark in said.lower():
            return Unavailable(f"{where}: {meaning}")
    return Unavailable(f"{where}: {said}")
