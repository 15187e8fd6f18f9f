"""The store: a folder of files named by their SHA-256, each written once and never again.

A file is first staged: it is written, hashed and sent to the disk in a folder of the process's own. Only when the
journal has its digest is it moved to its place. So a process may end at any moment: what it staged is moved by the
next one where the journal knows the digest, and thrown away where it does not.
"""

import hashlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from lossledger.core.text import quoted
from lossledger.errors import LedgerError, Refused, Unavailable
from lossledger.evidence.locks import acquire

BLOCK = 1 << 20
"""How many bytes are read at once."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_INCOMING = "incoming"
_LOCK = ".lock"

Known = Callable[[Collection[str]], Collection[str]]
"""Of some digests, those that the journal has."""


class TooLarge(LedgerError):
    """A file that goes on beyond the limit it was given."""


class Damaged(Unavailable):
    """What lies in the store in the place of a file is not that file any more."""


class Taken(NamedTuple):
    """A file that was taken in: its digest, its size in bytes, and where it lies now."""

    sha256: str
    size: int
    path: Path


def checked_digest(text: str) -> str:
    """A SHA-256 in 64 hexadecimal digits, in lower case. Errors: Refused for anything else."""
    digest = text.strip().lower()
    if not _DIGEST.fullmatch(digest):
        raise Refused(f"{quoted(text)} is no SHA-256; that has 64 hexadecimal digits")
    return digest


class Store:
    """A folder of files by their digests. It need not be there before the first file is taken in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def exists(self) -> bool:
        """Whether there is a folder at the store's place."""
        return self.folder.is_dir()

    def path(self, sha256: str) -> Path:
        """Where a file of this digest has its place. Errors: Refused where it is no digest."""
        digest = checked_digest(sha256)
        return self.folder / digest[:2] / digest

    def holds(self, sha256: str) -> bool:
        """Whether a file lies in the place of a digest; what is in it is not looked at."""
        return self._mode(sha256) is not None

    def open(self, sha256: str) -> BinaryIO:
        """A file of the store, open for reading; a symbolic link is not followed.

        Errors: Damaged where there is none, or something that is no file.
        """
        fault = self.fault(sha256, None)
        if fault is not None:
            raise Damaged(f"{self.path(sha256)}: {fault}")
        return os.fdopen(os.open(self.path(sha256), os.O_RDONLY | _NO_LINKS | _BINARY), "rb")

    def digests(self) -> Iterator[str]:
        """The digests in whose places something lies, in their order."""
        for path in self._lying():
            if self._is_place(path):
                yield path.name

    def strays(self) -> Iterator[Path]:
        """What lies in the folder and is in no digest's place; what is being taken in is none."""
        for path in self._lying():
            if not self._is_place(path):
                yield path

    def fault(self, sha256: str, size: int | None) -> str | None:
        """What is wrong at a digest's place without a look into the file; None where nothing is.

        ``size`` is how many bytes the file should have, where that is known.
        """
        path = self.path(sha256)
        if _is_link(path.parent):
            return "its folder is a symbolic link"
        try:
            found = path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return "it is missing"
        if stat.S_ISLNK(found.st_mode):
            return "a symbolic link is in its place"
        if not stat.S_ISREG(found.st_mode):
            return f"a {'folder' if stat.S_ISDIR(found.st_mode) else 'special file'} is in its place"
        if size is not None and found.st_size != size:
            return f"it was changed: it has {found.st_size:,} bytes, not {size:,}"
        return None

    def writable(self, sha256: str) -> bool:
        """Whether somebody may write to a file that is there."""
        mode = self._mode(sha256)
        return mode is not None and bool(mode & 0o222)

    def hashed(self, sha256: str, tell: Callable[[int], object] = lambda _: None) -> str:
        """The digest of what a file holds now; ``tell`` hears how many bytes were read, again and again.

        Errors: Damaged as for `open`; OSError where the disk gives it no more.
        """
        hasher = hashlib.sha256()
        with self.open(sha256) as file:
            while block := file.read(BLOCK):
                hasher.update(block)
                tell(len(block))
        return hasher.hexdigest()

    @contextmanager
    def taking(self, known: Known) -> Iterator["Taking"]:
        """A staging folder of this process's own; what is not kept by the end is thrown away.

        Before, what dead processes left is settled, see `settle`. ``known`` may have to wait for the journal, so
        do not come here within an act.
        """
        self.settle(known)
        with self._alone(), ExitStack() as held:
            folder = self._incoming / secrets.token_hex(8)
            folder.mkdir()
            lock = held.enter_context((folder / _LOCK).open("wb"))
            acquire(lock, wait=True)
            held = held.pop_all()
        with held:
            try:
                yield Taking(self, folder)
            finally:
                self._throw_away(folder)

    def settle(self, known: Known) -> None:
        """Move what dead processes had staged to its place where the journal knows it, and throw the rest away.

        A process may have died after its act was committed and before it had moved its files. ``known`` is asked
        only where there is something to settle; it has to wait for acts that are under way.
        """
        if not self._incoming.is_dir():
            return
        with ExitStack() as held:
            with self._alone():
                dead = [folder for folder in sorted(self._incoming.iterdir()) if _is_dead(folder, held)]
            staged = [path for folder in dead for path in folder.iterdir() if _DIGEST.fullmatch(path.name)]
            wanted = known({path.name for path in staged}) if staged else ()
            self._move([path for path in staged if path.name in wanted])
            for folder in dead:
                self._throw_away(folder)

    def _move(self, staged: Collection[Path]) -> None:
        """Move staged files to their places, for good. What is in a place already stays there."""
        changed = {path.parent for path in staged}
        with self._alone():
            for path in staged:
                place = self.path(path.name)
                if not place.parent.is_dir():
                    place.parent.mkdir()
                    _sync_folder(self.folder)
                if not _is_there(place):
                    path.rename(place)
                changed.add(place.parent)
        for folder in sorted(changed, reverse=True):
            _sync_folder(folder)

    def _throw_away(self, folder: Path) -> None:
        with self._alone():
            if os.name == "nt":  # which does not remove what is read-only, nor what is open
                for path in folder.iterdir():
                    path.chmod(stat.S_IWRITE)
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let no other process begin, settle or move meanwhile."""
        self._incoming.mkdir(parents=True, exist_ok=True)
        with (self._incoming / _LOCK).open("ab") as lock:
            acquire(lock, wait=True)
            yield

    @property
    def _incoming(self) -> Path:
        return self.folder / _INCOMING

    def _mode(self, sha256: str) -> int | None:
        """The mode of the file in a digest's place; None where no file is there."""
        return None if self.fault(sha256, None) else self.path(sha256).lstat().st_mode

    def _lying(self) -> Iterator[Path]:
        """Everything that lies in the store, but for what is being taken in; links are not followed."""
        if not self.exists:
            return
        for path in sorted(self.folder.iterdir()):
            if path.name == _INCOMING and not _is_link(path):
                continue
            if len(path.name) == 2 and path.is_dir() and not _is_link(path):
                yield from sorted(path.iterdir())
            else:
                yield path

    def _is_place(self, path: Path) -> bool:
        return bool(_DIGEST.fullmatch(path.name)) and path == self.path(path.name)


class Taking:
    """Files on their way into a store: staged one by one, kept together."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder

    def add(self, content: BinaryIO | bytes, limit: int | None = None) -> Taken:
        """Stage what a file holds: write it, hash it, see to it that the disk has it.

        What the store has already is not staged again, but looked at. Errors: TooLarge beyond ``limit`` bytes;
        Damaged where what the store has is not what it should be; OSError where something cannot be read or written.
        """
        source = BytesIO(content) if isinstance(content, bytes) else content
        part = self._folder / f"part-{secrets.token_hex(8)}"
        try:
            sha256, size = _write(source, part, limit)
            if _is_there(self._store.path(sha256)):
                return self._held(sha256, size)
            staged = self._folder / sha256
            part.replace(staged)
            _sync_folder(self._folder)
            return Taken(sha256, size, staged)
        finally:
            part.unlink(missing_ok=True)

    def keep(self) -> None:
        """Move what is staged to its places. The journal must have committed all of it."""
        self._store._move([path for path in self._folder.iterdir() if _DIGEST.fullmatch(path.name)])  # noqa: SLF001 - its other half

    def _held(self, sha256: str, size: int) -> Taken:
        place = self._store.path(sha256)
        fault = self._store.fault(sha256, size)
        if fault is None and self._store.hashed(sha256) != sha256:
            fault = "it was changed: what it holds has another digest"
        if fault is not None:
            raise Damaged(f"{place}: {fault}; move what is there elsewhere, and add the file again")
        return Taken(sha256, size, place)


_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)


def _write(source: BinaryIO, to: Path, limit: int | None) -> tuple[str, int]:
    """Write all of a source to a new file that nobody may write to afterwards; its digest and its size."""
    hasher, size = hashlib.sha256(), 0
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINKS | _BINARY, 0o444)
    with os.fdopen(descriptor, "wb") as file:
        while block := source.read(BLOCK):
            size += len(block)
            if limit is not None and size > limit:
                raise TooLarge(f"more than {limit:,} bytes")
            hasher.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return hasher.hexdigest(), size


def _is_dead(folder: Path, held: ExitStack) -> bool:
    """Whether the process of a staging folder has ended; if so, its lock is ours for as long as ``held`` lasts."""
    if _is_link(folder) or not folder.is_dir():
        return False
    lock = held.enter_context((folder / _LOCK).open("ab"))
    return acquire(lock, wait=False)


def _is_link(path: Path) -> bool:
    return path.is_symlink()


def _is_there(path: Path) -> bool:
    return os.path.lexists(path)


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
