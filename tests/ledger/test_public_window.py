"""The public window: what is seen through it is what a public copy holds, and nothing is seen past it."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import initialize, run_state_machine_as_test
from sqlalchemy import Connection, delete, exc, select, text

from lossledger.core.public_view import PublicView
from lossledger.db.engine import open_engine
from lossledger.db.tables import entry as entries
from lossledger.db.tables import loss, metadata
from lossledger.errors import NoLedger
from lossledger.ledger import public_copy as copying
from lossledger.ledger import public_window as looking
from lossledger.ledger.public_copy import public_copy
from lossledger.ledger.public_window import public_window
from tests.checks.story import tell
from tests.ledger.books import Book
from tests.ledger.test_machine import LedgerMachine
from tests.ledger.test_public_copy import set_values

VIEWS = st.builds(
    PublicView,
    coordinates=st.none() | st.integers(0, 6),
    actors=st.sampled_from(["handles", "none"]),
    notes=st.booleans(),
)


def rows(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    return {
        table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
        for table in metadata.sorted_tables
    }


@pytest.mark.parametrize("opened", [{}, {"coordinates": "exact", "actors": "handles", "notes": "in"}], ids=str)
def test_everything_at_once(tmp_path: Path, opened: dict[str, str]) -> None:
    """A ledger with something in every column of every table."""
    book = Book(str(tmp_path / "ledger.db"))
    tell(book.engine)
    set_values(book, **opened)
    with public_window(book.engine) as window, public_copy(book.engine) as public:
        assert window is not None
        assert window.view == public.view
        assert rows(window.connection) == rows(public.connection)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT note FROM main.loss",
        "SELECT uid FROM main.loss",
        "SELECT value FROM main.entry_detail",
        "SELECT url FROM main.post",
        "SELECT uid FROM (SELECT * FROM main.loss AS seen)",
        "SELECT id FROM losses",
        "DROP VIEW temp.loss",
        "CREATE TEMPORARY VIEW mine AS SELECT note FROM main.loss",
        "ATTACH ':memory:' AS other",
        "PRAGMA table_info(loss)",
        "UPDATE main.feed SET name = 'another'",
    ],
)
def test_nothing_is_seen_past_it(sqlite_book: Book, statement: str) -> None:
    """Not the tables that it shows less of, by whatever way they are asked for; and nothing is done but looking."""
    sqlite_book.report(note="secret")
    with public_window(sqlite_book.engine) as window:
        assert window is not None
        with pytest.raises(exc.DatabaseError, match=r"not authorized|prohibited"):
            window.connection.execute(text(statement)).all()
        assert window.connection.scalars(select(loss.c.note)).all() == [None]


def test_nothing_is_written_through_it(sqlite_book: Book) -> None:
    sqlite_book.report()
    with public_window(sqlite_book.engine) as window:
        assert window is not None
        for table in (entries, loss):
            with pytest.raises(exc.DatabaseError, match=r"not authorized|cannot modify"):
                window.connection.execute(delete(table))


def test_where_there_is_none(postgres_book: Book, sqlite_book: Book) -> None:
    """A server lets nobody who only reads have views of their own, and an embargo shows another time."""
    postgres_book.report()
    set_values(sqlite_book, embargo="1")
    for book in (postgres_book, sqlite_book):
        with public_window(book.engine) as window:
            assert window is None


def test_a_file_that_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(NoLedger), public_window(open_engine(str(tmp_path / "none.db"))):
        pass


class WindowMachine(LedgerMachine):
    """A ledger to which anything was done is looked at and copied."""

    @initialize(view=VIEWS)
    def choose(self, view: PublicView) -> None:
        self.view = view

    def the_present_agrees(self) -> None:
        """That ledger and model agree is another test."""

    def teardown(self) -> None:
        if not (hasattr(self, "view") and hasattr(self, "book")):
            return
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(copying, "public_view", lambda _: self.view)
            patch.setattr(looking, "public_view", lambda _: self.view)
            with public_window(self.book.engine) as window, public_copy(self.book.engine) as public:
                assert window is not None
                assert rows(window.connection) == rows(public.connection)
        self.book.engine.dispose()


def search(url: str, clear: Callable[[], object], examples: int) -> None:
    machine = type("Machine", (WindowMachine,), {"url": url, "clear": staticmethod(clear)})
    run_state_machine_as_test(machine, settings=settings(max_examples=examples, stateful_step_count=30))


def test_it_shows_what_a_copy_holds(furnished: Path) -> None:
    """Whatever was done, and whatever is hidden."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        search(f"sqlite:///{path}", lambda: shutil.copyfile(furnished, path), examples=8)
