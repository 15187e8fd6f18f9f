"""Files that a command is given: looked at before anything is done, and taken into the store."""

import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from lossledger.cli.app import App
from lossledger.cli.progress import progress
from lossledger.core.fields import MAX_LINE
from lossledger.core.text import checked, inert, shortened, told_size
from lossledger.core.vocabulary import Origin
from lossledger.errors import Refused

if TYPE_CHECKING:
    from lossledger.evidence.store import Taking
    from lossledger.ledger.files import HeldFile

STANDARD_INPUT = "-"


class GivenFile(NamedTuple):
    """A file as it was given: where it is, what it is called, how many bytes it has where that is known."""

    path: str
    name: str
    size: int | None


class Staged(NamedTuple):
    """A file in the store, or on its way there: as it will be held, and whether it is nowhere there yet."""

    file: "HeldFile"
    is_nowhere: Callable[[], bool]

    def __str__(self) -> str:
        """The file in words: "tank.jpg, image/jpeg, 1.2 MB, sha256 3fa94b12c0de"."""
        return described(self.file.name, self.file.media_type, self.file.size, self.file.sha256)


def described(name: str | None, media_type: str | None, size: int | None, sha256: str) -> str:
    """A file in words, with as much of its digest as tells it from any other here."""
    told = None if size is None else told_size(size)
    return ", ".join(part for part in (name, media_type, told, f"sha256 {sha256[:DIGITS]}") if part)


DIGITS = 12
"""How many signs of a digest are shown to people."""


def look_at(paths: Sequence[str], name: str | None) -> list[GivenFile]:
    """The files of some paths, ``-`` for standard input, which needs a ``name``.

    Errors: Refused for what is no file, is empty or cannot be read, or where one name is given for several.
    """
    if name is not None and len(paths) > 1:
        raise Refused("--name is the name of one file; give one")
    called = None if name is None else checked(name, "name", MAX_LINE, lines=False)
    return [_look_at(path, called) for path in dict.fromkeys(paths)]


def _look_at(path: str, name: str | None) -> GivenFile:
    if path == STANDARD_INPUT:
        if name is None:
            raise Refused("standard input has no name; give one with --name")
        return GivenFile(path, name, None)
    try:
        found = Path(path).stat()
        with Path(path).open("rb") if stat.S_ISREG(found.st_mode) else _nothing():
            pass
    except (OSError, ValueError) as error:
        raise Refused(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    if stat.S_ISDIR(found.st_mode):
        raise Refused(f"{path} is a folder; name the files in it")
    if not stat.S_ISREG(found.st_mode):
        raise Refused(f"{path} is no file but a device or a pipe; pipe what it says into: - --name NAME")
    if not found.st_size:
        raise Refused(f"{path} is empty; there is nothing to hold")
    return GivenFile(path, name or shortened(inert(Path(path).name), MAX_LINE), found.st_size)


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def taken_in(app: App, files: Sequence[GivenFile], *, graphic: bool, keep: bool) -> Iterator[list[Staged]]:
    """Files staged in the store, moved to their places where what is done with them ends well, unless not to be kept.

    Errors: Refused where a file turns out to be empty; Unavailable where the store cannot take it.
    """
    from lossledger.ledger.files import known_to

    store = app.store()
    with store.taking(known_to(app.engine()), trial=not keep) as taking:
        yield _staged(taking, files, graphic=graphic)
        if keep:
            taking.keep()


def _staged(taking: "Taking", files: Sequence[GivenFile], *, graphic: bool) -> list[Staged]:
    from lossledger.evidence.likeness import MEDIA_TYPES, likeness
    from lossledger.evidence.media import captured, media_type
    from lossledger.ledger.files import HeldFile

    whole = None if any(file.size is None for file in files) else sum(file.size or 0 for file in files)
    found: list[Staged] = []
    done = 0
    with progress(whole) as tell:
        for given in files:

            def told(read: int, name: str = given.name) -> None:
                nonlocal done
                done += read
                tell(done, shortened(name, 40))

            with _opened(given.path) as content:
                taken = taking.add(Heard(content, told))
            if not taken.size:
                raise Refused(f"{given.name} is empty; there is nothing to hold")
            kind = media_type(taken.path)
            file = HeldFile(
                sha256=taken.sha256,
                size=taken.size,
                origin=Origin.GIVEN,
                media_type=kind,
                name=given.name,
                captured=captured(taken.path),
                graphic=graphic,
                likeness=likeness(taken.path) if kind in MEDIA_TYPES and not graphic else None,
            )
            found.append(Staged(file, partial(taking.is_nowhere, taken.sha256)))
    return found


class Heard:
    """A file of which somebody hears how many bytes are read from it, again and again."""

    def __init__(self, file: BinaryIO, tell: Callable[[int], object]) -> None:
        self._file = file
        self._tell = tell

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        block = self._file.read(size)
        self._tell(len(block))
        return block


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    if path == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    with Path(path).open("rb") as file:
        yield file
