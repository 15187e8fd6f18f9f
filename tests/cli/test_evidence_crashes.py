"""`evidence add` as real processes: killed at any moment, two at once, on a full disk, interrupted."""

import hashlib
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, event

from lossledger.checks.audit import audit
from lossledger.checks.store import verified
from lossledger.cli.main import cli
from lossledger.db.engine import open_engine, reading
from lossledger.evidence.store import Store
from lossledger.ledger.files import known_to
from lossledger.queries.files import sizes
from tests.cli.conftest import furnish
from tests.cli.test_trouble import entries, start
from tests.ledger.writers import forking, heard
from tests.ledger.writers import start as fork

_MOMENTS = ("open", "os.mkdir", "os.rename", "os.remove", "shutil.rmtree", "os.rmdir", "os.scandir")
"""What Python tells of a program's dealings with the file system."""


_LAST = 20
"""About how many of them there are from the commit on."""


def content(seed: int) -> bytes:
    """A file like no other."""
    return random.Random(seed).randbytes(300_000)


def digest(seed: int) -> str:
    return hashlib.sha256(content(seed)).hexdigest()


def add(location: str, store: str, file: str, seed: int, last: int, tell: Pipe) -> None:
    """Add a file, and tell of it and of how many moments there were; or die at the moment of a number.

    A negative number counts from the first commit that writes something.
    """
    Path(file).write_bytes(content(seed))
    moment = since = 0

    def come(*_: object) -> None:
        nonlocal moment, since
        moment += 1
        since += since > 0
        if last in (moment, -since) and last:
            os.kill(os.getpid(), signal.SIGKILL)

    def commit(*_: object) -> None:
        nonlocal since
        since = since or 1
        come()

    for name in ("before_cursor_execute", "after_cursor_execute"):
        event.listen(Engine, name, come)
    event.listen(Engine, "commit", commit)
    sys.addaudithook(lambda name, _: come() if name in _MOMENTS else None)
    args = ["--db", location, "--store", store, "--actor", "ann", "evidence", "add", "tank2", file, "--reason", "r"]
    done = CliRunner().invoke(cli, args)
    assert done.exit_code == 0, done.output
    tell.send((seed, moment))


def kill_adders(location: str, folder: Path, kills: int) -> None:
    """Kill one process after the other; what was acknowledged is held and stored, and nothing is half there."""
    engine = open_engine(location)
    store = Store(folder / "store")

    def run(seed: int, last: int) -> list[tuple[int, int]]:
        process, pipe = fork(add, location, str(store.folder), str(folder / f"{seed}.bin"), seed, last)
        told = heard(pipe)
        process.join()
        assert process.exitcode == (0 if told else -9)
        return told

    ((_, moments),) = run(0, 0)
    acknowledged, cut = {0}, 0
    chance = random.Random(1)
    for seed in range(1, kills + 1):
        # Every other one once its act is being committed, when the file may not have its place yet.
        told = run(seed, -chance.randint(1, _LAST) if seed % 2 else chance.randint(1, moments))
        acknowledged |= {seed for seed, _ in told}
        cut += not told
    assert cut > kills * 0.8
    store.settle(known_to(engine))
    with reading(engine) as connection:
        held = sizes(connection)
        assert audit(connection, store=store).findings == ()
        assert verified(connection, store, held, lambda _: None).places == ()
    assert {digest(seed) for seed in acknowledged} <= held.keys() == set(store.digests())
    assert [path.name for path in (store.folder / ".staging").iterdir()] == [".lock"]
    run(0, 0)  # and it can be added to


def test_fifty_killed_on_sqlite(ledger: Path, tmp_path: Path) -> None:
    kill_adders(str(ledger), tmp_path, kills=50)


def test_killed_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    """The server may go on committing for one that is dead; its file is there then."""
    furnish(open_engine(postgres_url))
    kill_adders(postgres_url, tmp_path, kills=12)


@pytest.mark.parametrize("same", [True, False])
def test_two_at_once_both_have_their_files(ledger: Path, tmp_path: Path, same: bool) -> None:
    files = [tmp_path / name for name in ("one.bin", "other.bin")]
    for number, file in enumerate(files):
        file.write_bytes(content(0 if same else number) * 20)
    reason = ("--reason", "r")
    both = [
        start(ledger, "evidence", "add", loss, str(file), *reason)
        for loss, file in zip(("tank2", "blue2"), files, strict=True)
    ]
    for process in both:
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    store = Store(ledger.with_suffix(".evidence"))
    assert len(list(store.digests())) == (1 if same else 2)
    with reading(open_engine(str(ledger))) as connection:
        assert audit(connection, store=store).findings == ()
        assert verified(connection, store, sizes(connection), lambda _: None).places == ()


def limited(size: int) -> Callable[[], None]:
    """Let a process write no file beyond a size, as if the disk were full."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_a_full_disk_leaves_ledger_and_store_as_they_were(ledger: Path, tmp_path: Path) -> None:
    (tmp_path / "large.bin").write_bytes(bytes(8_000_000))
    before = entries(ledger)
    add = ["evidence", "add", "tank2", str(tmp_path / "large.bin"), "--reason", "r"]
    full = start(ledger, *add, preexec_fn=limited(4_000_000))
    _, err = full.communicate(timeout=60)
    assert full.returncode == 5
    store = ledger.with_suffix(".evidence")
    assert err == f"lossledger: {store}: the store cannot be written to: File too large; nothing was taken in\n"
    assert entries(ledger) == before
    assert [path.name for path in store.rglob("*") if path.is_file()] == [".lock"]
    again = start(ledger, *add)
    again.communicate(timeout=60)
    assert again.returncode == 0


def test_an_interrupt_leaves_ledger_and_store_as_they_were(ledger: Path) -> None:
    before = entries(ledger)
    waiting = start(ledger, "evidence", "add", "tank2", "-", "--name", "x", "--reason", "r", stdin=-1)
    staging = ledger.with_suffix(".evidence") / ".staging"
    until = time.monotonic() + 30
    while not list(staging.glob("*/part-*")) and time.monotonic() < until:
        time.sleep(0.05)
    waiting.send_signal(signal.SIGINT)
    assert waiting.wait(timeout=60) == 130
    waiting.communicate()
    assert entries(ledger) == before
    assert [path.name for path in staging.iterdir()] == [".lock"]


forking.set_forkserver_preload(["psycopg", "pytest", "lossledger.cli.main", "tests.ledger.writers", __name__])
