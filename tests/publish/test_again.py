"""The law of publishing again: whatever was done since, a site that is written again is one that is written anew."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from lossledger.db.engine import open_engine
from lossledger.db.tables import loss
from lossledger.errors import LedgerError, NothingFound
from lossledger.ledger import catalogue, losses, published, releases
from lossledger.ledger.journal import Journal
from lossledger.ledger.public_copy import public_copy
from lossledger.ledger.public_window import public_window
from lossledger.publish import changed, items, listing, log
from lossledger.publish.build import Source, Wanted, publish, publish_changes
from lossledger.publish.folder import MANIFEST, standing
from lossledger.publish.settings import Settings
from lossledger.queries.items import Item
from lossledger.queries.items import items as read_items
from tests.ledger.books import RED, SOURCE, Book, furnish
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

    def agree(self, actor: str, ledger: Callable[[Journal], object], model: Callable[[], None]) -> None:
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
    @precondition(lambda self: self.model.now["loss"])
    @rule(actor=ACTORS, loss=INDEX, where=PLACED)
    def move_mark(self, actor: str, loss: int, where: dict[str, Any]) -> None:
        uid = self.one("loss", loss)
        self.alone(actor, lambda journal: losses.amend(journal, uid, where))

    @precondition(lambda self: self.model.now["loss"])
    @rule(actor=ACTORS, loss=INDEX, told=WORDS)
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
        """Write the site again, and the same into an empty folder."""
        with tempfile.TemporaryDirectory() as anew:
            try:
                from_a_copy(self.book, Path(anew, "site"))
            except NothingFound:
                return
            type(self).by_parts += published_again(self.book, self.site)
            assert differing(self.site, Path(anew, "site")) == set()


WAR = Wanted("war", Settings())


def from_a_copy(book: Book, root: Path) -> None:
    """Write the site of the war into a folder, whatever it takes."""
    with public_copy(book.engine) as public:
        source = Source(public.connection, public.view.words, public.view.embargo, public.file)
        publish(source, WAR, root, lambda _done, _what: None, list)


def published_again(book: Book, root: Path) -> bool:
    """Write what changed, through a window where that does; whether it did."""
    site, written = standing(root), None
    with public_window(book.engine) as public:
        assert public is not None
        if site:
            source = Source(public.connection, public.view.words)
            written = publish_changes(source, WAR, site, lambda _done, _what: None)
    if written is None:
        from_a_copy(book, root)
    return written is not None


def differing(again: Path, anew: Path) -> set[str]:
    """The files that two sites do not both have, byte for byte.

    But for what stays at addresses at which only the older one ever told something, and says so.
    """
    mine, theirs = contents(again), contents(anew)
    stay = {path for path in mine.keys() - theirs.keys() if any(sign in mine[path] for sign in MOVED)}
    return {path for path in (mine | theirs).keys() - stay if mine.get(path) != theirs.get(path)}


MOVED = (b"<h1>Elsewhere now</h1>", b"This chart is not drawn any more.")


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a site by their paths."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


@pytest.fixture
def furnished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a ledger, to be copied. Pages are small, and however much changed is written by parts."""
    monkeypatch.setattr(items, "_PER_PAGE", 2)
    monkeypatch.setattr(log, "_PER_PAGE", 2)
    monkeypatch.setattr(log, "_IN_FEED", 3)
    monkeypatch.setattr(changed, "_SHARE", 0)
    furnish(open_engine(str(tmp_path / "furnished.db")))
    return tmp_path / "furnished.db"


@pytest.fixture
def book(furnished: Path) -> Book:
    """A ledger with some losses of a war, each corrected once, and with another conflict."""
    book = Book(str(furnished))
    with book.act() as journal:
        catalogue.create(journal, "conflict", {"name": "Peace"}, "peace")
        catalogue.create(journal, "side", {"conflict": "peace", "name": "Far"}, FAR)
    for number in range(_LOSSES):
        uid = book.report(verification="confirmed", place=f"Ford {number}")
        book.amend(uid, place=f"the {number}th ford")
    return book


def test_what_is_written_again_is_what_is_written_anew(furnished: Path, tmp_path: Path) -> None:
    """With whatever was done between."""
    path = tmp_path / "ledger.db"
    clear = staticmethod(lambda: shutil.copyfile(furnished, path))
    machine = type("Machine", (PublishingMachine,), {"url": f"sqlite:///{path}", "clear": clear})
    run_state_machine_as_test(machine, settings=settings(max_examples=8, stateful_step_count=40))
    assert vars(machine)["by_parts"]


def uids(book: Book) -> list[str]:
    """The losses of a ledger as they were entered."""
    with book.read() as connection:
        return list(connection.scalars(select(loss.c.uid).order_by(loss.c.id)))


def test_a_loss_goes_to_another_conflict(book: Book, tmp_path: Path) -> None:
    """All that was ever corrected of it goes with it: later corrections move up in the log."""
    from_a_copy(book, tmp_path / "site")
    book.amend(uids(book)[1], side=FAR)
    published_again(book, tmp_path / "site")
    from_a_copy(book, tmp_path / "anew")
    assert differing(tmp_path / "site", tmp_path / "anew") == set()


def test_files_that_others_changed_are_not_believed(book: Book, tmp_path: Path) -> None:
    """What did not change of a heading is taken from its files only where they are as they were written."""
    site = tmp_path / "site"
    from_a_copy(book, site)
    files = [site / "downloads/tanks.csv", site / "data/items-tanks.js", site / "category/tanks.red.html"]
    for file in files:
        file.write_text(file.read_text(encoding="utf-8").replace("destroyed", "captured "), encoding="utf-8")
    book.amend(uids(book)[0], status="damaged")
    assert published_again(book, site)
    from_a_copy(book, tmp_path / "anew")
    assert differing(site, tmp_path / "anew") == set()


def test_little_is_read_of_what_did_not_change(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the items of a heading only the one that changed is asked for whole."""
    from_a_copy(book, tmp_path / "site")
    changed_one = uids(book)[4]
    book.amend(changed_one, place="the bridge")
    read: list[str] = []

    def noted(*arguments: Any, **more: Any) -> Iterator[Item]:
        for item in every(*arguments, **more):
            read.append(item.uid)
            yield item

    every = read_items
    monkeypatch.setattr(listing, "items", noted)
    assert published_again(book, tmp_path / "site")
    assert read == [changed_one]


def test_a_mark_moves(book: Book, tmp_path: Path) -> None:
    """Coordinates are not told as they were recorded; that they changed is seen all the same."""
    moved = uids(book)[2]
    book.amend(moved, latitude="40.123456", longitude="46.987654")
    from_a_copy(book, tmp_path / "site")
    book.amend(moved, latitude="41.123456")
    assert published_again(book, tmp_path / "site")
    from_a_copy(book, tmp_path / "anew")
    assert differing(tmp_path / "site", tmp_path / "anew") == set()
