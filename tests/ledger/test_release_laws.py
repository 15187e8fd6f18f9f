"""A release gives its figures for good, cell by cell, whatever is done afterwards; so says the program's own door."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import precondition, rule, run_state_machine_as_test
from sqlalchemy import Connection

from lossledger.cli.scope import scope_of
from lossledger.core.vocabulary import Verification
from lossledger.ledger import releases
from lossledger.queries.candidates import with_candidates
from lossledger.queries.caption import figures
from lossledger.queries.tallies import Tally, tally
from tests.ledger.books import BLUE
from tests.ledger.test_machine import LedgerMachine

DIMENSIONS = ("side", "category", "group", "type", "status", "verification", "feed", "month")

FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"side": BLUE},
    {"side": BLUE, "own": True},
    {"groups": ("armoured",)},
    {"types": ("t-72",)},
    {"as_of": "2020-10-05"},
    {"since": "2020-10-03", "statuses": ("destroyed", "captured")},
)
"""What a tally may be narrowed to. The names are those of the beginning: all that bore them still do, or did."""


def shown(connection: Connection, release: str | None, filters: Mapping[str, Any]) -> tuple[Any, ...]:
    """Every cell by slugs, and the figures in words, with the names of the time; now where no release is named."""
    nothing = {"conflict": None, "side": None, "own": False, "known_on": None, "release": release} | dict.fromkeys(
        ("categories", "groups", "types", "feeds"), ()
    )
    scope = scope_of(connection, nothing | dict(filters), (Verification.CONFIRMED,))
    found = counted(connection, scope)
    return found.cells, found.bounds(), figures(found)


def counted(connection: Connection, scope: Any) -> Tally:
    return with_candidates(connection, tally(connection, scope, DIMENSIONS))


class ReleasedMachine(LedgerMachine):
    """The rules of the ledger's own machine, and now and then a release."""

    def __init__(self) -> None:
        super().__init__()
        self.released: dict[str, list[tuple[Any, ...]]] = {}
        """What each release has to say, by its name, in the order of the filters."""

    @precondition(lambda self: len(self.past) > 8 and len(self.released) < 3)
    @rule(own=st.booleans(), believed=st.sampled_from([("confirmed",), ("confirmed", "claimed")]))
    def release(self, own: bool, believed: tuple[str, ...]) -> None:
        name = self.new("Release ")
        with self.book.read() as connection:
            now = [self.now(connection, filters, own, believed) for filters in FILTERS]
        with self.book.act("herald") as journal:
            releases.create(journal, name, conflict="war", own=own, verifications=believed)
        self.released[name] = now

    def now(
        self, connection: Connection, filters: Mapping[str, Any], own: bool, believed: tuple[str, ...]
    ) -> tuple[Any, ...]:
        """What the ledger says at the moment, counted as the release will."""
        return shown(connection, None, {"verifications": believed} | dict(filters) | ({"own": True} if own else {}))

    def teardown(self) -> None:
        """Each release says what the ledger said when it was made."""
        if hasattr(self, "book"):
            with self.book.read() as connection:
                for name, then in self.released.items():
                    assert [shown(connection, name, filters) for filters in FILTERS] == then
        super().teardown()


def search(url: str, clear: Callable[[], object], examples: int, steps: int) -> None:
    """Search for a sequence of acts after which a release says something else."""
    machine = type("Machine", (ReleasedMachine,), {"url": url, "clear": staticmethod(clear)})
    run_state_machine_as_test(machine, settings=settings(max_examples=examples, stateful_step_count=steps))


def test_a_release_says_for_good_what_it_said_first(furnished: Path) -> None:
    """After a hundred acts: amended, merged, renamed, moved, undone, redacted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        search(f"sqlite:///{path}", lambda: shutil.copyfile(furnished, path), examples=5, steps=110)
