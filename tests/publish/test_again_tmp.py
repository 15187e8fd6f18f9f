"""The law of publishing again: whatever was done since, a site that is written again is one that is written anew."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from lossledger.db.engine import open_engine
from lossledger.errors import LedgerError, NothingFound
from lossledger.ledger import catalogue, losses, published, releases
from lossledger.ledger.journal import Journal
from lossledger.ledger.public_copy import public_copy
from lossledger.ledger.public_window import public_window
from lossledger.publish import changed, items, log
from lossledger.publish.build import Source, Wanted, publish, publish_changes
from lossledger.publish.folder import MANIFEST, standing
from lossledger.publish.settings import Settings
from tests.ledger.books import RED, SOURCE, furnish
from tests.ledger.model import RefusedByModel
from tests.ledger.test_machine import ACTORS, INDEX, LedgerMachine

FAR = "peace/far"
"""A side of another conflict."""

_LOSSES = 9
"""How many there are to begin with: enough for several pages of a list."""

PLACED = st.fixed_dictionaries(
    {"latitude": st.sampled_from(["40.123456", "41.5", "-12"]), "longitude": st.sampled_from(["46.987654", "47"])}
)
WORDS = st.fixed_dictionaries(
    {
        "name": st.sampled_from([None, "<b>bold</b>", 'quoted "name", and more', "two\nlines", "[redacted]"]),
        "place": st.sampled_from([None, "=1+1", 'the "bridge"\nover it', "Füzuli"]),
        "unit": st.sampled_from([None, "1st"]),
    }
)
VIEWS = st.sampled_from(
    [("coordinates", "exact"), ("coordinates", "0"), ("notes", "in"), ("notes", "out"), ("actors", "handles")]
)


class PublishingMachine(LedgerMachine):
    """A ledger to which anything is done, and its site, which is written again now and then."""

    nothing = 0
    whole = 0
    by_parts = 0
    """How often only what changed was written."""

    def new(self, stem: str) -> str:
        """A name that may stand in addresses, of a loss as long as its id is."""
        self.made += 1
        return f"{stem.lower().strip(' -')}-{self.made:05}"

    @initialize()
    def begin(self) -> None:
        super().begin()
        with self.book.act("clerk") as journal:
            catalogue.create(journal, "conflict", {"name": "Peace"}, "peace")
            catalogue.create(journal, "side", {"conflict": "peace", "name": "Far"}, FAR)
        for number in range(_LOSSES):
            fields = {"side": number, "kind": number, "category": None, "typed": True, "quantity": 1, "note": None}
            words = {"status": "destroyed", "verification": "confirmed", "feed": "list", "counts": "item"}
            self.report("ann", **fields, **words, dates={"latest": f"2020-10-{number + 1:02}"})
        self.folder = tempfile.TemporaryDirectory(prefix="lossledger-test-")
        self.site = Path(self.folder.name, "site")

    def agree(
        self, actor: str, ledger: Callable[[Journal], object], model: Callable[[], None]
    ) -> None:
        """Act where that is allowed; that the model would allow the same is another test."""
        try:
            with self.book.act(actor) as journal:
                ledger(journal)
            model()
        except (LedgerError, RefusedByModel):
            pass

    def the_present_agrees(self) -> None:
        """Nor do they have to agree."""

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            try:
                self.publish()
            finally:
                self.folder.cleanup()
                self.book.engine.dispose()

    def alone(self, actor: str, ledger: Callable[[Journal], object]) -> None:
        """Do what the model knows nothing of."""
        self.agree(actor, ledger, lambda: None)

    @precondition(lambda self: self.model.now["loss"])
    @rule(actor=ACTORS, loss=INDEX, told=WORDS | PLACED)
    def say_more(self, actor: str, loss: int, told: dict[str, Any]) -> None:
        uid = self.one("loss", loss)
        self.alone(actor, lambda journal: losses.amend(journal, uid, told))

    @precondition(lambda self: self.model.now["loss"])
    @rule(actor=ACTORS, loss=INDEX, side=st.sampled_from([FAR, RED]))
    def change_conflict(self, actor: str, loss: int, side: str) -> None:
        uid = self.one("loss", loss)
        self.alone(actor, lambda journal: losses.amend(journal, uid, {"side": side}))

    @rule(actor=ACTORS, title=st.sampled_from(["One", "Two"]), url=st.sampled_from([None, "https://example.org/2"]))
    def change_source(self, actor: str, title: str, url: str | None) -> None:
        fields = {"title": title} | ({"url": url} if url else {})
        self.alone(actor, lambda journal: catalogue.change(journal, "source", SOURCE, fields))

    @rule(view=VIEWS)
    def change_view(self, view: tuple[str, str]) -> None:
        name, value = view
        self.alone("chief", lambda journal: published.set_value(journal, f"public.{name}", value))

    @rule(name=st.sampled_from(["Spring", "Summer"]))
    def release(self, name: str) -> None:
        self.alone("chief", lambda journal: releases.create(journal, name))

    @rule()
    def publish(self) -> None:
        """Write the site again, from a window where that does; the same is written into an empty folder."""
        with tempfile.TemporaryDirectory() as anew:
            fresh = Path(anew, "site")
            try:
                self.from_a_copy(fresh)
            except NothingFound:
                type(self).nothing += 1
                return
            site = standing(self.site)
            if not (site and self.through_a_window(site)):
                self.from_a_copy(self.site)
                type(self).whole += 1
            again, anew = contents(self.site), contents(fresh)
            assert {path for path in again | anew if again.get(path) != anew.get(path)} == set()

    def from_a_copy(self, root: Path) -> None:
        with public_copy(self.book.engine) as public:
            source = Source(public.connection, public.view.words, public.view.embargo, public.file)
            publish(source, Wanted("war", Settings()), root, lambda _done, _what: None, list)

    def through_a_window(self, site: Any) -> bool:
        with public_window(self.book.engine) as public:
            assert public is not None
            source = Source(public.connection, public.view.words)
            written = publish_changes(source, Wanted("war", Settings()), site, lambda _done, _what: None)
        type(self).by_parts += written is not None
        return written is not None


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a site by their paths."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def test_what_is_written_again_is_what_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With pages so small that losses go from one to the other, and however much of a ledger changed."""
    monkeypatch.setattr(items, "_PER_PAGE", 2)
    monkeypatch.setattr(log, "_PER_PAGE", 2)
    monkeypatch.setattr(log, "_IN_FEED", 3)
    monkeypatch.setattr(changed, "_SHARE", 0)
    furnished, path = tmp_path / "furnished.db", tmp_path / "ledger.db"
    furnish(open_engine(str(furnished)))
    clear = staticmethod(lambda: shutil.copyfile(furnished, path))
    machine = type("Machine", (PublishingMachine,), {"url": f"sqlite:///{path}", "clear": clear})
    run_state_machine_as_test(machine, settings=settings(max_examples=60, stateful_step_count=40, phases=[__import__('hypothesis').Phase.generate], database=None))
    print('STAT', machine.nothing, machine.whole, machine.by_parts)
    assert machine.by_parts
