"""Archivers killed at any moment: what was acknowledged is held, nothing is held by half, and the next goes on."""

import hashlib
import random
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from warcio.checker import Checker

from lossledger.checks.audit import audit
from lossledger.checks.store import verified
from lossledger.core.vocabulary import Health, Relation
from lossledger.db.tables import evidence_file, source
from lossledger.evidence.store import Store
from lossledger.ledger import casefile, catalogue, losses
from lossledger.queries.files import sizes
from tests.evidence.archivers import heard, start
from tests.evidence.server import PNG, Play, Server, first, head, sends, serving, whole
from tests.ledger.books import RED, Book, furnish

LINKS = 120
HOSTS = ("127.0.0.1", "localhost")


@pytest.fixture(scope="module")
def busy_server() -> Iterator[Server]:
    """A picture of its own at each link; every seventh is cut off the first time, every ninth is in a page."""
    with serving() as server:
        for number in range(LINKS):
            server.plays[f"/{number}"] = _play(number)
            server.plays[f"/{number}.png"] = sends(whole(picture(number), "image/png"))
        yield server


def picture(number: int) -> bytes:
    chance = random.Random(number)
    return PNG + chance.randbytes(chance.randrange(100, 80_000))


def _play(number: int) -> Play:
    body = picture(number)
    if number % 9 == 0:
        return sends(whole(f'<html><meta property="og:image" content="/{number}.png">{number}'.encode()))
    fine = sends(whole(body, "image/png"))
    half = sends(head("200 OK", f"Content-Length: {len(body)}"), body[: len(body) // 2])
    return first(1, half, fine) if number % 7 == 0 else fine


def enter_links(book: Book, server: Server) -> None:
    """A loss for each link."""
    with book.act("clerk") as journal:
        for number in range(LINKS):
            link = f"http://{HOSTS[number % 2]}:{server.port}/{number}"
            cited = catalogue.create(journal, "source", {"url": link})
            given = {"side": RED, "type": "t-72", "status": "destroyed", "reported": "2020-10-05"}
            losses.report(journal, given | casefile.evidence_fields(cited, Relation.REPORTS))


def kill_archivers(book: Book, url: str, store: Store, server: Server, seeds: range) -> None:
    """Start and kill one archiver after the other, and look after each; then let one go through to the end."""
    hosts = [f"{host}:{server.port}" for host in HOSTS]
    acknowledged: dict[str, set[str]] = {}
    killed = 0
    for seed in seeds:
        process, pipe = start(url, store.folder, hosts, seed)
        if seed % 2:
            pipe.poll(None)  # until its first link is held, however slow the machine is, or it is dead
        process.join(random.Random(seed).uniform(0, 0.5))
        process.kill()
        for uid, _, health, _, digests in heard(pipe):
            assert health == Health.MEDIA
            acknowledged[uid] = set(digests.split("|"))
        process.join()
        killed += process.exitcode == -9
        look_through(book, store, acknowledged)
    assert killed > len(seeds) / 2, "too few archivers were at work when they were killed"
    assert acknowledged, "no archiver got through before it was killed: nothing was tried"

    process, pipe = start(url, store.folder, hosts, None)
    acknowledged |= {uid: set(digests.split("|")) for uid, *_, digests in heard(pipe)}
    process.join()
    assert process.exitcode == 0
    look_through(book, store, acknowledged)
    complete(book, store)


def look_through(book: Book, store: Store, acknowledged: dict[str, set[str]]) -> None:
    """What was acknowledged is in journal and store; whatever lies in the store is whole."""
    with book.read() as connection:
        rows = connection.execute(
            select(source.c.uid, evidence_file.c.sha256).join(source, source.c.id == evidence_file.c.source_id)
        )
        journalled: dict[str, set[str]] = {}
        for uid, digest in rows:
            journalled.setdefault(uid, set()).add(digest)
    lying = set(store.digests())
    for uid, digests in acknowledged.items():
        assert digests <= journalled[uid]
        assert digests <= lying
    for digest in lying:
        assert hashlib.sha256(store.path(digest).read_bytes()).hexdigest() == digest
    assert list(store.strays()) == []


def complete(book: Book, store: Store) -> None:
    """Every link is held, every file is what the server sent, and every record is one that other programs read."""
    with book.read() as connection:
        assert verified(connection, store, sizes(connection), lambda _: None).places == ()
        assert audit(connection).findings == ()
        found = connection.execute(
            select(
                source.c.url,
                source.c.health,
                evidence_file.c.media_type,
                evidence_file.c.sha256,
                evidence_file.c.record,
            ).join(evidence_file, evidence_file.c.source_id == source.c.id)
        ).all()
    pictures = {url.rpartition("/")[2]: sha256 for url, _, kind, sha256, _ in found if kind == "image/png"}
    assert pictures == {str(number): hashlib.sha256(picture(number)).hexdigest() for number in range(LINKS)}
    assert {health for _, health, *_ in found} == {Health.MEDIA}
    held = {digest for *_, sha256, record in found for digest in (sha256, record)}
    assert set(store.digests()) == held
    assert [
        path for path in store.folder.rglob("*") if path.is_file() and len(path.name) != 64 and path.name != ".lock"
    ] == []
    records = [str(store.path(record)) for *_, record in found]
    with redirect_stdout(StringIO()) as said:
        assert Checker(SimpleNamespace(inputs=records, verbose=False)).process_all() == 0, said.getvalue()


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory, busy_server: Server) -> Path:
    """A ledger with a loss for each link, to be copied."""
    path = tmp_path_factory.mktemp("linked") / "ledger.db"
    book = Book(f"sqlite:///{path}")
    furnish(book.engine)
    enter_links(book, busy_server)
    return path


@pytest.mark.parametrize("part", range(4))
def test_a_hundred_archivers_killed(linked: Path, busy_server: Server, tmp_path: Path, part: int) -> None:
    """In four parts, so that they can run side by side."""
    path = tmp_path / "ledger.db"
    shutil.copy(linked, path)
    url = f"sqlite:///{path}"
    kill_archivers(Book(url), url, Store(tmp_path / "ledger.evidence"), busy_server, range(part * 25, part * 25 + 25))


def test_archivers_killed_on_postgresql(postgres_url: str, busy_server: Server, tmp_path: Path) -> None:
    book = Book(postgres_url)
    furnish(book.engine)
    enter_links(book, busy_server)
    kill_archivers(book, postgres_url, Store(tmp_path / "files"), busy_server, range(100, 110))
