"""A data package: tables as CSV files, and a description of them that programs which never saw this one understand.

Tables are written as their rows come, into a folder or a zip file; the description, which says how long each is and
what its SHA-256 is, last.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any, Protocol

from lossledger.core.formulas import guarded
from lossledger.core.package_layout import DESCRIPTION
from lossledger.exports.rows import csv_cells

Schema = Mapping[str, Any]

_EARLIEST_IN_ZIP = (1980, 1, 1, 0, 0, 0)
"""Files in a zip have no times of their own, so that the same ledger gives the same bytes."""


_AT_ONCE = 1_000
"""How many rows are written together."""


class Sink(Protocol):
    """Where the files of a package go."""

    def file(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """A new file in the package, open for writing until the end of the block."""


class FolderSink:
    """A package as a folder, which is there already."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def file(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """A new file in the folder."""
        return (self._folder / name).open("xb")


class ZipSink:
    """A package as a zip file, its description beside its tables at the top."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        """A new member of the zip."""
        member = zipfile.ZipInfo(name, _EARLIEST_IN_ZIP)
        member.compress_type = zipfile.ZIP_DEFLATED
        member.external_attr = 0o644 << 16
        with self._archive.open(member, "w", force_zip64=True) as stream:
            yield stream


@dataclass
class DataPackage:
    """A data package being written: its tables one after the other, then its description."""

    sink: Sink
    resources: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    """How many rows each table has, by its name."""

    def write(
        self, name: str, title: str, schema: Schema, columns: Sequence[str], rows: Iterable[Sequence[str]]
    ) -> None:
        """Write a table. No cell is a formula; `core.formulas.unguarded` gives back what it was."""
        with self.sink.file(f"{name}.csv") as stream:
            seen = _Counted(stream)
            seen.write([columns])
            for some in _batches(rows):
                seen.write(some)
        self.rows[name] = seen.rows - 1
        self.resources.append(
            {
                "name": name.replace("_", "-"),
                "title": title,
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": seen.size,
                "hash": f"sha256:{seen.sha256}",
                "schema": schema,
            }
        )

    def describe(self, told: Mapping[str, Any]) -> None:
        """Write the description, which begins with what is told of the whole package."""
        described = {"profile": "tabular-data-package", **told, "resources": self.resources}
        with self.sink.file(DESCRIPTION) as stream:
            stream.write(json.dumps(described, ensure_ascii=False, indent=2).encode() + b"\n")


class _Counted:
    """Writes rows to a file, and keeps what the description says of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self.size = self.rows = 0

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def write(self, rows: Sequence[Sequence[str]]) -> None:
        """Write some rows."""
        data = "".join([csv_cells(map(guarded, row)) + "\n" for row in rows]).encode()
        self._stream.write(data)
        self._digest.update(data)
        self.size += len(data)
        self.rows += len(rows)


def _batches(rows: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    following = iter(rows)
    while some := list(islice(following, _AT_ONCE)):
        yield some
