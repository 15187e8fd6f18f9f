"""Sheets of losses that come back: CSV however a spreadsheet wrote it, or a workbook, as texts by their columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from lossledger.core.formulas import unguarded
from lossledger.core.sheet import COLUMNS, ID, MAX_ROWS, REVISION
from lossledger.core.text import inert, quoted, shortened
from lossledger.errors import BadData
from lossledger.feeds import tables
from lossledger.feeds.opening import opened
from lossledger.feeds.records import Unread

_TEXT_OF_ROW = 200
_ZIP = b"PK\x03\x04"
_NAMES = {column.name: column.name for column in COLUMNS} | {column.title: column.name for column in COLUMNS}


class SheetRow(NamedTuple):
    """A row that came back: where it stands, and its texts by the names of the columns that the file has."""

    place: str
    cells: Mapping[str, str]

    @property
    def text(self) -> str:
        """The row in one line, for messages."""
        return shortened(inert(", ".join(filter(None, self.cells.values()))), _TEXT_OF_ROW)


class Sheet(NamedTuple):
    """A sheet that came back."""

    name: str
    columns: tuple[str, ...]
    """The columns of the ledger's own that it has."""
    left_out: tuple[str, ...]
    """The titles of its other columns, which are not read."""
    rows: tuple[SheetRow | Unread, ...]


def read(path: str) -> Sheet:
    """All of a sheet: a file, or standard input ("-"). Empty rows are none.

    Errors: BadData for what is no sheet of losses or cannot be read; Refused for a workbook without openpyxl.
    """
    if path != "-" and _is_zip(path):
        from lossledger.feeds.workbook import cells_of

        name, titles, rows = cells_of(path)
        return _sheet(name, titles, rows)
    with opened(path) as file:
        table = tables.read(file)
        return _sheet(file.name, table.columns, _unguarded(table.rows))


def _is_zip(path: str) -> bool:
    try:
        with Path(path).open("rb") as file:
            return file.read(len(_ZIP)) == _ZIP
    except OSError:
        return False  # `opened` says what is wrong


def _unguarded(rows: Iterable[tables.Row | Unread]) -> Iterator[tables.Row | Unread]:
    for row in rows:
        yield row if isinstance(row, Unread) else (row[0], [unguarded(cell) for cell in row[1]])


def _sheet(name: str, titles: Sequence[str], rows: Iterable[tables.Row | Unread]) -> Sheet:
    """Errors: BadData for a file that lacks the columns by which rows are known, or has one twice."""
    places: dict[str, int] = {}
    left_out = []
    for at, title in enumerate(titles):
        column = _NAMES.get(title.strip().casefold())
        if column is None:
            left_out += [title.strip()] if title.strip() else []
        elif column in places:
            raise BadData(f"{name}: two columns are called {quoted(column)}; rename or remove one")
        else:
            places[column] = at
    for needed in (ID, REVISION):
        if needed not in places:
            raise BadData(f"{name}: no column {needed!r}; a sheet that comes back is one that `sheet out` wrote")
    kept: list[SheetRow | Unread] = []
    for row in rows:
        if isinstance(row, Unread):
            kept.append(row)
        elif any(cell.strip() for cell in row[1]):
            kept.append(SheetRow(row[0], {column: row[1][at] for column, at in places.items()}))
        if len(kept) > MAX_ROWS:
            raise BadData(f"{name}: more than {MAX_ROWS:,} rows; bring it back in parts")
    return Sheet(name, tuple(places), tuple(left_out), tuple(kept))
