"""The public copy: a ledger in which what the public view hides is not there at all.

Whatever is written for others is read from it, by the queries that serve everything else, so none of them has to know
what may be told. What is withheld stands in it as after a redaction: text and salt are gone, the digest stays, and
with it the chain and its head.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, select

from lossledger.core.days import minus_days, utc_now
from lossledger.core.head import Head
from lossledger.core.public_view import EMBARGO, PublicView
from lossledger.core.text import many
from lossledger.db import triggers
from lossledger.db.bulk import insert_rows
from lossledger.db.engine import explained, open_engine, place, reading, scratch_engine, unbound
from lossledger.db.files import copy_pages
from lossledger.db.schema import require_current
from lossledger.db.tables import metadata
from lossledger.errors import NothingFound
from lossledger.ledger.cutting import cut_after
from lossledger.ledger.withholding import withhold
from lossledger.queries.history import head
from lossledger.queries.public import public_view
from lossledger.queries.tallies import entry_known_on

_AT_ONCE = 10_000
"""How many rows are fetched from a server together."""


class PublicCopy(NamedTuple):
    """A public copy that is open: a connection to read it by, and what it is.

    ``as_of`` is the UTC instant as of which it stands, ``head`` that of its last entry, ``file`` the SQLite file
    that it is, for as long as it is open.
    """

    connection: Connection
    view: PublicView
    head: Head
    as_of: str
    file: Path


@contextmanager
def public_copy(engine: Engine, known_on: int | None = None) -> Iterator[PublicCopy]:
    """Read the public copy of a ledger. It lies in a folder that only this user can read, and goes at the end.

    With ``known_on``, of what the ledger knew after that entry; the view is that of today all the same.

    Errors: NothingFound where an embargo is on all that the ledger has; NoLedger for another schema; Unavailable where
    the ledger cannot be read, or the copy not be written.
    """
    with tempfile.TemporaryDirectory(prefix="lossledger-", ignore_cleanup_errors=True) as folder:
        whole, public = Path(folder, "whole.db"), Path(folder, "public.db")
        _copy(engine, whole)
        view, as_of = _hide(scratch_engine(whole), public, known_on)
        whole.unlink()
        with reading(open_engine(str(public))) as connection:
            last = head(connection)
            assert last is not None  # noqa: S101 - `_hide` has refused an empty one
            yield PublicCopy(connection, view, Head(last.number, last.hash), as_of, public)


def _copy(engine: Engine, to: Path) -> None:
    """Copy a whole ledger, as one state of it, to an SQLite file."""
    with reading(engine) as connection:
        require_current(connection, place(engine))
        if engine.dialect.name == "sqlite":
            try:
                copy_pages(connection, to)
            except sqlite3.Error as error:
                raise explained(str(error), place(engine)) from error
        else:
            _copy_rows(connection, to)


def _copy_rows(connection: Connection, to: Path) -> None:
    """Copy a ledger row by row from a server to an SQLite file."""
    from lossledger.db.migrate import upgrade  # here, since it takes longer than most copies

    with scratch_engine(to).begin() as copy:
        upgrade(copy)
        triggers.lift(copy)
        for table in metadata.sorted_tables:
            names = tuple(table.columns.keys())
            with connection.execute(select(table), execution_options={"yield_per": _AT_ONCE}) as result:
                for rows in result.partitions():
                    insert_rows(copy, table, names, [tuple(row) for row in rows])
        triggers.install(copy)


def _hide(scratch: Engine, public: Path, known_on: int | None) -> tuple[PublicView, str]:
    """Take from a copy what is hidden, and write what is left to another file: no page of that ever held more."""
    try:
        with scratch.begin() as connection:
            view, now = public_view(connection), utc_now()
            as_of = minus_days(now[:10], view.embargo) + now[10:]
            triggers.lift(connection)
            if view.embargo:
                last = entry_known_on(connection, as_of)
                if not last:
                    raise NothingFound(
                        f"nothing in this ledger is public yet: it began less than {many(view.embargo, 'day')} ago "
                        f"(setting {EMBARGO})"
                    )
                known_on = last if known_on is None else min(last, known_on)
            if known_on is not None:
                cut_after(connection, known_on)
            withhold(connection, view)
            triggers.install(connection)
        with unbound(scratch) as free:
            free.exec_driver_sql("VACUUM INTO ?", (str(public),))
    finally:
        scratch.dispose()
    return view, as_of
