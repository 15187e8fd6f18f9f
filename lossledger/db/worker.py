"""What runs in the process of its own that works on an SQLite file for another one; see `db.apart`.

It is run by its path, and imports nothing of the program, so that it is there in a few hundredths of a second.
Requests come in by standard input and answers leave by standard output, each behind its length: a request is its
name and its arguments, an answer whether it went well, and the result or the error.
"""

import marshal
import signal
import sqlite3
import sys
from collections.abc import Callable, Sequence
from itertools import count
from operator import itemgetter
from typing import Any

LENGTH = 4
"""How many bytes say how long a message is."""

ROWS_AT_ONCE = 1_000
"""How many rows of a result are handed over before more are asked for."""


def without_empty(
    names: Sequence[str], rows: Sequence[Sequence[object]]
) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
    """Rows without the columns in which none has a value, where there are several left.

    Half of a loss's forty columns are mostly empty, and each null handed over costs as much as a value.
    """
    used = [place for place, values in enumerate(zip(*rows, strict=True)) if values.count(None) < len(rows)]
    if not 1 < len(used) < len(names):
        return names, rows
    pick = itemgetter(*used)
    return pick(names), [pick(row) for row in rows]


class Worker:
    """A connection to an SQLite file, and the results that are still being read from it."""

    def __init__(self, file: str, options: dict[str, Any]) -> None:
        self._connection = sqlite3.connect(file, **options)
        self._open: dict[int, sqlite3.Cursor] = {}
        self._numbers = count(1)
        self._failed: sqlite3.Error | None = None

    def execute(self, statement: str, values: Any) -> tuple[Any, ...]:
        """Run a statement; returns what a cursor knows of it, and the beginning of its rows."""
        return self._result(self._connection.execute(statement, values))

    def execute_many(self, statement: str, rows: Any) -> tuple[Any, ...]:
        """Run a statement once for every row of values."""
        return self._result(self._connection.executemany(statement, rows))

    def more(self, number: int) -> tuple[list[Any], bool]:
        """The next rows of a result, and whether there are still more."""
        rows = self._open[number].fetchmany(ROWS_AT_ONCE)
        if len(rows) < ROWS_AT_ONCE:
            self.forget(number)
        return rows, number in self._open

    def forget(self, number: int) -> None:
        """Read no more of a result."""
        if cursor := self._open.pop(number, None):
            cursor.close()

    def commit(self) -> None:
        """Commit the transaction."""
        self._connection.commit()

    def roll_back(self) -> None:
        """Take the transaction back, and forget that anything failed in it."""
        self._failed = None
        self._connection.rollback()

    def insert(self, table: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Insert rows that nobody waits for: where it fails, whatever is asked for next fails with that."""
        if self._failed is None:
            names, rows = without_empty(names, rows)
            columns, places = ", ".join(names), ", ".join("?" * len(names))
            statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - names of our own tables
            try:
                self._connection.executemany(statement, rows)
            except sqlite3.Error as error:
                self._failed = error

    def answer(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """The result of a request."""
        asked: Callable[..., Any] = getattr(self, name)
        if self._failed is not None and asked != self.roll_back:
            raise self._failed
        return asked(*arguments)

    def close(self) -> None:
        """Leave the file, and take back what was not committed."""
        self._connection.close()

    def _result(self, cursor: sqlite3.Cursor) -> tuple[Any, ...]:
        names = None if cursor.description is None else [column[0] for column in cursor.description]
        rows = [] if names is None else cursor.fetchmany(ROWS_AT_ONCE)
        number = 0
        if len(rows) == ROWS_AT_ONCE:
            number = next(self._numbers)
            self._open[number] = cursor
        return names, cursor.rowcount, cursor.lastrowid, rows, number


def main() -> None:
    """Do what is asked until nobody asks any more."""
    for ending in (signal.SIGINT, signal.SIGTERM):  # which may be for both: it is for the one who asks to end this
        signal.signal(ending, signal.SIG_IGN)
    file, options = sys.argv[1], marshal.loads(bytes.fromhex(sys.argv[2]))  # noqa: S302 - from the one who asks
    try:
        worker = Worker(file, options)
    except sqlite3.Error as error:
        _send(_failure(error))
        return
    _send((True, None))
    while (request := _next()) is not None:
        name, arguments = request
        if name == "insert":
            worker.insert(*arguments)
        else:
            _send(_outcome(worker, name, arguments))
    worker.close()


def _next() -> tuple[str, tuple[Any, ...]] | None:
    """The next request, or None where there will be none, or only half of one."""
    length = sys.stdin.buffer.read(LENGTH)
    wanted = int.from_bytes(length, "big")
    message = sys.stdin.buffer.read(wanted)
    if len(length) < LENGTH or len(message) < wanted:
        return None
    name, arguments = marshal.loads(message)  # noqa: S302 - from the one who asks
    return name, arguments


def _outcome(worker: Worker, name: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, worker.answer(name, arguments)
    except sqlite3.Error as error:
        return _failure(error)


def _failure(error: sqlite3.Error) -> tuple[bool, tuple[str, str]]:
    return False, (type(error).__name__, str(error))


def _send(answer: Any) -> None:
    message = marshal.dumps(answer)
    sys.stdout.buffer.write(len(message).to_bytes(LENGTH, "big") + message)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
