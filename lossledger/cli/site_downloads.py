"""The files of the whole list that a site offers: those of ``export``, for its conflict."""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lossledger.cli.export_open import csv
from lossledger.cli.exporting import write_file
from lossledger.cli.files import appearing
from lossledger.cli.open_data import OpenData
from lossledger.cli.packaged import write_package_of
from lossledger.exports.datapackage import ZipSink
from lossledger.publish.downloads import Download

if TYPE_CHECKING:
    from lossledger.ledger.public_copy import PublicCopy

_FILES = (
    ("losses", "csv", "Every loss, whatever is believed of it, for spreadsheets"),
    ("losses", "jsonl", "The same as JSON lines, for programs"),
    ("losses", "geojson", "Those that have coordinates, for maps"),
    ("evidence", "csv", "What sources say of losses"),
    ("sources", "csv", "The sources that losses rest on"),
)

_PACKAGE = "data-package.zip"


def downloads_of(public: "PublicCopy", conflict: str) -> list[Download]:
    """The files of the whole list, none of them written yet."""
    data = OpenData(public, csv.make_context("csv", ["--conflict", conflict]).params)
    return [*_tables(data), Download(_PACKAGE, "All that is public, as one data package", lambda to: _zip(public, to))]


def _tables(data: OpenData) -> Iterator[Download]:
    for name, form, what in _FILES:

        def write(place: Path, name: str = name, form: str = form) -> tuple[int | None, Sequence[Path]]:
            written = write_file(form, data, name, place)
            return (None if form == "geojson" else written.rows), written.places

        yield Download(f"{name}.{form}", what, write)


def _zip(public: "PublicCopy", place: Path) -> tuple[None, Sequence[Path]]:
    with appearing(place) as file, zipfile.ZipFile(file, "w") as archive:
        write_package_of(public, ZipSink(archive), full=False)
    return None, (place,)
