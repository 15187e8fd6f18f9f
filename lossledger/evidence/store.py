"""The store: a folder of files named by their SHA-256, each written once and never again.

A file is first staged: it is written, hashed and sent to the disk in a folder of the process's own. Only when the
journal has its digest is it moved to its place. So a process may end at any moment: what it staged is moved by the
next one where the journal knows the digest, and thrown away where it does not.
"""

import hashlib
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import BytesIO, FileIO
from pathlib import Path
from typing import NamedTuple, Protocol

from lossledger.errors import LedgerError, Unavailable
from lossledger.evidence.locks import acquire
from lossledger.evidence.places import (
    BLOCK,
    LOCK,
    STAGING,
    Damaged,
    Places,
    Word,
    is_digest,
    is_link,
    is_staging,
)

Known = Callable[[Collection[str]], Collection[str]]
"""Of some digests, those that the journal has."""


class TooLarge(LedgerError):
    """A file that goes on beyond the limit it was given."""


class Readable(Protocol):
    """What bytes can be read from, block by block."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


class Taken(NamedTuple):
    """A file that was taken in: its digest, its size in bytes, and where it lies now."""

    sha256: str
    size: int
    path: Path


class Store(Places):
    """A folder of files by their digests, and the one way in."""

    @contextmanager
    def taking(self, known: Known, *, trial: bool = False) -> Iterator["Taking"]:
        """A staging folder of this process's own.

        What lies in it at the end is thrown away, unless the journal knows it; after a ``trial`` all of it is. Before,
        what dead processes left is settled, see `settle`. ``known`` may have to wait for the journal: come and go
        outside any act.
        """
        self.settle(known)
        with ExitStack() as held:
            with _in_words(self.folder, _NOTHING_TAKEN), self._alone():
                folder = self._staging / secrets.token_hex(8)
                folder.mkdir()
                acquire(held.enter_context((folder / LOCK).open("wb")), wait=True)
            try:
                yield Taking(self, folder, self._move)
            finally:
                # Interrupted, it may be that the act was committed and its files were not moved yet. Where the journal
                # cannot be asked now, the next one to come asks it.
                with suppress(LedgerError, OSError):
                    self._clear([folder], _nothing if trial else known)

    def settle(self, known: Known) -> None:
        """Move what dead processes had staged to its place where the journal knows it, and throw the rest away.

        A process may have died after its act was committed and before it had moved its files. ``known`` is asked
        only where there is something to settle; it has to wait for acts that are under way.
        """
        with ExitStack() as held, _in_words(self.folder, _LEFT):
            if not any(is_staging(path.name) for path in _within(self._staging)):
                return
            with self._alone():
                dead = [folder for folder in sorted(self._staging.iterdir()) if _is_dead(folder, held)]
            self._clear(dead, known)

    def _clear(self, folders: Collection[Path], known: Known) -> None:
        """Move what is staged in some folders, whose locks are ours, or throw it away."""
        staged = [path for folder in folders for path in folder.iterdir() if is_digest(path.name)]
        wanted = known({path.name for path in staged}) if staged else ()
        self._move([path for path in staged if path.name in wanted])
        for folder in folders:
            self._throw_away(folder)

    def _move(self, staged: Collection[Path]) -> None:
        """Move staged files to their places, for good. What is in a place already stays there."""
        changed = {path.parent for path in staged}
        with self._alone():
            for path in staged:
                place = self.path(path.name)
                _refuse_link(place.parent)
                if not place.parent.is_dir():
                    place.parent.mkdir()
                    _sync_folder(self.folder)
                if not _is_there(place):
                    path.rename(place)
                changed.add(place.parent)
        for folder in sorted(changed, reverse=True):
            _sync_folder(folder)

    def _throw_away(self, folder: Path) -> None:
        with suppress(OSError), self._alone():
            if os.name == "nt":  # which does not remove what is read-only, nor what is open
                for path in folder.iterdir():
                    path.chmod(stat.S_IWRITE)
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let no other process begin, settle or move meanwhile."""
        _refuse_link(self._staging)
        self._staging.mkdir(parents=True, exist_ok=True)
        with (self._staging / LOCK).open("ab") as lock:
            acquire(lock, wait=True)
            yield

    @property
    def _staging(self) -> Path:
        return self.folder / STAGING


class Taking:
    """Files on their way into a store: staged one by one, kept together."""

    def __init__(self, places: Places, folder: Path, move: Callable[[Collection[Path]], None]) -> None:
        self._places = places
        self._folder = folder
        self._move = move

    def add(self, content: Readable | bytes, limit: int | None = None) -> Taken:
        """Stage what a file holds: write it, hash it, see to it that the disk has it.

        What the store has already is not staged again, but looked at. Errors: TooLarge beyond ``limit`` bytes;
        Damaged where what the store has is not what it should be; Unavailable where the store cannot be written to.
        """
        source = BytesIO(content) if isinstance(content, bytes) else content
        part = self._folder / f"part-{secrets.token_hex(8)}"
        try:
            sha256, size = _write(source, part, limit)
            fault = self._places.fault(sha256, size) or self._places.fault_within(sha256)
            place = self._places.path(sha256)
            if fault is None:
                return Taken(sha256, size, place)
            if fault.word is Word.UNREADABLE:
                raise Damaged(f"{place}: {fault}; see to it that it can be, and add the file again")
            if fault.word is not Word.MISSING:
                raise Damaged(f"{place}: {fault}; move what is there elsewhere, and add the file again")
            _refuse_read_only(self._places.folder, place.parent)
            staged = self._folder / sha256
            part.replace(staged)
            _sync_folder(self._folder)
            return Taken(sha256, size, staged)
        finally:
            part.unlink(missing_ok=True)

    def is_nowhere(self, sha256: str) -> bool:
        """Whether a file has neither come to its place nor been staged by another, who is about to move it there."""
        # In this order: between the two questions a file may be moved, and must not be looked past.
        others = [folder for folder in self._folder.parent.iterdir() if folder != self._folder]
        return not (any(_is_there(folder / sha256) for folder in others) or self._places.holds(sha256))

    def keep(self) -> None:
        """Move what is staged to its places. The journal must have committed all of it.

        Errors: Unavailable where they cannot be written to; what is staged waits, and is moved by the next one who can.
        """
        with _in_words(self._places.folder, _ENTERED):
            self._move([path for path in self._folder.iterdir() if is_digest(path.name)])


def _write(source: Readable, to: Path, limit: int | None) -> tuple[str, int]:
    """Write all of a source to a new file that nobody may write to afterwards; its digest and its size."""
    hasher, size = hashlib.sha256(), 0
    store = to.parent.parent.parent
    with _in_words(store, _NOTHING_TAKEN):
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o444)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        while block := source.read(BLOCK):
            size += len(block)
            if limit is not None and size > limit:
                raise TooLarge(f"more than {limit:,} bytes")
            hasher.update(block)
            with _in_words(store, _NOTHING_TAKEN):
                _write_whole(file, block)
        with _in_words(store, _NOTHING_TAKEN):
            os.fsync(file.fileno())
    return hasher.hexdigest(), size


def _write_whole(file: FileIO, block: bytes) -> None:
    left = memoryview(block)
    while left:
        left = left[file.write(left) :]


_NOTHING_TAKEN = "nothing was taken in"
_THEN = f"its {STAGING}; once it can be written to, run: lossledger evidence verify"
_LEFT = f"what commands that broke off have left waits in {_THEN}"
_ENTERED = f"what was entered stands, and its files wait in {_THEN}"


@contextmanager
def _in_words(store: Path, left: str) -> Iterator[None]:
    """Turn what the system says of writing into one line that says how things were ``left``."""
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{store}: the store cannot be written to: {error.strerror}; {left}") from error


def _refuse_read_only(store: Path, folder: Path) -> None:
    """Refuse what could be entered and not be moved to its place afterwards."""
    nearest = next((one for one in (folder, store) if one.is_dir()), None)
    if nearest is not None and not os.access(nearest, os.W_OK | os.X_OK):
        raise Unavailable(f"{nearest}: this folder of the store cannot be written to; {_NOTHING_TAKEN}")


def _within(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _nothing(_: Collection[str]) -> Collection[str]:
    return ()


def _is_dead(folder: Path, held: ExitStack) -> bool:
    """Whether the process of a staging folder has ended; if so, its lock is ours for as long as ``held`` lasts."""
    if not is_staging(folder.name) or is_link(folder):
        return False
    lock = held.enter_context((folder / LOCK).open("ab"))
    return acquire(lock, wait=False)


def _is_there(path: Path) -> bool:
    return os.path.lexists(path)


def _refuse_link(folder: Path) -> None:
    if is_link(folder):
        raise Damaged(f"{folder}: a symbolic link is in the place of a folder; remove it, and run this again")


def _sync_folder(folder: Path) -> None:
    """See to it that the disk has a folder's names, on systems that let a folder be opened."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems cannot
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
