"""The cells of a workbook (xlsx) as texts, read so that no file can do harm: bounded, without formulas or entities."""

import warnings
import zipfile
from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, Any

from lossledger.core.formulas import unguarded
from lossledger.core.sheet import MAX_ROWS
from lossledger.core.text import checked_outside, inert, shortened
from lossledger.errors import BadData, LedgerError, Refused
from lossledger.feeds.opening import MAX_PAGE
from lossledger.feeds.records import Unread
from lossledger.feeds.tables import Row

MISSING = "workbooks need openpyxl: pip install 'lossledger[sheet]', or save it as CSV"

_LOSSES = "Losses"
"""The page that is read; the first where none is called so."""

_MAX_PARTS = 2_000
_MAX_LINES = 1_048_576
"""Lines of a page: as many as spreadsheets have. A file may claim any number of empty ones."""

_MAX_COLUMNS = 200
"""Columns of a page that are looked at."""

_PROLOGUE = 4_096
_TEXT_OF_ROW = 200
_FORMULA, _ERROR = "f", "e"


def cells_of(path: str) -> tuple[str, tuple[str, ...], list[Row | Unread]]:
    """A workbook's name, the titles in its first row, and its other rows but for empty ones.

    A row with a formula, or with an error of the spreadsheet's, comes as Unread.
    Errors: BadData for what is no workbook, is broken, or unpacks to too much; Refused without openpyxl.
    """
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise Refused(MISSING) from None
    name = Path(path).name
    try:
        with Path(path).open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of rules and styles that it does not know
            _survey(file, name)
            with closing(load_workbook(file, read_only=True, keep_links=False)) as book:
                titles, rows = _read(book)
    except LedgerError:
        raise
    except Exception as error:  # whatever a broken file makes openpyxl raise is the file's fault
        said = inert(str(error) or type(error).__name__)
        raise BadData(f"{name}: the workbook is broken or protected by a password: {said}") from error
    return name, titles, rows


def _survey(file: IO[bytes], name: str) -> None:
    """Refuse a file that is no workbook, that unpacks without end, or that brings XML entities along."""
    with zipfile.ZipFile(file) as packed:
        parts = packed.infolist()
        if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_PAGE:
            raise BadData(f"{name}: unpacked, this is more than {MAX_PAGE:,} bytes; bring it back in parts")
        if "[Content_Types].xml" not in packed.namelist():
            raise BadData(f"{name}: a zip archive, but no xlsx workbook; save it as .xlsx or as CSV")
        for part in parts:
            with packed.open(part) as unpacked:
                if b"<!DOCTYPE" in unpacked.read(_PROLOGUE):
                    raise BadData(f"{name}: {part.filename} defines a document type, which no workbook does")


def _read(book: Any) -> tuple[tuple[str, ...], list[Row | Unread]]:
    """The titles, and every row that is not empty."""
    page = book[_LOSSES] if _LOSSES in book.sheetnames else book.worksheets[0]
    heads = next(page.iter_rows(max_row=1, max_col=_MAX_COLUMNS), ())
    titles = [_text(cell.value) for cell in heads]
    while titles and not titles[-1].strip():
        titles.pop()
    rows: list[Row | Unread] = []
    lines = page.iter_rows(min_row=2, max_col=len(titles)) if titles else iter(())
    for number, cells in enumerate(islice(lines, _MAX_LINES), start=2):
        if any(cell.value is not None for cell in cells):
            rows.append(_row(f"row {number}", cells))
        if len(rows) > MAX_ROWS:
            break  # who reads them says that they are too many
    return tuple(titles), rows


def _row(place: str, cells: Iterable[Any]) -> Row | Unread:
    texts: list[str] = []
    for cell in cells:
        if cell.data_type == _FORMULA:
            return _unread(place, texts, f"{cell.coordinate} holds a formula; put its value there")
        if cell.data_type == _ERROR:
            return _unread(place, texts, f"{cell.coordinate} holds an error of the spreadsheet: {cell.value}")
        texts.append(_text(cell.value))
    try:
        checked_outside("".join(texts), place)
    except Refused as error:
        return _unread(place, texts, str(error))
    return place, texts


def _unread(place: str, texts: list[str], reason: str) -> Unread:
    return Unread(place, shortened(inert(", ".join(filter(None, texts))), _TEXT_OF_ROW), reason)


def _text(value: object) -> str:
    """What a cell says, as a person would type it: days in ISO's form, whole numbers without a point."""
    match value:
        case None:
            return ""
        case str():
            return unguarded(value)
        case bool():
            return "yes" if value else "no"
        case datetime() if value.time() == time.min:
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)
