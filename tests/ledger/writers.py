"""Processes that write: forked from one that has everything imported, so that starting one costs little."""

import multiprocessing
import os
import random
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection as Pipe
from typing import Any

from sqlalchemy import Engine, event

from lossledger.db.engine import open_engine
from lossledger.ledger import groups, losses
from lossledger.ledger.journal import Journal, recording
from tests.ledger.books import RED, evidence

forking = multiprocessing.get_context("forkserver")
forking.set_forkserver_preload(
    ["psycopg", "pytest", "sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql", __name__]
)


def start(work: Callable[..., None], *arguments: object) -> tuple[Any, Pipe]:
    """A process that does the work, and the end of the pipe from which it is heard."""
    hear, tell = forking.Pipe(duplex=False)
    process = forking.Process(target=work, args=(*arguments, tell), daemon=True)
    process.start()
    tell.close()
    return process, hear


def heard(pipe: Pipe) -> list[Any]:
    """Everything that a process said before it died, waiting for its end."""
    said = []
    while True:
        try:
            said.append(pipe.recv())
        except EOFError:
            return said


def report(journal: Journal, number: int) -> str:
    """One loss with a few fields."""
    given = {
        "side": RED,
        "type": "t-72",
        "reported": "2020-10-05",
        "status": "damaged",
        "note": f"number {number} " * 20,
    }
    return losses.report(journal, given | evidence())


def write_until_killed(url: str, seed: int, tell: Pipe) -> None:
    """Act in a loop, telling each act's loss and the journal's head once it is committed; die somewhere on the way.

    Where the seed says so, the process kills itself before or after a statement or a commit of its own;
    else it waits for the one who started it.
    """
    chance = random.Random(seed)
    engine = open_engine(url)
    _mine(engine, chance)
    tell.send(None)
    for number in range(10_000):
        with recording(engine, actor=f"writer {seed}") as journal:
            if number % 5 == 4:  # an act of many entries, which goes to the database in one flush or two
                uids = [report(journal, number) for _ in range(40)]
                groups.merge(journal, uids[1], uids[0])
                losses.withdraw(journal, uids[0])
                journal.flush()
            uid = report(journal, number)
        tell.send((uid, journal.number))


def _mine(engine: Engine, chance: random.Random) -> None:
    """Lay a mine that goes off at a random statement or commit, or none."""
    left = chance.randrange(1, 120)
    moment = chance.choice(["before_cursor_execute", "after_cursor_execute", "commit", "none"])

    def step(*_: object, **__: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if moment == "commit":
        left = left % 6 + 1
    if moment != "none":
        event.listen(engine, moment, step)


def write_some(url: str, name: str, acts: int, tell: Pipe) -> None:
    """Do so many acts, some of them of several entries; tell each act's losses once it is committed."""
    engine = open_engine(url)
    for number in range(acts):
        with recording(engine, actor=name) as journal:
            uids = [report(journal, number)]
            if number % 3 == 2:
                uids.append(report(journal, number))
                groups.merge(journal, uids[1], uids[0])
        tell.send(uids)
