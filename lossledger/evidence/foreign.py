"""A folder of files that somebody else has kept, and what they say of them."""

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from lossledger.errors import Refused

_BLOCK = 1 << 20
"""How many bytes are read at once."""


class Examined(NamedTuple):
    """A file in such a folder as it was read: its digest, and its size in bytes."""

    path: Path
    sha256: str
    size: int


class Misfit(Refused):
    """Files of the name that was looked for are there, and none has the digest that it should have."""


class Folder:
    """The files under a folder by their names alone, for where they lay is told of another machine.

    Symbolic links are not followed, so that nothing from outside the folder is taken for what is in it. What is empty
    is no file that anybody has kept.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise Refused(f"{path} is no folder")
        self._files: dict[str, list[Path]] = defaultdict(list)
        for file in _files_under(path):
            self._files[file.name].append(file)

    def find(self, names: Iterable[str], algorithm: str, digest: str) -> Examined | None:
        """The file of one of some names that has a digest, of ``hashlib``'s algorithm; None where no name is there.

        Errors: Misfit where there are files of these names, but with other digests; OSError where one cannot be read.
        """
        found = [path for name in dict.fromkeys(names) for path in self._files.get(name, ())]
        for path in found:
            examined, has = _examined(path, algorithm)
            if has == digest:
                return examined
        if found:
            raise Misfit(f"{found[0].name} is not the file that was archived: its digest is another")
        return None


def _files_under(path: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(path):
        for name in sorted(names):
            file = Path(folder, name)
            if not file.is_symlink() and file.is_file() and file.stat().st_size:
                yield file


def _examined(path: Path, algorithm: str) -> tuple[Examined, str]:
    """A file as it is, and its digest by another algorithm."""
    own, other, size = hashlib.sha256(), hashlib.new(algorithm), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            size += len(block)
            own.update(block)
            other.update(block)
    return Examined(path, own.hexdigest(), size), other.hexdigest()
