"""Pages of losses, by as many processes as there are processors: each reads the same copy and writes its own part."""

import gc
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection

from lossledger.db.engine import open_engine
from lossledger.publish.folder import Folder, write
from lossledger.publish.frame import Frame, frame
from lossledger.publish.losses import loss_page
from lossledger.queries.cases import CHUNK, briefs

if TYPE_CHECKING:
    from lossledger.publish.build import Wanted

Done = tuple[str, str, str]
"""A file that was seen to: its path, its digest, and what was done."""

WORTH_IT = 4 * CHUNK
"""Of fewer losses all pages are written before another process has begun."""


Part = Sequence[tuple[int, str]]
"""Some losses, each by its row id and its uid."""


class Job(NamedTuple):
    """What every part of the work is told: the copy's file, the folder, and which site it is.

    Without a file there are too few losses for more processes.
    """

    file: Path | None
    root: Path
    wanted: "Wanted"
    view: tuple[str, ...]


@contextmanager
def started(job: Job, connection: Connection, own: Frame, found: Part, folder: Folder) -> Iterator[Iterator[Done]]:
    """The pages of some losses being written, each told of when it is done."""
    known = folder.before.files if folder.is_whole else {}
    parts = [found[start : start + CHUNK] for start in range(0, len(found), CHUNK)]
    workers = min(len(parts), os.cpu_count() or 1)
    if workers < 2 or len(found) < WORTH_IT:
        yield (done for part in parts for done in _written(connection, own, job.root, part, known))
        return
    from concurrent.futures import ProcessPoolExecutor  # here, since most runs do without
    from multiprocessing import get_context

    # Started anew rather than forked: nothing open here, no thread and no database, is half there.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_be_a_worker) as pool:
        try:
            running = [pool.submit(_written_elsewhere, job, part, _of(part, known)) for part in parts]
            yield (done for one in running for done in one.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _be_a_worker() -> None:
    """Leave it to the first process to say that the user broke off; and collect no garbage, as that one does not."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()


def _of(part: Part, known: Mapping[str, str]) -> dict[str, str]:
    return {path: known[path] for _, uid in part if (path := _path(uid)) in known}


def _written_elsewhere(job: Job, part: Part, known: Mapping[str, str]) -> list[Done]:
    return list(_written(*_opened(job), job.root, part, known))


@cache
def _opened(job: Job) -> tuple[Connection, Frame]:
    """The copy as this process reads it: for all parts, until the process ends."""
    connection = open_engine(str(job.file)).connect()
    return connection, frame(connection, job.wanted.conflict, job.wanted.settings, job.view, job.wanted.release)[0]


def _written(connection: Connection, own: Frame, root: Path, part: Part, known: Mapping[str, str]) -> Iterator[Done]:
    for brief in briefs(connection, own.scope.conflict, own.known, [row_id for row_id, _ in part]):
        path = _path(brief.loss["id"])
        yield path, *write(root, path, loss_page(own, brief), known.get(path))


def _path(uid: str) -> str:
    return f"loss/{uid}.html"
