"""The files that hold the whole list: written when they are asked for, and told of with the entry that they are of."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lossledger.core.text import told_size
from lossledger.publish.folder import WHOLE, Folder
from lossledger.publish.frame import Frame


class Download(NamedTuple):
    """A file of the whole list: its name, what it holds, and what writes it to its place.

    That returns how many rows it has, None where it has none, and every file that it wrote.
    """

    name: str
    what: str
    write: Callable[[Path], tuple[int | None, Sequence[Path]]]


def write_downloads(folder: Folder, frame: Frame, downloads: Sequence[Download]) -> None:
    """Write the files of the whole list as they are as of the frame's entry."""
    place = folder.root / WHOLE
    place.mkdir(parents=True, exist_ok=True)
    for one in downloads:
        path = f"{WHOLE}{one.name}"
        rows, files = one.write(place / one.name)
        names = [f"{WHOLE}{file.name}" for file in files]
        for name in names:
            with (folder.root / name).open("rb") as written:
                digest = hashlib.file_digest(written, lambda: hashlib.blake2b(digest_size=8)).hexdigest()
            folder.took(name, digest, "changed" if name in folder.before.files else "new")
        folder.downloads[path] = {
            "what": one.what,
            "rows": rows,
            "files": names,
            "entry": frame.head.number,
            "day": frame.as_of,
        }


def keep_downloads(folder: Folder) -> None:
    """Leave the files of the whole list as they were written before; what somebody took away stays away."""
    for path, told in folder.before.downloads.items():
        names = [name for name in told["files"] if name in folder.before.files]
        if path in names and all((folder.root / name).exists() for name in names):
            folder.keep(names)
            folder.downloads[path] = told


def told_downloads(folder: Folder) -> Iterator[dict[str, Any]]:
    """What a page says of the files of the whole list."""
    for path, told in folder.downloads.items():
        rows = told["rows"]
        yield {
            "path": path,
            "what": told["what"],
            "rows": "" if rows is None else f"{int(rows):,}",
            "size": told_size((folder.root / path).stat().st_size),
            "entry": int(told["entry"]),
            "day": told["day"],
        }
