"""Packages of random ledgers: another ledger takes all of one in, and says the same of everything public."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from lossledger.checks.audit import audit
from lossledger.cli.packaged import write_package
from lossledger.db.engine import open_engine, reading
from lossledger.exports.datapackage import FolderSink
from lossledger.ledger import packs, setup
from lossledger.ledger.journal import recording
from lossledger.queries.history import head
from tests.ledger.test_machine import LedgerMachine, cells, shown_losses, shown_terms

NOT_PUBLIC = ("note", "verified_by")
"""What the public view leaves out of a loss by default."""


@contextmanager
def package_of(engine: Engine, *, full: bool) -> Iterator[packs.Pack]:
    """The package of a ledger, as another one finds it."""
    with tempfile.TemporaryDirectory() as folder:
        write_package(engine, FolderSink(Path(folder)), full=full)
        with packs.opened(folder) as pack:
            yield pack


@contextmanager
def made_from(pack: packs.Pack) -> Iterator[Engine]:
    """A ledger that begins with a package."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/copy.db")
        setup.create_from(engine, "ann", pack)
        yield engine
        engine.dispose()


class PackagedMachine(LedgerMachine):
    """What random acts leave behind is packed, and taken in elsewhere."""

    def teardown(self) -> None:
        if not hasattr(self, "book"):
            return
        with package_of(self.book.engine, full=False) as pack, made_from(pack) as engine:
            self.takes_in_the_present(engine, pack)
        with package_of(self.book.engine, full=True) as pack, made_from(pack) as engine:
            self.takes_in_the_past(engine)

    def takes_in_the_present(self, engine: Engine, pack: packs.Pack) -> None:
        """Tallies, losses and names are the same; taking the package in again appends nothing."""
        with reading(engine) as copy, self.book.read() as own:
            assert audit(copy).findings == ()
            last = head(copy)
            assert last is not None
            assert cells(copy, last.number) == cells(own, self.book.head())
            assert shown_losses(copy) == {uid: public(loss) for uid, loss in shown_losses(own).items()}
            assert shown_terms(copy) == shown_terms(own)
        with recording(engine, actor="ben") as journal:
            assert packs.add(journal, pack) == {}
        with reading(engine) as copy:
            assert head(copy) == last

    def takes_in_the_past(self, engine: Engine) -> None:
        """The chain is the same, and so is every tally that ever was."""
        with reading(engine) as copy, self.book.read() as own:
            report = audit(copy)
            assert report.findings == ()
            assert head(copy) == head(own)
            for number, tallies in self.past:
                assert cells(copy, number) == tallies
            assert shown_terms(copy) == shown_terms(own)


def public(loss: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in loss.items() if name not in NOT_PUBLIC}


def test_a_package_gives_the_same_ledger(furnished: Path, tmp_path: Path) -> None:
    """Merged, split, withdrawn, undated losses, several feeds, terms that were merged: all of it comes back."""
    path = tmp_path / "ledger.db"
    clear = partial(shutil.copyfile, furnished, path)
    machine = type("Machine", (PackagedMachine,), {"url": f"sqlite:///{path}", "clear": staticmethod(clear)})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=5, stateful_step_count=30, phases=[Phase.generate])
    )
