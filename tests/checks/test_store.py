"""Every way to tamper with a store: tried, found, and named with whose file it is."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from lossledger.checks.audit import audit
from lossledger.checks.store import Verified, verified
from lossledger.core.vocabulary import Origin
from lossledger.db.tables import SUBJECTS
from lossledger.evidence.places import Word
from lossledger.evidence.store import Store
from lossledger.ledger.files import HeldFile, hold, known_to
from lossledger.queries.files import sizes
from tests.checks.tamper import opened
from tests.ledger.books import SOURCE, Book, furnish

TANK, HULL = b"a picture of a tank", b"a picture of a hull"
"""Two files of one size."""


class Kept(Book):
    """A book with a store: two files are held of its source, on which a loss rests."""

    tank, hull = (hashlib.sha256(content).hexdigest() for content in (TANK, HULL))

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(url)
        self.store = Store(folder)

    def fill(self) -> None:
        """Make the ledger and the store."""
        furnish(self.engine)
        self.take({"tank.jpg": TANK, "hull.jpg": HULL})
        self.report()

    @property
    def loss(self) -> str:
        """The id of the loss."""
        with self.read() as connection:
            return str(connection.scalar(select(SUBJECTS["loss"].c.uid)))

    def take(self, contents: dict[str, bytes]) -> list[str]:
        """Have files be held of the source; returns their digests."""
        with self.store.taking(known_to(self.engine)) as taking:
            taken = {name: taking.add(content) for name, content in contents.items()}
            files = [
                HeldFile(sha256=one.sha256, size=one.size, origin=Origin.GIVEN, name=name)
                for name, one in taken.items()
            ]
            with self.act() as journal:
                hold(journal, SOURCE, files)
            taking.keep()
        return [one.sha256 for one in taken.values()]

    def verified(self) -> Verified:
        """What reading the whole store finds."""
        with self.read() as connection:
            return verified(connection, self.store, sizes(connection), lambda _: None)

    def audited(self) -> list[str]:
        """What the audit finds, a line each."""
        with self.read() as connection:
            return [str(finding) for finding in audit(connection, store=self.store).findings]


@pytest.fixture
def kept(ledger_url: str, tmp_path: Path) -> Kept:
    kept = Kept(ledger_url, tmp_path / "store")
    kept.fill()
    return kept


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger and its store, to be copied."""
    folder = tmp_path_factory.mktemp("kept")
    Kept(f"sqlite:///{folder}/ledger.db", folder / "store").fill()
    return folder


@pytest.fixture
def kept_here(made: Path, tmp_path: Path) -> Kept:
    """On SQLite alone, for what is about the store."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return Kept(f"sqlite:///{tmp_path}/ledger.db", tmp_path / "store")


def test_nothing_is_found_where_nothing_was_done(kept: Kept) -> None:
    assert kept.verified() == Verified((), files=2, read=2)
    assert kept.audited() == []


def rewrite(path: Path, content: bytes) -> None:
    """Write something else into a file of the store, which stays read-only to the eye."""
    path.chmod(0o644)
    path.write_bytes(content)
    path.chmod(0o444)


def flip(kept: Kept) -> None:
    rewrite(kept.store.path(kept.tank), b"A" + TANK[1:])


def cut_off(kept: Kept) -> None:
    rewrite(kept.store.path(kept.tank), TANK[:-1])


def lengthen(kept: Kept) -> None:
    rewrite(kept.store.path(kept.tank), TANK + b"\n")


def empty(kept: Kept) -> None:
    rewrite(kept.store.path(kept.tank), b"")


def replace(kept: Kept) -> None:
    path = kept.store.path(kept.tank)
    path.unlink()
    path.write_bytes(b"?" * len(TANK))
    path.chmod(0o444)


def put_anothers(kept: Kept) -> None:
    rewrite(kept.store.path(kept.tank), HULL)


def delete(kept: Kept) -> None:
    kept.store.path(kept.tank).unlink()


def delete_its_folder(kept: Kept) -> None:
    shutil.rmtree(kept.store.path(kept.tank).parent)


def link(kept: Kept) -> None:
    path = kept.store.path(kept.tank)
    path.rename(kept.store.folder.parent / "elsewhere")
    path.symlink_to(kept.store.folder.parent / "elsewhere")


def link_its_folder(kept: Kept) -> None:
    folder = kept.store.path(kept.tank).parent
    folder.rename(kept.store.folder.parent / "elsewhere")
    folder.symlink_to(kept.store.folder.parent / "elsewhere")


def put_a_folder(kept: Kept) -> None:
    path = kept.store.path(kept.tank)
    path.unlink()
    path.mkdir()


def put_a_pipe(kept: Kept) -> None:
    path = kept.store.path(kept.tank)
    path.unlink()
    os.mkfifo(path)


def put_its_folder_away(kept: Kept) -> None:
    folder = kept.store.path(kept.tank).parent
    shutil.rmtree(folder)
    folder.write_bytes(b"")


FOUND_BY_ALL: list[tuple[Callable[[Kept], None], Word, str]] = [
    (cut_off, Word.CHANGED, "it was changed: it has 18 bytes, not 19"),
    (lengthen, Word.CHANGED, "it was changed: it has 20 bytes, not 19"),
    (empty, Word.CHANGED, "it was changed: it has 0 bytes, not 19"),
    (delete, Word.MISSING, "it is missing"),
    (delete_its_folder, Word.MISSING, "it is missing"),
    (put_its_folder_away, Word.MISSING, "it is missing"),
    (link, Word.REPLACED, "a symbolic link is in its place"),
    (link_its_folder, Word.REPLACED, "a symbolic link is in the place of its folder"),
    (put_a_folder, Word.REPLACED, "a folder is in its place"),
    (put_a_pipe, Word.REPLACED, "a special file is in its place"),
]
FOUND_BY_READING: list[tuple[Callable[[Kept], None], Word, str]] = [
    (flip, Word.CHANGED, "it was changed: its SHA-256 is now "),
    (replace, Word.CHANGED, "it was changed: its SHA-256 is now "),
    (put_anothers, Word.CHANGED, "it was changed: it holds what belongs to "),
]


@pytest.mark.parametrize(("tamper", "word", "said"), FOUND_BY_ALL + FOUND_BY_READING)
def test_what_is_done_to_a_file_is_named(
    kept_here: Kept, tamper: Callable[[Kept], None], word: Word, said: str
) -> None:
    tamper(kept_here)
    found = kept_here.verified()
    of_tank = [place for place in found.places if place.found.place == kept_here.tank]
    assert [place.found.fault.word for place in of_tank] == [word]
    assert of_tank[0].found.fault.said.startswith(said)
    assert [(file.source, file.name, file.losses) for file in of_tank[0].files] == [
        (SOURCE, "tank.jpg", (kept_here.loss,))
    ]


@pytest.mark.parametrize(("tamper", "_", "said"), FOUND_BY_ALL)
def test_an_audit_names_what_can_be_found_without_reading(
    kept_here: Kept, tamper: Callable[[Kept], None], _: Word, said: str
) -> None:
    tamper(kept_here)
    place = f"{kept_here.tank[:12]} (tank.jpg) of source {SOURCE}, loss {kept_here.loss}"
    assert f"store: {place}: {said}" in kept_here.audited()


def test_two_files_that_changed_places_are_both_named(kept: Kept) -> None:
    tank, hull = kept.store.path(kept.tank), kept.store.path(kept.hull)
    aside = kept.store.folder.parent / "aside"
    tank.rename(aside)
    hull.rename(tank)
    aside.rename(hull)
    assert {(place.found.place, place.found.fault.said) for place in kept.verified().places} == {
        (kept.tank, f"it was changed: it holds what belongs to {kept.hull}"),
        (kept.hull, f"it was changed: it holds what belongs to {kept.tank}"),
    }


@pytest.mark.parametrize("place", ["ab/" + "ab" * 32, "readme.txt", "ab/tank.jpg", ".staging/tank.jpg", "zz"])
def test_what_the_journal_does_not_know_is_named(kept_here: Kept, place: str) -> None:
    kept = kept_here
    path = kept.store.folder / place
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"?")
    found = kept.verified()
    assert [one.found.fault.word for one in found.places if not one.found.is_remark] == [Word.UNKNOWN]
    named = path.name if place.startswith("ab/ab") else place
    assert [one.found.place for one in found.places if not one.found.is_remark] == [named]
    assert len(kept.audited()) == 1
    assert kept.audited()[0].startswith(f"store: {named}: ")


def test_a_file_that_could_be_written_to_is_a_remark(kept_here: Kept) -> None:
    kept = kept_here
    kept.store.path(kept.tank).chmod(0o644)
    found = kept.verified()
    assert [(place.found.place, place.found.fault.word) for place in found.places] == [(kept.tank, Word.WRITABLE)]
    assert found.findings == 0
    assert kept.audited() == []


def test_a_file_that_is_held_no_more_is_a_remark(kept: Kept) -> None:
    (later,) = kept.take({"later.jpg": b"later"})
    kept.undo()
    found = kept.verified()
    assert [(place.found.place, place.found.fault.word) for place in found.places] == [(later, Word.UNREFERRED)]
    assert (found.findings, found.files) == (0, 2)
    assert kept.audited() == []


def test_a_digest_that_is_none_leads_nowhere(kept_here: Kept) -> None:
    """Whoever can write to the database cannot have the program look at other files by it."""
    with opened(kept_here.engine) as connection:
        connection.exec_driver_sql("UPDATE evidence_file SET sha256 = '../../../../etc/passwd' WHERE name = 'tank.jpg'")
        findings = audit(connection, store=kept_here.store).findings
    assert {finding.check for finding in findings} >= {"fold", "store"}
    assert "this is no SHA-256" in {finding.wrong for finding in findings}


@pytest.fixture(autouse=True)
def _cleared(tmp_path: Path) -> Iterator[None]:
    """What nobody may write to can be removed all the same, after the test."""
    yield
    for folder, _, _ in os.walk(tmp_path):
        Path(folder).chmod(0o755)
