"""The tables of a pack, row by row; what is wrong with one is told with its file and line."""

import csv
import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from lossledger.core.formulas import unguarded
from lossledger.core.package_layout import Layout, text_of_cell
from lossledger.core.text import checked_outside, quoted
from lossledger.errors import BadData, Refused

Record = dict[str, str]


class PackTables:
    """The tables in a folder, as `core.package_layout` has them; a pack brings those that it needs.

    With ``guarded``, its cells were kept from being taken for formulas, as in all that a ledger exports.
    """

    def __init__(self, folder: Path, *, guarded: bool) -> None:
        self._folder = folder
        self._guarded = guarded

    def path(self, name: str) -> Path:
        """Where a table's file is."""
        return self._folder / f"{name}.csv"

    def rows(self, table: Layout) -> Iterator[tuple[int, Record]]:
        """The rows of one table, each with its line and without its empty cells."""
        return self.plain_rows(table.name, table.columns, table.identity, table.keys)

    def plain_rows(
        self, name: str, columns: Collection[str], identity: tuple[str, ...] = (), needed: tuple[str, ...] = ()
    ) -> Iterator[tuple[int, Record]]:
        """The rows of a table of any columns, of which no two are alike in ``identity``, where that is asked for.

        Errors: BadData with file and line: a column that is not known or not there, a row of another width, a cell that
        is needed and empty, a second row for one thing.
        """
        path = self.path(name)
        if not path.is_file():
            return
        seen: set[tuple[str, ...]] = set()
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for line, row in self._records(stream, name, columns, {*identity, *needed}):
                if identity:
                    this = tuple(row[column] for column in identity)
                    if this in seen:
                        raise BadData(f"{path}:{line}: {quoted(' '.join(this))} stands there a second time")
                    seen.add(this)
                yield line, row

    def _records(
        self, stream: io.TextIOBase, name: str, columns: Collection[str], needed: Collection[str]
    ) -> Iterator[tuple[int, Record]]:
        reader = csv.reader(stream, strict=True)
        try:
            with self.at(name, 1):
                header = _header(next(reader, []), columns, needed)
            for cells in reader:
                if cells:
                    with self.at(name, reader.line_num):
                        row = self._record(header, cells, needed)
                    yield reader.line_num, row
        except (csv.Error, UnicodeDecodeError) as error:
            raise BadData(f"{self.path(name)}:{reader.line_num}: {error}") from error

    def _record(self, header: list[str], cells: list[str], needed: Collection[str]) -> Record:
        if len(cells) != len(header):
            raise Refused(f"the row has {len(cells)} cells, and there are {len(header)} columns")
        read = unguarded if self._guarded else str
        row = {column: read(checked_outside(cell, column)) for column, cell in zip(header, cells, strict=True) if cell}
        for column in needed:
            if column not in row:
                raise Refused(f"{column} is empty")
        return row

    @contextmanager
    def at(self, name: str, line: int) -> Iterator[None]:
        """Say in which file and line a row could not be taken."""
        try:
            yield
        except Refused as error:
            raise BadData(f"{self.path(name)}:{line}: {error}") from error


def fields_of(table: Layout, row: Record) -> Record:
    """The cells of a row as fields, without its keys. Errors: Refused for a word that its field does not know."""
    fields = {}
    for name, cell in row.items():
        if name in table.keys:
            continue
        field = table.fields[name]
        if field.words and cell not in field.words:
            raise Refused(f"{name} {quoted(cell)} is not one of {', '.join(field.words)}")
        fields[name] = text_of_cell(field, cell)
    return fields


def _header(header: list[str], columns: Collection[str], needed: Collection[str]) -> list[str]:
    for column in header:
        if column not in columns:
            raise Refused(f"there is no column {quoted(column)}; the columns are {', '.join(columns)}")
        if header.count(column) > 1:
            raise Refused(f"there are two columns {quoted(column)}")
    for column in needed:
        if column not in header:
            raise Refused(f"the column {column} is missing")
    return header
