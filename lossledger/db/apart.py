"""SQLite in a process of its own, for an act that writes so much that one processor has too much to do.

To SQLAlchemy this module is a driver like `sqlite3`, whose errors and facts it passes on. What it adds is `insert`,
which does not wait: while the other process puts rows into the file, this one makes the next. Two threads of one
process cannot do that, since binding values and making them both need the interpreter.
"""

import marshal
import sqlite3
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from sqlite3 import (
    Binary,
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    Warning,  # noqa: A004 - its name in every driver
    apilevel,
    paramstyle,
    sqlite_version,
    sqlite_version_info,
    threadsafety,
)
from typing import IO, Any, cast

from lossledger.db import worker

__all__ = (
    "Binary",
    "Connection",
    "Cursor",
    "DataError",
    "DatabaseError",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "Warning",
    "apilevel",
    "connect",
    "paramstyle",
    "sqlite_version",
    "sqlite_version_info",
    "threadsafety",
)

Row = tuple[Any, ...]

_PIPE = 1024 * 1024
"""Bytes that a pipe is to hold; more are granted to nobody unless the system's owner says so."""

_PATIENCE = 10
"""Seconds that the other process gets to take back what was not committed; after that the next who opens does."""


class Connection:
    """A connection of the other process, as far as SQLAlchemy and this program need one. It never begins by itself."""

    isolation_level: None = None

    def __init__(self, file: str, options: dict[str, Any]) -> None:
        command = [sys.executable, "-I", "-S", worker.__file__, file, marshal.dumps(options).hex()]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ourselves
        self._requests = cast("IO[bytes]", self._process.stdin)
        _widen(self._requests)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self._in_step = True
        """Whether the next answer is that to the next request: not where one of them was cut off."""
        try:
            self._receive()
        except BaseException:
            self.close()
            raise

    def insert(self, table: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Have rows inserted, and do not wait for it. Where it fails, whatever comes next raises the error.

        The names are as they stand in a statement, quoted where they have to be.
        """
        self._send("insert", table, names, rows)

    def ask(self, *request: Any) -> Any:
        """The answer to a request, its name and arguments.

        Errors: those of `sqlite3`, and OperationalError where the process is gone.
        """
        self._send(*request)
        return self._receive()

    def cursor(self) -> "Cursor":
        """A cursor, by which SQLAlchemy runs statements."""
        return Cursor(self)

    def execute(self, statement: str, values: Sequence[object] = ()) -> "Cursor":
        """Run a statement."""
        cursor = self.cursor()
        cursor.execute(statement, values)
        return cursor

    def create_function(self, *_: object, **__: object) -> None:
        """Leave out SQLAlchemy's own ``regexp``, which no statement here uses."""

    def commit(self) -> None:
        """Commit the transaction."""
        self.ask("commit")

    def rollback(self) -> None:
        """Take the transaction back; it is where the process is gone, or can be told nothing any more."""
        try:
            self.ask("roll_back")
        except OperationalError:
            self.close()

    def close(self) -> None:
        """End the process; what was not committed is taken back."""
        for pipe in (self._requests, self._answers):
            with suppress(BrokenPipeError):
                pipe.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _send(self, *request: Any) -> None:
        name, *arguments = request
        message = marshal.dumps((name, arguments))
        with self._exchange():
            self._requests.write(len(message).to_bytes(worker.LENGTH, "big") + message)
            self._requests.flush()

    def _receive(self) -> Any:
        with self._exchange():
            length = self._answers.read(worker.LENGTH)
            message = self._answers.read(int.from_bytes(length, "big"))
            if not message:
                raise BrokenPipeError
        fine, result = marshal.loads(message)  # noqa: S302 - written by our own process
        if not fine:
            name, said = result
            raise getattr(sqlite3, name)(said)
        return result

    @contextmanager
    def _exchange(self) -> Iterator[None]:
        """Write a message or read one; one that is cut off was the last."""
        if not self._in_step:
            raise _gone()
        self._in_step = False
        try:
            yield
        except (BrokenPipeError, ConnectionResetError) as error:
            raise _gone() from error
        self._in_step = True


def _widen(pipe: IO[bytes]) -> None:
    """Let a pipe hold a thousand entries and more, where the system lets us: then nobody waits who writes them."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def _gone() -> OperationalError:
    return OperationalError("the process that works on the database has ended")


class Cursor:
    """A statement that the other process ran, and its rows, which are fetched as they are asked for."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: deque[Row] = deque()
        self._further = 0
        self.description: list[Row] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    def execute(self, statement: str, values: Sequence[object] = ()) -> None:
        """Run a statement with values."""
        self._take(self._connection.ask("execute", statement, tuple(values)))

    def executemany(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """Run a statement once for every row of values."""
        self._take(self._connection.ask("execute_many", statement, [tuple(row) for row in rows]))

    def fetchone(self) -> Row | None:
        """The next row, or None."""
        if not self._rows:
            self._fetch()
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Row]:
        """The next rows, at most so many."""
        wanted = size or self.arraysize
        while len(self._rows) < wanted and self._further:
            self._fetch()
        return [self._rows.popleft() for _ in range(min(wanted, len(self._rows)))]

    def fetchall(self) -> list[Row]:
        """All rows that are left."""
        return list(self)

    def __iter__(self) -> Iterator[Row]:
        while (row := self.fetchone()) is not None:
            yield row

    def close(self) -> None:
        """Read no more."""
        if self._further:
            self._connection.ask("forget", self._further)
            self._further = 0

    def _take(self, result: Row) -> None:
        names, self.rowcount, self.lastrowid, rows, self._further = result
        self.description = None if names is None else [(name, *[None] * 6) for name in names]
        self._rows = deque(rows)

    def _fetch(self) -> None:
        if self._further:
            rows, more = self._connection.ask("more", self._further)
            self._rows.extend(rows)
            self._further = self._further if more else 0


def connect(database: str, **options: Any) -> Connection:
    """Open an SQLite file in a process of its own. Errors: those of `sqlite3.connect`."""
    return Connection(database, {**options, "isolation_level": None})
