"""Laws of the public copy: whatever was done, and whatever the view hides, it counts as the ledger does, or did."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import initialize, run_state_machine_as_test
from sqlalchemy import text

from lossledger.checks.audit import audit
from lossledger.core.public_view import PublicView
from lossledger.core.vocabulary import Verification
from lossledger.db.engine import open_engine
from lossledger.ledger import public_copy as copying
from lossledger.queries.scope import Scope
from lossledger.queries.tallies import tally
from tests.ledger.books import furnish
from tests.ledger.test_machine import LedgerMachine, cells

VIEWS = st.builds(
    PublicView,
    coordinates=st.none() | st.integers(0, 6),
    embargo=st.just(1),
    actors=st.sampled_from(["handles", "none"]),
    notes=st.booleans(),
)
BY = ("side", "category", "type", "verification", "feed", "status")
HIDING = {"fold", "redactions"}
"""The checks of an audit that notice what was withheld, or redacted by an act that the embargo is on."""


class CopyMachine(LedgerMachine):
    """A ledger to which anything was done is copied, as it is and as it was after some of its acts."""

    @initialize(view=VIEWS)
    def choose(self, view: PublicView) -> None:
        self.view = view

    def the_present_agrees(self) -> None:
        """That ledger and model agree is another test."""

    def teardown(self) -> None:
        """Each copy's sums are the model's of that time, and the query's on the ledger as known then."""
        if not (hasattr(self, "view") and hasattr(self, "past")):
            return
        for number, expected in self.past[:: max(1, len(self.past) // 3)] + self.past[-1:]:
            self.copy_agrees(number, expected)
        self.book.engine.dispose()

    def copy_agrees(self, number: int, expected: dict[str | None, Counter[tuple[Any, ...]]]) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(copying, "public_view", lambda _: self.view)
            patch.setattr(copying, "entry_known_on", lambda *_: number)
            with copying.public_copy(self.book.engine) as public, self.book.read() as ledger:
                assert public.head.number == number
                assert cells(public.connection, number) == expected
                scope = Scope("war", verifications=tuple(Verification))
                known = Scope("war", verifications=tuple(Verification), known_on=number)
                assert tally(public.connection, scope, BY).cells == tally(ledger, known, BY).cells
                assert {one.check for one in audit(public.connection).findings} <= HIDING


def search(url: str, clear: Callable[[], object], examples: int) -> None:
    machine = type("Machine", (CopyMachine,), {"url": url, "clear": staticmethod(clear)})
    run_state_machine_as_test(machine, settings=settings(max_examples=examples, stateful_step_count=30))


def test_a_copy_counts_as_its_ledger_on_sqlite(furnished: Path) -> None:
    """Copied page by page."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        search(f"sqlite:///{path}", lambda: shutil.copyfile(furnished, path), examples=8)


def test_a_copy_counts_as_its_ledger_on_postgresql(postgres_url: str) -> None:
    """Copied row by row."""
    engine = open_engine(postgres_url)

    def clear() -> None:
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        furnish(engine)

    search(postgres_url, clear, examples=2)
