"""Rows of a table from outside, CSV, TSV or JSON, as lists of texts in the order of its columns."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TextIO

from lossledger.core.names import near
from lossledger.core.package_layout import LIST_SIGN
from lossledger.core.text import checked_outside, quoted, shortened
from lossledger.errors import BadData, Refused, UnknownName
from lossledger.feeds.opening import Opened
from lossledger.feeds.records import Unread

_DELIMITERS = ",;\t|"
_STOP_AT = 1000
"""Rows that cannot be read after which a file is given up, if they are more than the others."""

_TEXT_OF_UNREAD = 200

_QUOTE_ERRORS = {
    "unexpected end of data": "a quote is opened here and never closed",
    "expected after": "a quote stands within a quoted cell; write it twice there",
    "field larger": "a cell is longer than 131,072 characters; a quote before it may never be closed",
}
"""What the csv module says of a broken quote, and what it means."""

Cells = Sequence[str]
Row = tuple[str, Cells]
"""Where a row stands in the file ("line 12"), and its cells."""


class Table(NamedTuple):
    """A table being read: its columns, stripped, and its rows in the file's order, each as long as its columns."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[Row | Unread]

    def at(self, column: str) -> int | None:
        """The index of a column, whatever its case; None where there is none."""
        folded = column.casefold()
        return next((at for at, own in enumerate(self.columns) if own.casefold() == folded), None)

    def need(self, column: str) -> int:
        """The index of a column. Errors: UnknownName with near misses; Refused where two have its name."""
        found = [at for at, own in enumerate(self.columns) if own == column]
        if not found:
            folded = column.casefold()
            found = [at for at, own in enumerate(self.columns) if own.casefold() == folded]
        if not found:
            hint = f"the columns are: {shortened(', '.join(filter(None, self.columns)), 300)}"
            raise UnknownName(f"column in {self.name} called", column, near(column, filter(None, self.columns)), hint)
        if len(found) > 1:
            raise Refused(f"{self.name}: {len(found)} columns are called {quoted(column)}; rename one")
        return found[0]


def read(opened: Opened) -> Table:
    """The table in a file: CSV with any of the delimiters "," ";" tab "|", or JSON: an object a line, or a list.

    A row that cannot be read comes as Unread: one with more or fewer cells than the header, a line that is no JSON
    object. A blank line is no row.

    Errors: BadData, while rows are read too: a broken quote, a file most of whose rows cannot be read.
    """
    if _is_json(opened.head):
        columns, rows = _json(opened)
    else:
        columns, rows = _csv(opened)
    return Table(opened.name, columns, _mostly_readable(rows, opened.name))


def first_columns(head: bytes) -> tuple[str, ...]:
    """The columns that a table with this beginning has, as far as it shows; none where it is no table."""
    if not _is_json(head):
        return _header(head)[1]
    line = _first_line(head)
    if line is not None:
        return _columns(_parts(line))
    # A document over many lines: what looks like a key in its beginning is one.
    return tuple(part for part in _text(head).split('"')[1::2] if part.isidentifier())


def _mostly_readable(rows: Iterable[Row | Unread], name: str) -> Iterator[Row | Unread]:
    """The rows; an error once it is plain that the file is not what it was taken for."""
    read = unread = 0
    last: Unread | None = None
    for row in rows:
        if isinstance(row, Unread):
            unread, last = unread + 1, row
            if unread >= _STOP_AT and unread > read:
                break
        else:
            read += 1
        yield row
    if last is not None and unread > read:
        raise BadData(f"{name}: {unread:,} of {read + unread:,} rows cannot be read; {last.place}: {last.reason}")


def _text(head: bytes) -> str:
    return head.decode("utf-8", "ignore")  # it may end within a sign


# CSV


def _csv(opened: Opened) -> tuple[tuple[str, ...], Iterator[Row | Unread]]:
    delimiter = delimiter_of(opened.head)
    rows = _csv_rows(opened.text(), opened.name, delimiter)
    first = next(rows, None)
    if first is None:
        raise BadData(f"{opened.name}: there is no header")
    columns = tuple(cell.strip() for cell in first[1])
    return columns, _of_width(rows, len(columns), delimiter)


def delimiter_of(head: bytes) -> str:
    """What stands between the cells of a CSV with this beginning: one of "," ";" tab "|"."""
    return _header(head)[0]


def _header(head: bytes) -> tuple[str, tuple[str, ...]]:
    """The delimiter that gives the first line most columns, and those columns."""
    lines = _text(head).splitlines(keepends=True)
    headers = {delimiter: _first_row(lines, delimiter) for delimiter in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda delimiter: len(headers[delimiter]))
    return best, headers[best]


def _first_row(lines: list[str], delimiter: str) -> tuple[str, ...]:
    try:
        row = next(filter(None, csv.reader(lines, delimiter=delimiter)), [])
    except csv.Error:
        return ()
    return tuple(cell.strip() for cell in row)


def _csv_rows(text: TextIO, name: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, with the line on which it begins."""
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    line = 0
    try:
        for cells in reader:
            begins, line = line + 1, reader.line_num
            if cells:
                yield begins, cells
    except csv.Error as error:
        said = next((meaning for words, meaning in _QUOTE_ERRORS.items() if words in str(error)), str(error))
        raise BadData(f"{name}:{line + 1}: {said}") from error


def _of_width(rows: Iterator[tuple[int, list[str]]], width: int, delimiter: str) -> Iterator[Row | Unread]:
    for line, cells in rows:
        if len(cells) == width:
            yield f"line {line}", cells
        else:
            yield Unread(
                f"line {line}",
                shortened(delimiter.join(cells), _TEXT_OF_UNREAD),
                f"{len(cells)} columns, where the header has {width}",
            )


# JSON

_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=lambda _: None)

_Object = tuple[str, Mapping[str, object]]


def _is_json(head: bytes) -> bool:
    return head.lstrip()[:1] in (b"{", b"[")


def _json(opened: Opened) -> tuple[tuple[str, ...], Iterator[Row | Unread]]:
    """Keys may come late in a file of objects, so all of it is looked through for them first."""
    if _first_line(opened.head) is not None:
        objects: Callable[[], Iterator[_Object | Unread]] = lambda: _lines(opened)  # noqa: E731 - it is read twice
    else:
        whole = list(_document(opened))
        objects = lambda: iter(whole)  # noqa: E731
    keys: dict[str, None] = {}
    for one in objects():
        if not isinstance(one, Unread) and not keys.keys() >= one[1].keys():
            keys.update(dict.fromkeys(one[1]))
    columns = tuple(keys)
    return columns, (_cells(one, columns) for one in objects())


def _first_line(head: bytes) -> object:
    """What the first line says where it is JSON by itself, as in a file with an object a line; else None."""
    line = head.lstrip().partition(b"\n")[0]
    try:
        return _loaded(line.decode())
    except ValueError:
        return None


def _loaded(text: str) -> object:
    """What a JSON text says, numbers as they are written. Errors: ValueError with the reason."""
    try:
        said: object = _DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return said


def _parts(said: object) -> list[object]:
    """The rows in what was read: those of a list, of a page with a list of losses in it, or the one object."""
    if isinstance(said, dict) and isinstance(said.get("losses"), list):
        return list(said["losses"])
    return said if isinstance(said, list) else [said]


def _columns(parts: list[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for part in parts if isinstance(part, dict) for key in part))


def _lines(opened: Opened) -> Iterator[_Object | Unread]:
    for number, line in enumerate(opened.text(), start=1):
        if not line.strip():
            continue
        try:
            parts = _parts(_loaded(line))
        except ValueError as error:
            yield Unread(f"line {number}", shortened(line.strip(), _TEXT_OF_UNREAD), f"no JSON: {error}")
            continue
        yield from _placed(parts, f"line {number}")


def _document(opened: Opened) -> Iterator[_Object | Unread]:
    try:
        said = _loaded(opened.whole().decode())
    except ValueError as error:
        raise BadData(f"{opened.name}: no JSON: {error}") from error
    yield from _placed(_parts(said), "")


def _placed(parts: list[object], line: str) -> Iterator[_Object | Unread]:
    for number, part in enumerate(parts, start=1):
        place = line if line and len(parts) == 1 else f"{line}, item {number}".removeprefix(", ")
        if isinstance(part, dict):
            yield place, part
        else:
            yield Unread(place, shortened(json.dumps(part), _TEXT_OF_UNREAD), "no JSON object")


def _cells(one: _Object | Unread, columns: tuple[str, ...]) -> Row | Unread:
    if isinstance(one, Unread):
        return one
    place, said = one
    cells = [value if isinstance(value, str) else _cell(value) for value in map(said.get, columns)]
    try:
        checked_outside("".join(cells), place)
    except Refused:
        return Unread(place, shortened(json.dumps(said), _TEXT_OF_UNREAD), _not_storable(columns, cells))
    return place, cells


def _not_storable(columns: tuple[str, ...], cells: Cells) -> str:
    """Why one of these cells can be kept nowhere."""
    try:
        for column, cell in zip(columns, cells, strict=True):
            checked_outside(cell, column)
    except Refused as error:
        return str(error)
    return "the row holds what cannot be kept"


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case list() if all(isinstance(part, str) for part in value):
            return LIST_SIGN.join(value)
        case _:
            return json.dumps(value, ensure_ascii=False)
