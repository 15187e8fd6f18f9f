"""Where files lie in a store, a folder of files named by their SHA-256, and what is wrong there."""

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, NamedTuple

from lossledger.core.text import quoted
from lossledger.errors import Refused, Unavailable

BLOCK = 1 << 20
"""How many bytes are read at once."""

STAGING = ".staging"
"""The folder in a store in which files are that have no place yet."""

LOCK = ".lock"

_DIGEST = re.compile(r"[0-9a-f]{64}")
_STAGED = re.compile(r"[0-9a-f]{16}")


class Word(StrEnum):
    """What can be found out about a place in the store."""

    MISSING = "missing"
    CHANGED = "changed"
    REPLACED = "replaced"
    """Something that is no file is there."""
    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    """The journal has never had it."""
    UNREFERRED = "no longer referred to"
    """The journal had it once; what held it was undone."""
    WRITABLE = "writable"


class Fault(NamedTuple):
    """What is wrong at a place: in a word for programs, and in a line for people."""

    word: Word
    said: str

    def __str__(self) -> str:
        return self.said


OTHERWISE = Fault(Word.CHANGED, "it was changed: what it holds has another digest")


def unreadable(error: OSError) -> Fault:
    """What the system says of a place that cannot be looked at."""
    return Fault(Word.UNREADABLE, f"it cannot be read: {error.strerror}")


class Damaged(Unavailable):
    """What lies in the store in the place of a file is not that file any more."""


def checked_digest(text: str) -> str:
    """A SHA-256 in 64 hexadecimal digits, in lower case. Errors: Refused for anything else."""
    digest = text.strip().lower()
    if not is_digest(digest):
        raise Refused(f"{quoted(text)} is no SHA-256; that has 64 hexadecimal digits")
    return digest


class Places:
    """The places of files by their digests, in a folder that need not be there yet. Symbolic links are not followed."""

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

    def closed(self) -> Iterator[Path]:
        """The folders of the store that cannot be looked into: what lies there is not known."""
        if self.exists and not _is_open(self.folder):
            yield self.folder
        yield from (path for path in _listed(self.folder) if path.is_dir() and not _is_open(path))

    def fault(self, sha256: str, size: int | None) -> Fault | None:
        """What is wrong at a digest's place without a look into the file; None where nothing is.

        ``size`` is how many bytes the file should have, where that is known.
        """
        path = self.path(sha256)
        try:
            if is_link(path.parent):
                return Fault(Word.REPLACED, "a symbolic link is in the place of its folder")
            found = path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return Fault(Word.MISSING, "it is missing")
        except OSError as error:
            return unreadable(error)
        if not stat.S_ISREG(found.st_mode):
            return Fault(Word.REPLACED, f"{_KINDS.get(stat.S_IFMT(found.st_mode), 'a special file')} is in its place")
        if size is not None and found.st_size != size:
            return Fault(Word.CHANGED, f"it was changed: it has {found.st_size:,} bytes, not {size:,}")
        return None

    def fault_within(self, sha256: str) -> Fault | None:
        """What is wrong with what a file holds that `fault` finds nothing wrong with: all of it is read."""
        try:
            return None if self.hashed(sha256) == sha256 else OTHERWISE
        except OSError as error:
            return unreadable(error)

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

    def _mode(self, sha256: str) -> int | None:
        """The mode of the file in a digest's place; None where no file is there."""
        return None if self.fault(sha256, None) else self.path(sha256).lstat().st_mode

    def _lying(self) -> Iterator[Path]:
        """Everything that lies in the store, but for what is being taken in; links are not followed."""
        for path in _listed(self.folder):
            if path.name == STAGING and not is_link(path):
                yield from (one for one in _listed(path) if one.name != LOCK and not is_staging(one.name))
            elif len(path.name) == 2 and path.is_dir() and not is_link(path):
                yield from _listed(path)
            else:
                yield path

    def _is_place(self, path: Path) -> bool:
        return is_digest(path.name) and path == self.path(path.name)


def is_digest(name: str) -> bool:
    """Whether a file is called like one that has its digest."""
    return bool(_DIGEST.fullmatch(name))


def _listed(folder: Path) -> list[Path]:
    """What lies in a folder, in order; nothing where it cannot be looked into, see `Places.closed`."""
    return sorted(folder.iterdir()) if _is_open(folder) else []


def _is_open(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.X_OK)


def is_staging(name: str) -> bool:
    """Whether a folder is called like one in which a process stages."""
    return bool(_STAGED.fullmatch(name))


_KINDS = {stat.S_IFLNK: "a symbolic link", stat.S_IFDIR: "a folder"}
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)


def is_link(path: Path) -> bool:
    """Whether a symbolic link is at a path."""
    return path.is_symlink()
