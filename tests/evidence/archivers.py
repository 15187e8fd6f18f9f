"""Archivers that are killed: forked from a process that has everything imported, so that starting one costs little."""

import os
import random
import signal
import sys
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from lossledger.cli import evidence_archive  # noqa: F401 - imported once, before forking
from lossledger.cli.main import cli
from lossledger.evidence import archiver, fetching  # noqa: F401
from lossledger.ledger import archiving  # noqa: F401
from tests.ledger import writers
from tests.ledger.writers import forking

PRELOADED = ["psycopg", "pytest", "sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql", writers.__name__]
forking.set_forkserver_preload([*PRELOADED, __name__])

MOMENTS = ("before_cursor_execute", "commit", "fsync", "rename", "replace", "write", "none")
"""Where a mine may lie: at a statement, a commit, what is done to the store's files, or nowhere."""


def start(location: str, store: Path, hosts: list[str], seed: int | None) -> tuple[Any, Pipe]:
    """An archiver over the whole ledger, and the pipe on which it acknowledges; with a seed it dies on the way."""
    hear, tell = forking.Pipe(duplex=False)
    process = forking.Process(target=_archive, args=(location, str(store), hosts, seed, tell), daemon=True)
    process.start()
    tell.close()
    return process, hear


def heard(pipe: Pipe) -> list[list[str]]:
    """The whole rows that an archiver wrote before its end, waiting for that: source, link, health, digests."""
    said = b""
    while part := os.read(pipe.fileno(), 65536):
        said += part
    lines = said.decode().split("\n")[:-1]  # what no line ends was not said
    return [line.split(",") for line in lines[1:]]


def _archive(location: str, store: str, hosts: list[str], seed: int | None, tell: Pipe) -> None:
    if seed is not None:
        _mine(random.Random(seed))
    sys.stdout = os.fdopen(os.dup(tell.fileno()), "w")
    sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115
    allowed = [f"--allow-host={host}" for host in hosts]
    ledger = ["--db", location, "--store", store, "--actor=archiver"]
    cli.main([*ledger, "evidence", "archive", "--delay=0", "--format=csv", *allowed])


def _mine(chance: random.Random) -> None:
    """Lay a mine that goes off at a random one of the moments."""
    moment = chance.choice(MOMENTS)
    left = chance.randrange(1, 120 if moment == "before_cursor_execute" else 12)

    def step(*_: object, **__: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if moment in ("before_cursor_execute", "commit"):
        event.listen(Engine, moment, step)
    elif moment != "none":
        real = getattr(os, moment)

        def mined(*given: Any, **more: Any) -> Any:
            if left % 2:  # before it, or after
                step()
                return real(*given, **more)
            done = real(*given, **more)
            step()
            return done

        setattr(os, moment, mined)
